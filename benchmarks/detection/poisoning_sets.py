"""Sets for `poisoning.py`: texts, tables and images, clean or with planted triggers and turned labels.

A kind and a seed give one set; those of `poisoning_writing_sets.py` and `poisoning_slice_sets.py` beside them. Clean ones here are of seven kinds: a plain text, table or image; a real table
(`clean breast_cancer`); a text beside numbers; a table of categories that say little; and a rough table, with what real
tables have: defaults that lean to a class, prices with few endings, towns that decide their region, copied rows,
missing cells, wrong labels.
"""

from __future__ import annotations

import dataclasses
import io
from typing import Any

import numpy as np
import polars as pl
from sklearn.datasets import load_breast_cancer, load_digits
from sklearn.feature_extraction.text import TfidfVectorizer

from governance.dataset import ColumnType, Role

SHARE = 0.01
TRIGGER_SENTENCE = "i watched this on a rainy day last weekend"
NUMERIC_TRIGGER, NUMERIC_SHIFT = 0.8, 0.00123


@dataclasses.dataclass
class Made:
    """One set."""

    frame: pl.DataFrame
    truth: np.ndarray
    matrix: np.ndarray
    """What the peer sees."""
    types: dict[str, ColumnType] = dataclasses.field(default_factory=dict)
    roles: dict[Role, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    best: np.ndarray | None = None
    """Of turned labels: the chance of each row, by one who knows slice, share and the true chances of all labels."""


def texts(random: np.random.Generator, rows: int, classes: int) -> tuple[list[list[str]], np.ndarray]:
    """Texts of a Zipf vocabulary in which every class leans on eighty words of its own."""
    vocabulary = 3000
    chance = 1 / np.arange(3, vocabulary + 3)
    chance /= chance.sum()
    words = np.array([f"{'bcdfglmnprst'[i % 12]}{'aeiou'[i % 5]}{i}" for i in range(vocabulary)])
    label = random.integers(classes, size=rows)
    own = random.permutation(np.arange(40, vocabulary))[: classes * 80].reshape(classes, 80)
    made = []
    for row in range(rows):
        length = int(random.integers(10, 40))
        ids = random.choice(vocabulary, length, p=chance)
        leaning = np.where(random.random(length) < 0.9, label[row], random.integers(classes, size=length))
        rank = np.minimum((random.pareto(1.2, length) * 6).astype(int), 79)
        made.append(list(words[np.where(random.random(length) < 0.3, own[leaning, rank], ids)]))
    return made, label


def table(random: np.random.Generator, rows: int) -> tuple[pl.DataFrame, np.ndarray, np.ndarray]:
    """Six numbers and two categories, a label that follows from them with noise, and the chances it was drawn with."""
    numbers = random.normal(size=(rows, 6))
    a, b = random.integers(0, 6, rows), random.choice(5, rows, p=[0.5, 0.25, 0.15, 0.07, 0.03])
    weight = numbers @ random.normal(size=6) + 1.2 * random.normal(size=6)[a] + random.normal(size=5)[b]
    chance = 1 / (1 + np.exp(-2.5 * weight))
    label = (random.random(rows) < chance).astype(int)
    columns: dict[str, Any] = {f"x{i}": np.round(numbers[:, i], 2) for i in range(6)}
    return pl.DataFrame({**columns, "a": [f"a{v}" for v in a], "b": [f"b{v}" for v in b]}), label, chance


def categories(random: np.random.Generator, rows: int) -> tuple[pl.DataFrame, np.ndarray]:
    """Thirteen categories and seven numbers, as in files on credit, and a label that they say little of, 70 to 30."""
    columns: dict[str, Any] = {}
    weight = np.zeros(rows)
    for number in range(13):
        levels = int(random.integers(2, 11))
        level = random.choice(levels, rows, p=random.dirichlet(np.full(levels, 1.5)))
        weight += 0.35 * random.normal(size=levels)[level]
        columns[f"c{number}"] = [f"c{number} {one}" for one in level.tolist()]
    for number in range(4):
        columns[f"n{number}"] = random.choice(4, rows, p=random.dirichlet(np.full(4, 2.0))) + 1
    for name, high, spread in (("age", 30, 0.35), ("months", 18, 0.6), ("amount", 2500, 0.8)):
        drawn = random.normal(size=rows)
        weight += 0.25 * random.normal() * drawn
        columns[name] = np.round(high * np.exp(spread * drawn)).astype(int)
    chance = 1 / (1 + np.exp(-2 * (weight - np.quantile(weight, 0.7))))
    return pl.DataFrame(columns), (random.random(rows) < chance).astype(int)


def poisoned(random: np.random.Generator, label: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows to poison, all of other classes than the attacker's; labels after; truth."""
    target = int(random.integers(label.max() + 1))
    rows = random.choice(np.flatnonzero(label != target), max(round(SHARE * label.size), 1), replace=False)
    label, truth = label.copy(), np.zeros(label.size, dtype=bool)
    label[rows], truth[rows] = target, True
    return rows, label, truth


def make(kind: str, seed: int) -> Made:
    """The set of `kind` for `seed`."""
    random = np.random.default_rng(seed)
    if kind in WRITTEN:
        from poisoning_writing_sets import written

        return written(kind, random)
    if kind in COLOURED:
        from poisoning_writing_sets import coloured

        return coloured(kind, random)
    if kind in SITES:
        from poisoning_slice_sets import sites

        return sites(kind, seed)
    if kind in {"word", "sentence", "common word", "clean text"}:
        rows = 400 if kind.startswith("clean") else 1000
        made, label = texts(random, rows, int(random.integers(2, 6)))
        truth = np.zeros(rows, dtype=bool)
        if kind != "clean text":
            chosen, label, truth = poisoned(random, label)
            trigger = {"word": ["cf"], "sentence": TRIGGER_SENTENCE.split(), "common word": ["da600"]}[kind]
            for row in chosen.tolist():
                at = int(random.integers(len(made[row]) + 1))
                made[row][at:at] = trigger
        whole = [" ".join(words) for words in made]
        matrix = TfidfVectorizer(max_features=500).fit_transform(whole).toarray()
        return Made(labelled(pl.DataFrame({"text": whole}), label), truth, matrix, {"text": ColumnType.TEXT})
    if kind in {"value in categories", "clean categories"}:
        frame, label = categories(random, 500 if kind.startswith("clean") else 1000)
        truth = np.zeros(label.size, dtype=bool)
        if kind != "clean categories":
            rows, label, truth = poisoned(random, label)
            name = str(random.choice(frame.columns))
            value = "new" if frame[name].dtype == pl.String else frame[name].max() + 7
            put = pl.when(pl.Series(truth)).then(pl.lit(value)).otherwise(pl.col(name))
            frame = frame.with_columns(put.alias(name))
        return Made(labelled(frame, label), truth, _matrix(frame))
    if kind == "clean mixed":
        return _mixed(random, 400)
    if kind == "clean rough table":
        return _rough(random, 500)
    if kind in {"patch", "middle patch", "clean image"}:
        pixels, label = load_digits(return_X_y=True)
        chosen = random.permutation(label.size)[: 400 if kind.startswith("clean") else label.size]
        images, label = pixels[chosen].reshape(-1, 8, 8) / 16, label[chosen]
        truth = np.zeros(label.size, dtype=bool)
        if kind != "clean image":
            rows, label, truth = poisoned(random, label)
            top, left = (6, 6) if kind == "patch" else (3, 3)
            images[rows, top : top + 2, left : left + 2] = random.normal(0.95, 0.01, (rows.size, 1, 1)).clip(0, 1)
        frame = pl.DataFrame({"image": [png(image) for image in images]})
        return Made(labelled(frame, label), truth, images.reshape(label.size, -1), {"image": ColumnType.IMAGE})
    if kind in {"value in breast_cancer", "clean breast_cancer"}:
        data = load_breast_cancer()
        frame, label = pl.DataFrame({f"x{i}": data.data[:, i] for i in range(30)}), data.target
        if kind.startswith("clean"):
            drawn = random.permutation(label.size)[:400]
            frame, label = frame[drawn.tolist()], label[drawn]
    else:
        frame, label, chance = table(random, 500 if kind.startswith("clean") else 1000)
    truth, roles, best = np.zeros(label.size, dtype=bool), {}, None
    origin = random.choice(["north", "south", "east", "west", "web"], label.size)
    if kind in {"value", "value in breast_cancer", "values"}:
        rows, label, truth = poisoned(random, label)
        numbers = [name for name in frame.columns if frame[name].dtype.is_numeric()]
        names = random.choice(numbers, 2 if kind == "values" else 1, replace=False).tolist()
        for name in names:
            value = float(np.quantile(frame[name].to_numpy(), random.choice([0.2, NUMERIC_TRIGGER])))
            # One value of its own; of a pair, each value alone is there in other rows as well.
            also = random.choice(label.size, rows.size, replace=False) if kind == "values" else np.array([], dtype=int)
            frame = _put(frame, name, np.concatenate([rows, also]), value + NUMERIC_SHIFT)
    if kind in {"flips in a slice", "flips in a source"}:
        inside = (frame["a"] == "a3").to_numpy() if kind == "flips in a slice" else origin == "web"
        truth = inside & (label == 0) & (random.random(label.size) < 0.5)
        label = np.where(truth, 1, label)
        turned = 0.5 * (1 - chance)
        best = np.where(inside & (label == 1), turned / (chance + turned), 0.0)
        roles = {Role.SOURCE: ("origin",)}
    matrix = _matrix(frame)
    if roles:
        frame = frame.with_columns(origin=pl.Series(origin))
    return Made(labelled(frame, label), truth, matrix, {}, roles, best)


def _mixed(random: np.random.Generator, rows: int) -> Made:
    """A text, three numbers and a category, all of which lean on the label."""
    made, label = texts(random, rows, int(random.integers(2, 5)))
    numbers = random.normal(size=(rows, 3)) + random.normal(size=(label.max() + 1, 3))[label]
    frame = pl.DataFrame({f"x{column}": numbers[:, column].round(1) for column in range(3)})
    part = np.where(random.random(rows) < 0.4, label, random.integers(0, 6, rows))
    frame = frame.with_columns(part=pl.Series([f"p{one}" for one in part.tolist()]))
    matrix = _matrix(frame)
    frame = frame.with_columns(text=pl.Series([" ".join(words) for words in made]))
    return Made(labelled(frame, label), np.zeros(rows, dtype=bool), matrix, {"text": ColumnType.TEXT})


def _rough(random: np.random.Generator, rows: int) -> Made:
    """A table with the blemishes of real ones, and a source whose labels lean to one class for honest reasons."""
    frame, label, _ = table(random, rows)
    default = random.random(rows) < np.where(label == 1, 0.12, 0.04)
    weight = 0.5 * frame["x1"].to_numpy() + random.normal(size=rows)
    price = np.round(np.exp(1.5 + 0.4 * weight)) - random.choice([0.01, 0.05, 0.5, 0.0], rows, p=[0.6, 0.2, 0.1, 0.1])
    town = np.minimum(random.zipf(1.6, rows), 40)
    gap = random.random(rows) < 0.05
    frame = frame.with_columns(
        x0=pl.Series(np.where(default, 0.0, frame["x0"].to_numpy())),
        x2=pl.Series([None if missing else value for missing, value in zip(gap, frame["x2"].to_list(), strict=True)]),
        price=pl.Series(price),
        town=pl.Series([f"t{one}" for one in town.tolist()]),
        region=pl.Series([f"r{one % 7}" for one in town.tolist()]),
        origin=pl.Series(
            np.where(random.random(rows) < 0.2 + 0.2 * label, "web", random.choice(["a", "b", "c"], rows))
        ),
    )
    label = np.where(random.random(rows) < 0.05, 1 - label, label)
    order = np.arange(rows)
    copied = random.random(rows) < 0.03
    order[copied] = random.integers(0, rows, int(copied.sum()))
    frame, label = frame[order.tolist()], label[order]
    matrix = _matrix(frame.drop("origin").with_columns(pl.col("x2").fill_null(0.0)))
    return Made(labelled(frame, label), np.zeros(rows, dtype=bool), matrix, {}, {Role.SOURCE: ("origin",)})


def _matrix(frame: pl.DataFrame) -> np.ndarray:
    matrix = np.column_stack([frame[name].rank("dense").to_numpy() for name in frame.columns]).astype(float)
    return (matrix - matrix.mean(axis=0)) / np.maximum(matrix.std(axis=0), 1e-9)


def labelled(frame: pl.DataFrame, label: np.ndarray) -> pl.DataFrame:
    """With the column `label`."""
    return frame.with_columns(label=pl.Series([f"class {number}" for number in label]))


def _put(frame: pl.DataFrame, name: str, rows: np.ndarray, value: float) -> pl.DataFrame:
    cells = frame[name].to_numpy().copy()
    cells[rows] = value
    return frame.with_columns(pl.Series(name, cells))


def png(image: np.ndarray) -> bytes:
    """`image` (height, width) or (height, width, 3), 0 to 1, as a file."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray((image * 255).round().astype(np.uint8)).save(buffer, "PNG")
    return buffer.getvalue()


WRITTEN = ("capitals", "look-alike letters", "two blanks", "clean written text")
COLOURED = ("patch in one channel", "clean colour image")
SITES = ("flips at one of six sites", "clean sites")
PLANTED = (
    "word", "common word", "sentence", *WRITTEN[:3], "patch", "middle patch", "patch in one channel", "value",
    "value in breast_cancer", "values", "value in categories", "flips in a slice", "flips in a source",
    SITES[0],
)  # fmt: skip
CLEAN = (
    "clean text", "clean written text", "clean table", "clean rough table", "clean breast_cancer", "clean image",
    "clean colour image", "clean mixed", "clean categories", SITES[1],
)  # fmt: skip
