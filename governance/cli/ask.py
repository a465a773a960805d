"""`govern ask`: a person answers what only people know about a dataset, in the terminal or in a form."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from governance.cli.person import name_of
from governance.cli.standing import from_here
from governance.clock import today
from governance.config import Workspace
from governance.formats.entries import printable

if TYPE_CHECKING:
    from governance.documents.answers import Given
    from governance.documents.answers_file import Recorded
    from governance.documents.facts import DatasetFacts
    from governance.documents.interview import Asked

_PROMPT = "Answer (Enter skips, `n/a: reason` says it makes no sense here, a \\ at the end goes on, q stops): "
_PROMPT_OLDER = "Answer (= still holds, Enter skips, a \\ at the end goes on, q stops): "


def register(app: typer.Typer) -> None:
    """Add this group's commands."""
    app.command("ask")(ask)


def ask(
    dataset: Annotated[str, typer.Argument(help="The dataset that the questions are about.")],
    to: Annotated[str, typer.Option(help="Write the questions to this Markdown file, for a person to fill in.")] = "",
    from_: Annotated[str, typer.Option("--from", help="Read answers from this filled form.")] = "",
    by: Annotated[str, typer.Option(help="Who answers; git's user.name when not given.")] = "",
    all_: Annotated[bool, typer.Option("--all", help="Ask the optional questions too.")] = False,
) -> None:
    """Ask what only people know: questions of the datasheet that are open, or answered for earlier data.

    Each question comes with who is likely to know and what was measured. An answer is kept as soon as it is given, so
    stop with `q` whenever you like and go on later. Answers go to answers/DATASET.yaml, which keeps its comments and
    its order, and which belongs into git. For a person without a terminal: --to FILE, and --from FILE once it is
    filled in. What cannot be taken from a form is listed with the reason, and the rest is kept; the exit code is 2.
    """
    from governance.errors import UsageError

    if to and from_:
        raise UsageError("--to writes a form and --from reads one; give one of them")
    workspace = Workspace.find()
    workspace.dataset(dataset)
    if from_:
        _read(workspace, dataset, Path(from_), by)
        return
    from governance.documents.interview import to_ask

    facts = _facts(workspace, dataset)
    policy = workspace.config.policy.resolved()
    asked = to_ask(facts, optional=all_, required=policy.required_answers, tier=policy.tier)
    if not asked:
        print(f"No question about {dataset} is open.")
    elif to:
        _write(dataset, facts, asked, Path(to))
    elif not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(
            f"{len(asked)} questions are open, and there is no terminal.\n  Run: govern ask {dataset} --to form.md"
        )
    else:
        _ask_here(workspace, dataset, facts, asked, name_of(by, "who answers?"))


def _facts(workspace: Workspace, dataset: str) -> DatasetFacts:
    from governance.documenting import dataset_facts
    from governance.lock import read_lock

    return dataset_facts(workspace, dataset, read_lock(workspace))


def _write(dataset: str, facts: DatasetFacts, asked: Sequence[Asked], path: Path) -> None:
    from governance.documents.answer_form import form_text
    from governance.errors import UsageError
    from governance.files import write_atomic

    if path.exists():
        raise UsageError(f"{path} exists, perhaps with answers in it; read it with --from, or give another --to")
    if not path.parent.is_dir():
        raise UsageError(f"{path.parent} is no folder; make it first, or give another --to")
    write_atomic(path, form_text(dataset, facts.manifest.digest, asked))
    print(f"{len(asked)} questions are in {path}{_required_of(asked)}. Fill it in, or send it to whoever knows.")
    print(f"Then run: govern ask {dataset} --from {path}")


def _required_of(asked: Sequence[Asked]) -> str:
    required = [item.required_by for item in asked if item.required_by]
    return f", the first {len(required)} required by tier {required[0]}" if required else ""


