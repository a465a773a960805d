"""reports/index.html: every dataset and model with tier, verdict, approvals and open findings, and waivers by expiry.

Nothing on it hangs on the day on which it is read: a waiver stands there with its date.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from governance.consequence import rank
from governance.render import environment
from governance.verdict import Decision, Verdict, Waiver

_SHOWN = 20
"""Open findings of one subject that are listed, those of the most consequence first; the rest is counted."""


@dataclass(frozen=True)
class Subject:
    """One dataset or model, as its reports have it."""

    name: str
    kind: Literal["dataset", "model"]
    title: str
    verdict: Verdict | None
    """None when there is none that can be read."""
    approvals: tuple[str, ...]
    """Who approved, in which role, when."""


def index_page(subjects: Sequence[Subject], waivers: Sequence[Waiver], workspace: Path) -> str:
    """The page as HTML. The same reports give the same bytes; templates of the workspace win over the package's."""
    index = {
        "overview": _overview(subjects),
        "subjects": [_row(one) for one in subjects],
        "waivers": [_waiver(one, subjects) for one in sorted(waivers, key=lambda w: (w.expires, w.fingerprint))],
    }
    return environment(workspace, "html").get_template("index.html.j2").render(index=index)


def approvals_in(content: Any, verdict: Verdict | None) -> tuple[str, ...]:
    """The entries of an approvals file in words; nothing where it has another shape.

    What was given to other data or to another verdict than `verdict` is said to have lapsed.
    """
    entries = content.get("approvals", []) if isinstance(content, Mapping) else content
    return tuple(
        ", ".join(str(entry[key]) for key in ("by", "role", "on") if entry.get(key)) + _lapsed(entry, verdict)
        for entry in (entries if isinstance(entries, list) else [])
        if isinstance(entry, Mapping)
    )


def _lapsed(entry: Mapping[str, Any], verdict: Verdict | None) -> str:
    if verdict is not None and entry.get("data") != verdict.snapshot_digest:
        return " (lapsed: of other data)"
    if verdict is not None and entry.get("verdict") != verdict.digest:
        return " (lapsed: the verdict changed since)"
    return ""


def _overview(subjects: Sequence[Subject]) -> str:
    passed = sum(1 for one in subjects if one.verdict and one.verdict.result == "passed")
    return f"{passed} of {len(subjects)} passed their policy."


def _row(one: Subject) -> dict[str, Any]:
    page = "datasheet.html" if one.kind == "dataset" else "model_card.html"
    row: dict[str, Any] = {
        "name": one.name,
        "kind": one.kind,
        "title": one.title or one.name,
        "link": f"{one.kind}s/{one.name}/{page}",
        "approvals": one.approvals,
    }
    if one.verdict is None:
        return row | {
            "tier": "–",
            "result": "no verdict",
            "counts": dict.fromkeys(("block", "warn", "waived"), 0),
            "open": [],
        }
    counts = {effect: len(one.verdict.with_effect(effect)) for effect in ("block", "warn", "waived")}
    open_ = [
        decision for effect in ("block", "warn")
        for decision in sorted(one.verdict.with_effect(effect), key=lambda decision: rank(decision.rule))
    ]  # fmt: skip
    listed = [_finding(decision) for decision in open_[:_SHOWN]]
    if len(open_) > _SHOWN:
        message = f"{len(open_) - _SHOWN} more; see the document"
        listed.append({"effect": "and", "rule": "…", "fingerprint": "", "message": message})
    return row | {"tier": one.verdict.tier, "result": one.verdict.result, "counts": counts, "open": listed}


def _finding(decision: Decision) -> dict[str, str]:
    return {
        "effect": {"block": "blocks", "warn": "warns"}[decision.effect],
        "rule": decision.rule,
        "fingerprint": decision.fingerprint,
        "message": decision.message,
    }


def _waiver(waiver: Waiver, subjects: Sequence[Subject]) -> dict[str, str]:
    on = [
        one.name for one in subjects
        if one.verdict and any(d.fingerprint == waiver.fingerprint for d in one.verdict.decisions)
    ]  # fmt: skip
    return {
        "until": waiver.expires.isoformat(),
        "fingerprint": waiver.fingerprint,
        "on": ", ".join(on) or "no finding of now",
        "owner": waiver.owner,
        "reason": waiver.reason,
    }
