"""Places on a grid are written as telephone numbers are, and are none by their form."""

import random

import polars as pl
import pytest

from governance.measures.personal_data import find
from governance.reporting.personal_scan import scan_values


def digits(draw, count):
    return "".join(draw.choice("0123456789") for _ in range(count))


GRIDS = {
    "british": lambda d: f"{d.choice(['NT', 'SU', 'TQ', 'HP'])} {digits(d, 5)} {digits(d, 5)}",
    "irish": lambda d: f"{d.choice('BCGHJLNORSV')} {digits(d, 5)} {digits(d, 5)}",
    "utm": lambda d: f"33U 0{digits(d, 6)} 5{digits(d, 6)}",
    "utm_joined": lambda d: f"33U0{digits(d, 6)} 5{digits(d, 6)}",
    "mgrs": lambda d: f"18S UJ {digits(d, 5)} {digits(d, 5)}",
    "iso_6709": lambda d: f"+40.{digits(d, 5)}-075.{digits(d, 5)}/",
    "minutes": lambda d: f"N52 31.{digits(d, 3)} E013 24.{digits(d, 3)}",
}


@pytest.mark.parametrize("grid", sorted(GRIDS))
def test_places_on_a_grid_are_no_telephone_numbers(grid):
    draw = random.Random(2)
    values = sorted({GRIDS[grid](draw) for _ in range(200)})
    assert scan_values("grid_ref", pl.Series(values), pl.Series([1] * len(values))) == []


@pytest.mark.parametrize(
    "text",
    [
        "T 01234 567890",
        "tel. NO 02345 67890",
        "call SE 07700 900123",
        "M 07700 90012",
        "UK 020 7946 0018",
        "NT 01632 960123",
    ],
)
def test_telephone_numbers_after_letters_stay_found(text):
    assert [hit.kind for hit in find(text)] == ["phone"]
