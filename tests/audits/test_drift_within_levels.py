"""A shift within one level of a column that did not move itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from governance.asking import ask
from governance.audits.drift import Drift
from governance.dataset import Role, Split
from governance.evidence import Table
from governance.reporting.moved_levels import _within
from governance.testing import make_snapshot


def towns(seed: int, *, east: float = 0.0, all_of_them: float = 0.0, rows: int = 600) -> pl.DataFrame:
    random = np.random.default_rng(seed)
    town = random.choice(["north", "south", "east"], rows)
    income = random.normal(450, 150, rows) + east * (town == "east") + all_of_them
    return pl.DataFrame({"income": income, "town": town, "member": random.random(rows) < 0.3})


def within(folder: Path, before: pl.DataFrame, now: pl.DataFrame, **further: Any) -> Table | None:
    parts = [before.with_columns(part=pl.lit("train")), now.with_columns(part=pl.lit("test"))]
    snapshot = make_snapshot(folder, pl.concat(parts), split=Split(method="column", column="part"), **further)
    answer = ask(Drift(), snapshot)
    assert "drift/columns" in {finding.rule for finding in answer.findings}, answer.reason
    found = next((table for table in answer.tables if table.name == "moved_within"), None)
    said = " ".join(finding.message for finding in answer.findings)
    if found is None:
        assert "Rows moved most" not in said
    else:
        assert f"Rows moved most where {found.rows[0][0]}." in said
    return found


def test_the_level_that_the_shift_is_in_is_named(tmp_path: Path) -> None:
    found = within(tmp_path, towns(1), towns(2, east=300.0))
    assert found is not None
    (row,) = found.rows
    line = dict(zip(found.columns, row, strict=True))
    assert line["segment"] == "town = east"
    assert line["chance_within"] > 0.8  # type: ignore[operator]
    assert line["chance_elsewhere"] < 0.6  # type: ignore[operator]


def test_a_shift_of_all_rows_alike_names_no_level(tmp_path: Path) -> None:
    """Not even where east was richer than the others all along."""
    for run in range(8):
        richer = 150.0 * (run % 2)
        before, now = towns(10 + run, east=richer), towns(50 + run, east=richer, all_of_them=90.0)
        assert within(tmp_path / str(run), before, now) is None


def test_levels_that_may_not_be_shown_are_not_named(tmp_path: Path) -> None:
    before, now = towns(1), towns(2, east=300.0)
    assert within(tmp_path / "role", before, now, roles={Role.SPECIAL_CATEGORY: ("town",)}) is None
    assert within(tmp_path / "whole", before, now, public=False) is None


def test_rows_that_hang_together_tell_less() -> None:
    """Ten rows of each of 24 people: that rows of one town's people became less alike is chance."""
    random = np.random.default_rng(5)
    person = np.repeat(np.arange(48), 10)
    town = pl.Series("town", np.where(person % 2, "north", "south"))
    beyond = {"alone": 0, "grouped": 0}
    for _ in range(20):
        score = random.normal(size=48)[person] + 0.1 * random.normal(size=480)
        for name, groups in (("alone", None), ("grouped", person)):
            beyond[name] += max(line[-1] for line in _within(town, person >= 24, score, groups)) > 2
    assert beyond["alone"] > 5
    assert beyond["grouped"] <= 3
