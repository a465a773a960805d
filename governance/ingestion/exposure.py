"""Decides, once per column, whether its values may be shown. What looks personal or is free text may not.

A person's word (`public: true` or `false` in columns.yaml) always wins. This is a rule of thumb for what appears in
reports; it is no search for personal data.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from governance.dataset import Column, ColumnType, Role
from governance.measures.column_evidence import COLUMN_VALUES, kind_of_column
from governance.measures.coordinates import FORM as COORDINATES

if TYPE_CHECKING:
    import polars as pl

_PRIVATE_ROLES = {
    Role.IDENTIFIER,
    Role.PRIVATE,
    Role.TEXT,
    Role.QUASI_IDENTIFIER,
    Role.SPECIAL_CATEGORY,
    Role.ANNOTATOR,
    Role.GROUP,
}
_NAMES = re.compile(
    r"(^|_)(name|names|firstname|lastname|surname|e_?mail|phone|telephone|mobile|fax|address|street|zip|zip_?code"
    r"|post_?code|postal|ssn|nino|passport|licen[cs]e_(no|number|plate)|iban|bic|card_(no|number)|account(_(no|number))?"
    r"|birth|birth_?day|birth_?date|dob|ip|ip_address|mac|user_?name|login|password|secret|token|api_?key|lat|lon"
    r"|latitude|longitude|gps|comment|comments|note|notes|remark|remarks|patient|patient_id|doctor|physician"
    r"|geburt\w*|telefon|adresse|strasse|plz|bemerkung\w*|naissance|nacimiento|direccion)(_|$)"
)
_PATTERNS = {
    "e-mail addresses": r"[\w.+-]+@[\w-]+\.[\w.]+",
    "web addresses": r"https?://\S+",
    # With a country's code, a leading nought, or in groups of 3, 3 and 4: a date is none of these.
    "phone numbers": r"\+\d[\d ()./-]{6,}\d|\b0\d{2,}[ /-]?\d[\d -]{4,}\d|\(\d{2,5}\) ?\d[\d -]{4,}|\b\d{3}[-. ]\d{3}[-. ]\d{4}\b",
    "IP addresses": r"\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b",
    "account numbers": r"\b[A-Z]{2}\d{2}[A-Z0-9]{11,30}\b",
    "keys or tokens": r"\b(?:sk|pk|ghp|AKIA|xox[bap])[-_A-Za-z0-9]{16,}\b",
}
MAX_PUBLIC_LEVELS = 100
"""A string column with more distinct values than this is no category that a reader could look through."""


def classify(column: Column, series: pl.Series) -> tuple[bool, str]:
    """Whether values of `column` are private, and why."""
    if column.public is not None:
        return (not column.public), "declared"
    role = column.resolved_role
    if role in _PRIVATE_ROLES:
        return True, f"role {role}"
    if column.type is ColumnType.TEXT:
        return True, "free text"
    if _NAMES.search(snake(column.name)):
        return True, "its name suggests personal data"
    if column.type in {ColumnType.STRING, ColumnType.CATEGORY}:
        values = series.drop_nulls()
        distinct = values.unique().sort()
        some = distinct.gather_every(max(1, distinct.len() // COLUMN_VALUES)).to_list()
        if kind := kind_of_column(column.name, some, words=True, number=False):
            # What the audit of private data will call personal is not shown before anybody has read its finding.
            return True, f"looks like {kind[0].title}"
        return _classify_strings(values)
    if column.type in {ColumnType.DATE, ColumnType.DATETIME} and role is not Role.TIMESTAMP:
        dates = series.drop_nulls()
        if dates.len() >= 20 and dates.n_unique() > dates.len() / 2:
            return True, "dates that hardly repeat, as of birth; role timestamp says that they are none"
    counted = column.type is ColumnType.INTEGER and role is Role.FEATURE and series.len() >= 20
    if counted and series.n_unique() == series.len():
        # Numbers that never repeat name a row as well as any identifier does.
        return True, "every value occurs once, as in an identifier"
    return False, ""


def _classify_strings(values: pl.Series) -> tuple[bool, str]:
    import polars as pl

    if values.len() == 0:
        return False, ""
    distinct = values.unique()
    numbers = distinct.str.replace_all(COORDINATES, "")  # places on a grid are in groups as well
    for what, pattern in _PATTERNS.items():
        if (numbers if what == "phone numbers" else distinct).str.contains(pattern).any():
            return True, f"looks like {what}"
    if distinct.len() > MAX_PUBLIC_LEVELS or distinct.len() > values.len() / 2 > 1:
        return True, "free text or too many different values"
    long = distinct.str.len_chars().max()
    words = distinct.str.count_matches(r"\S+").max()
    if (isinstance(long, int) and long > 60) or (isinstance(words, int) and words > 5):
        return True, "free text"
    rare = values.value_counts(name="_rows").filter(pl.col("_rows") < 2).height
    if rare > distinct.len() / 2:
        return True, "most of its different values occur once"
    return False, ""


def snake(name: str) -> str:
    """`PatientID (old)` as `patient_id_old`."""
    spaced = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name)
    return re.sub(r"[^a-z0-9]+", "_", spaced.lower()).strip("_")
