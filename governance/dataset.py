"""What people declare about a dataset: where it lies, how to read it, what each column is and who made it.

`data` decides what the snapshot holds, so a change there re-runs the audits. `about` is words for the reader,
so a corrected licence re-runs the verdict and the documents, and nothing else.
"""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator

from governance.canonical import Frozen
from governance.read_options import ReadOptions

NAME_PATTERN = r"^[a-z][a-z0-9_]{0,62}$"
"""Names of datasets, audits and models. DVC joins names with `-` and puts them into shell commands."""

Name = Annotated[str, StringConstraints(pattern=NAME_PATTERN)]
REFERENCES = "references"
"""Folder of what data is compared with: approved sketches, and files that settings of audits name."""


def _below_references(path: str) -> str:
    parts = PurePosixPath(path).parts
    if len(parts) < 2 or parts[0] != REFERENCES or ".." in parts:
        raise ValueError(f"{path!r} must lie in the folder {REFERENCES}/, so that a replaced file is noticed")
    return path


ReferencePath = Annotated[str, AfterValidator(_below_references)]
"""A setting of an audit that names a file, relative to the workspace. Its bytes are bound into the evidence."""
RESERVED_COLUMNS = frozenset({"row_id", "source_file", "source_row", "split"})
"""Columns that the snapshot adds to every row."""


class Role(StrEnum):
    """What a column is to the task, in the words of the fairness and privacy literature."""

    FEATURE = "feature"
    TARGET = "target"
    PREDICTION = "prediction"
    IDENTIFIER = "identifier"
    QUASI_IDENTIFIER = "quasi_identifier"
    SENSITIVE = "sensitive"
    SPECIAL_CATEGORY = "special_category"
    PRIVATE = "private"
    TIMESTAMP = "timestamp"
    GROUP = "group"
    WEIGHT = "weight"
    ANNOTATOR = "annotator"
    SOURCE = "source"
    TEXT = "text"
    IMAGE = "image"
    SPLIT = "split"
    IGNORED = "ignored"

    @property
    def learnable(self) -> bool:
        """Whether a model may learn from columns of this role."""
        learned = {Role.FEATURE, Role.SENSITIVE, Role.SPECIAL_CATEGORY, Role.QUASI_IDENTIFIER, Role.TEXT, Role.IMAGE}
        return self in learned


class ColumnType(StrEnum):
    """Logical type. Text formats are read as strings and become this once, at the snapshot."""

    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    CATEGORY = "category"
    STRING = "string"
    TEXT = "text"
    DATE = "date"
    DATETIME = "datetime"
    IMAGE = "image"

    @property
    def numeric(self) -> bool:
        """Whether values can be averaged."""
        return self in {ColumnType.INTEGER, ColumnType.NUMBER}


class Column(Frozen):
    """One column, as declared in columns.yaml and completed by the snapshot."""

    name: str = Field(min_length=1)
    type: ColumnType
    role: Role | None = None
    """None in a declaration means: a feature, unless params.yaml says otherwise."""
    unit: str = ""
    description: str = ""
    labels: dict[str, str] = Field(default_factory=dict)
    """Meaning of coded values: `{"1": "male", "2": "female"}`."""
    public: bool | None = None
    """A person's word on whether values may be shown. None: the snapshot decides, and says why."""

    @property
    def resolved_role(self) -> Role:
        """The role, `feature` when none was declared."""
        return self.role or Role.FEATURE


class Task(StrEnum):
    """What the dataset is for. Labels are audited for the first two."""

    CLASSIFICATION = "classification"
    REGRESSION = "regression"
    NONE = "none"
    MULTI_LABEL = "multi_label"
    DETECTION = "detection"
    TOKEN_CLASSIFICATION = "token_classification"  # noqa: S105 - a task, not a secret
    RANKING = "ranking"

    @property
    def labels_audited(self) -> bool:
        """Whether this release audits labels of this task."""
        return self in {Task.CLASSIFICATION, Task.REGRESSION}


class Modality(StrEnum):
    """What a row mostly is."""

    TABULAR = "tabular"
    TEXT = "text"
    IMAGE = "image"


class Format(StrEnum):
    """How the source is written."""

    CSV = "csv"
    TSV = "tsv"
    JSONL = "jsonl"
    PARQUET = "parquet"
    ARROW = "arrow"
    TEXT = "text"
    IMAGE_FOLDER = "image_folder"

    @property
    def typed(self) -> bool:
        """Whether the file itself says what type each column has."""
        return self in {Format.PARQUET, Format.ARROW}


