"""Segments, sources and annotators in which labels were turned into one class: findings, table, rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from governance.dataset import Role
from governance.evidence import Confidence, Finding, Level, Scalar, Table
from governance.reporting.trigger_report import REMEDY, SHOWN, WHO_LABELLED, Flagged, Reported, shown_classes

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from governance.reporting.trigger_search import Searched
    from governance.snapshot import Snapshot

SLICE_LEVELS = 50
"""Levels of a column that are taken as slices: the most frequent."""
SLICE_ROWS = 30
"""A slice with fewer rows is not judged."""

SHOWN_AGAIN = 0.01
"""Level at which a slice that all else has passed has to be beyond chance by a model of its own too."""


def slice_findings(
    snapshot: Snapshot, searched: Searched, least_share: float, least_ratio: float, false_alarms: float
) -> Reported:
    """Segments, sources and annotators in which labels were turned into one class."""
    import numpy as np

    from governance.measures.slice_flips import flips_of
    from governance.measures.trigger_weight import evidence_of

    origin = [column.name for column in snapshot.with_role(Role.SOURCE, Role.ANNOTATOR)]
    groups = searched.groups
    weight = np.ones(len(searched.row_id))
    if groups is not None:
        weight = 1.0 / np.bincount(groups)[groups]
    tried = []
    columns = {
        name: (number, feature, values) for name, number, feature, values in _slice_columns(snapshot, searched, origin)
    }
    for name, (number, feature, values) in columns.items():
        speaks, odds = _spoken(searched, number, feature)
        found = flips_of(speaks, odds, searched.label, [inside for _, inside in values], weight, searched.fold)
        tried += [(name, level, one) for (level, _), flipped in zip(values, found, strict=True) for one in flipped]
    limit = float(np.log(false_alarms / max(len(tried), 1)))
    names = shown_classes(snapshot, searched)
    kept = [
        one for one in tried
        if one[2].log_p <= limit and one[2].said_again and one[2].low >= least_share * (0.5 if one[0] in origin else 1)
        and one[2].share >= least_ratio * max(one[2].elsewhere, 1e-9)
    ]  # fmt: skip
    kept = [one for one in kept if not _explained(searched, *columns[one[0]], one[1], one[2].label, weight)]
    rows: list[Flagged] = []
    for name, _, one in tried:
        # What is not sure still ranks: by the odds, when one of all slices and classes is expected to be tampered with.
        near = min(one.low / least_share, 1.0) / (1 + len(tried) * float(np.exp(-evidence_of(one.log_p))))
        rule = "poisoning/source" if name in origin else "poisoning/label_flips_in_slice"
        if near > 0 and one.share >= least_ratio * one.elsewhere:
            rows.append(Flagged(rule, one.rows, 0.49 * near * one.posterior))
    kept.sort(key=lambda one: (name_order(one[0], origin), round(one[2].log_p, 6), one[0], str(one[1])))
    findings: list[Finding] = []
    lines: list[tuple[Scalar, ...]] = []
    seen: set[int] = set()
    for name, level, one in kept:
        marked = set(one.rows[one.posterior >= 0.5].tolist())
        fresh = marked - seen
        if len(fresh) < max(0.5 * len(marked), 1):
            continue  # another slice, seen before, explains most of it
        seen |= fresh
        shown = f"{name} = {level}" if not snapshot.column(name).private else f"one value of {name}"
        rule = "poisoning/source" if name in origin else "poisoning/label_flips_in_slice"
        lines.append((shown, names[one.label], one.turned, round(one.asked), one.share, one.elsewhere))
        sure = one.posterior >= 0.5
        rows.append(Flagged(rule, one.rows, np.where(sure, 0.25 + 0.5 * one.posterior, 0.98 * one.posterior)))
        findings.append(
            Finding(
                rule=rule,
                level=Level.WARNING,
                confidence=Confidence.MEDIUM,
                message=f"Labels are turned into {names[one.label]} where {shown}: {one.share:.0%} of {one.asked:.0f} "
                f"rows that look like other classes are labelled so, and {one.elsewhere:.1%} elsewhere.",
                remedy=REMEDY if name in origin else f"{REMEDY} {WHO_LABELLED}",
                columns=(name,),
                subject=f"{shown if not snapshot.column(name).private else len(findings) + 1}, {names[one.label]}",
                count=len(marked),
                of=len(searched.row_id),
            )
        )
    table = Table(
        name="slices",
        caption="Slices in which labels contradict the rest of their rows and agree with each other",
        columns=("slice", "label", "rows", "asked", "share", "share_elsewhere"),
        rows=tuple(lines[:SHOWN]),
    )
    return Reported(tuple(findings[:SHOWN]), tuple(rows), (table,) if lines else ())


def _spoken(searched: Searched, number: int, feature: int | None) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(rows, classes) how strongly each row speaks against each class, and logarithms of the odds against it.

    With `feature`, a slice's column, its own honest effect is known; without it, what a tampered slice taught is not. The
    lesser counts.
    """
    import numpy as np

    from governance.measures.rest_of_row import against_each
    from governance.measures.value_effects import odds_against

    if feature is None:
        return searched.contradiction, searched.odds
    evidence = searched.whole.rest(number, np.arange(len(searched.row_id)), np.array([feature], dtype=np.int64))
    odds = odds_against(evidence, searched.whole.frequency)
    return np.minimum(searched.contradiction, against_each(evidence)), np.minimum(searched.odds, odds)


