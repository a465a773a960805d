"""Bins of one column: what of it may be shown, and in which bin each row lies."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from governance.dataset import ColumnType, Role
from governance.sketches import ColumnSketch
from governance.sketches.content import image_moments, sampled_places, text_moments

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from governance.manifest import SnapshotColumn
    from governance.snapshot import Snapshot

FULL_COLUMNS = 40
"""A table of more columns is sketched in fewer bins, levels and coarse bins, so that the file does not grow with it."""
BINS = 32
LEAST_BINS = 6
BIN_ROWS = 20
"""Rows that a bin of numbers has at least, about: fewer would come close to showing single values."""
LEVELS = 20
LEVEL_ROWS = 5
"""A level that fewer rows hold is not named."""
IMAGES = 2000
"""So many images at most are opened, evenly spaced in the order of row ids, which is random."""
NO_VALUES = {Role.IDENTIFIER, Role.PRIVATE, Role.GROUP, Role.ANNOTATOR, Role.SPLIT}
"""Roles whose values tell rows or people apart; only their missing values are counted."""
DAYS = {ColumnType.DATE, ColumnType.DATETIME}
_DAY = 86_400_000_000


@dataclass(frozen=True)
class Binned:
    """One column, each row's bin."""

    sketch: ColumnSketch
    bins: NDArray[np.int64]
    """(rows,); -1 where the value is missing, infinite or was not looked at."""


