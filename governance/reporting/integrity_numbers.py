"""The checks of numbers, also of those in a column that a few words made one of text: which rows, and what they should hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from governance.dataset import ColumnType
from governance.reporting.integrity_factors import beyond_by_a_factor
from governance.reporting.integrity_levels import as_foretold
from governance.reporting.integrity_rules import Damage

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from governance.manifest import SnapshotColumn
    from governance.reporting.integrity_levels import RowLevels

MOST_OF_OTHER_TYPE = 0.45
"""Share of cells of another type up to which the others are looked at as numbers."""
COUNTS = frozenset(
    "absence absences absent count counts day days hours minutes months n number times visits weeks years".split()
)
"""Words of a column's name that say that its whole numbers count something, and so are no lengths, weights or temperatures."""
NOTHING = " (zero, far below all others)"
MEANT = " (so many that they may be meant, as what is taken back is)"
ONE_NUMBER = " (one and the same number, beyond all others)"
ONE_MEMBER = ", or are one more of the few different values that there are (one and the same number, beyond all others)"


def of_numbers(series: pl.Series, column: SnapshotColumn, levels: RowLevels, foreign: list[int]) -> list[Damage]:
    """What a column of numbers shows, but for those in the rows `foreign`, which are another column's."""
    from governance.measures.encoding import to_numbers

    values = to_numbers(series)
    values[foreign] = float("nan")
    whole = column.type is ColumnType.INTEGER
    return _damage_of(series.name, values, levels, whole=whole)


def of_numbers_in_words(series: pl.Series, levels: RowLevels) -> list[Damage]:
    """What the numbers show in a column that a few other cells, or one unit behind them all, made one of words."""
    import numpy as np
    import polars as pl

    parts = series.cast(pl.String).str.extract_groups(r"^\s*([+-]?(?:\d+\.?\d*|\.\d+))(\s*\D{0,10})$").struct.unnest()
    number, unit = parts.to_series(0).cast(pl.Float64, strict=False), parts.to_series(1).fill_null("").str.strip_chars()
    known = number.is_not_null()
    codes = series.cast(pl.String).str.contains(r"^\s*[+-]?0\d").any()
    if codes or not known.any() or known.sum() < (1 - MOST_OF_OTHER_TYPE) * (series.len() - series.null_count()):
        return []
    usual = unit.filter(known).mode().sort()[0]
    values = number.set(unit != usual, None).cast(pl.Float64).to_numpy().astype(np.float64)
    whole = bool((np.nan_to_num(values) % 1 == 0).all())
    return _damage_of(series.name, values, levels, whole=whole)


def _damage_of(name: str, values: NDArray[np.float64], levels: RowLevels, *, whole: bool) -> list[Damage]:
    import numpy as np

    from governance.measures.number_damage import CODES, few_values, one_number, sentinels, tenfold, unit_mixups

    coded = np.isin(values, sentinels(values))
    plain = np.where(coded, np.nan, values)
    mixed, tens = unit_mixups(plain, whole=whole)[0], tenfold(plain, whole=whole)[0]
    # One number far beyond all others is a code, though a factor (a loose one, second) would fit it; before signs are
    # looked at, as beside -127 the few degrees below zero look like slips.
    same, same_tens = mixed & one_number(plain, mixed), tens & ~mixed & one_number(plain, tens)
    values = np.where(same | same_tens, np.nan, values)
    slips, meant = _signs(name, np.where(coded, np.nan, values), levels)
    if (same | same_tens | slips).any():
        mixed = unit_mixups(np.where(coded | slips, np.nan, values), whole=whole)[0]
    if mixed.any():  # a code is not far from values in another unit, and is from the others
        other = (mixed & ~np.isin(values, CODES)) | slips
        coded |= np.isin(values, sentinels(np.where(other, np.nan, values)))
        mixed = unit_mixups(np.where(coded | slips, np.nan, values), whole=whole)[0]
    rest = np.where(coded | slips | mixed, np.nan, values)
    if not np.array_equal(rest, plain, equal_nan=True):
        tens = tenfold(rest, whole=whole)[0]
    zeros = _zeros(name, rest, levels)
    nothing = np.full(values.shape, np.nan)
    members = few_values(rest[np.isfinite(rest)])  # the same number again is no wonder among a few sizes of packs
    lowest = _lowest(values, coded, rest)
    found = [
        _cells("null_coding", name, coded & ~lowest, nothing),
        _asked(name, values, lowest, rest),
        _cells("null_coding", name, same, nothing, ONE_MEMBER if members else ONE_NUMBER, loose=members),
        _cells("null_coding", name, same_tens, nothing, ONE_NUMBER, loose=True),
        _cells("wrong_sign", name, slips, -values),
        _cells("null_coding", name, zeros, nothing, NOTHING, loose=True),
    ]
    rest = np.where(zeros | tens, np.nan, rest)
    outside = _off_scale(name, rest, levels) if whole else []
    units = [
        *beyond_by_a_factor(name, values, mixed, levels),
        *beyond_by_a_factor(name, values, tens, levels, loose=True),
    ]
    return [*(one for one in found if one is not None), *units, *meant, *outside, *_heap_of(name, rest)]


