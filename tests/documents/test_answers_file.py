"""Answers are written beside those that are there: comments, order and words of others stay."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.documents.answers import Given, read_answers
from governance.documents.answers_file import record
from governance.documents.placeholders import placeholder
from governance.errors import ConfigError

HELD = """\
# What only people know about masses.
# Ask Ada before you change anything.
answers:
  motivation.purpose:  # the first one
    answer: >-
      To tell benign from malignant breast masses from a fine needle aspirate, without surgical biopsy: the
      measures were made for that.
    by: Ada Lovelace, data steward  # not her deputy
    on: 2026-03-01

  # This one is out of order on purpose.
  uses.do_not_use:
    answer: "To diagnose: never."
    by: Ada
    on: 2026-03-02
  composition.missing: {not_applicable: Every cell holds a value., by: Ada, on: 2026-03-02}
"""
DIGEST = "sha256:" + "a" * 64
NEW = Given(by="Grace Hopper", on="2026-04-01", answer="The clinic paid.", about_data=DIGEST)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "masses.yaml"
    made.write_text(HELD, encoding="utf-8")
    return made


def test_only_lines_are_added(path: Path) -> None:
    record(path, {"motivation.funding": NEW})
    added = (
        "  motivation.funding:\n    answer: The clinic paid.\n    by: Grace Hopper\n    on: 2026-04-01\n"
        f"    about_data: {DIGEST}\n"
    )
    text = path.read_text(encoding="utf-8")
    assert added in text
    assert text.replace(added, "") == HELD
    assert list(read_answers(path).given)[:2] == ["motivation.purpose", "motivation.funding"]
    assert read_answers(path).get("motivation.funding") == NEW


def test_it_stands_where_the_questionnaire_has_it(path: Path) -> None:
    record(path, {"distribution.how": NEW, "collection.consent": NEW, "maintenance.updates": NEW})
    keys = [
        line.split(":")[0].strip()
        for line in path.read_text().splitlines()
        if line.startswith("  ") and line[2] not in " #"
    ]
    # uses.do_not_use stood before composition.missing, and still does.
    assert keys == [
        "motivation.purpose", "collection.consent", "uses.do_not_use", "composition.missing", "distribution.how",
        "maintenance.updates",
    ]  # fmt: skip


def test_another_answer_takes_the_place_of_the_old_one(path: Path) -> None:
    record(path, {"motivation.purpose": NEW, "composition.missing": NEW})
    text = path.read_text(encoding="utf-8")
    assert "# the first one" in text
    assert "# This one is out of order on purpose." in text
    assert "not_applicable" not in text
    assert read_answers(path).get("motivation.purpose") == NEW
    assert read_answers(path).get("composition.missing") == NEW
    reason = Given(by="Ada", on="2026-05-01", not_applicable="Nobody asked for it.")
    record(path, {"composition.missing": reason})
    assert read_answers(path).get("composition.missing") == reason


@pytest.mark.parametrize("content", [None, "", "answers: {}\n", "# mine\nanswers: {}\n", "answers:\n"])
def test_the_first_answer(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "masses.yaml"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    record(path, {"motivation.funding": NEW})
    assert read_answers(path).get("motivation.funding") == NEW
    if content and content.startswith("#"):
        assert path.read_text(encoding="utf-8").startswith("# mine\n")
    assert "{" not in path.read_text(encoding="utf-8")


def test_long_answers_are_folded(path: Path) -> None:
    words = " ".join(f"word{number}" for number in range(60))
    record(path, {"motivation.funding": Given(by="Ada", on="2026-04-01", answer=words)})
    assert max(map(len, path.read_text(encoding="utf-8").splitlines())) <= 110
    held = read_answers(path).get("motivation.funding")
    assert held is not None
    assert held.answer == words


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300), st.integers(0, 4))
def test_every_answer_reads_back_word_by_word(tmp_path_factory: pytest.TempPathFactory, text: str, long: int) -> None:
    said = "\n".join(line.rstrip() for line in (text + " further words" * long * 8).strip().splitlines())
    if placeholder(said):
        return
    path = tmp_path_factory.mktemp("answers") / "x.yaml"
    path.write_text(HELD, encoding="utf-8")
    try:
        record(path, {"motivation.funding": Given(by="Ada", on="2026-04-01", answer=said)})
    except ConfigError:
        assert not said.replace("\n", "").isprintable()
        assert path.read_text(encoding="utf-8") == HELD
        return
    held = read_answers(path).get("motivation.funding")
    assert held is not None
    assert held.answer == said


def test_placeholders_are_refused_and_nothing_is_written(path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        record(path, {"motivation.funding": Given(by="", on="soon", answer="TBD")})
    assert len(caught.value.problems) == 3
    assert path.read_text(encoding="utf-8") == HELD


def test_a_broken_file_is_left_alone(path: Path) -> None:
    path.write_text(HELD + "  motivation.porpuse: {}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="did you mean"):
        record(path, {"motivation.funding": NEW})
    assert "Grace" not in path.read_text(encoding="utf-8")
