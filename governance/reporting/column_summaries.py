"""Summaries of a snapshot's columns as small tables: numbers, distributions, levels. Never a private value."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat
from typing import TYPE_CHECKING

from governance.dataset import ColumnType, Role
from governance.evidence import Figure, Scalar, Table

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from governance.manifest import SnapshotColumn
    from governance.measures.histogram import Histogram
    from governance.snapshot import Snapshot

SHOWN_COLUMNS = 30
"""Columns per table; how many are left out is said in the caption."""
SHOWN_ROWS = 5
"""A level that fewer rows have is not named."""


def left_out(columns: Sequence[object]) -> str:
    """End of a caption: how many of `columns` a table has no room for."""
    more = len(columns) - SHOWN_COLUMNS
    return f"; {more} more columns are left out" if more > 0 else ""


def numbers_of(snapshot: Snapshot, column: str, split: str | None = None) -> NDArray[np.float64]:
    """Finite values of a numeric column in `split`, over all splits when None."""
    import numpy as np
    import polars as pl

    values = snapshot.frame(column, split=split).select(pl.col(column).cast(pl.Float64).drop_nulls()).collect()
    numbers = values.to_series().to_numpy().astype(np.float64)
    return np.asarray(numbers[np.isfinite(numbers)], dtype=np.float64)


def numbers_in_order(snapshot: Snapshot, column: str) -> NDArray[np.float64]:
    """(rows,) a numeric column in the order of `Snapshot.frame`; NaN where a value is missing."""
    import polars as pl

    values = snapshot.frame(column).select(pl.col(column).cast(pl.Float64).fill_null(float("nan"))).collect()
    return values.to_series().to_numpy().astype("float64")


def mean_and_spread(values: NDArray[np.float64]) -> tuple[float | None, float | None]:
    """Mean and sample standard deviation; None where there are too few values or they are too large to add up."""
    import numpy as np

    with np.errstate(all="ignore"):
        mean = float(values.mean()) if values.size else float("nan")
        spread = float(values.std(ddof=1)) if values.size > 1 else float("nan")
    return mean if np.isfinite(mean) else None, spread if np.isfinite(spread) else None


def number_tables(snapshot: Snapshot, bins: int) -> tuple[tuple[Table, ...], tuple[Figure, ...]]:
    """Mean, spread and quantiles of public numeric columns, and their histograms by split; lengths of texts beside."""
    import numpy as np

    from governance.measures.histogram import histogram

    numeric = [column for column in snapshot.columns if column.type.numeric and not column.private]
    texts = [column for column in snapshot.columns if _is_text(column)]
    lines: list[tuple[Scalar, ...]] = []
    counts: list[tuple[Scalar, ...]] = []
    splits = snapshot.splits if len(snapshot.splits) > 1 else []
    for column in [*numeric, *texts][:SHOWN_COLUMNS]:
        read = _lengths if column in texts else numbers_of
        values = read(snapshot, column.name)
        name = f"{column.name} (characters)" if column in texts else column.name
        if values.size == 0:
            continue
        with np.errstate(all="ignore"):  # the largest floats overflow between two quantiles
            quantiles = np.quantile(values, [0, 0.25, 0.5, 0.75, 1]).tolist()
        quantiles = [value if np.isfinite(value) else None for value in quantiles]
        lines.append((name, values.size, *mean_and_spread(values), *quantiles))
        found = histogram(values, bins)
        if found is not None:
            shares = [_shares(found, read(snapshot, column.name, split)) for split in splits]
            counts += zip(repeat(name, len(found.labels)), found.labels, found.counts.tolist(), *shares, strict=True)
    tables: list[Table] = []
    figures: tuple[Figure, ...] = ()
    more = left_out([*numeric, *texts])
    if lines:
        header = ("column", "values", "mean", "sd", "min", "q25", "median", "q75", "max")
        tables.append(Table(name="numbers", caption=f"Numbers by column{more}", columns=header, rows=tuple(lines)))
    if counts:
        caption = f"How the values of each column are distributed{' in each split' if splits else ''}{more}"
        by_split = tuple(f"share_of_{split}" for split in splits)
        columns = ("column", "bin", "rows", *by_split)
        tables.append(Table(name="histograms", caption=caption, columns=columns, rows=tuple(counts)))
        figures = (_panels("histograms", caption, "bin", len({row[0] for row in counts}), by_split or ("rows",)),)
    return tuple(tables), figures


def _shares(found: Histogram, values: NDArray[np.float64]) -> list[float | None]:
    """Share of `values` in each bin of `found`, which was made of more; None where there is no value."""
    return [round(n / values.size, 4) if values.size else None for n in found.count(values).tolist()]


def level_table(snapshot: Snapshot, levels: int) -> tuple[tuple[Table, ...], tuple[Figure, ...]]:
    """The most frequent levels of public categories, of those that enough rows have."""
    import polars as pl

    kinds = {ColumnType.CATEGORY, ColumnType.BOOLEAN, ColumnType.STRING}
    columns = [c for c in snapshot.columns if c.type in kinds and not c.private and c.name != snapshot.target]
    lines: list[tuple[Scalar, ...]] = []
    for column in columns[:SHOWN_COLUMNS]:
        counts = snapshot.frame(column.name).group_by(pl.col(column.name).cast(pl.String)).agg(pl.len()).collect()
        missing = sum(n for level, n in counts.rows() if level is None)
        known = sorted(((n, level) for level, n in counts.rows() if level is not None), key=lambda c: (-c[0], c[1]))
        named = [(level, n) for n, level in known[:levels] if n >= SHOWN_ROWS]
        others = known[len(named) :]
        lines += [(column.name, level, n, n / snapshot.rows) for level, n in named]
        for words, n in ((f"({len(others)} other levels)", sum(n for n, _ in others)), ("(missing)", missing)):
            if n:
                lines.append((column.name, words, n, n / snapshot.rows))
    if not lines:
        return (), ()
    caption = f"The most frequent levels of each category{left_out(columns)}"
    table = Table(name="levels", caption=caption, columns=("column", "level", "rows", "share"), rows=tuple(lines))
    return (table,), (_panels("levels", caption, "level", len({line[0] for line in lines})),)


def missing_table(snapshot: Snapshot) -> tuple[tuple[Table, ...], tuple[Figure, ...]]:
    """Columns with missing values, most first."""
    columns = sorted((c for c in snapshot.columns if c.nulls), key=lambda column: (-column.nulls, column.name))
    if not columns:
        return (), ()
    table = Table(
        name="missing",
        caption=f"Missing values by column{left_out(columns)}",
        columns=("column", "missing", "share"),
        rows=tuple((c.name, c.nulls, c.nulls / snapshot.rows) for c in columns[:SHOWN_COLUMNS]),
    )
    worst = columns[0]
    share = f"{worst.nulls / snapshot.rows:.1%}"
    alt = f"{len(columns)} columns have missing values; {worst.name} most, {share}."
    if len(columns) == 1:
        alt = f"One column has missing values: {worst.name}, {share}."
    figure = Figure(
        name="missing", caption=table.caption, alt=alt, kind="bar", table="missing", x="column", y=("share",)
    )
    return (table,), (figure,)


def time_table(snapshot: Snapshot) -> tuple[Table, ...]:
    """First and last moment of public dates and times."""
    import polars as pl

    kinds = {ColumnType.DATE, ColumnType.DATETIME}
    columns = [column for column in snapshot.columns if column.type in kinds and not column.private]
    lines: list[tuple[Scalar, ...]] = []
    for column in columns[:SHOWN_COLUMNS]:
        moment = pl.col(column.name)
        first, last = snapshot.frame(column.name).select(moment.min(), moment.max().alias("last")).collect().row(0)
        if first is not None:
            lines.append((column.name, first.isoformat(), last.isoformat()))
    caption = f"First and last moment by column{left_out(columns)}"
    header = ("column", "first", "last")
    return (Table(name="times", caption=caption, columns=header, rows=tuple(lines)),) if lines else ()


def _is_text(column: SnapshotColumn) -> bool:
    return column.type is ColumnType.TEXT or column.resolved_role is Role.TEXT


def _lengths(snapshot: Snapshot, column: str, split: str | None = None) -> NDArray[np.float64]:
    import polars as pl

    lengths = (
        snapshot.frame(column, split=split)
        .select(pl.col(column).drop_nulls().str.len_chars().cast(pl.Float64))
        .collect()
    )
    return lengths.to_series().to_numpy().astype("float64")


def _panels(table: str, caption: str, x: str, count: int, y: tuple[str, ...] = ("rows",)) -> Figure:
    alt = "A chart of one column" if count == 1 else f"One small chart for each of {count} columns"
    alt += ", a line for each split" if len(y) > 1 else ""
    return Figure(
        name=table,
        caption=caption,
        alt=f"{alt}; the table holds the numbers.",
        kind="small_multiples",
        table=table,
        x=x,
        y=y,
        by="column",
    )
