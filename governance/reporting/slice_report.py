"""Segments, sources and annotators in which labels of one class were turned into another: findings, table, rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from governance.dataset import Role
from governance.evidence import Confidence, Finding, Level, Scalar, Table
from governance.reporting.trigger_report import REMEDY, SHOWN, WHO_LABELLED, Flagged, Reported, shown_classes

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from governance.measures.slice_flips import Flips, Slice
    from governance.measures.slice_mixture import Mixture
    from governance.reporting.trigger_search import Searched
    from governance.snapshot import Snapshot

SLICE_LEVELS = 50
"""Levels of a column that are taken as slices: the most frequent."""
SLICE_ROWS = 30
"""A slice with fewer rows is not judged."""
USUAL_ROWS = 2000
"""Rows, evenly spaced, that say how far the rest of a row is to be believed."""
WHOLE_ROWS, DECIDED = 20, 0.9
"""Rows of a class that may have been turned as a whole, at least, and share of the rows with the label, from which the value
decides it: what only one class has makes such of the rows that look otherwise."""
LIKELY = 10.0
"""A slice that clean data gives so many times as often as a finding may come is told in a note."""
ASK = (
    "Ask who knows the data whether these rows are rightly labelled so, by a rule or because the class does not occur "
    "there; if so, nothing is wrong."
)
NAMED_BY_ROWS = (
    "Which value of {column} it is, the data says: look that column up in the rows that "
    "build/{dataset}/rows/poisoning.parquet, which stays out of git, gives for this rule by their source_row."
)


class Tried(NamedTuple):
    """A slice and two classes, judged."""

    column: str
    level: object
    rows: NDArray[np.int64]
    """All rows of the slice, positions."""
    given: Slice
    flips: Flips
    elsewhere: float
    """The share outside the slice."""
    usual: Mixture
    """What the rest of a row says anywhere, and how far it is to be believed."""
    number: int
    """Of the part that holds the column."""
    feature: int | None

    @property
    def may_be_no_rule(self) -> bool:
        """Whether a class that may have been turned as a whole has some rows, and other classes are left in the slice."""
        labelled = float((self.given.label == self.flips.label).mean())
        return self.sampled * self.flips.asked >= WHOLE_ROWS and labelled < DECIDED

    @property
    def sampled(self) -> float:
        """Rows of the slice that each one that was judged stands for."""
        return self.rows.size / self.given.rows.size


def slice_findings(
    snapshot: Snapshot, searched: Searched, least_share: float, least_ratio: float, false_alarms: float
) -> Reported:
    """Segments, sources and annotators in which labels of one class were turned into another."""
    import numpy as np

    from governance.measures.slice_flips import EVERY, told_from
    from governance.measures.trigger_weight import evidence_of

    origin = [column.name for column in snapshot.with_role(Role.SOURCE, Role.ANNOTATOR)]
    names = shown_classes(snapshot, searched)
    columns = _slice_columns(snapshot, searched, origin)
    tests = max(sum(len(values) for *_, values in columns) * len(names) * (len(names) - 1), 1)
    tried = [one for column in columns for one in _tried(searched, *column)]
    # What is not sure still ranks: by the odds, when one of all slices and classes is expected to be tampered with.
    rows = [
        Flagged(
            _rule(one.column, origin), one.flips.rows,
            0.49 * min(one.flips.share / least_share, 1.0) * one.flips.posterior
            / (1 + tests * float(np.exp(-evidence_of(one.flips.log_p)))),
        )
        for one in tried if one.flips.share >= least_ratio * one.elsewhere
    ]  # fmt: skip
    limit = float(np.log(false_alarms / tests))
    likely = limit + float(np.log(LIKELY))
    kept = []
    for one in tried:
        enough = one.flips.share >= max(least_share, least_ratio * one.elsewhere)
        if enough and one.flips.log_p <= likely:
            # A rule of the slice's own is another story for the same rows: it has to be unlikely, not as much as chance.
            known = _known(searched, one)
            if known.flips.log_p <= likely and known.flips.share > least_share and told_from(
                known.given, known.flips, least_share
            ):  # fmt: skip
                partly = one.flips.share < EVERY and told_from(one.given, one.flips, EVERY)
                if partly or (one.flips.log_p <= limit and one.may_be_no_rule):
                    kept.append((one, one.flips.log_p, partly))
    kept.sort(key=lambda one: (name_order(one[0].column, origin), round(one[1], 6), one[0].column, str(one[0].level)))
    findings: list[Finding] = []
    lines: list[tuple[Scalar, ...]] = []
    seen: set[int] = set()
    for one, log_p, partly in kept:
        flips, column = _everywhere(searched, one), snapshot.column(one.column)
        marked = set(flips.rows[flips.posterior >= 0.5].tolist())
        fresh = marked - seen
        if len(fresh) < max(0.5 * len(marked), 1):
            continue  # another slice, seen before, explains most of it
        seen |= fresh
        shown = f"{one.column} = {one.level}" if not column.private else f"one value of {one.column}"
        rule = _rule(one.column, origin)
        sure = log_p <= limit and partly
        before, label = names[flips.before], names[flips.label]
        asked = one.sampled * flips.asked
        lines.append((shown, before, label, round(flips.share * asked), round(asked), flips.share, one.elsewhere))
        if sure:
            score = np.where(flips.posterior >= 0.5, 0.25 + 0.5 * flips.posterior, 0.98 * flips.posterior)
        else:
            score = 0.49 * flips.posterior
        rows.append(Flagged(rule, flips.rows, score))
        remedies = [
            *([] if partly else [ASK]), REMEDY, *([] if one.column in origin else [WHO_LABELLED]),
            *([NAMED_BY_ROWS.format(column=one.column, dataset=snapshot.manifest.dataset)] if column.private else []),
        ]  # fmt: skip
        findings.append(
            Finding(
                rule=rule,
                level=Level.WARNING if sure else Level.NOTE,
                confidence=Confidence.MEDIUM,
                message=f"Labels {'are' if sure else 'may be'} turned from {before} into {label} where {shown}: "
                f"{flips.share:.0%} of {asked:.0f} rows that are {before} by the rest of them are labelled so, "
                f"however clearly it speaks, and {one.elsewhere:.1%} elsewhere.",
                remedy=" ".join(remedies),
                columns=(one.column,),
                subject=f"{shown if not column.private else len(findings) + 1}, {before} to {label}",
                count=len(marked),
                of=len(searched.row_id),
            )
        )
    table = Table(
        name="slices",
        caption="Slices in which labels contradict the rest of their rows and agree with each other",
        columns=("slice", "before", "label", "rows", "asked", "share", "share_elsewhere"),
        rows=tuple(lines[:SHOWN]),
    )
    return Reported(tuple(findings[:SHOWN]), tuple(rows), (table,) if lines else ())


def _rule(column: str, origin: list[str]) -> str:
    return "poisoning/source" if column in origin else "poisoning/label_flips_in_slice"


def _tried(
    searched: Searched,
    column: str,
    number: int,
    feature: int | None,
    values: Sequence[tuple[object, NDArray[np.bool_]]],
) -> list[Tried]:
    """Every slice by one column in which labels may have been turned, judged without that column."""
    import numpy as np

    from governance.measures.evenly_spaced import evenly_spaced
    from governance.measures.slice_flips import Slice, flips, judged_rows
    from governance.measures.slice_mixture import fitted, turned_share

    label, base = searched.label, np.log(searched.whole.frequency)
    weight = np.ones(label.size) if searched.groups is None else 1.0 / np.bincount(searched.groups)[searched.groups]
    left = _left_out(feature)
    said = (searched.whole.rest(number, np.arange(label.size), left) + base)[None]
    some = evenly_spaced(label.size, USUAL_ROWS)
    usual = fitted(said[:, some], label[some], weight[some])
    chance = usual.honest(said)
    found = []
    for level, inside in values:
        every = np.flatnonzero(inside)
        rows = judged_rows(every)
        given = Slice(rows, _said_outside(searched, number, feature, rows, every, usual), label[rows], weight[rows])
        for one in flips(given):
            share, _ = turned_share(chance[~inside], label[~inside], weight[~inside], (one.before, one.label))
            found.append(Tried(column, level, every, given, one, share, usual, number, feature))
    return found


def _left_out(feature: int | None) -> NDArray[np.int64]:
    import numpy as np

    return np.array([] if feature is None else [feature], dtype=np.int64)


def _said_outside(
    searched: Searched,
    number: int,
    feature: int | None,
    rows: NDArray[np.int64],
    inside: NDArray[np.int64],
    usual: Mixture,
) -> NDArray[np.float64]:
    """(1, rows, classes) logits of some `rows` of those `inside` a slice, whose neighbours there may be turned as well."""
    import numpy as np

    from governance.measures.trigger_questions import Question

    told = searched.whole.answers(number, [Question(rows, _left_out(feature), inside)])[0]
    return usual.said((told + np.log(searched.whole.frequency))[None])[None]


def _everywhere(searched: Searched, one: Tried) -> Flips:
    """The flips of all rows of a slice that have the label, and not of those alone that stand for it."""
    if one.rows.size == one.given.rows.size:
        return one.flips
    rows = one.rows[searched.label[one.rows] == one.flips.label]
    return one.flips.among(rows, _said_outside(searched, one.number, one.feature, rows, one.rows, one.usual))


def _known(searched: Searched, one: Tried) -> Tried:
    """Judged again with what a model of the slice alone says; as before where there is none."""
    import numpy as np

    from governance.measures.slice_flips import Slice, flips_again

    own = None if one.feature is None else _own_model(searched, one.number, one.feature, one.given.rows)
    if own is None:
        return one
    rows, logits, label, weight = one.given.rows, one.given.logits, one.given.label, one.given.weight
    given = Slice(rows, np.concatenate([logits, own[None]]), label, weight)
    return one._replace(given=given, flips=flips_again(given, one.flips))


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
    matrix = view.model.centred[np.ix_(rows, np.flatnonzero(view.owner != feature))]
    model = discriminant(matrix, searched.label[rows], searched.whole.frequency.size, searched.fold[rows])
    return model.evidence(np.arange(rows.size))


def _levels(series: pl.Series) -> list[tuple[object, NDArray[np.bool_]]]:
    """The most frequent levels that are neither few rows nor most of them, and the rows of each."""
    import numpy as np

    from governance.measures.encoding import value_codes

    codes, levels = value_codes(series), series.drop_nulls().unique().sort().to_list()
    counts = np.bincount(codes[codes >= 0], minlength=len(levels))
    often = np.argsort(-counts, kind="stable")[:SLICE_LEVELS].tolist()
    return [(levels[at], codes == at) for at in often if SLICE_ROWS <= counts[at] <= series.len() / 2]
