import random
import string

import pytest

from governance.measures import string_damage
from governance.measures.machine_codes import addresses, of_random_codes


@pytest.mark.parametrize(
    "value",
    [
        "https://games.example.org/Gz1Cmoh2", "www.example.org", "example.org/a/B", "Anna@Example.org", "/api/V1/items",
        r"C:\Users\Anna\My Files", "src/Main.java", "IMG_0042.JPG", "s3://bucket/Key",
    ],
)  # fmt: skip
def test_addresses_and_paths_are_known(value):
    assert addresses({value: 1}) == {value}


@pytest.mark.parametrize(
    "value", ["AC/DC", "w/o", "St. Gallen", "O'Reilly", "1/2-1/2", "n/a", "Fl(2)", "U.S.A.", "@home"]
)
def test_words_are_no_addresses(value):
    assert addresses({value: 1}) == set()


def test_random_codes_have_no_capitals_to_correct():
    draw = random.Random(3)
    codes = ["".join(draw.choices(string.ascii_letters + string.digits, k=8)) for _ in range(600)]
    assert of_random_codes(dict.fromkeys(codes, 1))
    assert string_damage.odd_capitals(dict.fromkeys(codes, 1)) == {}
    assert not of_random_codes({"Branch 1": 30, "Covid-19": 40, "Monday2": 9})
