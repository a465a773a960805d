"""The card of a model, rendered from fixed facts. UPDATE_GOLDEN=1 rewrites the golden files."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from governance.documents.caps import HTML
from governance.documents.facts import ApprovalFact, ModelFacts
from governance.documents.model_card import SECTIONS, model_card_view
from governance.documents.models import render_model_documents
from governance.evidence import Confidence, Evidence, Finding, Level, Metric

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


def test_lists_are_read_as_lines_or_sentences(make_model_facts: Facts, tmp_path: Path) -> None:
    facts = make_model_facts()
    about = {"factors": ["the clinic", "the year"], "caveats": ["One clinic only.", "No age is recorded."]}
    text = rendered(replace(facts, model={**facts.model, "about": about}), tmp_path)["model_card.md"]
    assert "- Factors: the clinic; the year\n" in text
    assert "**Caveats**\n\nOne clinic only.\n\nNo age is recorded.\n" in text
    assert "⏎" not in text


def test_the_first_screen_explains_the_intervals_that_it_shows_and_no_others(
    make_model_facts: Facts, make_evidence: Callable[..., Evidence], tmp_path: Path
) -> None:
    metrics = tuple(
        Metric(name=f"m{i}", value=0.5, unit="share", n=50, low=0.4, high=0.6, interval=f"method {i}", group="test")
        for i in range(8)
    )
    made = make_evidence(section="quantitative_analyses", metrics=metrics)
    screen = rendered(make_model_facts(evidence=(made,)), tmp_path)["model_card.md"].partition("## Most serious")[0]
    assert "method 5 for m5" in screen
    assert "method 6" not in screen


def test_who_approved_stands_with_the_verdict(make_model_facts: Facts, tmp_path: Path) -> None:
    nobody = rendered(make_model_facts(), tmp_path / "a")
    assert "- Nobody has approved it." in nobody["model_card.md"].partition("## At a glance")[0]
    approval = ApprovalFact("Ada Lovelace", "risk_owner", "2026-05-01", "Looked at all groups.", "")
    approved = rendered(make_model_facts(approvals=(approval,)), tmp_path / "b")
    for document in (approved["model_card.md"].partition("## At a glance")[0], approved["model_card.html"]):
        assert "Approved by Ada Lovelace as risk owner on 2026-05-01: Looked at all groups." in document
        assert "Nobody" not in document


def test_what_is_wanted_is_counted_beside_the_verdict(make_model_facts: Facts, tmp_path: Path) -> None:
    documents = rendered(make_model_facts(), tmp_path)
    assert "- Wanted from you: [1 missing check and 5 answers](#needs)." in documents["model_card.md"]
    assert '<a href="#needs">1 missing check and 5 answers</a>' in documents["model_card.html"]
    assert "- Checked: 1 of 2 evaluations were assessed; without evidence: calibration" in documents["model_card.md"]


def leaky(facts: ModelFacts) -> ModelFacts:
    """With 20 findings that look worse to a machine, and three warnings that void the score."""
    rules = ("leakage/predicts_target", "duplicates/exact_across_splits", "poisoning/trigger")
    trivia = [
        Finding(
            rule="integrity/spaces", level=Level.ERROR, message=f"Blanks {i}.", remedy="Strip them.", subject=str(i)
        )
        for i in range(20)
    ]
    leaks = [
        Finding(rule=rule, level=Level.WARNING, confidence=Confidence.LOW, message=f"By {rule}.", remedy="Look.")
        for rule in rules
    ]
    hint = Finding(rule="leakage/strong_feature", level=Level.NOTE, message="A hint.", remedy="Look.")
    return replace(facts, data=replace(facts.data, findings=(*trivia, *leaks, hint)))


def test_findings_that_void_the_score_are_never_left_out(make_model_facts: Facts, tmp_path: Path) -> None:
    documents = rendered(leaky(make_model_facts()), tmp_path)
    training = documents["model_card.md"].partition("## 6. Training data")[2].partition("## 7.")[0]
    first = training.index("Blanks")
    assert all(training.index(f"`{rule}`") < first for rule in ("leakage/predicts_target", "poisoning/trigger"))
    assert training.index("`duplicates/exact_across_splits`") < first
    assert "A hint" not in training
    link = "../../datasets/masses/datasheet"
    assert (
        f"Further findings about the data: 12, not listed here. See its datasheet: [{link}.md]({link}.md)." in training
    )
    assert (
        f'Further findings about the data: 12, not listed here. See its <a href="{link}.html">'
        in documents["model_card.html"]
    )


def test_a_score_that_may_be_too_good_is_said_on_the_first_screen(make_model_facts: Facts, tmp_path: Path) -> None:
    documents = rendered(leaky(make_model_facts()), tmp_path / "a")
    said = "The score may be too good:** 2 warnings of leakage (the data give the answer away"
    assert said in documents["model_card.md"].partition("## At a glance")[0]
    assert said in documents["README.md"].partition("## Measured")[0]
    assert "The score may be too good:</strong> 2 warnings" in documents["model_card.html"]
    honest = rendered(make_model_facts(), tmp_path / "b")
    assert not [name for name, text in honest.items() if "too good" in text]