def _read(workspace: Workspace, dataset: str, path: Path, by: str) -> None:
    from governance.documents.answer_form import read_form
    from governance.documents.answers import read_answers
    from governance.documents.answers_file import record
    from governance.errors import ConfigError, UsageError

    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}") from None
    filled, digest, problems = read_form(text, dataset, by=by, on=today().isoformat())
    file = workspace.answers(dataset)
    held = read_answers(file)
    given, left_out = dict(filled.given), list(filled.not_taken)
    for question in filled.confirmed:
        earlier = held.get(question)
        if earlier is None:
            left_out.append(f"{question}: there is no answer yet that could be confirmed")
        else:
            given[question] = confirmed(earlier, question, filled.by, digest)
    if problems:
        raise UsageError(_listed("nothing was recorded", (f"{path}: {problem}" for problem in problems)))
    try:
        done = record(file, given)
    except ConfigError as error:
        raise UsageError(_listed("nothing was recorded", error.problems)) from None
    _print_recorded(done, file)
    if left_out:
        rest = "and the rest was recorded" if done.new or done.changed else "and nothing was recorded"
        raise UsageError(_listed(f"not taken from {path}, {rest}", left_out))


def _listed(what: str, lines: Iterable[str]) -> str:
    return "\n".join([f"{what}:", *(f"  - {printable(line)}" for line in lines)])


def confirmed(earlier: Given, question: str, by: str, digest: str) -> Given:
    """`earlier`, which `by` says still holds for the data with `digest`."""
    from dataclasses import replace

    from governance.documents.answers import OF_THE_DATA

    about = digest if question.partition(".")[0] in OF_THE_DATA else ""
    return replace(earlier, by=by, on=today().isoformat(), about_data=about)


def _ask_here(workspace: Workspace, dataset: str, facts: DatasetFacts, asked: Sequence[Asked], by: str) -> None:
    from governance.documents.answers_file import Recorded, record

    file = workspace.answers(dataset)
    done = Recorded()

    def keep(question: str, given: Given) -> None:
        nonlocal done
        done += record(file, {question: given})

    print(f"{len(asked)} questions about {dataset} are open{_required_of(asked)}. What you do not know, leave open.")
    try:
        interview(asked, facts, by, keep=keep, ask=input, show=print)
    except (KeyboardInterrupt, EOFError):
        print()
    _print_recorded(done, file)


def interview(
    asked: Sequence[Asked],
    facts: DatasetFacts,
    by: str,
    *,
    keep: Callable[[str, Given], None],
    ask: Callable[[str], str],
    show: Callable[[str], None],
) -> None:
    """Put each question and hand each answer to `keep` at once, until `q`."""
    from governance.documents.answer_form import answer_from
    from governance.documents.placeholders import placeholder

    digest = facts.manifest.digest
    for number, item in enumerate(asked, start=1):
        question = item.question
        show(f"\n{number} of {len(asked)}  {question.id}\n{question.question}")
        for line in item.lines():
            show(f"  {printable(line)}")
        while said := _lines(ask, _PROMPT_OLDER if item.older else _PROMPT):
            if said.lower() == "q":
                return
            earlier = facts.answers.get(question.id)
            if said == "=" and earlier is not None:
                keep(question.id, confirmed(earlier, question.id, by, digest))
                break
            given = answer_from(said, question.id, by=by, on=today().isoformat(), digest=digest)
            why = placeholder(given.answer or given.not_applicable, question)
            if not why:
                keep(question.id, given)
                break
            show(f"  That is {printable(why)}. Say what you know, or press Enter to leave it open.")


def _lines(ask: Callable[[str], str], prompt: str) -> str:
    """What is typed, of several lines where each but the last ends in a backslash."""
    said = ask(prompt).rstrip()
    lines = [said]
    while said.endswith("\\"):
        lines[-1] = said[:-1].rstrip()
        said = ask("  ... ").rstrip()
        lines.append(said)
    return "\n".join(lines).strip()


def _print_recorded(done: Recorded, file: Path) -> None:
    count = len(done.new) + len(done.changed)
    there = len(done.unchanged)
    if not count and not there:
        print("Nothing was answered, and nothing recorded.")
        return
    if not count:
        said = f"Nothing changed: {_answers(there)} in answers/{file.name} already, in the same words."
    else:
        parts = [f"{len(done.new)} new"] if done.new else []
        parts += [f"{len(done.changed)} changed: {', '.join(done.changed)}"] if done.changed else []
        more = f" {there} more stood there already." if there else ""
        said = f"{_answers(count, 'recorded')} in answers/{file.name} ({'; '.join(parts)}).{more} Commit it, and run: dvc repro"
    print(from_here(said, file.parents[1]))


def _answers(count: int, done: str = "") -> str:
    verb = ("was" if count == 1 else "were") if done else ("stands" if count == 1 else "stand")
    return f"{count} {'answer' if count == 1 else 'answers'} {verb}{' ' if done else ''}{done}"
