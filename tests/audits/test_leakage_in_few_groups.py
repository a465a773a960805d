"""Leaks where rows come in so few groups that these could not tell even a perfect copy of the target."""

import numpy as np
import polars as pl
import pytest

from governance.dataset import Role, Task
from governance.evidence import Level
from governance.reporting.target_leakage import find_target_leakage
from governance.reporting.target_report import target_part
from governance.testing import make_snapshot


def ask(folder, frame, task=Task.CLASSIFICATION):
    snapshot = make_snapshot(folder, frame, target="y", task=task, roles={Role.GROUP: ("device",)})
    found = find_target_leakage(snapshot, near_deterministic=0.92)
    part = target_part(snapshot, found)
    return {finding.columns: finding for finding in part.findings}, part.checks[0]


def log(groups=4, constant=False, rows=400):
    """Rows of few devices, of which some are faulty throughout, or in some rows."""
    rng = np.random.default_rng(3)
    device = np.arange(rows) % groups
    label = device % 2 if constant else rng.integers(0, 2, rows)
    columns = {f"x{i}": rng.normal(0.8 * label, 1.0) for i in range(4)}
    frame = pl.DataFrame(
        columns | {"device": [f"d{n}" for n in device], "site": [f"s{n % 2}" for n in device], "place": device * 1.5}
    )
    return frame.with_columns(y=pl.Series([f"class {c}" for c in label])), label


def finer(label):
    return [f"k{c}{row // 4 % 4}" for row, c in enumerate(label.tolist())]


def flipped(label):
    moved = label.copy()
    moved[:32:4] = 1 - moved[:32:4]  # all of one device of four
    return 10 + 5 * moved


@pytest.mark.parametrize(
    ("groups", "leak"),
    [
        (2, lambda label: 20 - 10 * label),
        (4, lambda label: np.where(label == 1, np.arange(label.size) % 7, np.nan)),
        (4, flipped),
        (4, finer),
    ],
)
def test_what_repeats_the_target_within_every_group_is_a_warning(tmp_path, groups, leak):
    frame, label = log(groups)
    found, check = ask(tmp_path, frame.with_columns(leak=pl.Series(leak(label), nan_to_null=True)))
    finding = found.pop(("leak",))
    assert finding.level is Level.WARNING
    assert (
        f"within {groups} of {groups} groups in which the target varies; {groups} groups are too few" in finding.message
    )
    assert found == {}
    assert check.result.startswith("1 of 7 features; ")


@pytest.mark.parametrize("groups", [2, 4])
def test_what_groups_decide_cannot_be_told_by_few_of_them(tmp_path, groups):
    frame, _ = log(groups, constant=True)
    found, check = ask(tmp_path, frame)
    assert found == {}
    assert not check.asked
    assert check.result == f"cannot tell: the target is the same throughout each group, and {groups} groups are too few"


def test_a_step_of_its_own_in_one_group_is_no_copy(tmp_path):
    """The target varies in one device of four, where something else changed at nearly the same time."""
    frame, label = log(4, constant=True, rows=1600)
    row = np.arange(label.size)
    label = np.where((row % 4 == 0) & (row > 800), 1, label)
    changed = np.where((row % 4 == 0) & (row > 824), 1, np.where(row % 4 == 0, 0, label))
    frame = frame.with_columns(y=pl.Series([f"class {c}" for c in label]), version=pl.Series(changed))
    found, check = ask(tmp_path, frame)
    assert found == {}
    assert check.result.startswith("0 of 7 features; 4 groups are few, and only what")


@pytest.mark.parametrize("change", [lambda y: 1.8 * y + 32, np.exp])
def test_a_number_in_another_unit_is_a_copy_within_few_groups(tmp_path, change):
    rng = np.random.default_rng(4)
    features = rng.normal(size=(300, 3))
    device = np.arange(300) % 3
    target = features.sum(axis=1) + rng.normal(size=300)
    frame = pl.DataFrame(features, schema=list("abc")).with_columns(
        device=pl.Series([f"d{n}" for n in device]), y=pl.Series(target), leak=pl.Series(change(target))
    )
    found, _ = ask(tmp_path, frame, Task.REGRESSION)
    assert found.keys() == {("leak",)}
    assert "within 3 of 3 groups" in found[("leak",)].message


def test_two_points_make_no_line(tmp_path):
    """Two devices with levels of their own: whatever else differs between them lies on a line with the target."""
    rng = np.random.default_rng(5)
    device = np.arange(300) % 2
    noise = rng.normal(size=(300, 3))
    frame = pl.DataFrame(
        {
            "a": noise[:, 0],
            "level": 50.0 * device + 0.001 * noise[:, 1],
            "device": [f"d{n}" for n in device],
            "y": 900.0 * device + noise[:, 2],
        }
    )
    assert ask(tmp_path, frame, Task.REGRESSION)[0] == {}
