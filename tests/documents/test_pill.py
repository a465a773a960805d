"""Colour and words beside an audit's title say the same, and a finding says its share once."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from governance.documents.caps import Shown
from governance.documents.datasets import render_dataset_documents
from governance.documents.facts import DatasetFacts
from governance.documents.views import plain_finding, view
from governance.evidence import Evidence, Finding, Level, Outcome
from governance.verdict import Verdict

REPOSITORY = Path(__file__).parents[2]
LEVELS = {"e": Level.ERROR, "w": Level.WARNING, "n": Level.NOTE}


def finding(level: Level = Level.WARNING, at: int = 0, **rest: object) -> Finding:
    content = {"rule": "a/b", "level": level, "message": f"m{at}", "remedy": "Look.", "columns": (f"c{at}",)} | rest
    return Finding.model_validate(content)


@pytest.mark.parametrize(
    ("levels", "result", "words", "tone"),
    [
        ("", "passed", "assessed", "calm"),
        ("n", "passed", "1 note", "calm"),
        ("wnn", "passed", "1 warning", "attention"),
        ("ewwn", "blocked", "1 error", "bad"),
        ("een", "passed", "2 errors", "bad"),
    ],
)
def test_the_words_are_those_of_the_worst(
    make_evidence: Callable[..., Evidence], make_verdict: Callable[..., Verdict],
    levels: str, result: str, words: str, tone: str,
) -> None:  # fmt: skip
    evidence = make_evidence(findings=tuple(finding(LEVELS[level], at) for at, level in enumerate(levels)))
    shown = view(evidence, make_verdict((evidence,), result), Shown(1, 9, 9))
    assert (shown.pill, shown.tone) == (words, tone)


def test_a_warning_that_blocks_says_so(
    make_evidence: Callable[..., Evidence], make_verdict: Callable[..., Verdict]
) -> None:
    evidence = make_evidence(findings=(finding(Level.WARNING, 0), finding(Level.WARNING, 1)))
    made = make_verdict((evidence,))
    blocking = made.decisions[0].model_copy(update={"effect": "block"})
    made = made.model_copy(update={"decisions": (blocking, *made.decisions[1:])})
    shown = view(evidence, made, Shown(9, 9, 9))
    assert (shown.pill, shown.tone) == ("2 warnings, 1 blocks", "bad")


def test_what_was_not_assessed_says_its_outcome(
    make_evidence: Callable[..., Evidence], make_verdict: Callable[..., Verdict]
) -> None:
    failed = make_evidence(
        outcome=Outcome.FAILED, code="x", reason="r", findings=(), metrics=(), tables=(), figures=(), units=None
    )
    shown = view(failed, make_verdict((failed,)), Shown(9, 9, 9))
    assert (shown.pill, shown.tone) == ("could not be checked", "bad")


@pytest.mark.parametrize(
    ("message", "count", "of", "affected"),
    [
        ("60 of 681 rows (8.81%) repeat", 60, 681, ""),
        ("60 of 681 rows repeat", 60, 681, "8.8 %"),
        ("1,060 of 10,681 rows repeat", 1060, 10681, "9.92 %"),
        ("rows of column x repeat", 60, 681, "60 of 681 (8.8 %)"),
        ("160 rows of 6811 repeat", 60, 681, "60 of 681 (8.8 %)"),
        ("0.60 of the 681.5 kinds", 60, 681, "60 of 681 (8.8 %)"),
        ("60 rows repeat", 60, None, ""),
        ("some rows repeat", 60, None, "60"),
        ("nothing is counted", None, None, ""),
    ],
)
def test_the_share_is_said_once(message: str, count: int | None, of: int | None, affected: str) -> None:
    assert plain_finding(finding(message=message, count=count, of=of)).affected == affected


def test_no_document_says_a_share_twice(make_facts: Callable[..., DatasetFacts], tmp_path: Path) -> None:
    render_dataset_documents(make_facts(), tmp_path, REPOSITORY)
    for name in ("datasheet.md", "README.md", "datasheet.html"):
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert "14 of 567 labels disagree" in text
        assert not re.search(r"14 of 567 \(", text)
        assert "2.5 %" in text
