"""Copies among the rows of one snapshot: equal in every feature, within a split or across splits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

from governance.dataset import ColumnType, Role
from governance.reporting.one_answer import scales_of, throughout, told_once
from governance.signals.private_columns import private_columns

if TYPE_CHECKING:
    import polars as pl

    from governance.signals.private_columns import PrivateColumns
    from governance.snapshot import Snapshot

_SEED = 7
SAMPLE = 2000
"""Rows that are compared in pairs to learn how equal rows come about by chance: 4 million pairs."""
COARSE = 0.1
"""When chance alone would make this share of the equal pairs, the columns cannot tell rows apart."""


@dataclass(frozen=True)
class Copies:
    """Rows that share all features, and what private columns are compared, with another row, and how many such pairs chance alone would make."""

    rows: pl.DataFrame
    """row_id, split, `group` (a number per set of equal features), `exact` (a number per set of equal features and
    label), `conflict` (whether the set of equal features holds two labels), `foreseen` (whether the row gives one answer
    to all questions of a scale, and chance makes such rows equal and no others); sorted by row_id."""
    compared: tuple[str, ...]
    """The columns that were compared."""
    identifiers: tuple[str, ...]
    """Whole-number features that name each row, as an identifier would; not compared."""
    pairs: int
    """Pairs of rows that are equal in every feature."""
    private: PrivateColumns
    """Those that were compared beside the features, and why others were not."""
    chance_pairs: float
    """How many chance makes: with columns taken as independent, or as pairs that differ in few columns foretell, if that
    is more. Rather too few in real data. As `pairs`, without rows that `rows` marks as `foreseen`."""

    @property
    def coarse(self) -> bool:
        """Whether chance explains a good part of the pairs."""
        return self.explains(self.pairs)

    def explains(self, found: int) -> bool:
        """Whether the pairs that chance makes equal are a good part of so many."""
        return self.chance_pairs >= COARSE * found

    @property
    def judged(self) -> pl.DataFrame:
        """`rows` without those that are foreseen."""
        import polars as pl

        return self.rows.filter(~pl.col("foreseen"))

    @property
    def foreseen(self) -> int:
        """Rows beyond the first of each set of equal ones that are foreseen."""

        alike = self.rows.filter("foreseen")["group"]
        return alike.len() - alike.n_unique()


def find_copies(snapshot: Snapshot) -> Copies:
    """Copies among all rows of all splits. Rows whose features are all missing are no copies of each other."""
    import polars as pl

    identifiers = tuple(
        column.name
        for column in snapshot.features
        if column.type is ColumnType.INTEGER
        and column.distinct == snapshot.rows >= 20
        and column.resolved_role is Role.FEATURE
    )
    private = private_columns(snapshot)
    compared = [column for column in (*snapshot.features, *private.compared) if column.name not in identifiers]
    names = [column.name for column in compared]
    target = snapshot.target
    if not names or snapshot.rows < 2:
        return Copies(_empty(), tuple(names), identifiers, 0, private, 0.0)
    frame = snapshot.frame(*names, *([target] if target is not None else []), sha256=True)
    frame = frame.filter(~pl.all_horizontal(pl.col(names).is_null()))
    hashed = frame.select("row_id", pl.struct(names).hash(seed=_SEED).alias("hash"))
    # A hash alone is no proof: rows that share one are compared in full, and they are few.
    repeated = hashed.filter(pl.len().over("hash") > 1).select("row_id").collect()
    if repeated.height == 0:
        return Copies(_empty(), tuple(names), identifiers, 0, private, 0.0)
    scales = scales_of(frame, compared)
    candidates = frame.join(repeated.lazy(), on="row_id", how="semi").collect().sort("row_id").with_row_index("at")
    labels = names if target is None else [*names, target]
    conflict = pl.lit(False) if target is None else pl.col(target).drop_nulls().n_unique().over(names) > 1
    rows = candidates.select(
        "row_id",
        "split",
        pl.col("at").min().over(names).alias("group"),
        pl.col("at").min().over(labels).alias("exact"),
        conflict.alias("conflict"),
        throughout(scales).alias("foreseen"),
        pl.len().over(names).alias("size"),
    ).filter(pl.col("size") > 1)
    pairs, chance = _pairs_of(rows), _chance_pairs(frame, names)
    lines = _pairs_of(rows.filter("foreseen")) if chance < COARSE * pairs else 0
    if lines and _chance_pairs(frame.filter(throughout(scales)), told_once(names, scales)) >= COARSE * lines:
        pairs -= lines
        chance = _chance_pairs(frame.filter(~throughout(scales)), names) if pairs else 0.0
    else:  # all rows are judged alike
        rows = rows.with_columns(foreseen=pl.lit(False))
    return Copies(rows.drop("size"), tuple(names), identifiers, pairs, private, chance)


def _pairs_of(rows: pl.DataFrame) -> int:
    """Pairs of `rows` that are of one group."""
    return sum(size * (size - 1) // 2 for size in rows.group_by("group").len()["len"].to_list())


def _chance_pairs(frame: pl.LazyFrame, names: list[str]) -> float:
    """Pairs of rows times the chance that two rows agree in each column, columns taken as independent; or as many as
    the pairs foretell that differ in few columns, where that is more (foretold_pairs).

    Whether a column repeats itself is asked of all rows where it has few values, and of different rows alone where
    most of its values are its own: there the copies themselves would be what makes it repeat. Such a column counts as
    independent in either case.
    """
    import polars as pl

    count = pl.col("len").cast(pl.Float64)
    agree = (count * (count - 1)).sum() / (count.sum() * (count.sum() - 1))
    rows, *distinct = pl.collect_all(
        [frame.select(pl.len()), *(frame.select(pl.col(name).n_unique()) for name in names)]
    )
    total = int(rows.item())
    own = [name for name, found in zip(names, distinct, strict=True) if found.item() > total / 2]
    different = frame.unique(names) if own else frame
    shares = pl.collect_all(
        [(different if name in own else frame).group_by(name).len().select(agree.fill_nan(0.0)) for name in names]
    )
    share = {name: float(found.item()) for name, found in zip(names, shares, strict=True)}
    common = [name for name in names if name not in own]
    foretold = _foretold_share(frame, common, total) * prod(share[name] for name in own)
    return total * (total - 1) / 2 * max(prod(share.values()), foretold)


def _foretold_share(frame: pl.LazyFrame, names: list[str], rows: int) -> float:
    """Share of all pairs that would be equal in the columns `names`, as an evenly spaced sample of rows foretells."""
    import numpy as np
    import polars as pl

    from governance.measures.encoding import value_codes
    from governance.measures.evenly_spaced import evenly_spaced
    from governance.measures.foretold_copies import foretold_pairs

    if not names:
        return 0.0
    picked = pl.Series(evenly_spaced(rows, SAMPLE)).implode()
    sample = frame.select(names).with_row_index("at").filter(pl.col("at").is_in(picked)).collect()
    codes = np.column_stack([value_codes(sample[name]) for name in names])
    return foretold_pairs(codes) / max(sample.height * (sample.height - 1) / 2, 1)


def _empty() -> pl.DataFrame:
    import polars as pl

    numbers = dict.fromkeys(("group", "exact"), pl.UInt32)
    return pl.DataFrame(
        schema={"row_id": pl.String, "split": pl.String, **numbers, "conflict": pl.Boolean, "foreseen": pl.Boolean}
    )


def mark_copies(copies: Copies, splits: Iterable[str]) -> pl.DataFrame:
    """Rows that an exact check speaks of, none of them foreseen: row_id, split, rule, score, and in `suggestion` the row that each copies.

    The first row of a set, by split in the order of `splits` and then by row id, is the original and is not marked.
    Where labels conflict all are marked, each beside the first row with another label.
    """
    import polars as pl

    order = {split: number for number, split in enumerate(splits)}
    rows = copies.judged.with_columns(pl.col("split").replace_strict(order, return_dtype=pl.Int64).alias("order"))
    rows = rows.sort("order", "row_id").with_columns(
        pl.col("row_id").first().over("exact").alias("original"),
        pl.col("order").first().over("exact").alias("earliest"),
        pl.col("row_id").first().over("exact", "order").alias("first_here"),
        with_another("exact", "group").alias("otherwise"),
    )
    within = rows.filter(pl.col("row_id") != pl.col("first_here"))
    across = rows.filter(pl.col("order") > pl.col("earliest"))
    conflicts = rows.filter("conflict")
    return pl.concat(
        [
            mark(within, "exact_within_split", "copy of {}", pl.col("first_here")),
            mark(across, "exact_across_splits", "copy of {}", pl.col("original")),
            mark(conflicts, "conflicting_labels", "equal to {}, which has another label", pl.col("otherwise")),
        ]
    )


def with_another(label: str, group: str) -> pl.Expr:
    """The first row of the same `group` whose `label` is another, by row id; rows are in order, and no group holds one label alone."""
    import polars as pl

    row, own = pl.col("row_id"), pl.col(label)
    other = row.filter(own.ne_missing(own.first())).first()
    return pl.when(own.ne_missing(own.first().over(group))).then(row.first().over(group)).otherwise(other.over(group))


def mark(rows: pl.DataFrame, what: str, words: str, original: pl.Expr, score: pl.Expr | None = None) -> pl.DataFrame:
    """`rows` (with row_id and split) as rows that check `what` speaks of; `words` say what each is to the row `original`."""
    import polars as pl

    return rows.select(
        "row_id",
        "split",
        pl.lit(f"duplicates/{what}").alias("rule"),
        (pl.lit(1.0) if score is None else score).alias("score"),
        pl.format(words, original).alias("suggestion"),
    )
