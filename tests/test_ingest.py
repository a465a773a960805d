"""Bad input becomes a manifest that says why; good input keeps every cell, whatever the file looks like."""

from __future__ import annotations

import gzip
import io
import json
import random
from collections import Counter
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from governance.dataset import Column, ColumnType, DataConfig, Dataset
from governance.errors import DataError
from governance.evidence import Outcome
from governance.ingestion.column_types import typed
from governance.ingestion.ingest import ingest
from governance.ingestion.row_identity import row_hashes, snapshot_digest, with_row_ids
from governance.ingestion.view import open_view
from governance.manifest import Manifest
from governance.read_options import ReadOptions
from governance.reading.json_lines import parse_json_lines


def read(folder: Path, files: dict[str, str | bytes], **config: object) -> Manifest:
    """The manifest of a dataset made of `files`; its snapshot lies in `folder/snapshot`."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    snapshot = folder / "snapshot"
    snapshot.mkdir(exist_ok=True)
    dataset = Dataset(data=DataConfig.model_validate({"path": next(iter(files))} | config))
    manifest = ingest("toy", dataset, folder, snapshot, folder / "expectations", "sha256:test")
    assert manifest.intact
    assert open_view(snapshot).outcome is manifest.outcome
    return manifest


def rows(folder: Path, split: str = "all") -> list[dict[str, object]]:
    frame = pl.read_parquet(folder / "snapshot" / f"{split}.parquet").sort("source_file", "source_row")
    return frame.drop("row_id", "source_file", "source_row", "split").to_dicts()


def png(shade: int) -> bytes:
    stream = io.BytesIO()
    Image.new("L", (4, 4), shade).save(stream, "PNG")
    return stream.getvalue()


def parquet(frame: pl.DataFrame) -> bytes:
    stream = io.BytesIO()
    frame.write_parquet(stream)
    return stream.getvalue()


GOOD_PARQUET = parquet(pl.DataFrame({"a": list(range(1000)), "b": [f"word {i}" for i in range(1000)]}))

BAD: dict[str, tuple[dict[str, str | bytes], dict[str, object], str]] = {
    "missing": ({}, {"path": "no.csv"}, "no.csv does not exist"),
    "empty": ({"d.csv": ""}, {}, "d.csv is empty (0 bytes)"),
    "header only": ({"d.csv": "a,b\n"}, {}, "d.csv has a header and no rows"),
    "header only, no newline": ({"d.csv": "a,b"}, {}, "has a header and no rows"),
    "blank lines": ({"d.csv": "\n\n"}, {}, "d.csv has no rows"),
    "empty json lines": ({"d.jsonl": "\n"}, {}, "d.jsonl has no rows"),
    "empty parquet": ({"d.parquet": parquet(pl.DataFrame({"a": []}))}, {}, "d.parquet"),
    "no such target": ({"d.csv": "a,b\n1,2\n"}, {"target": "y", "task": "regression"}, "there is no column 'y'"),
    "no such role": ({"d.csv": "a,b\n1,2\n"}, {"roles": {"sensitive": ["sex"]}}, "there is no column 'sex'"),
    "no such split column": ({"d.csv": "a\n1\n"}, {"split": {"method": "time", "column": "t"}}, "no column 't'"),
    "repeated names": ({"d.csv": "a,b,a\n1,2,3\n"}, {}, "column names stand there more than once: 'a'"),
    "unnamed column": ({"d.csv": "a,,b\n1,2,3\n"}, {}, "the header has no name for column 2 of 3"),
    "not utf-8": ({"d.csv": "a,b\n1,é\n".encode("latin-1")}, {}, "byte 0xe9 is not utf-8"),
    "not utf-8 json": ({"d.jsonl": '{"a": "é"}'.encode("latin-1")}, {}, "byte 0xe9 is not utf-8"),
    "unknown encoding": ({"d.csv": "a\n1\n"}, {"read": {"encoding": "klingon"}}, "'klingon' is not known"),
    "long row": ({"d.csv": "a,b\n1,2\n1,2,3\n"}, {}, "1 of 2 rows do not have 2 cells (the first is on line 3)"),
    "short row": ({"d.csv": "a,b\n1\n1,2\n"}, {}, "1 of 2 rows do not have 2 cells (the first is on line 2)"),
    "open quote": ({"d.csv": 'a,b\n1,"x\n2,y\n'}, {}, "a quote on line 2 is opened and never closed and takes the 1"),
    "open quote in a row with too few cells": ({"d.csv": 'a,b\n1,2\n"x,2\n1,y\n'}, {}, "a quote on line 3 is opened"),
    "row over lines": ({"d.csv": 'a,b\n1,2\n"x\ny"\n1,y\n'}, {}, "on lines 3 to 4: a quote may be left open"),
    "NUL": ({"d.csv": b"a,b\n1,x\n2,y\0z\n"}, {}, "d.csv: line 3 holds a NUL byte"),
    "utf-16": ({"d.csv": "a,b\n1,x\n".encode("utf-16")}, {}, "begins with the byte order mark of UTF-16; declare"),
    "utf-16 json": ({"d.jsonl": '{"a": 1}\n'.encode("utf-16")}, {}, "the byte order mark of UTF-16"),
    "folder named as a file": ({"d.csv/note.md": "x"}, {"path": "d.csv"}, "a folder without any file of a known"),
    "folder, format declared": ({"d/x.bin": "x"}, {"path": "d", "format": "csv"}, "d is a folder without any file"),
    "file for an image folder": ({"d.png": png(1)}, {"format": "image_folder"}, "d.png is not a folder"),
    "two formats": ({"d/x.csv": "a\n1\n", "d/y.jsonl": "{}"}, {"path": "d"}, "files are of 2 known formats"),
    "unknown ending": ({"d.xlsx": "x"}, {}, "no format is known for this ending"),
    "truncated parquet": ({"d.parquet": GOOD_PARQUET[:-200]}, {}, "d.parquet cannot be read as parquet"),
    "parquet cut in the middle": ({"d.parquet": GOOD_PARQUET[: len(GOOD_PARQUET) // 2]}, {}, "cannot be read"),
    "text named parquet": ({"d.parquet": "a,b\n1,2\n"}, {}, "d.parquet cannot be read as parquet"),
    "truncated gzip": (
        {"d.csv.gz": gzip.compress(b"a,b\n" + b"1,2\n" * 9999, mtime=0)[:-20]},
        {},
        "cannot be read as text",
    ),
    "no gzip": ({"d.csv.gz": "a,b\n1,2\n"}, {}, "cannot be read as text"),
    "broken json": ({"d.jsonl": '{"a": 1}\n{"a":\n'}, {}, "d.jsonl: line 2 is not valid JSON"),
    "no json objects": ({"d.jsonl": "1\n"}, {}, "d.jsonl: line 1 is not a JSON object"),
    "repeated json key": ({"d.jsonl": '{"a": 1, "a": 2}\n'}, {}, "keys stand there more than once: 'a'"),
    "nested parquet": ({"d.parquet": parquet(pl.DataFrame({"a": [[b"1"]]}))}, {}, "does not read"),
    "one bad image": ({"i/cat/1.png": png(1), "i/dog/2.png": png(2)[:40]}, {"path": "i"}, "1 of 2 images cannot be"),
    "seven bad images": (
        {"i/cat/0.png": png(1), **{f"i/dog/{n}.png": "no image" for n in range(1, 8)}},
        {"path": "i"},
        "dog/5.png (UnidentifiedImageError) and 2 more; write them again, or move them out of the folder",
    ),
    "text named png": (
        {"i/cat/1.png": png(1), "i/dog/2.png": "no image"},
        {"path": "i"},
        ": dog/2.png (UnidentifiedImageError); write them again, or move",
    ),
    "reserved name": ({"d.csv": "a,row_id\n1,2\n"}, {}, "row_id are names that the snapshot uses itself"),
    "split by another rule": ({"d.csv": "a,split\n1,x\n"}, {"split": {"method": "ratio"}}, "has a column `split`"),
    "split values": ({"d.csv": "a,s\n1,A B\n"}, {"split": {"method": "column", "column": "s"}}, "cannot name a split"),
    "split missing": ({"d.csv": "a,s\n1,\n"}, {"split": {"method": "group", "column": "s"}}, "is missing in 1 of them"),
    "pattern without file": (
        {"d/a.csv": "a\n1\n"},
        {"path": "d", "split": {"method": "files", "files": {"train": "b*.csv"}}},
        "no file matches 'b*.csv'",
    ),
    "file in two splits": (
        {"d/a.csv": "a\n1\n"},
        {"path": "d", "split": {"method": "files", "files": {"train": "*.csv", "test": "a.csv"}}},
        "a.csv would belong to more than one split",
    ),
    "files that differ": ({"d/a.csv": "a\n1\n", "d/b.csv": "b\n1\n"}, {"path": "d"}, "differ in columns: a, b"),
    "declared and not there": (
        {"d.csv": "a\n1\n", "expectations/columns.yaml": "columns: [{name: b, type: integer}]"},
        {},
        "has no column 'b'",
    ),
    "not of its type": (
        {"d.csv": "a\n1\nx\n", "expectations/columns.yaml": "columns: [{name: a, type: integer}]"},
        {},
        "column 'a': 1 of 2 cells are not an integer (the first is row 2 of the data",
    ),
    "columns.yaml": (
        {"d.csv": "a\n1\n", "expectations/columns.yaml": "columns: [{nam: a}]"},
        {},
        "columns.yaml: column",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_a_failed_snapshot_that_names_the_cause(tmp_path: Path, case: str) -> None:
    files, config, cause = BAD[case]
    manifest = read(tmp_path, files or {"other.txt": "x"}, **config)
    assert manifest.outcome is Outcome.FAILED
    assert cause in manifest.reason
    assert str(tmp_path) not in manifest.reason
    assert "\n" not in manifest.reason or "problem" in manifest.reason
    assert sorted(path.name for path in (tmp_path / "snapshot").iterdir()) == ["view.json"]


@pytest.mark.parametrize("ending", ["csv", "tsv", "jsonl", "json", "parquet"])
def test_cells_are_kept_as_they_are_written(tmp_path: Path, ending: str) -> None:
    cells = {"code": "007", "state": "NA", "big": "9007199254740993", "day": "2020-01-01", "note": "1.0"}
    if ending in {"csv", "tsv"}:
        separator = "," if ending == "csv" else "\t"
        content: str | bytes = "\n".join([separator.join(cells), separator.join(cells.values())]) + "\n"
    elif ending == "parquet":
        content = parquet(pl.DataFrame(cells))
    else:
        line = '{"code": "007", "state": "NA", "big": 9007199254740993, "day": "2020-01-01", "note": 1.0}'
        content = line if ending == "jsonl" else f"[{line}]"
    declared = "columns:\n" + "".join(
        f"  - {{name: {name}, type: {kind}}}\n"
        for name, kind in {
            "code": "string",
            "state": "category",
            "big": "integer",
            "day": "string",
            "note": "string",
        }.items()
    )
    manifest = read(tmp_path, {f"d.{ending}": content, "expectations/columns.yaml": declared})
    assert manifest.reason == ""
    assert rows(tmp_path) == [
        {"code": "007", "state": "NA", "big": 9007199254740993, "day": "2020-01-01", "note": "1.0"}
    ]


def test_types_are_inferred_without_losing_a_digit(tmp_path: Path) -> None:
    header = "code,big,huge,count,share,flag,day,at,word"
    line = "007,9007199254740993,92233720368547758070,5,1.5,true,2020-01-31,2020-01-31T10:00:00,a"
    manifest = read(tmp_path, {"d.csv": f"{header}\n{line}\n" + f"{line}\n" * 3})
    types = {column.name: column.type for column in manifest.columns}
    assert types == {
        "code": ColumnType.CATEGORY, "big": ColumnType.INTEGER, "huge": ColumnType.CATEGORY,
        "count": ColumnType.INTEGER, "share": ColumnType.NUMBER, "flag": ColumnType.BOOLEAN,
        "day": ColumnType.DATE, "at": ColumnType.DATETIME, "word": ColumnType.CATEGORY,
    }  # fmt: skip
    assert rows(tmp_path)[0]["huge"] == "92233720368547758070"


def test_read_options(tmp_path: Path) -> None:
    options = {"separator": ";", "decimal": ",", "encoding": "latin-1", "strip": True, "na_values": ["?"]}
    manifest = read(tmp_path, {"d.csv": "a; b\n1,5; é\n?; ? \n".encode("latin-1")}, read=options)
    assert manifest.reason == ""
    assert rows(tmp_path) == [{"a": 1.5, "b": "é"}, {"a": None, "b": None}]


def test_columns_for_a_file_without_header(tmp_path: Path) -> None:
    read(tmp_path, {"d.csv": "1,x\n2,y\n"}, read={"columns": ["a", "b"]})
    assert rows(tmp_path) == [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("d.csv", b"\xef\xbb\xbfa,b\r\n1,\"x\r\ny\"\r\n"),
        ("d[1]*.csv", b'a,b\n1,"x\ny"\n'),
        (".hidden/train d.csv", b'a,b\n1,"x\ny"\n'),
        ("d.csv.gz", gzip.compress(b'a,b\n1,"x\ny"\n', mtime=0)),
        ("d.jsonl.gz", gzip.compress(b'{"a": 1, "b": "x\\ny"}\n', mtime=0)),
    ],
)  # fmt: skip
def test_odd_files_that_are_good(tmp_path: Path, name: str, content: bytes) -> None:
    manifest = read(tmp_path, {name: content}, path=name)
    assert manifest.reason == ""
    assert [
        {k: v.replace("\r", "") if isinstance(v, str) else v for k, v in row.items()} for row in rows(tmp_path)
    ] == [{"a": 1, "b": "x\ny"}]


def test_a_column_that_nobody_declared_is_private(tmp_path: Path) -> None:
    manifest = read(
        tmp_path, {"d.csv": "a,b\n1,x\n1,x\n", "expectations/columns.yaml": "columns: [{name: a, type: integer}]"}
    )
    assert [(column.name, column.private) for column in manifest.columns] == [("a", False), ("b", True)]


def test_images_of_all_folders_are_read(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "i/train/cat/1.png": png(1), "i/train/dog/test_2.PNG": png(2), "i/test/cat/1.png": png(3), "i/notes.txt": "x",
        "i/test/dog/4.png": png(4),
    }  # fmt: skip
    manifest = read(tmp_path / "train", files, path="i")
    assert manifest.reason == ""
    assert manifest.rows == 4
    by_file = {"method": "files", "files": {"train": "train/*", "test": "test/*"}}
    manifest = read(tmp_path / "split", files, path="i", split=by_file, task="classification", target="label")
    assert manifest.splits == {"train": 2, "test": 2}
    rare = "2 classes of fewer than 5 rows"
    assert manifest.classes == {"train": {rare: 2}, "test": {rare: 2}}


TABLE = pl.DataFrame(
    {
        "n": [5, 3, 3, None, 1, 9, 8, 7, 6, 2] * 4,
        "x": [0.1, -0.0, 1e-300, None, 2.5, 3.0, 1e17, -1.5, 0.30000000000000004, 7.0] * 4,
        "s": ["a", "b", "", None, "ü,\"q\"", "line\nbreak", " lead", "7", "null", "NA"] * 4,
        "g": [str(i // 4) for i in range(40)],
        "t": [f"2020-01-{1 + i % 28:02d}" for i in range(40)],
    }
)  # fmt: skip
DECLARED = "columns:\n" + "".join(
    f"  - {{name: {name}, type: {kind}}}\n"
    for name, kind in {"n": "integer", "x": "number", "s": "string", "g": "category", "t": "date"}.items()
)


def digest(folder: Path, files: dict[str, str | bytes], **config: object) -> str:
    manifest = read(folder, files | {"expectations/columns.yaml": DECLARED}, **({"path": "d"} | config))
    assert manifest.reason == ""
    return manifest.digest


def as_csv(frame: pl.DataFrame) -> str:
    return frame.write_csv(null_value="?NA?", quote_style="non_numeric")


OPTIONS = {"na_values": ["?NA?"]}


def test_the_digest_depends_on_rows_and_on_nothing_else(tmp_path: Path) -> None:
    shuffled = TABLE.sample(fraction=1, shuffle=True, seed=3)
    variants: dict[str, dict[str, str | bytes]] = {
        "csv": {"d/a.csv": as_csv(TABLE)},
        "tsv": {"d/a.tsv": TABLE.write_csv(separator="\t", null_value="?NA?", quote_style="always")},
        "parquet": {"d/a.parquet": parquet(TABLE)},
        "arrow": {"d/a.arrow": _arrow(TABLE)},
        "reordered": {"d/a.csv": as_csv(shuffled)},
        "columns reordered": {"d/a.csv": as_csv(TABLE.select("t", "x", "n", "g", "s"))},
        "chunked": {"d/a.csv": as_csv(shuffled[:7]), "d/b.csv": as_csv(shuffled[7:])},
        "chunked parquet": {"d/z.parquet": parquet(TABLE[:33]), "d/b.parquet": parquet(TABLE[33:])},
    }
    digests = {name: digest(tmp_path / name, files, read=OPTIONS) for name, files in variants.items()}
    assert len(set(digests.values())) == 1, digests


def _arrow(frame: pl.DataFrame) -> bytes:
    import pyarrow as pa

    table = frame.to_arrow()
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def test_one_changed_cell_is_another_digest(tmp_path: Path) -> None:
    before = digest(tmp_path / "before", {"d/a.csv": as_csv(TABLE)}, read=OPTIONS)
    for column, value in {"n": 4, "x": 0.1 + 1e-15, "s": "b ", "g": "other", "t": "2021-01-01"}.items():
        changed = TABLE.with_columns(
            pl.when(pl.int_range(pl.len()) == 11).then(pl.lit(value)).otherwise(pl.col(column)).alias(column)
        )
        assert digest(tmp_path / column, {"d/a.csv": as_csv(changed)}, read=OPTIONS) != before
    assert digest(tmp_path / "fewer", {"d/a.csv": as_csv(TABLE[1:])}, read=OPTIONS) != before
    twice = pl.concat([TABLE, TABLE[:1]])
    assert digest(tmp_path / "twice", {"d/a.csv": as_csv(twice)}, read=OPTIONS) != before


@pytest.mark.parametrize(
    "split",
    [
        {"method": "ratio", "test": 0.3, "validation": 0.2, "seed": 1},
        {"method": "group", "column": "g", "test": 0.4},
        {"method": "time", "column": "t", "test": 0.25, "validation": 0.25},
        {"method": "column", "column": "p"},
    ],
    ids=lambda split: str(split["method"]),
)
def test_splits_depend_on_what_rows_hold(tmp_path: Path, split: dict[str, object]) -> None:
    frame = TABLE.with_columns(pl.Series("p", ["train", "test", "train", "validation"] * 10))
    shuffled = frame.sample(fraction=1, shuffle=True, seed=5)
    first = read(tmp_path / "a", {"d.csv": as_csv(frame)}, read=OPTIONS, split=split)
    second = read(tmp_path / "b", {"d.csv": as_csv(shuffled)}, read=OPTIONS, split=split)
    assert first.reason == ""
    assert first.digest == second.digest
    assert first.splits == second.splits
    assert set(first.splits) >= {"train", "test"}
    assert sum(first.splits.values()) == 40
    parts = {name: pl.read_parquet(tmp_path / "a" / "snapshot" / f"{name}.parquet") for name in first.splits}
    if split["method"] == "group":
        assert not set(parts["train"]["g"]) & set(parts["test"]["g"])
    if split["method"] == "time":
        assert parts["train"]["t"].max() < parts["validation"]["t"].min()  # type: ignore[operator]
        assert parts["validation"]["t"].max() < parts["test"]["t"].min()  # type: ignore[operator]
    if split["method"] == "column":
        assert all(set(part["p"]) == {name} for name, part in parts.items())
    for name, part in parts.items():
        other = pl.read_parquet(tmp_path / "b" / "snapshot" / f"{name}.parquet")
        assert part["row_id"].to_list() == other["row_id"].to_list()


def test_a_row_keeps_its_split_when_others_come(tmp_path: Path) -> None:
    split = {"method": "ratio", "test": 0.3}
    read(tmp_path / "a", {"d.csv": as_csv(TABLE[:20])}, read=OPTIONS, split=split)
    read(tmp_path / "b", {"d.csv": as_csv(TABLE)}, read=OPTIONS, split=split)
    before, after = (set(pl.read_parquet(tmp_path / part / "snapshot" / "test.parquet")["row_id"]) for part in "ab")
    assert before
    assert before <= after


def test_splits_by_file_pattern(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"d/train/1.csv": as_csv(TABLE[:20]), "d/train/2.csv": as_csv(TABLE[20:30]),
                                     "d/test.csv": as_csv(TABLE[30:])}  # fmt: skip
    split = {"method": "files", "files": {"train": "train/*.csv", "test": "test.csv"}}
    manifest = read(tmp_path, files, path="d", split=split, read=OPTIONS)
    assert manifest.splits == {"train": 30, "test": 10}
    train = pl.read_parquet(tmp_path / "snapshot" / "train.parquet")
    assert set(train["source_file"]) == {"train/1.csv", "train/2.csv"}
    assert sorted(train.filter(pl.col("source_file") == "train/2.csv")["source_row"]) == list(range(10))


CELLS = st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=4)
ROWS = st.lists(
    st.tuples(CELLS, CELLS, st.none() | st.integers(-3, 3), st.none() | st.floats(allow_nan=False)), min_size=1
)
PLAIN = tuple(
    Column(name=name, type=kind)
    for name, kind in {
        "a": ColumnType.STRING, "b": ColumnType.CATEGORY, "n": ColumnType.INTEGER, "x": ColumnType.NUMBER
    }.items()
)  # fmt: skip


def in_memory(lines: list[tuple[object, ...]]) -> tuple[str, list[str]]:
    """Digest and sorted row ids of rows that were never written."""
    schema = {"a": pl.String, "b": pl.String, "n": pl.Int64, "x": pl.Float64}
    frame = pl.DataFrame(lines, schema=schema, orient="row")
    frame = frame.with_columns(
        row_hashes(frame, PLAIN), pl.lit("all").alias("split"), pl.lit("f").alias("source_file"),
        pl.int_range(pl.len()).alias("source_row"),
    )  # fmt: skip
    return snapshot_digest(frame, PLAIN), with_row_ids(frame)["row_id"].to_list()


@given(ROWS, st.randoms(use_true_random=False))
def test_no_reordering_changes_digest_or_ids(lines: list[tuple[object, ...]], generator: random.Random) -> None:
    digest, ids = in_memory(lines)
    assert in_memory(generator.sample(lines, len(lines))) == (digest, ids)
    assert len(set(ids)) == len(lines)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("ab", "c"), ("a", "bc")),
        (("n", ""), (None, "n")),
        ((None, ""), ("", None)),
        (("a", ":1"), ("a:1", "")),
        (("1:a", "b"), ("a", "1:b")),
    ],
)
def test_cells_do_not_run_into_each_other(first: tuple[object, ...], second: tuple[object, ...]) -> None:
    assert in_memory([(*first, 1, 1.0)])[0] != in_memory([(*second, 1, 1.0)])[0]


@given(ROWS, ROWS)
def test_other_rows_have_another_digest(first: list[tuple[object, ...]], second: list[tuple[object, ...]]) -> None:
    def counted(lines: list[tuple[object, ...]]) -> Counter[tuple[object, ...]]:
        return Counter(tuple(0.0 if cell == 0 and isinstance(cell, float) else cell for cell in line) for line in lines)

    assert (in_memory(first)[0] == in_memory(second)[0]) == (counted(first) == counted(second))


def test_folders_named_by_numbers_are_classes(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {f"i/{n}/{n}.png": png(n) for n in range(3)}
    manifest = read(tmp_path, files, path="i")
    assert {c.name: c.type for c in manifest.columns} == {"image": ColumnType.IMAGE, "label": ColumnType.CATEGORY}


def test_lists_and_objects_in_json_keep_their_digits_and_their_order() -> None:
    lines = ['{"a": {"z": 1.50, "b": [true, null, "ü\\"", 9007199254740993]}, "n": 1.50, "t": "[1]"}']
    frame = parse_json_lines(lines, "d.jsonl")
    assert frame.row(0) == ('{"z":1.50,"b":[true,null,"ü\\"",9007199254740993]}', "1.50", "[1]")


@pytest.mark.parametrize(
    ("cell", "value"), [("1,5", 1.5), (",5", 0.5), ("-2,", -2.0), ("3", 3.0), ("1,5e2", 150.0), ("1.234", None), ("1.234,5", None)]
)  # fmt: skip
def test_with_a_decimal_comma_a_point_is_no_decimal_mark(cell: str, value: float | None) -> None:
    series = pl.Series("x", [cell])
    if value is None:
        with pytest.raises(DataError, match="not a number"):
            typed(series, ColumnType.NUMBER, "d.csv", ReadOptions(decimal=","))
    else:
        assert typed(series, ColumnType.NUMBER, "d.csv", ReadOptions(decimal=",")).to_list() == [value]


def test_what_is_missing_is_told_as_it_is_written(tmp_path: Path) -> None:
    """Over all files, in columns where the empty cell is not the only marker; the values themselves are no different."""
    files: dict[str, str | bytes] = {"d/1.csv": "a,b,c\n1,?,x\nNA,,\n?,2,y\n", "d/2.csv": "a,b,c\n?,3,\n4,5,z\n"}
    markers = {"read": {"na_values": ["", "?", "NA"]}}
    manifest = read(tmp_path, files, path="d", **markers)
    told = {column.name: (column.nulls, column.missing_as) for column in manifest.columns}
    assert told == {"a": (3, {"?": 2, "NA": 1}), "b": (2, {"": 1, "?": 1}), "c": (2, {})}
    assert "missing_as" not in next(line for line in manifest.to_json().splitlines() if '"name": "c"' in line)
    lines = '{"a": "1"}\n{"a": "?"}\n{"a": ""}\n{"a": null}\n'
    (column,) = read(tmp_path, {"d.jsonl": lines}, **markers).columns
    assert (column.nulls, column.missing_as) == (3, {"": 1, "?": 1})


def test_lists_and_objects_are_one_text_whichever_format_they_come_from() -> None:
    """Also numbers that can be written in two ways: a file of one format is compared with one of another."""
    from governance.reading.typed_cells import nested_as_json

    cells = [{"x": [1.5e-05, 1e20, None]}, {"x": []}, {"x": [0.1, 2.0]}]
    lines = [json.dumps({"a": cell}) for cell in cells]
    assert (
        nested_as_json(pl.DataFrame({"a": cells}))["a"].to_list() == parse_json_lines(lines, "d.jsonl")["a"].to_list()
    )
