"""The gate for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.causes import follow, told
from governance.formats.entries import closing, printable

if TYPE_CHECKING:
    from governance.judging import Judged
    from governance.verdict import Decision, Verdict


_COUNTED = frozenset({"pass", "note", "baselined"})
"""Effects of which the number is enough for a terminal."""


def as_text(judged: Judged, *, code: bool = True) -> str:
    """Every decision that is not a plain pass, worst first, and one closing line, with the exit code unless told not."""
    lines = []
    for one in judged.judgements:
        lines.append(f"{one.name} ({one.kind}, tier {one.verdict.tier}): {one.verdict.result.upper()}")
        decisions, following = told(one.verdict)
        for number, decision in enumerate(d for d in decisions if d.effect not in _COUNTED):
            lines.append(_line(decision))
            if following and number == 0:
                lines.append(f"         {follow(len(following))}")
        met = f"  {_counted(one.verdict, 'pass', 'requirement')} met, {_counted(one.verdict, 'note', 'note')}"
        known = len(one.verdict.with_effect("baselined"))
        lines.append(met + (f", {known} in the baseline" if known else ""))
    lines.extend(f"note: {printable(note)}" for note in judged.notes)
    lines.append(closing(judged, code=code))
    return "\n".join(lines) + "\n"


def _counted(verdict: Verdict, effect: str, noun: str) -> str:
    count = len(verdict.with_effect(effect))
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _line(decision: Decision) -> str:
    mark = f" [{decision.fingerprint}]" if decision.fingerprint else ""
    waiver = f"\n      waived: {printable(decision.waiver)}" if decision.effect == "waived" else ""
    return f"  {decision.effect:<6} {decision.rule}{mark}: {printable(decision.message)}{waiver}"
