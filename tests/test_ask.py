"""`govern ask`: in a terminal, and by way of a form."""

from __future__ import annotations

import datetime
import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest
import typer
from small_workspace import build, edit, judge

from governance.cli import ask as command
from governance.config import Workspace
from governance.documenting import dataset_facts
from governance.documents.answers import read_answers
from governance.documents.interview import to_ask
from governance.errors import UsageError
from governance.lock import read_lock

HELD = """\
# Ada keeps this file.
answers:
  motivation.purpose: {answer: To know the trees., by: Ada, on: 2026-03-01}
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("ask") / "trees").root


@pytest.fixture
def workspace(made: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    (made / "answers" / "trees.yaml").write_text(HELD, encoding="utf-8")
    for form in made.glob("*.md"):
        form.unlink()
    monkeypatch.chdir(made)
    return Workspace(made)


def govern(*words: str) -> None:
    app = typer.Typer()
    command.register(app)
    app(args=list(words), prog_name="govern", standalone_mode=False)


def sit(workspace: Workspace, *said: str, optional: bool = False) -> tuple[list[str], dict[str, object]]:
    """What is shown and kept when a person says `said`, one line each, and then stops."""
    facts = dataset_facts(workspace, "trees", read_lock(workspace))
    shown: list[str] = []
    kept: dict[str, object] = {}
    lines = iter((*said, *["q"] * 3))
    command.interview(
        to_ask(facts, optional=optional), facts, "Grace", keep=kept.__setitem__,
        ask=lambda prompt: (shown.append(prompt), next(lines))[1], show=shown.append,
    )  # fmt: skip
    return shown, kept


def test_a_form_goes_out_and_comes_back(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    govern("trees", "--to", "form.md")
    assert "Then run: govern ask trees --from form.md" in capsys.readouterr().out
    form = workspace.root / "form.md"
    text = form.read_text(encoding="utf-8")
    assert "motivation.purpose" not in text
    with pytest.raises(UsageError, match=r"form\.md exists"):
        govern("trees", "--to", "form.md")
    with pytest.raises(UsageError, match="no question is answered yet"):
        govern("trees", "--from", "form.md", "--by", "Grace")
    head = "## composition.instances"
    before, after = text.split(head)
    form.write_text(before + head + after.replace("Answer:\n", "Answer:\nOne tree.\n", 1), encoding="utf-8")
    govern("trees", "--from", "form.md", "--by", "Grace Hopper")
    assert "1 answer was recorded in answers/trees.yaml" in capsys.readouterr().out
    file = workspace.answers("trees")
    assert file.read_text(encoding="utf-8").startswith(HELD.rstrip())
    given = read_answers(file).get("composition.instances")
    assert given is not None
    digest = dataset_facts(workspace, "trees", read_lock(workspace)).manifest.digest
    assert (given.answer, given.by, given.about_data) == ("One tree.", "Grace Hopper", digest)


def test_what_is_wrong_is_said_and_nothing_recorded(workspace: Workspace) -> None:
    before = workspace.answers("trees").read_bytes()
    with pytest.raises(UsageError, match="give one of them"):
        govern("trees", "--to", "a.md", "--from", "b.md")
    with pytest.raises(UsageError, match="no folder"):
        govern("trees", "--to", "nowhere/a.md")
    with pytest.raises(UsageError, match="cannot be read"):
        govern("trees", "--from", "missing.md")
    with pytest.raises(UsageError, match="there is no terminal"):
        govern("trees")
    with pytest.raises(UsageError, match="no dataset 'tree'"):
        govern("tree")
    form = workspace.root / "bad.md"
    form.write_text(
        "<!-- govern ask, dataset trees, data none -->\n## motivation.funding\nAnswer: n/a: TBD\n"
        "## composition.sampling\nAnswer: Confirmed\n",
        encoding="utf-8",
    )
    with pytest.raises(UsageError) as caught:
        govern("trees", "--from", "bad.md", "--by", "Grace")
    assert "composition.sampling: there is no answer yet that could be confirmed" in str(caught.value)
    assert workspace.answers("trees").read_bytes() == before


def test_one_placeholder_does_not_cost_the_other_answers(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    (workspace.root / "form.md").write_text(
        "<!-- govern ask, dataset trees, data none -->\nAnswered by: Grace\n"
        "## motivation.funding\nAnswer: t.b.d.\n## collection.consent\n> Known: x\n\nNot applicable: no people\n"
        "## composition.sampling\nAnswer: Confirmed\n## maintenance.contact\nAnswer: Ada\n",
        encoding="utf-8",
    )
    with pytest.raises(UsageError) as caught:
        govern("trees", "--from", "form.md")
    assert caught.value.exit_code == 2
    assert str(caught.value).splitlines() == [
        "not taken from form.md, and the rest was recorded:",
        "  - motivation.funding: the answer is placeholder text ('t.b.d.'); leave it empty until somebody knows",
        "  - composition.sampling: there is no answer yet that could be confirmed",
    ]
    assert "2 answers were recorded in answers/trees.yaml" in capsys.readouterr().out
    held = read_answers(workspace.answers("trees")).given
    assert list(held) == ["motivation.purpose", "collection.consent", "maintenance.contact"]
    assert held["collection.consent"].not_applicable == "no people"


def test_the_same_form_again_says_what_changed(
    workspace: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    form = workspace.root / "form.md"
    text = (
        "<!-- govern ask, dataset trees, data none -->\nAnswered by: Grace\n## motivation.funding\nAnswer: The town.\n"
        "## collection.consent\nNot applicable: no people\n## maintenance.contact\nAnswer: Ada\n"
    )
    form.write_text(text, encoding="utf-8")
    govern("trees", "--from", "form.md")
    assert "3 answers were recorded in answers/trees.yaml (3 new). Commit it" in capsys.readouterr().out
    first = workspace.answers("trees").read_bytes()
    monkeypatch.setattr(command, "today", lambda: datetime.date(2031, 1, 1))
    govern("trees", "--from", "form.md")
    said = capsys.readouterr().out
    assert said == "Nothing changed: 3 answers stand in answers/trees.yaml already, in the same words.\n"
    assert workspace.answers("trees").read_bytes() == first, "what was said then was not said today"
    form.write_text(text.replace("Ada", "Alan") + "## maintenance.updates\nAnswer: Every May.\n", encoding="utf-8")
    govern("trees", "--from", "form.md")
    assert capsys.readouterr().out.startswith(
        "2 answers were recorded in answers/trees.yaml (1 new; 1 changed: maintenance.contact). 2 more stood there already."
    )
    held = read_answers(workspace.answers("trees")).given
    assert (held["maintenance.contact"].on, held["collection.consent"].on < "2031") == ("2031-01-01", True)
    govern("trees", "--from", "form.md", "--by", "Alan")
    assert "Nothing changed" in capsys.readouterr().out, "the form's name comes before --by"
    form.write_text(text.replace("Grace", "Alan"), encoding="utf-8")
    govern("trees", "--from", "form.md")
    assert "(3 changed: " in capsys.readouterr().out, "the same words by somebody else are another word"


def test_a_damaged_heading_costs_its_own_answer_alone(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    (workspace.root / "form.md").write_text(
        "<!-- govern ask, dataset trees, data none -->\nAnswered by: Grace\n"
        "## composition.instances\nAnswer:\n## composition.smpling\nAnswer: At random.\n## maintenance.contact\nAnswer: Ada\n",
        encoding="utf-8",
    )
    with pytest.raises(UsageError, match=r"line 5: `composition\.smpling` is no question") as caught:
        govern("trees", "--from", "form.md")
    assert caught.value.exit_code == 2
    assert "1 answer was recorded" in capsys.readouterr().out
    held = read_answers(workspace.answers("trees")).given
    assert list(held) == ["motivation.purpose", "maintenance.contact"]


def test_a_person_is_asked_and_stops(workspace: Workspace) -> None:
    shown, kept = sit(workspace, "", "TBD", "n/a", "n/a: trees are not people", "two \\", "lines", "q")
    answers = list(kept.values())
    assert [answer.not_applicable or answer.answer for answer in answers] == ["trees are not people", "two\nlines"]
    assert all(answer.by == "Grace" for answer in answers)
    assert sum("That is placeholder text" in line for line in shown) == 2
    assert any("Likely to know:" in line for line in shown)


def test_an_answer_for_earlier_data_is_confirmed(workspace: Workspace) -> None:
    old = "sha256:" + "0" * 64
    file = workspace.answers("trees")
    file.write_text(
        "answers:\n  composition.instances: {answer: One tree., by: Ada, on: 2026-03-01, about_data: '" + old + "'}\n",
        encoding="utf-8",
    )
    facts = dataset_facts(workspace, "trees", read_lock(workspace))
    number = [item.question.id for item in to_ask(facts)].index("composition.instances")
    shown, kept = sit(workspace, *[""] * number, "=")
    assert any("Answered for an earlier version of the data by Ada, 2026-03-01: One tree." in line for line in shown)
    (again,) = kept.values()
    assert (again.answer, again.by, again.about_data) == ("One tree.", "Grace", facts.manifest.digest)


def test_other_data_makes_answers_old(tmp_path: Path) -> None:
    digest = "sha256:" + "0" * 64
    answers = f"answers:\n  composition.instances:\n    answer: One tree.\n    by: Ada\n    on: 2026-03-01\n    about_data: {digest}\n"
    workspace = build(tmp_path / "trees", **{"answers/trees.yaml": answers})
    sheet = workspace.report("trees") / "datasheet.md"
    assert "given for an earlier version by Ada" in sheet.read_text(encoding="utf-8")
    now = dataset_facts(workspace, "trees", read_lock(workspace)).manifest.digest
    workspace = edit(workspace, "answers/trees.yaml", digest, now)
    judge(workspace, "trees")
    assert "given for an earlier version" not in sheet.read_text(encoding="utf-8")


def test_a_real_terminal(workspace: Workspace) -> None:
    main, child = pty.openpty()
    code = "import typer; from governance.cli import ask; a = typer.Typer(); ask.register(a); a()"
    process = subprocess.Popen(
        [sys.executable, "-c", code, "trees", "--by", "Grace"], cwd=workspace.root, stdin=child, stdout=child,
        stderr=child, start_new_session=True,
    )  # fmt: skip
    os.close(child)
    _until(main, "q stops): ")
    os.write(main, b"A forester.\n")
    _until(main, "q stops): ")
    os.write(main, b"\x04")  # control-D
    _until(main, "1 answer was recorded")
    assert process.wait(20) == 0
    os.close(main)
    assert [given.answer for given in read_answers(workspace.answers("trees")).given.values()][1] == "A forester."


def _until(main: int, word: str) -> str:
    seen, end = "", time.monotonic() + 30
    while time.monotonic() < end and word not in seen:
        if select.select([main], [], [], 0.5)[0]:
            try:
                seen += os.read(main, 65536).decode(errors="replace")
            except OSError:
                break
    assert word in seen, seen
    return seen
