"""Datasets for `leakage.py` with nothing to warn of."""

from __future__ import annotations

import dataclasses

import numpy as np
import polars as pl
from leakage_sets import (
    COLUMN,
    EVAL_TABLE,
    RATIO,
    Rng,
    Set,
    coded,
    flipped,
    image_set,
    pictures,
    regression,
    sentences,
    table,
    text_set,
    topics,
    wide,
)

from governance.dataset import ColumnType, Role, Split, Task

CLEAN_KINDS = 12
FORMS = (
    "no template",
    "a question before each text",
    "one of ten questions with a word filled in",
    "records of ten templates",
)


def templates(rng: Rng, form: int) -> Set:
    """Texts and evaluation items that have nothing in common, or forms of words alone."""
    words = " ".join(sentences(rng, 60)).split()

    def drawn(count: int) -> str:
        return " ".join(rng.choice(words, count))

    fixed = [[drawn(int(rng.integers(4, 10))) for _ in range(3)] for _ in range(10)]

    def filled(text: str) -> str:
        first, second, third = fixed[int(rng.integers(10)) if form > 1 else 0]
        match form:
            case 0:
                return text
            case 1:
                return f"{first} {second} {text}"
            case 2:
                return f"{first} {drawn(1)} {second} {text}"
        return f"{first} {drawn(2)} {second} {drawn(3)} {third} {text}"

    texts, items = ([filled(text) for text in sentences(rng, count)] for count in (500, 60))
    return dataclasses.replace(text_set(texts, rng.integers(0, 2, 500), "\n".join(items)), labelled=False)


def clean(rng: Rng, number: int) -> tuple[str, Set]:
    """A set with nothing to warn of."""
    kind = number % CLEAN_KINDS
    if kind == 6:
        frame, _ = regression(rng)
        return "regression", Set(frame, Task.REGRESSION)
    if kind == 7:
        texts = sentences(rng, 150)
        label = rng.integers(0, 2, 150)
        return "texts and an evaluation set", text_set(texts, label, "\n".join(sentences(rng, 40)))
    if kind == 8:
        label = rng.integers(0, int(rng.integers(2, 5)), 200)
        return "texts of several topics", dataclasses.replace(text_set(topics(rng, label), label), split=RATIO)
    if kind == 9:
        label = rng.integers(0, int(rng.integers(2, 4)), 150)
        shown = pictures(rng, label[:30])
        return "images and an evaluation set", image_set(pictures(rng, label), label, shown)
    if kind == 10:
        rows, others = wide(rng), wide(rng).drop("y", "part").head(100)
        return "numbers and an evaluation set", Set(rows, split=COLUMN, reference=others, settings=EVAL_TABLE)
    frame, label = table(rng, int(rng.integers(2, 5)))
    rows = frame.height
    if kind == 0:
        return "tables", Set(frame)
    if kind == 1:
        size = int(rng.integers(2, 20))
        people = pl.Series("person", [f"p{i // size}" for i in range(rows)])
        group = Split(method="group", column="person")
        return "grouped, divided by group", Set(
            frame.with_columns(people), split=group, roles={Role.GROUP: ("person",)}
        )
    if kind == 2:
        days = pl.Series("day", np.sort(rng.integers(0, 900, rows))).cast(pl.Int32).cast(pl.Date)
        dated = frame.with_columns(days).with_columns(born=pl.col("day") - pl.duration(days=400))
        return "dated, divided by time", Set(
            dated, split=Split(method="time", column="day"), roles={Role.TIMESTAMP: ("day",)}
        )
    if kind == 3:
        serial = pl.Series("number", rng.permutation(rows))
        return "serial numbers at random", Set(frame.with_columns(serial))
    if kind == 11:
        codes = [f"{'KQTZ'[int(rng.integers(4))]}-{n:05d}" for n in rng.permutation(rows)]
        return "codes that name rows", Set(frame.with_columns(code=pl.Series(codes)), types={"code": ColumnType.STRING})
    if kind == 4:  # skill of 0.8 alone: as strong as an honest feature is said to be
        strong = flipped(rng, label, 0.2 * (1 - 1 / (label.max() + 1)))
        return "one strong category (skill 0.8)", Set(frame.with_columns(coded(strong).alias("strong")))
    easy = {f"e{i}": label + rng.normal(0, rng.uniform(0.2, 0.35), rows) for i in range(3)}
    return "easy (three numbers, skill 0.85 to 0.99)", Set(
        frame.with_columns(**{k: pl.Series(v) for k, v in easy.items()})
    )
