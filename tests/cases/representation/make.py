"""Writes the data of these cases: `python tests/cases/representation/make.py`. Seeded, so that it writes the same again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from governance.yaml_files import write_yaml

HERE = Path(__file__).parent
TYPES = {
    "sex": "category", "region": "category", "pay": "number", "hours": "integer", "shoe": "number", "part": "category",
    "hired": "category",
}  # fmt: skip
ROWS = 400


def people(random: np.random.Generator) -> dict[str, Any]:
    """Who is hired hangs on hours alone; nothing tells sex."""
    hours = random.integers(20, 50, ROWS)
    return {
        "sex": random.choice(["female", "male"], ROWS),
        "region": random.choice(["east", "north", "west"], ROWS, p=[0.4, 0.3, 0.3]),
        "pay": np.round(random.normal(30, 8, ROWS), 2),
        "hours": hours,
        "shoe": np.round(random.normal(40, 2, ROWS), 1),
        "part": np.array(["train", "test"])[(np.arange(ROWS) % 4 == 0).astype(int)],
        "hired": np.where(hours + random.normal(0, 8, ROWS) > 35, "yes", "no"),
    }


def write(case: str, made: dict[str, Any], rules: list[str], **settings: Any) -> None:
    folder = HERE / case
    folder.mkdir(exist_ok=True)
    pl.DataFrame(made).write_csv(folder / "data.csv")
    content = {
        "task": "classification", "target": "hired", "types": TYPES,
        "roles": {"split": ["part"], "sensitive": ["sex", "region"]}, "split": {"method": "column", "column": "part"},
        "expect": {"outcome": "assessed", "rules": rules},
    }  # fmt: skip
    write_yaml(folder / "case.yaml", content | ({"settings": settings} if settings else {}))


def main() -> None:
    random = np.random.default_rng(5)
    write("clean", people(random), [])

    made = people(random)
    made["region"] = np.where((made["region"] == "west") & (made["part"] == "test"), "east", made["region"])
    write(
        "planted_absent_and_off", made,
        ["representation/absent_from_split", "representation/off_population"],
        population={"sex": {"female": 0.8, "male": 0.2}},
    )  # fmt: skip

    made = people(random)
    made["shoe"] = np.round(random.normal(38, 0.8, ROWS) + 5 * (made["sex"] == "male"), 1)
    pay = [
        None if sex == "female" and draw < 0.4 else value
        for sex, draw, value in zip(made["sex"], random.random(ROWS), made["pay"], strict=True)
    ]
    write("planted_proxy_and_missing", made | {"pay": pay}, ["representation/missingness", "representation/proxy"])


if __name__ == "__main__":
    main()
