from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from governance.documents.caps import Shown
from governance.documents.datasets import render_dataset_documents
from governance.documents.facts import DatasetFacts
from governance.documents.metric_table import metric_table
from governance.documents.terms import explained
from governance.documents.views import view
from governance.evidence import Evidence, Finding, Level, Metric, Reach, Table
from governance.measures import classification_scores
from governance.verdict import Verdict

REPOSITORY = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("x differs by 0.169 (p 0.013 after allowing for all columns)", ["p"]),
        ("p adjusted", ["p", "p adjusted"]),
        ("map of the cup", []),
        ("area under the curve 0.91", ["AUC"]),
        ("95 % Wilson", ["Wilson"]),
        ("No quasi-identifier is declared", ["quasi-identifier"]),
        ("mean shift sd", ["sd"]),
        ("the baseline of sdk users", ["baseline"]),
        ("effect", ["effect"]),
        ("side effects of a drug", []),
        ("Holm's method holds the chance of a false alarm", ["Holm's method"]),
        ("the harmonic mean of precision", ["precision", "harmonic mean"]),
        ("95 % Wilson, effective rows", ["Wilson", "effective rows"]),
        ("95 % DeLong, on the logit scale", ["DeLong", "logit scale"]),
        ("KL divergence from the expected shares", ["KL divergence"]),
        ("macro F1", ["F1"]),
        ("entropy l", ["entropy"]),
    ],
)
def test_terms_are_found_as_words(text: str, terms: list[str]) -> None:
    assert [term for term, _ in explained([text])] == terms


def test_what_a_measure_explains_itself_is_not_explained_twice() -> None:
    assert explained(["baseline"], besides=["baseline"]) == ()


def test_no_meaning_needs_another_term_that_is_not_there() -> None:
    """Below a table, a reader is told of what stands in it, and of nothing that only an explanation brought in."""
    for term, meaning in explained(["macro F1", "ROC AUC", "recall", "baseline", "Holm's method", "harmonic mean"]):
        further = {other for other, _ in explained([meaning])} - {term}
        assert not further, f"{term} is explained by {further}"


def test_the_first_table_of_a_classifier_explains_nothing_that_it_lacks() -> None:
    metric = Metric(
        name="macro_f1",
        value=0.9,
        unit="share",
        n=100,
        meaning="mean over classes of F1, so that rare classes count as much",
    )
    assert metric.meaning in inspect.getsource(classification_scores), "the words that the evaluation writes"
    assert [term for term, _ in metric_table([metric], "a", 9).terms] == ["F1"]


def test_each_is_one_line() -> None:
    everything = "p adjusted|effect|AUC sd standard error q25 median k anonymity Wilson bootstrap DeLong recall".split(
        "|"
    )
    for term, meaning in explained(everything):
        assert "\n" not in meaning
        assert len(meaning) < 120, term


def test_a_term_is_explained_beside_the_finding_and_below_the_table(
    make_facts: Callable[..., DatasetFacts], make_evidence: Callable[..., Evidence], tmp_path: Path
) -> None:
    finding = Finding(rule="a/b", level=Level.WARNING, message="It differs (p 0.01).", remedy="Look at it.")
    table = Table(name="t", caption="Columns", columns=("column", "q25", "sd"), rows=(("x", 1.0, 2.0),))
    metric = Metric(name="share", value=0.5, unit="share", n=100, low=0.4, high=0.6, interval="95 % Newcombe")
    evidence = make_evidence(findings=(finding,), tables=(table,), metrics=(metric,), figures=())
    render_dataset_documents(make_facts(evidence=(evidence,)), tmp_path, REPOSITORY)
    text = (tmp_path / "datasheet.md").read_text(encoding="utf-8")
    screen, _, rest = text.partition("## Since the last approved version")
    assert "  - Here *p* is: how often chance alone would make so large a difference" in screen
    terms = rest.partition("Terms:\n")[2].partition("\nSettings:")[0]
    assert re.findall(r"- \*([^*]+)\*:", terms) == ["sd", "q25 and q75", "Newcombe"]
    page = (tmp_path / "datasheet.html").read_text(encoding="utf-8")
    assert "<dt>Newcombe</dt>" in page
    assert "Here <dfn>p</dfn> is: " in page


def test_a_table_of_metrics_and_a_reach_explain_their_terms(
    make_evidence: Callable[..., Evidence], make_verdict: Callable[..., Verdict]
) -> None:
    metric = Metric(
        name="macro_f1", value=0.9, unit="share", n=100, low=0.8, high=0.95, interval="95 % Wilson, effective rows",
        meaning="mean of the F1 of classes",
    )  # fmt: skip
    table = metric_table([metric], "a", 9)
    assert [term for term, _ in table.terms] == ["Wilson", "effective rows", "F1"]
    reach = Reach(looked_for="x", would_notice="x", cannot_see="x", measured="Holm's method holds the rate")
    shown = view(
        make_evidence(metrics=(), tables=(), figures=(), findings=(), reach=reach), make_verdict(()), Shown(9, 9, 9)
    )
    assert [term for term, _ in shown.terms] == ["Holm's method"]
