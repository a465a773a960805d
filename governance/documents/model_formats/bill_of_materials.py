"""CycloneDX: the model, the data that it learnt from and what was measured, as a bill of materials.

CycloneDX 1.6 (ECMA-424), section "machine-learning-model" with its `modelCard`, and a component of type `data`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from governance.canonical import DECIMALS, canonical_json
from governance.documents.facts import ModelFacts
from governance.documents.model_hub import reported_metrics
from governance.documents.model_statements import dataset_words, type_words
from governance.documents.pages import ModelPages
from governance.evidence import Level, Metric
from governance.render import shorten, visible

FILE = "formats/bill_of_materials.cdx.json"
_NAMESPACE = "dataset-governance"
_TEXT = 1000
_MOST_FINDINGS = 20


def render(pages: ModelPages) -> str:
    """JSON with sorted keys. What is not declared or not measured is left out; it has no serial number and no time."""
    return canonical_json(bill_of_materials(pages.facts))


def bill_of_materials(facts: ModelFacts) -> dict[str, Any]:
    """The document as plain values."""
    model, data = f"model:{visible(facts.name)}", f"dataset:{visible(facts.data.name)}"
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": _model(facts, model, data)},
        "components": [_data(facts, data)],
        "dependencies": [{"ref": model, "dependsOn": [data]}, {"ref": data}],
    }


def _model(facts: ModelFacts, ref: str, data: str) -> dict[str, Any]:
    about: Mapping[str, Any] = facts.model.get("about") or {}
    digest = next((item.inputs["model"] for item in facts.evidence if "model" in item.inputs), "")
    return _told(
        {
            "type": "machine-learning-model",
            "bom-ref": ref,
            "name": visible(facts.title),
            "version": _text(about.get("version")),
            "description": _text(about.get("intended_use")),
            "authors": [{"name": _text(name)} for name in _many(about.get("developers"))],
            "licenses": _licences(_text(about.get("licence"))),
            "modelCard": _told(
                {
                    "modelParameters": _told(
                        {
                            "approach": {"type": "supervised"},
                            "task": facts.data.task.value,
                            "architectureFamily": _text(type_words(facts.model)),
                            "datasets": [{"ref": data}],
                        }
                    ),
                    "quantitativeAnalysis": {
                        "performanceMetrics": [_metric(one) for _, one in reported_metrics(facts)]
                    },
                    "considerations": _considerations(facts, about),
                }
            ),
            "properties": _properties(model_digest=digest, verdict=facts.verdict.result, tier=facts.verdict.tier),
        }
    )


def _considerations(facts: ModelFacts, about: Mapping[str, Any]) -> dict[str, Any]:
    findings = [finding for item in facts.evidence for finding in item.findings if finding.level is not Level.NOTE]
    ethics = _text(about.get("ethical_considerations"))
    limits = [
        *([f"Out of scope: {out}"] if (out := _text(about.get("out_of_scope"))) else []),
        *map(_text, _many(about.get("caveats"))),
        *(_text(finding.message) for finding in findings[:_MOST_FINDINGS]),
    ]
    return _told(
        {
            "useCases": [_text(about.get("intended_use"))] if about.get("intended_use") else [],
            "technicalLimitations": limits,
            "ethicalConsiderations": [{"name": ethics}] if ethics else [],
        }
    )


def _data(facts: ModelFacts, ref: str) -> dict[str, Any]:
    """The dataset. Its digest is one over rows, not over a file, so that it is a property and no hash."""
    data = facts.data
    findings = [finding for finding in data.findings if finding.level is not Level.NOTE]
    rows = {f"rows_{split}": str(count) for split, count in data.splits.items()}
    contents = _properties(digest=data.digest, verdict=data.result, target=visible(data.target), **rows)
    said = [_text(finding.message) for finding in findings[:_MOST_FINDINGS]]
    return _told(
        {
            "type": "data",
            "bom-ref": ref,
            "name": visible(data.title or data.name),
            "description": _text(dataset_words(facts)),
            "licenses": _licences(visible(data.licence)),
            "data": [
                _told(
                    {
                        "type": "dataset",
                        "name": visible(data.name),
                        "contents": {"properties": contents} if contents else {},
                        "description": " ".join(["Findings on record:", *said]) if said else "",
                    }
                )
            ],
        }
    )


def _metric(metric: Metric) -> dict[str, Any]:
    """Values are text in this format."""
    told: dict[str, Any] = {"type": metric.name, "value": _number(metric.value), "slice": metric.group}
    if metric.low is not None and metric.high is not None:
        told["confidenceInterval"] = {"lowerBound": _number(metric.low), "upperBound": _number(metric.high)}
    return told


def _number(value: float | None) -> str:
    return "" if value is None else f"{round(value, DECIMALS):g}"


def _licences(licence: str) -> list[dict[str, Any]]:
    """By name: an identifier would have to be one of a list that changes with every release of the format."""
    return [{"license": {"name": licence}}] if licence else []


def _properties(**values: str) -> list[dict[str, str]]:
    return [{"name": f"{_NAMESPACE}:{key}", "value": value} for key, value in values.items() if value]


def _many(value: Any) -> Iterator[Any]:
    yield from value if isinstance(value, list | tuple) else [value] if value else []


def _text(value: Any) -> str:
    return shorten(visible(str(value or "").strip()), _TEXT)


def _told(value: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty."""
    return {key: item for key, item in value.items() if item not in ("", [], {}, None)}
