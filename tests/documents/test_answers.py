from __future__ import annotations

from pathlib import Path

import pytest

from governance.documents.answers import parse_answers, read_answers
from governance.documents.placeholders import placeholder
from governance.documents.questions import questionnaire
from governance.errors import ConfigError

GOOD = {"answer": "To tell benign from malignant masses.", "by": "Ada Lovelace", "on": "2026-03-01"}


def test_the_questionnaire_is_the_papers() -> None:
    asked = questionnaire()
    counts = [len(asked.of(section.id)) for section in asked.sections]
    assert counts == [4, 16, 12, 4, 6, 7, 8]
    assert sum(counts) == len({question.id for question in asked.questions}) == 57
    assert sum(question.optional for question in asked.questions) == 7
    assert all(question.id.startswith(f"{question.section}.") for question in asked.questions)


def test_reads_answers_in_the_questionnaires_order(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(
        "# a comment\nanswers:\n"
        "  uses.do_not_use: {answer: To diagnose alone., by: Ada, on: 2026-03-01}\n"
        "  motivation.purpose:\n    answer: |\n      One.\n\n      Two.\n    by: Ada\n    on: 2026-03-02\n"
        "  collection.consent: {not_applicable: No people are involved., by: Ada, on: '2026-03-02'}\n",
        encoding="utf-8",
    )
    answers = read_answers(path)
    assert list(answers.given) == ["motivation.purpose", "collection.consent", "uses.do_not_use"]
    purpose = answers.get("motivation.purpose")
    assert purpose is not None
    assert (purpose.answer, purpose.by, purpose.on) == ("One.\n\nTwo.", "Ada", "2026-03-02")
    assert answers.get("motivation.funding") is None


@pytest.mark.parametrize("content", ["", "answers:\n", "# only a comment\n"])
def test_no_answers_yet(tmp_path: Path, content: str) -> None:
    (tmp_path / "x.yaml").write_text(content, encoding="utf-8")
    assert not read_answers(tmp_path / "x.yaml").given
    assert not read_answers(tmp_path / "missing.yaml").given


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ("just text", "must have `answer`"),
        ({"by": "Ada", "on": "2026-03-01"}, "exactly one of"),
        (GOOD | {"not_applicable": "No people here at all."}, "exactly one of"),
        (GOOD | {"answer": "TBD"}, "placeholder text"),
        (GOOD | {"answer": "TODO: ask the clinic"}, "placeholder text"),
        (GOOD | {"answer": " [More Information Needed] "}, "placeholder text"),
        (GOOD | {"answer": "   "}, "empty"),
        (GOOD | {"answer": "..."}, "placeholder text"),
        (GOOD | {"answer": "Why does this dataset exist: which task or gap was it made to serve"}, "question itself"),
        ({"not_applicable": "n/a", "by": "Ada", "on": "2026-03-01"}, "placeholder text"),
        (GOOD | {"by": ""}, "`by` must name"),
        (GOOD | {"by": "TBD"}, "`by` must name"),
        (GOOD | {"on": "yesterday"}, "must be a date"),
        (GOOD | {"on": "2026-13-01"}, "must be a date"),
        (GOOD | {"answer": 42}, "must be text"),
        (GOOD | {"when": "now"}, "when: there is no such key; its keys are: answer, not_applicable, by, on"),
    ],
)
def test_what_is_no_answer(entry: object, problem: str) -> None:
    answers, problems = parse_answers({"answers": {"motivation.purpose": entry}}, "x.yaml")
    assert any(problem in text and text.startswith("x.yaml: motivation.purpose: ") for text in problems)
    assert not answers.given


@pytest.mark.parametrize(
    "text", ["No.", "None.", "Yes, by the board of 2019.", "Unknown to the authors, who were asked."]
)
def test_short_answers_are_answers(text: str) -> None:
    assert placeholder(text) == ""


