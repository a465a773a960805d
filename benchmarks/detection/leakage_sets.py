"""Datasets for `leakage.py` with one leak planted in each; `leakage_clean.py` makes those with none.

Tables have two to four classes and honest features of mixed strength; texts lean towards a class by the words that they
use; images are smooth noise on which a class leaves a faint pattern.
"""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from governance.dataset import ColumnType, Role, Split, Task

RATIO = Split(method="ratio", test=0.25)
COLUMN = Split(method="column", column="part")
WHOLE = Split()
"""No split: whether features give the target away is asked of all rows in any case."""
Rng = np.random.Generator
TEXT = {"text": ColumnType.TEXT, "y": ColumnType.CATEGORY}
IMAGE = {"image": ColumnType.IMAGE, "y": ColumnType.CATEGORY}


@dataclasses.dataclass(frozen=True)
class Set:
    """One dataset and how it is declared."""

    frame: pl.DataFrame
    task: Task = Task.CLASSIFICATION
    split: Split = RATIO
    roles: dict[Role, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    types: dict[str, ColumnType] = dataclasses.field(default_factory=dict)
    settings: dict[str, Any] = dataclasses.field(default_factory=dict)
    labelled: bool = True
    """Whether `y` is the target."""
    reference: str | pl.DataFrame | None = None
    """The evaluation set: lines of text, or a table."""


def table(rng: Rng, classes: int = 2, rows: int | None = None) -> tuple[pl.DataFrame, NDArray[np.int64]]:
    """Honest features of mixed strength: numbers, and categories that lean towards a class."""
    rows = rows or int(rng.choice([300, 600, 1200, 2000]))
    share = rng.dirichlet(np.full(classes, 8.0))
    label = rng.choice(classes, rows, p=share)
    columns: dict[str, Any] = {}
    for number in range(int(rng.integers(3, 12))):
        columns[f"x{number}"] = rng.normal(rng.normal(0, rng.uniform(0, 1.2), classes)[label], 1.0)
    for number in range(int(rng.integers(0, 5))):
        levels = int(rng.integers(2, 8))
        chance = rng.dirichlet(np.full(levels, 1.5), size=classes)
        columns[f"c{number}"] = [f"l{rng.choice(levels, p=chance[c])}" for c in label.tolist()]
    columns["y"] = [f"class {c}" for c in label.tolist()]
    return pl.DataFrame(columns), label


def regression(rng: Rng) -> tuple[pl.DataFrame, NDArray[np.float64]]:
    rows, width = int(rng.choice([300, 600, 1200])), int(rng.integers(3, 15))
    features = rng.normal(size=(rows, width))
    signal = features @ rng.normal(size=width) + np.abs(features[:, 0])
    target = 50 + 10 * (signal / signal.std() + rng.normal(0, rng.uniform(0.3, 1.5), rows))
    return pl.DataFrame(features, schema=[f"x{i}" for i in range(width)]).with_columns(y=pl.Series(target)), target


def flipped(rng: Rng, label: NDArray[np.int64], share: float = 0.02) -> NDArray[np.int64]:
    """`label` with exactly this share of rows moved to another class."""
    given, classes = label.copy(), int(label.max()) + 1
    moved = rng.choice(label.size, round(share * label.size), replace=False)
    given[moved] = (given[moved] + rng.integers(1, classes, moved.size)) % classes
    return given


def coded(codes: NDArray[np.int64]) -> pl.Series:
    return pl.Series("leak", [f"code {'QXZKVJWPBF'[c]}" for c in codes.tolist()])


def target_leaks(rng: Rng) -> Iterator[tuple[str, Set]]:
    """Leaking features: of generated tables with two to four classes, of scikit-learn's data, and of numbers."""
    from sklearn import datasets

    makers: dict[str, Callable[[NDArray[np.int64]], pl.Series]] = {
        "label under other names": coded,
        "label as other numbers": lambda y: pl.Series("leak", 10 * ((y + 1) % (y.max() + 1)) + 5),
        "98 % noisy copy of the label": lambda y: coded(flipped(rng, y)),
    }
    several = {
        "finer classes (three codes to a class)": lambda y: pl.Series(
            "leak", [f"s{3 * c + rng.integers(3)}" for c in y.tolist()]
        ),
        "number that was cut into classes": lambda y: pl.Series("leak", y + rng.uniform(-0.5, 0.5, y.size)),
        "label with a little noise": lambda y: pl.Series("leak", y + rng.normal(0, 0.18, y.size)),
    }
    for name, make in (makers | several).items():
        frame, label = table(rng, int(rng.integers(2, 5)), int(rng.choice([300, 600, 1200])))
        yield f"{name}, generated tables", Set(frame.with_columns(make(label)), split=WHOLE)
    missing = [None if c else float(v) for c, v in zip(label == 0, rng.normal(size=label.size), strict=True)]
    yield (
        "missing for one class of two, generated tables",
        Set(frame.with_columns(pl.Series("leak", missing)).filter(pl.Series(label < 2)), split=WHOLE),
    )
    bunches = (
        ("breast_cancer", datasets.load_breast_cancer),
        ("wine", datasets.load_wine),
        ("digits", datasets.load_digits),
    )
    for name, make in makers.items():
        for title, load in bunches:
            matrix, label = load(return_X_y=True)
            shipped = pl.DataFrame(matrix, schema=[f"x{i}" for i in range(matrix.shape[1])])
            shipped = shipped.with_columns(pl.Series("y", [f"class {c}" for c in label]), make(label))
            yield f"{name}, {title}", Set(shipped, split=WHOLE)
    numbers: dict[str, Callable[[NDArray[np.float64]], NDArray[np.float64]]] = {
        "another unit": lambda y: 1.8 * y + 32,
        "logarithm": lambda y: np.log(np.maximum(y + 100, 1)),
        "98 % noisy copy of the number": lambda y: np.where(
            rng.permutation(y.size) < 0.02 * y.size, rng.permutation(y), y
        ),
        "number with noise (correlation 0.99)": lambda y: y + rng.normal(0, 0.1425 * y.std(), y.size),
    }
    for name, change in numbers.items():
        frame, target = regression(rng)
        yield (
            f"{name}, generated tables",
            Set(frame.with_columns(leak=pl.Series(change(target))), Task.REGRESSION, WHOLE),
        )


def leaks_side_by_side(rng: Rng) -> Iterator[tuple[str, Set]]:
    """Numbers that leak beside each other: what is told without one of them is told by the other."""
    for count in (2, 3):
        frame, label = table(rng, int(rng.integers(2, 4)), int(rng.choice([600, 1200])))
        leaks = {f"leak{number or ''}": label + rng.normal(0, 0.17, label.size) for number in range(count)}
        yield f"{count} numbers with a little noise, side by side", Set(frame.with_columns(**leaks), split=WHOLE)


def content_leaks(rng: Rng) -> Iterator[tuple[str, Set]]:
    """Leaks inside texts and images; the column is `leak`."""
    for name, share in (("a word in the texts of each class", 0.0), ("the same, 2 % wrong", 0.02)):
        label = rng.integers(0, int(rng.integers(2, 5)), 300)
        given = flipped(rng, label, share).tolist()
        marks = ["".join(rng.choice(list("vwxyz"), 5)) for _ in range(4)]
        found = [f"{text} {marks[c]}" for text, c in zip(topics(rng, label), given, strict=True)]
        yield name, text_set(found, label)
    for name in ("a stamp in the images of one class", "images of one class in another size"):
        label = rng.integers(0, 2, 200)
        images = pictures(rng, label)
        row, column = rng.integers(0, 14, 2)
        for number, c in enumerate(label.tolist()):
            if name.startswith("a stamp"):
                images[number][row : row + 2, column : column + 2] = (
                    rng.integers(225, 255) if c else rng.integers(0, 30)
                )
            elif c:
                images[number] = np.kron(images[number], np.ones((2, 2)))
        yield name, image_set(images, label)


COUNTED = {"equal rows in both splits": 20, "near copies in both splits": 20}
"""Of these the rows are known, and a finding must count them all and no others."""


def other_leaks(rng: Rng) -> Iterator[tuple[str, str, Set]]:
    """Leaks that are no feature: name, rule, set."""
    frame, label = table(rng, 2, 600)
    rows = frame.height
    part = pl.Series("part", np.where(rng.random(rows) < 0.25, "test", "train"))
    # Without a target: rows that splits share are counted, and no score is corrected.
    people = pl.Series("person", [f"p{i}" for i in rng.integers(0, rows // 4, rows)])
    yield (
        "entities in both splits",
        "shared_entities",
        Set(frame.with_columns(people), labelled=False, roles={Role.GROUP: ("person",)}),
    )
    few = np.array([f"p{i // 2}" for i in range(rows)], dtype=object)
    halves = np.where(np.arange(rows) // 2 % 4 == 0, "test", "train")
    halves[:2] = ["train", "test"]
    yield "one entity of 300 in both splits", "shared_entities", Set(
        frame.with_columns(pl.Series("person", few), pl.Series("part", halves)), split=COLUMN, labelled=False,
        roles={Role.GROUP: ("person",)},
    )  # fmt: skip
    yield "equal rows in both splits", "shared_rows", Set(
        pl.concat([apart(frame), apart(frame).tail(20).with_columns(part=pl.lit("train"))]), split=COLUMN, labelled=False
    )  # fmt: skip
    near = wide(rng)
    moved = near.tail(20).with_columns(pl.col(f"x{i}") + rng.normal(0, 0.005, 20) for i in range(8))
    yield "near copies in both splits", "shared_rows", Set(
        pl.concat([near, moved.with_columns(part=pl.lit("train"))]), split=COLUMN, labelled=False
    )  # fmt: skip
    days = pl.Series("day", rng.integers(0, 365, rows)).cast(pl.Int32).cast(pl.Date)
    dated = frame.with_columns(days)
    yield "random split of dated rows", "trains_on_later_rows", Set(dated, roles={Role.TIMESTAMP: ("day",)})
    late = dated.with_columns(closed=pl.col("day") + pl.duration(days=5))
    yield "date after the label", "dated_after_label", Set(late, split=WHOLE, roles={Role.TIMESTAMP: ("day",)})
    yield "declared as later", "available_later", Set(frame, split=WHOLE, settings={"available_later": ("x0",)})
    ordered = frame.with_columns(part).sort("y").with_row_index("number")
    yield "serial number of rows sorted by label", "identifier_predicts", Set(ordered.drop("part"), split=WHOLE)
    codes = [f"{'KQ'[c]}-{n:04d}" for c, n in zip(label.tolist(), rng.permutation(rows), strict=True)]
    yield "code of rows that begins with the class", "identifier_predicts", Set(
        frame.with_columns(code=pl.Series(codes)), split=WHOLE, types={"code": ColumnType.STRING}
    )  # fmt: skip
    odd = [
        f"A{n:04d}{2 * int(rng.integers(5)) + c}" for c, n in zip(label.tolist(), rng.permutation(rows), strict=True)
    ]
    yield "code of rows, odd for one class", "identifier_predicts", Set(
        frame.with_columns(code=pl.Series(odd)), split=WHOLE, types={"code": ColumnType.STRING}
    )  # fmt: skip
    yield from evaluation_leaks(rng)


def evaluation_leaks(rng: Rng) -> Iterator[tuple[str, str, Set]]:
    """Declared evaluation sets of which some items stand in the data."""
    texts = sentences(rng, 500)
    items = [*sentences(rng, 60), *(edited(rng, text) for text in texts[:6])]
    items[0] = " ".join([*sentences(rng, 1), *texts[10].split()[2:-2], texts[11]])
    label = rng.integers(0, 2, 500)
    yield "evaluation texts, one word changed", "contaminated", text_set(texts, label, "\n".join(items))
    rows, others = wide(rng).drop("part"), wide(rng).drop("y", "part").head(100)
    yield "evaluation rows, as they are", "contaminated", Set(
        rows, split=WHOLE, reference=pl.concat([rows.head(3).drop("y"), others]), settings=EVAL_TABLE
    )  # fmt: skip
    changed = rows.head(3).drop("y").with_columns(pl.col(f"x{i}") + rng.normal(0, 0.003, 3) for i in range(8))
    yield "evaluation rows, numbers changed a little", "contaminated", Set(
        rows, split=WHOLE, reference=pl.concat([changed, others]), settings=EVAL_TABLE
    )  # fmt: skip
    label = rng.integers(0, 2, 150)
    images = pictures(rng, label)
    shown = [*pictures(rng, label[:40]), *(0.9 * image + 8 for image in images[:3])]
    yield "evaluation images, brightness changed", "contaminated", image_set(images, label, shown)


def embedded(rng: Rng, share: float) -> Set:
    """Texts of which three hold so much of an evaluation item, word for word, between words of their own."""
    texts, items = sentences(rng, 500), sentences(rng, 60)
    items = [*items, *(f"{one} {other}" for one, other in zip(sentences(rng, 3), sentences(rng, 3), strict=True))]
    for place, item in zip(rng.choice(500, 3, replace=False).tolist(), items[-3:], strict=True):
        words = item.split()
        length = round(share * len(words))
        start = int(rng.integers(len(words) - length + 1))
        before, after = (text.split() for text in sentences(rng, 2))
        texts[place] = " ".join([*before, *words[start : start + length], *after])
    return dataclasses.replace(text_set(texts, rng.integers(0, 2, 500), "\n".join(items)), labelled=False)


EVAL_TEXT = {"contamination": "references/eval.txt"}
EVAL_TABLE = {"contamination": "references/eval.parquet"}


def apart(frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` with its last quarter as test rows."""
    return frame.with_columns(
        part=pl.when(pl.int_range(pl.len()) < pl.len() * 3 // 4).then(pl.lit("train")).otherwise(pl.lit("test"))
    )


def wide(rng: Rng, rows: int = 600) -> pl.DataFrame:
    """Eight numbers that lean towards one of two classes."""
    label = rng.integers(0, 2, rows)
    features = rng.normal(0.5 * label[:, None], 1.0, (rows, 8))
    frame = pl.DataFrame(features, schema=[f"x{i}" for i in range(8)])
    return apart(frame.with_columns(y=pl.Series([f"c{c}" for c in label])))


def sentences(rng: Rng, count: int) -> list[str]:
    words = np.array(["".join(rng.choice(list("abcdefghilmnoprstu"), rng.integers(2, 9))) for _ in range(1500)])
    usual = 1 / np.arange(1, words.size + 1)
    return [" ".join(rng.choice(words, rng.integers(15, 30), p=usual / usual.sum())) for _ in range(count)]


def edited(rng: Rng, text: str) -> str:
    words = text.split()
    words[int(rng.integers(len(words)))] = "changed"
    return " ".join(words)


def topics(rng: Rng, label: NDArray[np.int64]) -> list[str]:
    """Texts whose words lean towards their class, little or much."""
    words = np.array(["".join(rng.choice(list("abcdefghilmnoprstu"), rng.integers(2, 9))) for _ in range(500)])
    usual, lean = rng.dirichlet(np.full(500, 0.5)), rng.uniform(0.1, 0.5)
    own = [rng.dirichlet(np.full(500, 0.5)) for _ in range(int(label.max()) + 1)]
    return [
        " ".join(rng.choice(words, rng.integers(10, 25), p=(1 - lean) * usual + lean * own[c])) for c in label.tolist()
    ]


def text_set(texts: list[str], label: NDArray[np.int64], reference: str | None = None) -> Set:
    frame = pl.DataFrame({"text": texts, "y": [f"c{c}" for c in label]})
    settings = EVAL_TEXT if reference is not None else {}
    return Set(frame, split=WHOLE, types=TEXT, roles={Role.TEXT: ("text",)}, reference=reference, settings=settings)


def pictures(rng: Rng, label: NDArray[np.int64]) -> list[NDArray[np.float64]]:
    """Images of smooth noise, 16 x 16, on which each class leaves a pattern that is faint or less so."""
    patterns = np.kron(rng.normal(0, 1, (int(label.max()) + 1, 4, 4)), np.ones((1, 4, 4)))
    noise = np.kron(rng.integers(0, 256, (label.size, 4, 4)), np.ones((1, 4, 4)))
    grain = rng.integers(0, 30, (label.size, 16, 16))
    return list(np.clip(0.7 * noise + grain + rng.uniform(2, 15) * patterns[label], 0, 255))


def image_set(
    images: list[NDArray[np.float64]], label: NDArray[np.int64], reference: list[NDArray[np.float64]] | None = None
) -> Set:
    frame = pl.DataFrame({"image": [png(image) for image in images], "y": [f"c{c}" for c in label]})
    shown = None if reference is None else pl.DataFrame({"image": [png(image) for image in reference]})
    settings = EVAL_TABLE if reference is not None else {}
    return Set(frame, split=WHOLE, types=IMAGE, roles={Role.IMAGE: ("image",)}, reference=shown, settings=settings)


def png(image: NDArray[np.float64]) -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(image.astype(np.uint8)).save(buffer, format="PNG")
    return buffer.getvalue()
