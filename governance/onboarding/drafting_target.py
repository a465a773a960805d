"""Whether there is something to learn from the target that a person named, and which one an image folder brings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from governance.dataset import Column, ColumnType, Format, Role, Task
from governance.ingestion.column_types import infer
from governance.ingestion.exposure import classify
from governance.measures.truth_words import spellings

if TYPE_CHECKING:
    import polars as pl

    from governance.onboarding.adding_request import AddRequest

FOLDER_NAME = "label"
"""Column that holds the name of the folder of an image."""
_FEW_CLASSES = 20
"""Values of a target that can be looked through."""
SPLIT_NAMES = ("train", "training", "validation", "valid", "val", "dev", "test", "testing")
"""Names of files and folders that speak of splits, in the order of their use."""


def target_of_images(frame: pl.DataFrame, kind: Format, request: AddRequest) -> tuple[str | None, list[str]]:
    """The target of `request`, or that of a folder with a folder per class; and a sentence where that was decided."""
    if kind is not Format.IMAGE_FOLDER or request.target or request.task is not None:
        return request.target, []
    names = frame[FOLDER_NAME].drop_nulls().unique()
    if names.len() < 2:
        return None, [
            "all images lie in one folder, so no class is known and no label is audited; "
            "put the images of each class into a folder of its name"
        ]
    if set(names.str.to_lowercase()) <= set(SPLIT_NAMES):
        return None, [
            f"the folders of the images are named like splits ({', '.join(sorted(names))}), so no label is audited; "
            f"pass --target {FOLDER_NAME} when they are classes"
        ]
    return FOLDER_NAME, [
        f"target: {FOLDER_NAME}, the name of the folder that holds an image: {names.len()} classes; "
        "pass --task none when the folders are no classes"
    ]


def target_problem(series: pl.Series, target: str, task: Task | None) -> str:
    """Why nothing can be learned from the typed `series`; empty when it can. `task` None: not known yet."""
    values = series.drop_nulls()
    other = "name another column with --target, or leave --target out"
    if series.len() == 1:
        return f"--target {target}: the data has 1 row, and labels are judged by the rest of the rows; {other}"
    if not values.len():
        return f"--target {target}: none of the {series.len():,} rows has a value there; {other}"
    if task is not None and not task.labels_audited:
        return ""
    if values.n_unique() == 1:
        return (
            f"--target {target}: all of the {values.len():,} values are the same, so there is nothing to tell; {other}"
        )
    if task is Task.REGRESSION and not infer(series).numeric:
        kind = infer(series)
        return (
            f"--task regression needs a target of numbers, and {target} is {kind} ({values.n_unique():,} different "
            "values); pass --task classification, or mend the cells that are no numbers"
        )
    return ""


def target_doubt(series: pl.Series, target: str, task: Task) -> list[str]:
    """A sentence where the target can hardly be meant so."""
    values = series.drop_nulls()
    if task is Task.CLASSIFICATION and values.n_unique() > 0.5 * values.len():
        few = f"{target} has {values.n_unique():,} classes in {values.len():,} rows, so most classes have one row"
        return [f"warning: {few}; labels can hardly be audited. Pass --task regression or --task none"]
    if task is Task.REGRESSION and infer(series) is ColumnType.INTEGER and values.n_unique() == 2:
        return [f"warning: {target} has 2 different values; pass --task classification when they are classes"]
    return one_class_in_several_spellings(series, target) if task is Task.CLASSIFICATION else []


def one_class_in_several_spellings(series: pl.Series, target: str) -> list[str]:
    """A question where values of a target of few classes are one word written in several ways, or in two languages."""
    import polars as pl

    values = series.drop_nulls().cast(pl.String)
    counts: dict[str, int] = dict(values.value_counts(name="_rows").iter_rows())
    if not 2 <= len(counts) <= _FEW_CLASSES or infer(series).numeric:
        return []
    ordered = sorted(counts, key=lambda value: (-counts[value], value))
    words = spellings(counts)  # `JA` beside yes and no
    classes: dict[str, list[str]] = {}
    for value in ordered:
        word = words.get(value, value)
        classes.setdefault(re.sub(r"[\W_]+", "", word).casefold() or word, []).append(value)
    alike = [same for same in classes.values() if len(same) > 1]
    if not alike:
        return []
    private, _ = classify(Column(name=target, type=ColumnType.CATEGORY, role=Role.TARGET), values)
    shown = "" if private else f": {', '.join(f'{value!r} {counts[value]:,}' for value in ordered)}"
    groups = "some" if private else ", ".join(" and ".join(map(repr, same)) for same in alike)
    spaces = "; --strip takes away spaces" if any(v != v.strip() for same in alike for v in same) else ""
    return [
        f"warning: {target} has {len(counts)} values{shown}; {groups} look like one class each, written in several ways. "
        f"Are these {len(classes)} classes? Then write each in one way in the data, or every spelling is learnt as a "
        f"class of its own{spaces}"
    ]


def without_target(target: str | None, about_target: list[str], task: Task | None) -> list[str]:
    """What it means that no target was named; nothing where that was said, or meant."""
    if target or about_target or task is not None:
        return []
    return [
        "no --target was given, so no labels are audited: label errors, and columns that give the label away, are not "
        "looked for; pass --target COLUMN when there is a column to be predicted"
    ]
