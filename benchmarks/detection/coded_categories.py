"""How often rows of independent categories and one column of codes are named as near copies, and planted ones found.

    OMP_NUM_THREADS=1 python benchmarks/detection/coded_categories.py [--first SEED] [--sets N]

Each table (a seed) has 500 to 3,000 rows, 5 to 9 independent columns of categories, 2 to 40 uneven levels each, and a column of 100
to 400 codes: postal codes, product codes, flight numbers, telephone prefixes, and the ICD's diagnoses. Once nothing is
copied; once 3 % of the rows are, half of them with one letter or digit of the code mistyped and half with another level
in a category. The unit is a table with any pair named. The audit as it asks. A table takes about a second.
"""

from __future__ import annotations

import argparse
import warnings
from collections.abc import Callable

import numpy as np
import polars as pl
from duplicates_mixed import level_names, own_mixed
from simple_pictures import told

Rng = np.random.Generator


def postal(random: Rng, count: int) -> list[str]:
    """Five digits, those of a region together."""
    regions = random.integers(10, 99, 6)
    return [f"{random.choice(regions)}{number:03d}" for number in random.integers(0, 1000, count)]


def products(random: Rng, count: int) -> list[str]:
    """A family, and a number in it."""
    return [f"{random.choice(['AX', 'BR', 'CK', 'DL'])}-{number:04d}" for number in random.integers(100, 3000, count)]


def flights(random: Rng, count: int) -> list[str]:
    """An airline, and a number."""
    return [f"{random.choice(['LH', 'BA', 'AF', 'KL', 'IB'])}{number}" for number in random.integers(100, 9999, count)]


def prefixes(random: Rng, count: int) -> list[str]:
    """Telephone prefixes of one country."""
    return [f"0{number}" for number in random.integers(201, 9999, count)]


def diagnoses(random: Rng, count: int) -> list[str]:
    """A chapter, a disease and a form of it."""
    return [f"{random.choice(list('EIJKM'))}{random.integers(0, 99):02d}.{random.integers(0, 9)}" for _ in range(count)]


CODES: dict[str, Callable[[Rng, int], list[str]]] = {
    "postal codes": postal, "product codes": products, "flight numbers": flights, "telephone prefixes": prefixes,
    "diagnoses": diagnoses,
}  # fmt: skip


def table(random: Rng, kind: str) -> pl.DataFrame:
    """One table without copies."""
    rows = int(random.integers(500, 3000))
    codes = sorted(set(CODES[kind](random, int(random.integers(100, 400)))))
    columns: dict[str, list[str]] = {"code": uneven(random, codes, rows)}
    for number in range(int(random.integers(5, 10))):
        columns[f"c{number}"] = uneven(random, level_names(random, int(random.integers(2, 41))), rows)
    return pl.DataFrame(columns)


def uneven(random: Rng, levels: list[str], rows: int) -> list[str]:
    """Levels drawn with shares that fall."""
    share = 1 / np.arange(1, len(levels) + 1) ** 0.7
    return [str(level) for level in random.choice(levels, rows, p=share / share.sum())]


def with_copies(random: Rng, frame: pl.DataFrame) -> tuple[pl.DataFrame, dict[tuple[int, int], str]]:
    """`frame` with copies behind it, and which rows are copies of which: `code` or `level` says what was changed."""
    made, planted = [], {}
    for number, row in enumerate(random.choice(frame.height, int(0.03 * frame.height), replace=False).tolist()):
        values = list(frame.row(row))
        if number % 2 == 0:
            at, code = int(random.integers(len(values[0]))), values[0]
            signs = [sign for sign in ("0123456789" if code[at].isdigit() else "ABCDEFGHIJKLM") if sign != code[at]]
            values[0] = code[:at] + str(random.choice(signs)) + code[at + 1 :]
        else:
            place = int(random.integers(1, frame.width))
            others = [level for level in frame[:, place].unique().sort().to_list() if level != values[place]]
            values[place] = str(random.choice(others))
        made.append(values)
        planted[row, frame.height + number] = "code" if number % 2 == 0 else "level"
    return pl.concat([frame, pl.DataFrame(made, schema=frame.schema, orient="row")]), planted


def main() -> None:
    warnings.simplefilter("ignore")
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--first", type=int, default=2000)
    parser.add_argument("--sets", type=int, default=40)
    asked = parser.parse_args()
    print(
        "\nIndependent categories and a column of codes: tables without copies in which any pair was named, and of rows"
    )
    print(
        "copied with one slip in the code, or another level in a category, how many are found; the audit as it asks.\n"
    )
    print(
        "| codes | clean tables with a pair (95 % Wilson) | found, slip in the code | found, another level | precision |"
    )
    print("|---|---|---|---|---|", flush=True)
    every = 0
    for kind in CODES:
        named, found, made, right, said = 0, {"code": 0, "level": 0}, {"code": 0, "level": 0}, 0, 0
        for seed in range(asked.first, asked.first + asked.sets):
            random = np.random.default_rng([seed, list(CODES).index(kind)])
            frame = table(random, kind)
            named += bool(own_mixed(frame))
            copied, planted = with_copies(random, frame)
            pairs = own_mixed(copied)
            right, said = right + len(pairs & set(planted)), said + len(pairs)
            for pair, what in planted.items():
                made[what] += 1
                found[what] += pair in pairs
        every += named
        shares = " | ".join(f"{found[what] / made[what]:.2f} of {made[what]}" for what in found)
        print(f"| {kind} | {told(named, asked.sets)} of {asked.sets} | {shares} | {right} of {said} |", flush=True)
    runs = asked.sets * len(CODES)
    print(f"| **all** | {told(every, runs)} of {runs} | | | |")


if __name__ == "__main__":
    main()
