"""What the texts and images of a snapshot hold, beside what those of another version held: by the means in two sketches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.reporting.joint_comparison import Joint
from governance.sketches.content import DIMENSIONS, image_vectors, sampled_places, text_vectors

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from governance.sketches import ColumnSketch, Sketch
    from governance.snapshot import Snapshot

ROUNDING = 1e-4
"""Means have four digits: a number whose mean is known better than this is left out."""
SKEWED = 2.0
"""By how much p-values are raised: counts of rare words are skewed, and where one version has far fewer rows than the
other, their means have longer tails than the normal distribution."""


def compare_content(
    reference: Sketch, snapshot: Snapshot, current: Sketch, groups: NDArray[np.int64] | None = None
) -> Joint | None:
    """The text or image column whose mean embedding moved most: a z-test of each number, allowing for all of them.

    `groups` (rows,): what rows of the snapshot belong to, when they are not independent.
    """
    import numpy as np

    from governance.measures.dependent_rows import mean_dependence, two_sided
    from governance.measures.special_functions import ndtr

    names, chance, moved, apart = [], [], [], []
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
        z = gap / np.where(told, error, 1.0)
        moved.append(float(z[told].max(initial=0.0)))
        if groups is None:
            chance.append(two_sided(moved[-1], None))
        else:
            vectors, places = _rows_of(snapshot, new)
            shared = [mean_dependence(vectors[:, place], groups[places]) for place in np.flatnonzero(told)]
            chance.append(min(map(two_sided, z[told].tolist(), shared), default=1.0))
        apart.append(float((gap[told] / spread[told]).max(initial=0.0)))
    if not names:
        return None
    place = min(range(len(names)), key=lambda one: (chance[one], -moved[one]))
    p_value = min(1.0, chance[place] * SKEWED * DIMENSIONS * len(names))
    words = f"what {names[place]} holds, by its mean embedding ({apart[place]:.2f} standard deviations at most)"
    return Joint("embedding", p_value, 2 * float(ndtr(apart[place] / 2)) - 1, words, (names[place],))


def _rows_of(snapshot: Snapshot, column: ColumnSketch) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Embeddings (rows, DIMENSIONS) that the means in `column` are of, and the positions of their rows."""
    import numpy as np

    from governance.sketches.binning import series_of

    series = series_of(snapshot, column.name)
    places = np.array(sampled_places(series.len()), dtype=np.int64)
    if column.kind == "characters":
        texts = series.gather(places)
        return text_vectors(texts.drop_nulls().to_list()), places[texts.is_not_null().to_numpy()]
    row_ids = snapshot.frame("row_id").select("row_id").collect()["row_id"]
    images = snapshot.images(row_ids.gather(places).to_list(), column.name)
    parts = [image_vectors([image]) for image in images]
    return np.vstack(parts), places[[part.shape[0] > 0 for part in parts]]
