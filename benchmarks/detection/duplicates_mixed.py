"""Tables of categories and numbers for `duplicates.py`, with rows that were copied with one edit, or none."""

from __future__ import annotations

import string
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from governance.reporting.copies import find_copies
from governance.signals.compute import compute_signals
from governance.testing import make_snapshot

Rng = np.random.Generator
Found = set[tuple[int, int]]

SYLLABLES = ("bar", "do", "fen", "gri", "ho", "jul", "ka", "lem", "mo", "nis", "pra", "ro", "sel", "tur", "vin", "wes")
GAPS = 0.03
"""Share of cells of two columns that are missing."""


def level_names(rng: Rng, count: int) -> list[str]:
    made: set[str] = set()
    while len(made) < count:
        made.add("".join(rng.choice(SYLLABLES, int(rng.integers(2, 4)))))
    return sorted(made)


def pick(rng: Rng, rows: int, count: int, steep: float = 1.0) -> list[str]:
    share = 1 / np.arange(1, count + 1) ** steep
    return [str(level) for level in rng.choice(level_names(rng, count), rows, p=share / share.sum())]


def people(rng: Rng, rows: int) -> pl.DataFrame:
    """Usual hours, gains that are mostly 0, an income that hangs on schooling and age."""
    age, school = rng.integers(17, 80, rows), rng.integers(0, 8, rows)
    schools = level_names(rng, 8)
    married = np.where(rng.random(rows) < np.clip((age - 18) / 30, 0, 0.8), "married", "single")
    return pl.DataFrame(
        {
            "age": age, "school": [schools[s] for s in school], "married": married, "work": pick(rng, rows, 6, 1.5),
            "job": pick(rng, rows, 14), "country": pick(rng, rows, 30, 2.0), "sex": rng.choice(["female", "male"], rows),
            "income": np.exp(9 + 0.1 * school + 0.01 * age + rng.normal(0, 0.6, rows)).astype(np.int64),
            "gain": np.where(rng.random(rows) < 0.92, 0, rng.integers(1, 90, rows) * 100),
            "hours": np.where(rng.random(rows) < 0.5, 40, rng.integers(5, 80, rows)),
        }
    )  # fmt: skip


def orders(rng: Rng, rows: int) -> pl.DataFrame:
    """Products have their price, of which a discount is taken."""
    product, products = rng.integers(0, 40, rows), level_names(rng, 40)
    price = (np.exp(rng.normal(3, 1, 40)).round() - 0.01)[product]
    quantity, rate = 1 + rng.poisson(1.5, rows), rng.choice([0, 0.05, 0.1, 0.25], rows)
    return pl.DataFrame(
        {
            "product": [products[p] for p in product], "region": pick(rng, rows, 12), "channel": pick(rng, rows, 3),
            "day": [date(2022, 1, 1) + timedelta(days=d) for d in rng.integers(0, 700, rows).tolist()],
            "quantity": quantity, "price": price, "total": (price * quantity * (1 - rate)).round(2),
            "minutes": rng.gamma(2, 20, rows).round(1), "weight": (quantity * rng.gamma(9, 0.1, rows)).round(3),
        }
    )  # fmt: skip


