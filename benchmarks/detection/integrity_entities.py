"""Clean tables for the benchmark of `integrity` in which columns follow from one another, as in the published dirty ones.

Every generator takes a random generator and gives a table of strings, as read from CSV.
"""

from __future__ import annotations

import numpy as np
import polars as pl

Random = np.random.Generator
SYLLABLES = "ber lin ham burg mun chen ko eln frank furt dres den stutt gart lei pzig bre men ros tock es sen".split()
CODES = [
    "AL",
    "AK",
    "AR",
    "AZ",
    "CA",
    "CO",
    "GA",
    "IL",
    "LA",
    "MA",
    "MI",
    "IA",
    "NC",
    "ND",
    "SC",
    "SD",
    "DC",
    "TX",
    "VA",
    "WA",
    "PA",
]
GIVEN = (
    "aspirin at arrival", "a beta blocker when they left", "the right antibiotic within an hour of their first treatment",
    "advice on how to give up smoking", "an assessment of how well the left side of the heart pumps", "an ace inhibitor",
)  # fmt: skip
KINDS = ("heart attack", "heart failure", "pneumonia", "surgical infection", "asthma care", "stroke care")


def name_of(random: Random, parts: int = 3) -> str:
    """A made-up proper name."""
    return "".join(random.choice(SYLLABLES, parts)).capitalize()


def distinct(random: Random, count: int, parts: int = 3) -> list[str]:
    """That many different names."""
    names: dict[str, None] = {}
    while len(names) < count:
        names[name_of(random, parts)] = None
    return list(names)


def _initials(words: str) -> str:
    return "".join(word[:2] for word in words.split()).upper()


def hospitals(random: Random) -> pl.DataFrame:
    """Entities with many rows each: name, city, state, zip code and phone follow from the number; so do measures.

    The region is one short code in nearly all rows, beside none or a few of its neighbours; measures have long names.
    """
    rows, entities = 800, 40
    names, cities = distinct(random, entities, 4), distinct(random, 15)
    city, home = random.integers(15, size=entities), random.choice(["AL", "AK", "TX", "NY", "WA"], 15)
    zips = random.integers(10000, 99999, 15)
    phones = random.integers(2_000_000_000, 9_999_999_999, entities)
    who, what = random.integers(entities, size=rows), random.integers(len(KINDS) * 3, size=rows)
    region, others = str(random.choice(CODES)), random.choice(CODES, int(random.integers(1, 7))).tolist()
    elsewhere = random.random(rows) < random.choice([0, 0.005, 0.02, 0.04])
    before = [str(random.choice(["before discharge", "on the day of admission", "after surgery"])) for _ in range(18)]
    return pl.DataFrame(
        {
            "provider": [str(10000 + one) for one in who],
            "name": [f"{names[one]} Hospital" for one in who],
            "city": [cities[city[one]] for one in who],
            "state": [str(home[city[one]]) for one in who],
            "zip": [str(zips[city[one]]) for one in who],
            "phone": [str(phones[one]) for one in who],
            "condition": [KINDS[one // 3] for one in what],
            "measure": [f"{_initials(KINDS[one // 3])}-{one % 3 + 1}" for one in what],
            "score": [f"{value}%" for value in random.integers(40, 100, rows)],
            "region": [str(random.choice(others)) if away else region for away in elsewhere],
            "emergency": random.choice(["yes", "no"], rows, p=[0.93, 0.07]).tolist(),
            "measure_name": [
                f"{KINDS[one // 3]} patients who were given {GIVEN[one % 6]} {before[one]} (step {one % 3 + 1})"
                for one in what
            ],
        }
    )


def flights(random: Random) -> pl.DataFrame:
    """One flight, many sources: times follow from the flight."""
    rows, count = 600, 40
    times = [
        f"{random.integers(1, 13)}:{random.integers(60):02d} {'ap'[random.integers(2)]}.m." for _ in range(2 * count)
    ]
    which = random.integers(count, size=rows)
    return pl.DataFrame(
        {
            "source": random.choice(distinct(random, 12, 2), rows).tolist(),
            "flight": [f"AA-{100 + one}-{['ORD', 'JFK', 'LAX'][one % 3]}" for one in which],
            "departure": [times[2 * one] for one in which],
            "arrival": [times[2 * one + 1] for one in which],
        }
    )


def beers(random: Random) -> pl.DataFrame:
    """Products of makers: city and state follow from the maker; sizes with a unit, strengths as shares."""
    rows, makers = 700, 60
    names, cities = distinct(random, makers, 3), distinct(random, 30, 2)
    at, state = random.integers(30, size=makers), random.choice(["CO", "CA", "OR", "MI", "TX", "IN", "WA"], 30)
    who = random.integers(makers, size=rows)
    return pl.DataFrame(
        {
            "id": [str(1400 + one) for one in range(rows)],
            "style": random.choice(
                ["American IPA", "Pale Ale", "Amber Lager", "Witbier", "Porter", "Stout"], rows
            ).tolist(),
            "ounces": random.choice(
                ["12.0 oz", "16.0 oz", "24.0 oz", "8.4 oz"], rows, p=[0.6, 0.3, 0.06, 0.04]
            ).tolist(),
            "abv": [f"{value:.3f}" for value in random.gamma(20, 0.003, rows)],
            "ibu": [str(value) for value in random.integers(5, 120, rows)],
            "maker": [f"{names[one]} Brewing Company" for one in who],
            "city": [cities[at[one]] for one in who],
            "state": [str(state[at[one]]) for one in who],
        }
    )


def articles(random: Random) -> pl.DataFrame:
    """Articles of journals: the title and its abbreviation follow from the ISSN; dates, pages and volumes do not."""
    rows, count = 600, 45
    words = distinct(random, 40, 2)
    titles = [f"Journal of {random.choice(words)} and {random.choice(words)} {one}" for one in words[:count]] * 2
    issn = [f"{random.integers(1000, 9999)}-{random.integers(1000, 9999)}" for _ in range(count)]
    which = random.integers(40, size=rows)
    return pl.DataFrame(
        {
            "title": [" ".join(random.choice(words, 5)) for _ in range(rows)],
            "journal": [titles[one] for one in which],
            "abbreviation": ["J. " + " ".join(part[:4] for part in titles[one].split()[2:]) for one in which],
            "issn": [issn[one] for one in which],
            "volume": [str(value) for value in random.integers(1, 80, rows)],
            "pages": [f"{first}-{first + more}" for first, more in random.integers(1, 90, (rows, 2)).tolist()],
            "created": [f"{m}/{d}/{y:02d}" for m, d, y in zip(random.integers(1, 13, rows), random.integers(1, 29, rows), random.integers(0, 16, rows), strict=True)],
            "language": random.choice(["eng", "fre", "spa", "ger"], rows, p=[0.8, 0.1, 0.06, 0.04]).tolist(),
        }
    )  # fmt: skip
