"""How well the audit `integrity` finds damaged cells, and how often it alarms on clean tables.

Usage:
    python benchmarks/detection/integrity.py --seeds 1000:1030 --append runs.jsonl [--data FOLDER]
    python benchmarks/detection/integrity.py --table runs.jsonl > benchmarks/detection/results/integrity.md

Beside it, on the same tables in the same run, a simple rule: a cell is damaged when its shape (digits, letters, signs)
is in fewer than 1 % of the column's cells, when it is the only one with its value in a column whose values repeat, or
when it lies beyond the outer fences of its column. FOLDER holds adult_train.csv.gz, german_credit.csv, penguins.csv.
Seeds 0 to 99 were for tuning, those from 1000 on are for scoring.
"""

from __future__ import annotations

import argparse
import datetime
import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from governance.asking import ask
from governance.audits.integrity import Integrity
from governance.evidence import Level
from governance.measures.fences import beyond_fences
from governance.measures.intervals import bootstrap, wilson
from governance.measures.string_damage import shape
from governance.testing import make_snapshot

Random = np.random.Generator
Cells = set[tuple[int, str]]
SYLLABLES = [
    "ber",
    "lin",
    "ham",
    "burg",
    "mun",
    "chen",
    "ko",
    "eln",
    "frank",
    "furt",
    "dres",
    "den",
    "stutt",
    "gart",
    "lei",
    "pzig",
    "bre",
    "men",
    "ros",
    "tock",
    "es",
    "sen",
]
STREETS = ["Main", "Oak", "Park", "River", "Hill", "Lake", "Church", "Mill", "School", "Station"]
KINDS = ("heart attack", "heart failure", "pneumonia", "surgical infection", "asthma care", "stroke care")


def name_of(random: Random, parts: int = 3) -> str:
    """A made-up proper name."""
    return "".join(random.choice(SYLLABLES, parts)).capitalize()


def distinct(random: Random, count: int, parts: int = 3) -> list[str]:
    """That many different names."""
    names: dict[str, None] = {}
    while len(names) < count:
        names[name_of(random, parts)] = None
    return list(names)


