"""What is said in each section of a model card beside evidence: declared words, and facts about model and data."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from governance.documents.facts import ModelFacts, in_order_of_use
from governance.documents.wording import listed, percent, plural, spoken, tally
from governance.render import shorten

_FORMS = ("estimator", "onnx", "skops", "predictions")
_WANTED = "not declared (about.{key} in params.yaml)"


@dataclass(frozen=True)
class Statement:
    """One declared or measured fact."""

    label: str
    text: str
    """A person's words keep their paragraphs."""
    open: bool = False

    @property
    def long(self) -> bool:
        """Whether it needs paragraphs of its own."""
        return len(self.text) >= 200 or "\n\n" in self.text


def statements_of(facts: ModelFacts, about: Mapping[str, Any]) -> dict[str, tuple[Statement, ...]]:
    """What is said in each section beside evidence."""
    data = facts.data
    measures: dict[str, str] = {}
    for metric in (metric for item in facts.evidence for metric in item.metrics if metric.meaning):
        measures.setdefault(spoken(metric.name), metric.meaning)
    held_out = [split for split in in_order_of_use(data.splits) if split != "train"]
    return {
        "model_details": (
            _declared("Developers", about, "developers"),
            Statement("Type", type_words(facts.model)),
            *(Statement("Parameters", text) for text in _parameters(facts.model)),
            _declared("Version", about, "version"),
            _declared("Licence", about, "licence"),
            _declared("Contact", about, "contact"),
            *((Statement("Citation", str(about["citation"])),) if about.get("citation") else ()),
        ),
        "intended_use": (
            _declared("Intended use", about, "intended_use"),
            _declared("Out of scope", about, "out_of_scope"),
        ),
        "factors": (_declared("Factors", about, "factors"),),
        "metrics": tuple(Statement(name, meaning) for name, meaning in measures.items())
        or (Statement("Measures", "no evaluation explains any", open=True),),
        "evaluation_data": (
            Statement("Dataset", dataset_words(facts)),
            Statement("Held-out rows", _rows(facts, held_out) or "none: there is no split beside train"),
        ),
        "training_data": (
            Statement("Dataset", dataset_words(facts)),
            Statement("Digest", data.digest or "none: there is no snapshot"),
            Statement("Verdict on the data", data.result.upper() or "none: the data was not judged"),
            Statement("Rows in training", _rows(facts, [s for s in data.splits if s == "train"]) or "not divided"),
            Statement("Target", data.target or "none"),
            Statement("Licence of the data", data.licence or "not declared"),
            Statement("Findings on record about the data", tally(data.findings)),
        ),
        "quantitative_analyses": (),
        "ethical_considerations": (_declared("Ethical considerations", about, "ethical_considerations"),),
        "caveats_and_recommendations": (_declared("Caveats", about, "caveats"),),
    }


def _declared(label: str, about: Mapping[str, Any], key: str) -> Statement:
    value = about.get(key) or ""
    text = value if isinstance(value, str) else _joined([str(item).strip() for item in value])
    return Statement(label, text) if text.strip() else Statement(label, _WANTED.format(key=key), open=True)


def _joined(items: Sequence[str]) -> str:
    """Sentences as paragraphs, anything shorter in one line."""
    sentences = any(item.endswith((".", "!", "?")) for item in items)
    return ("\n\n" if sentences else "; ").join(items)


def type_words(model: Mapping[str, Any]) -> str:
    """How the model was given: an estimator that was fitted here, or a file."""
    form = next((form for form in _FORMS if model.get(form)), "")
    words = {
        "estimator": "fitted here, from",
        "onnx": "an ONNX file:",
        "skops": "a skops file:",
        "predictions": "known by its predictions only:",
    }
    return f"{words[form]} {model[form]}" if form else "not declared"


def _parameters(model: Mapping[str, Any]) -> list[str]:
    parameters = model.get("parameters") or {}
    said = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in parameters.items()]
    return [shorten(listed(said, 40), 1000)] if said else []


def dataset_words(facts: ModelFacts) -> str:
    """Title and name of the data."""
    title = facts.data.title
    return f"{title} ({facts.data.name})" if title and title != facts.data.name else facts.data.name


def _rows(facts: ModelFacts, splits: Iterable[str]) -> str:
    total = sum(facts.data.splits.values())
    return listed(
        f"{split}: {plural(facts.data.splits[split], 'row')} ({percent(facts.data.splits[split], total)})"
        for split in splits
    )
