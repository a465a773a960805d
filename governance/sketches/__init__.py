"""Sketch: a snapshot's distribution in a small file that holds no private value, to compare other versions with.

Light, so that what approves a version or shows two of them needs no data library; `compute` makes one.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from governance.alike import KEY as ALIKE
from governance.alike import gathered, spread
from governance.canonical import Frozen, digest_of_bytes, spelt_out
from governance.dataset import ColumnType, Role, Task
from governance.errors import EvidenceError

OTHER = "other"
"""Bin and class of what is not named: rare levels, levels beyond the most frequent, and rare classes."""


class ColumnSketch(Frozen):
    """One column."""

    name: str
    type: ColumnType
    role: Role
    private: bool
    kind: Literal["numbers", "days", "levels", "characters", "brightness", "nothing"]
    """What is counted: values, days since 1970, levels, lengths of texts, mean brightness of images (0 to 1)."""
    nulls: dict[str, int]
    """Split to missing values."""
    distinct: int
    """Distinct values over all splits."""
    cuts: tuple[float, ...] = ()
    """Cut points of the bins `(-inf, c1], (c1, c2], ..., (ck, inf)`; rounded, and none at an end of the data."""
    levels: tuple[str, ...] = ()
    """Public levels with five rows or more, most frequent first; the bin after the last holds all others."""
    counts: dict[str, tuple[int, ...]] = Field(default_factory=dict)
    """Split to rows per bin. Missing values, and infinite ones, are in no bin."""
    coarse: tuple[int, ...] = ()
    """For each bin the coarse bin that it belongs to."""
    by_class: tuple[tuple[int, ...], ...] = ()
    """Per class, in the order of `Sketch.classes`: rows of all splits per coarse bin."""
    mean: float | None = None
    sd: float | None = None
    """Of public numbers, in their unit."""
    content_rows: int | None = None
    """Of public texts and images: rows that were looked at for `content_mean` and `content_sd`."""
    content_mean: tuple[float, ...] = ()
    """Mean of each number that `content.content_moments` makes of a text or image."""
    content_sd: tuple[float, ...] = ()

    @property
    def bins(self) -> int:
        """How many bins its counts have; 0 when nothing is counted."""
        return len(next(iter(self.counts.values()), ()))

    @property
    def total(self) -> tuple[int, ...]:
        """Rows per bin over all splits."""
        return tuple(sum(part) for part in zip(*self.counts.values(), strict=True))


class Sketch(Frozen):
    """One snapshot. Without a snapshot it is empty: no rows, no columns."""

    schema_version: Literal[1] = 1
    dataset: str
    data: str
    """Digest of the snapshot that it describes."""
    rows: int
    splits: dict[str, int]
    """Rows per split."""
    task: Task = Task.NONE
    target: str | None = None
    classes: tuple[str, ...] = ()
    """Classes of the target, or, for numbers, ranges of it; empty when it is private or there is none."""
    class_cuts: tuple[float, ...] = ()
    """Cut points of the ranges, when the target is a number."""
    class_counts: dict[str, tuple[int, ...]] = Field(default_factory=dict)
    """Split to rows per class."""
    columns: tuple[ColumnSketch, ...] = ()
    correlated: tuple[str, ...] = ()
    """Names of the columns between which correlations are given."""
    correlations: tuple[float, ...] = ()
    """Of normal scores over rows where all are known: the upper triangle, row by row, to 3 decimals."""
    correlation_rows: int = 0
    digest: str = ""
    """sha256 of all the rest. Detects accidents, not forgers."""

    def column(self, name: str) -> ColumnSketch | None:
        """The column named `name`, None when there is none."""
        return next((column for column in self.columns if column.name == name), None)

    def sealed(self) -> Sketch:
        """The sketch with its digest set."""
        return self.model_copy(update={"digest": self._content_digest()})

    def _content_digest(self) -> str:
        content = self.model_dump(mode="json", exclude={"digest"})
        columns = [_filled(column) for column in content["columns"]]
        return digest_of_bytes(_text({**content, "columns": columns}).encode())

    @property
    def intact(self) -> bool:
        """Whether the content still matches the digest."""
        return self.digest == self._content_digest()

    def to_json(self) -> str:
        """JSON with sorted keys, one line a column: small, and its difference to another version can be read.

        Columns of wide tables are written as `alike.py` says.
        """
        content = self.model_dump(mode="json")
        shapes, columns = gathered([_filled(column) for column in content["columns"]])
        return _text({**content, "columns": columns} | ({ALIKE: {"columns": shapes}} if shapes else {}))


def _text(content: dict[str, Any]) -> str:
    def compact(value: Any) -> str:
        return spelt_out(json.dumps(value, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":")))

    lines = []
    for key in sorted(content):
        value = content[key]
        if key == "columns" and value:
            shown = "[\n  " + ",\n  ".join(compact(column) for column in value) + "\n ]"
        else:
            shown = compact(value)
        lines.append(f' "{key}": {shown}')
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _filled(column: dict[str, Any]) -> dict[str, Any]:
    """Without the fields that are empty: half the size of a private column."""
    return {key: value for key, value in column.items() if value not in ([], {}, None)}


def read_sketch(path: Path) -> Sketch:
    """The sketch in `path`. Raises EvidenceError when it is missing, damaged or edited."""
    try:
        sketch = Sketch.model_validate(spread(json.loads(path.read_text(encoding="utf-8"))))
    except FileNotFoundError:
        raise EvidenceError(f"{path} is missing") from None
    except (ValueError, OSError, ValidationError) as error:
        first = str(error).splitlines()[0]
        raise EvidenceError(f"{path} is not a sketch that this release reads: {first}") from None
    if not sketch.intact:
        raise EvidenceError(f"{path} was changed after it was written: its digest does not match its content")
    return sketch
