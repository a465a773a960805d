"""Whether a date after the declared time was planned before it, or records what happened after it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from governance.dataset import ColumnType

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from governance.manifest import SnapshotColumn
    from governance.snapshot import Snapshot

_PLANNED = re.compile(
    r"(?:^|_)(?:due|eta|etd|sla|planned|plan|scheduled?|expected|estimated|promised?|forecast|projected|deadline|until|till"
    r"|valid|validity|expiry|expires?|expiration|maturity|matures?|warranty|guarantee|appointment|booked_for|renewal|renews"
    r"|next|target|best_before|use_by|ends_on|follow_?up|faellig\w*|fällig\w*|frist|geplant\w*|termin|gueltig\w*|gültig\w*"
    r"|ablauf|bis|soll|garantie\w*)(?:_|$)"
)
"""Names of what somebody set beforehand."""
_RECORDED = re.compile(
    r"(?:^|_)(?:actual|ist|real|\w+ed|paid|sold|sent|left|done|died|death|lost|met|gone|won|begun|withdrawn|shipment_left"
    r"|geschlossen|bezahlt|erledigt|entlassen|geliefert|verstorben|storniert)(?:_|$)"
)
"""Names of what happened: participles."""
NEWEST = 0.2
"""The newest share of the rows, which lacks what has not happened yet."""
MORE_MISSING, ERRORS = 0.1, 4
"""It lacks a date when so much more of its rows do than of the others, and by so many standard errors."""


def why_planned(snapshot: Snapshot, column: SnapshotColumn, moment: SnapshotColumn) -> str:
    """What speaks for dates of `column` that were set beforehand, as a sentence's end; empty where more speaks for events.

    A date that follows from the declared time `moment` by a rule (a few distances, months, working days, the level of
    another column) says nothing of what came later. Where no rule shows, the name decides, unless the newest rows lack the
    date: events that have not happened yet are missing there, and plans are not. Neither is believed of dates whose
    distance, or absence, tells the classes of the target nearly without error: they are worth a warning. A name that says that something happened
    (closed, paid) is believed in any case.
    """
    name = _plain(column.name)
    planned = _PLANNED.search(name) is not None
    if not planned and _RECORDED.search(name):
        return ""
    frame = _frame(snapshot, column, moment)
    if _missing_in_newest(frame, column.name, moment.name) or _tells(snapshot, frame, column.name, moment.name):
        return ""
    if rule := _rule(snapshot, frame, column, moment):
        return rule
    return "its name says so, and the newest rows have it as the others do" if planned else ""


def _plain(name: str) -> str:
    """`name` in small letters with underscores between words."""
    spaced = re.sub(r"(?<=[a-zß-ÿ0-9])(?=[A-Z])", "_", name)
    return re.sub(r"[^0-9a-zß-ÿ]+", "_", spaced.lower())


def _frame(snapshot: Snapshot, column: SnapshotColumn, moment: SnapshotColumn) -> pl.DataFrame:
    import polars as pl

    levels = [c.name for c in snapshot.features if _few_levels(c)]
    target = [] if snapshot.target is None else [snapshot.target]
    frame = snapshot.frame(column.name, moment.name, *levels, *target).collect().drop_nulls(moment.name)
    days = ColumnType.DATE in {column.type, moment.type}
    kind = pl.Date() if days else pl.Datetime("us")
    return frame.with_columns(pl.col(column.name).cast(kind), pl.col(moment.name).cast(kind))


def _few_levels(column: SnapshotColumn) -> bool:
    from governance.measures.distances_by_rule import MOST_TERMS

    kinds = {ColumnType.STRING, ColumnType.CATEGORY, ColumnType.INTEGER, ColumnType.BOOLEAN}
    return column.type in kinds and 2 <= column.distinct <= MOST_TERMS


def _rule(snapshot: Snapshot, frame: pl.DataFrame, column: SnapshotColumn, moment: SnapshotColumn) -> str:
    """The rule by which the dates follow, in words; empty when none is seen."""
    from governance.measures.distances_by_rule import by_level, by_months, by_working_days, few_apart
    from governance.measures.encoding import value_codes

    known = frame.drop_nulls(column.name)
    distances = _distances(known[column.name], known[moment.name])
    if few_apart(distances):
        return f"they lie at a few fixed distances from {moment.name}"
    earlier, later = (known[name].dt.date().to_numpy().astype("datetime64[D]") for name in (moment.name, column.name))
    if by_months(earlier, later):
        return f"they lie whole months after {moment.name}, or at the end of a month"
    if by_working_days(earlier, later):
        return f"they lie a few fixed numbers of working days after {moment.name}"
    for name in sorted(set(known.columns) - {"row_id", "split", snapshot.target, column.name, moment.name}):
        if by_level(value_codes(known[name]), distances):
            return f"their distance from {moment.name} is told by '{name}'"
    return ""


def _tells(snapshot: Snapshot, frame: pl.DataFrame, name: str, moment: str) -> bool:
    """Whether the distance of the dates from the declared time, or that they are missing, gives the target's classes away."""
    import numpy as np

    from governance.dataset import Task
    from governance.measures.encoding import value_codes
    from governance.measures.feature_codes import COARSE, binned
    from governance.measures.single_feature import told_classes
    from governance.reporting.feature_against_target import PLAUSIBLE

    if snapshot.target is None or snapshot.task is not Task.CLASSIFICATION:
        return False
    known = frame.drop_nulls(snapshot.target)
    distances = (known[name] - known[moment]).dt.total_seconds().cast(float).to_numpy()
    labels = value_codes(known[snapshot.target])
    told = told_classes(binned(distances, COARSE), labels, int(labels.max(initial=0)) + 1)
    return bool(np.max(told, initial=0.0) >= PLAUSIBLE)


def _distances(later: pl.Series, earlier: pl.Series) -> NDArray[np.int64]:
    """Whole seconds, or days where all are."""
    import numpy as np

    seconds = np.asarray((later - earlier).dt.total_seconds().to_numpy(), dtype=np.int64)
    return seconds // 86_400 if not (seconds % 86_400).any() else seconds


def _missing_in_newest(frame: pl.DataFrame, name: str, moment: str) -> bool:
    """Whether clearly more of the newest rows lack the date than of the others."""
    import math

    missing = frame.sort(moment)[name].is_null().to_numpy()
    newest = round(NEWEST * missing.size)
    if not missing.any() or newest < 1 or newest == missing.size:
        return False
    share, late, rest = float(missing.mean()), float(missing[-newest:].mean()), float(missing[:-newest].mean())
    error = math.sqrt(share * (1 - share) * (1 / newest + 1 / (missing.size - newest)))
    return late - rest >= max(MORE_MISSING, ERRORS * error)
