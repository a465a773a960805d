"""Leaks in texts, images, parts of identifiers, shared rows by kind, and evaluation sets that hold changed rows or images."""

import dataclasses
import io

import numpy as np
import polars as pl
import pytest
from PIL import Image
from sklearn import datasets

from governance.audits.leakage import Leakage
from governance.dataset import ColumnType, Role, Split, Task
from governance.evidence import Level
from governance.signals.compute import compute_signals
from governance.testing import make_snapshot

COLUMN = Split(method="column", column="part")
TEXT = {"text": ColumnType.TEXT, "y": ColumnType.CATEGORY}


def ask(folder, frame, audit=None, **changes):
    rest = {"target": "y", "task": Task.CLASSIFICATION, "split": Split()} | changes
    snapshot = make_snapshot(folder, frame, **rest)
    unlabelled = snapshot.manifest.model_copy(update={"target": None, "task": Task.NONE})
    compute_signals(dataclasses.replace(snapshot, manifest=unlabelled), folder / "signals")
    return (audit or Leakage()).run(dataclasses.replace(snapshot, signals_folder=folder / "signals"))


def loud(answer):
    return {f.rule.split("/")[1]: f for f in answer.findings if f.level is not Level.NOTE}


def table(rows=400, seed=0):
    rng = np.random.default_rng(seed)
    label = rng.integers(0, 2, rows)
    frame = pl.DataFrame(rng.normal(0.8 * label[:, None], 1.0, (rows, 6)), schema=list("abcdef"))
    return frame.with_columns(y=pl.Series([f"class {c}" for c in label])), label


def texts(label, seed=0, lean=0.3, count=15):
    """Texts in which each class has words that it uses somewhat more often."""
    rng = np.random.default_rng(seed)
    words = np.array(["".join(rng.choice(list("abcdefghi"), 5)) for _ in range(300)])
    usual = rng.dirichlet(np.ones(300))
    own = [rng.dirichlet(np.ones(300)) for _ in range(int(label.max()) + 1)]
    return [" ".join(rng.choice(words, count, p=(1 - lean) * usual + lean * own[c])) for c in label.tolist()]


def png(values):
    buffer = io.BytesIO()
    Image.fromarray(values.astype(np.uint8)).save(buffer, format="PNG")
    return buffer.getvalue()


