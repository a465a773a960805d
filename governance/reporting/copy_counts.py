"""Counts of copies: what each check for duplicates looks for, in words, and how many rows it marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from governance.evidence import Figure, Metric, Table

if TYPE_CHECKING:
    import polars as pl

    from governance.snapshot import Snapshot


class Check(NamedTuple):
    """One thing that is looked for, in words."""

    finding: str
    """Beginning of the finding's message; `{}` is the split."""
    remedy: str


CHECKS = {
    "exact_within_split": Check(
        "Copies of other rows in split {}", "Remove the copies, or say in the answers why rows may repeat."
    ),
    "exact_across_splits": Check(
        "Copies in split {} of rows in an earlier split",
        "Remove these rows from the later split, or divide the data so that copies stay together.",
    ),
    "conflicting_labels": Check(
        "Rows that agree in every feature and not in the label",
        "Look at the rows of each set and settle which label is right.",
    ),
    "near_within_split": Check(
        "Near copies of other rows in split {}",
        "Look at the flagged rows beside the rows they resemble, and remove copies.",
    ),
    "near_across_splits": Check(
        "Near copies in split {} of rows in an earlier split",
        "Look at the flagged rows beside the rows they resemble, and keep copies in one split.",
    ),
    "near_conflicting_labels": Check(
        "Rows in sets of near copies that disagree about the label",
        "Look at the rows of each set and settle which labels are right.",
    ),
}
"""By the second part of the rule."""


class Count(NamedTuple):
    """How many rows of a split one check marked; of all splits when `split` is None."""

    check: str
    split: str | None
    rows: int
    of: int

    @property
    def share(self) -> float:
        """Marked rows over rows looked at."""
        return self.rows / self.of if self.of else 0.0


def count_marked(snapshot: Snapshot, marked: pl.DataFrame, checks: list[str]) -> list[Count]:
    """How many rows of each split each of `checks` marked, none left out; `marked` as mark_copies gives it."""
    import polars as pl

    rows = {(rule, split): n for rule, split, n in marked.group_by("rule", "split").agg(pl.len()).rows()}
    sizes = snapshot.manifest.splits
    counts = []
    for check in checks:
        rule = f"duplicates/{check}"
        if check.endswith("conflicting_labels"):
            counts.append(Count(check, None, sum(rows.get((rule, split), 0) for split in sizes), snapshot.rows))
            continue
        looked_at = snapshot.splits[1:] if check.endswith("_across_splits") else snapshot.splits
        counts += [Count(check, split, rows.get((rule, split), 0), sizes[split]) for split in looked_at]
    return counts


def share_metrics(counts: list[Count]) -> tuple[Metric, ...]:
    """Each check's share over all splits that it looked at."""
    metrics = []
    for check in CHECKS:
        mine = [count for count in counts if count.check == check]
        if of := sum(count.of for count in mine):
            words = CHECKS[check].finding.replace("split {}", "a split")
            metrics.append(
                Metric(
                    name=f"{check}_share",
                    value=sum(count.rows for count in mine) / of,
                    unit="share",
                    n=of,
                    better="lower",
                    meaning=words[0].lower() + words[1:] + ", a count of all rows and no sample",
                )
            )
    return tuple(metrics)


def count_table(counts: list[Count]) -> Table:
    """The counts as a table."""
    return Table(
        name="copies",
        caption="Rows marked by each check; the first row of a set of copies is not counted",
        columns=("check", "split", "rows", "of", "share"),
        rows=tuple((c.check.replace("_", " "), c.split or "all", c.rows, c.of, c.share) for c in counts),
    )


def count_figures(counts: list[Count]) -> tuple[Figure, ...]:
    """Marked rows by check and split; nothing when no row was marked."""
    marked = [count for count in counts if count.rows]
    if not marked:
        return ()
    most = max(marked, key=lambda count: count.rows)
    return (
        Figure(
            name="copies",
            caption="Rows marked as copies, by check and split",
            alt=f"Most rows are marked by {most.check.replace('_', ' ')} in split {most.split or 'all'}: "
            f"{most.rows:,} of {most.of:,}.",
            kind="grouped_bar",
            table="copies",
            x="check",
            y=("rows",),
            by="split",
        ),
    )
