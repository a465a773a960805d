"""A form that was damaged on the way: no answer goes to a question that it does not belong to."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from governance.documents.answer_form import Filled, form_text, read_form
from governance.documents.facts import DatasetFacts
from governance.documents.interview import to_ask

Facts = Callable[..., DatasetFacts]
HEAD = "## composition.sampling"
LEFT_OUT = "what stands below it was left out"


def form(facts: DatasetFacts) -> str:
    """A form where the question of HEAD and the one before it are answered, and nothing else."""
    text = form_text("masses", "", to_ask(facts)).replace("Answered by:", "Answered by: Grace")
    for head, words in ((HEAD, "At random."), (before(text), "Of the question before.")):
        above, below = text.split(f"{head}\n")
        text = f"{above}{head}\n{below.replace('Answer:', f'Answer: {words}', 1)}"
    return text


def before(text: str) -> str:
    """The heading before HEAD."""
    heads = [line for line in text.splitlines() if line.startswith("## ")]
    return heads[heads.index(HEAD) - 1]


def line_of(text: str, line: str) -> int:
    return text.splitlines().index(line) + 1


def read(text: str) -> Filled:
    filled, _, problems = read_form(text, "masses", by="", on="2026-04-01")
    assert problems == []
    return filled


@pytest.mark.parametrize(
    ("damaged", "said"),
    [
        ("## composition.smpling", "`composition.smpling` is no question; did you mean `composition.sampling`?"),
        ("## Composition.Sampling", "`Composition.Sampling` is no question; did you mean `composition.sampling`?"),
        ("## composition sampling", "`composition sampling` is no question; did you mean `composition.sampling`?"),
        ("### **composition.samplin**", "`composition.samplin` is no question; did you mean `composition.sampling`?"),
        ("## composition.qwertz", "`composition.qwertz` is no question"),
        ("composition.sampling", "`composition.sampling` stands there without `##` before it"),
    ],
)
def test_a_damaged_heading_is_named_and_its_text_goes_nowhere(make_facts: Facts, damaged: str, said: str) -> None:
    sound = form(make_facts())
    assert len(read(sound).given) == 2
    text = sound.replace(HEAD, damaged)
    filled = read(text)
    assert filled.not_taken == (f"line {line_of(text, damaged)}: {said}; {LEFT_OUT}",)
    assert [given.answer for given in filled.given.values()] == ["Of the question before."]


@pytest.mark.parametrize("instead", ["", "## A heading of my own", "## motivation.funding"])
def test_a_question_without_its_heading_takes_nothing_along(make_facts: Facts, instead: str) -> None:
    """Also when another question's heading stands there, which then would be answered by what is below."""
    text = form(make_facts()).replace(HEAD, instead)
    filled = read(text)
    (lost,) = [why for why in filled.not_taken if why.startswith("line ")]
    assert lost.endswith(f"the heading `{HEAD}` above this question is missing; {LEFT_OUT}")
    assert not any("At random" in given.answer for given in filled.given.values())
    assert "Of the question before." in [given.answer for given in filled.given.values()], (
        "without the heading below it"
    )


def test_all_damage_is_told_at_once_in_the_order_of_the_form(make_facts: Facts) -> None:
    text = form(make_facts())
    heads = [line for line in text.splitlines() if line.startswith("## ")]
    damaged = text.replace(heads[0], f"{heads[0]}x").replace(HEAD, f"{HEAD}x").replace(heads[-1], "")
    lines = [int(why.partition(":")[0].removeprefix("line ")) for why in read(damaged).not_taken]
    assert lines == sorted(lines)
    assert len(lines) == 3


@pytest.mark.parametrize("dress", ["### {}", "##{}", "## **{}**", "## `{}`:", "## {}  "])
def test_a_heading_that_an_editor_dressed_otherwise_is_still_certain(make_facts: Facts, dress: str) -> None:
    sound = form(make_facts())
    assert read(sound.replace(HEAD, dress.format(HEAD[3:]))) == read(sound)


@pytest.mark.parametrize(
    "own", ["## Sampling", "# data.csv", "## What is missing", "See composition.missing.", "### train.csv", "## e.g."]
)
def test_headings_of_a_persons_own_stay_in_the_answer(make_facts: Facts, own: str) -> None:
    text = form(make_facts()).replace("At random.", f"At random.\n\n{own}\n\nMore.")
    filled = read(text)
    assert filled.not_taken == ()
    assert filled.given["composition.sampling"].answer == f"At random.\n\n{own}\n\nMore."
