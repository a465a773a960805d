"""The gate as one comment on a pull request: what blocks on the first screen, the rest folded, all of it counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from governance.evidence import Outcome
from governance.formats.entries import Entry, closing, entries
from governance.render import escape_markdown, markdown_code, number, shorten

if TYPE_CHECKING:
    from governance.config import Workspace
    from governance.judging import Judged, Judgement

MARKER = "<!-- govern-gate -->"
"""First line of the comment: by it a later run finds its own comment and replaces it."""
LIMIT = 65_536
"""Characters that GitHub takes in one comment; GitLab takes more."""
MESSAGE = 600
"""Characters of one message before it is shortened with an ellipsis."""
RESERVE = 2_000
"""Kept for headings, for the sentences that count what did not fit, and for the last line."""
_TABLE_SHARE = 0.3
"""Of the comment: the table of verdicts may not push out what blocks."""


class _Page:
    """Lines, and how many characters are left for more."""

    def __init__(self, limit: int) -> None:
        self.lines: list[str] = []
        self.left = limit

    def add(self, *lines: str) -> None:
        """Lines that always stand there; RESERVE pays for them."""
        self.lines.extend(lines)
        self.left -= sum(len(line) + 1 for line in lines)

    def fill(self, items: Iterable[str], floor: float = RESERVE) -> int:
        """As many of `items` as leave `floor` characters free; returns how many did not fit."""
        waiting = list(items)
        while waiting and len(waiting[0]) + 1 + floor <= self.left:
            self.add(waiting.pop(0))
        return len(waiting)


def as_markdown(judged: Judged, workspace: Workspace, limit: int = LIMIT) -> str:
    """The comment, at most `limit` characters. Text from datasets shows as text and does nothing."""
    page = _Page(limit - 1)
    found = entries(judged, workspace)
    page.add(MARKER, f"## Data governance: {_headline(judged)}", "")
    _table(page, judged)
    _what_blocks(page, [e for e in found if e.decision.effect == "block"])
    _folded(page, "warnings", [e for e in found if e.decision.effect == "warn"])
    _folded(page, "waived", [e for e in found if e.decision.effect == "waived"])
    _folded(page, "in the baseline", [e for e in found if e.decision.effect == "baselined"])
    _folded(page, "notes", [e for e in found if e.decision.effect == "note"])
    _folded(page, "requirements met", [e for e in found if e.decision.effect == "pass"])
    _notes(page, judged.notes)
    page.add(
        "<sub>A machine's verdict from the evidence in git; an approval is a person's. "
        "`govern explain FINGERPRINT` says more about a finding.</sub>"
    )
    return "\n".join(page.lines) + "\n"


def _headline(judged: Judged) -> str:
    return ("✅ " if judged.exit_code == 0 else "❌ ") + str(escape_markdown(closing(judged)))


def _table(page: _Page, judged: Judged) -> None:
    if not judged.judgements:
        return
    page.add("| name | kind | tier | verdict | blocks | warns | waived | audits | rows |", f"|{'---|' * 9}")
    worst = sorted(judged.judgements, key=lambda one: -one.exit_code)
    missing = page.fill(map(_row, worst), floor=(1 - _TABLE_SHARE) * page.left)
    page.add("", *([f"{missing} more are not in this table; `govern status` lists them.", ""] if missing else []))


def _row(one: Judgement) -> str:
    verdict, manifest = one.verdict, one.collected.manifest
    assessed = sum(
        1 for item in one.collected.evidence.values() if not isinstance(item, str) and item.outcome is Outcome.ASSESSED
    )
    mark = "✅ passed" if verdict.result == "passed" else f"❌ blocked ({one.exit_code})"
    counts = [str(len(verdict.with_effect(effect))) for effect in ("block", "warn", "waived")]
    audits = f"{assessed} of {len(one.collected.evidence)}"
    rows = number(manifest.rows) if manifest else "–"
    cells = [str(markdown_code(one.name)), one.kind, verdict.tier, mark, *counts, audits, rows]
    return "| " + " | ".join(cells) + " |"


def _what_blocks(page: _Page, found: Sequence[Entry]) -> None:
    if not found:
        return
    page.add("### What blocks", "")
    _listed(page, found)
    page.add("")


def _folded(page: _Page, title: str, found: Sequence[Entry]) -> None:
    if not found:
        return
    page.add(f"<details><summary>{len(found)} {title}</summary>", "")
    _listed(page, found)
    page.add("", "</details>", "")


def _listed(page: _Page, found: Sequence[Entry]) -> None:
    missing = page.fill(map(_item, found))
    if missing:
        page.add(f"- … and {missing} more that did not fit; `govern gate` lists all of them.")


def _item(entry: Entry) -> str:
    decision, finding = entry.decision, entry.finding
    parts = [f"- **{escape_markdown(entry.subject)}** {markdown_code(decision.rule)}"]
    if decision.fingerprint:
        parts.append(f" {markdown_code(decision.fingerprint)}")
    parts.append(f": {_words(decision.message)}")
    if decision.effect == "baselined":
        parts.append(f"<br>Let through: {_words(decision.waiver)}")
    elif decision.waiver:
        parts.append(f"<br>Waiver: {_words(decision.waiver)}")
    if decision.effect in {"block", "warn"}:
        if finding is not None:
            parts.append(f"<br>To do: {_words(finding.remedy)}")
        parts.append(f"<br>At {markdown_code(f'{entry.place.file}:{entry.place.line}')}")
    return "".join(parts)


def _words(text: str) -> str:
    return str(escape_markdown(shorten(text, MESSAGE)))


def _notes(page: _Page, notes: Sequence[str]) -> None:
    missing = page.fill(f"- {_words(note)}" for note in notes)
    if missing:
        page.add(f"- … and {missing} more notes on waivers.")
    if notes:
        page.add("")
