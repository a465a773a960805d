"""Features of one snapshot: its columns as the numbers that default models and distances use."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from governance.dataset import ColumnType, Modality, Role
from governance.errors import DataError
from governance.signals import Absent
from governance.signals.unread_words import words_unread
from governance.telling import tell

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from governance.adapters.scikit_learn import Features
    from governance.snapshot import Snapshot

DIMENSIONS = 64
"""Embeddings are no wider, so that distances and storage stay small."""


@dataclass(frozen=True)
class Made:
    """What models and distances are made from, over all rows and without any label."""

    features: Features
    embedding: NDArray[np.float64]
    """(rows, at most DIMENSIONS)."""
    notes: tuple[str, ...]


def make_features(
    snapshot: Snapshot, frame: pl.DataFrame, images: Iterable[bytes | None] | None = None
) -> Made | Absent:
    """Features and embedding of the rows of `frame`, or why there is nothing to make them from.

    `frame` holds no images: they are read from the snapshot by `row_id`, or are `images`, for rows from elsewhere.
    """
    import numpy as np

    from governance.adapters.mixed_features import Mixed
    from governance.adapters.scikit_learn import Features, text_features
    from governance.measures.encoding import encode_table, principal_components

    columns = snapshot.features
    if not columns:
        reason = "no column has a role that a model may learn from"
        return Absent(outcome="not_applicable", code="no_features", reason=reason)
    if frame.height < 2:
        return Absent(outcome="inconclusive", code="too_few_rows", reason="there is one row only")
    tell("features")
    notes: list[str] = []
    texts = [column.name for column in columns if column.resolved_role is Role.TEXT or column.type is ColumnType.TEXT]
    encoding = encode_table(frame, [c for c in columns if c.name not in texts and c.type is not ColumnType.IMAGE])
    if encoding.infinite:
        notes.append(f"{encoding.infinite} infinite numbers were treated as missing")
    parts = [encoding.matrix]
    sparse = None
    if texts:
        rows = frame.select(texts).fill_null("").rows()
        sparse, latent = text_features(["\n".join(str(cell) for cell in row) for row in rows])
        parts.append(latent)
    image = snapshot.image_column
    if image is not None and any(column.name == image for column in columns):
        from governance.adapters.pillow import pixels

        try:
            values = pixels(snapshot.images(frame["row_id"].to_list()) if images is None else images)
        except DataError as error:
            return Absent(outcome="failed", code="unreadable_images", reason=str(error))
        missing = np.isnan(values).any(axis=1)
        if missing.any():
            notes.append(f"{int(missing.sum())} missing images were replaced by the mean image")
            values[missing] = values[~missing].mean(axis=0) if not missing.all() else 0.0
        parts.append(values)
    unread = words_unread(frame, columns, encoding.sources)
    dense = parts[0] if len(parts) == 1 else np.hstack(parts)  # no second copy of a large table
    varying = np.ptp(dense, axis=0) > 0 if dense.size else np.zeros(dense.shape[1], dtype=bool)
    if not varying.any():
        reason = "no feature varies in a way that a model could use: all are constant, missing, or unlike in every row"
        reason += f"; {unread}" if unread else ""
        return Absent(outcome="failed", code="no_usable_features", reason=reason)
    notes += [unread] if unread else []
    of_text = snapshot.modality is Modality.TEXT and sparse is not None
    beside = sparse is not None and encoding.matrix.shape[1] > 0 and snapshot.modality is not Modality.IMAGE
    mixed = Mixed(sparse, dense) if beside else None
    features = Features(encoding.matrix, sparse, mixed) if of_text else Features(dense, mixed=mixed)
    return Made(features, principal_components(dense, DIMENSIONS), tuple(notes))
