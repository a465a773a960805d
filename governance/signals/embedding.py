"""The signals `embeddings` and `neighbours`: rows as points, and the nearest other rows of each.

On disk: embeddings.parquet and neighbours.parquet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from governance.signals import Absent, Neighbours
from governance.signals.digest import digest_of
from governance.signals.features import Made
from governance.signals.user import Aligned, Misaligned, keys_of, read_embeddings

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from governance.dataset import UserSignals

NEIGHBOURS = 10
"""Enough for density (outliers) and for runs of near copies; one graph serves all audits."""
DECIMALS = 6
"""Embeddings and distances are rounded, so that the last bits of a sum do not change a digest."""


def compute_embeddings(
    folder: Path, frame: pl.DataFrame, made: Made | Absent | None, user: UserSignals | None, workspace: Path
) -> tuple[Neighbours | Absent, dict[str, Any]]:
    """Writes embeddings.parquet and neighbours.parquet; gives the neighbours and the fields of SignalsInfo on both."""
    import numpy as np
    import polars as pl

    from governance.adapters.faiss import nearest

    notes: tuple[str, ...] = ()
    if user is not None and user.embeddings is not None:
        aligned = _users_embeddings(user, user.embeddings, frame, workspace)
        if isinstance(aligned, Absent):
            return aligned, {"absent": {"embeddings": aligned, "neighbours": aligned}}
        embedding, notes = aligned.values, aligned.notes
    elif isinstance(made, Made):
        embedding = made.embedding
    else:
        assert made is not None
        return made, {"absent": {"embeddings": made, "neighbours": made}}
    with np.errstate(over="ignore"):
        vectors = np.round(embedding, DECIMALS).astype(np.float32)
    if not np.isfinite(vectors).all():
        large = Absent(outcome="failed", code="not_finite", reason="embeddings hold numbers too large for distances")
        return large, {"absent": {"embeddings": large, "neighbours": large}}
    rows, width = vectors.shape
    kind = pl.Array(pl.Float32, width)
    pl.DataFrame({"row_id": frame["row_id"], "embedding": pl.Series(vectors, dtype=kind)}).write_parquet(
        folder / "embeddings.parquet"
    )
    digests = {"embeddings": digest_of({}, frame["row_id"], vectors)}
    if rows < 2:
        alone = Absent(outcome="inconclusive", code="too_few_rows", reason="there is one row only")
        return alone, {"absent": {"neighbours": alone}, "digests": digests, "notes": notes}
    k = min(NEIGHBOURS, rows - 1)
    found = nearest(vectors, k, frame["row_id"].rank("ordinal").to_numpy().astype(np.int64))
    distance = np.round(found.distance, DECIMALS)
    pl.DataFrame(
        {
            "row_id": frame["row_id"],
            "index": pl.Series(found.index, dtype=pl.Array(pl.Int64, k)),
            "distance": pl.Series(distance, dtype=pl.Array(pl.Float64, k)),
        }
    ).write_parquet(folder / "neighbours.parquet")
    about = {"neighbour_method": found.method, "neighbour_recall": found.recall}
    digests["neighbours"] = digest_of(about, frame["row_id"], found.index, distance)
    if found.recall is not None:
        notes = (*notes, f"neighbours are approximate; their recall was measured on {found.sample} rows")
    graph = Neighbours(frame["row_id"].to_numpy(), found.index, distance)
    return graph, {**about, "digests": digests, "notes": notes}


def _users_embeddings(user: UserSignals, path: str, frame: pl.DataFrame, workspace: Path) -> Aligned | Absent:
    try:
        return read_embeddings(workspace / path, path, user.key, keys_of(user, frame))
    except Misaligned as error:
        return error.absent
