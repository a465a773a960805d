"""What all columns tell together is warned of apart from a moved column only where it says more."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from governance.asking import ask
from governance.audit import Answer
from governance.audits.drift import Drift
from governance.dataset import Split
from governance.evidence import Finding, Level
from governance.testing import make_snapshot

PARTS = Split(method="column", column="part")


def numbers(seed: int, part: str, first: float = 0.0, others: float = 0.0) -> pl.DataFrame:
    """Twelve columns that know nothing of each other, the first moved by `first` and each other one by `others`."""
    values = np.random.default_rng(seed).normal(size=(600, 12)) + np.array([first, *[others] * 11])
    return pl.DataFrame({f"x{at}": values[:, at] for at in range(12)}).with_columns(part=pl.lit(part))


def joint(folder: Path, test: pl.DataFrame, **settings: object) -> tuple[Answer, Finding]:
    snapshot = make_snapshot(folder, pl.concat([numbers(1, "train"), test]), split=PARTS)
    answer = ask(Drift(**settings), snapshot)
    (found,) = [finding for finding in answer.findings if finding.rule == "drift/joint"]
    return answer, found


def test_one_moved_column_is_warned_of_once(tmp_path: Path) -> None:
    answer, found = joint(tmp_path, numbers(2, "test", first=0.8))
    warned = [finding for finding in answer.findings if finding.level is Level.WARNING]
    assert [(finding.rule, finding.columns) for finding in warned] == [("drift/columns", ("x0",))]
    assert found.level is Level.NOTE
    assert "Without x0 they cannot: it is what moved there that tells them apart." in found.message


def test_what_the_others_tell_beside_it_stays_a_warning(tmp_path: Path) -> None:
    answer, found = joint(tmp_path, numbers(2, "test", first=0.8, others=0.12))
    assert ("x0",) in [finding.columns for finding in answer.findings if finding.rule == "drift/columns"]
    assert found.level is Level.WARNING
    assert "Without" not in found.message


def test_what_many_small_moves_amount_to_stays_a_warning(tmp_path: Path) -> None:
    answer, found = joint(tmp_path, numbers(2, "test", first=0.3, others=0.3), notable=0.25)
    columns = [finding for finding in answer.findings if finding.rule == "drift/columns"]
    assert len(columns) > 6, "nothing is left without those that moved"
    assert {finding.level for finding in columns} == {Level.NOTE}
    assert found.level is Level.WARNING


def test_beyond_a_declared_tolerance_it_stays_an_error(tmp_path: Path) -> None:
    _, found = joint(tmp_path, numbers(2, "test", first=0.8), tolerance=0.2)
    assert found.level is Level.ERROR
    assert "Without x0" in found.message
