"""Roles that a draft proposes by what columns are called and hold: keys of rows or people, who labelled, and data that name
a person.

Only what is told by its name is proposed: free text, dates, places and numbers that never repeat are hidden as well, and
models do learn from them, so a draft leaves them features and says so.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from governance.dataset import ColumnType, Role
from governance.ingestion.exposure import snake

if TYPE_CHECKING:
    import polars as pl

    from governance.manifest import SnapshotColumn

_KEY = re.compile(r"(^|_)(id|ids|uuid|guid|key|nr|no|number|code)$|^(id|uuid|guid)_")
_NAMES_A_PERSON = re.compile(
    r"^((full|first|last|middle|given|family|sur|nick|patient|customer|client|user|contact|person)_?)?names?$"
    r"|^(vorname|nachname|familienname|nom|prenom|nombre|apellidos?)$"
    r"|(^|_)(e_?mail|mail|phone|telephone|telefon|mobile|fax|ssn|nino|passport|iban|user_?name|login|password|secret|token"
    r"|api_?key|ip_address|address|adresse|direccion)(_(address|adresse|no|number|nr))?$"
)
_LABELLED = re.compile(
    r"(^|_)(annotator|annotated_by|rater|labell?er|labell?ed_by)(_(id|no|nr|code|name))?$"  # not annotator_1, one's labels
)
_KEYS = frozenset({ColumnType.INTEGER, ColumnType.STRING})
_CODES = _KEYS | {ColumnType.CATEGORY}
UNLIKE, LEAST = 0.9, 20
"""Share of the rows that must differ in a key, which repeats where a row or person does; and rows needed to tell."""

MOST_ALONE = 0.5
"""Share of the rows that may differ in who labelled them: annotators label more than one row each."""


def proposed_role(column: SnapshotColumn, series: pl.Series) -> Role | None:
    """Identifier, annotator or private for a column without a declared role, when its name and its cells agree; else None."""
    if column.role is not None or column.public is not None:
        return None
    name = snake(column.name)
    differ = series.n_unique() >= UNLIKE * series.len() and series.len() >= LEAST and not series.null_count()
    if column.type in _KEYS and differ and _KEY.search(name):
        return Role.IDENTIFIER
    if column.type in _CODES and _LABELLED.search(name) and 2 <= series.n_unique() <= MOST_ALONE * series.len():
        return Role.ANNOTATOR
    if column.private and column.type in {ColumnType.STRING, ColumnType.CATEGORY} and _NAMES_A_PERSON.search(name):
        return Role.PRIVATE
    return None


def with_proposed_roles(columns: tuple[SnapshotColumn, ...], frame: pl.DataFrame) -> tuple[SnapshotColumn, ...]:
    """`columns` with the roles that are proposed for them."""
    roles = {column.name: proposed_role(column, frame[column.name]) for column in columns}
    return tuple(
        column.model_copy(update={"role": role}) if (role := roles[column.name]) is not None else column
        for column in columns
    )
