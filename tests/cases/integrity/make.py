"""Writes the data of these cases: `python tests/cases/integrity/make.py`. Seeded, so that it writes the same again."""

from __future__ import annotations

import datetime
from pathlib import Path

import numpy as np
import polars as pl

HERE = Path(__file__).parent
ROWS = 160
TOWNS = {"T1": "Lindenau", "T2": "Altona", "T3": "Wedding", "T4": "Bockenheim", "T5": "Schwabing", "T6": "Neustadt"}
CELLS: dict[tuple[int, str], str | None] = {
    (3, "town"): "Lindnau",
    (17, "town"): " Altona",
    (31, "town"): "ALTONA",
    (44, "town"): "WedÃ¼ing",
    (58, "payment"): "N/A",
    (71, "payment"): "?",
    (85, "weight_kg"): "2400.0",
    (86, "weight_kg"): "1900.0",
    (99, "age"): "999",
    (100, "age"): "999",
    (112, "ordered"): "2021-02-30",
    (125, "code"): "T9",
    (140, "score"): "high",
}
"""What is planted: row and column, and the cell."""


def clean() -> pl.DataFrame:
    """Orders: the town follows from its code; dates, numbers and categories."""
    random = np.random.default_rng(5)
    code = random.choice(list(TOWNS), ROWS).tolist()
    first = datetime.date(2021, 1, 1)
    return pl.DataFrame(
        {
            "code": code,
            "town": [TOWNS[one] for one in code],
            "payment": random.choice(["credit card", "invoice", "voucher"], ROWS).tolist(),
            "weight_kg": [f"{value:.1f}" for value in random.uniform(0.8, 6, ROWS)],
            "age": [str(value) for value in random.integers(18, 90, ROWS)],
            "ordered": [str(first + datetime.timedelta(days=int(days))) for days in random.integers(0, 500, ROWS)],
            "score": [f"{value}%" for value in random.integers(10, 99, ROWS)],
        }
    )


def main() -> None:
    frame = clean()
    frame.write_csv(HERE / "clean" / "data.csv")
    columns = {name: frame[name].to_list() for name in frame.columns}
    for (row, name), value in CELLS.items():
        columns[name][row] = value
    pl.DataFrame(columns).write_csv(HERE / "planted_cells" / "data.csv")


if __name__ == "__main__":
    main()
