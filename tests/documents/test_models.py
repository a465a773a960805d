"""The card of a model, rendered from fixed facts. UPDATE_GOLDEN=1 rewrites the golden files."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from governance.documents.caps import HTML
from governance.documents.facts import ModelFacts
from governance.documents.model_card import SECTIONS, model_card_view
from governance.documents.models import render_model_documents
from governance.evidence import Evidence, Finding, Level

GOLDEN = Path(__file__).parent / "golden"
REPOSITORY = Path(__file__).parents[2]
Facts = Callable[..., ModelFacts]


def rendered(facts: ModelFacts, folder: Path) -> dict[str, str]:
    paths = render_model_documents(facts, folder, REPOSITORY)
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def test_golden(make_model_facts: Facts, tmp_path: Path) -> None:
    text = rendered(make_model_facts(), tmp_path)["model_card.md"]
    golden = GOLDEN / "model_card.md"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def test_same_facts_same_bytes(make_model_facts: Facts, tmp_path: Path) -> None:
    assert rendered(make_model_facts(), tmp_path / "a") == rendered(make_model_facts(), tmp_path / "b")


def test_nine_sections_in_order_in_both(make_model_facts: Facts, tmp_path: Path) -> None:
    documents = rendered(make_model_facts(), tmp_path)
    titles = [f"{number}. {title}" for number, (_, title) in enumerate(SECTIONS, start=1)]
    assert len(titles) == 9
    assert re.findall(r"^## (\d\. .*)$", documents["model_card.md"], re.MULTILINE) == titles
    assert re.findall(r"<h2 id=\"\w+\">(\d\. [^<]*)</h2>", documents["model_card.html"]) == titles


def test_what_is_not_declared_is_open(make_model_facts: Facts, tmp_path: Path) -> None:
    bare = make_model_facts(model={"dataset": "masses", "onnx": "models/x.onnx"})
    text = rendered(bare, tmp_path)["model_card.md"]
    assert "**For:** not answered yet" in text
    assert "- Type: an ONNX file: models/x.onnx" in text
    assert "- Licence: not declared (about.licence in params.yaml)" in text
    assert "9 statements not declared" in text


@pytest.mark.parametrize("section", [*(name for name, _ in SECTIONS), "composition"])
def test_evidence_stands_in_its_section(
    make_model_facts: Facts, make_evidence: Callable[..., Evidence], section: str
) -> None:
    card = model_card_view(make_model_facts(evidence=(make_evidence(section=section),)), HTML)
    held = [part.id for part in card.sections if part.evidence]
    assert held == [section if section != "composition" else "quantitative_analyses"]


def test_the_data_comes_with_its_verdict_and_findings(make_model_facts: Facts, tmp_path: Path) -> None:
    facts = make_model_facts()
    worse = Finding(rule="a/b", level=Level.ERROR, message="Something is wrong.", remedy="Correct it.")
    data = replace(facts.data, findings=(*facts.data.findings, worse))
    text = rendered(replace(facts, data=data), tmp_path)["model_card.md"]
    training = text.partition("## 6. Training data")[2].partition("## 7.")[0]
    assert "- Verdict on the data: BLOCKED" in training
    assert "- Rows in training: train: 426 rows (74.9 %)" in training
    assert training.index("Something is wrong.") < training.index("14 of 567 labels")


def test_missing_evaluations_are_loud(make_model_facts: Facts, tmp_path: Path) -> None:
    documents = rendered(make_model_facts(), tmp_path)
    assert "**Evidence is missing** for `calibration`" in documents["model_card.md"]
    assert "<strong>Evidence is missing</strong>" in documents["model_card.html"]


def test_the_first_screen_holds_measured_performance(make_model_facts: Facts, tmp_path: Path) -> None:
    text = rendered(make_model_facts(), tmp_path)["model_card.md"]
    screen = text.partition("## Most serious findings")[0]
    assert "| accuracy | 96 % (91 to 98 %) |" in screen


def test_hostile_declarations_are_text(make_model_facts: Facts, tmp_path: Path) -> None:
    text = "<script>alert(1)</script> | [x](https://evil.example)"
    about = dict.fromkeys(("title", "description", "intended_use", "licence", "citation", "contact"), text)
    model = {"dataset": "masses", "predictions": text, "parameters": {text: text}, "about": about}
    documents = rendered(make_model_facts(model=model), tmp_path)
    assert "<script" not in documents["model_card.html"]
    assert "<script" not in documents["model_card.md"]
    assert "[x](https" not in documents["model_card.md"]
