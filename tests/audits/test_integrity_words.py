"""Words that look damaged and are meant: classes, acronyms, names of people, no allergies."""

import numpy as np
import polars as pl

from governance.asking import ask
from governance.audits.integrity import Integrity
from governance.evidence import Level
from governance.testing import make_snapshot


def school():
    """A clean register: one class that no other year has, wards with an acronym, a level `none` of few, form teachers."""
    random = np.random.default_rng(3)
    rows = 800
    classes = [f"{year}{letter}" for year in range(5, 13) for letter in "abc"] + ["6d"]
    teachers = [f"{name}, {given}" for name in ("Kuhn", "Novak", "Vogel") for given in ("Anna", "David", "Laura")]
    return pl.DataFrame(
        {
            "klass": random.choice(classes, rows).tolist(),
            "ward": random.choice(["ICU", "Surgery", "Oncology"], rows, p=[0.08, 0.5, 0.42]).tolist(),
            "allergy": random.choice(["none", "nuts", "milk", "eggs"], rows, p=[0.15, 0.4, 0.3, 0.15]).tolist(),
            "teacher": random.choice(teachers, rows).tolist(),
        }
    )


def test_levels_that_only_look_odd_raise_nothing(tmp_path):
    assert ask(Integrity(), make_snapshot(tmp_path, school())).findings == ()


def test_damage_beside_such_levels_is_found(tmp_path):
    frame = school()
    damage = {"klass": "6?", "ward": "icu", "allergy": "n/a", "teacher": "Kuhn, Lara"}
    for column, value in damage.items():
        frame = frame.with_columns(pl.Series(column, [value, value, *frame[column].to_list()[2:]]))
    answer = ask(Integrity(), make_snapshot(tmp_path, frame))
    assert {(finding.columns, finding.level, finding.count) for finding in answer.findings} == {
        (("klass",), Level.WARNING, 2),
        (("ward",), Level.WARNING, 2),
        (("allergy",), Level.WARNING, 2),
        (("teacher",), Level.NOTE, 2),
    }
