"""Ways in which people write dates beside that of ISO 8601, and which of them cells look like."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

_TIME = r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?$"
DATE = rf"^(\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{4}}|\d{{4}}[./]\d{{1,2}}[./]\d{{1,2}}){_TIME}"
"""A date, perhaps with a time, that is not written as in ISO 8601; its first group is the date."""
ISO_DATE = rf"^(\d{{4}}-\d{{1,2}}-\d{{1,2}}){_TIME}"
FORMATS = ("%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%Y/%m/%d", "%Y.%m.%d")
"""Those in use. With points, the day is first. None of them reads a date of ISO 8601, nor that one of them."""


def example(form: str) -> str:
    """A date that is in no data, written as `form` says."""
    return date(2026, 1, 31).strftime(form)


def looks_like(cells: pl.Series) -> tuple[int, tuple[str, ...]]:
    """How many of `cells` (text, none missing) are read by those of FORMATS that read the most, and which these are."""
    dates = cells.str.strip_chars().str.extract(DATE, 1)
    read = {form: dates.len() - dates.str.to_date(form, strict=False).null_count() for form in FORMATS}
    most = max(read.values())
    return most, tuple(form for form, count in read.items() if count == most and most > 0)
