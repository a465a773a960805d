from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.differences.manifests import RARE, class_counts, counted
from governance.manifest import RARE_CLASS, Manifest, class_rows, folded

Classes = dict[str, dict[str, int]]
MANY: Classes = {"train": {"oak": 40, "elm": 20, "secret": 1, "hidden": 2}, "test": {"oak": 10, "hidden": 2, "ash": 5}}


def manifest(classes: Classes) -> Manifest:
    return cast("Manifest", SimpleNamespace(classes=classes, target="kind"))


def told(before: Classes, after: Classes) -> list[Any]:
    return [(c.level, c.before, c.after) for c in class_counts(manifest(before), manifest(after))]


def test_classes_of_fewer_than_five_rows_stand_in_one_entry_with_their_number_and_rows() -> None:
    entry = "2 classes of fewer than 5 rows"
    assert folded(MANY) == {"train": {"oak": 40, "elm": 20, entry: 3}, "test": {"oak": 10, "ash": 5, entry: 2}}
    found = class_rows(folded(MANY))
    assert (found.named, found.rare, found.rare_rows, found.count) == ({"ash": 5, "elm": 20, "oak": 50}, 2, 5, 5)
    assert folded({"all": {"oak": 5, "x": 4}}) == {"all": {"oak": 5, "1 class of fewer than 5 rows": 4}}
    assert folded({"all": {"oak": 5}}) == {"all": {"oak": 5}}
    assert folded({}) == {}


@given(st.dictionaries(st.sampled_from(["train", "test"]), st.dictionaries(st.text(max_size=3), st.integers(1, 9))))
def test_folding_loses_no_row_names_no_rare_class_and_is_the_same_when_done_again(classes: Classes) -> None:
    once = folded(classes)
    assert folded(once) == once
    assert class_rows(once) == class_rows(classes)
    for split, counts in classes.items():
        assert sum(once[split].values()) == sum(counts.values())
    totals = class_rows(classes).named
    assert all(rows >= RARE_CLASS for rows in totals.values())
    assert {name for counts in once.values() for name in counts if not name.endswith("than 5 rows")} <= totals.keys()


@pytest.mark.parametrize("form", [dict, folded])
def test_a_class_of_one_row_is_counted_and_not_named(form: Any) -> None:
    few: Classes = {"all": {"oak": 40, "secret": 1}}
    many: Classes = {"all": {"oak": 41, "secret": 7}}
    assert told({"all": {"oak": 40}}, form(few)) == [(RARE, 0, 1)]
    assert told(form(few), {"all": {"oak": 40}}) == [(RARE, 1, 0)]
    assert told(form(few), form(many)) == [("oak", 40, 41), ("secret", None, 7), (RARE, 1, 0)]
    assert told({"all": {"oak": 40}}, form(many)) == [("oak", 40, 41), ("secret", 0, 7)]
    assert told(form(few), form(few)) == []
    assert [counted(rows) for rows in (None, 0, 1200)] == ["fewer than 5", "0", "1,200"]
