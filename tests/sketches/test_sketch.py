from __future__ import annotations

import datetime as dt
import json
from io import BytesIO
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from PIL import Image

from governance.dataset import ColumnType, Role, Split, Task
from governance.errors import EvidenceError
from governance.sketches import Sketch, read_sketch
from governance.sketches.compute import compute_sketch
from governance.snapshot import Snapshot
from governance.testing import make_snapshot

SPLIT = Split(method="ratio", test=0.2, validation=0.1)


def people(rows: int = 600) -> pl.DataFrame:
    """A table with things that must not show: names, numbers of one person, free text, rare levels."""
    random = np.random.default_rng(1)
    return pl.DataFrame(
        {
            "name": [f"Secretperson{row:04d}" for row in range(rows)],
            "remark": [f"Zyx{row}Qwv said something about {row % 7}" for row in range(rows)],
            "salary": np.round(random.lognormal(10, 1, rows), 2),
            "income_private": random.integers(10_000_000, 99_999_999, rows),
            "town": [f"Rareville{row}" if row < 2 else "North" if row % 3 else "South" for row in range(rows)],
            "age": random.integers(18, 90, rows),
            "born": [dt.date(1950, 1, 1) + dt.timedelta(days=int(day)) for day in random.integers(0, 20000, rows)],
            "seen": [dt.date(2024, 1, 1) + dt.timedelta(days=int(day)) for day in random.integers(0, 300, rows)],
            "label": random.choice(["yes", "no"], rows),
        }
    ).with_columns(age=pl.when(pl.int_range(rows) % 10 == 0).then(None).otherwise("age"))


def snapshot(folder: Path, frame: pl.DataFrame, **further: object) -> Snapshot:
    roles = {Role.PRIVATE: ("income_private",), Role.TIMESTAMP: ("seen",)}
    return make_snapshot(
        folder, frame, target="label", task=Task.CLASSIFICATION, split=SPLIT, roles=roles,
        types={"town": ColumnType.CATEGORY, "remark": ColumnType.TEXT}, **further,
    )  # fmt: skip


def test_no_private_value_no_rare_level_and_no_end_of_a_column_shows(tmp_path: Path) -> None:
    frame = people()
    sketch = compute_sketch(snapshot(tmp_path, frame))
    text = sketch.to_json()
    assert not [word for word in ("Secretperson", "Qwv", "Rareville") if word in text]
    assert sketch.column("income_private").kind == sketch.column("born").kind == "nothing"  # type: ignore[union-attr]
    assert sketch.column("town").levels == ("North", "South")  # type: ignore[union-attr]
    salary = sketch.column("salary")
    assert salary is not None
    assert salary.cuts
    assert not set(salary.cuts) & set(frame["salary"]), "a cut is somebody's own salary"
    assert frame["salary"].min() < min(salary.cuts) < max(salary.cuts) < frame["salary"].max()  # type: ignore[operator]
    for column in sketch.columns:
        assert column.kind == "levels" or len(column.cuts) <= 600 // 20
    for number in frame["income_private"]:
        assert str(number) not in text


def test_100_columns_take_60_kilobytes_at_most(tmp_path: Path) -> None:
    random = np.random.default_rng(2)
    rows = 4000
    levels = np.array([f"a level with a long name {number}" for number in range(30)])
    columns: dict[str, object] = {f"measurement_{n}": random.normal(1000 * n, 3.7, rows) for n in range(60)}
    columns |= {f"category_{n}": random.choice(levels, rows) for n in range(30)}
    columns |= {f"text_{n}": [f"{n} {v:.12f} words of some length" for v in random.random(rows)] for n in range(9)}
    columns["label"] = random.choice([f"class {number}" for number in range(12)], rows)
    sketch = compute_sketch(
        make_snapshot(tmp_path, pl.DataFrame(columns), target="label", task=Task.CLASSIFICATION, split=SPLIT)
    )
    assert len(sketch.columns) == 100
    assert len(sketch.correlated) == 40
    assert len(sketch.to_json().encode()) <= 60_000


