"""Reads source files through Hugging Face `datasets`, and proves that all of each file was read.

Text formats come out as strings, cell by cell as they were written: no NA guessing, no numbers lost. What the
library would hide (a repeated column name, a ragged row) is looked for first, with the line where it stands.
"""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from types import ModuleType
from typing import TYPE_CHECKING, Any

from governance.dataset import Format
from governance.errors import DataError, MissingExtra
from governance.image_files import reference, reference_type
from governance.lean_imports import hidden
from governance.read_options import ReadOptions
from governance.reading.delimited import cause_of, open_text, scan_delimited
from governance.reading.json_lines import parse_json_array, parse_json_lines
from governance.reading.typed_cells import classes_by_name, images_as_bytes

if TYPE_CHECKING:
    import polars as pl

IMAGE_ENDINGS = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp")
_BUILDER = {
    Format.CSV: "csv",
    Format.TSV: "csv",
    Format.PARQUET: "parquet",
    Format.ARROW: "arrow",
    Format.TEXT: "text",
}


def _library() -> ModuleType:
    """The library, offline and silent. Its settings are read when it is imported, so they are set before."""
    os.environ.update(HF_HUB_OFFLINE="1", HF_DATASETS_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1")
    try:
        import datasets
    except ImportError:
        raise MissingExtra("datasets") from None
    datasets.disable_progress_bars()
    datasets.logging.set_verbosity(logging.CRITICAL + 1)
    library: ModuleType = datasets
    return library


def _load_dataset(datasets: ModuleType, builder: str, **arguments: Any) -> Any:
    """As the library's own. It would import `scipy.io`, to make that read over the network: a tenth of a snapshot's time."""
    with hidden("scipy.io"):
        return datasets.load_dataset(builder, **arguments)


def read_table(
    path: Path,
    shown: str,
    format: Format,
    options: ReadOptions,
) -> pl.DataFrame:
    """All rows of one file, in the file's order; text formats as strings, as they are written.

    `shown` is the path as people wrote it, for messages. Raises DataError that names the file and the cause.
    """
    if not path.exists():
        raise DataError(f"{shown} does not exist")
    if path.is_dir():
        raise DataError(f"{shown} is a folder; a {format} file was expected. Give `split: {{method: files}}` patterns?")
    if path.stat().st_size == 0:
        raise DataError(f"{shown} is empty (0 bytes)")
    datasets = _library()
    if format is Format.JSONL:
        return _stripped(_read_json(datasets, path, shown, options), options)
    arguments: dict[str, Any] = {}
    expected: int | None = None
    if format in {Format.CSV, Format.TSV}:
        separator = options.separator or ("\t" if format is Format.TSV else ",")
        header, expected = scan_delimited(path, shown, separator, options)
        arguments = {
            "sep": separator,
            "encoding": options.encoding,
            "keep_default_na": False,
            "skip_blank_lines": True,
            "features": datasets.Features({name: datasets.Value("string") for name in header}),
        }
        if options.columns is not None:
            arguments["column_names"] = list(header)
        elif options.strip:
            arguments |= {"column_names": list(header), "skiprows": 1}
    elif format is Format.TEXT:
        arguments = {"encoding": options.encoding}
    frame = _load(datasets, _BUILDER[format], path, shown, arguments)
    if expected is not None and frame.height != expected:
        raise DataError(
            f"{shown}: {expected} rows were counted and {frame.height} were read; check quotes and encoding"
        )
    if frame.height == 0:
        raise DataError(f"{shown} has no rows")
    if not format.typed:
        frame = _stripped(frame, options)
    return frame


def _read_json(datasets: ModuleType, path: Path, shown: str, options: ReadOptions) -> pl.DataFrame:
    """JSON lines, or one list of objects. The library reads them as text: its JSON reader makes dates of strings."""
    try:
        with open_text(path, options.encoding) as handle:
            start = handle.read(4096).lstrip("\ufeff \t\r\n")[:1]
    except LookupError:
        raise DataError(f"{shown}: encoding {options.encoding!r} is not known to Python") from None
    except (UnicodeError, OSError, EOFError) as error:
        raise DataError(f"{shown} cannot be read as text: {cause_of(error)}") from None
    arguments = {"encoding": options.encoding, "sample_by": "document" if start == "[" else "line"}
    lines = _load(datasets, "text", path, shown, arguments)["text"].to_list()
    lines[0] = lines[0].removeprefix("\ufeff")
    return parse_json_array(lines[0], shown) if start == "[" else parse_json_lines(lines, shown)


def _load(datasets: ModuleType, builder: str, path: Path, shown: str, arguments: Mapping[str, Any]) -> pl.DataFrame:
    import polars as pl

    with _scratch() as cache:
        try:
            loaded = _load_dataset(
                datasets, builder, data_files=[_escaped(path)], split="train", cache_dir=str(cache), **arguments
            )
            table, features = loaded.data.table, loaded.features
            frame = pl.from_arrow(table)
        except MemoryError:
            raise
        except Exception as error:  # the library wraps causes of many kinds in its own
            raise DataError(f"{shown} cannot be read as {builder}: {cause_of(error)}") from None
        assert isinstance(frame, pl.DataFrame)
        # The file in the cache is mapped into memory and about to be deleted.
        frame = frame.clone().rechunk()
    named = {name: kind.names for name, kind in features.items() if isinstance(kind, datasets.ClassLabel)}
    return images_as_bytes(classes_by_name(frame, named, shown), shown)


def _escaped(path: Path) -> str:
    """The path with glob characters made literal: the library would expand them."""
    return "".join(f"[{character}]" if character in "*?[" else character for character in str(path.resolve()))


@contextmanager
def _scratch() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="govern-read-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _stripped(frame: pl.DataFrame, options: ReadOptions) -> pl.DataFrame:
    import polars as pl

    return frame.with_columns(pl.col(pl.String).str.strip_chars()) if options.strip else frame


def read_images(folder: Path, shown: str, inside_bytes: int) -> pl.DataFrame:
    """All images under `folder`: columns `source_file` (relative path), `image`, `label` (class).

    `image` holds the bytes of the file; when all files are larger than `inside_bytes` together, it holds references
    (governance.image_files), and one image at a time is in memory. `shown` is the folder relative to the workspace.
    The class is the name of the folder that holds the image. Every image is decoded once as proof that it can be.
    Raises DataError that names the files that cannot, five at most.
    """
    import io

    import polars as pl

    try:
        from PIL import Image, UnidentifiedImageError
    except ImportError:
        raise MissingExtra("pillow") from None
    if not folder.is_dir():
        raise DataError(f"{shown} is not a folder; an image folder has one folder of images per class")
    datasets = _library()
    with _scratch() as cache:
        try:
            # Without a pattern of ours the library would take `train` and `test` in names for splits, and drop files.
            loaded = _load_dataset(
                datasets, "imagefolder", data_dir=str(folder.resolve()), data_files={"train": "**"}, split="train",
                cache_dir=str(cache), drop_labels=True, drop_metadata=True,
            )  # fmt: skip
        except Exception as error:
            raise DataError(f"{shown} cannot be read as an image folder: {cause_of(error)}") from None
        cells = loaded.cast_column("image", datasets.Image(decode=False))["image"]
        paths = sorted(Path(cell["path"]) for cell in cells)
    root = folder.resolve()
    if unread := _unread_images(root, set(paths)):
        raise DataError(f"{shown}: {len(unread)} images were not read; the first is {unread[0]}")
    records, broken = [], []
    inside = sum(path.stat().st_size for path in paths) <= inside_bytes
    for path in paths:
        relative = path.relative_to(root)  # not resolved: DVC may link a file to its cache
        content = path.read_bytes()
        try:
            with Image.open(io.BytesIO(content)) as image:
                image.load()
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
            broken.append((relative.as_posix(), type(error).__name__))
        held = content if inside else reference(PurePosixPath(shown) / relative.as_posix(), content)
        records.append((relative.as_posix(), held, relative.parent.name or None))
    if broken:
        named = ", ".join(f"{name} ({cause})" for name, cause in broken[:5])
        more = f" and {len(broken) - 5} more" if len(broken) > 5 else ""
        raise DataError(
            f"{shown}: {len(broken)} of {len(paths)} images cannot be decoded: {named}{more}; "
            "write them again, or move them out of the folder"
        )
    schema = {"source_file": pl.String, "image": pl.Binary if inside else reference_type(), "label": pl.String}
    return pl.DataFrame(records, schema=schema, orient="row")


def _unread_images(root: Path, read: set[Path]) -> list[str]:
    """Files that look like images, outside hidden folders, and are not among those that were read."""
    found = (path for path in root.rglob("*") if path.suffix.lower() in IMAGE_ENDINGS and path.is_file())
    names = (path.relative_to(root) for path in found if path not in read)
    return sorted(name.as_posix() for name in names if not any(part.startswith(".") for part in name.parts))


def as_dataset_dict(paths: Mapping[str, Path], root: Path) -> Any:
    """A `datasets.DatasetDict` over Parquet files, one entry a split, images decoded on access.

    Images that the files name by path are opened below the workspace `root` when they are asked for.
    """
    datasets = _library()
    import pyarrow as pa
    import pyarrow.parquet as pq

    loaded = {}
    for split, path in paths.items():
        table = pq.read_table(path)
        kinds = dict(zip(table.schema.names, table.schema.types, strict=True))
        by_path = [name for name, kind in kinds.items() if pa.types.is_struct(kind)]
        for name in by_path:
            named = [None if one is None else str((root / one["path"]).resolve()) for one in table[name].to_pylist()]
            table = table.set_column(table.schema.names.index(name), name, pa.array(named, pa.string()))
        part = datasets.Dataset(table)
        for name, kind in kinds.items():
            if name in by_path or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
                part = part.cast_column(name, datasets.Image())
        loaded[split] = part
    return datasets.DatasetDict(loaded)
