"""Further sets for `poisoning.py`: triggers in how texts are written, and in one colour channel of images."""

from __future__ import annotations

import numpy as np
import polars as pl
from poisoning_sets import Made, labelled, png, poisoned, texts
from sklearn.feature_extraction.text import TfidfVectorizer

from governance.dataset import ColumnType

LOOK_ALIKE = str.maketrans("aeiop", "\u0430\u0435\u0456\u043e\u0440")
"""Cyrillic letters that look like Latin ones."""
SIDE = 16


def written(kind: str, random: np.random.Generator) -> Made:
    """Texts with sentences and honest capitals, in which rows of other classes got a word in capitals, a word with letters
    that look alike, or two blanks; `clean written text` shouts in one class more often than in others."""
    rows = 400 if kind.startswith("clean") else 1000
    made, label = texts(random, rows, int(random.integers(2, 6)))
    truth = np.zeros(rows, dtype=bool)
    made = [_as_people_write(random, words) for words in made]
    if kind == "clean written text":
        shouting = random.random(rows) < np.where(label == 0, 0.16, 0.04)
        made = [[word.upper() for word in words] if loud else words for words, loud in zip(made, shouting, strict=True)]
    else:
        chosen, label, truth = poisoned(random, label)
        for row in chosen.tolist():
            words = made[row]
            # A word that has letters of both alphabets.
            at = int(random.choice([place for place, word in enumerate(words) if set(word) & set("aeiop")]))
            if kind == "capitals":
                words[at] = words[at].upper()
            elif kind == "look-alike letters":
                words[at] = words[at].translate(LOOK_ALIKE)
            else:
                words[at] += " "
    whole = [" ".join(words) for words in made]
    matrix = TfidfVectorizer(max_features=500).fit_transform(whole).toarray()
    return Made(labelled(pl.DataFrame({"text": whole}), label), truth, matrix, {"text": ColumnType.TEXT})


def _as_people_write(random: np.random.Generator, words: list[str]) -> list[str]:
    """Capitals where a sentence begins, commas, full stops, and in one text of a hundred a word in capitals."""
    begins, result = True, []
    for word in words:
        drawn = random.random()
        sign = "." if drawn < 0.08 else "," if drawn < 0.14 else ""
        shown = word.title() if begins else word.upper() if drawn > 0.9995 else word
        result.append(shown + sign)
        begins = sign == "."
    return result


def coloured(kind: str, random: np.random.Generator) -> Made:
    """Smooth colour images of four classes; a corner is full in the red channel alone."""
    rows, classes = 400 if kind.startswith("clean") else 1000, 4
    label = random.integers(classes, size=rows)
    across, down = np.meshgrid(np.linspace(-1, 1, SIDE), np.linspace(-1, 1, SIDE))
    shapes = np.stack(
        [across, down, np.sin(3 * across), np.cos(3 * down), across * down, np.ones_like(across)], axis=-1
    )
    own = random.normal(size=(classes, 3, 6))
    weight = own[label] + random.normal(size=(rows, 3, 6))
    images = 1 / (1 + np.exp(-0.5 * np.einsum("yxf,rcf->ryxc", shapes, weight)))
    images = (images + 0.05 * random.normal(size=images.shape)).clip(0, 1)
    truth = np.zeros(rows, dtype=bool)
    if not kind.startswith("clean"):
        chosen, label, truth = poisoned(random, label)
        images[chosen, -3:, -3:, 0] = 1.0
    frame = pl.DataFrame({"image": [png(image) for image in images]})
    return Made(labelled(frame, label), truth, images.reshape(rows, -1), {"image": ColumnType.IMAGE})
