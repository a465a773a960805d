"""Write the three default datasets as files, from what scikit-learn carries. Nothing is downloaded.

Run as `python export.py` inside `data/` (the DVC stage `export` does), it writes:

- `sklearn/breast_cancer.csv`: 30 measures per row with the source's own digits, and `diagnosis` in words.
- `sklearn/diabetes.csv`: the unscaled measures, whole numbers where the source's column holds only whole numbers.
- `sklearn/digits/<class>/<number>.png`: one 8x8 grayscale image per row; the number is the row's place in the source.

A digit's pixel counts dark points, 0 to 16. The PNG stores the count times 15 (0 to 240), so that a person sees the
digit and `value // 15` gives the count back exactly. The bytes written are the same on every run.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path

PIXEL_FACTOR = 15
"""Largest whole factor that keeps 16 within a byte is 15: exact both ways, unlike 255/16."""

MEASURES = (
    "radius",
    "texture",
    "perimeter",
    "area",
    "smoothness",
    "compactness",
    "concavity",
    "concave_points",
    "symmetry",
    "fractal_dimension",
)
BREAST_CANCER = (*(f"{prefix}_{measure}" for prefix in ("mean", "se", "worst") for measure in MEASURES), "diagnosis")
DIAGNOSES = {"0": "malignant", "1": "benign"}
DIABETES = {
    "age": int,
    "sex": int,
    "bmi": float,
    "mean_arterial_pressure": float,
    "total_cholesterol": int,
    "ldl_cholesterol": float,
    "hdl_cholesterol": float,
    "cholesterol_hdl_ratio": float,
    "log_triglycerides": float,
    "glucose": int,
    "progression": int,
}


def source_folder() -> Path:
    """The folder of scikit-learn's own data files, found without importing it (which takes seconds).

    Raises FileNotFoundError when scikit-learn is not installed or keeps its files elsewhere.
    """
    spec = find_spec("sklearn")
    folder = Path(spec.origin).parent / "datasets" / "data" if spec and spec.origin else None
    if folder is None or not folder.is_dir():
        raise FileNotFoundError(
            "scikit-learn's data files are not installed; run: pip install 'dataset-governance[pipeline]'"
        )
    return folder


def _lines(path: Path) -> list[str]:
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return content.decode("utf-8").splitlines()


def _write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def write_breast_cancer(source: Path, target: Path) -> None:
    """Write `breast_cancer.csv`: 569 rows, the 30 measures as the source spells them, the diagnosis in words."""
    # The source's first line holds its shape and class names, not column names.
    cells = (line.split(",") for line in _lines(source / "breast_cancer.csv")[1:])
    _write_csv(target / "breast_cancer.csv", BREAST_CANCER, ([*row[:-1], DIAGNOSES[row[-1]]] for row in cells))


def _exactly(text: str, kind: type[int] | type[float]) -> int | float:
    number = float(text)
    if kind is int and not number.is_integer():
        raise ValueError(f"{text} stands in a column of whole numbers; the source has changed")
    return kind(number)


def write_diabetes(source: Path, target: Path) -> None:
    """Write `diabetes.csv`: 442 rows, ten unscaled measures and the progression one year later."""
    measures = _lines(source / "diabetes_data_raw.csv.gz")
    progression = _lines(source / "diabetes_target.csv.gz")
    rows = (
        [_exactly(cell, kind) for cell, kind in zip([*line.split(), outcome], DIABETES.values(), strict=True)]
        for line, outcome in zip(measures, progression, strict=True)
    )
    _write_csv(target / "diabetes.csv", tuple(DIABETES), rows)


def write_digits(source: Path, target: Path) -> None:
    """Write `digits/<class>/<number>.png`: 1797 grayscale images of 8x8 pixels."""
    from PIL import Image

    for label in range(10):
        (target / "digits" / str(label)).mkdir(parents=True, exist_ok=True)
    for number, line in enumerate(_lines(source / "digits.csv.gz")):
        *pixels, label = (int(float(cell)) for cell in line.split(","))
        image = Image.frombytes("L", (8, 8), bytes(pixel * PIXEL_FACTOR for pixel in pixels))
        image.save(target / "digits" / str(label) / f"{number:04d}.png", format="PNG", compress_level=9)


def export(target: Path) -> None:
    """Write all three datasets under `target`, which is made when it is missing."""
    source = source_folder()
    target.mkdir(parents=True, exist_ok=True)
    write_breast_cancer(source, target)
    write_diabetes(source, target)
    write_digits(source, target)


if __name__ == "__main__":
    export(Path("sklearn"))
