"""What may be shown: a rule of thumb, so its cases are what people met."""

from __future__ import annotations

import datetime

import polars as pl
import pytest

from governance.dataset import Column, ColumnType, Role
from governance.ingestion.exposure import classify

TEXT, DATE = ColumnType.STRING, ColumnType.DATE


def private(values: list[object], name: str = "value", kind: ColumnType = TEXT, **rest: object) -> tuple[bool, str]:
    return classify(Column.model_validate({"name": name, "type": kind, **rest}), pl.Series(name, values))


@pytest.mark.parametrize("cell", [
    "call +49 171 5599999 please", "0171 5599999", "(030) 555 1234", "555-123-4567", "a@b.org", "see https://x.org",
    "10.0.0.1", "DE89370400440532013000", "AKIAABCDEFGHIJKLMNOP", "take two of them in the morning",
])  # fmt: skip
def test_what_looks_personal_is_private(cell: str) -> None:
    assert private([cell, "other"] * 50)[0], cell


@pytest.mark.parametrize(
    "cell",
    [
        "2024-03-15",
        "17.02.2024",
        "17/02/2024",
        "red",
        "Married-civ-spouse",
        "HS-grad",
        "3.14",
        "12 500",
        "NT 02345 67890",
    ],
)
def test_categories_and_dates_are_not(cell: str) -> None:
    assert private([cell, "other"] * 50) == (False, ""), cell


@pytest.mark.parametrize(
    "name",
    ["email", "E-Mail", "lastName", "date_of_birth", "geburtstag", "remark", "Telefon", "home_address", "patient"],
)
def test_names_tell(name: str) -> None:
    assert private(["a", "b"] * 50, name)[0]


@pytest.mark.parametrize("name", ["Vorname", "Nachname", "prenom", "cognome"])
def test_names_of_people_are_private_though_few_and_frequent(name: str) -> None:
    values: list[object] = ["Hänsel", "Schröder", "Hoffmann", "Kaya"] * 50
    assert private(values, name, ColumnType.CATEGORY) == (True, "looks like names of people")
    assert private(values, "make", ColumnType.CATEGORY) == (False, "")


def test_given_names_are_private_whatever_the_column_is_called() -> None:
    from governance.measures.column_evidence import _GIVEN

    values: list[object] = [name.title() for name in sorted(_GIVEN)[:30]] * 10
    assert private(values, "value", ColumnType.CATEGORY) == (True, "looks like names of people")


def test_dates_that_hardly_repeat_are_private_unless_they_are_the_time() -> None:
    days = [datetime.date(1950, 1, 1) + datetime.timedelta(days=37 * i) for i in range(100)]
    assert private(list(days), "d", DATE)[0]
    assert not private(list(days), "d", DATE, role=Role.TIMESTAMP)[0]
    assert not private(list(days[:5]) * 20, "d", DATE)[0]


@pytest.mark.parametrize("role", [Role.IDENTIFIER, Role.GROUP, Role.PRIVATE, Role.TEXT, Role.ANNOTATOR])
def test_roles_of_persons_are_private(role: Role) -> None:
    assert private(["a", "b"] * 50, role=role) == (True, f"role {role}")


def test_a_persons_word_wins() -> None:
    assert private(["a@b.org"] * 9, "email", public=True) == (False, "declared")
    assert private(["red"] * 9, "colour", public=False) == (True, "declared")
