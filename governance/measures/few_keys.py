"""One column decides another, of few keys with many rows each: a state and its name in another language, a drug and its unit.

Far fewer rows break such a rule than would by chance also where two columns honestly hang together: a country and a
currency. What tells slips from honest exceptions is where they are. Slips hit every key alike, and what they write is
another value by how often it stands, or any of them; exceptions are of one key, or of one value. So a rule is taken for one
when nearly all rows of every key keep it, and its exceptions lie as slips would. Few keys cannot tell more: a test that is
right for 98 % of the ill and of the healthy looks the same, so that such rows are doubtful.
Sources: J. Kivinen, H. Mannila. Approximate inference of functional dependencies from relations. TCS 149, 1995; for the
evidence of counts I. J. Good. A Bayesian significance test for multinomial distributions. JRSS B 29, 1967.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from governance.measures.special_functions import bdtrc, gammaln

LEAST_ROWS = 10
"""Rows of a key, and of a value, before its majority says anything without many other keys."""
ASKED = 0.9
"""Share of the rows whose keys have so many."""
BROKEN = 0.05
"""Share of them that may break the rule."""
KNOWN = 2 / 3
"""Share of the exceptions that must hold what other keys decide: where others do, the column has values without a key."""
UNEVEN = 0.01
"""How seldom a key of so many rows may have so many exceptions."""
LEAST_LIKELY = 1 / 3
"""So much as likely slips must lie as the exceptions do as honest ones would."""
SURE_KEYS, PER_KEY = 8, 1.5
"""With so many keys a rule is taken for one whose exceptions are slips unless where they lie speaks against it; each key
fewer must be outweighed by slips being so many times likelier, and each one more outweighs as much."""
HANGS_ON = 1e-3
"""That any level of all other columns holds so many of them (Bonferroni)."""


def keeps_few(counts: NDArray[np.int64]) -> bool:
    """Whether nearly all rows of every key keep a rule; `counts` (keys, values), keys with fewer than LEAST_ROWS left out."""
    if counts.shape[0] < 2:
        return False
    rows, best = counts.sum(axis=1), counts.argmax(axis=1)
    broken = rows - counts.max(axis=1)
    home = np.zeros(counts.shape[1], dtype=np.int64)
    np.add.at(home, best, counts.max(axis=1))
    values = np.unique(best)
    # What stands more often where other keys decide otherwise follows from no key.
    own = (home[values] >= LEAST_ROWS) & (2 * home[values] > counts[:, values].sum(axis=0))
    share = broken.sum() / rows.sum()
    beyond = rows.size * bdtrc(np.maximum(broken - 1, 0), rows, BROKEN)
    known = counts[:, values].sum() - counts.max(axis=1).sum()
    return bool(
        values.size >= 2
        and own.all()
        and share <= BROKEN
        and ((broken == 0) | (beyond >= UNEVEN)).all()
        and known >= KNOWN * broken.sum()
    )


def speaks_for_slips(counts: NDArray[np.int64]) -> float:
    """Natural logarithm of how much likelier the exceptions in `counts` (keys, values) of a rule lie as they do when they
    are slips than when each key and value has its own share of them; 0 where there is at most one.

    A slip hits a row whatever its key, and writes another value, by how often it stands or whichever; or it writes what any
    row holds, which is seen less often where that is the usual. The three are alike likely. Honest shares are Dirichlet's
    around them, of half a row in each cell.
    """
    best = counts.argmax(axis=1)
    values = np.unique(best)
    table = counts[:, values].astype(np.float64)
    own = values[None, :] == best[:, None]
    found = table[~own]
    if found.sum() < 2:
        return 0.0
    rows, others = counts.sum(axis=1).astype(np.float64)[:, None], np.where(own, 0.0, table.sum(axis=0))
    by_share, whichever, as_any_row = rows * others / others.sum(axis=1, keepdims=True), rows * ~own, rows * others
    slips, honest = zip(*(_likelihoods(found, one[~own]) for one in (by_share, whichever, as_any_row)), strict=True)
    return float(np.logaddexp.reduce(slips) - np.logaddexp.reduce(honest))


def _likelihoods(found: NDArray[np.float64], weights: NDArray[np.float64]) -> tuple[float, float]:
    """Logarithms of the likelihood of `found` (cells,), drawn by `weights` (cells,) and by shares around them, but for what
    both have in common."""
    share = weights / weights.sum()
    prior = found.size / 2 * share
    drawn = float((gammaln(found + prior) - gammaln(prior)).sum())
    every = float(gammaln(prior.sum()) - gammaln(found.sum() + prior.sum()))
    return float((found * np.log(share)).sum()), drawn + every


def sure_of_slips(counts: NDArray[np.int64]) -> bool:
    """Whether a rule that nearly all rows keep is one, and its exceptions in `counts` (keys, values) are slips.

    Each key that keeps it speaks for it, as honest shares would be larger in some; where the exceptions lie speaks too.
    """
    return speaks_for_slips(counts) + (len(counts) - SURE_KEYS) * math.log(PER_KEY) >= 0


def hangs_on_others(
    broken: NDArray[np.bool_], keys: NDArray[np.int64], columns: Mapping[str, NDArray[np.integer[Any]]]
) -> NDArray[np.bool_]:
    """Those of the `broken` rows (n,) in levels of other columns that hold far more of them than slips would.

    `keys` (n,): each row's key, from 0; what a level may hold by chance is the sum of the shares of the keys of its rows.
    `columns`: by name, the code of each row's level (n,), from 0. As foretold_rows, but a level need not hold such rows only.
    """
    share = (np.bincount(keys, weights=broken) / np.maximum(np.bincount(keys), 1))[keys]
    tests = sum(int(codes.max()) + 1 for codes in columns.values())
    found = np.zeros(broken.shape, dtype=bool)
    for codes in columns.values():
        hits = np.bincount(codes[broken])
        if hits.max(initial=0) < 2:
            continue
        rows, expected = (np.bincount(codes, weights=one)[: hits.size] for one in (None, share))
        asked = np.flatnonzero((hits >= 2) & (hits > expected))
        chance = bdtrc(hits[asked] - 1, rows[asked], expected[asked] / rows[asked])
        found |= broken & np.isin(codes, asked[tests * chance < HANGS_ON])
    return found
