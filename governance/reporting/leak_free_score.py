"""What leaks are worth: the score on the last split with them, and without them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from governance.evidence import Metric
from governance.reporting.copies import ordered
from governance.reporting.row_evidence import group_codes
from governance.reporting.target_leakage import without
from governance.signals import Absent

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

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


@dataclass(frozen=True)
class Corrected:
    """The score as the split gives it, and without what leaks; their intervals are in the metrics."""

    metrics: tuple[Metric, ...]
    inflation: float | None
    """Score as split, less the score without leaks; None when it cannot be told."""
    inflation_low: float | None
    """Lower end of its 95 % interval."""


def correct(snapshot: Snapshot, leaked: frozenset[str], columns: frozenset[str]) -> Corrected | None:
    """The score with and without the `leaked` rows and the leaking `columns`; None when there is nothing to score."""
    import numpy as np

    splits = ordered(snapshot.splits)
    if len(splits) < 2 or snapshot.target is None or not (leaked or columns):
        return None
    held = _held(snapshot, splits[0], splits[-1])
    if held is None:
        return None
    clean = np.array([row not in leaked for row in held.row_id], dtype=bool)
    everything = np.ones(clean.size, dtype=bool)
    metrics = [_metric(snapshot, "as_split", held, everything, f"score {WHAT}, on all rows of the last")]
    if leaked:
        words = f"score {WHAT}, on the rows of the last that share nothing with it"
        metrics.append(_metric(snapshot, "without_leaked_rows", held, clean, words))
    final = held
    if columns:
        honest = _held(without(snapshot, columns), splits[0], splits[-1])
        words = f"score {WHAT} without the leaking columns, on the rows of the last that share nothing with it"
        if honest is None:
            metrics.append(
                _unknown("without_leaks", words, "without the leaking columns there is nothing to learn from")
            )
        else:
            final = honest
            metrics.append(_metric(snapshot, "without_leaks", final, clean, words))
    before, after = metrics[0], metrics[-1]
    if before.value is None or after.value is None:
        return Corrected(tuple(metrics), None, None)
    return Corrected(tuple(metrics), before.value - after.value, _low(snapshot, held, final, clean))


def _held(snapshot: Snapshot, first: str, last: str) -> Held | None:
    import numpy as np

    from governance.signals.features import make_features
    from governance.signals.out_of_fold import Folds, labelled_rows, predict

    frame = snapshot.frame_without_images().collect().sort("row_id")
    known = labelled_rows(snapshot, frame, 2 * MIN_HELD)
    if isinstance(known, Absent):
        return None
    split = frame["split"].to_numpy()[known.rows]
    kept = np.flatnonzero((split == first) | (split == last))
    held = np.flatnonzero(split == last)
    if held.size > MAX_HELD:
        dropped = np.setdiff1d(held, held[np.linspace(0, held.size - 1, MAX_HELD).astype(np.int64)])
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
    values = predict(snapshot, made.features, chosen, Folds(assigned, 2, "", False, ())).values
    later = assigned == 1
    row_id = here["row_id"].to_numpy()[later].tolist()
    label = chosen.label[later]
    if known.classes:
        return Held(row_id, values[later].argmax(axis=1) == label, label.astype(np.float64), None)
    return Held(row_id, None, label.astype(np.float64), values[later])


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
        independent_units=None if codes is None else len(set(codes)),
        better="higher",
        meaning=meaning,
    )


def _unknown(name: str, meaning: str, note: str, kind: str = "score") -> Metric:
    return Metric(name=f"{kind}_{name}", value=None, better="higher", meaning=meaning, note=note)


def _low(snapshot: Snapshot, held: Held, final: Held, clean: NDArray[np.bool_]) -> float | None:
    """Lower end of the 95 % bootstrap interval of the inflation; the same draws for both scores."""
    import numpy as np

    from governance.measures.intervals import bootstrap
    from governance.measures.single_feature import value_skill

    def inflation(drawn: NDArray[np.int64]) -> float:
        left = drawn[clean[drawn]]
        if left.size < 2:
            return float("nan")
        if held.right is not None and final.right is not None:
            return float(held.right[drawn].mean() - final.right[left].mean())
        assert held.predicted is not None
        assert final.predicted is not None
        before = value_skill(held.predicted[drawn], held.label[drawn])
        return before - value_skill(final.predicted[left], held.label[left])

    low, _ = bootstrap(inflation, clean.size, groups=group_codes(snapshot, held.row_id))
    return None if np.isnan(low) else low
