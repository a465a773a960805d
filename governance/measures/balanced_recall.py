"""Are classes told apart when each counts the same, however rare it is?

Where one class has 97 % of the rows, nothing beats naming it always, though models may rank the others well. The mean
recall of the classes (balanced accuracy) is 1 over their number for whoever knows nothing. Source: K. Brodersen, C. Ong,
K. Stephan, J. Buhmann. The Balanced Accuracy and Its Posterior Distribution. ICPR, 2010.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Z = 3.0
"""Standard errors above chance: once in a thousand by chance alone."""


def recalls_beat_chance(
    predicted: NDArray[np.int64], label: NDArray[np.int64], group: NDArray[np.int64] | None = None
) -> bool:
    """Whether the mean recall of the classes that occur is Z standard errors above chance; all (rows,).

    Rows of a `group` count as one witness of each class. Recalls are shrunk as if each class had a hit and a miss more,
    so that three rows prove nothing.
    """
    classes = np.unique(label)
    if classes.size < 2:
        return False
    recall, variance = np.zeros(classes.size), np.zeros(classes.size)
    for at, one in enumerate(classes.tolist()):
        own = label == one
        units = int(own.sum()) if group is None else np.unique(group[own]).size
        hits = float((predicted[own] == one).mean()) * units
        recall[at] = (hits + 1) / (units + 2)
        variance[at] = recall[at] * (1 - recall[at]) / (units + 2)
    return bool(recall.mean() - 1 / classes.size > Z * np.sqrt(variance.sum()) / classes.size)
