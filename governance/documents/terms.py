"""Statistical terms in plain words, one line each, for the place where a reader meets them. No audit is named here."""

from __future__ import annotations

import re
from collections.abc import Iterable

Term = tuple[str, str]
"""A term and what it means."""

_TERMS: tuple[tuple[str, str, str], ...] = (
    ("p", r"(?<!\w)p(?= (?:\d|<|adjusted)|$)", "how often chance alone would make so large a difference; 0.01 is once in a hundred"),
    ("p adjusted", r"\bp adjusted\b", "p after allowing for how many columns were looked at; otherwise some would differ by luck"),
    ("effect", r"^(?:largest )?effect$", "how far two distributions lie apart: 0 is not at all, 1 is completely"),
    ("detectable", r"^detectable(?: effect)?$", "a difference of this size would be noticed 8 times in 10; smaller ones may be missed"),
    ("AUC", r"\bAUC\b|\bauc\b|area under the curve",
     "how often a random row of one kind is ranked above one of the other: 0.5 is guessing, 1 is always"),
    ("sd", r"(?<!\w)sd(?!\w)|standard deviations?\b", "standard deviation, how far values usually lie from their mean"),
    ("standard error", r"\bstandard errors?\b", "how far an average of so many rows usually lies from the true one"),
    ("q25 and q75", r"^q25$", "a quarter of the values lie below the first, and a quarter above the second"),
    ("median", r"\bmedian\b", "half of the values lie below it"),
    ("interquartile range", r"\binterquartile\b", "the range that holds the middle half of the values"),
    ("variance", r"\bvariance\b", "how much values differ from their mean, squared"),
    ("quasi-identifier", r"\bquasi.identifiers?\b",
     "a fact that others may know of a person, such as age or postcode; several together can single one out"),
    ("k anonymity", r"\bk anonymity\b", "every person shares these facts with at least k - 1 others"),
    ("out of fold", r"\bout.of.fold\b", "predicted by a model that had not seen the row"),
    ("confident learning", r"\bconfident learning\b", "counts labels that a model contradicts with more than its usual confidence"),
    ("skill", r"^skill$", "what is gained over always guessing: 0 is nothing, 1 is all"),
    ("recall", r"\brecall\b", "of the rows that belong to a class, the share that is found"),
    ("precision", r"\bprecision\b", "of what is named as a class, or flagged, the share that is right"),
    ("R squared", r"\bR squared\b|\bR²", "share of the differences between rows that the model explains"),
    ("confusion matrix", r"\bconfusion matrix\b", "how often each true class was taken for each class; the diagonal is right"),
    ("baseline", r"\bbaseline\b", "what one reaches without looking at any feature"),
    ("rank correlation", r"\brank correlation\b", "how far two columns rise and fall together, from -1 to 1"),
    ("independent", r"\bindependent\b", "rows that tell nothing about each other, so that each counts as one"),
    ("Kolmogorov-Smirnov distance", r"\bKolmogorov-Smirnov\b", "largest gap between two distributions of a number, 0 to 1"),
    ("total variation distance", r"\btotal variation\b", "share of the rows that would have to change their level, 0 to 1"),
    ("Wilson", r"\bWilson\b", "an interval for shares that holds for small numbers of rows as well"),
    ("Newcombe", r"\bNewcombe\b", "an interval for the difference of two shares"),
    ("bootstrap", r"\bbootstrap\b", "the figure is computed again on many random redraws of the same rows"),
    ("DeLong", r"\bDeLong\b", "an interval for the AUC"),
    ("Wald", r"\bWald\b", "an interval from the slope of the fit, good for many rows"),
    ("Holm's method", r"\bHolm's method\b", "stricter the more comparisons are made, so that luck among many is not taken for a finding"),
    ("effective rows", r"\beffective rows\b", "rows of one group tell much the same, so they count as fewer than there are"),
    ("harmonic mean", r"\bharmonic mean\b", "a mean that lies near the lower of two values: both must be high"),
    ("logit scale", r"\blogit scale\b", "shares stretched near 0 and 1, so that an interval never leaves them"),
    ("KL divergence", r"(?i)\bkl divergence\b", "how far shares are from the expected ones: 0 is not at all, and it has no upper end"),
    ("entropy", r"\bentropy\b", "how evenly values are spread: low when one of them is nearly all"),
    ("F1", r"\bF1\b", "near 1 only when most rows of a class are found and most of what is named as it is right"),
    ("Student", r"\bStudent\b", "an interval for a mean"),
)  # fmt: skip
_PATTERNS = tuple((term, re.compile(pattern), meaning) for term, pattern, meaning in _TERMS)


def explained(texts: Iterable[str], besides: Iterable[str] = ()) -> tuple[Term, ...]:
    """The terms that stand in `texts`, in a fixed order. `besides` are names that are explained there already."""
    found = list(texts)
    known = set(besides)
    return tuple(
        (term, meaning)
        for term, pattern, meaning in _PATTERNS
        if term not in known and any(pattern.search(text) for text in found)
    )