def _lowest(values: NDArray[np.float64], coded: NDArray[np.bool_], rest: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which of the `coded` ones of `values` (n,) are one step below `rest` (n,), NaN for missing, where that is a scale."""
    import numpy as np

    from governance.measures.number_damage import next_below

    others = rest[np.isfinite(rest)]
    codes = [code for code in np.unique(values[coded]).tolist() if next_below(others, code)]
    return np.asarray(coded & np.isin(values, codes))


def _asked(
    name: str, values: NDArray[np.float64], lowest: NDArray[np.bool_], rest: NDArray[np.float64]
) -> Damage | None:
    """The `lowest` values (n,) of a scale, which its place does not tell from a code: what they should hold is not said."""
    import numpy as np

    if not lowest.any():
        return None
    rows = np.flatnonzero(lowest)
    scale = f"{np.nanmin(rest):.10g} to {np.nanmax(rest):.10g}"
    because = f", or are the lowest value of the scale ({values[rows[0]]:.10g}, one step below {scale})"
    return Damage("null_coding", name, rows, [""] * rows.size, because, loose=True)


def _off_scale(name: str, values: NDArray[np.float64], levels: RowLevels) -> list[Damage]:
    """Cells outside a small scale, unless another column's level foretells them; those a step or two beyond are doubted."""
    from governance.measures.foretold_rows import foretold
    from governance.measures.small_scales import off_scale

    found = off_scale(values)
    if found is None:
        return []
    told = foretold(found.far | found.near, levels.but(name))[0]
    damage = []
    for cells, where, loose in ((found.far, "", False), (found.near, ", just beside", True)):
        rows = (cells & ~told).nonzero()[0]
        because = f" ({found.low} to {found.high}{where})"
        damage.append(Damage("off_scale", name, rows, [""] * rows.size, because, loose))
    return [one for one in damage if one.rows.size]


def _zeros(name: str, values: NDArray[np.float64], levels: RowLevels) -> NDArray[np.bool_]:
    """Which values (n,) are zero as a code, unless another column's level foretells them: a shop is closed on Sundays."""
    from governance.measures.foretold_rows import foretold
    from governance.measures.zero_codes import zero_codes

    zeros = zero_codes(values)
    return zeros & ~foretold(zeros, levels.but(name))[0] if zeros.any() else zeros


def _cells(
    rule: str,
    name: str,
    cells: NDArray[np.bool_],
    meant: NDArray[np.float64],
    because: str = "",
    *,
    loose: bool = False,
) -> Damage | None:
    """The `cells` (n,) with what they should hold, NaN for nothing."""
    import numpy as np

    rows = np.flatnonzero(cells)
    shown = ["missing" if np.isnan(one) else f"{one:.10g}" for one in meant[rows].tolist()]
    return Damage(rule, name, rows, shown, because, loose) if rows.size else None


def _signs(name: str, values: NDArray[np.float64], levels: RowLevels) -> tuple[NDArray[np.bool_], list[Damage]]:
    """Which values (n,) have a sign that slipped; and those that look so, but that another column's level foretells, or that
    are so many that they may be meant."""
    import numpy as np

    from governance.measures.foretold_rows import foretold
    from governance.measures.mirrored_values import mirrored_values
    from governance.measures.number_damage import sign_slips

    known = values[np.isfinite(values)]
    turned = -values
    if known.size and np.median(known) < 0:  # debits, and degrees in a freezer
        values = -values
    slips = sign_slips(values)
    negative = values < 0
    if not negative.any():
        return slips, []
    told, by = foretold(negative, levels.but(name))
    meant = np.flatnonzero(slips & told)
    if told.any():  # beside refunds a sign may have slipped, and be far rarer than they are
        slips = sign_slips(np.where(told, np.nan, values))
    why = f" ({as_foretold(by).removeprefix(', ')})"
    foreseen = [Damage("wrong_sign", name, meant, [""] * meant.size, why, loose=True)] if meant.size else []
    many = mirrored_values(np.where(told, np.nan, values))
    return slips, foreseen + [one for one in [_cells("wrong_sign", name, many, turned, MEANT, loose=True)] if one]


def _heap_of(name: str, values: NDArray[np.float64]) -> list[Damage]:
    """Cells in a unit so near the others' that it is a guess: two kinds of things may differ so too."""
    import numpy as np

    from governance.measures.unit_heaps import unit_heap

    heap = None if _counts(name, values) else unit_heap(values)
    if heap is None:
        return []
    rows = np.flatnonzero(heap[0])
    shown = [f"{one:.4g}" for one in heap[2][rows].tolist()]
    return [Damage("other_unit", name, rows, shown, f" ({heap[1]})", loose=True)]


def _counts(name: str, values: NDArray[np.float64]) -> bool:
    """Whether a column of such a name, of values (n,), counts something: days of absence are no degrees."""
    import numpy as np

    from governance.measures.separators import apart

    known = values[np.isfinite(values)]
    words = set(re.findall(r"[^\W\d_]+", apart(name).lower()))
    return bool(words & COUNTS) and bool(((known >= 0) & (known % 1 == 0)).all())