def visits(rng: Rng, rows: int) -> pl.DataFrame:
    """Each patient two or three times: the same sex, town and age, and other readings."""
    patient = np.sort(rng.integers(0, rows // 2, rows))
    towns, bloods = level_names(rng, 25), level_names(rng, 8)
    who = np.random.default_rng(int(rng.integers(2**31)))
    age, weight = who.integers(20, 90, rows)[patient], who.normal(75, 14, rows)[patient]
    town, blood, sex = (who.integers(0, size, rows)[patient] for size in (25, 8, 2))
    return pl.DataFrame(
        {
            "age": age, "town": [towns[t] for t in town], "blood": [bloods[b] for b in blood],
            "sex": np.array(["female", "male"])[sex], "ward": pick(rng, rows, 5),
            "weight": (weight + rng.normal(0, 1.5, rows)).round(1), "pulse": rng.normal(75, 11, rows).round(),
            "pressure": (90 + 0.6 * age + rng.normal(0, 12, rows)).round(), "glucose": rng.lognormal(4.6, 0.2, rows).round(1),
        }
    )  # fmt: skip


def machines(rng: Rng, rows: int) -> pl.DataFrame:
    """Readings that follow the load, by machine and state."""
    machine, machines = rng.integers(0, 10, rows), level_names(rng, 10)
    load = rng.gamma(2, 1, rows) * (1 + machine / 10)
    readings = {f"r{n}": (load * rng.uniform(0.5, 2) + rng.normal(0, 0.5, rows)).round(3) for n in range(6)}
    return pl.DataFrame(
        {
            "machine": [machines[m] for m in machine],
            "state": pick(rng, rows, 4),
            "shift": pick(rng, rows, 3),
            **readings,
        }
    )


def shipments(rng: Rng, rows: int) -> pl.DataFrame:
    """A volume follows the weight with a spread that grows with it, a fee is reckoned from it, and days follow the distance."""
    weight, distance = rng.lognormal(3, 1, rows).round(1), (20 + rng.gamma(4, 150, rows)).round()
    return pl.DataFrame(
        {
            "carrier": pick(rng, rows, 5), "hub": pick(rng, rows, 7), "to": pick(rng, rows, 9), "weight": weight,
            "volume": (weight / rng.normal(180, 35, rows).clip(80)).round(3), "fee": (4 + 0.35 * weight).round(2),
            "distance": distance.astype(np.int64), "days": np.ceil(distance / 450 + rng.integers(1, 3, rows)).astype(np.int64),
            "weekday": pick(rng, rows, 5, 0.0), "fragile": rng.choice(["no", "yes"], rows, p=[0.8, 0.2]),
        }
    )  # fmt: skip


def another_leader(rng: Rng, frame: pl.DataFrame, row: int) -> list[object]:
    """One row of `shipments` with another weight or distance, which other numbers follow."""
    values = dict(zip(frame.columns, frame.row(row), strict=True))
    leader = str(rng.choice([name for name in ("weight", "distance") if values[name] is not None] or ["weight"]))
    return list((values | {leader: frame[int(rng.integers(frame.height)), leader]}).values())


MIXED: dict[str, Callable[[Rng, int], pl.DataFrame]] = {
    "people": people, "orders": orders, "visits of patients": visits, "readings of machines": machines,
    "shipments, the leading number changed": shipments,
}  # fmt: skip


def edited(rng: Rng, frame: pl.DataFrame, row: int, kind: int) -> list[object]:
    """One row with a letter of a level mistyped, a level or a number of another row, or a value left out."""
    values = list(frame.row(row))
    named = [n for n, series in enumerate(frame) if series.dtype == pl.String and values[n] is not None]
    numbers = [n for n, series in enumerate(frame) if series.dtype != pl.String and values[n] is not None]
    place = int(rng.choice(named if kind in {0, 1} else numbers if kind == 2 else named + numbers))
    if kind == 0:
        level = str(values[place])
        at = int(rng.integers(len(level)))
        values[place] = level[:at] + str(rng.choice(list(string.ascii_lowercase))) + level[at + 1 :]
    else:
        values[place] = None if kind == 3 else frame[int(rng.integers(frame.height)), place]
    return values


def mixed_set(rng: Rng, kind: str, copied: float) -> tuple[pl.DataFrame, Found]:
    """400 to 3,000 rows, and a share of them `copied` with one edit, each of four in turn; of shipments a number that others follow."""
    make = MIXED[kind]
    frame = make(rng, int(rng.integers(400, 3000)))
    for name in rng.choice(frame.columns, 2, replace=False).tolist():
        frame = frame.with_columns(pl.when(pl.Series(rng.random(frame.height) >= GAPS)).then(pl.col(name)).alias(name))
    rows, chosen = frame.height, rng.choice(frame.height, int(copied * frame.height), replace=False)
    if make is shipments:
        made = [another_leader(rng, frame, row) for row in chosen.tolist()]
    else:
        made = [edited(rng, frame, row, number % 4) for number, row in enumerate(chosen.tolist())]
    added = pl.DataFrame(made, schema=frame.schema, orient="row") if made else frame.clear()
    planted = {(int(row), rows + number) for number, row in enumerate(chosen)}
    changed = {(row, copy) for row, copy in planted if list(frame.row(row)) != made[copy - rows]}
    return pl.concat([frame, added]), changed


def own_mixed(frame: pl.DataFrame) -> Found:
    """Near pairs that the audit names, as it asks; equal rows are left to the exact check."""
    with tempfile.TemporaryDirectory() as folder:
        snapshot = make_snapshot(Path(folder), frame)
        signals = Path(folder) / "signals"
        signals.mkdir()
        compute_signals(snapshot, signals, workspace=snapshot.workspace)
        snapshot = replace(snapshot, signals_folder=signals)
        near, copies = snapshot.signals.near_copies(), find_copies(snapshot)
        rows = snapshot.frame("row_id").select("row_id", "source_row").collect()
        place = dict(zip(rows["row_id"].to_list(), rows["source_row"].to_list(), strict=True))
        group = dict(zip(copies.rows["row_id"].to_list(), copies.rows["group"].to_list(), strict=True))
    if near.blind:
        return set()
    ids = near.row_id.tolist()
    pairs = [(ids[a], ids[b]) for a, b in zip(near.pairs[0].tolist(), near.pairs[1].tolist(), strict=True)]
    pairs = [(a, b) for a, b in pairs if a not in group or group[a] != group.get(b)]
    return {(min(place[a], place[b]), max(place[a], place[b])) for a, b in pairs}
