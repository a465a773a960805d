"""Names with more values than can be counted one by one."""

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from governance.asking import ask
from governance.audit import Answer
from governance.audits.drift import Drift
from governance.dataset import ColumnType, Role, Split, Task
from governance.evidence import Level
from governance.testing import make_snapshot

PARTS = Split(method="column", column="part")


def goods(seed: int, new: float, rows: int = 3000, kinds: int = 1500) -> pl.DataFrame:
    """A table whose test rows have numbers of goods that start `new` of the way later."""
    random = np.random.default_rng(seed)
    test = random.random(rows) < 0.3
    number = random.integers(0, kinds, rows) + np.where(test, int(new * kinds), 0)
    return pl.DataFrame(
        {
            "sku": [f"SKU{one:05d}" for one in number],
            "z": random.normal(size=rows),
            "part": np.where(test, "test", "train"),
            "label": random.choice(["yes", "no"], rows),
        }
    )


def answer(folder: Path, frame: pl.DataFrame, **further: Any) -> Answer:
    values: dict[str, Any] = {"split": PARTS, "types": {"sku": ColumnType.STRING}} | further
    found = ask(Drift(), make_snapshot(folder, frame, target="label", task=Task.CLASSIFICATION, **values))
    assert found.code != "crashed", found.reason
    return found


@pytest.mark.parametrize(("new", "share"), [(0.5, 0.6), (1.0, 1.0)])
def test_values_of_a_new_range_are_found(tmp_path: Path, new: float, share: float) -> None:
    said = answer(tmp_path, goods(1, new))
    finding = next(f for f in said.findings if f.columns == ("sku",))
    assert (finding.rule, finding.level) == ("drift/columns", Level.WARNING)
    assert "have one that is new" in finding.message
    assert said.units.evaluated == said.units.declared
    (row,) = [row for table in said.tables if table.name == "columns" for row in table.rows if row[1] == "unseen"]
    assert row[0] == "sku"
    assert row[-1] == "moved"
    assert said.rows is not None
    assert said.rows.height >= 0.8 * share * 900


@pytest.mark.parametrize("seed", range(3))
def test_without_drift_there_is_no_finding(tmp_path: Path, seed: int) -> None:
    assert answer(tmp_path, goods(seed, 0.0)).findings == ()


def test_levels_beyond_those_that_are_counted_are_compared_too(tmp_path: Path) -> None:
    said = answer(tmp_path, goods(2, 0.5, kinds=300))
    assert ("sku",) in {f.columns for f in said.findings}


def test_values_of_new_groups_are_no_news(tmp_path: Path) -> None:
    random = np.random.default_rng(4)
    person = np.repeat(np.arange(100), 12)
    frame = pl.DataFrame(
        {
            "person": [f"p{one}" for one in person],
            "device": [
                f"d{one * 3 + extra:04d}" for one, extra in zip(person, random.integers(0, 3, 1200), strict=True)
            ],
            "z": random.normal(size=1200),
            "part": np.where(person % 3 == 0, "test", "train"),
            "label": random.choice(["yes", "no"], 1200),
        }
    )
    said = answer(tmp_path, frame, roles={Role.GROUP: ("person",)}, types={"device": ColumnType.STRING})
    assert said.findings == ()


def test_a_column_that_is_not_compared_is_named(tmp_path: Path) -> None:
    said = answer(tmp_path, goods(5, 0.0).with_columns(always=pl.lit(7)))
    assert said.units.evaluated == said.units.declared - 1
    (caption,) = [table.caption for table in said.tables if table.name == "columns"]
    assert caption.endswith("always")
