"""The functions of scipy.special that measures use.

SciPy wraps all that NumPy lists, and thereby loads what NumPy itself leaves for later: half of the time of this import,
which every stage that needs one of these functions pays.
"""

from __future__ import annotations

import numpy as np

from governance.lean_imports import as_loaded

with as_loaded(np):
    from scipy.special import (
        bdtrc,
        betainc,
        chdtrc,
        erfcx,
        fdtrc,
        gammaincc,
        gammaln,
        ndtr,
        ndtri,
        pdtrc,
        psi,
        stdtr,
        stdtrit,
        xlog1py,
    )

__all__ = (
    "bdtrc",
    "betainc",
    "chdtrc",
    "erfcx",
    "fdtrc",
    "gammaincc",
    "gammaln",
    "ndtr",
    "ndtri",
    "pdtrc",
    "psi",
    "stdtr",
    "stdtrit",
    "xlog1py",
)
