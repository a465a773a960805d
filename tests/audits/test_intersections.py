"""Groups by two columns that differ though their two groups do not, and those that nobody is in."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from governance.asking import ask
from governance.audit import Answer
from governance.audits.representation import Representation
from governance.dataset import Role, Split, Task
from governance.evidence import Level
from governance.signals.compute import compute_signals
from governance.snapshot import Snapshot
from governance.testing import make_snapshot

ROWS = 2000


def people(seed: int, rows: int = ROWS) -> tuple[dict[str, Any], np.random.Generator, Any]:
    """Sex, origin and a number, and whether both groups are the first or both the second."""
    random = np.random.default_rng(seed)
    sex, origin = random.choice(["f", "m"], rows), random.choice(["A", "B"], rows)
    content = {"sex": sex, "origin": origin, "x": random.normal(size=rows), "y": random.choice(["no", "yes"], rows)}
    return content, random, (sex == "f") == (origin == "A")


def asked(folder: Path, content: dict[str, Any], **changes: Any) -> Answer:
    given = {
        "target": "y", "task": Task.CLASSIFICATION, "roles": {Role.SENSITIVE: ("sex", "origin")},
        "split": Split(method="ratio", test=0.2),
    } | changes  # fmt: skip
    snapshot: Snapshot = make_snapshot(folder, pl.DataFrame(content), **given)
    (folder / "signals").mkdir()
    compute_signals(snapshot, folder / "signals")

    return ask(Representation(), dataclasses.replace(snapshot, signals_folder=folder / "signals"))


def test_labels_that_hang_on_both_groups_together_are_noted(tmp_path: Path) -> None:
    content, random, alike = people(0)
    content["y"] = np.where(random.random(ROWS) < np.where(alike, 0.35, 0.65), "yes", "no")
    (found,) = [f for f in asked(tmp_path, content).findings if f.rule == "representation/base_rates"]
    assert found.level is Level.NOTE
    assert found.columns == ("origin", "sex")
    assert "An intersection differs in the share of y = " in found.message
    assert " expected" in found.message


def test_values_that_are_missing_where_both_groups_meet_are_warned_of_and_pointed_to(tmp_path: Path) -> None:
    content, random, _ = people(1)
    content["origin"] = random.choice(["A", "B", "C"], ROWS)
    gone = random.random(ROWS) < np.where((content["sex"] == "f") & (content["origin"] == "B"), 0.45, 0.05)
    content["x"] = [None if none else float(value) for none, value in zip(gone, content["x"], strict=True)]
    answer = asked(tmp_path, content)
    (found,) = [f for f in answer.findings if f.rule == "representation/missingness" and f.subject]
    assert found.level is Level.WARNING
    assert set(found.subject.split(" and ")) == {"sex = f", "origin = B"}
    assert answer.rows is not None
    named = answer.rows.filter(pl.col("suggestion").str.contains("and"))["source_row"].to_list()
    inside = (content["sex"] == "f") & (content["origin"] == "B") & gone
    assert sorted(named) == np.flatnonzero(inside).tolist()


def test_groups_that_differ_by_themselves_make_no_intersection_differ(tmp_path: Path) -> None:
    content, random, _ = people(2)
    chance = 0.3 + 0.2 * (content["sex"] == "f") + 0.25 * (content["origin"] == "A")
    content["y"] = np.where(random.random(ROWS) < chance, "yes", "no")
    found = [f for f in asked(tmp_path, content).findings if f.rule == "representation/base_rates"]
    assert {f.columns for f in found} == {("sex",), ("origin",)}


def test_means_of_a_target_of_numbers_are_compared_too(tmp_path: Path) -> None:
    content, random, alike = people(3)
    content["y"] = 10 + 3.0 * alike + random.normal(0, 4, ROWS)
    (found,) = [
        f for f in asked(tmp_path, content, task=Task.REGRESSION).findings if f.rule == "representation/base_rates"
    ]
    assert found.columns == ("origin", "sex")
    assert "mean of y" in found.message


def test_groups_that_never_meet_are_noted_with_how_many_were_to_be_expected(tmp_path: Path) -> None:
    content, _, _ = people(4)
    frame = pl.DataFrame(content).filter(~((pl.col("sex") == "f") & (pl.col("origin") == "B")))
    (found,) = [f for f in asked(tmp_path, frame.to_dict()).findings if f.rule == "representation/empty_intersection"]
    assert found.level is Level.NOTE
    assert (found.count, found.of) == (1, 4)
    expected = (frame["sex"] == "f").sum() * (frame["origin"] == "B").sum() / frame.height
    assert f"“sex = f and origin = B” (about {expected:.0f} rows were to be expected)" in found.message


def test_few_rows_leave_an_intersection_empty_by_chance(tmp_path: Path) -> None:
    content, random, _ = people(5, 300)
    content["origin"] = np.where(random.random(300) < 0.02, "B", "A")
    frame = pl.DataFrame(content).filter(~((pl.col("sex") == "f") & (pl.col("origin") == "B")))
    assert "representation/empty_intersection" not in {f.rule for f in asked(tmp_path, frame.to_dict()).findings}
