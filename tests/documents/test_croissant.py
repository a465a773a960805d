"""The Croissant document: read back by the specification's own library, and checked where that library looks away."""

from __future__ import annotations

import copy
import datetime
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import mlcroissant
import polars as pl
import pytest
from small_workspace import build

from governance.dataset import About, ColumnType, Role, Split, Task
from governance.documents.answers import Answers
from governance.documents.croissant import CONFORMS_TO, croissant_data, croissant_text, version
from governance.documents.croissant_check import problems_with, undeclared
from governance.documents.croissant_rai import NAMES
from governance.documents.datasets import render_dataset_documents
from governance.documents.facts import DatasetFacts
from governance.documents.registry import Lacks, problems
from governance.snapshot import Snapshot
from governance.testing import make_snapshot

Facts = Callable[..., DatasetFacts]
GOLDEN = Path(__file__).parent / "golden"
REPOSITORY = Path(__file__).parents[2]


def opened(path: Path) -> mlcroissant.Dataset:
    """What the library makes of `path`, after nothing at all to complain about."""
    dataset = mlcroissant.Dataset(path)
    assert not dataset.metadata.ctx.issues.errors
    assert not dataset.metadata.ctx.issues.warnings
    return dataset


def written(text: str, folder: Path) -> Path:
    path = folder / "reports" / "datasets" / "toy" / "croissant.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def facts_of(snapshot: Snapshot, facts: DatasetFacts) -> DatasetFacts:
    """The fixed declaration, about a snapshot that is really there."""
    return replace(facts, name=snapshot.name, manifest=snapshot.manifest, evidence=(), answers=Answers())


