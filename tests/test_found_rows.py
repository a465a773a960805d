"""Decisions survive a change of types where values are as they were written; of other rows it is said what became of them."""

from __future__ import annotations

import datetime
from pathlib import Path

import polars as pl
import pytest
from flagged_workspace import ask, fill, flagged
from small_workspace import edit, measure

from governance.collect import collect_dataset
from governance.config import Workspace
from governance.dataset import Column, ColumnType, Role
from governance.decisions import RowDecision, Sitting, in_force
from governance.ingestion.found_rows import find_rows, with_keys
from governance.ingestion.row_identity import row_hashes, with_row_ids
from governance.lock import read_lock
from governance.manifest import read_manifest


def columns_of(x: ColumnType, *more: str, public: bool = True) -> tuple[Column, ...]:
    named = Column(name="id", type=ColumnType.STRING, role=Role.IDENTIFIER, public=public)
    return (named, Column(name="x", type=x), *(Column(name=name, type=ColumnType.INTEGER) for name in more))


def frame_of(rows: dict[str, object], columns: tuple[Column, ...]) -> pl.DataFrame:
    """Identifier to `x`; other columns hold 0."""
    frame = pl.DataFrame({"id": list(rows), "x": list(rows.values())}).with_columns(
        **{column.name: pl.lit(0) for column in columns[2:]},
        source_file=pl.lit("a.csv"), source_row=pl.int_range(len(rows)), split=pl.lit("all"),
    )  # fmt: skip
    return with_row_ids(frame.with_columns(row_hashes(frame, columns)))


def row_of(frame: pl.DataFrame, identifier: str) -> str:
    return str(frame.filter(pl.col("id") == identifier)["row_id"][0])


def decided(frame: pl.DataFrame, columns: tuple[Column, ...], *identifiers: str) -> Sitting:
    rows = tuple(RowDecision(row=row_of(frame, name), action="drop", why="a copy") for name in identifiers)
    return with_keys(Sitting(by="Ada", on=datetime.date(2026, 3, 1), rows=rows), frame, columns)


INTEGERS = columns_of(ColumnType.INTEGER)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (ColumnType.NUMBER, (1.0, 2.5, -3.0)),
        (ColumnType.STRING, ("1", "two", "-3.0")),
        (ColumnType.CATEGORY, ("1.0", "002", "-3")),
    ],
)
def test_a_row_is_found_where_only_the_type_of_a_column_changed(
    kind: ColumnType, values: tuple[object, object, object]
) -> None:
    before = frame_of({"a": 1, "b": 2, "c": -3}, INTEGERS)
    sitting = decided(before, INTEGERS, "a", "c")
    columns = columns_of(kind)
    now = frame_of(dict(zip("abc", values, strict=True)), columns)
    found = find_rows(now, columns, [sitting])
    assert set(in_force(found.sittings)) == {row_of(now, "a"), row_of(now, "c")} >= found.retyped > set()
    assert not set(in_force([sitting])) & found.retyped
    assert not found.edited | found.other_columns
    again = find_rows(before, INTEGERS, found.sittings)
    assert set(in_force(again.sittings)) == set(in_force([sitting])), "and back again"


def test_dates_and_numbers_with_a_fraction_are_the_same_in_other_types() -> None:
    day = datetime.date(2026, 1, 31)
    forms: tuple[tuple[ColumnType, object], ...] = (
        (ColumnType.DATE, day), (ColumnType.STRING, "2026-01-31"), (ColumnType.DATETIME, datetime.datetime(2026, 1, 31)),
    )  # fmt: skip
    for kind, value in forms:
        before = frame_of({"a": value}, columns_of(kind))
        sitting = decided(before, columns_of(kind), "a")
        for other, same in forms:
            now = frame_of({"a": same}, columns_of(other))
            assert set(in_force(find_rows(now, columns_of(other), [sitting]).sittings)) == {row_of(now, "a")}
    number = frame_of({"a": 2.5}, columns_of(ColumnType.NUMBER))
    text = frame_of({"a": "2.50"}, columns_of(ColumnType.STRING))
    sitting = decided(number, columns_of(ColumnType.NUMBER), "a")
    assert find_rows(text, columns_of(ColumnType.STRING), [sitting]).retyped == {row_of(text, "a")}


