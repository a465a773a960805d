"""Evaluation items that stand in the data nearly as they are: rows with slightly other numbers, and changed images."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from governance.signals.near_images import signatures, signatures_of, similar_signatures

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from governance.snapshot import Snapshot

TOLERANCE = 0.02
"""Numbers nearly agree when they differ by no more than this share of the data's interquartile range."""
LEAST_NUMBERS = 2
"""With fewer numbers that differ by little, it is no row that was changed but another row."""


def near_numbers(
    frame: pl.DataFrame, items: pl.DataFrame, names: list[str], chance: float
) -> list[tuple[int, str]] | None:
    """Pairs (item, row_id) whose numbers nearly agree and whose other columns of `names` are equal.

    None, as nothing is looked for, with fewer than LEAST_NUMBERS numbers, and when columns that were independent would make more than `chance` such pairs. `items` has `item`.
    """
    import numpy as np
    import polars as pl

    numbers = [name for name in names if frame[name].dtype.is_float()]
    if len(numbers) < LEAST_NUMBERS:
        return None
    if not frame.height or not items.height:
        return []
    here, there = (_matrix(table, numbers) for table in (frame, items))
    spread = np.subtract(*np.nanquantile(here, [0.75, 0.25], axis=0))
    reach = TOLERANCE * np.where(np.isfinite(spread), spread, 0.0)
    expected, widths = float(frame.height) * items.height, []
    for column in range(len(numbers)):
        ranked = np.sort(here[:, column])[: int(np.isfinite(here[:, column]).sum())]  # missing ones stand last
        begin = np.searchsorted(ranked, there[:, column] - reach[column], side="left")
        end = np.searchsorted(ranked, there[:, column] + reach[column], side="right")
        widths.append((begin, end))
        expected *= float(np.mean(end - begin)) / frame.height
    if expected >= chance:
        return None
    others = [name for name in names if name not in numbers]
    codes = _codes(pl.concat([frame.select(others), items.select(others)])) if others else None
    # Rows that are near in the number that fewest share are few, and these are compared in full.
    column = int(np.argmin([(end - begin).sum() for begin, end in widths]))
    order = np.argsort(here[:, column], kind="stable")
    found = []
    row_id, item = frame["row_id"].to_list(), items["item"].to_list()
    for number, (first, last) in enumerate(zip(*widths[column], strict=True)):
        rows = order[first:last]
        near = (np.abs(here[rows] - there[number]) <= reach) | (np.isnan(here[rows]) & np.isnan(there[number]))
        agree = near.all(axis=1)
        if codes is not None:
            agree &= codes[rows] == codes[frame.height + number]
        found += [(item[number], row_id[row]) for row in rows[agree].tolist()]
    return found


def _matrix(table: pl.DataFrame, numbers: list[str]) -> NDArray[np.float64]:
    import numpy as np

    from governance.measures.encoding import to_numbers

    values = np.column_stack([to_numbers(table[name]) for name in numbers])
    return np.where(np.isfinite(values), values, np.nan)


def _codes(table: pl.DataFrame) -> NDArray[np.int64]:
    """(rows,) equal for rows that are equal in every column."""
    import polars as pl

    return table.select(pl.struct(pl.all()).rank("dense")).to_series().to_numpy().astype("int64")


def image_bytes(series: pl.Series) -> list[bytes | None] | None:
    """The images of a column of bytes, or of records with a field `bytes`; None when it holds neither."""
    import polars as pl

    if series.dtype == pl.Binary:
        return series.to_list()
    if isinstance(series.dtype, pl.Struct) and "bytes" in {field.name for field in series.dtype.fields}:
        return image_bytes(series.struct.field("bytes"))
    return None


def near_images(
    snapshot: Snapshot, row_id: list[str], column: str, items: Sequence[bytes | None]
) -> list[tuple[int, str]] | None:
    """Pairs (position in `items`, row id) of images that look alike; None when there are too few to tell.

    Raises DataError when images cannot be read.
    """
    import numpy as np

    both = np.concatenate([signatures_of(snapshot, row_id, column), signatures(items, len(items))])
    pairs = similar_signatures(both)
    if pairs is None:
        return None
    found = zip(pairs[0].tolist(), pairs[1].tolist(), strict=True)
    return [(other - len(row_id), row_id[one]) for one, other in found if one < len(row_id) <= other]
