"""For which levels contradicted labels may as well mean that models know less of their rows than of others."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from governance.dataset import Role
from governance.reporting.consistency_report import Asked, more, standing_out

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from governance.measures.conditional_association import Codes, Floats
    from governance.reporting.consistency_tests import Judged
    from governance.snapshot import Snapshot

KIND = 0.05
"""p-value up to which rows are taken to be of another kind."""


def neighbours_of(snapshot: Snapshot, row_id: list[str]) -> Codes | None:
    """(rows, k) the nearest other rows of those in `row_id`, as positions among these, -1 for a row that is not; None
    where neighbours are absent."""
    if snapshot.signals.absent("neighbours") is not None:
        return None
    import numpy as np

    graph = snapshot.signals.neighbours()
    place = {name: number for number, name in enumerate(row_id)}
    among = np.array([place.get(name, -1) for name in graph.row_id], dtype=np.int64)
    kept = np.flatnonzero(among >= 0)
    found = np.full((len(row_id), graph.index.shape[1]), -1, dtype=np.int64)
    found[among[kept]] = among[graph.index[kept]]
    return found


def with_readings(snapshot: Snapshot, judged: Judged, asked: list[Asked], alpha: float) -> list[Asked]:
    """The same, with the levels for which both readings remain."""
    told = [one.question in {"labels", "label_issues"} and one.alike and one.p_value <= alpha for one in asked]
    if not any(told):
        return asked
    neighbours = neighbours_of(snapshot, judged.row_id)
    return [
        replace(one, unsure=both_readings(one, neighbours, judged, alpha)) if ask else one
        for one, ask in zip(asked, told, strict=True)
    ]


def both_readings(asked: Asked, neighbours: Codes | None, judged: Judged, alpha: float) -> frozenset[int]:
    """The levels of `asked` that stand out, but not beyond what a model would make that knows less of their rows.

    Models may know less of rows of another kind: those of a column that they learn from, and those whose neighbours are
    of the same level. Of these, classes are judged in the level's own calibration (`own_sharpness`), large errors of a
    regression in the level's own scale; a shift of its mean may always be the model's.
    """
    import numpy as np

    from governance.measures.own_kind import own_kind
    from governance.measures.own_sharpness import own_sharpness

    codes = asked.factor.codes
    standing = standing_out(asked, alpha)
    if asked.factor.role is not Role.SENSITIVE and neighbours is not None:
        standing = [level for level in standing if own_kind(neighbours, codes == level) <= KIND]
    fewer = asked.question == "label_issues" and not more(asked, standing)
    unsure: list[int] = []
    for level in standing:
        rows = ~np.isin(codes, standing) if fewer else codes == level
        if judged.tested is None:
            shown = asked.question == "label_issues" and _far(judged.residual[:, 0], rows, judged.flagged_from, alpha)
        else:
            labels = judged.tested.rows(np.flatnonzero(rows))
            shown = bool(rows.any()) and own_sharpness(labels.label, labels.chances) <= alpha
        if not shown:
            unsure.append(level)
    return frozenset(unsure)


def _far(residual: Floats, rows: NDArray[np.bool_], flagged_from: float, alpha: float) -> bool:
    """Whether errors of `rows` are large more often than of the others, each in units of its own robust scale."""
    import numpy as np

    from governance.measures.conditional_association import compare_levels

    far = np.zeros(residual.size)
    for part in (rows, ~rows):
        if part.any():
            own = residual[part] - np.median(residual[part])
            far[part] = np.abs(own) > flagged_from * 1.4826 * max(float(np.median(np.abs(own))), 1e-12)
    told = compare_levels(far[:, None], rows.astype(np.int64), np.zeros(rows.size, dtype=np.int64), levels=2, draws=99)
    return bool(told.adjusted[1] <= alpha and told.difference[1, 0] > 0)
