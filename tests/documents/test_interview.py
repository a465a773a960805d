"""Which questions are asked, what comes with them, and what answers for earlier data do to the documents."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from governance.documents.answer_form import answer_from, form_text, read_form
from governance.documents.answers import Answers, Given
from governance.documents.datasets import render_dataset_documents
from governance.documents.facts import DatasetFacts
from governance.documents.interview import to_ask
from governance.documents.replies import completeness, replies
from governance.evidence import Evidence

Facts = Callable[..., DatasetFacts]
REPOSITORY = Path(__file__).parents[2]
EARLIER, NOW = "sha256:" + "1" * 64, "sha256:" + "d" * 64


def answered(facts: DatasetFacts, **given: Given) -> DatasetFacts:
    return replace(facts, answers=Answers({name.replace("__", "."): one for name, one in given.items()}))


def word(**rest: str) -> Given:
    return Given(**({"by": "Ada", "on": "2026-03-01", "answer": "By hand, at the clinic."} | rest))


def test_what_is_open_is_asked_in_order(make_facts: Facts) -> None:
    asked = to_ask(make_facts())
    ids = [item.question.id for item in asked]
    states = {reply.id: reply.state for reply in replies(make_facts())}
    assert ids == [name for name, state in states.items() if state in {"open", "partly"}]
    assert "motivation.purpose" not in ids
    assert "motivation.other" not in ids
    more = [item.question.id for item in to_ask(make_facts(), optional=True)]
    assert len(more) == len(ids) + 7


def test_what_the_policy_requires_comes_first_and_says_so(make_facts: Facts) -> None:
    """Unless somebody has answered it, for whatever version: the policy is content then."""
    facts = answered(make_facts(), collection__mechanism=word(about_data=EARLIER))
    required = (
        "maintenance.retention",
        "composition.sampling",
        "collection.mechanism",
        "uses.other",
        "maintenance.contact",
    )
    asked = to_ask(facts, required=required, tier="internal")
    first = [item.question.id for item in asked if item.required_by]
    assert first == ["composition.sampling", "uses.other", "maintenance.retention"]
    assert [item.question.id for item in asked][: len(first)] == first
    others = [item.question.id for item in to_ask(facts) if item.question.id not in first]
    assert [item.question.id for item in asked][len(first) :] == others, "the others keep their order"
    text = form_text("masses", NOW, asked)
    assert text.count("> Required by tier internal\\.") + text.count("> Required by tier internal.") == 3
    assert "The first 3 questions are required by tier internal: without an answer the data may not be used." in text
    assert "equired by" not in form_text("masses", NOW, to_ask(facts))


def test_a_question_comes_with_what_may_help(make_facts: Facts, make_evidence: Callable[..., Evidence]) -> None:
    facts = make_facts(evidence=(make_evidence(section="composition.confidential"),))
    lines = next(item for item in to_ask(facts) if item.question.id == "composition.confidential").lines()
    assert lines[0] == "Likely to know: the data protection officer."
    assert any(line.startswith("May help: the columns that are treated as private") for line in lines)
    assert any("14 of 567 labels disagree" in line for line in lines)
    assert not any("14 of 567" in line for item in to_ask(facts)[:3] for line in item.lines())
    reply = next(reply for reply in replies(facts) if reply.id == "composition.confidential")
    assert reply.state == "open", "what only a person can say is not settled by a measurement"
    said = answered(facts, composition__confidential=word())
    reply = next(reply for reply in replies(said) if reply.id == "composition.confidential")
    assert (reply.state, bool(reply.lines)) == ("person", True)


def test_an_answer_for_earlier_data_is_shown_as_such(make_facts: Facts, tmp_path: Path) -> None:
    old, same, unknown = word(about_data=EARLIER), word(about_data=NOW), word()
    for given, expected in ((old, "older"), (same, "person"), (unknown, "person")):
        facts = answered(make_facts(), collection__mechanism=given)
        reply = next(reply for reply in replies(facts) if reply.id == "collection.mechanism")
        assert reply.state == expected
        assert reply.prose == "By hand, at the clinic."
        assert (reply.id in [item.question.id for item in to_ask(facts)]) == (expected == "older")
    stale = answered(make_facts(), collection__mechanism=old, composition__missing=old)
    counted = {row.section: row for row in completeness(replies(stale))}
    assert counted["collection"].partly == 1
    assert counted["composition"].partly >= 1
    render_dataset_documents(stale, tmp_path, REPOSITORY)
    sheet = (tmp_path / "datasheet.md").read_text(encoding="utf-8")
    assert "*To be confirmed, given for an earlier version by Ada, 2026-03-01.*" in sheet
    assert "- **Confirm**: 2 answers given for an earlier version of the data: [missing information]" in sheet
    assert "Wanted: a word that this still holds for the data that is here now" in sheet
    assert "to be confirmed, given for an earlier version*" in (tmp_path / "README.md").read_text(encoding="utf-8")
    assert "(Given for an earlier version of the data.)" in (tmp_path / "croissant.json").read_text(encoding="utf-8")
    assert 'class="tag older"' in (tmp_path / "datasheet.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("about", [EARLIER, NOW, ""])
@pytest.mark.parametrize("question", ["collection.consent", "composition.missing", "uses.do_not_use"])
def test_a_reason_never_reads_as_the_answer(make_facts: Facts, tmp_path: Path, question: str, about: str) -> None:
    """Of a question that only people answer, one that is measured, and one that stands on the first screen."""
    reason = "routine care data"
    given = word(answer="", not_applicable=reason, about_data=about)
    facts = answered(make_facts(), **{question.replace(".", "__"): given})
    render_dataset_documents(facts, tmp_path, REPOSITORY)
    shown = 0
    for file in (path for path in tmp_path.rglob("*") if path.suffix in {".md", ".html", ".json"}):
        text = file.read_text(encoding="utf-8")
        for place in (found.start() for found in re.finditer(reason, text)):
            before = " ".join(re.sub(r"<[^>]*>", " ", text[max(0, place - 250) : place]).split())
            assert re.search(r"Not applicable(, because:|, says [^.]*\.\*)?$", before), (file, before)
            shown += 1
    assert shown >= 3, "the datasheet as Markdown and as a page, and the dataset card"
    if about == EARLIER:
        (asked,) = [item for item in to_ask(facts) if item.question.id == question]
        assert f"by Ada, 2026-03-01: Not applicable, because: {reason}" in " ".join(asked.lines())
        sheet = (tmp_path / "datasheet.md").read_text(encoding="utf-8")
        assert "*To be confirmed, given for an earlier version" in sheet


def filled(text: str, **answers: str) -> str:
    """The form with answers below their questions."""
    for name, answer in answers.items():
        head = f"## {name.replace('__', '.')}\n"
        before, after = text.split(head)
        text = before + head + after.replace("Answer:\n", f"Answer:\n{answer}\n", 1)
    return text.replace("Answered by:", "Answered by: Grace Hopper")


def test_a_form_comes_back(make_facts: Facts) -> None:
    text = form_text("masses", NOW, to_ask(answered(make_facts(), collection__mechanism=word(about_data=EARLIER))))
    assert text == form_text(
        "masses", NOW, to_ask(answered(make_facts(), collection__mechanism=word(about_data=EARLIER)))
    )
    assert "> Answered for an earlier version of the data by Ada, 2026-03-01: By hand" in text
    text = filled(
        text,
        motivation__funding="The clinic paid.\n\n## A heading of my own\n\nAnswer: none other.",
        collection__mechanism="Confirmed.",
        maintenance__retention="n/a: nothing is kept.",
        uses__other_tasks="  \n",
    )
    read, digest, problems = read_form(text, "masses", by="", on="2026-04-01")
    assert not problems
    assert (read.by, digest, read.confirmed) == ("Grace Hopper", NOW, ("collection.mechanism",))
    assert read.given == {
        "motivation.funding": Given(
            by="Grace Hopper",
            on="2026-04-01",
            answer="The clinic paid.\n\n## A heading of my own\n\nAnswer: none other.",
        ),
        "maintenance.retention": Given(by="Grace Hopper", on="2026-04-01", not_applicable="nothing is kept."),
    }
    windows, _, problems = read_form("\ufeff" + text.replace("\n", "\r\n"), "masses", by="", on="2026-04-01")
    assert (windows, problems) == (read, [])


def test_an_answer_about_the_data_names_it() -> None:
    said = {
        name: answer_from("Yes.", name, by="Ada", on="2026-04-01", digest=NOW).about_data
        for name in ("motivation.funding", "maintenance.contact", "composition.sensitive", "collection.consent")
    }
    assert said == {"motivation.funding": "", "maintenance.contact": ""} | dict.fromkeys(
        ("composition.sensitive", "collection.consent"), NOW
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("n/a: no people", "no people"),
        ("Not applicable because it is synthetic.", "it is synthetic."),
        ("N/A - none", "none"),
    ],
)
def test_reasons(text: str, reason: str) -> None:
    assert answer_from(text, "collection.consent", by="Ada", on="2026-04-01", digest="").not_applicable == reason


@pytest.mark.parametrize("text", ["n/a", "Not applicable.", "Nothing was paid."])
def test_no_reason(text: str) -> None:
    assert answer_from(text, "collection.consent", by="Ada", on="2026-04-01", digest="").answer == text


def test_what_is_wrong_with_a_form_is_said_at_once(make_facts: Facts) -> None:
    text = form_text("masses", NOW, to_ask(make_facts()))
    _, _, problems = read_form("# Notes\n", "masses", by="Ada", on="2026-04-01")
    assert problems == ["this is no form of `govern ask`: the line with its dataset is missing"]
    _, _, problems = read_form(text, "masses", by="Ada", on="2026-04-01")
    assert problems == ["no question is answered yet"]
    spoilt = filled(text, motivation__funding="TBD").replace("Answered by: Grace Hopper", "Answered by:")
    spoilt = "Reply:\n".join(spoilt.rsplit("Answer:\n", 1))
    read, _, problems = read_form(spoilt, "trees", by="", on="2026-04-01")
    assert problems[0] == "the form is about masses, not trees"
    assert problems[1].startswith("nobody says who answered")
    assert any("motivation.funding: the answer is placeholder text" in problem for problem in read.not_taken)
    assert any("its line `Answer:` is missing" in problem for problem in read.not_taken)
    assert len(read.not_taken) == 2
    assert "motivation.funding" not in read.given


@pytest.mark.parametrize(
    "written",
    [
        "> Known: nothing.\n\nNot applicable: nobody was asked\n",
        "> Known: nothing.\n\n**Not applicable:** nobody was asked\n",
        "\nnot applicable: nobody was asked\n\nAnswer:\n",
        "\nN/A - nobody was asked\n",
        "\nAnswer: Not applicable: nobody was asked\n",
    ],
)
def test_not_applicable_stands_in_the_place_of_the_line_for_the_answer(written: str) -> None:
    text = (
        f"<!-- govern ask, dataset masses, data none -->\n\n## collection.consent\n\n**Did people agree?**\n{written}"
    )
    read, _, problems = read_form(text, "masses", by="Ada", on="2026-04-01")
    assert (problems, read.not_taken) == ([], ())
    assert read.given["collection.consent"].not_applicable == "nobody was asked"


def test_a_question_that_stands_twice_is_not_taken() -> None:
    text = "<!-- govern ask, dataset masses, data none -->\n" + "## motivation.funding\nAnswer: The clinic.\n" * 2
    read, _, problems = read_form(text, "masses", by="Ada", on="2026-04-01")
    assert (problems, read.given) == ([], {})
    assert read.not_taken == ("motivation.funding: stands there twice",)


def test_hostile_text_in_a_form_is_text(make_facts: Facts, make_manifest: Callable[..., object]) -> None:
    facts = make_facts()
    evil = facts.manifest.columns[0].model_copy(update={"name": "<script>\n## motivation.funding\n\nAnswer:\nmine"})
    facts = replace(facts, manifest=facts.manifest.model_copy(update={"columns": (*facts.manifest.columns, evil)}))
    text = form_text("masses", NOW, to_ask(facts))
    assert "<script" not in text
    assert text.count("\n## motivation.funding\n") == 1
