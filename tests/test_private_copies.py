"""Private columns tell rows apart and alike, and no value of theirs leaves."""

import dataclasses

import numpy as np
import polars as pl
import pytest

from governance.audits.duplicates import Duplicates
from governance.dataset import ColumnType, Modality, Role, Split, Task
from governance.reporting.shared_rows import shared_rows
from governance.signals.compute import compute_signals
from governance.signals.private_columns import given_by_counter, private_columns
from governance.testing import make_snapshot

PRIVATE = {Role.PRIVATE: ("person", "phone")}
TYPES = dict.fromkeys(("person", "street", "phone"), ColumnType.STRING)
SYLLABLES = "ba ko li mar ned os pru sa tim vel".split()


def people(rows=400, seed=0):
    """Persons of few streets and towns, so that those alone tell few apart."""
    random = np.random.default_rng(seed)

    def word(size):
        return "".join(random.choice(SYLLABLES, size)).title()

    return pl.DataFrame(
        {
            "person": [f"{word(2)} {word(3)}" for _ in range(rows)],
            "street": [f"{random.choice(['Elm', 'Ash', 'Oak'])} Row {random.integers(1, 60)}" for _ in range(rows)],
            "town": random.choice(["Aby", "Bro", "Cul"], rows),
            "phone": [f"0{n}" for n in random.integers(10**8, 10**9, rows)],
            "kind": random.choice(["x", "y"], rows),
        }
    )


def ask(folder, frame, roles=PRIVATE, types=TYPES, **rest):
    snapshot = make_snapshot(folder, frame, types=types, target="kind", task=Task.CLASSIFICATION, roles=roles, **rest)
    compute_signals(snapshot, folder / "out")
    snapshot = dataclasses.replace(snapshot, signals_folder=folder / "out")
    return snapshot, Duplicates().run(snapshot)


def counts(answer):
    return {(f.rule.split("/")[1], f.level.value): f.count for f in answer.findings}


def misspelt(name):
    return name[:3] + "w" + name[4:]


def test_other_people_of_one_street_are_no_copies_and_do_not_conflict(tmp_path):
    _, answer = ask(tmp_path, people())
    assert counts(answer) == {}


def test_copies_are_told_by_private_columns_and_conflict(tmp_path):
    frame = people()
    copies = frame.head(10).with_columns(kind=pl.lit("z"))
    _, answer = ask(tmp_path, pl.concat([frame, frame.head(12).tail(2), copies]))
    assert counts(answer) == {("exact_within_split", "warning"): 2, ("conflicting_labels", "warning"): 20}
    [table] = [table for table in answer.tables if table.name == "private_columns"]
    assert table.rows == (("person", True, ""), ("phone", True, ""))


def test_a_typing_error_in_a_name_is_found_within_and_across_and_shown_nowhere(tmp_path):
    frame = people().with_columns(part=pl.lit("train"))
    typed = frame.head(20).with_columns(pl.col("person").map_elements(misspelt, pl.String), part=pl.lit("test"))
    split = Split(method="column", column="part")
    roles = {**PRIVATE, Role.SPLIT: ("part",)}
    snapshot, answer = ask(tmp_path, pl.concat([frame, typed]), roles, split=split)
    assert counts(answer)["near_across_splits", "warning"] == 20
    assert len(shared_rows(snapshot, ()).near) == 20
    said = str([answer.findings, answer.tables, answer.metrics]) + str(answer.rows.rows())
    assert not [v for v in (*typed["person"], *typed["phone"], *frame["person"]) if v in said]


@pytest.mark.parametrize("code", ["{}", "M-{:05d}"])
def test_a_private_counter_hides_no_copies(tmp_path, code):
    frame = people()
    frame = pl.concat([frame, frame.head(5)])
    frame = frame.with_columns(member=pl.Series([code.format(70_000 + n) for n in range(frame.height)]))
    roles = {Role.PRIVATE: (*PRIVATE[Role.PRIVATE], "member")}
    _, answer = ask(tmp_path, frame, roles, {**TYPES, "member": ColumnType.STRING})
    assert counts(answer) == {("exact_within_split", "warning"): 5}
    [table] = [table for table in answer.tables if table.name == "private_columns"]
    assert table.rows[0] == ("member", False, "it counts the rows, as an identifier does")


def test_numbers_beside_a_private_name_are_compared_by_themselves(tmp_path):
    random = np.random.default_rng(3)
    frame = pl.DataFrame(random.normal(size=(60, 5)), schema=list("abcde"))
    frame = pl.concat([frame, frame.head(3)]).with_columns(
        person=pl.Series([f"{n * 7919 % 997} Lee" for n in range(63)]), kind=pl.Series(["x", "y", "x"] * 21)
    )
    snapshot, answer = ask(tmp_path, frame, {Role.PRIVATE: ("person",)}, {"person": ColumnType.STRING})
    assert snapshot.modality is Modality.TABULAR
    assert private_columns(snapshot).compared == ()
    assert counts(answer) == {("exact_within_split", "warning"): 3}


def test_a_counter_is_told_from_phones():
    assert given_by_counter(pl.Series([f"K{900 + n}" for n in range(50)]))
    assert given_by_counter(pl.Series(range(50)))
    assert not given_by_counter(pl.Series([f"0{n * 7919 % 9973}" for n in range(20)]))
    assert not given_by_counter(pl.Series([f"n{n} a" for n in range(20)]))