def test_what_texts_and_images_hold_is_kept_as_means_and_not_of_private_or_few_ones(tmp_path: Path) -> None:
    random = np.random.default_rng(5)

    def picture(level: float) -> bytes:
        buffer = BytesIO()
        values = np.clip(random.normal(level, 20, (12, 12)), 0, 255).astype(np.uint8)
        Image.fromarray(values).save(buffer, format="PNG")
        return buffer.getvalue()

    words = [f"word{number}" for number in range(60)]
    frame = pl.DataFrame(
        {
            "story": [" ".join(random.choice(words, 12)) + f" Zyx{row}" for row in range(120)],
            "letter": [" ".join(random.choice(words, 12)) for _ in range(120)],
            "scan": [picture(80 + row % 3) for row in range(120)],
        }
    )
    types = {"story": ColumnType.TEXT, "letter": ColumnType.TEXT}
    roles = {Role.TEXT: ("story",), Role.PRIVATE: ("letter",)}
    sketch = compute_sketch(make_snapshot(tmp_path / "a", frame, types=types, roles=roles, public=True))
    story, scan, letter = (sketch.column(name) for name in ("story", "scan", "letter"))
    assert story is not None
    assert scan is not None
    assert letter is not None
    assert (story.content_rows, scan.content_rows, letter.content_rows) == (120, 120, None)
    assert len(story.content_mean) == len(scan.content_mean) == 36
    assert np.mean(scan.content_mean) == pytest.approx(81 / 255, abs=0.01)
    assert "Zyx" not in sketch.to_json()
    few = compute_sketch(make_snapshot(tmp_path / "b", frame.head(49), types=types, roles=roles, public=True))
    assert all(column.content_rows is None and column.content_mean == () for column in few.columns)


def test_counts_are_those_of_the_data(tmp_path: Path) -> None:
    frame = people()
    made = snapshot(tmp_path, frame)
    sketch = compute_sketch(made)
    age = sketch.column("age")
    assert age is not None
    for split, rows in made.manifest.splits.items():
        values = made.frame("age", split=split).collect()["age"]
        assert age.nulls[split] == values.null_count()
        assert sum(age.counts[split]) == rows - values.null_count()
        below = [(values.drop_nulls() <= cut).sum() for cut in age.cuts]
        assert np.cumsum(age.counts[split])[:-1].tolist() == below
    labels = dict(zip(sketch.classes, np.sum(list(sketch.class_counts.values()), axis=0).tolist(), strict=True))
    assert labels == {**dict(frame["label"].value_counts().iter_rows()), "other": 0}
    by_class = np.array(age.by_class)
    assert by_class.sum() == 540
    old = frame.filter((pl.col("age") > age.cuts[age.coarse.index(7) - 1]) & (pl.col("label") == "no")).height
    assert by_class[sketch.classes.index("no"), 7] == old


def test_correlations_are_rank_based_and_signed(tmp_path: Path) -> None:
    random = np.random.default_rng(3)
    x = random.normal(size=2000)
    frame = pl.DataFrame({"x": x, "power": np.exp(3 * x), "minus": -x, "noise": random.normal(size=2000)})
    sketch = compute_sketch(make_snapshot(tmp_path, frame))
    assert sketch.correlated == ("x", "power", "minus", "noise")
    found = sketch.correlations
    assert found[0] > 0.995
    assert found[1] < -0.995
    assert abs(found[2]) < 0.08


def test_order_of_rows_does_not_matter_and_reading_gives_the_same_back(tmp_path: Path) -> None:
    first = compute_sketch(snapshot(tmp_path / "a", people()))
    second = compute_sketch(snapshot(tmp_path / "b", people().reverse()))
    assert first.to_json() == second.to_json()
    path = tmp_path / "sketch.json"
    path.write_text(first.to_json(), encoding="utf-8")
    assert read_sketch(path) == first
    assert read_sketch(path).to_json() == first.to_json()


def test_a_missing_a_damaged_and_an_edited_file_are_told(tmp_path: Path) -> None:
    path = tmp_path / "sketch.json"
    with pytest.raises(EvidenceError, match="missing"):
        read_sketch(path)
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(EvidenceError, match="not a sketch"):
        read_sketch(path)
    content = json.loads(compute_sketch(snapshot(tmp_path, people())).to_json())
    content["columns"][2]["counts"]["train"][0] += 1
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(EvidenceError, match="changed after it was written"):
        read_sketch(path)


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_hardly_any_rows_give_a_sketch_without_bins(tmp_path: Path, rows: int) -> None:
    sketch = compute_sketch(snapshot(tmp_path, people().head(rows)))
    assert sketch.rows == rows
    assert all(not column.cuts and not column.levels for column in sketch.columns)
    assert sketch.intact


def test_without_a_snapshot_it_is_empty(tmp_path: Path) -> None:
    made = snapshot(tmp_path, people(20))
    from governance.evidence import Outcome
    from governance.manifest import Manifest

    failed = Manifest(dataset="toy", outcome=Outcome.FAILED, reason="no file", declared="", code="", source_path="x")
    sketch = compute_sketch(Snapshot(failed, made.folder, made.contract_folder))
    assert isinstance(sketch, Sketch)
    assert (sketch.rows, sketch.columns) == (0, ())
    assert sketch.intact
