"""Takes a filled form apart: which text stands below which question, and which headings were damaged on the way.

People fill a form in editors that change it. A heading whose question is still certain counts as that question's. One
that only looks like a question's, and a question that lost its heading, end the text above them and take none: what
stands below belongs to a question that nobody can name, and to the question before it least of all.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from governance.documents.questions import questionnaire

_HEADING = re.compile(r"^[ ]{0,3}#{1,6}[ \t]*(?=\S)")
_DRESS = re.compile(r"[`*\\#]|:$")
"""What editors put around a heading, or before `_`."""
_ONE_NAME = re.compile(r"[A-Za-z_]+\.[A-Za-z_]+")
_NEAR, _NEAR_BELOW = 0.8, 0.6
"""Likeness, from 0 to 1, from which a line counts as a damaged heading; and that of what follows a section's name, when
this is intact. Some two wrong letters of ten."""


@dataclass
class Block:
    """One question's heading, and what stands below it."""

    question: str
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The lines below the heading."""
        return "\n".join(self.lines)


@dataclass(frozen=True)
class Blocks:
    """A form, taken apart."""

    head: str
    """What stands above the first question."""
    found: tuple[Block, ...]
    problems: tuple[str, ...]
    """Which headings cannot be read, one sentence each, in the form's order."""


def blocks_of(text: str, asked: Mapping[str, str]) -> Blocks:
    """`text` by question. `asked` holds the line by which the form puts each question, to the question's id."""
    known = [question.id for question in questionnaire().questions]
    head: list[str] = []
    found: list[Block] = []
    problems: list[str] = []
    here: Block | None = None
    # Below a damaged heading stands the question that it belongs to, and that is no second problem.
    unnamed, below = False, head
    for number, line in enumerate(text.split("\n"), start=1):
        if name := _question(line, known):
            here = Block(name)
            found.append(here)
            unnamed, below = False, here.lines
        elif said := _damaged(line, known):
            problems.append(f"line {number}: {said}; what stands below it was left out")
            here, unnamed, below = None, True, []
        elif (name := asked.get(line.strip(), "")) and (here is None or here.question != name):
            _take_heading(below)
            if not unnamed:
                problems.append(
                    f"line {number}: the heading `## {name}` above this question is missing; what stands below it was left out"
                )
            here, unnamed, below = None, False, []
        else:
            below.append(line)
    return Blocks("\n".join(head), tuple(found), tuple(problems))


def _take_heading(lines: list[str]) -> None:
    """Takes away the heading at the end of `lines`: it stood where a question's own should, and is no part of an answer."""
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    if end and _HEADING.match(lines[end - 1]):
        del lines[end - 1 :]


def _question(line: str, known: list[str]) -> str:
    """The question whose heading `line` certainly is, whatever an editor made of its dress; else nothing."""
    name = _DRESS.sub("", line.strip()).strip()
    return name if _HEADING.match(line) and name in known else ""


def _damaged(line: str, known: list[str]) -> str:
    """What is wrong with `line` when it looks like a question's heading and is none; else nothing."""
    shown = _DRESS.sub("", line.strip()).strip()
    words = shown.lower().split()
    if not words or len(words) > 4:
        return ""
    section, _, below = "_".join(words).partition(".")
    of_section = {name.partition(".")[2]: name for name in known if name.partition(".")[0] == section}
    of_a_section = bool(of_section and _ONE_NAME.fullmatch(shown))
    if of_a_section:
        near = [of_section[name] for name in difflib.get_close_matches(below, of_section, n=1, cutoff=_NEAR_BELOW)]
    else:
        near = difflib.get_close_matches("_".join(words), known, n=1, cutoff=_NEAR)
    if _HEADING.match(line):
        if near:
            return f"`{shown}` is no question; did you mean `{near[0]}`?"
        return f"`{shown}` is no question" if of_a_section else ""
    # Without its marks only one name with a dot counts: other words are more likely part of an answer.
    return f"`{shown}` stands there without `##` before it" if _ONE_NAME.fullmatch(shown) and near else ""
