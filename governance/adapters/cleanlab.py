"""Cleanlab: which labels are likely to be wrong, and how sure. Every requested result is proven to have come back.

Source: C. Northcutt, L. Jiang, I. Chuang, Confident Learning, Journal of Artificial Intelligence Research 70, 2021.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from governance.dataset import CleanlabRule
from governance.errors import GovernanceError, MissingExtra
from governance.lean_imports import deferred, hidden

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class CleanlabFailed(GovernanceError):
    """Cleanlab raised, or did not give back what it was asked for."""


def find_class_issues(
    label: NDArray[np.int64], probabilities: NDArray[np.float64], rule: CleanlabRule = "both"
) -> NDArray[np.bool_]:
    """(rows,) likely errors among `label` (rows,), numbers of classes that all occur, by `probabilities` (rows, classes).

    Raises CleanlabFailed when Cleanlab raises or a result is missing, of the wrong length, or not a number.
    """
    import numpy as np

    if not np.isfinite(probabilities).all():  # cleanlab's filter takes them without a word
        raise CleanlabFailed("cleanlab was given probabilities that are not numbers")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            flagged = _imported("filter").find_label_issues(label, probabilities, filter_by=rule, n_jobs=1)
    except Exception as error:
        raise CleanlabFailed(f"cleanlab stopped with {type(error).__name__}") from error
    flags = _proven("find_label_issues", flagged, label.shape)
    if flags.dtype != np.bool_:
        raise CleanlabFailed("cleanlab's find_label_issues gave no mask of rows")
    return flags


def value_quality(label: NDArray[np.float64], predicted: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cleanlab's residual quality (rows,) of numeric labels, 0 to 1, lower is worse; give both in units of noise.

    Raises CleanlabFailed as find_class_issues does.
    """
    import numpy as np

    rank = _imported("regression.rank")
    try:
        quality = rank.get_label_quality_scores(label, predicted, method="residual")
    except Exception as error:
        raise CleanlabFailed(f"cleanlab stopped with {type(error).__name__}") from error
    return _proven("regression.rank", quality, (label.size,)).astype(np.float64)


def _imported(module: str) -> Any:
    import importlib

    # It asks whether what it is given is of pandas, and is given arrays: loading pandas takes longer than all that it does.
    deferred("pandas", classes=("DataFrame", "Series", "Index"))
    try:
        # Without its `datalab`, which would import SciPy's distributions and `datasets`, and nothing here needs that.
        with hidden("cleanlab.datalab", unless="cleanlab"), hidden("datasets", unless="cleanlab"):
            return importlib.import_module(f"cleanlab.{module}")
    except ImportError:
        raise MissingExtra("cleanlab") from None


def _proven(what: str, result: Any, shape: tuple[int, ...]) -> NDArray[Any]:
    """The result as an array, if it is one number per thing that was asked about."""
    import numpy as np

    if result is None:
        raise CleanlabFailed(f"cleanlab's {what} gave nothing back")
    array = np.asarray(result)
    if array.shape != shape:
        raise CleanlabFailed(f"cleanlab's {what} gave {array.shape} results; {shape} were asked for")
    if not np.isfinite(array.astype(np.float64)).all():
        raise CleanlabFailed(f"cleanlab's {what} gave results that are not numbers")
    return array
