"""A declared reference that is written as the data is, or in another way."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from governance.asking import ask
from governance.audit import Answer
from governance.audits.drift import Drift
from governance.audits.leakage import Leakage
from governance.dataset import Column, ColumnType, DataConfig, Dataset, Task
from governance.evidence import Outcome
from governance.ingestion.ingest import ingest
from governance.read_options import ReadOptions
from governance.snapshot import Snapshot
from governance.yaml_files import write_yaml

GERMAN = ReadOptions(
    separator=";", decimal=",", thousands=".", date_format="%d.%m.%Y", na_values=("", "NA"), encoding="cp1252"
)
TYPES = {
    "größe": ColumnType.NUMBER,
    "count": ColumnType.INTEGER,
    "price": ColumnType.NUMBER,
    "day": ColumnType.DATE,
    "ort": ColumnType.CATEGORY,
    "label": ColumnType.CATEGORY,
}


def table(seed: int, rows: int = 300, further: float = 0.0) -> pl.DataFrame:
    random = np.random.default_rng(seed)
    day = pl.Series(random.integers(0, 300, rows)).cast(pl.Int32) + 19_700
    frame = pl.DataFrame(
        {
            "größe": random.normal(50, 10, rows).round(1) + further,
            "count": random.integers(0, 90, rows),
            "price": np.exp(random.normal(7, 1, rows)).round(2),
            "day": day.cast(pl.Date),
            "ort": random.choice(["Köln", "Trier", "Füssen"], rows),
            "label": random.choice(["yes", "no"], rows),
        }
    )
    gone = pl.Series(random.random(rows) < 0.05)
    return frame.with_columns(pl.when(gone).then(None).otherwise(pl.col("count")).alias("count"))


def written(frame: pl.DataFrame, path: Path, read: ReadOptions) -> None:
    """`frame` as a CSV file that `read` reads."""
    cells = frame.with_columns(pl.col(pl.Date).dt.strftime(read.date_format or "%Y-%m-%d"))
    for name, kind in frame.schema.items():
        if kind == pl.Float64:
            texts = [f"{value:,.2f}".replace(",", "_") for value in frame[name].to_list()]
            mended = [text.replace(".", read.decimal).replace("_", read.thousands or "") for text in texts]
            cells = cells.with_columns(pl.Series(name, mended))
    text = cells.write_csv(separator=read.separator or ",", null_value=read.na_values[-1])
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_text(text, encoding=read.encoding)


def snapshot(folder: Path, source: str, read: ReadOptions, types: dict[str, ColumnType] = TYPES) -> Snapshot:
    contract, build = folder / "expectations", folder / "build"
    contract.mkdir()
    build.mkdir()
    columns = [Column(name=name, type=kind) for name, kind in types.items()]
    write_yaml(
        contract / "columns.yaml", {"columns": [c.model_dump(mode="json", exclude_defaults=True) for c in columns]}
    )
    config = DataConfig(path=source, read=read, task=Task.CLASSIFICATION, target="label")
    manifest = ingest("toy", Dataset(data=config), folder, build, contract, "sha256:test")
    assert manifest.outcome is Outcome.ASSESSED, manifest.reason
    return Snapshot(manifest, build, contract, workspace=folder, read=read)


def german(folder: Path, seed: int = 1, **further: float) -> Snapshot:
    written(table(seed, **further), folder / "data.csv", GERMAN)
    return snapshot(folder, "data.csv", GERMAN)


def asked(made: Snapshot, name: str) -> Answer:
    return ask(Drift(reference=f"references/{name}"), made)


def clean(answer: Answer, columns: int = 6) -> None:
    assert answer.outcome is Outcome.ASSESSED, answer.reason
    assert not answer.findings, [finding.message for finding in answer.findings]
    assert answer.units is not None
    assert answer.units.evaluated == columns


def test_the_same_file_of_another_month_is_read_as_the_data_is(tmp_path: Path) -> None:
    written(table(2), tmp_path / "references" / "old.csv", GERMAN)
    clean(asked(german(tmp_path), "old.csv"))
    written(table(3, further=12.0), tmp_path / "references" / "old.csv", GERMAN)
    moved = [f for f in asked(german_again(tmp_path), "old.csv").findings if f.rule == "drift/columns"]
    assert [f.columns for f in moved] == [("größe",)]


def german_again(folder: Path) -> Snapshot:
    again = folder / "again"
    again.mkdir()
    (folder / "references").rename(again / "references")
    return german(again)


@pytest.mark.parametrize(
    "other",
    [
        ReadOptions(),
        ReadOptions(separator=";"),
        ReadOptions(separator="\t", decimal=",", date_format="%d/%m/%Y"),
        ReadOptions(separator=";", decimal=".", thousands=",", date_format="%Y/%m/%d"),
    ],
    ids=["plain", "semicolons", "tabs", "points"],
)
def test_a_file_that_is_written_otherwise_is_read_as_it_shows(tmp_path: Path, other: ReadOptions) -> None:
    other = other.model_copy(update={"na_values": ("",)})
    written(table(2), tmp_path / "references" / "old.csv", other)
    clean(asked(german(tmp_path), "old.csv"))


def test_beside_plain_data_a_german_file_is_read_too(tmp_path: Path) -> None:
    plain = ReadOptions()
    written(table(1), tmp_path / "data.csv", plain)
    written(table(2), tmp_path / "references" / "old.csv", GERMAN.model_copy(update={"na_values": ("",)}))
    clean(asked(snapshot(tmp_path, "data.csv", plain), "old.csv"))


def test_a_parquet_file_beside_text(tmp_path: Path) -> None:
    (tmp_path / "references").mkdir()
    table(2).write_parquet(tmp_path / "references" / "old.parquet")
    clean(asked(german(tmp_path), "old.parquet"))


def test_a_file_without_a_header_as_the_data_and_one_with_it(tmp_path: Path) -> None:
    read = ReadOptions(columns=tuple(TYPES))
    for seed, name in ((1, "data.csv"), (2, "references/old.csv"), (3, "references/named.csv")):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        table(seed).write_csv(path, include_header=name.endswith("named.csv"))
    made = snapshot(tmp_path, "data.csv", read)
    clean(asked(made, "old.csv"))
    clean(asked(made, "named.csv"))


def test_lists_and_objects_are_the_text_that_json_lines_make_of_them(tmp_path: Path) -> None:
    def orders(seed: int) -> list[dict[str, Any]]:
        random = np.random.default_rng(seed)
        return [
            {"items": [{"sku": f"S{random.integers(3)}", "n": 1}], "pieces": int(random.integers(9)), "label": label}
            for label in random.choice(["yes", "no"], 200).tolist()
        ]

    lines = "\n".join(json.dumps(one) for one in orders(1))
    (tmp_path / "data.jsonl").write_text(lines, encoding="utf-8")
    (tmp_path / "references").mkdir()
    pl.DataFrame(orders(2)).write_parquet(tmp_path / "references" / "old.parquet")
    (tmp_path / "references" / "old.jsonl").write_text("\n".join(map(json.dumps, orders(3))), encoding="utf-8")
    types = {"items": ColumnType.CATEGORY, "pieces": ColumnType.INTEGER, "label": ColumnType.CATEGORY}
    made = snapshot(tmp_path, "data.jsonl", ReadOptions(), types)
    clean(asked(made, "old.parquet"), 3)
    clean(asked(made, "old.jsonl"), 3)


def test_what_cannot_be_read_says_what_to_do(tmp_path: Path) -> None:
    made = german(tmp_path)
    folder = tmp_path / "references"
    folder.mkdir()
    (folder / "ragged.csv").write_text("größe;count\n1,5;3\n1,5;3;4\n", encoding="cp1252")
    (folder / "capitals.csv").write_text("GRÖSSE,COUNT,PRICE\n1,2,3\n", encoding="cp1252")
    (folder / "other.csv").write_text("a;b\n1;2\n", encoding="cp1252")
    ragged = asked(made, "ragged.csv")
    assert (ragged.outcome, ragged.code) == (Outcome.FAILED, "reference_unreadable")
    assert "references/ragged.csv" in ragged.reason
    assert "as the data is" in ragged.reason
    assert "Parquet" in ragged.reason
    assert "capitals" in asked(made, "capitals.csv").reason
    assert "columns.yaml" in asked(made, "other.csv").reason


def test_an_evaluation_set_is_read_as_the_data_is(tmp_path: Path) -> None:
    """The same reader: of 30 items ten are rows of the data, in the notation of the data and in a plain one."""
    made = german(tmp_path)
    items = pl.concat([table(1).head(10), table(7, rows=20)])
    for name, read in (("own.csv", GERMAN), ("plain.csv", ReadOptions(na_values=("",)))):
        written(items, tmp_path / "references" / name, read)
        answer = ask(Leakage(contamination=f"references/{name}"), made)
        share = next(metric for metric in answer.metrics if metric.name == "contamination_share")
        assert (share.value, share.n) == (pytest.approx(1 / 3), 30), name
