"""Texts and images: by the dataset's embeddings between splits, embedded together with a file, by means with a sketch."""

from __future__ import annotations

import dataclasses
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from PIL import Image

from governance.asking import ask
from governance.audit import Answer
from governance.audits.drift import Drift
from governance.dataset import ColumnType, Role, Split, Task
from governance.reporting.content_comparison import compare_content
from governance.signals.compute import compute_signals
from governance.signals.settings import SignalsConfig
from governance.sketches import Sketch
from governance.sketches.compute import compute_sketch
from governance.sketches.content import text_moments
from governance.snapshot import Snapshot
from governance.testing import make_snapshot

WORDS = np.array([f"word{number:02d}" for number in range(80)])


def texts(seed: int, rows: int = 300, *, about: int = 0) -> pl.DataFrame:
    """Texts of like length; `about` moves which words are frequent."""
    random = np.random.default_rng(seed)
    share = np.roll(1 / np.arange(1, 81), about)
    chosen = random.choice(WORDS, (rows, 15), p=share / share.sum())
    return pl.DataFrame({"note": [" ".join(row) for row in chosen], "label": random.choice(["a", "b"], rows)})


def images(seed: int, rows: int = 200, *, corner: float = 0.0) -> pl.DataFrame:
    """Noise; `corner` brightens one corner and darkens another, so that mean brightness stays."""
    random = np.random.default_rng(seed)
    content = []
    for _ in range(rows):
        values = random.normal(120, 30, (12, 12))
        values[:4, :4] += corner
        values[8:, 8:] -= corner
        buffer = BytesIO()
        Image.fromarray(np.clip(values, 0, 255).astype(np.uint8)).save(buffer, format="PNG")
        content.append(buffer.getvalue())
    return pl.DataFrame({"scan": content, "label": random.choice(["a", "b"], rows)})


def made(folder: Path, frame: pl.DataFrame, **further: Any) -> Snapshot:
    values: dict[str, Any] = {"target": "label", "task": Task.CLASSIFICATION, "public": True}
    if "note" in frame.columns:
        values |= {"types": {"note": ColumnType.TEXT}, "roles": {Role.TEXT: ("note",)}}
    return make_snapshot(folder, frame, **(values | further))


def rules(snapshot: Snapshot, **settings: Any) -> set[str]:
    answer = asked(snapshot, **settings)
    return {finding.rule for finding in answer.findings}


def asked(snapshot: Snapshot, **settings: Any) -> Answer:
    answer = ask(Drift(**settings), snapshot)
    assert answer.code not in {"crashed", "reference_unreadable"}, answer.reason
    return answer


@pytest.mark.parametrize(("kind", "moved"), [(texts, {"about": 9}), (images, {"corner": 12.0})])
def test_between_splits_by_the_embeddings_of_the_dataset(tmp_path: Path, kind: Any, moved: dict[str, Any]) -> None:
    for name, now, expected in (("same", kind(2), set()), ("moved", kind(3, **moved), {"drift/joint"})):
        parts = [kind(1).with_columns(part=pl.lit("train")), now.with_columns(part=pl.lit("test"))]
        split = Split(method="column", column="part")
        snapshot = made(tmp_path / name, pl.concat(parts), split=split)
        folder = tmp_path / name / "signals"
        folder.mkdir()
        compute_signals(snapshot, folder, SignalsConfig(folds=3))
        answer = asked(dataclasses.replace(snapshot, signals_folder=folder))
        assert {finding.rule for finding in answer.findings} == expected
    assert answer.rows is not None
    assert set(answer.rows["rule"]) == {"drift/joint"}


@pytest.mark.parametrize(("kind", "moved"), [(texts, {"about": 9}), (images, {"corner": 12.0})])
def test_with_a_file_of_rows_both_are_embedded_together(tmp_path: Path, kind: Any, moved: dict[str, Any]) -> None:
    (tmp_path / "references").mkdir()
    kind(1).write_parquet(tmp_path / "references" / "old.parquet")
    assert rules(made(tmp_path, kind(2)), reference="references/old.parquet") == set()
    assert rules(made(tmp_path, kind(3, **moved)), reference="references/old.parquet") == {"drift/joint"}


@pytest.mark.parametrize(("kind", "moved"), [(texts, {"about": 9}), (images, {"corner": 12.0})])
def test_with_a_sketch_by_means_of_an_embedding_that_needs_no_data(
    tmp_path: Path, kind: Any, moved: dict[str, Any]
) -> None:
    path = tmp_path / "sketch.json"
    path.write_text(compute_sketch(made(tmp_path / "old", kind(1))).to_json(), encoding="utf-8")
    same = dataclasses.replace(made(tmp_path / "same", kind(2)), reference_file=path)
    assert rules(same) == set()
    changed = dataclasses.replace(made(tmp_path / "changed", kind(3, **moved)), reference_file=path)
    assert rules(changed) == {"drift/embedding"}
    names = {metric.name for metric in asked(changed).metrics}
    assert "changed_content" in names


def test_few_texts_beside_many_of_the_same_kind_raise_no_more_alarms_than_allowed(tmp_path: Path) -> None:
    random = np.random.default_rng(6)
    vocabulary = np.array([f"term{number}" for number in range(2000)])
    share = 1 / np.arange(1, 2001)
    rows = [" ".join(words) for words in random.choice(vocabulary, (20_000, 8), p=share / share.sum())]
    snapshot = made(tmp_path, texts(1, 60))
    sketch = compute_sketch(snapshot)
    column = sketch.column("note")
    assert column is not None

    def beside(count: int) -> Sketch:
        taken, mean, sd = text_moments(random.choice(rows, count).tolist())
        update = {"content_rows": taken, "content_mean": mean, "content_sd": sd}
        return sketch.model_copy(update={"columns": (column.model_copy(update=update),)})

    found = [compare_content(beside(1000), snapshot, beside(60)) for _ in range(250)]
    p_values = np.array([test.p_value for test in found if test is not None])
    assert p_values.size == 250
    assert (p_values <= 0.05).mean() <= 0.1


def test_a_sketch_without_means_of_content_is_still_read(tmp_path: Path) -> None:
    old = compute_sketch(made(tmp_path / "old", texts(1)))
    bare = {"content_rows": None, "content_mean": (), "content_sd": ()}
    older = old.model_copy(update={"columns": tuple(column.model_copy(update=bare) for column in old.columns)})
    path = tmp_path / "sketch.json"
    path.write_text(older.sealed().to_json(), encoding="utf-8")
    assert "content" not in path.read_text(encoding="utf-8")
    changed = dataclasses.replace(made(tmp_path / "changed", texts(3, about=9)), reference_file=path)
    assert rules(changed) == set()
