"""The Hugging Face card: read back by the Hub's own library, offline, and checked against what was counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import DatasetCard
from ruamel.yaml import YAML

from governance.dataset import DataConfig, Modality, Role, Task
from governance.documents.datasets import render_dataset_documents
from governance.documents.facts import DatasetFacts
from governance.documents.hub import (
    KEYS,
    LICENCES,
    MOST_FEATURES,
    SIZES,
    card_data,
    hub_licence,
    problems_with,
    size_category,
    yaml_text,
)
from governance.manifest import Manifest

Facts = Callable[..., DatasetFacts]
REPOSITORY = Path(__file__).parents[2]


def card_text(facts: DatasetFacts, folder: Path) -> str:
    render_dataset_documents(facts, folder, REPOSITORY)
    return (folder / "README.md").read_text(encoding="utf-8")


def about(facts: DatasetFacts, **rest: Any) -> DatasetFacts:
    words = facts.dataset.about.model_copy(update=rest)
    return replace(facts, dataset=facts.dataset.model_copy(update={"about": words}))


def test_the_library_reads_back_what_was_meant(make_facts: Facts, tmp_path: Path) -> None:
    facts = make_facts()
    text = card_text(facts, tmp_path)
    card = DatasetCard(text)
    assert card.data.to_dict() == card_data(facts)
    assert card.text.lstrip().startswith("# Breast masses\n")
    again = DatasetCard(str(card))
    assert again.data.to_dict() == card_data(facts)
    assert not problems_with(card.data.to_dict(), facts)


@pytest.mark.parametrize(
    "text",
    [
        "no",
        "on",
        "1e3",
        "012",
        "2026-01-01",
        "null",
        "a: b",
        "# c",
        "- d",
        "'q\"",
        "{x}",
        "[y]",
        "&z",
        "!t",
        "é 漢\u202e\n---\nx",
        "",
        "~",
        "y",
    ],
)
def test_text_stays_text_in_both_versions_of_yaml(make_facts: Facts, tmp_path: Path, text: str) -> None:
    import yaml

    data = {"pretty_name": text, "tags": [text], "n": 3, "b": True, "deep": [{"name": text, "dtype": "x"}]}
    read = [yaml.safe_load(yaml_text(data)), YAML(typ="safe", pure=True).load(yaml_text(data))]
    assert read[0] == read[1]
    assert read[0]["n"] == 3
    assert read[0]["b"] is True
    assert isinstance(read[0]["pretty_name"], str)
    if text.isprintable():
        assert read[0] == data
    card = DatasetCard(card_text(about(make_facts(), title=text or "x"), tmp_path))
    assert isinstance(card.data.to_dict()["pretty_name"], str)


@pytest.mark.parametrize(
    ("licence", "url", "expected"),
    [
        ("CC-BY-4.0", "", {"license": "cc-by-4.0"}),
        ("Apache-2.0", "", {"license": "apache-2.0"}),
        ("GPL-3.0-or-later", "", {"license": "gpl-3.0"}),
        ("GFDL-1.3-only", "", {"license": "gfdl"}),
        ("ODbL-1.0", "", {"license": "odbl"}),
        ("", "", {"license": "unknown"}),
        ("Not stated by the authors.", "", {"license": "unknown"}),
        ("BUSL-1.1", "", {"license": "other", "license_name": "BUSL-1.1"}),
        (
            "Terms of the hospital",
            "https://example.org/terms",
            {"license": "other", "license_name": "Terms of the hospital", "license_link": "https://example.org/terms"},
        ),
        ("Terms", "javascript:alert(1)", {"license": "other", "license_name": "Terms"}),
    ],
)
def test_licences(make_facts: Facts, licence: str, url: str, expected: dict[str, str]) -> None:
    data = card_data(about(make_facts(), licence=licence, licence_url=url))
    assert {key: value for key, value in data.items() if key.startswith("license")} == expected


def test_every_licence_of_the_hub_is_found_by_its_name() -> None:
    assert all(hub_licence(name) == name for name in LICENCES - {"other"})
    assert hub_licence("other") is None


@pytest.mark.parametrize(
    ("rows", "band"), [(0, "n<1K"), (999, "n<1K"), (1000, "1K<n<10K"), (10**7, "10M<n<100M"), (10**12, "n>1T")]
)
def test_size_bands(rows: int, band: str) -> None:
    assert size_category(rows) == band
    assert band in SIZES


@pytest.mark.parametrize(
    ("modality", "task", "category"),
    [
        (Modality.TABULAR, Task.CLASSIFICATION, ["tabular-classification"]),
        (Modality.IMAGE, Task.CLASSIFICATION, ["image-classification"]),
        (Modality.TABULAR, Task.REGRESSION, ["tabular-regression"]),
        (Modality.IMAGE, Task.REGRESSION, None),
        (Modality.TEXT, Task.NONE, None),
    ],
)
def test_task_and_modality(
    make_facts: Facts,
    make_manifest: Callable[..., Manifest],
    modality: Modality,
    task: Task,
    category: list[str] | None,
) -> None:
    facts = make_facts(manifest=make_manifest(modality=modality))
    target = "diagnosis" if task.labels_audited else None
    data = facts.dataset.model_copy(update={"data": DataConfig(path="x.csv", task=task, target=target)})
    made = card_data(replace(facts, dataset=data))
    assert made.get("task_categories") == category
    assert made["tags"][0] == modality.value


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        ({"license": "CC BY 4.0"}, "license"),
        ({"license": "other"}, "license_name"),
        ({"language": ["English"]}, "language"),
        ({"task_categories": ["guessing"]}, "task_categories"),
        ({"size_categories": ["n<2K"]}, "size_categories"),
        ({"tags": ["cytology"]}, "modality"),
        ({"licence": "mit"}, "licence"),
        ({"dataset_info": {"splits": [{"name": "train", "num_examples": 1}], "features": []}}, "splits"),
    ],
)
def test_the_validator_objects(make_facts: Facts, damage: dict[str, Any], problem: str) -> None:
    facts = make_facts()
    assert any(problem in text for text in problems_with(card_data(facts) | damage, facts))


def test_keys_are_those_that_are_written(make_facts: Facts) -> None:
    full = card_data(about(make_facts(), licence="Terms", licence_url="https://example.org"))
    assert [key for key in KEYS if key in full] == list(full)


def test_a_dataset_that_could_not_be_read_has_a_valid_card(
    make_facts: Facts, make_manifest: Callable[..., Manifest], tmp_path: Path
) -> None:
    facts = make_facts(manifest=make_manifest(digest="", rows=0, splits={}, columns=()))
    card = DatasetCard(card_text(facts, tmp_path))
    assert "dataset_info" not in card.data.to_dict()
    assert not problems_with(card.data.to_dict(), facts)


def test_the_datasets_library_loads_the_snapshot_by_its_card(
    make_facts: Facts, make_manifest: Callable[..., Manifest], tmp_path: Path
) -> None:
    import polars as pl

    facts = make_facts(manifest=make_manifest(splits={"train": 2, "test": 1}, rows=3))
    folder = tmp_path / "hub"
    card_text(facts, folder)
    for split, rows in (("train", 2), ("test", 1)):
        keys = {"row_id": ["a", "b"], "source_file": ["f", "f"], "source_row": [0, 1], "split": [split, split]}
        values = {"patient": ["x", "y"], "age": [1, 2], "mean_radius": [0.5, 1.5], "diagnosis": ["B", "M"]}
        pl.DataFrame(keys | values).head(rows).write_parquet(folder / f"{split}.parquet")
    from datasets import load_dataset

    loaded = load_dataset(str(folder), cache_dir=str(tmp_path / "cache"))
    assert {name: part.num_rows for name, part in loaded.items()} == {"train": 2, "test": 1}
    assert loaded["train"].features["mean_radius"].dtype == "float64"


def test_a_column_that_is_the_key_split_is_one_feature(
    make_facts: Facts, make_manifest: Callable[..., Manifest]
) -> None:
    columns = make_manifest().columns
    divided = (*columns, columns[-1].model_copy(update={"name": "split", "role": Role.SPLIT}))
    facts = make_facts(manifest=make_manifest(columns=divided))
    data = card_data(facts)
    names = [feature["name"] for feature in data["dataset_info"]["features"]]
    assert names == ["row_id", "source_file", "source_row", "split", *(column.name for column in columns)]
    assert not problems_with(data, facts)


def test_the_columns_of_a_wide_table_are_read_in_its_files(
    make_facts: Facts, make_manifest: Callable[..., Manifest], tmp_path: Path
) -> None:
    import polars as pl
    from datasets import load_dataset

    template = make_manifest().columns[2]
    for count in (MOST_FEATURES - 4, MOST_FEATURES - 3):  # four keys of rows stand beside them
        columns = tuple(template.model_copy(update={"name": f"c{at}"}) for at in range(count))
        facts = make_facts(manifest=make_manifest(columns=columns, target=None, splits={"train": 2}, rows=2))
        assert ("features" in card_data(facts)["dataset_info"]) == (count + 4 <= MOST_FEATURES)
        assert not problems_with(card_data(facts), facts)
    folder = tmp_path / "hub"
    card_text(facts, folder)
    keys = {"row_id": ["a", "b"], "source_file": ["f", "f"], "source_row": [0, 1], "split": ["train", "train"]}
    pl.DataFrame(keys | {column.name: [0.5, 1.5] for column in columns}).write_parquet(folder / "train.parquet")
    loaded = load_dataset(str(folder), cache_dir=str(tmp_path / "cache"))["train"]
    assert loaded.num_columns == count + 4
    assert "c0" not in (folder / "README.md").read_text(encoding="utf-8").split("---")[1]
