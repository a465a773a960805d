"""`govern explain` and `govern controls`."""

from __future__ import annotations

import datetime
import json
import os
import sys
from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from governance.cli.standing import from_here
from governance.clock import today
from governance.config import Workspace

if TYPE_CHECKING:
    from governance.controls import Framework
    from governance.controls.coverage import Coverage
    from governance.judging import Judged

DISCLAIMER = (
    "A link means that evidence supports a control. It never says that a control is met, and it is no legal advice."
)


class FrameworkName(StrEnum):
    """Frameworks of the crosswalk."""

    EU_AI_ACT = "eu_ai_act"
    NIST_AI_RMF = "nist_ai_rmf"
    ISO_42001 = "iso_42001"


def register(app: typer.Typer) -> None:
    """Add this group's commands."""
    app.command("explain")(explain)
    app.command("controls")(controls)


def explain(
    fingerprint: Annotated[str, typer.Argument(help="Of a finding: 16 hex digits, as `govern gate` shows them.")],
    json_: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Say all that is known about one finding: what, why, how sure, where, what to do, which controls, how to waive."""
    from governance.explaining import as_json, as_text
    from governance.explaining import explain as explained

    workspace = Workspace.find()
    judged, day = _judged(workspace)
    item = explained(fingerprint.strip().lower(), judged, workspace, day)
    if json_:
        print(as_json(item), end="")
        return
    here = Path.cwd().resolve()
    text = as_text(item, lambda file: Path(os.path.relpath(workspace.boundary / file, here)).as_posix())
    print(from_here(text, workspace.root, files=False), end="")


def controls(
    framework: Annotated[FrameworkName | None, typer.Option(help="Only this one; all when not given.")] = None,
    dataset: Annotated[
        list[str] | None, typer.Option(help="Only the evidence on this dataset or model; may be repeated.")
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Print which controls the evidence here supports: evidenced, partly, not, or outside this tool.

    Exits 0 whatever the states are: supporting evidence is no verdict.
    """
    from governance.cli.gating import chosen
    from governance.controls import load_crosswalk
    from governance.controls.coverage import coverage
    from governance.stale_reports import OLDER_THAN_APPROVALS

    workspace = Workspace.find()
    judged, _ = _judged(workspace, chosen(workspace, dataset))
    crosswalk = load_crosswalk()
    rules = {decision.rule for judgement in judged.judgements for decision in judgement.verdict.blocking}
    if f"evidence/{OLDER_THAN_APPROVALS}" in rules:
        print("note: the documents are older than the approvals; run `govern repro`", file=sys.stderr)
    names = [str(framework)] if framework else list(crosswalk.frameworks)
    covered = {name: coverage(crosswalk, name, judged, workspace) for name in names}
    if json_:
        print(json.dumps({name: [_plain(one) for one in found] for name, found in covered.items()}, indent=1))
        return
    for name, found in covered.items():
        _print(crosswalk.frameworks[name], found)
    print(DISCLAIMER)


def _judged(workspace: Workspace, only: Iterable[str] = ()) -> tuple[Judged, datetime.date]:
    from governance.judging import judge_workspace

    day = today()
    return judge_workspace(workspace, day, only), day


def _plain(one: Coverage) -> dict[str, object]:
    return {
        "id": one.control.id,
        "ref": one.control.ref,
        "subject": one.control.subject,
        "status": one.control.status,
        "support": one.control.support,
        "state": str(one.state),
        "links": list(one.links),
        "missing": list(one.missing),
        "open_findings": one.open_findings,
    }


def _print(framework: Framework, found: tuple[Coverage, ...]) -> None:
    from governance.controls.coverage import State

    print(f"{framework.title}\n{framework.note}\n")
    for one in found:
        print(f"{one.state:<17} {one.control.shown}: {one.control.subject}")
        if one.state is State.OUTSIDE:
            continue
        background = "background only, which does not count: " if one.control.support == "contextual" else ""
        if one.links:
            print(f"{'':<18}{background}{', '.join(_grouped(one.links))}")
        if one.missing:
            print(f"{'':<18}not at hand for everything: {', '.join(one.missing)}")
        if one.control.at_most:
            print(f"{'':<18}how much is enough is for people to say, so never more than partly evidenced")
        if one.open_findings:
            print(f"{'':<18}{one.open_findings} open finding{'s' if one.open_findings > 1 else ''} on this control")
    if framework.outside:
        print(f"\n{'outside this tool':<17} about the organisation: {', '.join(framework.outside)}")
    counts = Counter(one.state for one in found)
    counts[State.OUTSIDE] += len(framework.outside)
    print("\n" + ", ".join(f"{counts[state]} {state}" for state in State) + "\n")


def _grouped(links: tuple[str, ...]) -> list[str]:
    """Links with what differs between subjects in braces: `reports/datasets/{digits,iris}/manifest.json`."""
    groups: dict[tuple[str, str], list[str]] = {}
    for link in links:
        parts = link.split("/")
        key = ("/".join(parts[:2]), "/".join(parts[3:])) if parts[0] == "reports" and len(parts) > 3 else (link, "")
        groups.setdefault(key, []).append(parts[2] if key[1] else "")
    return [
        head if not tail else f"{head}/{{{','.join(names)}}}/{tail}" if len(names) > 1 else f"{head}/{names[0]}/{tail}"
        for (head, tail), names in groups.items()
    ]
