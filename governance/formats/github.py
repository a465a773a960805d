"""The gate as GitHub Actions workflow commands: annotations on the lines of a pull request.

Syntax and escaping as in GitHub's documentation, "Workflow commands for GitHub Actions".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.formats.entries import Entry, closing, entries, printable

if TYPE_CHECKING:
    from governance.config import Workspace
    from governance.judging import Judged

SHOWN_PER_TYPE = 10
"""GitHub shows this many annotations of each type per step and drops the rest without a word, so we count ours."""


def as_github(judged: Judged, workspace: Workspace) -> str:
    """Errors for what blocks, warnings for what warns, notices for what is waived or noted; at the end one line.

    When all passed, one notice says so. Beyond GitHub's limit the last annotation of a type counts the rest.
    """
    found = entries(judged, workspace)
    errors = [entry for entry in found if entry.decision.effect == "block"]
    warnings = [entry for entry in found if entry.decision.effect == "warn"]
    notices = [e for e in found if e.decision.effect == "waived" or (e.decision.effect == "note" and e.finding)]
    lines = [*_limited("error", errors), *_limited("warning", warnings)]
    passed = judged.exit_code == 0
    lines += _limited("notice", notices, room=SHOWN_PER_TYPE - len(judged.notes[:1]) - passed)
    if judged.notes:
        lines.append(command("notice", "; ".join(map(printable, judged.notes)), title="govern: waivers"))
    if passed:
        lines.append(command("notice", closing(judged), title="govern: passed"))
    else:
        lines.append(closing(judged))
    return "\n".join(lines) + "\n"


def _limited(type: str, found: list[Entry], room: int = SHOWN_PER_TYPE) -> list[str]:
    if len(found) <= room:
        return [_annotation(type, entry) for entry in found]
    rest = len(found) - (room - 1)
    more = f"and {rest} more of this kind; the job summary and `govern gate` list them"
    return [*(_annotation(type, entry) for entry in found[: room - 1]), command(type, more, title="govern")]


def _annotation(type: str, entry: Entry) -> str:
    decision, finding = entry.decision, entry.finding
    message = printable(decision.message)
    if finding is not None:
        message += f"\n{printable(finding.remedy)}\nMore: govern explain {finding.fingerprint}"
    if decision.effect == "waived":
        message = f"waived: {printable(decision.waiver)}\n{message}"
    title = f"{entry.subject}: {decision.rule}"
    return command(type, message, file=entry.place.file, line=str(entry.place.line), title=title)


def command(type: str, message: str, **properties: str) -> str:
    """One workflow command. A text in it can end neither its property nor its line."""
    joined = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{type} {joined}::{_data(message)}" if joined else f"::{type}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
