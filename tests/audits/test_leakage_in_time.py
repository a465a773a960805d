"""Features that are the target of another row, and times that nobody declared."""

import dataclasses
import datetime as dt

import numpy as np
import polars as pl
import pytest

from governance.audits.leakage import Leakage
from governance.dataset import Role, Split, Task
from governance.evidence import Level
from governance.reporting.target_report import _share
from governance.signals.compute import compute_signals
from governance.testing import make_snapshot

BY_TIME = {
    "task": Task.REGRESSION,
    "roles": {Role.TIMESTAMP: ("day",)},
    "split": Split(method="time", column="day", test=0.25),
}


def ask(folder, frame, audit=None, **changes):
    snapshot = make_snapshot(folder, frame, **({"target": "y", "split": Split(method="ratio", test=0.25)} | changes))
    unlabelled = snapshot.manifest.model_copy(update={"target": None, "task": Task.NONE})
    compute_signals(dataclasses.replace(snapshot, manifest=unlabelled), folder / "signals")
    return (audit or Leakage()).run(dataclasses.replace(snapshot, signals_folder=folder / "signals"))


def found(answer):
    return {finding.rule.split("/")[1]: finding for finding in answer.findings}


def series(seed, slope, rows=700, start=dt.date(2019, 1, 1)):
    rng = np.random.default_rng(seed)
    y = np.zeros(rows)
    for row in range(1, rows):
        y[row] = slope * y[row - 1] + rng.normal()
    return pl.DataFrame(
        {
            "day": [start + dt.timedelta(days=n) for n in range(rows)],
            "x": rng.normal(size=rows),
            "promo": rng.integers(0, 2, rows),
            "y": y.round(3),
        }
    )


@pytest.mark.parametrize("slope", [0.97, 1.0])
def test_the_target_of_yesterday_is_a_note_and_no_leak(tmp_path, slope):
    frame = series(1, slope).with_columns(yesterday=pl.col("y").shift(1).fill_null(0.0))
    answer = ask(tmp_path, frame, **BY_TIME)
    assert {f.rule: f.level for f in answer.findings} == {"leakage/tells_earlier_target": Level.NOTE}
    assert "of the row before (by day)" in answer.findings[0].message


@pytest.mark.parametrize("rows", [24, 168])
def test_the_target_of_the_same_hour_a_day_or_a_week_later_is_an_error(tmp_path, rows):
    rng = np.random.default_rng(11)
    hours = [dt.datetime(2024, 1, 1) + dt.timedelta(hours=n) for n in range(1200)]
    y = 10 + 3 * np.sin(np.arange(1200) / 24 * 2 * np.pi) + rng.normal(0, 1, 1200)
    frame = pl.DataFrame({"day": hours, "x": rng.normal(size=1200), "y": y.round(3)})
    frame = frame.with_columns(later=pl.col("y").shift(-rows).fill_null(0.0))
    finding = found(ask(tmp_path, frame, **BY_TIME))["tells_later_target"]
    assert (finding.level, finding.columns) == (Level.ERROR, ("later",))
    assert f"of {rows} rows after" in finding.message


@pytest.mark.parametrize("slope", [0.0, 0.9, 1.0])
def test_the_target_of_tomorrow_is_an_error(tmp_path, slope):
    frame = series(2, slope).with_columns(tomorrow=pl.col("y").shift(-1).fill_null(0.0))
    finding = found(ask(tmp_path, frame, **BY_TIME))["tells_later_target"]
    assert (finding.level, finding.columns, finding.count, finding.of) == (Level.ERROR, ("tomorrow",), 699, 699)
    assert "of the row after (by day)" in finding.message


def test_without_a_declared_time_a_date_or_a_serial_number_gives_the_order(tmp_path):
    frame = series(3, 0.9).with_columns(tomorrow=pl.col("y").shift(-1).fill_null(0.0))
    rest = {"task": Task.REGRESSION}
    assert found(ask(tmp_path / "a", frame, **rest))["tells_later_target"].level is Level.WARNING
    numbered = frame.drop("day").with_columns(nr=pl.int_range(700))
    assert found(ask(tmp_path / "b", numbered, **rest))["tells_later_target"].level is Level.WARNING
    assert "tells_later_target" not in found(ask(tmp_path / "c", frame.drop("day"), **rest))


