"""Drafts a dataset's contract and answers from its snapshot, for a person to edit.

A draft says that it is one, passes on the data it was made from, and shows no value of a private column.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from governance.dataset import ColumnType, Dataset, Role
from governance.documents.questions import questionnaire
from governance.drafts import BLANK, MARK, sealed
from governance.errors import DataError
from governance.evidence import Outcome
from governance.image_files import sha256_of
from governance.ingestion.ingest import make
from governance.ingestion.typed_columns import Rows
from governance.onboarding.drafting_roles import with_proposed_roles
from governance.onboarding.drafting_schema import draft_schema
from governance.onboarding.drafting_suite import draft_suite
from governance.reporting.privacy_report import CONFIRMED, declared

if TYPE_CHECKING:
    import polars as pl

    from governance.manifest import Manifest, SnapshotColumn

COLUMNS, SCHEMA, SUITE = "columns.yaml", "schema.py", "suite.json"


@dataclass(frozen=True)
class Observed:
    """A dataset as its snapshot will be: what drafts are made from."""

    manifest: Manifest
    frame: pl.DataFrame
    """All rows of all splits, typed; of images their sha256."""


def observe(name: str, dataset: Dataset, workspace: Path, contract: Path, rows: Rows | None = None) -> Observed:
    """Read `dataset` exactly as the snapshot stage would. Raises DataError with the reason it would give.

    `rows` is what was read of its source already.
    """
    import polars as pl

    made = make(name, dataset, workspace, contract, "", rows)
    if made.manifest.outcome is not Outcome.ASSESSED:
        raise DataError(made.manifest.reason)
    images = [column.name for column in made.manifest.columns if column.type is ColumnType.IMAGE]
    frame = pl.concat(made.parts().values())
    return Observed(made.manifest, frame.with_columns(sha256_of(frame[image]) for image in images))


def draft_contract(observed: Observed, dataset: Dataset) -> dict[str, str]:
    """File name to text: columns.yaml, and schema.py and suite.json unless they are declared elsewhere."""
    columns = with_proposed_roles(observed.manifest.columns, observed.frame)
    manifest = observed.manifest.model_copy(update={"columns": columns})
    texts = {COLUMNS: draft_columns(manifest, dataset)}
    if dataset.data.schema_ is None:
        texts[SCHEMA] = draft_schema(manifest.dataset, manifest.columns, observed.frame)
    if dataset.data.suite is None:
        texts[SUITE] = draft_suite(manifest, observed.frame)
    return texts


def drafted_roles(observed: Observed) -> list[str]:
    """Columns whose role is a draft's proposal."""
    before = observed.manifest.columns
    after = with_proposed_roles(before, observed.frame)
    return [new.name for old, new in zip(before, after, strict=True) if new.role is not old.role]


def draft_columns(manifest: Manifest, dataset: Dataset) -> str:
    """Text of columns.yaml: name and type of every column, places for unit and meaning."""
    lines = [
        f"# Draft: the columns of {manifest.dataset} as they were found. Complete unit and description; correct a type",
        "# that is wrong (a code that looks like a number is a `string`). `role` says what a column is to the task:",
        *textwrap.wrap(f"{', '.join(role.value for role in Role)}.", 110, initial_indent="# ", subsequent_indent="# "),
        "# Values of a private column appear in no report; `public: true` or `public: false` is your word on it.",
        f"# {MARK}: {BLANK} (says that nobody has edited this; an edit ends it by itself)",
        "columns:",
    ]
    given = _roles_in_params(dataset)
    for column in manifest.columns:
        lines.extend(_column(column, given.get(column.name)))
    return sealed("\n".join(lines) + "\n")


def _roles_in_params(dataset: Dataset) -> dict[str, Role]:
    roles = {name: role for role, names in dataset.data.roles.items() for name in names}
    if dataset.data.target:
        roles[dataset.data.target] = Role.TARGET
    split = dataset.data.split
    if split.column:
        roles.setdefault(
            split.column, {"column": Role.SPLIT, "group": Role.GROUP, "time": Role.TIMESTAMP}[split.method]
        )
    return roles


def _column(column: SnapshotColumn, in_params: Role | None) -> list[str]:
    role = f"    # role: {in_params}, given in params.yaml" if in_params else f"    role: {column.resolved_role}"
    lines = [f"  - name: {yaml_text(column.name)}", f"    type: {column.type}", role]
    lines += ['    unit: ""'] if column.type.numeric else []
    lines += ['    description: ""']
    if column.private and column.public is None:
        because = " ".join(column.private_because.split())
        learnt = not in_params and column.resolved_role.learnable
        if declared(column) == "private":
            lines.append(f"    # private: {because}")
        elif learnt:
            lines.append(f"    # taken for private: {because}; models may learn from it. To declare it so: {CONFIRMED}")
        else:
            lines.append(f"    # taken for private: {because}. To declare it so: `public: false`")
    if column.public is not None:
        lines.append(f"    public: {str(column.public).lower()}")
    return lines


def yaml_text(text: str) -> str:
    """`text` as a YAML scalar: plain where every reader takes it for text, else in double quotes."""
    plain = re.fullmatch(r"[A-Za-z_][A-Za-z0-9_./-]*( [A-Za-z0-9_./-]+)*", text) is not None
    odd = text.lower() in {"true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf"}
    return text if plain and not odd else f'"{"".join(map(_escaped, text))}"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if character.isprintable():
        return character
    return f"\\U{ord(character):08x}"


def draft_answers(name: str) -> str:
    """Text of answers/<name>.yaml: no answer yet, and every question that a person has to answer as a comment."""
    lines = [
        f"# What only people know about {name}. A question that is not answered here is shown as open.",
        "# Copy a question's line into `answers:` and answer it:",
        "#",
        "#   motivation.purpose:",
        "#     answer: ...            (or `not_applicable:` with the reason)",
        "#     by: your name, your role",
        "#     on: 2026-01-31",
        "answers: {}",
    ]
    questions = questionnaire()
    for section in questions.sections:
        open_ones = [q for q in questions.of(section.id) if q.answerable != "measured" and not q.optional]
        if open_ones:
            lines += ["", f"# {section.title}: {section.about}"]
            lines += [f"#   {q.id}: {' '.join(q.question.split())}" for q in open_ones]
    return "\n".join(lines) + "\n"


def missing_drafts(texts: Mapping[str, str], contract: Path) -> dict[str, str]:
    """Those of `texts` whose file is not there."""
    return {name: text for name, text in texts.items() if not (contract / name).exists()}
