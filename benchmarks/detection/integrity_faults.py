"""Kinds of damage that the benchmark of `integrity` puts into clean tables: one after another, or as in published ones.

`AS_IN` damages generated tables as the dirty ones that the literature cleans (hospital, flights, beers, rayyan) are known
to be damaged, many cells of many columns at once.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl
from integrity_reports import Truth, as_in_reports
from integrity_sets import DECIDED, Random


def damaged(random: Random, frame: pl.DataFrame, kind: str, faults: int = 6) -> tuple[pl.DataFrame, Truth]:
    """The table with that many faults: each in one column, in 1 to 5 % of its cells. Cells that changed, and how."""
    columns = {name: frame[name].to_list() for name in frame.columns}
    truth: Truth = {}
    usable = [name for name in frame.columns if frame[name].n_unique() < 0.9 * frame.height] or frame.columns
    for fault in random.choice(list(FAULTS), faults, replace=False).tolist():
        marked = [name for name in usable if any(not (value or "").isascii() for value in columns[name])]
        name = str(random.choice(marked if fault == "letters without marks" and marked else usable))
        share = random.uniform(0.01, 0.05)
        rows = random.choice(frame.height, max(int(share * frame.height), 2), replace=False).tolist()
        for row, value in FAULTS[fault](random, columns[name], rows).items():
            before = columns[name][row]
            # Spaces around a number or a date are gone once it is read as one: nothing is left to find.
            silent = number(value) == number(before) or (_day(before) and (value or "").strip() == before)
            if value != before and (row, name) not in truth and not silent:
                columns[name][row] = value
                follows = "" if name in DECIDED.get(kind, ()) else ", nothing decides it"
                truth[row, name] = fault + (follows if fault == "another row's value" else "")
    return pl.DataFrame(columns, schema=frame.schema), truth


def numeric(values: list[str | None]) -> bool:
    """Whether nearly all known values are plain numbers."""
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
    code = str(random.choice(["999", "-999", "-1", "9999"] if numeric(values) else ["?", "N/A", "-", "null", "n.a."]))
    return dict.fromkeys(rows, code)


def _unit(_: Random, values: list[str | None], rows: list[int]) -> dict[int, str | None]:
    if not numeric(values) or "." not in "".join(value or "" for value in values[:20]):
        return {}
    return {row: f"{known * 1000:.2f}" for row in rows if np.isfinite(known := number(values[row]))}


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


def _sign(_: Random, values: list[str | None], rows: list[int]) -> dict[int, str | None]:
    if not numeric(values) or np.nanmin([number(value) for value in values]) < 0:
        return {}
    few = rows[: max(len(values) // 50, 1)]
    return {row: f"-{value}" for row in few if (value := values[row]) and number(value) > 0}


def _spelt(random: Random, value: str) -> str:
    import unicodedata

    low = (
        value
        if random.integers(2)
        else value.translate(str.maketrans({"ü": "ue", "ö": "oe", "ä": "ae", "Å": "Aa", "ø": "oe"}))
    )
    apart = unicodedata.normalize("NFD", low.translate(str.maketrans({"Ł": "L", "ł": "l", "ø": "o"})))
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


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
    "wrong sign": _sign,
    "letters without marks": _edit(_spelt),
    "unit written out": _edit(lambda _, v: f"{v} kg" if v.replace(".", "", 1).isdigit() else v),
}


def number(value: str | None) -> float:
    """The number that a cell holds; NaN when it holds none."""
    try:
        return float(value) if value is not None else float("nan")
    except ValueError:
        return float("nan")


MARKS = "\u0324\u0326\u0329\u032c\u0331\u0334"
"""Marks that Unicode puts below or through the letter before: what a wrong code page made of letters with marks above."""


def _day(value: str | None) -> bool:
    return value is not None and len(value) == 10 and value[4] == value[7] == "-"


def _each(
    random: Random, frame: pl.DataFrame, share: float, change: dict[str, Callable[[str, int], str | None]]
) -> tuple[pl.DataFrame, Truth]:
    columns, truth = {name: frame[name].to_list() for name in frame.columns}, {}
    for name, edit in change.items():
        for row in np.flatnonzero(random.random(frame.height) < share).tolist():
            before = columns[name][row]
            after = edit(before, row) if before is not None else None
            if after != before:
                columns[name][row], truth[row, name] = after, name
    return pl.DataFrame(columns, schema=frame.schema), truth


def as_in_hospital(random: Random, frame: pl.DataFrame) -> tuple[pl.DataFrame, Truth]:
    """A letter x in 3 % of the cells of every column: for one sign, or wherever that sign stands in the cell."""

    def letter(value: str, _: int) -> str:
        place = int(random.integers(len(value)))
        return value.replace(value[place], "x") if random.integers(2) else value[:place] + "x" + value[place + 1 :]

    return _each(random, frame, 0.03, dict.fromkeys(frame.columns, letter))


def as_in_flights(random: Random, frame: pl.DataFrame) -> tuple[pl.DataFrame, Truth]:
    """Sources that are wrong about a fifth of the times, each as often as it is careless, leave some out, add the day."""
    careless = {source: random.beta(1, 3) for source in sorted(set(frame["source"]))}
    sources = frame["source"].to_list()

    def other(value: str, row: int) -> str | None:
        if random.random() > careless[sources[row]]:
            return value
        hour, rest = value.split(":")
        minute, half = rest.split(" ")
        how = int(random.choice(3, p=[0.6, 0.25, 0.15]))
        late = f"{hour}:{(int(minute) + int(random.integers(1, 40))) % 60:02d} {half}"
        return (late, None, f"12/02/2011 {value}")[how]

    return _each(random, frame, 0.8, {"departure": other, "arrival": other})


def as_in_beers(random: Random, frame: pl.DataFrame) -> tuple[pl.DataFrame, Truth]:
    """Shares with a sign of per cent, missing states, makers' places mixed up, cities with the state behind them.

    The unit of the sizes is written in other ways in an eighth of the cells, or in so many that none is usual: then no
    cell holds a number, and all are damaged.
    """
    states, cities = frame["state"].to_list(), frame["city"].to_list()
    units = [" oz", " oz.", " ounce", " OZ.", " oz. Alumi-Tek®"]
    everywhere = random.random() < 0.5
    dirty, truth = _each(random, frame, 0.12, {
        "ounces": lambda value, _: value if everywhere else value.replace(" oz", str(random.choice(units[1:]))),
        "abv": lambda value, _: f"{value}%",
        "ibu": lambda value, _: "N/A" if random.random() < 0.5 else value,
        "state": lambda value, _: str(random.choice(states)) if random.random() < 0.4 else value,
        "city": lambda value, _: str(random.choice(cities)) if random.random() < 0.4 else value,
    })  # fmt: skip
    if everywhere:
        share = random.dirichlet([6, 6, 6, 2, 1])
        sizes = [value.replace(" oz", str(random.choice(units, p=share))) for value in frame["ounces"]]
        dirty = dirty.with_columns(pl.Series("ounces", sizes))
        most = max(sum(value.endswith(unit) for value in sizes) for unit in units)
        if 2 * most <= frame.height:
            truth |= {(row, "ounces"): "ounces, everywhere" for row in range(frame.height)}
        else:
            usual = max(units, key=lambda unit: sum(value.endswith(unit) for value in sizes))
            truth |= {(row, "ounces"): "ounces" for row, value in enumerate(sizes) if not value.endswith(usual)}
    state, city = dirty["state"].to_list(), dirty["city"].to_list()
    for row in np.flatnonzero(random.random(frame.height) < 0.03).tolist():
        city[row], state[row] = f"{city[row]} {state[row]}", None
        truth |= {(row, "city"): "city and state", (row, "state"): "state in the city"}
    return dirty.with_columns(pl.Series("state", state), pl.Series("city", city)), truth


def as_in_rayyan(random: Random, frame: pl.DataFrame) -> tuple[pl.DataFrame, Truth]:
    """Abbreviated titles, letters with marks misread, pages that a spreadsheet took for dates, missing values coded, dates another way."""

    def flipped(value: str, _: int) -> str:
        month, day, year = value.split("/")
        return f"{2000 + int(year)}-{int(month):02d}-{int(day):02d}"

    months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
    return _each(random, frame, 0.06, {
        "title": lambda value, _: f"{value[:4]}{random.choice(list(MARKS))}{value[4:]}",
        "journal": lambda value, _: " ".join(part if len(part) < 5 else f"{part[:4]}." for part in value.split()),
        "abbreviation": lambda value, _: value.replace(".", "").lower(),
        "issn": lambda value, _: str(random.choice(["-1", "NaN", "?"])),
        "pages": lambda value, _: f"{random.choice(months)}-{random.integers(10, 31)}",
        "created": flipped,
        "language": lambda value, _: {"eng": "English", "fre": "French", "spa": "Spanish", "ger": "German"}[value],
    })  # fmt: skip


AS_IN: dict[str, Callable[[Random, pl.DataFrame], tuple[pl.DataFrame, Truth]]] = {
    "hospitals": as_in_hospital, "flights": as_in_flights, "beers": as_in_beers, "articles": as_in_rayyan,
    "reports": as_in_reports,
}  # fmt: skip
