"""What a workspace's evidence says about the controls of a framework: supported, in part, not, or out of reach."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from governance.audit import names
from governance.controls import Control, Crosswalk
from governance.dataset import Role
from governance.evidence import Outcome

if TYPE_CHECKING:
    from governance.config import Workspace
    from governance.judging import Judged, Judgement

_DOCUMENT_RULES = ("documents", "verdict", "index")
"""`evidence/stale_documents`, `evidence/stale_index` ...: the documents do not count, the evidence does."""


class State(StrEnum):
    """How far evidence supports a control. None of them says that it is met."""

    EVIDENCED = "evidenced"
    PARTLY = "partly evidenced"
    NOT = "not evidenced"
    OUTSIDE = "outside this tool"


@dataclass(frozen=True)
class Coverage:
    """One control, and what supports it here."""

    control: Control
    state: State
    links: tuple[str, ...]
    """Files that hold the evidence, relative to the workspace, sorted."""
    missing: tuple[str, ...]
    """Kinds of evidence that are not at hand for every subject, each with the reason where there is one."""
    open_findings: int
    """Findings on this control that neither passed nor are waived. Evidence may well say that something is wrong."""


@dataclass(frozen=True)
class _Kind:
    links: tuple[str, ...]
    complete: bool
    """At hand for every subject it can be made for."""
    reachable: bool
    """Something in this release or in the workspace can make it."""
    lacks: str


def coverage(crosswalk: Crosswalk, framework: str, judged: Judged, workspace: Workspace) -> tuple[Coverage, ...]:
    """Every visible control of `framework`, in the order of controls.yaml."""
    kinds = {name: _at_hand(crosswalk, name, judged, workspace) for name in crosswalk.evidence_kinds}
    open_by_control: dict[str, int] = {}
    for judgement in judged.judgements:
        for decision in judgement.verdict.decisions:
            if decision.effect in {"block", "warn", "note"} and decision.fingerprint and decision.audit:
                for control in crosswalk.controls_of(decision.rule, decision.audit):
                    open_by_control[control.id] = open_by_control.get(control.id, 0) + 1
    return tuple(
        _covered(control, {name: kinds[name] for name in control.evidence}, open_by_control.get(control.id, 0))
        for control in crosswalk.visible
        if control.framework == framework
    )


def _covered(control: Control, kinds: dict[str, _Kind], open_findings: int) -> Coverage:
    links = tuple(sorted({link for kind in kinds.values() for link in kind.links}))
    missing = tuple(
        name if not kind.links or not kind.lacks else f"{name} ({kind.lacks[0].lower()}{kind.lacks[1:]})"
        for name, kind in kinds.items()
        if not kind.complete or kind.lacks
    )
    if not any(kind.reachable for kind in kinds.values()):
        state = State.OUTSIDE
    elif not links or control.support == "contextual":
        state = State.NOT
    elif missing or control.support != "direct" or control.at_most == "partly":
        state = State.PARTLY
    else:
        state = State.EVIDENCED
    return Coverage(control, state, links, missing, open_findings)


def _at_hand(crosswalk: Crosswalk, name: str, judged: Judged, workspace: Workspace) -> _Kind:
    kind = crosswalk.evidence_kinds[name]
    links: set[str] = set()
    complete = reachable = False
    for maker in kind.makers:
        what, _, which = maker.partition(":")
        if not _exists(what, which, workspace):
            continue
        reachable = True
        per_subject = [list(_made(what, which, one, workspace)) for one in judged.judgements if _concerns(what, one)]
        links.update(link for made in per_subject for link in made)
        complete = complete or (bool(per_subject) and all(per_subject))
    return _Kind(tuple(sorted(links)), complete, reachable, kind.lacks)


def _exists(what: str, which: str, workspace: Workspace) -> bool:
    """Whether this release or this workspace has such a maker at all."""
    if what in {"audit", "evaluation"}:
        return which in names(f"{what}s", workspace.root)
    return what in {"snapshot", "gate", "answers", "declared", "document", "model_document", "file", "approval"}


def _concerns(what: str, one: Judgement) -> bool:
    if what in {"evaluation", "model_document"}:
        return one.kind == "model"
    return what in {"gate", "file"} or one.kind == "dataset"


def _made(what: str, which: str, one: Judgement, workspace: Workspace) -> Iterator[str]:
    """The file that holds this kind of evidence on one subject, if it is there and can be trusted."""
    report = workspace.report(one.name) if one.kind == "dataset" else workspace.model_report(one.name)
    refused = [
        d.rule for d in one.verdict.blocking if d.exit_code == 4 and d.rule.startswith("evidence/") and not d.audit
    ]
    of_documents = [rule for rule in refused if rule.endswith(_DOCUMENT_RULES)]
    if len(refused) > len(of_documents):
        return  # what is there was made from other data or by other code than is here now
    match what:
        case "audit" | "evaluation":
            item = one.collected.evidence.get(which)
            files = [report / "evidence" / f"{which}.json"]
            held = item is not None and not isinstance(item, str) and item.outcome is Outcome.ASSESSED
        case "snapshot":
            files, held = [report / "manifest.json"], one.collected.manifest is not None
        case "gate":
            files, held = [report / "verdict.json"], not of_documents
        case "document" | "model_document":
            files, held = [report / which], not of_documents
        case "answers":
            files = [workspace.answers(one.name)]
            held = files[0].is_file() and "answer:" in files[0].read_text(encoding="utf-8")
        case "approval":
            files, held = [workspace.root / "approvals" / f"{one.name}.yaml"], True
        case "declared":
            files, held = [report / "manifest.json"], _declared(which, one, workspace)
        case _:
            files, held = [workspace.root / which], True
    if held:
        yield from (file.relative_to(workspace.root).as_posix() for file in files if file.is_file())


def _declared(which: str, one: Judgement, workspace: Workspace) -> bool:
    about = workspace.dataset(one.name).about
    if which == "url":
        return bool(about.url and about.licence)
    columns = one.collected.manifest.columns if one.collected.manifest else ()
    return any(column.role in {Role.SENSITIVE, Role.SPECIAL_CATEGORY} for column in columns)
