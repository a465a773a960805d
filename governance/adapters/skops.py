"""skops: fitted models as files, without pickle. The only importer of skops.

An archive carries the clock and memory addresses; `write` replaces both, so that the same model gives the same bytes.
Reading builds objects only of types that stand in a list here; anything else is refused by name.
"""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

from governance.errors import DataError, MissingExtra

TRUSTED = (
    "numpy.dtype",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn.gaussian_process._gpc._BinaryGaussianProcessClassifierLaplace",
    "sklearn.gaussian_process.kernels.ConstantKernel",
    "sklearn.gaussian_process.kernels.Matern",
    "sklearn.gaussian_process.kernels.Product",
    "sklearn.gaussian_process.kernels.RBF",
    "sklearn.gaussian_process.kernels.Sum",
    "sklearn.gaussian_process.kernels.WhiteKernel",
    "sklearn.metrics._dist_metrics.EuclideanDistance64",
    "sklearn.metrics._dist_metrics.ManhattanDistance64",
    "sklearn.metrics._dist_metrics.MinkowskiDistance64",
    "sklearn.neighbors._ball_tree.BallTree",
    "sklearn.neighbors._kd_tree.KDTree",
    "sklearn.neural_network._stochastic_optimizers.AdamOptimizer",
    "sklearn.neural_network._stochastic_optimizers.SGDOptimizer",
    "sklearn.tree._tree.Tree",
)
"""Types of numpy, scipy and scikit-learn beyond those that skops itself trusts: values and parts of estimators,
which run nothing when they are built."""

LARGEST = 4 * 1024**3
"""Bytes that an archive may unpack to: a small file can claim to hold a disk's worth of zeros."""

_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip archive can hold."""


def write(model: Any, path: Path) -> None:
    """`model` as a skops archive whose bytes depend on the model alone.

    Raises DataError when it holds a type that could not be opened again.
    """
    io_module = _skops_io()
    try:
        content = io_module.dumps(model)
    except Exception as error:
        raise DataError(f"{_name(model)} cannot be stored without pickle: {type(error).__name__}") from None
    _refuse_untrusted(io_module.get_untrusted_types(data=content), _name(model))
    temporary = path.with_name(path.name + ".part")
    temporary.write_bytes(canonical_archive(content))
    temporary.replace(path)


def read(path: Path) -> Any:
    """The model in the archive at `path`. Raises DataError when it is missing, damaged, or holds other types."""
    io_module = _skops_io()
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST:
                raise DataError(f"{path.name} unpacks to more than {LARGEST} bytes; it is not opened")
        content = path.read_bytes()
        untrusted = io_module.get_untrusted_types(data=content)
    except FileNotFoundError:
        raise DataError(f"{path.name} is missing; the model's declaration in params.yaml names it") from None
    except DataError:
        raise
    except Exception as error:  # skops raises whatever a damaged file makes it stumble over
        raise DataError(f"{path.name} is not a skops archive that can be read: {type(error).__name__}") from None
    _refuse_untrusted(untrusted, path.name)
    try:
        return io_module.loads(content, trusted=list(TRUSTED))
    except Exception as error:
        raise DataError(f"{path.name} cannot be opened: {type(error).__name__}: {str(error)[:200]}") from None


def canonical_archive(content: bytes) -> bytes:
    """The same archive with entries in order of use, fixed times, and numbers in place of memory addresses."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        schema = json.loads(archive.read("schema.json"))
        files = {name: archive.read(name) for name in archive.namelist() if name != "schema.json"}
    numbers: dict[tuple[int, int], int] = {}
    renamed: dict[str, str] = {}
    _renumber(schema, numbers, renamed)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for old, new in renamed.items():
            archive.writestr(zipfile.ZipInfo(new, _TIME), _without_padding(files[old]), zipfile.ZIP_DEFLATED, 6)
        text = json.dumps(schema, separators=(",", ":"))  # order of keys is that of the model's own dictionaries
        archive.writestr(zipfile.ZipInfo("schema.json", _TIME), text, zipfile.ZIP_DEFLATED, 6)
    return target.getvalue()


def _without_padding(content: bytes) -> bytes:
    """An .npy file of records with zeros between the fields, where numpy leaves whatever the memory held."""
    import numpy as np

    if b"'descr': [" not in content[:128]:
        return content
    records = np.load(io.BytesIO(content), allow_pickle=False)
    clean = np.zeros(records.shape, dtype=records.dtype)
    for name in records.dtype.names or ():
        clean[name] = records[name]
    target = io.BytesIO()
    np.save(target, clean, allow_pickle=False)
    return target.getvalue()


def _renumber(node: Any, numbers: dict[tuple[int, int], int], renamed: dict[str, str]) -> None:
    """Replaces, in place and in order of appearance, `__id__` by a number and `file` by a name made of one."""
    if isinstance(node, list):
        for item in node:
            _renumber(item, numbers, renamed)
    elif isinstance(node, dict):
        if "__loader__" in node:
            if isinstance(node.get("__id__"), int):
                # Strings and numbers are often the same object by chance of the interpreter, which means nothing.
                key = (node["__id__"], len(numbers) if node.get("__loader__") == "JsonNode" else -1)
                node["__id__"] = numbers.setdefault(key, len(numbers) + 1)
            if isinstance(node.get("file"), str):
                ending = Path(node["file"]).suffix
                node["file"] = renamed.setdefault(node["file"], f"{len(renamed) + 1}{ending}")
        for key in node:
            if key == "_stop_words_id" and isinstance(node[key], dict):
                node[key]["content"] = "0"  # an address that text vectorisers keep to notice a changed word list
            _renumber(node[key], numbers, renamed)


def _refuse_untrusted(types: list[str], name: str) -> None:
    if refused := sorted(set(types) - set(TRUSTED)):
        raise DataError(
            f"{name} holds types that are not trusted: {', '.join(refused)}.\n"
            "  Only scikit-learn, numpy and scipy types that run nothing are; give the model as ONNX or as predictions."
        )


def _name(model: Any) -> str:
    return type(model[-1]).__name__ if hasattr(model, "steps") else type(model).__name__


def _skops_io() -> Any:
    try:
        import skops.io
    except ImportError:
        raise MissingExtra("skops") from None
    return skops.io
