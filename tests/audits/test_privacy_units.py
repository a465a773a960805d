"""Rows and groups are called people where the table tells that they are, and nowhere else."""

from __future__ import annotations

import polars as pl
import pytest
from case_runner import ask

from governance.dataset import Role
from governance.testing import make_snapshot

ROWS = 40


def units(tmp_path, extra, group):
    frame = pl.DataFrame({"region": ["a"] * 34 + list("bcdefg"), "x": list(range(ROWS)), **extra})
    roles = {Role.GROUP: (group,)} if group else {}
    evidence, _ = ask("privacy", make_snapshot(tmp_path, frame, roles=roles), None)
    (metric,) = [one for one in evidence.metrics if one.name == "k_anonymity"]
    (message,) = [one.message for one in evidence.findings if one.rule == "privacy/singling_out"]
    assert ("of a person" in message) == ("nothing tells that rows are people" not in metric.note)
    return metric.unit, "of a person" in message


@pytest.mark.parametrize(
    ("extra", "group", "told"),
    [
        ({"tile": [f"T{i // 2}" for i in range(ROWS)]}, "tile", ("groups", False)),
        ({"device_id": [f"D{i // 2}" for i in range(ROWS)], "ip": [f"10.0.{i}.7" for i in range(ROWS)]}, "device_id", ("groups", False)),
        ({"shop_phone": [f"030 90{i:04d}" for i in range(ROWS)], "house_age": [i % 9 for i in range(ROWS)]}, "", ("rows", False)),
        ({"patient": [f"P{i // 2}" for i in range(ROWS)]}, "patient", ("people", True)),
        ({"unit": [f"U{i // 2}" for i in range(ROWS)], "sex": ["f", "m"] * 20}, "unit", ("people", True)),
        ({"value": [f"p{i}@example.org" for i in range(ROWS)]}, "", ("rows", True)),
        ({"age_at_visit": [i % 9 for i in range(ROWS)]}, "", ("rows", True)),
    ],
)  # fmt: skip
def test_what_is_counted_is_called_what_the_table_tells(tmp_path, extra, group, told):
    assert units(tmp_path, extra, group) == told