def detail(most: int, columns: int, least: int = LEAST_BINS) -> int:
    """`most` bins for up to FULL_COLUMNS columns, then fewer in proportion, `least` at the least."""
    return max(min(least, most), min(most, most * FULL_COLUMNS // max(columns, 1)))


def series_of(snapshot: Snapshot, name: str) -> pl.Series:
    """One column of all splits, in the order of `Snapshot.frame`; of images their sha256."""
    import polars as pl

    return snapshot.frame(name, sha256=True).select(pl.col(name)).collect().to_series()


def bin_column(snapshot: Snapshot, column: SnapshotColumn, parts: NDArray[np.int64]) -> Binned:
    """The sketch of one column, without classes, and each row's bin in it. `parts` (rows,) are split numbers."""
    import numpy as np
    import polars as pl

    from governance.measures.encoding import to_numbers
    from governance.measures.grids import bin_of, cut_points

    series = series_of(snapshot, column.name)
    names, width = snapshot.splits, len(snapshot.columns)
    nulls = np.bincount(parts, weights=series.is_null().to_numpy(), minlength=len(names)).astype(int).tolist()
    kind = kind_of(column)
    common: dict[str, Any] = {
        "name": column.name,
        "type": column.type,
        "role": column.resolved_role,
        "private": column.private,
        "kind": kind,
        "nulls": dict(zip(names, nulls, strict=True)),
        "distinct": column.distinct,
    }
    unseen = np.full(parts.size, -1, dtype=np.int64)
    if kind == "nothing":
        return Binned(ColumnSketch(**common), unseen)
    if kind == "levels":
        text = series.cast(pl.String)
        levels = named_levels(text)[: detail(LEVELS, width)]
        bins = level_bins(text, levels)
        return Binned(
            ColumnSketch(**common, levels=levels, counts=split_counts(bins, parts, len(levels) + 1, names)), bins
        )
    if kind == "characters":
        numbers = to_numbers(series.cast(pl.String).str.len_chars())
    elif kind == "brightness":
        numbers = brightness(snapshot, column.name)
    else:
        numbers = to_numbers(series) / (_DAY if kind == "days" else 1)
    known = np.isfinite(numbers)
    cuts = shortened(cut_points(numbers[known], detail(BINS, width), least=BIN_ROWS, rounded=True))
    bins = np.where(known, bin_of(np.where(known, numbers, 0.0), cuts), -1)
    mean, sd = _moments(numbers[known]) if kind == "numbers" else (None, None)
    counts = split_counts(bins, parts, cuts.size + 1, names)
    if kind in {"characters", "brightness"} and not column.private:
        places = sampled_places(series.len())
        if kind == "brightness":
            row_ids = snapshot.frame("row_id").select("row_id").collect()["row_id"]
            moments = image_moments(snapshot.images(row_ids.gather(places).to_list(), column.name))
        else:
            moments = text_moments(series.gather(places).drop_nulls().cast(pl.String).to_list())
        rows, means, spreads = moments
        common |= {"content_rows": rows or None, "content_mean": means, "content_sd": spreads}
    return Binned(ColumnSketch(**common, cuts=tuple(cuts.tolist()), counts=counts, mean=mean, sd=sd), bins)


def kind_of(column: SnapshotColumn) -> Any:
    """What of a column is counted; see ColumnSketch.kind. Of a private one, lengths of texts at most."""
    if column.resolved_role in NO_VALUES:
        return "nothing"
    if column.type is ColumnType.IMAGE:
        return "brightness"
    texts = {ColumnType.STRING, ColumnType.TEXT, ColumnType.CATEGORY}
    if column.private or column.type is ColumnType.TEXT or column.resolved_role is Role.TEXT:
        return "characters" if column.type in texts else "nothing"
    if column.type.numeric:
        return "numbers"
    return "days" if column.type in DAYS else "levels"


def named_levels(text: pl.Series) -> tuple[str, ...]:
    """Levels that LEVEL_ROWS rows or more hold, most frequent first, at most LEVELS of them."""
    import polars as pl

    counted = text.drop_nulls().value_counts(name="_rows").filter(pl.col("_rows") >= LEVEL_ROWS)
    return tuple(counted.sort(["_rows", text.name], descending=[True, False])[text.name].head(LEVELS).to_list())


def level_bins(text: pl.Series, levels: tuple[str, ...]) -> NDArray[np.int64]:
    """The position in `levels` of each value; after the last for others, -1 for missing ones."""
    import numpy as np
    import polars as pl

    place = text.replace_strict(
        pl.Series(levels, dtype=pl.String), pl.int_range(len(levels), eager=True), default=len(levels),
        return_dtype=pl.Int64,
    ) if levels else pl.Series(np.zeros(text.len(), dtype=np.int64))  # fmt: skip
    return np.where(text.is_null().to_numpy(), -1, place.to_numpy()).astype(np.int64)


def brightness(snapshot: Snapshot, name: str) -> NDArray[np.float64]:
    """(rows,) mean brightness (0 to 1) of images; NaN where one is missing, unreadable or was not looked at."""
    import numpy as np

    from governance.adapters.pillow import properties
    from governance.measures.evenly_spaced import evenly_spaced

    row_ids = snapshot.frame("row_id").select("row_id").collect()["row_id"]
    numbers = np.full(row_ids.len(), np.nan)
    rows = evenly_spaced(row_ids.len(), IMAGES).tolist()
    for row, content in zip(rows, snapshot.images(row_ids.gather(rows).to_list(), name), strict=True):
        found = properties(content) if content is not None else None
        if found is not None:
            numbers[row] = found.brightness
    return numbers


def split_counts(
    bins: NDArray[np.int64], parts: NDArray[np.int64], width: int, names: tuple[str, ...]
) -> dict[str, tuple[int, ...]]:
    """Split to rows per bin, 0 to `width` - 1; rows without a bin (-1) do not count."""
    import numpy as np

    known = bins >= 0
    table = np.bincount(parts[known] * width + bins[known], minlength=width * len(names)).reshape(len(names), width)
    return {name: tuple(row) for name, row in zip(names, table.tolist(), strict=True)}


def shortened(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    """To 8 significant digits: what stands in the file is what rows were counted by."""
    import numpy as np

    return np.unique([float(f"{number:.8g}") + 0.0 for number in numbers.tolist()]).astype(np.float64)


def _moments(values: NDArray[np.float64]) -> tuple[float | None, float | None]:
    import numpy as np

    with np.errstate(all="ignore"):
        pair = (float(values.mean()), float(values.std())) if values.size >= BIN_ROWS else (math.nan, math.nan)
    mean, sd = (float(f"{value:.6g}") if math.isfinite(value) else None for value in pair)
    return mean, sd