def test_a_row_that_was_edited_is_told_from_one_that_is_gone() -> None:
    before = frame_of({"a": 1, "b": 2, "c": 3}, INTEGERS)
    sitting = decided(before, INTEGERS, "a", "b", "c")
    after = frame_of({"a": 1, "b": 9}, INTEGERS)
    found = find_rows(after, INTEGERS, [sitting])
    assert (found.edited, found.retyped, found.other_columns) == ({row_of(before, "b")}, frozenset(), frozenset())
    # A private identifier leaves no digest in git, and one that several rows share names no row.
    hidden = columns_of(ColumnType.INTEGER, public=False)
    assert not any(one.identifier for one in decided(before, hidden, "a", "b").rows)
    twice = with_row_ids(
        pl.concat([before, before.with_columns(x=pl.lit(7, pl.Int64), row_hash=pl.lit("f" * 64))]).drop("row_id")
    )
    assert not any(one.identifier for one in decided(twice, INTEGERS, "a").rows)


def test_other_columns_are_named_as_the_cause() -> None:
    before = frame_of({"a": 1, "b": 2}, INTEGERS)
    sitting = decided(before, INTEGERS, "a")
    wider = columns_of(ColumnType.INTEGER, "y")
    found = find_rows(frame_of({"a": 1, "b": 2}, wider), wider, [sitting])
    assert (found.other_columns, found.edited) == ({row_of(before, "a")}, frozenset())
    bare = Sitting(by="Ada", on=sitting.on, rows=(RowDecision(row="a" * 32 + "-0", action="drop", why="a copy"),))
    assert find_rows(before, INTEGERS, [bare]).other_columns == frozenset(), "nobody can tell of older decisions"


@pytest.fixture
def workspace(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    made = flagged(tmp_path_factory, tmp_path / "trees")
    monkeypatch.chdir(made.root)
    return made


def test_what_became_of_rows_stands_in_evidence_verdict_and_datasheet(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    columns = "expectations/trees/columns.yaml"
    source = workspace.root / "data" / "trees.csv"
    head, *rows = source.read_text(encoding="utf-8").splitlines()
    lines = [
        f"{head},tag,year",
        *(f"{row},t{number},{1980 + int(float(row.split(',')[0]))}" for number, row in enumerate(rows)),
    ]
    source.write_text("\n".join(lines) + "\n", encoding="utf-8")
    tag = "  - {name: tag, type: string, role: identifier, public: true}\n  - {name: year, type: integer}\n"
    made = edit(workspace, columns, "  - {name: kind", f"{tag}  - {{name: kind")
    measure(made)
    ask(to="a.csv", audit=["duplicates"])
    sheet = made.build("trees") / "quarantine" / "a.csv"
    table = sheet.read_text(encoding="utf-8-sig").splitlines()
    assert len(table) > 3
    fill(sheet, {1: ("drop", "", "a copy"), 2: ("drop", "", "a copy"), 3: ("keep", "", "it is right")})
    ask(from_="a.csv")
    tags = [
        next(cell for cell in line.split(",") if cell.startswith("t") and cell[1:].isdigit()) for line in table[1:4]
    ]

    # The year becomes a number; the second row is edited, and the third is removed.
    kept = [line for line in lines if f",{tags[2]}," not in line]
    kept = [f"4{line}" if f",{tags[1]}," in line else line for line in kept]
    source.write_text("\n".join(kept) + "\n", encoding="utf-8")
    made = edit(made, columns, "{name: year, type: integer}", "{name: year, type: number}")
    measure(made)
    counted = read_manifest(made.report("trees") / "manifest.json").quarantined
    assert counted is not None
    assert (counted.dropped, counted.retyped, counted.unmatched) == (1, 1, 2)
    assert (counted.edited, counted.not_found, counted.other_columns) == (1, 1, 0)
    (told,) = collect_dataset(made, "trees", read_lock(made)).further
    assert "1 are about rows that were edited" in told.message
    assert "1 are about rows that were not found" in told.message
    assert told.effect == "warn"
    datasheet = (made.report("trees") / "datasheet.md").read_text(encoding="utf-8")
    assert "(1 of which the row was edited and 1 of which the row was not found)" in datasheet
    capsys.readouterr()
    ask(check=True)
    said = capsys.readouterr().out
    assert "1 were found by what is written in the row" in said
    assert "Rows that were edited: their identifier is there" in said
    # Decided rows are not asked about again, under whatever id, and the same word again is known.
    ask(to="b.csv", audit=["duplicates"])
    again = (made.build("trees") / "quarantine" / "b.csv").read_text(encoding="utf-8-sig")
    assert f",{tags[0]}," not in again
