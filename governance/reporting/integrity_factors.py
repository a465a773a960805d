"""Numbers by a factor beyond all others of their column: by which one, and whether they are a kind of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.reporting.integrity_levels import as_foretold
from governance.reporting.integrity_rules import Damage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from governance.measures.unit_factors import Factors
    from governance.reporting.integrity_levels import RowLevels


def beyond_by_a_factor(
    name: str, values: NDArray[np.float64], far: NDArray[np.bool_], levels: RowLevels, *, loose: bool = False
) -> list[Damage]:
    """The `far` ones of `values` (n,) with the one factor that brings them among the others; where several do, without, and
    as a note those that another column's level foretells: stainless steel has far more chromium than any other."""
    import numpy as np

    from governance.measures.foretold_rows import foretold
    from governance.measures.unit_factors import likely_factors

    rows = np.flatnonzero(far)
    if not rows.size:
        return []
    factors = likely_factors(values[np.isfinite(values) & (values != 0) & ~far], values[far])
    because = _shown(factors)
    if factors.clear:
        meant = [f"{one:.10g}" for one in (values[rows] / factors.likely[0]).tolist()]
        return [Damage("unit_mixup", name, rows, meant, f" ({because})", loose)]
    told, by = foretold(far, levels.but(name))
    if not told.any():
        return [Damage("unit_mixup", name, rows, [""] * rows.size, f" ({because})", loose)]
    kind, rest = np.flatnonzero(told), np.where(told, np.nan, values)
    honest = Damage("unit_mixup", name, kind, [""] * kind.size, f" ({because}{as_foretold(by)})", loose=True)
    return [honest, *beyond_by_a_factor(name, rest, far & ~told, levels, loose=loose)]


def _shown(factors: Factors) -> str:
    """`factor 60`, or `factor 60, 100 or another; no correction is suggested`."""
    if factors.clear:
        return f"factor {_factor(factors.likely[0])}"
    told = [*map(_factor, factors.likely), *["another"] * (factors.other or len(factors.likely) < 2)]
    which = (
        f"factor {' or '.join(([', '.join(told[:-1])] if told[1:] else []) + told[-1:])}"
        if told[1:]
        else "no usual factor"
    )
    return f"{which}; no correction is suggested"


def _factor(factor: float) -> str:
    """`1000`, `0.01` and `1/60`."""
    shown = f"{factor:.4g}"
    return f"1/{1 / factor:.4g}" if factor < 1 and len(shown) > len("0.001") else shown
