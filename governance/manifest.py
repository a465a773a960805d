"""Manifest: what git knows about a snapshot. Light, so that the gate can read it without any data library."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError, field_validator

from governance.alike import spread
from governance.canonical import Frozen, digest_of, lines_json
from governance.dataset import Column, Format, Modality, Task
from governance.errors import EvidenceError
from governance.evidence import Outcome

_ORDER = {"train": 0, "validation": 1, "test": 2}


def ordered(splits: Iterable[str]) -> list[str]:
    """Names of splits in the order in which they are used: train, validation, test, then any other by name."""
    return sorted(splits, key=lambda split: (_ORDER.get(split, len(_ORDER)), split))


class SnapshotColumn(Column):
    """A declared column completed by what the snapshot saw."""

    private: bool
    """Values appear in no report, document or log."""
    private_because: str = ""
    """Why: `declared`, `role identifier`, `free text`, `looks like e-mail addresses`, `name suggests ...`."""
    nulls: int
    """Missing values over all splits."""
    distinct: int
    """Distinct values over all splits, missing not counted."""
    missing_as: dict[str, int] = Field(default_factory=dict)
    """Marker of missing values that params.yaml declares, and cells of the source that hold it; none where all are empty."""


class Source(Frozen):
    """One file that was read, and the hashes by which DVC and git know it."""

    path: str
    """Relative to the workspace, with `/`."""
    size: int
    sha256: str
    md5: str
    """What DVC writes into `.dvc` files and dvc.lock."""
    git_blob: str
    """What git names the same bytes."""


class Quarantined(Frozen):
    """What people's decisions did to the rows of one version."""

    input_rows: int
    """Rows that were read."""
    input_digest: str
    """sha256 over the sorted hashes of those rows: what is left and what was quarantined make it up."""
    dropped: int
    relabelled: int
    kept: int
    """Rows that somebody looked at and left as they are."""
    unmatched: int
    """Decisions about rows that this version does not hold."""
    edited: int = 0
    """Of these, about rows whose identifier is there with other cells."""
    other_columns: int = 0
    """Of these, taken when the data had other columns, which makes every row another."""
    retyped: int = 0
    """Decisions that were applied to rows which only have another id since the type of a column changed."""

    @property
    def not_found(self) -> int:
        """Of the unmatched those of which nothing more can be told: removed, or edited."""
        return self.unmatched - self.edited - self.other_columns


class OutsideImages(Frozen):
    """Images that the snapshot names by path, sha256 and size, and does not hold."""

    files: int
    size_bytes: int


RARE_CLASS = 5
"""Classes of fewer rows, over all splits, are counted and not named."""
_FOLDED = re.compile(rf"([1-9]\d*) class(?:es)? of fewer than {RARE_CLASS} rows")