def test_golden(make_facts: Facts, tmp_path: Path) -> None:
    render_dataset_documents(make_facts(), tmp_path, REPOSITORY)
    text = (tmp_path / "croissant.json").read_text(encoding="utf-8")
    golden = GOLDEN / "dataset_croissant.json"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def test_the_library_finds_no_error_and_no_warning(
    make_facts: Facts, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    dataset = opened(written(croissant_text(make_facts()), tmp_path))
    assert not caplog.records
    assert (dataset.metadata.name, dataset.metadata.version) == ("Breast masses", "2.1.0")
    assert dataset.metadata.ctx.conforms_to.value == CONFORMS_TO[0]
    assert not problems_with(croissant_data(make_facts()), make_facts())


def test_the_text_is_the_data(make_facts: Facts) -> None:
    assert json.loads(croissant_text(make_facts())) == croissant_data(make_facts())


FRAME = pl.DataFrame(
    {
        "count": list(range(40)),
        "size": [None if row == 3 else row / 8 for row in range(40)],
        "good": [row % 3 == 0 for row in range(40)],
        "kind": ["oak" if row % 2 else "elm" for row in range(40)],
        "day": [datetime.date(2026, 1, 1) + datetime.timedelta(days=row) for row in range(40)],
        "at": [datetime.datetime(2026, 1, 1, 12) + datetime.timedelta(hours=row) for row in range(40)],
        'odd: "name" <b>/\u202e@type': [f"text {row}" for row in range(40)],
        "rows": [1] * 40,
    }
)


@pytest.mark.parametrize("method", ["none", "ratio"])
def test_the_library_reads_every_record(make_facts: Facts, tmp_path: Path, method: str) -> None:
    snapshot = make_snapshot(
        tmp_path, FRAME, target="kind", task=Task.CLASSIFICATION, split=Split(method=method, test=0.25)
    )
    facts = facts_of(snapshot, make_facts())
    dataset = opened(written(croissant_text(facts), tmp_path))
    ours = ["row_id", "count", "size", "good", "kind", "day", "at", 'odd: "name" <b>/\u202e@type', "rows", "split"]
    ids = {'odd: "name" <b>/\u202e@type': "column_7", "rows": "column_8"}
    for split, rows in snapshot.manifest.splits.items():
        records = list(dataset.records(split))
        assert len(records) == rows
        held = pl.read_parquet(tmp_path / "build" / "toy" / "snapshot" / f"{split}.parquet").select(ours)
        for record, row in zip(records, held.iter_rows(named=True), strict=True):
            for name, value in row.items():
                read = record[f"{split}/{ids.get(name, name)}"]
                read = read.decode() if isinstance(read, bytes) else read
                assert (read.date() if name == "day" else read) == value
    assert [record["splits/name"] for record in dataset.records("splits")] == list(snapshot.manifest.splits)


def test_images_are_read_as_images(make_facts: Facts, tmp_path: Path) -> None:
    from io import BytesIO

    from PIL import Image

    drawn = BytesIO()
    Image.new("L", (3, 2), 7).save(drawn, "PNG")
    frame = pl.DataFrame({"picture": [drawn.getvalue()] * 4, "label": ["a", "b", "a", "b"]})
    snapshot = make_snapshot(tmp_path, frame, types={"picture": ColumnType.IMAGE}, target="label")
    dataset = opened(written(croissant_text(facts_of(snapshot, make_facts())), tmp_path))
    (split,) = snapshot.splits
    first = next(iter(dataset.records(split)))
    assert (first[f"{split}/picture"].size, first[f"{split}/picture"].getpixel((0, 0))) == ((3, 2), 7)


def test_other_data_is_not_read(make_facts: Facts, tmp_path: Path) -> None:
    snapshot = make_snapshot(tmp_path, FRAME)
    path = written(croissant_text(facts_of(snapshot, make_facts())), tmp_path)
    (split,) = snapshot.splits
    FRAME.write_parquet(tmp_path / "build" / "toy" / "snapshot" / f"{split}.parquet")
    with pytest.raises(mlcroissant.GenerationError) as caught:
        next(iter(opened(path).records(split)))
    assert "Hash of downloaded file" in str(caught.value.__cause__)


def test_a_private_value_is_not_in_the_document(make_facts: Facts, tmp_path: Path) -> None:
    frame = FRAME.with_columns(mail=pl.Series([f"canary{row}@example.org" for row in range(40)]))
    snapshot = make_snapshot(tmp_path, frame, roles={Role.IDENTIFIER: ("mail",)}, target="mail")
    text = croissant_text(facts_of(snapshot, make_facts()))
    assert '"mail"' in text
    assert "canary" not in text


def test_where_the_pipeline_puts_it_the_library_reads_it(tmp_path: Path) -> None:
    workspace = build(tmp_path / "trees")
    dataset = mlcroissant.Dataset(workspace.report("trees") / "croissant.json")
    read = {split: sum(1 for _ in dataset.records(split)) for split in ("train", "test")}
    assert sum(read.values()) == 120
    assert "croissant.json" in (workspace.report("trees") / "documents.json").read_text(encoding="utf-8")


BROKEN: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "name": (lambda data: data.pop("name"), "name: missing"),
    "blank name": (lambda data: data.update(name=" \t"), "name: missing"),
    "address": (lambda data: data.pop("url"), "declare about.url in params.yaml"),
    "no address": (lambda data: data.update(url="see the paper"), "url: 'see the paper' is no address"),
    "blank description": (lambda data: data.update(description=" "), "declare about.description"),
    "nameless creator": (lambda data: data["creator"][0].pop("name"), "creator: one has no name"),
    "blank creator": (lambda data: data["creator"][-1].update(name=" "), "creator: one has no name"),
    "no day": (lambda data: data.update(datePublished="1995-02-30"), "'1995-02-30' is no date"),
    "no month": (lambda data: data.update(datePublished="1995-13"), "'1995-13' is no date"),
    "file elsewhere": (
        lambda data: data["distribution"][0].update(contentUrl="../../../build/masses/train.parquet"),
        "train.parquet: contentUrl '../../../build/masses/train.parquet' leads to no file of the snapshot",
    ),
    "file of another split": (
        lambda data: data["distribution"][0].update(contentUrl=data["distribution"][1]["contentUrl"]),
        "leads to no file of the snapshot",
    ),
    "doubled file": (
        lambda data: data["distribution"].append(data["distribution"][0]),
        "two files have one @id",
    ),
    "field of another split": (
        lambda data: data["recordSet"][1]["field"][-1]["source"].update(fileObject={"@id": "test.parquet"}),
        "train: field 'diagnosis' is read from 'test.parquet', not from train.parquet",
    ),
    "all fields of another split": (
        lambda data: [
            field["source"].update(fileObject={"@id": "test.parquet"}) for field in data["recordSet"][1]["field"]
        ],
        "train: field 'row_id' is read from 'test.parquet'",
    ),
    "row id of another split": (
        lambda data: data["recordSet"][1]["field"][0]["source"].update(fileObject={"@id": "test.parquet"}),
        "train: field 'row_id' is read from 'test.parquet'",
    ),
    "key": (lambda data: data["recordSet"][1].update(key={"@id": "train/nothing"}), "its key is none of its fields"),
    "description": (lambda data: data.pop("description"), "declare about.description"),
    "licence": (lambda data: data.pop("license"), "declare about.licence"),
    "creator": (lambda data: data.pop("creator"), "declare about.creators"),
    "date": (lambda data: data.update(datePublished="last year"), "'last year' is no date"),
    "version": (lambda data: data.update(version="November 1995"), "not MAJOR.MINOR.PATCH"),
    "conformance": (lambda data: data.update(conformsTo=[CONFORMS_TO[1]]), "croissant/1.1 is not named"),
    "spelling": (lambda data: data.update({"rai:useCases": "x"}), "rai:useCases: no such property"),
    "file": (lambda data: data["distribution"].pop(), "no file for split test"),
    "digest": (lambda data: data["distribution"][0].update(sha256="0" * 64), "sha256 is not the one in the manifest"),
    "media type": (
        lambda data: data["distribution"][0].update(encodingFormat="application/vnd.apache.parquet"),
        "encodingFormat",
    ),
    "records": (lambda data: data["recordSet"].pop(), "none for split test"),
    "count": (lambda data: data["recordSet"][1]["annotation"].update(value=1), "the row count is not the 426"),
    "column": (lambda data: data["recordSet"][1]["field"].pop(), "'diagnosis' is not described"),
    "type": (lambda data: data["recordSet"][1]["field"][-2].update(dataType="sc:Text"), "'mean_radius' is not"),
    "doubled": (
        lambda data: data["recordSet"][1]["field"].append(data["recordSet"][1]["field"][-1]),
        "two fields have one name",
    ),
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_missing_or_wrong_is_found(make_facts: Facts, what: str) -> None:
    spoil, message = BROKEN[what]
    data = copy.deepcopy(croissant_data(make_facts()))
    spoil(data)
    assert any(message in problem for problem in problems_with(data, make_facts()))


@pytest.mark.parametrize(
    "what",
    [
        *("name", "blank name", "address", "no address", "description", "creator", "nameless creator", "digest"),
        *("spelling", "file elsewhere", "all fields of another split"),
    ],
)
def test_the_library_alone_would_let_it_pass(make_facts: Facts, tmp_path: Path, what: str) -> None:
    """Why there is a check of our own. When this fails, the library has learnt something."""
    data = copy.deepcopy(croissant_data(make_facts()))
    BROKEN[what][0](data)
    opened(written(json.dumps(data), tmp_path))


def test_nothing_is_made_up(make_facts: Facts) -> None:
    facts = make_facts()
    bare = replace(facts, dataset=facts.dataset.model_copy(update={"about": About()}), answers=Answers())
    data = croissant_data(bare)
    assert not {"description", "url", "license", "creator", "publisher", "datePublished", "citeAs"} & data.keys()
    assert "rai:dataUseCases" not in data
    assert undeclared(bare) == ("description", "url", "licence", "creators", "published", "citation")
    assert undeclared(facts) == ()
    assert len([problem for problem in problems_with(data, bare) if "declare about." in problem]) == 6


def test_only_what_a_declaration_mends_is_no_fault(make_facts: Facts) -> None:
    facts = make_facts()
    words = facts.dataset.about.model_copy(update={"url": "see the paper", "creators": (" ",), "citation": ""})
    bare = replace(facts, dataset=facts.dataset.model_copy(update={"about": words}))
    assert undeclared(bare) == ("url", "creators", "citation")
    found = problems("dataset", bare)
    assert {(file, problem.partition(":")[0]) for file, problem in found if isinstance(problem, Lacks)} == {
        ("croissant.json", "url"), ("croissant.json", "citeAs"), ("croissant.json", "creator"),
    }  # fmt: skip
    assert not [problem for _, problem in found if not isinstance(problem, Lacks)]


def test_what_is_not_declared_is_asked_for_on_the_first_screen(make_facts: Facts, tmp_path: Path) -> None:
    facts = make_facts()
    words = facts.dataset.about.model_copy(update={"published": "", "url": ""})
    bare = replace(facts, dataset=facts.dataset.model_copy(update={"about": words}))
    render_dataset_documents(bare, tmp_path, REPOSITORY)
    text = (tmp_path / "datasheet.md").read_text(encoding="utf-8")
    assert "- **Declare**: about.url and about.published in params.yaml: without them croissant.json" in text
    render_dataset_documents(facts, tmp_path, REPOSITORY)
    assert "**Declare**" not in (tmp_path / "datasheet.md").read_text(encoding="utf-8")


def test_no_snapshot_is_said(make_facts: Facts) -> None:
    facts = make_facts()
    unread = replace(facts, manifest=facts.manifest.model_copy(update={"digest": "", "columns": (), "splits": {}}))
    data = croissant_data(unread)
    assert not {"distribution", "recordSet"} & data.keys()
    assert "distribution: there is no snapshot to describe" in problems_with(data, unread)


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ("2.1", "2.1.0"),
        ("2004", "2004.0.0"),
        ("1.2.3", "1.2.3"),
        ("November 1995", "0.0.0+0123456789ab"),
        ("", "0.0.0+0123456789ab"),
        ("1.02", "0.0.0+0123456789ab"),
    ],
)
def test_versions(declared: str, expected: str) -> None:
    assert version(declared, "sha256:" + "0123456789abcdef" * 4) == expected


