"""The head of a Hugging Face model card with its `model-index`, and a validator of it that needs no network.

Keys and nesting: huggingface/hub-docs, modelcard.md, as `huggingface_hub.ModelCard` reads them. What is reported there
is what evaluations measured on rows that the model was not fitted on, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from markupsafe import Markup

from governance.canonical import DECIMALS
from governance.documents.facts import ModelFacts
from governance.documents.hub import LICENCES, TASK_CATEGORIES, TASKS, licence_keys, yaml_text
from governance.evidence import Metric
from governance.render import visible

KEYS = ("license", "license_name", "license_link", "library_name", "pipeline_tag", "tags", "metrics", "model-index")
"""Keys of a card's head, in the order in which they are written."""
LIBRARIES = {"estimator": "sklearn", "skops": "sklearn", "onnx": "onnx"}
"""Form of a model to the Hub's name of the library that opens it."""
_HUB_METRICS = {
    "macro_f1": "f1",
    "mean_absolute_error": "mae",
    "root_mean_squared_error": "rmse",
    "pearson_correlation": "pearsonr",
}
"""Our names to the Hub's, where both mean the same."""


def model_card_head(facts: ModelFacts) -> Markup:
    """The head as YAML text."""
    return Markup(yaml_text(model_card_data(facts)).rstrip("\n"))  # noqa: S704 - YAML, quoted by the emitter


def model_card_data(facts: ModelFacts) -> dict[str, Any]:
    """The head as plain values, in a fixed order. What is not declared or not measured is left out."""
    about: Mapping[str, Any] = facts.model.get("about") or {}
    data: dict[str, Any] = licence_keys(str(about.get("licence") or ""), "")
    library = next((name for form, name in LIBRARIES.items() if facts.model.get(form)), "")
    if library:
        data["library_name"] = library
    category = TASK_CATEGORIES.get((facts.data.modality, facts.data.task), ("", ""))[0]
    if category:
        data["pipeline_tag"] = category
    data["tags"] = [facts.data.modality.value]
    reported = list(reported_metrics(facts))
    if not (category and reported):
        return data
    data["metrics"] = list(dict.fromkeys(_hub_name(metric) for _, metric in reported))
    data["model-index"] = [{"name": visible(facts.title), "results": _results(facts, category)}]
    return data


def _results(facts: ModelFacts, category: str) -> list[dict[str, Any]]:
    """One entry per held-out split, with all that was measured on it."""
    by_split: dict[str, list[dict[str, Any]]] = {}
    for audit, metric in reported_metrics(facts):
        by_split.setdefault(metric.group, []).append(_metric(audit, metric))
    return [
        {
            "task": {"type": category},
            "dataset": {
                "type": facts.data.name,
                "name": visible(facts.data.title or facts.data.name),
                "split": split,
                **({"revision": facts.data.digest} if facts.data.digest else {}),
            },
            "metrics": metrics,
        }
        for split, metrics in by_split.items()
    ]


def reported_metrics(facts: ModelFacts) -> Iterator[tuple[str, Metric]]:
    """Measures of how good the model is on a held-out split as a whole, one of each name and split."""
    seen: set[tuple[str, str]] = set()
    for item in facts.evidence:
        for metric in item.metrics:
            held_out = metric.group in facts.data.splits and metric.group != "train"
            key = (metric.name, metric.group)
            if held_out and metric.value is not None and metric.better != "neither" and key not in seen:
                seen.add(key)
                yield item.audit, metric


def _metric(audit: str, metric: Metric) -> dict[str, Any]:
    assert metric.value is not None
    args: dict[str, Any] = {"evaluation": audit}
    if metric.n is not None:
        args["n"] = metric.n
    if metric.low is not None and metric.high is not None:
        args |= {"low": round(metric.low, DECIMALS), "high": round(metric.high, DECIMALS), "interval": metric.interval}
    name = metric.name.replace("_", " ")
    return {"type": _hub_name(metric), "value": round(metric.value, DECIMALS), "name": name, "args": args}


def _hub_name(metric: Metric) -> str:
    return _HUB_METRICS.get(metric.name, metric.name)


def problems_with(data: Mapping[str, Any], facts: ModelFacts) -> list[str]:
    """What the Hub, or a reader who compares it with the evidence, would object to in a card's head."""
    found = [f"{key}: not a key that this project writes" for key in data if key not in KEYS]
    if data.get("license") not in LICENCES:
        found.append(f"license: {data.get('license')!r} is no identifier of the Hub")
    if data.get("license") == "other" and not data.get("license_name"):
        found.append("license: other needs license_name")
    if data.get("pipeline_tag") is not None and data["pipeline_tag"] not in TASKS:
        found.append(f"pipeline_tag: {data['pipeline_tag']!r} is unknown")
    measured = {(_hub_name(m), m.group): round(m.value or 0.0, DECIMALS) for _, m in reported_metrics(facts)}
    said: dict[tuple[str, str], Any] = {}
    for model in data.get("model-index", []):
        found += [] if model.get("name") else ["model-index: a model without a name"]
        for number, result in enumerate(model.get("results", []), start=1):
            where, dataset = f"model-index: result {number}", result.get("dataset", {})
            found += [] if result.get("task", {}).get("type") else [f"{where}: no task.type"]
            found += [f"{where}: no dataset.{key}" for key in ("type", "name") if not dataset.get(key)]
            if dataset.get("revision", "") != facts.data.digest:
                found.append(f"{where}: dataset.revision is not the digest of the data")
            for metric in result.get("metrics", []):
                said[str(metric.get("type")), str(dataset.get("split"))] = metric.get("value")
    if "pipeline_tag" in data and said != measured:
        wrong = sorted(key for key in said.keys() | measured.keys() if said.get(key) != measured.get(key))
        found.append(f"model-index: not what was measured: {', '.join(f'{m} on {s}' for m, s in wrong)}")
    return found
