"""Rows that hold a text beside other columns: copies are told from rows that a stock of phrases makes alike."""

import dataclasses
from datetime import datetime, timedelta

import numpy as np
import polars as pl
import pytest

from governance.audits.duplicates import Duplicates
from governance.dataset import ColumnType, Role, Split, Task
from governance.measures.bursts import bursts
from governance.measures.similar_texts import similar_texts
from governance.measures.stock_texts import LikeTexts, agreeing_by_chance
from governance.reporting.shared_rows import shared_rows
from governance.signals.compute import compute_signals
from governance.testing import make_snapshot

ASKED = [
    "I cannot log in to",
    "The invoice shows a wrong amount in",
    "Please reset my password for",
    "How do I export data from",
]
WHERE = ["the portal", "the mobile client", "the billing module", "the partner area", "the reports page"]
ENDS = ["since this morning", "after the last update", "please help", "thanks in advance", "again"]
SYLLABLES = "ba ko li mar ned os pru sa tim vel".split()


def tickets(rows=400, seed=0):
    """Subjects of three phrases each; what stands beside them is each row's own, and no row is a copy."""
    random = np.random.default_rng(seed)
    minutes = random.integers(0, 300 * 1440, rows)
    opened = [datetime(2024, 2, 1) + timedelta(minutes=int(m)) for m in minutes]
    return pl.DataFrame({
        "ticket": range(50_001, 50_001 + rows),
        "subject": [" ".join(random.choice(phrases) for phrases in (ASKED, WHERE, ENDS)) for _ in range(rows)],
        "priority": random.choice(["P1", "P2", "P3"], rows), "channel": random.choice(["mail", "phone", "chat"], rows),
        "opened": opened, "closed": [at + timedelta(minutes=int(m)) for at, m in zip(opened, random.exponential(1800, rows), strict=True)],
        "part": ["train"] * (rows - rows // 4) + ["test"] * (rows // 4),
    })  # fmt: skip


def copied(frame, change, rows=20):
    """The first rows once more in the other split, under other numbers."""
    again = frame.head(rows).with_columns(pl.col("ticket") + 100_000, part=pl.lit("test"))
    return pl.concat([frame, again.with_columns(change)])


MISTYPED = pl.col("subject").str.slice(0, 6) + "w" + pl.col("subject").str.slice(6)
LATER = pl.col("opened", "closed").dt.offset_by("4m")


def ask(folder, frame):
    snapshot = make_snapshot(
        folder, frame, types={"subject": ColumnType.TEXT}, target=None, task=Task.NONE,
        roles={Role.SPLIT: ("part",)}, split=Split(method="column", column="part"),
    )  # fmt: skip
    compute_signals(snapshot, folder / "out")
    snapshot = dataclasses.replace(snapshot, signals_folder=folder / "out")
    found = {f.rule.split("/")[1]: f.count for f in Duplicates().run(snapshot).findings}
    return {rule: count for rule, count in found.items() if rule.startswith("near")}, len(
        shared_rows(snapshot, ()).near
    )


def test_rows_that_a_stock_of_phrases_makes_alike_are_no_copies(tmp_path):
    assert ask(tmp_path, tickets()) == ({}, 0)


@pytest.mark.parametrize("change", [MISTYPED, LATER], ids=["a typo in the text", "four minutes later"])
def test_copies_are_told_by_the_rest_of_the_row(tmp_path, change):
    found, shared = ask(tmp_path, copied(tickets(), change))
    assert found["near_across_splits"] == shared == 20
    assert "near_within_split" not in found


def test_a_text_of_its_own_is_a_copy_at_another_time_and_among_texts_of_a_stock(tmp_path):
    random = np.random.default_rng(5)
    words = ["".join(random.choice(SYLLABLES, 3)) for _ in range(400)]
    own = pl.Series("subject", [" ".join(random.choice(words, 12)) for _ in range(20)])
    frame = tickets()
    frame = pl.concat([frame.head(20).with_columns(own), frame.tail(-20)])
    moved = pl.col("opened", "closed").dt.offset_by("90d")
    found, shared = ask(tmp_path, copied(frame.with_columns(MISTYPED), moved))
    assert found["near_across_splits"] == shared == 20


def test_words_are_own_that_no_other_text_holds():
    stock = [f"{a} {b}" for a in ASKED for b in WHERE]
    texts = [*stock, *stock, "nobody knows what this odd message wants", "nobody knows what this odd message wants!"]
    like = LikeTexts(texts, *similar_texts(texts)[:2])
    first, second = np.array([0, 40]), np.array([20, 41])
    assert like.alike(first, second).all()
    assert like.own(first, second, np.arange(len(texts))).tolist() == [False, True]


@pytest.mark.parametrize("copies", [0, 300])
def test_how_often_levels_agree_by_chance_is_learnt_without_the_copies(copies):
    random = np.random.default_rng(2)
    unlike = random.random((4000, 3)) < (0.5, 0.8, 0.75)
    unlike = np.vstack([unlike, np.zeros((copies, 3), dtype=bool)])
    assert agreeing_by_chance(unlike, np.array([0.5, 0.2, 0.25])) == pytest.approx(0.025, rel=0.2)


def test_times_in_bursts_are_near_by_nature():
    random = np.random.default_rng(4)
    starts = random.uniform(0, 1e6, 200)
    even, burst = random.uniform(0, 1e6, 4000), random.choice(starts, 4000) + random.exponential(60, 4000)
    one, other = random.integers(0, 4000, (2, 50_000))
    asked = np.array([30.0, 1e5])
    for times, often in ((even, 1), (burst, 20)):
        usual = np.abs(times[one] - times[other])[one != other]
        told = bursts(usual, asked, 0.0)
        assert told[0] >= often
        assert told[1] == 1
        assert often > 1 or told[0] < 2
