"""Images that stay where they are: the snapshot names each by path, sha256 and size, and this reads it.

Nothing is taken for the image that was snapshotted but bytes with its sha256. So a folder that changes under a running
pipeline, or is not here, is an error that names the file, and never a measurement of something else.
"""

from __future__ import annotations

import hashlib
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from governance.errors import SourceChanged

if TYPE_CHECKING:
    import polars as pl

SOURCE_CHANGED = "source_changed"
"""Code of what could not be measured because an image is not the one that was snapshotted."""
_FIELDS = ("path", "sha256", "size")


def told(error: SourceChanged) -> str:
    """Its message, without what a library that it passed through adds below."""
    return str(error).partition("\n")[0]


def reference_type() -> pl.Struct:
    """Type of a column of references: `path` (relative to the workspace, with `/`), `sha256` (hex), `size` (bytes)."""
    import polars as pl

    return pl.Struct(dict(zip(_FIELDS, (pl.String, pl.String, pl.Int64), strict=True)))


def reference(path: PurePosixPath, content: bytes) -> dict[str, Any]:
    """What names the image file at `path` (relative to the workspace) that holds `content`."""
    sha256 = hashlib.sha256(content).hexdigest()
    return dict(zip(_FIELDS, (path.as_posix(), sha256, len(content)), strict=True))


def read_image(root: Path, named: dict[str, Any]) -> bytes:
    """The bytes of the image that a reference names below the workspace `root`. Raises SourceChanged."""
    path = str(named["path"])
    try:
        content: bytes = (root / path).read_bytes()
    except OSError as error:
        cause = "is not here" if isinstance(error, FileNotFoundError) else f"cannot be read ({type(error).__name__})"
        raise SourceChanged(f"{path} {cause}, and the snapshot holds this image by its path; run: dvc repro") from None
    if hashlib.sha256(content).hexdigest() != named["sha256"]:
        raise SourceChanged(f"{path} changed after the snapshot was made, which holds it by path; run: dvc repro")
    return content


def sha256_of(images: pl.Series) -> pl.Series:
    """sha256 (hex) of each image, whether the series holds bytes or references; null where there is none."""
    import polars as pl

    if images.dtype == pl.Binary:
        hashes = [None if content is None else hashlib.sha256(content).hexdigest() for content in images]
        return pl.Series(images.name, hashes, dtype=pl.String)
    return images.struct.field("sha256").alias(images.name)


def bytes_of(images: pl.Series, root: Path) -> pl.Series:
    """The bytes of each reference. Raises SourceChanged."""
    import polars as pl

    contents = [None if named is None else read_image(root, named) for named in images]
    return pl.Series(images.name, contents, dtype=pl.Binary)
