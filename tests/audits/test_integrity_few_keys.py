import numpy as np
import polars as pl
import pytest

from governance.asking import ask
from governance.audits.integrity import Integrity
from governance.evidence import Level
from governance.testing import make_snapshot


def told(tmp_path, **columns):
    """The findings about broken rules, and the rows and columns that they point to."""
    answer = ask(Integrity(), make_snapshot(tmp_path, pl.DataFrame(columns)))
    rule = "integrity/broken_dependency"
    rows = answer.rows.filter(pl.col("rule") == rule)
    cells = {(row, text) for row, text in zip(rows["source_row"], rows["suggestion"], strict=True)}
    return [one for one in answer.findings if one.rule == rule], cells


def slipped(values, rows, seed=0):
    random, result = np.random.default_rng(seed), np.array(values, dtype=object)
    result[rows] = [random.choice([one for one in sorted(set(values)) if one != values[row]]) for row in rows]
    return result.tolist()


@pytest.mark.parametrize("numbers", [False, True])
def test_a_rule_of_few_keys_that_slips_break_is_a_note(tmp_path, numbers):
    random = np.random.default_rng(4)
    power = random.choice([3.7, 11.0, 22.0, 50.0], 600, p=[0.2, 0.4, 0.25, 0.15])
    current, rows = np.where(power < 30, "AC", "DC").tolist(), random.choice(600, 12, replace=False).tolist()
    name = [f"up to {one}" for one in power.tolist()]
    findings, cells = told(tmp_path, power=power.tolist() if numbers else name, current=slipped(current, rows))
    assert cells == {(row, f"current: {current[row]}") for row in rows}
    (finding,) = findings
    assert (finding.level, finding.columns) == (Level.NOTE, ("current",))
    assert "may have their reasons" in finding.message


def test_exceptions_that_another_column_tells_of_are_no_slips(tmp_path):
    random = np.random.default_rng(5)
    day = random.choice(["Mon", "Tue", "Wed", "Sun"], 700)
    feast = np.isin(np.arange(700), random.choice(700, 18, replace=False))
    shop = np.where((day == "Sun") ^ feast, "closed", "open").tolist()  # a fair opens the shop on a Sunday
    other = random.permutation(feast)
    assert told(tmp_path, day=day.tolist(), shop=shop, feast=np.where(other, "yes", "no").tolist())[0]
    assert told(tmp_path, day=day.tolist(), shop=shop, feast=np.where(feast, "yes", "no").tolist())[0] == []


def test_a_measure_in_whole_units_that_overlaps_breaks_no_rule(tmp_path):
    random = np.random.default_rng(2)
    names = np.array(["S235JR", "S355J2", "C45", "42CrMo4", "X5CrNi18-10", "100Cr6", "16MnCr5"])
    grade = random.choice(7, 800, p=[0.42, 0.2, 0.12, 0.09, 0.07, 0.05, 0.05])
    strength = np.rint(random.normal(np.array([360, 470, 620, 900, 520, 700, 550])[grade], 15)).astype(int)
    assert told(tmp_path, strength=strength.tolist(), grade=names[grade].tolist()) == ([], set())
