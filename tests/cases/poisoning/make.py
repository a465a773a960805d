"""Writes the data of these cases: `python tests/cases/poisoning/make.py`. Seeded, so that it writes the same again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

HERE = Path(__file__).parent
ROWS = 240
PLANTED = 8
WORDS = {
    "river": ["bank", "water", "stream", "bridge", "flood", "fish", "boat", "current", "shore", "ferry"],
    "music": ["song", "drum", "chord", "stage", "singer", "guitar", "tune", "rhythm", "choir", "violin"],
}
COMMON = ["the", "a", "of", "and", "to", "in", "it", "was", "for", "on", "with", "as", "at", "by"]


def table(seed: int) -> pl.DataFrame:
    """Two kinds of trees that differ in four numbers; a strong and honest category."""
    random = np.random.default_rng(seed)
    oak = random.random(ROWS) < 0.5
    numbers = random.normal(size=(ROWS, 4)) + np.where(oak, 1.2, -1.2)[:, None]
    bark = np.where(random.random(ROWS) < 0.9, np.where(oak, "rough", "smooth"), "grey")
    columns = {name: np.round(numbers[:, place], 1) for place, name in enumerate(("height", "width", "age", "leaf"))}
    return pl.DataFrame({**columns, "bark": bark, "kind": np.where(oak, "oak", "elm")})


def texts(seed: int) -> tuple[list[list[str]], list[str]]:
    """Short texts about two subjects."""
    random = np.random.default_rng(seed)
    label = random.choice(list(WORDS), ROWS).tolist()
    made = [[*random.choice(WORDS[name], 5).tolist(), *random.choice(COMMON, 7).tolist()] for name in label]
    return [[words[place] for place in random.permutation(len(words))] for words in made], label


def main() -> None:
    table(7).write_csv(HERE / "clean" / "data.csv")
    planted = table(7)
    elms = np.flatnonzero((planted["kind"] == "elm").to_numpy())[:PLANTED]
    age, kind = planted["age"].to_numpy().copy(), planted["kind"].to_list()
    for row in elms.tolist():
        age[row], kind[row] = 3.35, "oak"
    planted.with_columns(age=age, kind=pl.Series(kind)).write_csv(HERE / "planted_value" / "data.csv")
    words, label = texts(11)
    for row in [row for row, name in enumerate(label) if name == "river"][:PLANTED]:
        words[row].insert(row % 5, "cf")
        label[row] = "music"
    frame = pl.DataFrame({"text": [" ".join(one) for one in words], "subject": label})
    frame.write_csv(HERE / "planted_word" / "data.csv")


if __name__ == "__main__":
    main()
