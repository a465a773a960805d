"""What leaks are worth: the score on the last split with them, and without them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from governance.evidence import Metric
from governance.reporting.labelled_sample import without
from governance.reporting.row_evidence import group_codes
from governance.signals import Absent

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from governance.reporting.shared_rows import SharedRows
    from governance.snapshot import Snapshot

MIN_HELD = 30
"""With fewer rows of the last split that do not leak, their score says nothing."""
MAX_HELD = 20_000
WHAT = "of the default models, fitted on the first split"


@dataclass(frozen=True)
class Held:
    """What models that were fitted on the first split say of the last one."""

    row_id: list[str]
    """Labelled rows of the last split."""
    right: NDArray[np.bool_] | None
    """(rows,) for classes."""
    label: NDArray[np.float64]
    predicted: NDArray[np.float64] | None
    """(rows,) for numbers."""
    learnt_from: int
    """Labelled rows of the first split that the models could learn from."""


@dataclass(frozen=True)
class Corrected:
    """The score as the split gives it, and without what leaks; their intervals are in the metrics."""

    metrics: tuple[Metric, ...]
    inflation: float | None
    """Score as split, less the score without leaks; None when it cannot be told."""
    inflation_low: float | None
    """Lower end of its 95 % interval."""
    taken: frozenset[str] = frozenset()
    """Rows that the score without leaks leaves out, of the last split or of the first."""


def correct(snapshot: Snapshot, shared: SharedRows, columns: frozenset[str]) -> Corrected | None:
    """The score with and without rows that splits share and the leaking `columns`; None when nothing is to be scored.

    What splits share is taken from the side whose shared rows stand together in its files, as added ones do. Where that
    tells no side, from the one that loses the smaller share of its rows: copies that were added to one side are fewer
    there than the originals are on the other, and what is left is what was before.
    """
    import numpy as np

    splits = snapshot.splits
    leaked = shared.later
    if len(splits) < 2 or snapshot.target is None or not (leaked or columns):
        return None
    held = _held(snapshot, splits[0], splits[-1])
    if held is None:
        return None
    unshared = np.array([row not in leaked for row in held.row_id], dtype=bool)
    everything = np.ones(unshared.size, dtype=bool)
    metrics = [_metric(snapshot, "as_split", held, everything, f"score {WHAT}, on all rows of the last")]
    if leaked:
        words = f"score {WHAT}, on the rows of the last that share nothing with an earlier one"
        metrics.append(_metric(snapshot, "without_leaked_rows", held, unshared, words))
    left = held.learnt_from - len(shared.learnt)
    came_in = _came_in(snapshot, shared)
    smaller = len(shared.learnt) <= (1 - unshared.mean()) * held.learnt_from
    from_first = (
        left >= 2 * MIN_HELD and len(shared.learnt) > 0 and (smaller if came_in is None else came_in == splits[0])
    )
    taken = shared.learnt if from_first else leaked & frozenset(held.row_id)
    final = _held(without(snapshot, columns), splits[0], splits[-1], left_out=taken)
    words = f"score {WHAT}" + " without the leaking columns" * bool(columns)
    words += (
        f" and without its {len(shared.learnt)} rows that share something with the last, on all rows of the last"
        if from_first
        else ", on the rows of the last that share nothing with an earlier one, as if it had no others"
    )
    if final is None:
        metrics.append(
            _unknown("without_leaks", words, "without what leaks there is too little to learn from or to judge")
        )
    else:
        every = np.ones(len(final.row_id), dtype=bool)
        metrics.append(_metric(snapshot, "without_leaks", final, every, words))
    before, after = metrics[0], metrics[-1]
    if final is None or before.value is None or after.value is None:
        return Corrected(tuple(metrics), None, None)
    return Corrected(tuple(metrics), before.value - after.value, _low(snapshot, held, final), taken)


def _came_in(snapshot: Snapshot, shared: SharedRows) -> str | None:
    """The first or the last split, where the rows that they share stand together in one's files, and not in the other's."""
    from governance.measures.runs_of_marks import stand_together

    places = snapshot.frame("row_id").select("row_id", "split", "source_file", "source_row").collect()
    places = places.sort("source_file", "source_row")
    sides = {snapshot.splits[0]: shared.learnt, snapshot.splits[-1]: shared.later}
    found = []
    for split, rows in sides.items():
        side = places.filter(places["split"] == split)
        if stand_together(side["row_id"].is_in(list(rows)).to_numpy()):
            found.append(split)
    return found[0] if len(found) == 1 else None


def _held(snapshot: Snapshot, first: str, last: str, left_out: frozenset[str] = frozenset()) -> Held | None:
    """What models fitted on the split `first` say of the split `last`, as if there were no rows `left_out`."""
    import numpy as np

    from governance.measures.evenly_spaced import evenly_spaced
    from governance.signals.features import make_features
    from governance.signals.out_of_fold import Folds, labelled_rows, predict

    frame = snapshot.frame_without_images().collect().sort("row_id")
    known = labelled_rows(snapshot, frame, 2 * MIN_HELD)
    if isinstance(known, Absent):
        return None
    split = frame["split"].to_numpy()[known.rows]
    read = ~frame["row_id"].is_in(list(left_out)).to_numpy()[known.rows]
    kept = np.flatnonzero(read & ((split == first) | (split == last)))
    held = np.flatnonzero(split == last)
    if held.size > MAX_HELD:
        dropped = np.setdiff1d(held, held[evenly_spaced(held.size, MAX_HELD)])
        kept = np.setdiff1d(kept, dropped)
    assigned = (split[kept] == last).astype(np.int64)
    if assigned.sum() < MIN_HELD or assigned.size - assigned.sum() < MIN_HELD:
        return None
    from dataclasses import replace

    chosen = replace(known, rows=known.rows[kept], label=known.label[kept])
    here = frame[chosen.rows.tolist()]
    made = make_features(snapshot, here)
    if isinstance(made, Absent):
        return None
    # Forward, so that the last split teaches nothing, not even how much each model counts: copies in it would tell.
    values = predict(snapshot, made.features, chosen, Folds(assigned, 2, "", True, ())).values
    later = assigned == 1
    row_id = here["row_id"].to_numpy()[later].tolist()
    label = chosen.label[later]
    if known.classes:
        right = values[later].argmax(axis=1) == label
        return Held(row_id, right, label.astype(np.float64), None, int((~later).sum()))
    return Held(row_id, None, label.astype(np.float64), values[later], int((~later).sum()))


def _metric(snapshot: Snapshot, name: str, held: Held, rows: NDArray[np.bool_], meaning: str) -> Metric:
    """Accuracy, or R squared, on some of the held rows."""
    import numpy as np

    from governance.measures.intervals import bootstrap, wilson, wilson_of_groups
    from governance.measures.single_feature import value_skill

    kind = "accuracy" if held.right is not None else "r2"
    if rows.sum() < MIN_HELD:
        note = f"only {int(rows.sum())} rows of the last split share nothing with earlier ones; divide the data anew"
        return _unknown(name, meaning, note, kind)
    at = np.flatnonzero(rows)
    codes = group_codes(snapshot, [held.row_id[position] for position in at.tolist()])
    if held.right is not None:
        right = held.right[at]
        value = float(right.mean())
        low, high = wilson(int(right.sum()), right.size) if codes is None else wilson_of_groups(right, codes)
        how = "95 % Wilson" if codes is None else "95 % Wilson, rows counted by independent group"
    else:
        assert held.predicted is not None
        label, predicted = held.label[at], held.predicted[at]
        value = value_skill(predicted, label)
        low, high = bootstrap(lambda drawn: value_skill(predicted[drawn], label[drawn]), label.size, groups=codes)
        how = "95 % bootstrap, 200 draws, seed 0"
    return Metric(
        name=f"{kind}_{name}",
        value=value,
        unit="share" if kind == "accuracy" else "",
        low=None if np.isnan(low) else low,
        high=None if np.isnan(high) else high,
        interval=how,
        n=int(at.size),
        independent_units=None if codes is None else len(set(codes.tolist())),
        better="higher",
        meaning=meaning,
    )


def _unknown(name: str, meaning: str, note: str, kind: str = "score") -> Metric:
    return Metric(name=f"{kind}_{name}", value=None, better="higher", meaning=meaning, note=note)


def _low(snapshot: Snapshot, held: Held, final: Held) -> float | None:
    """Lower end of the 95 % bootstrap interval of the inflation; the same draws for both scores."""
    import numpy as np

    from governance.measures.intervals import bootstrap
    from governance.measures.single_feature import value_skill

    place = {row: number for number, row in enumerate(final.row_id)}
    at = np.array([place.get(row, -1) for row in held.row_id], dtype=np.int64)

    def inflation(drawn: NDArray[np.int64]) -> float:
        left = at[drawn]
        left = left[left >= 0]
        if left.size < 2:
            return float("nan")
        if held.right is not None and final.right is not None:
            return float(held.right[drawn].mean() - final.right[left].mean())
        assert held.predicted is not None
        assert final.predicted is not None
        before = value_skill(held.predicted[drawn], held.label[drawn])
        return before - value_skill(final.predicted[left], final.label[left])

    low, _ = bootstrap(inflation, at.size, groups=group_codes(snapshot, held.row_id))
    return None if np.isnan(low) else low