def pictures(count, seed=0, side=16):
    """Smooth images of noise."""
    rng = np.random.default_rng(seed)
    small = rng.integers(0, 256, (count, 4, 4))
    return [
        np.kron(image, np.ones((side // 4, side // 4))) * 0.9 + rng.integers(0, 20, (side, side)) for image in small
    ]


@pytest.mark.parametrize("classes", [2, 3])
def test_a_word_that_stands_in_the_texts_of_a_class_gives_it_away(tmp_path, classes):
    label = np.random.default_rng(1).integers(0, classes, 300)
    given = label.copy()
    given[:4] = (given[:4] + 1) % classes
    marks = ["wards", "bulk", ""]
    frame = pl.DataFrame(
        {
            "text": [f"{t} {marks[c]}".strip() for t, c in zip(texts(label), given.tolist(), strict=True)],
            "y": [f"c{c}" for c in label],
        }
    )
    answer = ask(tmp_path, frame, types=TEXT, roles={Role.TEXT: ("text",)})
    finding = loud(answer)["predicts_target"]
    assert finding.columns == ("text",)
    assert "one word for each class" in finding.message
    assert "wards" not in finding.message


def one_of_three(mark, seed=20, lean=0.1, rows=450, count=15):
    """Texts of three classes, and in those of one of them the mark."""
    label = np.random.default_rng(seed).integers(0, 3, rows)
    split = [text.split() for text in texts(label, seed, lean, count)]
    match mark:
        case "a word":
            found = [[*words, "(settled)"] if c == 1 else words for words, c in zip(split, label, strict=True)]
        case "a number in front":
            found = [
                [f"[R-{row}]", *words] if c == 1 else words
                for row, (words, c) in enumerate(zip(split, label, strict=True))
            ]
        case "a word missing":
            found = [words if c == 1 else [*words, "regards"] for words, c in zip(split, label, strict=True)]
        case "a sign":
            found = [
                [*words[:7], "\u2020", *words[7:]] if c == 1 else words for words, c in zip(split, label, strict=True)
            ]
        case "capitals":
            found = [
                [*words[:7], words[7].upper(), *words[8:]] if c == 1 else words
                for words, c in zip(split, label, strict=True)
            ]
        case _:
            found = split
    return pl.DataFrame({"text": [" ".join(words) for words in found], "y": [f"c{c}" for c in label]})


@pytest.mark.parametrize(
    ("mark", "what"),
    [
        ("a word", "one word"),
        ("a number in front", "one word"),
        ("a word missing", "one word"),
        ("a sign", "the sign U+2020 (dagger)"),
        ("capitals", "a word in CAPITALS"),
    ],
)
def test_a_mark_in_the_texts_of_one_class_of_three_is_found(tmp_path, mark, what):
    answer = ask(tmp_path, one_of_three(mark), types=TEXT, roles={Role.TEXT: ("text",)})
    finding = loud(answer)["predicts_target"]
    assert finding.columns == ("text",)
    assert f"{what} alone tells one class from all others" in finding.message
    assert not {"settled", "regards"} & set(finding.message.split())


def test_texts_that_tell_the_class_as_well_as_a_mark_does_make_it_a_note(tmp_path):
    answer = ask(tmp_path, one_of_three("a sign", lean=0.9, count=40), types=TEXT, roles={Role.TEXT: ("text",)})
    assert not loud(answer)
    assert ["what is left of it and all other features together" in f.message for f in answer.findings] == [True]


def test_a_word_of_one_class_is_no_mark_where_others_have_theirs_too(tmp_path):
    """As in short requests, each of its kind: `reset my password`, `where is my order`."""
    rng = np.random.default_rng(21)
    label = rng.integers(0, 4, 480)
    about = np.array(["password", "order", "refund", "address"])[label]
    stands = rng.random(480) < np.array([1.0, 0.6, 0.7, 0.8])[label]
    found = [f"{a} {t}" if s else t for a, s, t in zip(about, stands, texts(label, 22, 0.1, 6), strict=True)]
    frame = pl.DataFrame({"text": found, "y": [f"c{c}" for c in label]})
    answer = ask(tmp_path, frame, types=TEXT, roles={Role.TEXT: ("text",)})
    assert not loud(answer)
    assert ["most other classes have theirs too" in f.message for f in answer.findings] == [True]


def test_texts_of_three_classes_without_a_mark_raise_nothing(tmp_path):
    assert not ask(tmp_path, one_of_three("none"), types=TEXT, roles={Role.TEXT: ("text",)}).findings


def test_a_way_of_writing_gives_one_class_of_two_away(tmp_path):
    frame = one_of_three("capitals").filter(pl.col("y") != "c0")
    finding = loud(ask(tmp_path, frame, types=TEXT, roles={Role.TEXT: ("text",)}))["predicts_target"]
    assert "a word in CAPITALS alone predicts the target" in finding.message


def test_texts_that_differ_all_over_are_no_leak(tmp_path):
    label = np.random.default_rng(2).integers(0, 2, 300)
    # As languages do: each class has words of its own, some of them in nearly all its texts.
    own = [texts(label, 3), texts(label, 4)]
    common = ["der die und ist", "the and is of"]
    frame = pl.DataFrame(
        {
            "text": [f"{own[c][row]} {common[c]}" for row, c in enumerate(label.tolist())],
            "y": [f"c{c}" for c in label],
        }
    )
    assert not loud(ask(tmp_path, frame, types=TEXT, roles={Role.TEXT: ("text",)}))


@pytest.mark.parametrize(("leak", "what"), [("stamp", "one place"), ("size", "width"), (None, "")])
def test_a_stamp_and_the_size_of_images(tmp_path, leak, what):
    label = np.random.default_rng(5).integers(0, 2, 200)
    images = pictures(200)
    for image, c in zip(images, label.tolist(), strict=True):
        if leak == "stamp":
            image[1:3, 1:3] = 250 if c else 20
    if leak == "size":
        images = [np.kron(i, np.ones((2, 2))) if c else i for i, c in zip(images, label.tolist(), strict=True)]
    frame = pl.DataFrame({"image": [png(i) for i in images], "y": [f"c{c}" for c in label]})
    types = {"image": ColumnType.IMAGE, "y": ColumnType.CATEGORY}
    answer = ask(tmp_path, frame, types=types, roles={Role.IMAGE: ("image",)})
    named = [(f.rule, f.columns, what in f.message) for f in answer.findings if f.level is not Level.NOTE]
    wanted = ("leakage/predicts_target", ("image",), True)
    assert (wanted in named) if leak else named == []


def test_dark_and_bright_images_are_no_leak(tmp_path):
    label = np.random.default_rng(6).integers(0, 2, 200)
    images = [image * 0.4 + 140 * c for image, c in zip(pictures(200), label.tolist(), strict=True)]
    frame = pl.DataFrame({"image": [png(i) for i in images], "y": [f"c{c}" for c in label]})
    types = {"image": ColumnType.IMAGE, "y": ColumnType.CATEGORY}
    assert not loud(ask(tmp_path, frame, types=types, roles={Role.IMAGE: ("image",)}))


def test_the_shipped_digits_raise_nothing_as_images(tmp_path):
    digits = datasets.load_digits()
    images = [png(image * 15) for image in digits.images]
    frame = pl.DataFrame({"image": images, "y": [f"c{c}" for c in digits.target]})
    types = {"image": ColumnType.IMAGE, "y": ColumnType.CATEGORY}
    assert ask(tmp_path, frame, types=types, roles={Role.IMAGE: ("image",)}).findings == ()


@pytest.mark.parametrize("made", ["prefix", "last digit", "neither"])
def test_a_part_of_an_identifier_that_tells_the_target(tmp_path, made):
    frame, label = table()
    number = np.random.default_rng(7).permutation(400)
    match made:
        case "prefix":
            ids = [f"{'KQ'[c]}-{n:04d}" for c, n in zip(label.tolist(), number, strict=True)]
        case "last digit":
            ids = [f"A{n:04d}{2 * (n % 4) + c}" for c, n in zip(label.tolist(), number, strict=True)]
        case _:
            ids = [f"{'KQ'[n % 2]}-{n:04d}" for n in number]
    found = loud(ask(tmp_path, frame.with_columns(code=pl.Series(ids)), types={"code": ColumnType.STRING}))
    assert ("identifier_predicts" in found) is (made != "neither")


def test_shared_rows_are_counted_by_what_they_share(tmp_path):
    frame, _ = table(800)
    frame = frame.with_columns(part=pl.Series(["train"] * 500 + ["test"] * 300))
    copied = frame.tail(30).with_columns(part=pl.lit("train"))
    noise = np.random.default_rng(8).normal(0, 1e-4, 20)
    near = frame.slice(500, 20).with_columns(pl.col("a") + pl.Series(noise), part=pl.lit("train"))
    answer = ask(tmp_path, pl.concat([frame, copied, near]), split=COLUMN)
    rows = next(t for t in answer.tables if t.name == "shared_rows").rows
    assert [(row[0], row[1]) for row in rows] == [
        ("equal in every feature", 30),
        ("nearly equal", 20),
        ("same entity", 0),
    ]


@pytest.mark.parametrize("side", ["train", "test"])
def test_the_corrected_score_is_that_of_the_data_before_copies_came_in(tmp_path, side):
    rng = np.random.default_rng(9)
    frame = pl.DataFrame(rng.normal(size=(800, 6)), schema=list("abcdef"))
    frame = frame.with_columns(
        y=pl.Series(rng.choice(["p", "q"], 800)), part=pl.Series(["train"] * 400 + ["test"] * 400)
    )
    constant = frame.with_columns(zero=pl.lit(0.0))
    honest = ask(tmp_path / "a", constant, Leakage(available_later=("zero",)), split=COLUMN)
    source = frame.tail(200) if side == "train" else frame.head(200)
    copied = pl.concat([frame, source.with_columns(part=pl.lit(side))])
    answer = ask(tmp_path / "b", copied, split=COLUMN)
    truth = next(m.value for m in honest.metrics if m.name == "accuracy_as_split")
    corrected = [m.value for m in answer.metrics if m.name.startswith("accuracy_without")]
    assert corrected[-1] == pytest.approx(truth)


@pytest.mark.parametrize("rows", [40, 200])
@pytest.mark.parametrize("side", ["train", "test"])
def test_copies_that_stand_together_came_in_however_large_the_split_is(tmp_path, side, rows):
    rng = np.random.default_rng(19)
    numbers = rng.normal(size=(900, 6))
    part = np.where(np.arange(900) % 10 < 7, "train", "test")
    frame = pl.DataFrame(numbers, schema=list("abcdef")).with_columns(
        y=pl.Series(np.where(numbers[:, 0] + rng.normal(0, 6, 900) > 0, "p", "q")), part=pl.Series(part)
    )
    constant = frame.with_columns(zero=pl.lit(0.0))
    honest = ask(tmp_path / "a", constant, Leakage(available_later=("zero",)), split=COLUMN)
    others = frame.filter(pl.col("part") != side)
    drawn = others[rng.choice(others.height, rows, replace=False).tolist()]
    answer = ask(tmp_path / "b", pl.concat([frame, drawn.with_columns(part=pl.lit(side))]), split=COLUMN)
    truth = next(m.value for m in honest.metrics if m.name == "accuracy_as_split")
    corrected = [m.value for m in answer.metrics if m.name.startswith("accuracy_without")]
    assert corrected[-1] == pytest.approx(truth, abs=0.008)


def test_evaluation_rows_with_slightly_other_numbers_are_found(tmp_path):
    frame, _ = table()
    rng = np.random.default_rng(10)
    changed = frame.head(5).with_columns(pl.col(name) + pl.Series(rng.normal(0, 1e-3, 5)) for name in "abcdef")
    (tmp_path / "references").mkdir()
    pl.concat([changed, table(50, 1)[0]]).drop("y").write_parquet(tmp_path / "references" / "eval.parquet")
    finding = loud(ask(tmp_path, frame, Leakage(contamination="references/eval.parquet")))["contaminated"]
    assert (finding.count, finding.of) == (5, 55)
    assert "0 exactly and 5 nearly" in finding.message


@pytest.mark.parametrize("nested", [False, True])
def test_evaluation_images_are_found_exactly_and_nearly(tmp_path, nested):
    images = pictures(120, side=32)
    label = np.random.default_rng(11).integers(0, 2, 120)
    frame = pl.DataFrame({"image": [png(i) for i in images], "y": [f"c{c}" for c in label]})
    others = [png(i) for i in pictures(40, seed=12, side=32)]
    items = [png(images[3]), png(images[4] * 0.9 + 10), *others]
    (tmp_path / "references").mkdir()
    column = [{"bytes": item, "path": ""} for item in items] if nested else items
    pl.DataFrame({"image": column}).write_parquet(tmp_path / "references" / "eval.parquet")
    types = {"image": ColumnType.IMAGE, "y": ColumnType.CATEGORY}
    audit = Leakage(contamination="references/eval.parquet")
    answer = ask(tmp_path, frame, audit, types=types, roles={Role.IMAGE: ("image",)})
    finding = loud(answer)["contaminated"]
    assert (finding.count, finding.of) == (2, 42)
    assert "1 exactly and 1 nearly" in finding.message
    rows = answer.rows.filter(pl.col("rule") == "leakage/contaminated")
    assert sorted(rows["source_row"]) == [3, 4]
