"""Damages `reports` as a published table of flights is: sources leave out, copy each other, and are wrong together.

Beside the clean table lies what published descriptions say of the real one (Li and others, Truth Finding on the Deep
Web, PVLDB 6, 2012): sources agree on planned times and scatter on true ones; some take all they tell from
another source; some never tell a time or tell it with the day; of a few flights hardly any source knows the true time.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from integrity_repeats import _clock
from integrity_sets import Random

Truth = dict[tuple[int, str], str]
"""What was done to each cell, by row and column."""
COLUMNS = ("scheduled_departure", "departure", "scheduled_arrival", "arrival")
DAYS = ("12/02/2011 {}", "{} Dec 02", "{}  Fri 02-Dec-2011", "Dec 02 {}")


def _minutes(value: str) -> int:
    hour, rest = value.split(":")
    return (int(hour) % 12 + 12 * ("p" in rest)) * 60 + int(rest[:2])


def as_in_reports(random: Random, frame: pl.DataFrame) -> tuple[pl.DataFrame, Truth]:
    """What each source tells, or the one that it copies; a cell is damaged when that is not the truth as it is written."""
    names = sorted(set(frame["source"]))
    leaders = names[: max(len(names) // 4, 4)]
    share = random.dirichlet(np.full(len(leaders), 0.7))
    follows = {name: str(random.choice(leaders, p=share)) for name in names} | {name: name for name in leaders}
    true_of = dict(zip(frame["flight"], frame.select(COLUMNS).rows(), strict=False))
    unknown = {flight for flight in true_of if random.random() < 0.15}
    unplanned = {flight: random.random() < 0.2 for flight in true_of}
    told: dict[str, dict[str, list[str | None]]] = {}
    for name in leaders:
        right = [random.beta(30, 1.5), random.beta(4, 3), random.beta(12, 2), random.beta(4, 3)]
        silent = [random.random() < odds for odds in (0.2, 0.05, 0.2, 0.05)]
        shift = random.integers(1, 4, 4)
        told[name] = {}
        for flight, times in true_of.items():
            said: list[str | None] = []
            for place, time in enumerate(times):
                wrong = int(shift[place]) if random.random() < 0.5 else int(random.integers(-12, 20)) or 5
                value: str | None = time if random.random() < right[place] else _clock(_minutes(time) + wrong)
                missing = place % 2 and flight in unknown and random.random() < 0.7
                planned = place % 2 == 0 and unplanned[flight] and random.random() < 0.8
                said.append(None if silent[place] or missing or planned or random.random() < 0.03 else value)
            told[name][flight] = said
    with_day = {name: str(random.choice(DAYS)) for name in names if random.random() < 0.12}
    careless = {name: random.beta(1, 25) for name in names}
    columns: dict[str, list[str | None]] = {name: [] for name in COLUMNS}
    truth: Truth = {}
    for row, (source, flight) in enumerate(frame.select("source", "flight").rows()):
        for place, name in enumerate(COLUMNS):
            value = told[follows[source]][flight][place]
            if random.random() < careless[source]:
                value = None if random.random() < 0.4 else _clock(_minutes(true_of[flight][place]) + 7)
            if value is not None and source in with_day and random.random() < 0.5:
                value = with_day[source].format(value)
            columns[name].append(value)
            if value != true_of[flight][place]:
                truth[row, name] = f"{name.split('_')[-1]} {'left out' if value is None else 'another'}"
                if name.startswith("scheduled"):
                    truth[row, name] = f"scheduled, {truth[row, name].split(' ', 1)[1]}"
                elif value is not None and not value.endswith("m."):
                    truth[row, name] += ", with the day"
    return frame.with_columns(*(pl.Series(name, values) for name, values in columns.items())), truth
