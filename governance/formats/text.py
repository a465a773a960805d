"""The gate for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.formats.entries import closing, printable

if TYPE_CHECKING:
    from governance.judging import Judged
    from governance.policy import Decision


def as_text(judged: Judged, *, code: bool = True) -> str:
    """Every decision that is not a plain pass, worst first, and one closing line, with the exit code unless told not."""
    lines = []
    for one in judged.judgements:
        lines.append(f"{one.name} ({one.kind}, tier {one.verdict.tier}): {one.verdict.result.upper()}")
        lines.extend(_line(decision) for decision in one.verdict.decisions if decision.effect not in {"pass", "note"})
        passes = len(one.verdict.with_effect("pass"))
        notes = len(one.verdict.with_effect("note"))
        lines.append(f"  {passes} requirements met, {notes} notes")
    lines.extend(f"note: {printable(note)}" for note in judged.notes)
    lines.append(closing(judged, code=code))
    return "\n".join(lines) + "\n"


def _line(decision: Decision) -> str:
    mark = f" [{decision.fingerprint}]" if decision.fingerprint else ""
    waiver = f"\n      waived: {printable(decision.waiver)}" if decision.effect == "waived" else ""
    return f"  {decision.effect:<6} {decision.rule}{mark}: {printable(decision.message)}{waiver}"
