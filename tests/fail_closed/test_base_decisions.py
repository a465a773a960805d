"""A change cannot take back in silence what people decided about rows."""

from __future__ import annotations

from fail_closed.measured import Measured

ROW = "a" * 32 + "-0"
ONE = f"- by: Ada\n  on: 2026-03-01\n  rows:\n  - {{row: {ROW}, action: drop, why: a copy}}\n"
FILE = "decisions/trees.yaml"
RULE = "base/decisions_removed"


def test_decisions_that_went_are_held_against_a_change(measured: Measured) -> None:
    m = measured
    m.write(FILE, f"decisions:\n{ONE}")
    m.measure()
    m.model()
    m.commit()
    assert m.gate("--base", "HEAD").code == 0

    m.write(FILE, "")
    m.measure()
    m.model()
    m.git("add", "-A")
    assert m.gate().code == 0, "without the base, nobody can tell"
    gate = m.gate("--base", "HEAD")
    assert gate.code == 3
    assert f"{FILE}: a decision that the base holds is gone: drop {ROW}" in gate.text

    m.path(FILE).unlink()
    assert RULE in m.gate("--base", "HEAD").text
    m.write(FILE, f"decisions:\n{ONE.replace('drop', 'keep')}")
    assert RULE in m.gate("--base", "HEAD").text, "a word that was rewritten is gone as well"
    # A later word on top takes nothing away, and a better reason is the same decision.
    m.write(FILE, f"decisions:\n{ONE.replace('a copy', 'a copy of row 7')}{ONE.replace('drop', 'keep')}")
    assert RULE not in m.gate("--base", "HEAD").text


def test_a_base_whose_decisions_cannot_be_read_had_none(measured: Measured) -> None:
    measured.write(FILE, f"decision:\n{ONE}")
    measured.commit()
    measured.path(FILE).unlink()
    assert measured.gate("--base", "HEAD").code == 0
