"""Dates after the declared time: planned before it, or records of what happened after it."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from governance.dataset import Role, Task
from governance.evidence import Level
from governance.reporting.split_report import split_leaks
from governance.testing import make_snapshot

ROWS = 200
RNG = np.random.default_rng(7)
DAY = [dt.date(2024, 1, 1) + dt.timedelta(days=int(n)) for n in np.sort(RNG.integers(0, 300, ROWS))]
URGENT = RNG.integers(0, 3, ROWS)
LABEL = RNG.integers(0, 2, ROWS)


def after(days):
    return [day + dt.timedelta(days=int(n)) for day, n in zip(DAY, days, strict=True)]


def until_now(dates):
    return [day if day <= DAY[-1] else None for day in dates]


def end_of_month(day):
    return (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)


ANY = RNG.integers(1, 60, ROWS)
PLANNED = {
    "paymentDue": after(ANY),
    "promised_for": after(ANY % 9 + 1),
    "term": after(np.array([14, 30, 60])[URGENT[::-1]]),
    "limit": after(3 + URGENT),
    "cover": [end_of_month(day) for day in DAY],
}
RECORDED = {
    "settled_on": after(ANY),
    "other": after(ANY),
    "soon": after(ANY % 3 + 1),
    "closed": after(np.full(ROWS, 5)),
    "next_visit": until_now(after(ANY)),
    "review": after(10 + 10 * LABEL),
}


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    columns = {"day": DAY, "urgent": [f"u{n}" for n in URGENT], "y": [f"class {n}" for n in LABEL]}
    frame = pl.DataFrame(columns | PLANNED | RECORDED)
    snapshot = make_snapshot(
        tmp_path_factory.mktemp("dates"), frame, target="y", task=Task.CLASSIFICATION, roles={Role.TIMESTAMP: ("day",)}
    )
    leaks = split_leaks(snapshot, 0.01)
    return leaks, {finding.columns[0]: finding for finding in leaks.part.findings}


@pytest.mark.parametrize("name", PLANNED)
def test_a_planned_date_is_asked_about(told, name):
    leaks, found = told
    assert found[name].level is Level.NOTE
    assert found[name].message.endswith("Is this date planned or recorded?")
    assert name not in leaks.late_columns


@pytest.mark.parametrize("name", RECORDED)
def test_a_record_of_what_happened_is_a_warning(told, name):
    leaks, found = told
    assert found[name].level is Level.WARNING
    assert name in leaks.late_columns


def test_the_check_counts_both(told):
    (check,) = [check for check in told[0].part.checks if check.what == "features dated after the label"]
    assert check.result == "11 of 11 columns, 5 of these as if planned"
