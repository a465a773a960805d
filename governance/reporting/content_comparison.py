"""What the texts and images of a snapshot hold, beside what those of another version held: by the means in two sketches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.reporting.joint_comparison import Joint
from governance.sketches.content import DIMENSIONS

if TYPE_CHECKING:
    from governance.sketches import Sketch
    from governance.snapshot import Snapshot

ROUNDING = 1e-4
"""Means have four digits: a number whose mean is known better than this is left out."""
SKEWED = 2.0
"""By how much p-values are raised: counts of rare words are skewed, and where one version has far fewer rows than the
other, their means have longer tails than the normal distribution."""


def compare_content(reference: Sketch, snapshot: Snapshot, current: Sketch) -> Joint | None:
    """The text or image column whose mean embedding moved most: a z-test of each number, allowing for all of them."""
    import numpy as np
    from scipy.special import ndtr

    names, moved, apart = [], [], []
    for column in snapshot.features:
        old, new = reference.column(column.name), current.column(column.name)
        if old is None or new is None or not old.content_rows or not new.content_rows or old.kind != new.kind:
            continue
        n, m = old.content_rows, new.content_rows
        gap = np.abs(np.array(new.content_mean) - np.array(old.content_mean))
        # The variance of both together: that of one alone can be 0 by chance, where a word is rare.
        within = n * np.array(old.content_sd) ** 2 + m * np.array(new.content_sd) ** 2
        spread = np.sqrt((within + n * m / (n + m) * gap**2) / (n + m))
        error = spread * (1 / n + 1 / m) ** 0.5
        told = error > ROUNDING
        names.append(column.name)
        moved.append(float((gap[told] / error[told]).max(initial=0.0)))
        apart.append(float((gap[told] / spread[told]).max(initial=0.0)))
    if not names:
        return None
    place = int(np.argmax(moved))
    p_value = min(1.0, 2 * float(ndtr(-moved[place])) * SKEWED * DIMENSIONS * len(names))
    words = f"what {names[place]} holds, by its mean embedding ({apart[place]:.2f} standard deviations at most)"
    return Joint("embedding", p_value, 2 * float(ndtr(apart[place] / 2)) - 1, words, (names[place],))
