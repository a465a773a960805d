"""`govern waive` on a real workspace: writes what the gate takes, and nothing that it would refuse."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from accepting.place import Place
from small_workspace import git

from governance.cli import accepting
from governance.clock import today
from governance.errors import ConfigError
from governance.yaml_entries import with_list_entry

REASON = "Two trees were measured in millimetres."
COMMENTED = """\
# Findings that we live with.
waivers:
  # the survey of May
  - fingerprint: "0000000000000000"  # quotes matter
    owner: Bea Beech
    reason: >-
      Both spellings
      are the same clinic.
    expires: 2026-12-01

# at the end
"""


@pytest.fixture(autouse=True)
def _one_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command's day is that of the test, which may pass midnight."""
    day = today()
    monkeypatch.setattr(accepting, "today", lambda: day)


def until(days: int) -> str:
    """So many days from the command's day."""
    return (accepting.today() + datetime.timedelta(days=days)).isoformat()


def fingerprint(place: Place) -> str:
    _, text = place.govern("gate")
    return text.partition("check_failed [")[2][:16]


def waive(place: Place, *words: str, **changed: str) -> tuple[int, str]:
    values = {"reason": REASON, "until": until(30), "owner": "Bob Baker"} | changed
    options = [word for name, value in values.items() for word in (f"--{name.replace('_', '-')}", value)]
    return place.govern("waive", fingerprint(place), *options, *words)


def test_a_waiver_that_is_written_is_one_that_counts(place: Place) -> None:
    assert place.govern("gate")[0] == 3
    code, text = waive(place, ticket="DATA-1", max_count="2")
    assert code == 0, text
    place.judge()
    code, text = place.govern("gate")
    assert code == 0, text
    assert f"waived: {REASON} (Bob Baker, until {until(30)})" in text
    (waiver,) = place.workspace.waivers
    assert (waiver.ticket, waiver.max_count) == ("DATA-1", 2)


def test_a_waiver_covers_as_many_as_there_are_now_unless_more_is_said(place: Place) -> None:
    code, text = waive(place)
    assert code == 0, text
    assert f"is waived until {until(30)}, for 2 at most, by Bob Baker." in text
    assert place.workspace.waivers[0].max_count == 2


def test_comments_and_order_stay(place: Place) -> None:
    place.write("waivers.yaml", COMMENTED)
    assert waive(place)[0] == 0
    text = place.read("waivers.yaml")
    head, _, rest = COMMENTED.partition("\n# at the end")
    assert text.startswith(head)
    assert text.endswith(f"\n# at the end{rest}")
    assert [one.owner for one in place.workspace.waivers] == ["Bea Beech", "Bob Baker"]
    added = text[len(head) : -len("\n# at the end" + rest)]
    assert added.splitlines()[0].startswith('  - fingerprint: "')


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"until": "soon"}, "is no date"),
        ({"reason": "short"}, "reason"),
        ({"reason": "          "}, "reason"),
        ({"owner": "todo"}, "says nothing"),
        ({"owner": "T.B.D."}, "says nothing"),
        ({"reason": "to be decided later"}, "says nothing"),
        ({"max_count": "1"}, "is below the 2 that there are now"),
    ],
)
def test_what_the_gate_would_refuse_is_not_written(place: Place, changed: dict[str, str], said: str) -> None:
    _refused(place, changed, said)


@pytest.mark.parametrize(
    ("days", "said"), [(-1, "is in the past"), (181, "reaches further than the 180 days of the policy")]
)
def test_a_last_day_that_the_gate_would_refuse_is_not_written(place: Place, days: int, said: str) -> None:
    _refused(place, {"until": until(days)}, said)


def _refused(place: Place, changed: dict[str, str], said: str) -> None:
    before = place.read("waivers.yaml")
    code, text = waive(place, **changed)
    assert code == 2, text
    assert said in text
    assert place.read("waivers.yaml") == before


def test_the_last_day_of_the_policy_is_taken(place: Place) -> None:
    assert waive(place, until=until(180))[0] == 0


def test_only_a_finding_that_blocks_and_once(place: Place) -> None:
    code, text = place.govern("waive", "0" * 16, "--reason", REASON, "--until", until(9), "--owner", "Bob Baker")
    assert code == 2
    assert "no finding has the fingerprint" in text
    code, text = place.govern("waive", "*", "--reason", REASON, "--until", until(9), "--owner", "Bob Baker")
    assert code == 2
    assert waive(place)[0] == 0
    code, text = waive(place)
    assert code == 2
    assert "waived already" in text
    assert "does not block (it is waived)" in text


def test_git_names_the_owner_or_nobody_does(place: Place) -> None:
    words = ("waive", fingerprint(place), "--reason", REASON, "--until", until(9))
    code, text = place.govern(*words)
    assert code == 2
    assert "git knows no user.name" in text
    git(place.root, "config", "user.name", "Cyd Carter")
    assert place.govern(*words)[0] == 0
    assert place.workspace.waivers[0].owner == "Cyd Carter"


def test_a_link_is_not_written_through(place: Place, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.yaml"
    elsewhere.write_text("waivers: []\n", encoding="utf-8")
    (place.root / "waivers.yaml").unlink()
    (place.root / "waivers.yaml").symlink_to(elsewhere)
    code, text = waive(place)
    assert code == 4
    assert "symbolic link" in text
    assert elsewhere.read_text(encoding="utf-8") == "waivers: []\n"


ENTRY = {"fingerprint": "1234567890123456", "owner": 'Zoë "Z" #1', "count": 3}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "waivers:\n  - fingerprint: \"1234567890123456\"\n"),
        ("# c\n", "# c\nwaivers:\n  - fingerprint"),
        ("waivers: []  # none\n", "waivers:  # none\n  - fingerprint"),
        ("waivers:\n", "waivers:\n  - fingerprint"),
        ("waivers:\n- {a: 1}\nother: 2", "waivers:\n- {a: 1}\n- fingerprint"),
        ("waivers:\n    - a: |\n        x\n        y\n\nother: 2\n", "        y\n    - fingerprint"),
        ("waivers:\n  - a: 1\n    b:\n      - 2\n# end", "      - 2\n  - fingerprint"),
    ],
)  # fmt: skip
def test_an_entry_is_added_and_nothing_else_moves(before: str, after: str) -> None:
    text = with_list_entry(before, "waivers", ENTRY, "waivers.yaml")
    assert after in text
    kept = [line for line in before.splitlines() if line not in ("waivers: []  # none",)]
    assert [line for line in text.splitlines() if line in kept] == kept


@pytest.mark.parametrize("text", ["waivers: [{a: 1}]\n", "- a\n", "other: 1\n", "waivers: text\n", "waivers: [\n"])
def test_what_needs_a_person_is_left_to_one(text: str) -> None:
    with pytest.raises(ConfigError, match=r"by hand|not valid YAML"):
        with_list_entry(text, "waivers", ENTRY, "waivers.yaml")
