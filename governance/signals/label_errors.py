"""The signal `label_errors`: which labels out-of-fold predictions contradict, as Cleanlab judges it, once for all audits.

On disk: label_errors.parquet with row_id, `quality` and, of classes, `flagged`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from governance.adapters.cleanlab import CleanlabFailed, find_class_issues, value_quality
from governance.dataset import CleanlabRule
from governance.errors import MissingExtra
from governance.signals import Absent
from governance.telling import tell

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from governance.signals.out_of_fold import Labelled


SIGNIFICANT = 2.0**30
"""Of a quality so many steps are kept, however small it is: the last bits of what it comes from differ between processors."""


def find_label_errors(
    row_id: pl.Series,
    known: Labelled,
    values: NDArray[Any],
    second: NDArray[np.float64] | None,
    *,
    rule: CleanlabRule,
    least: int,
) -> tuple[pl.DataFrame, dict[str, Any]] | Absent:
    """The frame of label_errors.parquet and the fields of SignalsInfo that speak of it, or why there are none.

    `row_id`, `values` (predictions, of classes probabilities) and `second` (Signals.second_word) are of the labelled rows.
    Of classes, rows of those with fewer than `least` rows are left out: too few to learn from.
    """
    import numpy as np
    import polars as pl

    from governance.measures.label_noise import only_classes, standardised_residuals
    from governance.measures.label_quality import label_quality

    tell("label errors")
    try:
        if not known.classes:
            residuals = standardised_residuals(known.label.astype(np.float64), values)
            quality = value_quality(residuals.standardised, np.zeros(known.label.size))
            return pl.DataFrame({"row_id": row_id, "quality": _stepped(quality)}), {}
        numbers = known.label.astype(np.int64)
        kept = np.flatnonzero(np.bincount(numbers, minlength=len(known.classes)) >= least)
        if kept.size < 2:
            reason = f"fewer than two classes have {least} rows, the least that is judged"
            return Absent(outcome="inconclusive", code="classes_too_small", reason=reason)
        rows, label, probabilities = only_classes(numbers, values, kept)
        flagged = find_class_issues(label, probabilities, rule)
    except (CleanlabFailed, MissingExtra) as error:
        return Absent(outcome="failed", code="cleanlab_failed", reason=str(error))
    about = {
        "label_rule": rule,
        "judged_classes": tuple(known.classes[number] for number in kept),
    }
    other = None if second is None else only_classes(numbers, second, kept)[2]
    quality = _stepped(label_quality(label, probabilities, other))
    return pl.DataFrame({"row_id": row_id.gather(rows.tolist()), "flagged": flagged, "quality": quality}), about


def _stepped(quality: NDArray[np.float64]) -> NDArray[np.float64]:
    import numpy as np

    mantissa, exponent = np.frexp(quality)
    return np.asarray(np.ldexp(np.round(mantissa * SIGNIFICANT), exponent) / SIGNIFICANT, dtype=np.float64)
