"""Features of texts beside other columns: which models learn from terms, and which from latent dimensions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from governance.adapters.scikit_learn import Features


@dataclass(frozen=True)
class Mixed:
    """Texts beside other columns: few terms tell much, which their latent dimensions blur, and trees cannot use terms."""

    terms: Any
    """(rows, terms) TF-IDF matrix in SciPy's CSR form."""
    dense: NDArray[np.float64]
    """(rows, d) the other columns and the texts' latent dimensions."""

    def rows(self, positions: NDArray[np.int64]) -> Mixed:
        """Those of some rows."""
        return Mixed(self.terms[positions], self.dense[positions])


def matrices(features: Features, *, mixed: bool) -> tuple[Any, Any]:
    """What linear models learn from, and what the others do: the same, unless texts stand beside other columns."""
    if not mixed or features.mixed is None:
        matrix = joined(features.sparse, features.dense)
        return matrix, matrix
    return joined(features.mixed.terms, features.mixed.dense), features.mixed.dense


def joined(sparse: Any, dense: NDArray[np.float64]) -> Any:
    """`dense` (rows, d) beside `sparse` (rows, terms), which may be None, as one matrix."""
    if sparse is None:
        return dense
    from scipy.sparse import csr_matrix, hstack

    if dense.shape[1] == 0:
        return sparse
    return hstack([sparse, csr_matrix(dense)], format="csr")