def hospitals(random: Random) -> pl.DataFrame:
    """Entities with many rows each: name, city, state, zip code and phone follow from the number; so do measures."""
    rows, entities = 800, 40
    names, cities = distinct(random, entities, 4), distinct(random, 15)
    city, home = random.integers(15, size=entities), random.choice(["AL", "AK", "TX", "NY", "WA"], 15)
    zips = random.integers(10000, 99999, 15)
    phones = random.integers(2_000_000_000, 9_999_999_999, entities)
    who, what = random.integers(entities, size=rows), random.integers(len(KINDS) * 3, size=rows)
    return pl.DataFrame(
        {
            "provider": [str(10000 + one) for one in who],
            "name": [f"{names[one]} Hospital" for one in who],
            "city": [cities[city[one]] for one in who],
            "state": [str(home[city[one]]) for one in who],
            "zip": [str(zips[city[one]]) for one in who],
            "phone": [str(phones[one]) for one in who],
            "condition": [KINDS[one // 3] for one in what],
            "measure": [f"{KINDS[one // 3][:3].upper()}-{one % 3 + 1}" for one in what],
            "score": [f"{value}%" for value in random.integers(40, 100, rows)],
        }
    )


def flights(random: Random) -> pl.DataFrame:
    """One flight, many sources: times follow from the flight."""
    rows, count = 600, 40
    times = [
        f"{random.integers(1, 13)}:{random.integers(60):02d} {'ap'[random.integers(2)]}.m." for _ in range(2 * count)
    ]
    which = random.integers(count, size=rows)
    return pl.DataFrame(
        {
            "source": random.choice(distinct(random, 12, 2), rows).tolist(),
            "flight": [f"AA-{100 + one}-{['ORD', 'JFK', 'LAX'][one % 3]}" for one in which],
            "departure": [times[2 * one] for one in which],
            "arrival": [times[2 * one + 1] for one in which],
        }
    )


def orders(random: Random) -> pl.DataFrame:
    """Amounts, weights, dates in order, categories, free names."""
    rows = 700
    start = [datetime.date(2021, 1, 1) + datetime.timedelta(days=int(one)) for one in random.integers(700, size=rows)]
    end = [
        one + datetime.timedelta(days=int(later))
        for one, later in zip(start, random.integers(0, 20, rows), strict=True)
    ]
    towns = distinct(random, 25)
    return pl.DataFrame(
        {
            "order": [f"O{100000 + one}" for one in range(rows)],
            "ordered": [str(one) for one in start],
            "delivered": [str(one) for one in end],
            "town": random.choice(towns, rows).tolist(),
            "street": [f"{random.integers(1, 200)} {random.choice(STREETS)} Street" for _ in range(rows)],
            "weight_kg": [f"{value:.2f}" for value in random.lognormal(1.0, 0.5, rows)],
            "amount": [f"{value:.2f}" for value in random.gamma(3.0, 20.0, rows)],
            "age": [str(value) for value in random.integers(18, 90, rows)],
            "payment": random.choice(["credit card", "invoice", "direct debit", "voucher"], rows).tolist(),
        }
    )


def mixed(random: Random) -> pl.DataFrame:
    """Independent columns: nothing follows from anything, and many sets of values repeat."""
    rows = 500
    return pl.DataFrame(
        {
            "x": [f"{value:.3f}" for value in random.normal(size=rows)],
            "y": [f"{value:.1f}" for value in random.lognormal(3, 1, rows)],
            "count": [str(value) for value in random.poisson(3, rows)],
            "level": random.choice(["low", "middle", "high", "very high"], rows, p=[0.5, 0.3, 0.15, 0.05]).tolist(),
            "place": random.choice(distinct(random, 60), rows).tolist(),
            "code": [f"{random.choice(list('ABC'))}{random.integers(100, 999)}" for _ in range(rows)],
        }
    )


def published(name: str, folder: Path) -> Callable[[Random], pl.DataFrame]:
    """A sample of a real table, without its own codes: `?` and `NA`, and 99999, the top of Adult's capital gains."""

    def draw(random: Random) -> pl.DataFrame:
        header = name.startswith("penguins")
        frame = pl.read_csv(folder / name, has_header=header, infer_schema=False)
        frame = frame.with_columns(pl.all().str.strip_chars()).with_columns(
            pl.all().replace(["?", "NA", "", "99999"], None)
        )
        frame = frame.filter(~pl.all_horizontal(pl.all().is_null()))
        if name.startswith("adult"):
            frame = frame.filter(pl.col(frame.columns[-1]).is_not_null())
        rows = random.permutation(frame.height)[: min(1000, frame.height)]
        return frame[rows.tolist()]

    return draw


def damaged(
    random: Random, frame: pl.DataFrame, faults: int = 6
) -> tuple[pl.DataFrame, Cells, dict[tuple[int, str], str]]:
    """The table with that many faults: each in one column, in 1 to 5 % of its cells. Cells that changed, and how."""
    columns = {name: frame[name].to_list() for name in frame.columns}
    truth: dict[tuple[int, str], str] = {}
    usable = [name for name in frame.columns if frame[name].n_unique() < 0.9 * frame.height]
    for fault in random.choice(list(FAULTS), faults, replace=False).tolist():
        name = str(random.choice(usable))
        share = random.uniform(0.01, 0.05)
        rows = random.choice(frame.height, max(int(share * frame.height), 2), replace=False).tolist()
        for row, value in FAULTS[fault](random, columns[name], rows).items():
            # Spaces around a number are gone once it is a number: nothing is left to find.
            silent = _number(value) == _number(columns[name][row])
            if value != columns[name][row] and (row, name) not in truth and not silent:
                columns[name][row] = value
                truth[row, name] = fault
    return pl.DataFrame(columns, schema=frame.schema), set(truth), truth


def _numeric(values: list[str | None]) -> bool:
    known = [value for value in values if value is not None]
    return sum(value.replace(".", "", 1).lstrip("-").isdigit() for value in known) > 0.9 * len(known)


def _edit(change: Callable[[Random, str], str]) -> Callable[..., dict[int, str | None]]:
    def apply(random: Random, values: list[str | None], rows: list[int]) -> dict[int, str | None]:
        return {row: change(random, value) for row in rows if (value := values[row])}

    return apply


def _typo(random: Random, value: str) -> str:
    letters = [place for place, sign in enumerate(value) if sign.isalpha()]
    if len(letters) < 4:
        return value
    place = int(random.choice(letters))
    letter = str(random.choice(list("abcdefghijklmnopqrstuvwxyz")))
    how = int(random.integers(3))
    return value[:place] + (letter, letter + value[place], "")[how] + value[place + 1 :]


def _null(random: Random, values: list[str | None], rows: list[int]) -> dict[int, str | None]:
    code = str(random.choice(["999", "-999", "-1", "9999"] if _numeric(values) else ["?", "N/A", "-", "null", "n.a."]))
    return dict.fromkeys(rows, code)


def _unit(_: Random, values: list[str | None], rows: list[int]) -> dict[int, str | None]:
    if not _numeric(values) or "." not in "".join(value or "" for value in values[:20]):
        return {}
    return {row: f"{number * 1000:.2f}" for row in rows if np.isfinite(number := _number(values[row]))}


def _date(random: Random, values: list[str | None], rows: list[int]) -> dict[int, str | None]:
    if not all(value is None or (len(value) == 10 and value[4] == "-") for value in values[:20]):
        return {}
    return {
        row: f"{value[:5]}{random.choice(['02-30', '13-05', '00-10', '06-31'])}"
        for row in rows
        if (value := values[row])
    }


def _another(random: Random, values: list[str | None], rows: list[int]) -> dict[int, str | None]:
    return {row: values[int(random.integers(len(values)))] for row in rows}


FAULTS: dict[str, Callable[..., dict[int, str | None]]] = {
    "misspelling": _edit(_typo),
    "letter x": _edit(lambda random, v: v.replace(str(random.choice(list(v))), "x", 1) if len(v) > 2 else v),
    "missing value coded": _null,
    "whitespace": _edit(lambda random, v: (f" {v}", f"{v} ", v.replace(" ", "  "))[int(random.integers(3))]),
    "capitals": _edit(lambda random, v: v.upper() if random.integers(2) else v.lower()),
    "encoding": _edit(lambda random, v: v[:1] + str(random.choice(["Ã¼", "Ã©", "�", "â€™"])) + v[2:]),
    "unit": _unit,
    "date": _date,
    "another row's value": _another,
    "unit written out": _edit(lambda _, v: f"{v} kg" if v.replace(".", "", 1).isdigit() else v),
}


def simple_rule(frame: pl.DataFrame) -> Cells:
    """Shape and rarity."""
    found: Cells = set()
    for name in frame.columns:
        values = frame[name].to_list()
        known = [value for value in values if value is not None]
        if _numeric(values):
            numbers = np.array([_number(value) for value in values])
            beyond = beyond_fences(numbers)
            found |= {(row, name) for row in range(len(values)) if beyond is not None and beyond[row]}
        shapes, counts = defaultdict(int), defaultdict(int)
        for value in known:
            shapes[shape(value)] += 1
            counts[value] += 1
        repeats = len(counts) < 0.5 * len(known) and not _numeric(values)
        found |= {
            (row, name)
            for row, value in enumerate(values)
            if value is not None and (shapes[shape(value)] < 0.01 * len(known) or (repeats and counts[value] == 1))
        }
    return found


def _number(value: str | None) -> float:
    try:
        return float(value) if value is not None else float("nan")
    except ValueError:
        return float("nan")


def audited(frame: pl.DataFrame) -> tuple[Cells, list[str]]:
    """Cells that the audit flags, and the rules of its warnings and errors."""
    with tempfile.TemporaryDirectory() as name:
        answer = ask(Integrity(), make_snapshot(Path(name), frame))
    if answer.rows is None:
        return set(), []
    flagged = answer.rows.filter("flagged")
    cells = {
        (row, text.split(": ", 1)[0]) for row, text in zip(flagged["source_row"], flagged["suggestion"], strict=True)
    }
    return cells, [finding.rule for finding in answer.findings if finding.level is not Level.NOTE]


def score(found: Cells, truth: Cells) -> dict[str, float]:
    """Precision, recall and F1 of cells."""
    hits = len(found & truth)
    precision, recall = hits / len(found) if found else 0.0, hits / len(truth) if truth else 0.0
    return {"precision": precision, "recall": recall, "f1": 2 * hits / max(len(found) + len(truth), 1)}


def run(first: int, last: int, out: Path, data: Path | None) -> None:
    """Every table with every seed, clean and damaged."""
    tables: dict[str, Callable[[Random], pl.DataFrame]] = {
        "hospitals": hospitals, "flights": flights, "orders": orders, "mixed": mixed
    }  # fmt: skip
    if data is not None:
        tables |= {
            name.split(".")[0]: published(name, data)
            for name in ("adult_train.csv.gz", "german_credit.csv", "penguins.csv")
        }
    lines = out.read_text(encoding="utf-8").splitlines() if out.is_file() else []
    done = {(one["table"], one["seed"]) for one in map(json.loads, lines)}
    with out.open("a", encoding="utf-8") as file:
        for seed in range(first, last):
            for number, (name, draw) in enumerate(sorted(tables.items())):
                if (name, seed) in done:
                    continue
                random = np.random.default_rng([seed, number])
                clean = draw(random)
                cells, rules = audited(clean)
                one: dict[str, Any] = {"table": name, "seed": seed, "alarms": rules, "false_cells": len(cells)}
                one |= {"simple_false_cells": len(simple_rule(clean)), "cells": clean.height * clean.width}
                dirty, truth, how = damaged(random, clean)
                found, _ = audited(dirty)
                one |= {"audit": score(found, truth), "simple": score(simple_rule(dirty), truth)}
                kinds: dict[str, list[int]] = defaultdict(lambda: [0, 0])
                for cell, fault in how.items():
                    kinds[fault][0] += cell in found
                    kinds[fault][1] += 1
                file.write(json.dumps({**one, "kinds": kinds}) + "\n")
                file.flush()


def tables_of(path: Path) -> str:
    """The results as Markdown."""
    runs = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    lines = [
        "Six kinds of damage, each in 1 to 5 % of the cells of one column. F1 of cells: mean over tables, 95 % bootstrap.",
        "",
        "| table | damaged tables | F1 of the audit | precision | recall | F1 of the simple rule | clean tables with an alarm "
        "| cells flagged on clean tables | by the simple rule |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    names = sorted({one["table"] for one in runs})
    for name in [*names, "all"]:
        here = [one for one in runs if name in {one["table"], "all"}]
        values = np.array([one["audit"]["f1"] for one in here])
        low, high = bootstrap(lambda rows, values=values: float(values[rows].mean()), values.size)
        alarms = sum(bool(one["alarms"]) for one in here)
        rate = sum(one["false_cells"] for one in here) / sum(one["cells"] for one in here)
        simple = sum(one["simple_false_cells"] for one in here) / sum(one["cells"] for one in here)
        lines.append(
            f"| {name} | {len(here)} | {values.mean():.2f} ({low:.2f} to {high:.2f}) | "
            f"{np.mean([one['audit']['precision'] for one in here]):.2f} | "
            f"{np.mean([one['audit']['recall'] for one in here]):.2f} | "
            f"{np.mean([one['simple']['f1'] for one in here]):.2f} | "
            f"{alarms} (at most {wilson(alarms, len(here), 0.9)[1]:.1%}) | {rate:.3%} | {simple:.3%} |"
        )
    lines += ["", "| damage | cells | found |", "|---|---|---|"]
    kinds: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for one in runs:
        for kind, (hit, every) in one["kinds"].items():
            kinds[kind][0] += hit
            kinds[kind][1] += every
    lines += [f"| {kind} | {every} | {hit / every:.0%} |" for kind, (hit, every) in sorted(kinds.items())]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", default="0:5")
    parser.add_argument("--append", type=Path, default=Path("/dev/stdout"))
    parser.add_argument("--data", type=Path)
    parser.add_argument("--table", type=Path)
    given = parser.parse_args()
    if given.table:
        print(tables_of(given.table))
        return
    first, last = (int(part) for part in given.seeds.split(":"))
    run(first, last, given.append, given.data)


if __name__ == "__main__":
    sys.exit(main())
