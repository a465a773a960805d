"""The first screen of a datasheet says who approved, and what changed since the version before."""

from __future__ import annotations

import pytest
from accepting.place import Place
from small_workspace import TABLE, git, judge


@pytest.fixture
def there(place: Place) -> Place:
    place.write("data/trees.csv", TABLE)
    place.measure()
    place.commit("Ada Author", "ada@example.org")
    git(place.root, "config", "user.name", "Bob Baker")
    git(place.root, "config", "user.email", "bob@example.org")
    return place


def sheet(place: Place) -> str:
    return place.read("reports/datasets/trees/datasheet.md")


def since(place: Place) -> str:
    return sheet(place).split("## Since the last approved version")[1].split("\n## ")[0]


def test_before_anybody_approved_it_says_so(there: Place) -> None:
    assert "Nobody has approved it." in sheet(there)
    assert "No earlier version was approved" in since(there)


def test_an_approval_stands_on_the_first_screen_until_something_changes(there: Place) -> None:
    code, text = there.govern("approve", "trees", "--role", "data_owner", "--note", "Looked at the datasheet.")
    assert code == 0, text
    judge(there.workspace, "trees")
    assert "- Approved by Bob Baker as data owner on " in sheet(there)
    assert "Looked at the datasheet." in sheet(there).split("## At a glance")[0]
    assert "No earlier version was approved" in since(there), "a version is not compared with itself"
    assert there.govern("gate")[0] == 0

    rows = TABLE.replace(",elm", ",oak", 30) + "11.0,2.0,oak\n"
    there.write("data/trees.csv", rows)
    there.edit("expectations/trees/columns.yaml", "unit: cm", "unit: mm")
    there.measure()
    assert "of an earlier state: data and verdict and documents changed since" in sheet(there)
    said = since(there)
    assert "120 rows became 121." in said
    assert "1 change of columns: “width” (unit: cm → mm)." in said
    assert "1 distribution moved: “kind” by 0.25 (total variation distance)." in said
    assert "Rows per split: " in said
