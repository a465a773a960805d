"""Writes the data of the cases of `privacy`: `python tests/cases/privacy/make.py`. Numbers are examples or made up."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import polars as pl

from governance.yaml_files import write_yaml

HERE = Path(__file__).parent
ROWS = 120
PLAIN = (
    "arrived late and was wet",
    "as described",
    "order 1234567890 came on 2021-03-04",
    "works with version 1.2.3.4",
    "paid 1,299.00",
)


def write(case: str, frame: pl.DataFrame, types: dict[str, str], **entries: Any) -> None:
    folder = HERE / case
    folder.mkdir(parents=True, exist_ok=True)
    frame.write_csv(folder / "data.csv")
    write_yaml(folder / "case.yaml", {"types": types, **entries})


def reviews() -> pl.DataFrame:
    draw = random.Random(3)
    return pl.DataFrame(
        {
            "review": [f"{draw.choice(PLAIN)}, item {row % 17}" for row in range(ROWS)],
            "age_group": [("18-39", "40-59", "60+")[row % 3] for row in range(ROWS)],
            "region": [("north", "south")[row // 3 % 2] for row in range(ROWS)],
            "reference": [str(10_000_000_000 + 7919 * row) for row in range(ROWS)],
            "stars": [1 + row % 5 for row in range(ROWS)],
            "kind": [("good", "bad")[row // 6 % 2] for row in range(ROWS)],
        }
    )


TYPES = {
    "review": "text",
    "age_group": "category",
    "region": "category",
    "reference": "string",
    "stars": "integer",
    "kind": "category",
}
TASK = {"task": "classification", "target": "kind"}


def main() -> None:
    frame = reviews()
    quasi = {"quasi_identifier": ["age_group", "region"]}
    write("clean", frame, TYPES, **TASK, roles=quasi, expect={"outcome": "assessed", "rules": []})

    texts = frame["review"].to_list()
    texts[4] = "please answer to jane.roe@example.com soon"
    texts[9] = "refund to DE89 3704 0044 0532 0130 00"
    texts[14] = "call me on +44 20 7946 0018"
    texts[23] = "my card 4111 1111 1111 1111 was charged twice"
    texts[31] = "PESEL 44051401359, thanks"
    write("planted_text", frame.with_columns(pl.Series("review", texts)), TYPES, **TASK, roles=quasi,
          expect={"outcome": "assessed", "rules": ["privacy/personal_data"], "flagged": [4, 9, 14, 23, 31]})  # fmt: skip

    texts = frame["review"].to_list()
    texts[7] = "postgres://shop:k3yB0ard9@db.example.com/orders"
    texts[8] = "token AKIAIOSFODNN7EXAMPLE in the header"
    write("planted_secrets", frame.with_columns(pl.Series("review", texts)), TYPES, **TASK, roles=quasi | {"private": ["review"]},
          expect={"outcome": "assessed", "rules": ["privacy/secret"], "flagged": [7, 8]})  # fmt: skip

    alone = frame.with_columns(
        pl.when(pl.int_range(pl.len()) == 50).then(pl.lit("90+")).otherwise("age_group").alias("age_group"),
    )
    write(
        "planted_small_class",
        alone,
        TYPES,
        **TASK,
        roles=quasi,
        expect={"outcome": "assessed", "rules": ["privacy/small_classes"]},
    )


if __name__ == "__main__":
    main()
