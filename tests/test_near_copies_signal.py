"""The signal `near_copies`: sought once, read by every audit that asks about copies."""

import dataclasses

import numpy as np
import polars as pl
import pytest

from governance.audits.duplicates import Duplicates
from governance.dataset import Role, Split, Task, UserSignals
from governance.reporting.shared_rows import shared_rows
from governance.signals import SignalAbsent, Signals
from governance.signals.compute import compute_signals
from governance.signals.settings import SignalsConfig
from governance.testing import make_snapshot

WORDS = "the cat sat on a mat while rain fell over hills and rivers near old stone houses by quiet seas".split()


def numbers(copies: int = 5, rows: int = 300) -> pl.DataFrame:
    """Rows of independent numbers; the last ones are earlier rows, moved by little, in the other split."""
    random = np.random.default_rng(3)
    values = random.normal(size=(rows, 6))
    values = np.vstack([values, values[:copies] + random.normal(size=(copies, 6)) * 0.01])
    return pl.DataFrame(values, schema=list("abcdef")).with_columns(
        part=pl.Series(["train"] * 200 + ["test"] * (rows - 200 + copies)),
        kind=pl.Series(["x", "y"] * ((rows + copies) // 2) + ["x"] * ((rows + copies) % 2)),
    )


def texts() -> pl.DataFrame:
    random = np.random.default_rng(4)
    lines = [" ".join(random.choice(WORDS, 14)) for _ in range(80)]
    return pl.DataFrame({"key": [f"k{n:02d}" for n in range(82)], "text": [*lines, lines[0] + "!", lines[1] + " now"]})


BY_PART = {"split": Split(method="column", column="part"), "roles": {Role.SPLIT: ("part",)}}


def test_pairs_are_the_planted_ones_by_their_row_ids(tmp_path):
    snapshot = make_snapshot(tmp_path, numbers(), target="kind", task=Task.CLASSIFICATION, **BY_PART)
    info = compute_signals(snapshot, tmp_path / "out")
    near = Signals.open(tmp_path / "out").near_copies()
    source = dict(snapshot.frame("row_id").select("row_id", "source_row").collect().iter_rows())
    first, second, score = near.pairs
    named = {frozenset((source[near.row_id[a]], source[near.row_id[b]])) for a, b in zip(first, second, strict=True)}
    assert named == {frozenset((row, 300 + row)) for row in range(5)}
    assert ((score > 0) & (score <= 1)).all()
    assert (near.reach, near.blind, near.recall) == (info.copy_reach, False, None)
    assert near.reach == pytest.approx(0.5, abs=0.5)


def test_the_audits_read_what_was_found_and_search_no_more(tmp_path):
    snapshot = make_snapshot(tmp_path, numbers(), target="kind", task=Task.CLASSIFICATION, **BY_PART)
    compute_signals(snapshot, tmp_path / "out")
    pl.read_parquet(tmp_path / "out/near_copies.parquet").head(2).write_parquet(tmp_path / "out/near_copies.parquet")
    snapshot = dataclasses.replace(snapshot, signals_folder=tmp_path / "out")
    [copied] = [f for f in Duplicates().run(snapshot).findings if f.rule == "duplicates/near_across_splits"]
    assert (copied.count, len(shared_rows(snapshot, ()).near)) == (2, 2)


def test_settings_of_the_signals_say_how_near(tmp_path):
    snapshot = make_snapshot(tmp_path, numbers(), target="kind", task=Task.CLASSIFICATION, **BY_PART)
    compute_signals(snapshot, tmp_path / "strict", SignalsConfig(closeness=0.0001))
    assert Signals.open(tmp_path / "strict").near_copies().row_id.size == 0
    written = make_snapshot(tmp_path / "texts", texts(), target=None, task=Task.NONE)
    for overlap, pairs in ((0.7, 2), (0.98, 1)):
        compute_signals(written, tmp_path / "words", SignalsConfig(text_overlap=overlap))
        assert Signals.open(tmp_path / "words").near_copies().pairs[0].size == pairs


def test_texts_need_no_neighbours_and_tables_do(tmp_path):
    (tmp_path / "signals").mkdir()
    pl.DataFrame({"key": ["k00"], "e": [1.0]}).write_parquet(tmp_path / "signals/e.parquet")
    user = UserSignals(embeddings="signals/e.parquet", key="key", origin="pretrained_elsewhere")
    rest = {"target": None, "task": Task.NONE, "roles": {Role.IDENTIFIER: ("key",)}}
    written = make_snapshot(tmp_path / "texts", texts(), **rest)
    info = compute_signals(written, tmp_path / "words", user=user, workspace=tmp_path)
    assert set(info.absent) >= {"embeddings", "neighbours"}
    assert "near_copies" in info.digests
    keyed = numbers().drop("part", "kind").with_columns(key=pl.int_range(pl.len()).cast(pl.String))
    table = make_snapshot(tmp_path / "table", keyed, **rest)
    compute_signals(table, tmp_path / "none", user=user, workspace=tmp_path)
    with pytest.raises(SignalAbsent, match=r"signals/e\.parquet"):
        Signals.open(tmp_path / "none").near_copies()


def categories(seed: int, last: list[str]) -> pl.DataFrame:
    """Six independent columns of few uneven levels, and one of codes or names."""
    random = np.random.default_rng(seed)
    columns = {
        name: [f"{name}{level}" for level in random.choice(levels, len(last), p=random.dirichlet([0.6] * levels))]
        for name, levels in {"city": 12, "plan": 4, "device": 5, "browser": 7, "lang": 9, "agent": 25}.items()
    }
    return pl.DataFrame(columns).with_columns(last=pl.Series(last))


def near_rows(folder, frame: pl.DataFrame) -> set[tuple[int, ...]]:
    snapshot = make_snapshot(folder, frame)
    compute_signals(snapshot, folder / "out")
    near = Signals.open(folder / "out").near_copies()
    source = dict(snapshot.frame("row_id").select("row_id", "source_row").collect().iter_rows())
    pairs = {tuple(sorted(source[near.row_id[row]] for row in both)) for both in zip(*near.pairs[:2], strict=True)}
    return {(one, other) for one, other in pairs if frame.row(one) != frame.row(other)}


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_rows_of_two_codes_that_begin_alike_are_no_copies(tmp_path, seed):
    random = np.random.default_rng(seed)
    codes = [f"zi{code:03d}" for code in random.choice(300, 1500, p=random.dirichlet([2.0] * 300))]
    assert near_rows(tmp_path, categories(seed, codes)) == set()


def test_rows_of_one_name_that_was_mistyped_are_copies(tmp_path):
    random = np.random.default_rng(5)
    names = [" ".join(random.choice(WORDS, 2)) + "".join(random.choice(list("abcdefgh"), 8)) for _ in range(800)]
    frame = categories(5, names)
    copies = frame.head(20).with_columns(pl.col("last") + "x")
    assert near_rows(tmp_path, pl.concat([frame, copies])) >= {(row, 800 + row) for row in range(20)}


def test_streets_and_products_that_are_alike_within_a_town_and_a_kind_are_two(tmp_path):
    random = np.random.default_rng(2)
    rows = int(random.integers(150, 1000))
    towns, kinds = (1 / np.arange(1, levels + 1) ** steep for levels, steep in ((40, 0.8), (30, 0.7)))
    town, kind = random.choice(40, rows, p=towns / towns.sum()), random.integers(0, 12, rows)
    codes = {"r": town // 5, "t": town, "s": town * 50 + random.integers(0, 50, rows), "c": kind}
    codes |= {"p": kind * 30 + random.choice(30, rows, p=kinds / kinds.sum()), "q": random.integers(1, 40, rows)}
    frame = pl.DataFrame({letter: [f"{letter}{code}" for code in code.tolist()] for letter, code in codes.items()})
    assert near_rows(tmp_path, frame) == set()
