from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from governance.differences.difference import RowChanges
from governance.testing import make_snapshot
from governance.versions.rows import compare_rows


def table(rows: int = 60) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "code": [f"r{i:03d}" for i in range(rows)],
            "x": [float(i * 7919 % 1009) for i in range(rows)],
            "y": ["oak" if i % 2 else "elm" for i in range(rows)],
        }
    )


def files(folder: Path, frame: pl.DataFrame) -> list[Path]:
    snapshot = make_snapshot(folder, frame, target="y")
    return [snapshot.folder / f"{split}.parquet" for split in snapshot.splits]


def compared(tmp_path: Path, before: pl.DataFrame, after: pl.DataFrame, identifier: str | None) -> RowChanges:
    return compare_rows(files(tmp_path / "a", before), files(tmp_path / "b", after), identifier=identifier, target="y")


def edited(frame: pl.DataFrame) -> pl.DataFrame:
    """Three rows gone, two new, four with another x, five with another label."""
    kept = frame[3:]
    changed = kept.with_columns(
        x=pl.when(pl.int_range(pl.len()) < 4).then(pl.col("x") + 0.5).otherwise(pl.col("x")),
        y=pl.when(pl.int_range(pl.len()).is_between(10, 14)).then(pl.lit("ash")).otherwise(pl.col("y")),
    )
    return pl.concat([changed, pl.DataFrame({"code": ["n1", "n2"], "x": [0.25, 0.75], "y": ["oak", "elm"]})])


def test_rows_are_matched_by_their_identifier(tmp_path: Path) -> None:
    found = compared(tmp_path, table(), edited(table()), "code")
    assert found == RowChanges(added=2, removed=3, changed=4, relabelled=5, moved=0, same=48)


def test_without_an_identifier_labels_are_matched_by_all_else(tmp_path: Path) -> None:
    found = compared(tmp_path, table(), edited(table()), None)
    assert found == RowChanges(added=6, removed=7, changed=None, relabelled=5, moved=0, same=48)


def test_an_identifier_that_repeats_names_no_row(tmp_path: Path) -> None:
    before = table().with_columns(code=pl.lit("same"))
    found = compared(tmp_path, before, before[2:], "code")
    assert (found.changed, found.removed, found.added, found.same) == (None, 2, 0, 58)


@pytest.mark.parametrize("identifier", ["code", None])
def test_the_same_rows_in_any_order_are_no_change(tmp_path: Path, identifier: str | None) -> None:
    found = compared(tmp_path, table(), table().reverse(), identifier)
    assert (found.same, found.added, found.removed, found.relabelled, found.moved) == (60, 0, 0, 0, 0)


def test_rows_that_only_moved_are_counted_apart(tmp_path: Path) -> None:
    whole = pl.concat([pl.read_parquet(path) for path in files(tmp_path, table())])
    sides = []
    for name, cut in (("before", 40), ("after", 45)):
        paths = []
        for split, part in (("train", whole[:cut]), ("test", whole[cut:])):
            path = tmp_path / f"{name}-{split}.parquet"
            part.with_columns(split=pl.lit(split)).write_parquet(path)
            paths.append(path)
        sides.append(paths)
    found = compare_rows(*sides, identifier="code", target="y")
    assert (found.moved, found.same, found.added, found.removed, found.changed) == (5, 55, 0, 0, 0)


@pytest.mark.parametrize("identifier", ["code", None])
def test_rows_whose_column_names_another_split_moved(tmp_path: Path, identifier: str | None) -> None:
    sides = []
    for side, cut in (("a", 40), ("b", 45)):
        frame = table().with_columns(
            part=pl.when(pl.int_range(pl.len()) < cut).then(pl.lit("train")).otherwise(pl.lit("test"))
        )
        if side == "b":
            frame = frame.with_columns(y=pl.when(pl.int_range(pl.len()) < 3).then(pl.lit("ash")).otherwise(pl.col("y")))
        made = []
        for path in files(tmp_path / side, frame):
            part = pl.read_parquet(path).with_columns(split=pl.col("part"))
            part.write_parquet(path)
            made.append(path)
        sides.append(made)
    found = compare_rows(*sides, identifier=identifier, target="y", divided_by="part")
    assert (found.moved, found.relabelled, found.added, found.removed) == (5, 3, 0, 0)
    assert found.changed == (0 if identifier else None)
    assert found.same == 52


def test_a_column_that_came_or_went_leaves_the_identifier_to_match_by(tmp_path: Path) -> None:
    found = compared(tmp_path, table(), table().with_columns(z=pl.lit(1)), "code")
    assert (found.changed, found.added, found.removed) == (60, 0, 0)
