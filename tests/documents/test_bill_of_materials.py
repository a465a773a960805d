"""The bill of materials of a model: valid by a validator of the format's own people, and made of evidence alone."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from governance.documents.facts import ModelFacts
from governance.documents.model_formats.bill_of_materials import FILE, bill_of_materials
from governance.documents.models import render_model_documents
from governance.evidence import Evidence, Finding, Level, Metric

Facts = Callable[..., ModelFacts]
GOLDEN = Path(__file__).parent / "golden" / "model_bill_of_materials.json"
REPOSITORY = Path(__file__).parents[2]


def text_of(facts: ModelFacts, folder: Path) -> str:
    render_model_documents(facts, folder, REPOSITORY)
    return (folder / FILE).read_text(encoding="utf-8")


def refused(text: str) -> Any:
    from cyclonedx.schema import SchemaVersion  # here, as it loads for seconds in each process that collects tests
    from cyclonedx.validation.json import JsonStrictValidator

    return JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)


def test_golden(make_model_facts: Facts, tmp_path: Path) -> None:
    text = text_of(make_model_facts(), tmp_path)
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8")
    assert refused(text) is None


def test_the_validator_refuses_what_is_wrong(make_model_facts: Facts) -> None:
    bom = bill_of_materials(make_model_facts())
    assert refused(json.dumps(bom | {"invented": 1})) is not None
    bom["metadata"]["component"]["modelCard"]["quantitativeAnalysis"]["performanceMetrics"][0]["value"] = 0.5
    assert refused(json.dumps(bom)) is not None


def test_what_is_measured_on_rows_kept_aside_and_nothing_else(
    make_model_facts: Facts, make_evidence: Callable[..., Evidence]
) -> None:
    metrics = (
        Metric(name="accuracy", value=0.9, low=0.8, high=0.95, n=143, group="test", better="higher"),
        Metric(name="accuracy", value=1.0, n=426, group="train", better="higher"),
        Metric(name="accuracy", value=None, group="test", better="higher", note="cannot tell"),
    )
    facts = replace(make_model_facts(), evidence=(make_evidence(metrics=metrics),))
    card = bill_of_materials(facts)["metadata"]["component"]["modelCard"]
    assert card["quantitativeAnalysis"]["performanceMetrics"] == [
        {
            "type": "accuracy", "value": "0.9", "slice": "test",
            "confidenceInterval": {"lowerBound": "0.8", "upperBound": "0.95"},
        }
    ]  # fmt: skip


def test_data_comes_with_digest_verdict_and_findings(make_model_facts: Facts) -> None:
    facts = make_model_facts()
    wrong = Finding(
        rule="leakage/copies", level=Level.ERROR, message="12 rows stand in both splits.", remedy="Drop them."
    )
    data = replace(facts.data, findings=(wrong,), result="blocked")
    bom = bill_of_materials(replace(facts, data=data))
    (component,) = bom["components"]
    (content,) = component["data"]
    assert {one["name"]: one["value"] for one in content["contents"]["properties"]} == {
        "dataset-governance:digest": data.digest,
        "dataset-governance:verdict": "blocked",
        "dataset-governance:target": data.target,
        **{f"dataset-governance:rows_{split}": str(rows) for split, rows in data.splits.items()},
    }
    assert content["description"] == "Findings on record: 12 rows stand in both splits."
    assert bom["dependencies"][0]["dependsOn"] == [component["bom-ref"]]
    assert refused(json.dumps(bom)) is None


@pytest.mark.parametrize("about", [{}, {"developers": "one person", "licence": "made up", "caveats": []}])
def test_what_is_not_declared_is_left_out(make_model_facts: Facts, about: dict[str, Any]) -> None:
    facts = make_model_facts()
    bare = replace(
        facts, model={"dataset": "masses", "onnx": "models/m.onnx", "about": about}, evidence=(),
        data=replace(facts.data, digest="", result="", licence="", splits={}, findings=(), title=""),
    )  # fmt: skip
    bom = bill_of_materials(bare)
    assert refused(json.dumps(bom)) is None
    assert "version" not in bom["metadata"]["component"]
    assert '""' not in json.dumps(bom)


def test_hostile_words_are_spelt_out(make_model_facts: Facts) -> None:
    words = "a\u202eb\x1b[31m\n<script>"
    facts = make_model_facts()
    hostile = replace(
        facts, name=words, model={**facts.model, "about": {"title": words, "caveats": [words], "developers": [words]}},
        data=replace(facts.data, name=words, title=words, target=words),
    )  # fmt: skip
    text = json.dumps(bill_of_materials(hostile), ensure_ascii=False)
    assert refused(text) is None
    assert not [character for character in text if not character.isprintable()]
