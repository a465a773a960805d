"""Writes the data of these cases: `python tests/cases/drift/make.py`. Seeded, so that it writes the same again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from governance.yaml_files import write_yaml

HERE = Path(__file__).parent
TYPES = {
    "length": "number", "width": "number", "grade": "integer", "colour": "category", "kind": "category",
    "part": "category",
}  # fmt: skip


def trees(random: np.random.Generator, rows: int, part: str) -> dict[str, Any]:
    """Two kinds that length tells apart; width is tied to length."""
    kind = random.choice(["elm", "oak"], rows)
    length = random.normal(10, 1.5, rows) + 2 * (kind == "oak")
    return {
        "length": np.round(length, 3),
        "width": np.round(0.5 * length + random.normal(0, 0.8, rows), 3),
        "grade": random.integers(1, 6, rows),
        "colour": random.choice(["red", "green", "blue"], rows, p=[0.5, 0.3, 0.2]),
        "kind": kind,
        "part": np.repeat(part, rows),
    }


def write(case: str, train: dict[str, Any], test: dict[str, Any], **expect: Any) -> None:
    folder = HERE / case
    folder.mkdir(exist_ok=True)
    pl.concat([pl.DataFrame(train), pl.DataFrame(test)]).write_csv(folder / "data.csv")
    content = {
        "task": "classification", "target": "kind", "types": TYPES, "roles": {"split": ["part"]},
        "split": {"method": "column", "column": "part"}, "expect": {"outcome": "assessed"} | expect,
    }  # fmt: skip
    if settings := content["expect"].pop("settings", None):  # type: ignore[attr-defined]
        content["settings"] = settings
    write_yaml(folder / "case.yaml", content)


def main() -> None:
    random = np.random.default_rng(3)
    write("clean", trees(random, 240, "train"), trees(random, 160, "test"), rules=[])

    train, test = trees(random, 240, "train"), trees(random, 160, "test")
    test["length"] = np.round(test["length"] + 2.5, 3)  # labels stay, so they follow from length in another way as well
    write("planted_mean", train, test, rules=["drift/columns", "drift/concept", "drift/joint"])

    train, test = trees(random, 240, "train"), trees(random, 160, "test")
    test["colour"] = random.choice(["red", "green", "violet"], 160, p=[0.4, 0.3, 0.3])
    gone = np.where(random.random(160) < 0.2, None, test["grade"].astype(object))
    test["grade"] = [None if one is None else int(one) for one in gone]
    write(
        "planted_category_and_missing", train, test, rules=["drift/columns", "drift/joint", "drift/missingness"],
        settings={"tolerance": 0.15},
    )  # fmt: skip

    train, test = trees(random, 240, "train"), trees(random, 160, "test")
    test["kind"] = np.where(test["length"] > 11, "elm", "oak")
    write("planted_concept", train, test, rules=["drift/concept"])


if __name__ == "__main__":
    main()
