"""The Hub's model card: read back by the Hub's own library, offline, and checked against what was measured."""

from __future__ import annotations

import copy
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import EvalResult, ModelCard

from governance.dataset import Modality, Task
from governance.documents import registry
from governance.documents.facts import ModelFacts
from governance.documents.model_formats import hub_card
from governance.documents.model_hub import KEYS, model_card_data, problems_with
from governance.documents.models import render_model_documents
from governance.evidence import Evidence, Metric

Facts = Callable[..., ModelFacts]
GOLDEN = Path(__file__).parent / "golden"
REPOSITORY = Path(__file__).parents[2]


def text_of(facts: ModelFacts, folder: Path) -> str:
    render_model_documents(facts, folder, REPOSITORY)
    return (folder / "README.md").read_text(encoding="utf-8")


def measuring(facts: ModelFacts, evidence: Callable[..., Evidence], *metrics: Metric) -> ModelFacts:
    return replace(facts, evidence=(evidence(metrics=metrics, audit="accuracy"),))


def test_golden(make_model_facts: Facts, tmp_path: Path) -> None:
    text = text_of(make_model_facts(), tmp_path)
    golden = GOLDEN / "model_README.md"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def test_the_library_reads_back_what_was_meant(make_model_facts: Facts, tmp_path: Path) -> None:
    facts = make_model_facts()
    card = ModelCard(text_of(facts, tmp_path))
    assert card.data.to_dict() == model_card_data(facts)
    assert ModelCard(str(card)).data.to_dict() == model_card_data(facts)
    assert not problems_with(card.data.to_dict(), facts)
    assert card.text.lstrip().startswith("# masses_logistic\n")
    assert list(model_card_data(facts)) == [key for key in KEYS if key in model_card_data(facts)]


def test_the_results_are_the_evidence(make_model_facts: Facts, tmp_path: Path) -> None:
    facts = make_model_facts()
    (accuracy, loss) = ModelCard(text_of(facts, tmp_path)).data.eval_results
    assert accuracy == EvalResult(
        task_type="tabular-classification",
        dataset_type="masses",
        dataset_name="Breast masses",
        dataset_split="test",
        dataset_revision="sha256:" + "d" * 64,
        metric_type="accuracy",
        metric_value=0.958042,
        metric_name="accuracy",
        metric_args={"evaluation": "accuracy", "n": 143, "low": 0.9115, "high": 0.9806, "interval": "95 % Wilson"},
    )
    assert (loss.metric_type, loss.metric_value, loss.metric_args["n"]) == ("log_loss", 0.1123, 143)


@pytest.mark.parametrize("value", [0.0, 1.0, 1e-06, 123456789.0, 0.1, -0.5, 3e5])
def test_numbers_stay_numbers(
    make_model_facts: Facts, make_evidence: Callable[..., Evidence], tmp_path: Path, value: float
) -> None:
    metric = Metric(name="accuracy", value=value, better="higher", group="test")
    facts = measuring(make_model_facts(), make_evidence, metric)
    (read,) = ModelCard(text_of(facts, tmp_path)).data.eval_results
    assert isinstance(read.metric_value, float)
    assert read.metric_value == value


@pytest.mark.parametrize(
    "metric",
    [
        Metric(name="accuracy", value=1.0, better="higher", group="train"),
        Metric(name="accuracy", value=0.9, better="higher", group="sex = a"),
        Metric(name="accuracy", value=None, better="higher", group="test", note="too few rows"),
        Metric(name="baseline_accuracy", value=0.5, group="test"),
    ],
    ids=["train", "group", "unknown", "no quality"],
)
def test_only_what_was_measured_on_a_whole_held_out_split_is_a_result(
    make_model_facts: Facts, make_evidence: Callable[..., Evidence], tmp_path: Path, metric: Metric
) -> None:
    facts = measuring(make_model_facts(), make_evidence, metric)
    assert "model-index" not in model_card_data(facts)
    assert ModelCard(text_of(facts, tmp_path)).data.eval_results is None
    assert not problems_with(model_card_data(facts), facts)


def test_regression_by_the_hubs_names(make_model_facts: Facts, make_evidence: Callable[..., Evidence]) -> None:
    metric = Metric(name="mean_absolute_error", value=3.0, unit="mg", better="lower", group="test")
    facts = measuring(make_model_facts(), make_evidence, metric)
    facts = replace(facts, data=replace(facts.data, task=Task.REGRESSION, modality=Modality.TEXT))
    data = model_card_data(facts)
    assert (data["pipeline_tag"], data["metrics"]) == ("text-classification", ["mae"])
    assert data["model-index"][0]["results"][0]["metrics"][0]["type"] == "mae"


BROKEN: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "key": (lambda data: data.update(extra=1), "not a key"),
    "licence": (lambda data: data.update(license="mine"), "no identifier of the Hub"),
    "licence name": (lambda data: data.update(license="other"), "needs license_name"),
    "task": (lambda data: data.update(pipeline_tag="magic"), "'magic' is unknown"),
    "name": (lambda data: data["model-index"][0].pop("name"), "a model without a name"),
    "task type": (lambda data: data["model-index"][0]["results"][0].pop("task"), "no task.type"),
    "dataset": (lambda data: data["model-index"][0]["results"][0]["dataset"].pop("name"), "no dataset.name"),
    "revision": (lambda data: data["model-index"][0]["results"][0]["dataset"].pop("revision"), "not the digest"),
    "value": (
        lambda data: data["model-index"][0]["results"][0]["metrics"][0].update(value=0.99),
        "not what was measured: accuracy on test",
    ),
    "left out": (lambda data: data["model-index"][0]["results"][0]["metrics"].pop(), "log_loss on test"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_wrong_is_found(make_model_facts: Facts, what: str) -> None:
    spoil, message = BROKEN[what]
    data = copy.deepcopy(model_card_data(make_model_facts()))
    spoil(data)
    assert any(message in problem for problem in problems_with(data, make_model_facts()))


def test_hostile_words_are_text(make_model_facts: Facts, tmp_path: Path) -> None:
    text = "a: b\n---\n<script>alert(1)</script> | [x](https://evil.example) \u202e"
    about = dict.fromkeys(("title", "description", "intended_use", "licence", "citation"), text)
    facts = make_model_facts(model={"dataset": "masses", "predictions": text, "about": about})
    facts = replace(facts, data=replace(facts.data, title=text))
    written = text_of(facts, tmp_path)
    card = ModelCard(written)
    assert card.data.to_dict() == model_card_data(facts)
    assert "<script" not in card.text
    assert "[x](https" not in card.text
    assert "\u202e" not in written


def test_the_check_is_run_where_the_card_is_rendered(make_model_facts: Facts, monkeypatch: pytest.MonkeyPatch) -> None:
    assert registry.problems("model", make_model_facts()) == ()
    monkeypatch.setattr(hub_card, "model_card_data", lambda facts: model_card_data(facts) | {"license": "mine"})
    assert [file for file, _ in registry.problems("model", make_model_facts())] == ["README.md"]