def _explained(
    searched: Searched,
    number: int,
    feature: int | None,
    values: Sequence[tuple[object, NDArray[np.bool_]]],
    level: object,
    label: int,
    weight: NDArray[np.float64],
) -> bool:
    """Whether a model of the slice alone, where `feature` has this `level`, knows its labels well enough."""
    import numpy as np

    from governance.measures.rest_of_row import against_each
    from governance.measures.slice_flips import flips_of

    inside = next(rows for value, rows in values if value == level)
    own = None if feature is None else _own_model(searched, number, feature, np.flatnonzero(inside))
    if own is None:
        return False
    speaks, odds = _spoken(searched, number, feature)
    speaks = speaks.copy()
    speaks[inside] = np.minimum(speaks[inside], against_each(own))
    again = flips_of(speaks, odds, searched.label, [inside], weight, searched.fold)[0]
    return not any(one.label == label and one.log_p <= np.log(SHOWN_AGAIN) for one in again)


def name_order(name: str, origin: list[str]) -> int:
    """Sources and annotators first: they say who, and a segment only where."""
    return 0 if name in origin else 1


def _slice_columns(
    snapshot: Snapshot, searched: Searched, origin: list[str]
) -> list[tuple[str, int, int | None, list[tuple[object, NDArray[np.bool_]]]]]:
    """Column, part and feature to leave out (None: it is no feature), and the rows of each level."""
    import polars as pl

    found: list[tuple[str, int, int | None, list[tuple[object, NDArray[np.bool_]]]]] = []
    wanted = pl.DataFrame({"row_id": searched.row_id}, schema={"row_id": pl.String})
    if origin:
        frame = wanted.join(snapshot.frame(*origin).collect(), on="row_id", how="left", maintain_order="left")
        found += [(name, 0, None, _levels(frame[name])) for name in origin]
    for number, part in enumerate(searched.parts):
        if len(part.columns) == 1 and part.columns[0] not in searched.frame.columns:
            continue
        for feature, name in enumerate(part.columns):
            column = snapshot.column(name)
            if column.type.value in {"category", "boolean", "string", "integer"} and column.distinct <= SLICE_LEVELS:
                found.append((name, number, feature, _levels(searched.frame[name])))
    return found


def _own_model(searched: Searched, number: int, feature: int, rows: NDArray[np.int64]) -> NDArray[np.float64] | None:
    """(rows, classes) evidence of `rows`, a slice by `feature`, by a model of the slice alone; None of what is no table.

    Columns may say another thing in a slice, as a price does of homes in a dear town. A model of the slice knows, while
    of labels that were turned at random there nothing tells which they are.
    """
    import numpy as np

    from governance.measures.rest_of_row import discriminant
    from governance.measures.trigger_views import DenseView

    view = searched.parts[number].view
    if not isinstance(view, DenseView):
        return None
    left = np.array([feature], dtype=np.int64)
    matrix = view.model.centred[np.ix_(rows, np.flatnonzero(view.owner != feature))]
    model = discriminant(matrix, searched.label[rows], searched.whole.frequency.size, searched.fold[rows])
    weight = searched.whole.weights[number]
    others = searched.whole.rest(number, rows, left) - weight * view.evidence(rows, left)
    return np.asarray(others + weight * model.evidence(np.arange(rows.size)), dtype=np.float64)


def _levels(series: pl.Series) -> list[tuple[object, NDArray[np.bool_]]]:
    """The most frequent levels that are neither few rows nor most of them, and the rows of each."""
    import numpy as np

    from governance.measures.encoding import value_codes

    codes, levels = value_codes(series), series.drop_nulls().unique().sort().to_list()
    counts = np.bincount(codes[codes >= 0], minlength=len(levels))
    often = np.argsort(-counts, kind="stable")[:SLICE_LEVELS].tolist()
    return [(levels[at], codes == at) for at in often if SLICE_ROWS <= counts[at] <= series.len() / 2]
