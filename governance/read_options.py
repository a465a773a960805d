"""What people declare about how a text format is read: separators, marks in numbers, dates, what is missing."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer, model_validator

from governance.canonical import Frozen

DATE_FORMAT = r"^%(d[./ -]%m[./ -]%Y|m[./ -]%d[./ -]%Y|Y[./ -]%m[./ -]%d)$"


class ReadOptions(Frozen):
    """How to read a text format."""

    separator: str | None = None
    """One character; `,` for csv and a tab for tsv when not given."""
    encoding: str = "utf-8"
    """Any encoding that Python knows: `cp1252` and `latin-1` are usual for files of older Windows programs."""
    na_values: tuple[str, ...] = ("",)
    """Exactly these cells are missing. Nothing else is guessed to be."""
    columns: tuple[str, ...] | None = None
    """Names of the columns of a file that has no header line."""
    strip: bool = False
    """Remove spaces around every cell before it is typed."""
    decimal: Literal[".", ","] = "."
    """The mark in numbers such as 27,5."""
    thousands: Literal[".", ",", " ", "'"] | None = None
    """The mark between thousands in numbers such as 1.234,50; a number without it is read too. None is read when not given:
    of 1.234 nothing says whether it is a thousand or one."""
    date_format: str | None = Field(default=None, pattern=DATE_FORMAT)
    """How dates are written beside 2026-01-31, as `%d.%m.%Y`: day, month and year of four digits, in any order, divided by
    points, slashes, dashes or spaces. Both may stand in one column; a third notation may not, and is refused."""

    @model_validator(mode="after")
    def _two_marks(self) -> Self:
        if self.thousands == self.decimal:
            raise ValueError(
                f"`thousands` and `decimal` are both '{self.decimal}': declare the other of the two as well"
            )
        return self

    @model_serializer(mode="wrap")
    def _without_thousands(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leaves `thousands` out where there are none, so that digests of such datasets stay what they were."""
        content: dict[str, Any] = handler(self)
        if self.thousands is None:
            content.pop("thousands", None)
        return content