def test_rows_of_one_day_are_told_apart_by_what_names_their_series(tmp_path):
    shops = [
        series(10 + n, 0.9, 100).with_columns(
            shop=pl.lit(f"shop {n}"), tomorrow=pl.col("y").shift(-1), yesterday=pl.col("y").shift(1)
        )
        for n in range(6)
    ]
    answer = ask(tmp_path, pl.concat(shops), **BY_TIME)
    assert found(answer)["tells_later_target"].columns == ("tomorrow",)
    assert "within shop" in found(answer)["tells_later_target"].message
    assert found(answer)["tells_earlier_target"].columns == ("yesterday",)


def test_states_of_yesterday_and_of_tomorrow(tmp_path):
    rng = np.random.default_rng(5)
    state = np.cumsum(rng.random(800) > 0.95) % 2
    frame = series(5, 0.5, 800).with_columns(y=pl.Series(np.array(["up", "down"])[state]))
    frame = frame.with_columns(before=pl.col("y").shift(1), after=pl.col("y").shift(-1))
    answer = ask(tmp_path, frame, **(BY_TIME | {"task": Task.CLASSIFICATION}))
    assert found(answer)["tells_later_target"].columns == ("after",)
    assert found(answer)["tells_earlier_target"].columns == ("before",)
    assert not {"repeats_target", "predicts_target"} & set(found(answer))


def test_what_is_declared_as_later_is_not_looked_at_twice(tmp_path):
    frame = series(6, 0.9).with_columns(tomorrow=pl.col("y").shift(-1))
    answer = ask(tmp_path, frame, Leakage(available_later=("tomorrow",)), **BY_TIME)
    assert "available_later" in found(answer)
    assert "tells_later_target" not in found(answer)


def test_dates_of_rows_divided_by_chance_ask_for_a_timestamp(tmp_path):
    frame = series(7, 0.5)
    finding = found(ask(tmp_path / "a", frame, task=Task.REGRESSION))["time_not_declared"]
    assert (finding.level, finding.columns) == (Level.NOTE, ("day",))
    assert "time_not_declared" not in found(ask(tmp_path / "b", frame.drop("day"), task=Task.REGRESSION))
    declared = {"task": Task.REGRESSION, "roles": {Role.TIMESTAMP: ("day",)}}
    assert "time_not_declared" not in found(ask(tmp_path / "c", frame, **declared))


@pytest.mark.parametrize(
    ("given", "noted"),
    [("late rows in training", True), ("training after test", True), ("by chance", False), ("by time", False)],
)
def test_given_splits_of_other_times_ask_for_a_timestamp(tmp_path, given, noted):
    place = np.arange(700)
    part = np.where(place < 560, "train", "test")
    if given == "late rows in training":
        part[560::3] = "train"
    if given == "training after test":
        part = np.where(place < 140, "test", "train")
    if given == "by chance":
        part = np.random.default_rng(8).permutation(part)
    frame = series(8, 0.5).with_columns(part=pl.Series(part))
    rest = {"task": Task.REGRESSION, "split": Split(method="column", column="part")}
    answer = found(ask(tmp_path / "a", frame, **rest))
    assert ("time_not_declared" in answer) is noted
    if noted:
        finding = answer["time_not_declared"]
        assert (finding.level, finding.columns, finding.split) == (Level.NOTE, ("day",), "test")
        assert "role timestamp" in finding.remedy
    declared = found(ask(tmp_path / "b", frame, **rest, roles={Role.TIMESTAMP: ("day",)}))
    assert "time_not_declared" not in declared
    assert not noted or declared["trains_on_later_rows"].level is Level.WARNING


@pytest.mark.parametrize(
    ("skill", "said"), [(0.997, "99.7%"), (0.9999, "99.9%"), (1.0, "100%"), (0.62, "62%"), (0.0, "0%")]
)
def test_nearly_all_is_not_said_to_be_all(skill, said):
    assert _share(skill) == said
