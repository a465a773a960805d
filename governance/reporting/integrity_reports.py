"""What several sources that tell about the same things leave out, or tell otherwise than the trusted ones."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from governance.dataset import ColumnType
from governance.reporting.integrity_rules import DATES, STRINGS, Damage, measured

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from governance.manifest import SnapshotColumn
    from governance.measures.conflicting_reports import Told

MOSTLY = 0.5
SURE = 0.5
"""How likely an answer must be to be suggested; a value that is less likely to be true is named."""


DECISIVE = 0.98
"""How likely an answer must be, and how unlikely a value, for the vote to be decisive."""
LEAST_VOTES = 4
"""Other rows that must tell of the thing for it to be so."""
TIMES = 0.8
"""Share of the values of a column that must be times of the day for its cells to be compared by them."""


class Reports(NamedTuple):
    """Which columns tell of which things."""

    thing: str
    source: str
    told: tuple[str, ...]
    damage: list[Damage]


def of_reports(
    frame: pl.DataFrame, columns: list[SnapshotColumn], codes: dict[str, NDArray[np.int64]]
) -> Reports | None:
    """The sources, their things and what they tell wrongly or not at all; None when a table is not of that kind.

    `codes` holds each column whose values repeat as codes of its sorted values, -1 where it is missing.
    """
    from governance.measures.conflicting_reports import are_reports, told, told_of

    types = {column.name: column.type for column in columns}
    sources = [name for name in sorted(codes) if types[name] in STRINGS and _names(frame[name])]
    things = [name for name in sorted(codes) if types[name] in STRINGS or types[name] is ColumnType.INTEGER]
    # A price or a reading may honestly differ from source to source.
    answers = [name for name in sorted(codes) if types[name] in STRINGS | DATES and not measured(frame[name])]
    said = {name: _said(frame[name]) if types[name] in STRINGS else None for name in answers}
    codes = codes | {name: one.of_level[codes[name]] for name, one in said.items() if one is not None}
    best: tuple[tuple[int, int], str, str, dict[str, Told]] | None = None
    for source in sources:
        for thing in things:
            if source == thing or not are_reports(codes[thing], codes[source]):
                continue
            of = [name for name in answers if name not in {thing, source} and told_of(codes[thing], codes[name])]
            found = told(codes[thing], codes[source], [codes[name] for name in of]) if of else []
            # Times that two flights share look like things too; the true ones leave the least to explain.
            unsaid = int((codes[thing] < 0).sum()) * len(of)
            wrong = unsaid + sum(int((one.own < SURE).sum()) + _unknown(one).size for one in found)
            if of and (best is None or (-len(of), wrong) < best[0]):
                best = (-len(of), wrong), thing, source, dict(zip(of, found, strict=True))
    if best is None:
        return None
    _, thing, source, answered = best
    damage: list[Damage] = []
    for name, one in answered.items():
        same = said[name]
        levels = same.shown if same else frame[name].drop_nulls().unique().sort().cast(str).to_list()
        meant = [
            levels[code] if code >= 0 and sure >= SURE else ""
            for code, sure in zip(one.truth.tolist(), one.sure.tolist(), strict=True)
        ]
        outvoted = one.own < SURE
        decided = outvoted & (one.own <= 1 - DECISIVE) & (one.sure >= DECISIVE) & (one.others >= LEAST_VOTES)
        tells = f"{source} tells of {thing}"
        for rule, rows, because, loose in (
            ("known_elsewhere", _unknown(one), f" (of the same {thing})", True),
            ("outvoted_value", decided.nonzero()[0], f" ({tells}; the vote is decisive)", False),
            ("outvoted_value", (outvoted & ~decided).nonzero()[0], f" ({tells})", True),
        ):
            if rows.size:
                damage.append(Damage(rule, name, rows, [meant[row] for row in rows.tolist()], because, loose=loose))
    return Reports(thing, source, tuple(answered), damage)


class Said(NamedTuple):
    """What the values of a column say, where several of them say the same."""

    of_level: NDArray[np.int64]
    """For each sorted value (n,), the code of what it says; -1 behind them, so that missing cells stay missing."""
    shown: list[str]
    """For each code, its most frequent value in the most frequent notation."""


def _said(series: pl.Series) -> Said | None:
    """Times of the day by their minutes: `Dec 1 3:20 PM` says what `3:20 p.m.` says. None for a column of other things."""
    import numpy as np

    from governance.measures.clock_times import clock_time

    rows = {str(value): int(n) for value, n in series.drop_nulls().value_counts(name="_rows").rows()}
    read = {value: clock_time(value) for value in sorted(rows)}
    if not read or sum(found is not None for found in read.values()) < TIMES * len(read):
        return None
    cells: Counter[str] = Counter()
    for value, found in read.items():
        cells[found[0] if found else ""] += rows[value]
    alike: dict[float | str, list[str]] = defaultdict(list)
    for value, found in read.items():
        alike[found[1] if found else value].append(value)
    place = {value: code for code, values in enumerate(alike.values()) for value in values}

    def common(value: str) -> tuple[int, int, str]:
        found = read[value]
        return cells[found[0] if found else ""], rows[value], value

    return Said(
        np.array([*(place[value] for value in read), -1], dtype=np.int64),
        [max(values, key=common) for values in alike.values()],
    )


def _unknown(one: Told) -> NDArray[np.int64]:
    """The rows that tell nothing where others of their thing tell something."""
    import numpy as np

    return np.flatnonzero(np.isnan(one.own) & (one.others > 0))


def _names(series: pl.Series) -> bool:
    """Whether the values are names, and no numbered ones, as those of visits and years are."""
    names = series.drop_nulls().unique()
    return names.str.replace_all(r"\d+", "0").n_unique() > MOSTLY * names.len()
