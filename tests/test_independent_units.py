"""Rows that belong together are no independent rows: by a declared group, or by an identifier that repeats."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from case_runner import ask
from test_evaluation import LOGISTIC

from governance.asking import stating_independence
from governance.dataset import Role, Split, Task
from governance.evidence import Evidence, Metric, Outcome
from governance.modelling.results import open_results
from governance.modelling.training import train
from governance.snapshot import Snapshot
from governance.testing import make_snapshot

PEOPLE, ROWS = 120, 4
STATISTICAL = ("label_issues", "outliers", "representation", "poisoning", "leakage")


def people(folder: Path, role: Role) -> Snapshot:
    """Four rows of each person, whose features are their own and whose label and sex are drawn once, by chance."""
    draw = np.random.default_rng(3)
    person = np.repeat(np.arange(PEOPLE), ROWS)
    label, sex = draw.integers(0, 2, PEOPLE)[person], draw.integers(0, 2, PEOPLE)[person]
    content = draw.normal(0, 1, (PEOPLE, 5))[person] + draw.normal(0, 0.1, (person.size, 5))
    frame = pl.DataFrame(content, schema=[f"f{number}" for number in range(5)]).with_columns(
        pid=pl.Series([f"p{number}" for number in person]),
        sex=pl.Series(np.array(["f", "m"])[sex]),
        y=pl.Series(np.array(["no", "yes"])[label]),
    )
    return make_snapshot(
        folder, frame, target="y", task=Task.CLASSIFICATION, split=Split(method="ratio", test=0.25),
        roles={role: ("pid",), Role.SENSITIVE: ("sex",)},
    )  # fmt: skip


@pytest.fixture(scope="module", params=[Role.GROUP, Role.IDENTIFIER], ids=str)
def snapshot(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return people(tmp_path_factory.mktemp("people"), request.param)


@pytest.fixture(scope="module")
def answered(snapshot: Snapshot) -> dict[str, Evidence]:
    return {audit: ask(audit, snapshot)[0] for audit in STATISTICAL}


def test_what_chance_alone_gave_is_not_reported(answered: dict[str, Evidence]) -> None:
    assert (answered["label_issues"].outcome, answered["label_issues"].code) == (Outcome.INCONCLUSIVE, "below_baseline")
    assert answered["representation"].findings == ()
    proxy = next(metric for metric in answered["representation"].metrics if metric.name == "proxy_auc")
    assert proxy.low is not None
    assert proxy.low < 0.5, "who somebody is tells their sex only where their other rows were learnt from"


def test_intervals_count_people(answered: dict[str, Evidence]) -> None:
    with_interval = [(audit, m) for audit, one in answered.items() for m in one.metrics if m.low is not None]
    assert {audit for audit, _ in with_interval} == set(STATISTICAL)
    for audit, metric in with_interval:
        assert metric.independent_units is not None, f"{audit}: {metric.name}"
        assert metric.independent_units <= PEOPLE
        assert "assumed" not in metric.interval


def test_evaluations_count_people(snapshot: Snapshot) -> None:
    train(LOGISTIC, snapshot, snapshot.workspace / "m")
    for part in open_results(snapshot.workspace / "m", snapshot).parts:
        assert part.independent_units is not None
        assert part.independent_units <= min(PEOPLE, part.rows)


def test_an_identifier_that_names_each_row_groups_nothing(tmp_path: Path) -> None:
    frame = pl.DataFrame({"key": [f"k{number}" for number in range(40)], "x": range(40), "y": ["a", "b"] * 20})
    unique = make_snapshot(tmp_path, frame, target="y", task=Task.CLASSIFICATION, roles={Role.IDENTIFIER: ("key",)})
    assert unique.grouping is None


def test_where_nothing_groups_rows_the_evidence_says_what_it_assumes(tmp_path: Path) -> None:
    frame = pl.DataFrame({"x": [0.1 * (n % 7) for n in range(80)], "y": ["a", "b"] * 40})
    alone = make_snapshot(tmp_path, frame, target="y", task=Task.CLASSIFICATION, split=Split(method="ratio", test=0.25))
    for audit in ("outliers", "leakage"):
        for metric in ask(audit, alone)[0].metrics:
            assert metric.low is None or metric.interval.endswith("(rows assumed independent)"), (
                f"{audit}: {metric.name}"
            )


def test_an_interval_says_it_once_and_only_where_it_is_so() -> None:
    bare = Metric(name="share", value=0.5, low=0.4, high=0.6, interval="95 % Wilson", n=90)
    said = stating_independence(bare)
    assert said.interval == "95 % Wilson (rows assumed independent)"
    assert stating_independence(said) == said
    grouped = bare.model_copy(update={"independent_units": 30})
    assert stating_independence(grouped) == grouped
    exact = Metric(name="rows", value=90.0)
    assert stating_independence(exact) == exact
