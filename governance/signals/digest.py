"""The digest of a signal: what DVC runs an audit again for."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from governance.canonical import canonical_json

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray


def digest_of(about: dict[str, Any], row_ids: pl.Series, *arrays: NDArray[Any]) -> str:
    """sha256 of what is said about a signal (audits read that too), its row ids and its numbers, little-endian."""
    digest = hashlib.sha256(canonical_json(about).encode())
    digest.update("\n".join(row_ids.to_list()).encode())
    for array in arrays:
        digest.update(str(array.shape).encode())
        digest.update(array.astype(array.dtype.newbyteorder("<")).tobytes())
    return "sha256:" + digest.hexdigest()
