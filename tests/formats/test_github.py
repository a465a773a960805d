"""Workflow commands: parsed back as a runner reads them."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from governance.config import Workspace
from governance.formats.github import SHOWN_PER_TYPE, as_github, command
from governance.judging import Judged

_COMMAND = re.compile(r"^::(?P<type>error|warning|notice)(?: (?P<properties>[^:]*))?::(?P<data>.*)$")


def parse(text: str) -> list[tuple[str, dict[str, str], str]]:
    """Commands as GitHub's runner reads them: properties end at a comma, the command at the second `::`."""
    found = []
    for line in text.splitlines():
        if match := _COMMAND.match(line):
            pairs = dict(pair.split("=", 1) for pair in (match["properties"] or "").split(",") if pair)
            properties = {key: _decode(value, ":%3A", ",%2C") for key, value in pairs.items()}
            found.append((match["type"], properties, _decode(match["data"])))
    return found


def _decode(text: str, *more: str) -> str:
    for pair in (*more, "\r%0D", "\n%0A", "%%25"):
        text = text.replace(pair[1:], pair[0])
    return text


def test_every_decision_becomes_its_own_command(judged: Judged, workspace: Workspace) -> None:
    commands = parse(as_github(judged, workspace))
    verdicts = [d for j in judged.judgements for d in j.verdict.decisions]
    types = [type for type, _, _ in commands]
    assert types.count("error") == sum(d.effect == "block" for d in verdicts)
    assert types.count("warning") == sum(d.effect == "warn" for d in verdicts)
    assert all(set(p) <= {"file", "line", "title"} for _, p, _ in commands)


def test_lines_are_those_that_speak_of_it(judged: Judged, workspace: Workspace) -> None:
    places = {p["title"]: (p["file"], p["line"]) for _, p, _ in parse(as_github(judged, workspace)) if "file" in p}
    assert places["toy: schema/check"] == ("govern/expectations/toy/columns.yaml", "3")
    assert places["toy: outliers/far"] == ("govern/expectations/toy/columns.yaml", "2")
    assert places["toy: duplicates/exact"] == ("govern/reports/datasets/toy/evidence/duplicates.json", "1")
    assert places["toy: evidence/unusable"][0] == "govern/params.yaml"


def test_a_metric_points_at_its_rule(workspace: Workspace, judged: Judged) -> None:
    from governance.formats.places import Places
    from governance.verdict import Decision

    decision = Decision(rule="metric/duplicates.rate", effect="block", exit_code=3, message="too many")
    place = Places(workspace).of(judged.judgements[0], decision, None)
    assert (place.file, place.line) == ("govern/params.yaml", 13)


@pytest.mark.parametrize("text", ["a::b", "a,b=c", "50%", "%0A", "x\ny", "x\r\ny", "::error::z", "%3A%2C"])
def test_text_survives_and_does_not_steer(text: str) -> None:
    line = command("error", text, title=text)
    assert "\n" not in line
    assert parse(line) == [("error", {"title": text}, text)]


def test_all_passed_is_one_notice(passed: Judged, workspace: Workspace) -> None:
    assert parse(as_github(passed, workspace)) == [
        ("notice", {"title": "govern: passed"}, "2 judged, all passed. Exit code 0.")
    ]


@pytest.mark.parametrize("count", [SHOWN_PER_TYPE, SHOWN_PER_TYPE + 1, 200])
def test_what_github_would_drop_is_counted(count: int, many: Callable[..., Judged], workspace: Workspace) -> None:
    errors = [data for type, _, data in parse(as_github(many(count), workspace)) if type == "error"]
    assert len(errors) == SHOWN_PER_TYPE
    if count > SHOWN_PER_TYPE:
        assert errors[-1].startswith(f"and {count - SHOWN_PER_TYPE + 1} more")