def test_responsible_ai_says_what_the_datasheet_says(make_facts: Facts) -> None:
    data: Mapping[str, Any] = croissant_data(make_facts())
    assert {key for key in data if key.startswith("rai:")} <= NAMES
    assert "mean_radius: 12 of 569 (2.1 %)." in data["rai:dataCollectionMissingData"]
    assert "The outline could not be drawn." in data["rai:dataCollectionMissingData"]
    assert data["rai:dataLimitations"][:2] == [
        "Not to be used: To diagnose without a physician.",
        "3 values of mean_radius are below 0.",
    ]


def test_a_clean_audit_says_what_it_cannot_see(make_facts: Facts, make_evidence: Callable[..., Any]) -> None:
    data = croissant_data(make_facts(evidence=(make_evidence(findings=()),)))
    assert data["rai:dataLimitations"][-1].startswith("Label noise: looked for labels that a model, trained without")
    assert "cannot see errors that follow the features" in data["rai:dataLimitations"][-1]


def test_what_cannot_be_seen_is_spelt_out(make_facts: Facts) -> None:
    facts = make_facts()
    words = facts.dataset.about.model_copy(update={"description": "</script>\u202e\x1b[31m\u200b 漢 \U000e0041"})
    text = croissant_text(replace(facts, dataset=facts.dataset.model_copy(update={"about": words})))
    assert "<" not in text
    assert not any(character in text for character in "\u202e\x1b\u200b\U000e0041")
    assert json.loads(text)["description"] == words.description


def test_a_wide_table_stays_small(make_facts: Facts) -> None:
    facts = make_facts()
    wide = tuple(facts.manifest.columns[2].model_copy(update={"name": f"c{number}"}) for number in range(5000))
    manifest = facts.manifest.model_copy(update={"columns": wide})
    text = croissant_text(replace(facts, manifest=manifest))
    assert len(text.encode()) < 200_000
    assert "columns more are in the file." in text
    assert not problems_with(json.loads(text), replace(facts, manifest=manifest))