NO_ANSWERS = [
    *("n.a.", "N / A", "T.B.D.", "T B D", "t. b. d.", "# TODO: ask Anna", "Answer: TBD", "Answer: Answer: -", "…"),
    *("\u200b", "T\u200bBD", "to be confirmed", "To be confirmed later.", "to follow", "coming soon", "not sure"),
    *("I don't know", "I don’t know yet.", "We do not know.", "see above", "None", "none", "k.A.", "k. A.", "n/a n/a"),
    *("Not specified", "Replace this text.", "Please describe who funded", "Funder: TBD", "ask Bob, fixme", "ＴＢＤ"),
    *(
        "> TBD",
        "- tbd",
        "**n/a**",
        "N.A., TBD",
        "// TODO",
        "<!-- TODO -->",
        "Still to be determined",
        "Funding: t.b.d.",
    ),
    *("Describe what the data is", "👍", "unknown yet"),
]
ANSWERS = [
    *("No.", "Yes, weekly.", "None.", "None: no money was paid.", "Nobody paid for it.", "Not yet.", "Never.", "No"),
    *("Nothing was removed.", "No one.", "A. N. Other", "A. B. C. Institute, N.A. division", "I.N.R.I.A.", "1", "42 %"),
    *("See the README, section 3.", "Please write to privacy@example.org.", "To be used in teaching only.", "是"),
    *("To be determined by the board of the registry in each year; it meets in May and publishes what it decides.",),
    *("Not known to the clinic, which was asked twice.", "Describes one tree per row.", "Names of people: replaced."),
    *("The file TODO.txt of the archive lists what the authors did not get to, and what they advise to leave out.",),
    *("Pending cases are in the data.", "Later versions replace it.", "C# and A* code", "Test rows were drawn first."),
    *("We don't know which rows were repaired by hand.", "Replace the file by the next version."),
]


@pytest.mark.parametrize("text", NO_ANSWERS)
def test_what_holds_an_answers_place_is_none(text: str) -> None:
    assert placeholder(text).startswith("placeholder text"), text
    reason = {"not_applicable": text, "by": "Ada", "on": "2026-03-01"}
    assert not parse_answers({"answers": {"motivation.purpose": reason}})[0].given


@pytest.mark.parametrize("text", ANSWERS)
def test_a_short_and_honest_answer_is_taken(text: str) -> None:
    assert placeholder(text) == "", text


def test_all_problems_at_once(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(
        "other: 1\nanswers:\n  motivation.porpuse: {}\n  uses.other: {answer: tbd, by: '', on: 1}\n", encoding="utf-8"
    )
    with pytest.raises(ConfigError) as caught:
        read_answers(path)
    text = str(caught.value)
    assert "other: there is no such key; its keys are: answers" in text
    assert "did you mean 'motivation.purpose'?" in text
    assert sum("uses.other" in problem for problem in caught.value.problems) == 4


@pytest.mark.parametrize("content", [["a"], {"answers": ["a"]}, "text"])
def test_another_shape(content: object) -> None:
    _, problems = parse_answers(content)
    assert problems == ("answers: `answers` must map question ids to answers",)


def test_broken_yaml(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("answers: [", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"x\.yaml"):
        read_answers(tmp_path / "x.yaml")


@pytest.mark.parametrize(
    "text",
    [
        "<your answer here>",
        "[insert description]",
        "{{ dataset_description }}",
        "Please insert your text here.",
        "Fill in the reason",
        "We have [More Information Needed] on this.",
        "______",
        "–",
        "xx",
        "Lorem ipsum dolor sit amet",
        "N/A.",
    ],
)
def test_copied_template_text_is_no_answer(text: str) -> None:
    assert placeholder(text)


def test_the_forms_own_words_are_no_answer() -> None:
    question = next(q for q in questionnaire().questions if q.id == "composition.relationships")
    assert placeholder(question.hint, question) == "the form's own words"
    assert placeholder(question.hint) == ""


@pytest.mark.parametrize("text", ["7", "[1] Wolberg et al. 1993 used it.", "Put to use by the clinic since 1995."])
def test_odd_answers_are_answers(text: str) -> None:
    assert placeholder(text) == ""


def test_an_answer_for_earlier_data() -> None:
    old = GOOD | {"about_data": "sha256:" + "a" * 64}
    answers, problems = parse_answers({"answers": {"motivation.purpose": old}})
    given = answers.get("motivation.purpose")
    assert not problems
    assert given is not None
    assert given.older_than("sha256:" + "b" * 64)
    assert not given.older_than("sha256:" + "a" * 64)
    assert not given.older_than("")
    unbound, _ = parse_answers({"answers": {"motivation.purpose": GOOD}})
    held = unbound.get("motivation.purpose")
    assert held is not None
    assert not held.older_than("sha256:" + "b" * 64)
    _, problems = parse_answers({"answers": {"motivation.purpose": GOOD | {"about_data": "v2"}}})
    assert "`about_data` must be the digest" in problems[0]
