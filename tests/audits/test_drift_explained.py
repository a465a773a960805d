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


def test_few_rows_of_a_new_level_are_told_without_contradiction(tmp_path: Path) -> None:
    random = np.random.default_rng(8)
    new = pl.Series(random.random(600) < 0.06)
    test = numbers(2, "test").with_columns(town=pl.when(new).then(pl.lit("Far")).otherwise(pl.lit("Near")))
    frame = pl.concat([numbers(1, "train").with_columns(town=pl.lit("Near")), test])
    answer = ask(Drift(), make_snapshot(tmp_path, frame, split=PARTS))
    (found,) = [finding for finding in answer.findings if finding.rule == "drift/joint"]
    assert "standard deviations further apart than those of shuffled sets, by few of the rows" in found.message
    assert "0.5 is chance" not in found.message
    assert answer.rows is not None
    assert set(answer.rows["rule"]) == {"drift/columns"}
    assert "the columns that moved" in found.remedy
    assert "Look at the rows" not in found.remedy


def test_where_no_column_moved_rows_are_pointed_to_and_none_is_named(tmp_path: Path) -> None:
    random = np.random.default_rng(12)
    names = [f"x{at}" for at in range(60)]
    train, test = (pl.DataFrame(random.normal(shift, 1, (600, 60)), schema=names) for shift in (0.0, 0.06))
    frame = pl.concat([train.with_columns(part=pl.lit("train")), test.with_columns(part=pl.lit("test"))])
    answer = ask(Drift(), make_snapshot(tmp_path, frame, split=PARTS))
    (found,) = [finding for finding in answer.findings if finding.rule == "drift/joint"]
    assert not [finding for finding in answer.findings if finding.rule == "drift/columns"]
    assert "No column tells by itself." in found.message
    assert found.remedy.startswith("Look at the rows")
    assert answer.rows is not None
    assert set(answer.rows["rule"]) == {"drift/joint"}


def test_of_texts_it_is_said_what_in_them_differs_and_words_only_where_they_may_be_shown(tmp_path: Path) -> None:
    random = np.random.default_rng(5)
    plain = [
        "screen",
        "battery",
        "update",
        "works",
        "since",
        "yesterday",
        "sound",
        "slow",
        "cable",
        "help",
        "after",
        "reset",
    ]
    greek = ["οθόνη", "μπαταρία", "αργό", "καλώδιο", "βοήθεια", "ήχος", "χθες", "μετά", "λάθος", "δίκτυο", "κουμπί"]

    def texts(part: str, share: float, word: str) -> pl.DataFrame:
        made = [" ".join(random.choice(greek if random.random() < share else plain, 14)) for _ in range(300)]
        made = [f"{text} {word}" if random.random() < 0.4 else text for text in made]
        return pl.DataFrame({"post": made, "likes": random.integers(0, 9, 300), "part": [part] * 300})

    frame = pl.concat([texts("train", 0.1, "sound"), texts("test", 0.4, "football")])
    for public in (None, True):
        folder = tmp_path / str(public)
        (folder / "references").mkdir(parents=True)
        frame.filter(pl.col("part") == "train").drop("part").write_parquet(folder / "references" / "old.parquet")
        made = make_snapshot(folder, frame.filter(pl.col("part") == "test").drop("part"), public=public)
        answer = ask(Drift(reference="references/old.parquet"), made)
        (found,) = [finding for finding in answer.findings if finding.rule == "drift/joint"]
        assert "post (Greek letters in " in found.message
        assert ("football" in found.message) is bool(public), found.message
