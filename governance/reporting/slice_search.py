"""Segments, sources and annotators, and how likely it is that labels were turned in each: the search for slices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

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


def judged_slices(
    searched: Searched,
    column: str,
    number: int,
    feature: int | None,
    values: Sequence[tuple[object, NDArray[np.bool_]]],
) -> list[Tried]:
    """Every slice by one column in which labels may have been turned, judged without that column."""
    import numpy as np

    from governance.measures.evenly_spaced import evenly_spaced
    from governance.measures.slice_flips import Slice, flips, judged_rows, worth_asking
    from governance.measures.slice_mixture import fitted, turned_share

    label, base = searched.label, np.log(searched.whole.frequency)
    weight = np.ones(label.size) if searched.groups is None else 1.0 / np.bincount(searched.groups)[searched.groups]
    left = _left_out(feature)
    every = np.arange(label.size)
    alone = (searched.whole.views_alone(number, every, left) + base)[None]
    said = alone + searched.whole.votes(every)
    some = evenly_spaced(label.size, USUAL_ROWS)
    usual = fitted(said[:, some], label[some], weight[some])
    chance = usual.honest(said)
    found = []
    for level, inside in values:
        every = np.flatnonzero(inside)
        rows = judged_rows(every)
        # Neighbours outside take long to find: not where neither all neighbours nor none leave anything to ask.
        if not any(worth_asking(usual.said(one[:, rows]), label[rows], weight[rows]) for one in (said, alone)):
            continue
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


def everywhere(searched: Searched, one: Tried) -> Flips:
    """The flips of all rows of a slice that have the label, and not of those alone that stand for it."""
    if one.rows.size == one.given.rows.size:
        return one.flips
    rows = one.rows[searched.label[one.rows] == one.flips.label]
    return one.flips.among(rows, _said_outside(searched, one.number, one.feature, rows, one.rows, one.usual))


def known_by_itself(searched: Searched, one: Tried) -> Tried:
    """Judged again with what a model of the slice alone says; as before where there is none."""
    import numpy as np

    from governance.measures.slice_flips import Slice, flips_again

    own = None if one.feature is None else _own_model(searched, one.number, one.feature, one.given.rows)
    if own is None:
        return one
    rows, logits, label, weight = one.given.rows, one.given.logits, one.given.label, one.given.weight
    given = Slice(rows, np.concatenate([logits, own[None]]), label, weight)
    return one._replace(given=given, flips=flips_again(given, one.flips))


def slice_columns(
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
