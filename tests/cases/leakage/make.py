"""Writes the cases of the audit `leakage`: `python tests/cases/leakage/make.py`. Seeded, so that it writes the same again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from governance.yaml_files import write_yaml

HERE = Path(__file__).parent
ROWS = 240
TYPES = {"length": "number", "width": "number", "colour": "category", "person": "string", "kind": "category"}
SPLIT = {"method": "column", "column": "part"}


def clean() -> pl.DataFrame:
    """Two classes that `length` and `width` tell apart with some overlap; each person is in one split."""
    random = np.random.default_rng(11)
    kind = np.array(["elm", "oak"])[np.arange(ROWS) % 2]
    oak = kind == "oak"
    return pl.DataFrame(
        {
            "length": np.round(random.normal(10 + 3 * oak, 1.5), 3),
            "width": np.round(random.normal(4 - 2 * oak, 1.0), 3),
            "colour": random.choice(["red", "green", "blue"], ROWS),
            "person": [f"p{row // 4:02d}" for row in range(ROWS)],
            "kind": kind,
            "part": ["train" if row < 180 else "test" for row in range(ROWS)],
        }
    )


def write(case: str, frame: pl.DataFrame, **entries: Any) -> None:
    folder = HERE / case
    folder.mkdir(parents=True, exist_ok=True)
    frame.write_csv(folder / "data.csv")
    types = TYPES | entries.pop("types", {}) | {"part": "category"}
    content = {
        "task": "classification",
        "target": "kind",
        "types": types,
        "roles": {"group": ["person"]} | entries.pop("roles", {}),
        "split": SPLIT,
    }
    write_yaml(folder / "case.yaml", content | entries)


def main() -> None:
    frame = clean()
    write("clean", frame, expect={"outcome": "assessed", "rules": []})

    coded = frame.with_columns(code=pl.col("kind").replace_strict({"elm": 20, "oak": 10}, return_dtype=pl.Int64))
    noisy = [("b" if k == "elm" else "a") if row not in {7, 91} else "b" for row, k in enumerate(frame["kind"])]
    shared = [f"p{(row - 180) // 4:02d}" if 180 <= row < 188 else p for row, p in enumerate(frame["person"])]
    planted = coded.with_columns(pl.Series("grade", noisy), pl.Series("person", shared))
    write(
        "planted",
        planted,
        types={"code": "integer", "grade": "category"},
        expect={
            "outcome": "assessed",
            "rules": ["leakage/inflated_score", "leakage/repeats_target", "leakage/shared_entities"],
            "flagged": list(range(180, 188)),
        },
    )

    days = pl.date(2024, 1, 1) + pl.duration(days=pl.int_range(pl.len()) * 7 % 240)
    times = frame.with_columns(seen=days).with_columns(closed=pl.col("seen") + pl.duration(days=3))
    write(
        "planted_time",
        times,
        types={"seen": "date", "closed": "date"},
        roles={"timestamp": ["seen"]},
        settings={"available_later": ["width"]},
        expect={
            "outcome": "assessed",
            "rules": ["leakage/available_later", "leakage/dated_after_label", "leakage/trains_on_later_rows"],
        },
    )

    random = np.random.default_rng(12)
    words = np.array(["bark", "leaf", "root", "crown", "branch", "seed", "moss", "trunk", "bud", "ring", "sap", "twig"])
    stamp = {"elm": "u07", "oak": "q11"}
    notes = [
        f"{' '.join(random.choice(words, 6))} {stamp[kind] if row % 60 else ''}".strip()
        for row, kind in enumerate(frame["kind"])
    ]
    codes = [f"{'T' if kind == 'elm' else 'K'}-{random.integers(10**6):06d}" for kind in frame["kind"]]
    write(
        "planted_text",
        frame.with_columns(pl.Series("note", notes), pl.Series("code", codes)),
        types={"note": "text", "code": "string"},
        expect={"outcome": "assessed", "rules": ["leakage/identifier_predicts", "leakage/predicts_target"]},
    )


if __name__ == "__main__":
    main()