class Manifest(Frozen):
    """One snapshot, or the failure to make one."""

    schema_version: Literal[1] = 1
    dataset: str
    outcome: Outcome
    """`assessed`, or `failed` with the cause."""
    reason: str = ""
    digest: str = ""
    """sha256 over columns, logical types and sorted row hashes: the same rows give the same digest."""
    declared: str
    """Digest of the declaration it was made from: `data` in params.yaml and columns.yaml."""
    code: str
    """Digest of the code that made it, from govern.lock."""
    source_path: str
    source_md5: str = ""
    """DVC's hash of `path`: the md5 of a file, or `....dir` of a folder."""
    sources: tuple[Source, ...] = ()
    """Each file that was read; empty for folders of more than 50 files, which `source_md5` covers."""
    files: int = 0
    """How many files were read."""
    format: Format | None = None
    modality: Modality = Modality.TABULAR
    task: Task = Task.NONE
    target: str | None = None
    types: Literal["declared", "file", "inferred"] = "declared"
    """Where the columns' types come from."""
    columns: tuple[SnapshotColumn, ...] = ()
    rows: int = 0
    decisions: str = ""
    """sha256 of decisions/<dataset>.yaml; empty when there is none."""
    quarantined: Quarantined | None = None
    """What the decisions did; None when there are none."""
    splits: dict[str, int] = Field(default_factory=dict)
    """Rows per split, in the order in which they are used."""
    split_method: str = ""
    """How rows were divided, as declared: `ratio` and `group` by chance, the others by somebody."""
    parquet: dict[str, str] = Field(default_factory=dict)
    """Split to the sha256 of its Parquet file: what training is checked against."""
    outside: OutsideImages | None = None
    """Images that stay where they are, below `source_path`; None when the Parquet files hold all that there are."""
    classes: dict[str, dict[str, int]] = Field(default_factory=dict)
    """Split, class, rows; for classification only, and with all rare classes in one entry: see `folded`."""
    seal: str = ""
    """sha256 of all the rest."""

    @field_validator("splits")
    @classmethod
    def _in_order(cls, splits: dict[str, int]) -> dict[str, int]:
        """The file holds names in the order of the alphabet, in which `test` would come first."""
        return {split: splits[split] for split in ordered(splits)}

    def sealed(self) -> Manifest:
        """The manifest with its seal set."""
        return self.model_copy(update={"seal": self._content_digest()})

    def _content_digest(self) -> str:
        return digest_of(self.model_dump(mode="json", exclude={"seal"}))

    @property
    def intact(self) -> bool:
        """Whether the content still matches the seal."""
        return self.seal == self._content_digest()

    def to_json(self) -> str:
        """Canonical JSON, a column and a source a line: what stands in git."""
        return lines_json(self)


@dataclass(frozen=True)
class ClassRows:
    """Rows per class over all splits."""

    named: dict[str, int]
    """Class to rows, in order of name; each RARE_CLASS or more."""
    rare: int
    """How many classes have fewer."""
    rare_rows: int
    """Rows of all of those."""

    @property
    def count(self) -> int:
        """How many classes there are."""
        return len(self.named) + self.rare


def class_rows(classes: Mapping[str, Mapping[str, int]]) -> ClassRows:
    """Rows per class, of `classes` as a manifest holds them, in whatever release it was written."""
    totals: dict[str, int] = {}
    rare = 0
    for counts in classes.values():
        for name, rows in counts.items():
            totals[name] = totals.get(name, 0) + rows
            if found := _FOLDED.fullmatch(name):
                rare = int(found[1])
    few = {name for name, rows in totals.items() if rows < RARE_CLASS or _FOLDED.fullmatch(name)}
    return ClassRows(
        named={name: totals[name] for name in sorted(totals) if name not in few},
        rare=rare + sum(not _FOLDED.fullmatch(name) for name in few),
        rare_rows=sum(totals[name] for name in few),
    )


def folded(classes: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]]:
    """`classes` (split, class, rows) with one entry a split for all classes that have fewer than RARE_CLASS rows.

    The name of such a class is a value of hardly any rows, which no report shows: `3 classes of fewer than 5 rows`.
    """
    found = class_rows(classes)
    entry = f"{found.rare} {'class' if found.rare == 1 else 'classes'} of fewer than {RARE_CLASS} rows"
    written: dict[str, dict[str, int]] = {}
    for split, counts in classes.items():
        written[split] = {name: rows for name, rows in counts.items() if name in found.named}
        if rest := sum(counts.values()) - sum(written[split].values()):
            written[split][entry] = rest
    return written


def read_manifest(path: Path) -> Manifest:
    """The manifest in `path`. Raises EvidenceError when it is missing, damaged or edited."""
    try:
        manifest = Manifest.model_validate(spread(json.loads(path.read_text(encoding="utf-8"))))
    except FileNotFoundError:
        raise EvidenceError(f"{path} is missing") from None
    except (ValueError, OSError, ValidationError) as error:
        first = str(error).splitlines()[0]
        raise EvidenceError(f"{path} is not a manifest that this release reads: {first}") from None
    if not manifest.intact:
        raise EvidenceError(f"{path} was changed after it was written: its seal does not match its content")
    return manifest