class Split(Frozen):
    """How rows are divided. Every method depends on what a row holds, never on where it stands."""

    method: Literal["none", "ratio", "files", "column", "group", "time"] = "none"
    """`none`: rows stay together. `ratio`, `group`: a hash of the row or of its group decides. `files`, `column`: they are
    divided already. `time`: the latest are the test split."""
    test: float = Field(default=0.2, gt=0, lt=1)
    """Share of rows (`ratio`), groups (`group`) or the latest time (`time`) that becomes `test`."""
    validation: float = Field(default=0.0, ge=0, lt=1)
    """Share that becomes `validation`, likewise."""
    seed: int = 0
    """Another number divides the rows in another way (`ratio`, `group`)."""
    files: dict[Name, str] = Field(default_factory=dict)
    """For `files`: split name to a glob pattern inside `path`."""
    column: str | None = None
    """For `column`: holds the split's name. For `group` and `time`: the column to divide by."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.method == "files" and not self.files:
            raise ValueError("split method 'files' needs `files: {train: pattern, test: pattern}`")
        if self.method in {"column", "group", "time"} and not self.column:
            raise ValueError(f"split method '{self.method}' needs `column`")
        if self.method != "files" and self.files:
            raise ValueError(f"`files` belongs to split method 'files', not '{self.method}'")
        if self.test + self.validation >= 1:
            raise ValueError("shares `test` and `validation` leave nothing for train")
        return self


CleanlabRule = Literal["both", "prune_by_noise_rate", "confident_learning"]
"""How Cleanlab judges labels of classes."""


class UserSignals(Frozen):
    """A user's own out-of-sample predictions or embeddings, aligned by key and never by position alone."""

    probabilities: str | None = None
    """Path to a Parquet or CSV file: the key column, then one column per class named as the class."""
    embeddings: str | None = None
    """Path to a Parquet file: the key column, then numeric columns or one list column `embedding`."""
    key: str
    """Column of the dataset (and of the file) that names each row; `source_file` for image folders."""
    origin: Literal["cross_validated", "held_out", "pretrained_elsewhere"]
    """Where the predictions come from. None of these is in-sample."""

    @model_validator(mode="after")
    def _where_a_stage_sees_them(self) -> Self:
        for path in (self.probabilities, self.embeddings):
            if path is not None and not re.match(r"signals/(?!.*\.\.)", path):
                raise ValueError(f"{path!r} must lie in the folder signals/, so that a replaced file is noticed")
        if self.probabilities is None and self.embeddings is None:
            raise ValueError("needs `probabilities` or `embeddings`, or both")
        return self


class DataConfig(Frozen):
    """`datasets.<name>.data`: all that decides what the snapshot holds."""

    path: str = Field(min_length=1)
    """File or folder, relative to the folder of params.yaml."""
    format: Format | None = None
    """None: by the file's ending; a folder of folders of images is an image folder."""
    read: ReadOptions = ReadOptions()
    """How a text format is read: below."""
    split: Split = Split()
    """How rows are divided: below."""
    task: Task = Task.NONE
    """classification, regression, none, multi_label, detection, token_classification or ranking; labels of the first two
    are audited."""
    target: str | None = None
    """Column to be predicted."""
    roles: dict[Role, tuple[str, ...]] = Field(default_factory=dict)
    """Role to columns, beside what columns.yaml declares."""
    signals: UserSignals | None = None
    """Predictions or embeddings of your own, in files below signals/: `probabilities` and `embeddings` name them, `key` the
    column that aligns rows, `origin` where they come from."""
    schema_: str | None = Field(default=None, alias="schema")
    """A Pandera model elsewhere than in `expectations/<name>/schema.py`: a path, or `module:Class`."""
    suite: str | None = None
    """A GX suite elsewhere than in `expectations/<name>/suite.json`: a path."""
    images_inside_mib: int = Field(default=1024, ge=0)
    """An image folder of so many MiB at most is held inside the snapshot; the images of a larger one stay where they
    are, by path and sha256. 1024: to snapshot what is inside takes about four times its size in memory, and it lies on disk twice."""

    @model_validator(mode="after")
    def _target_fits_task(self) -> Self:
        if self.task in {Task.CLASSIFICATION, Task.REGRESSION} and not self.target:
            raise ValueError(f"task '{self.task}' needs `target`: the column to be predicted")
        if Role.TARGET in self.roles:
            raise ValueError("the target is declared as `target`, not under `roles`")
        if re.match(r"([a-zA-Z]:)?[\\/]|~", self.path):
            raise ValueError(f"path {self.path!r} is absolute; give one relative to the folder of params.yaml")
        return self


class About(Frozen):
    """`datasets.<name>.about`: the declaration that documents show."""

    title: str = ""
    description: str = ""
    version: str = ""
    published: Annotated[str, BeforeValidator(str), StringConstraints(pattern=r"^(\d{4}(-\d{2}(-\d{2})?)?)?$")] = ""
    """When this version was published: a year, a month or a day, as in 1995, 1995-11 or 1995-11-01."""
    licence: str = ""
    """SPDX identifier, or a sentence."""
    licence_url: str = ""
    source: str = ""
    """Where the data comes from: a sentence."""
    url: str = ""
    citation: str = ""
    creators: tuple[str, ...] = ()
    curators: tuple[str, ...] = ()
    contact: str = ""
    language: tuple[str, ...] = ()
    people: bool | None = None
    """Whether the data is about people. None: not declared, and the datasheet says so."""
    keywords: tuple[str, ...] = ()


class Dataset(Frozen):
    """One entry under `datasets:` in params.yaml."""

    data: DataConfig
    about: About = About()
