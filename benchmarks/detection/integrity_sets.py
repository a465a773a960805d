"""Clean tables of many kinds for the benchmark of `integrity`.

Every generator takes a random generator and gives a table of strings, as read from CSV.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
from integrity_entities import Random, articles, beers, distinct, flights, hospitals, name_of
from integrity_repeats import purchases, readings, reports, stores, visits

STREETS = ["Main", "Oak", "Park", "River", "Hill", "Lake", "Church", "Mill", "School", "Station"]


def orders(random: Random) -> pl.DataFrame:
    """Amounts, weights, dates in order, categories, free names."""
    rows = 700
    start = [datetime.date(2021, 1, 1) + datetime.timedelta(days=int(one)) for one in random.integers(700, size=rows)]
    end = [
        one + datetime.timedelta(days=int(later))
        for one, later in zip(start, random.integers(0, 20, rows), strict=True)
    ]
    towns = distinct(random, 25)
    return pl.DataFrame(
        {
            "order": [f"O{100000 + one}" for one in range(rows)],
            "ordered": [str(one) for one in start],
            "delivered": [str(one) for one in end],
            "town": random.choice(towns, rows).tolist(),
            "street": [f"{random.integers(1, 200)} {random.choice(STREETS)} Street" for _ in range(rows)],
            "weight_kg": [f"{value:.2f}" for value in random.lognormal(1.0, 0.5, rows)],
            "amount": [f"{value:.2f}" for value in random.gamma(3.0, 20.0, rows)],
            "age": [str(value) for value in random.integers(18, 90, rows)],
            "payment": random.choice(["credit card", "invoice", "direct debit", "voucher"], rows).tolist(),
        }
    )


def mixed(random: Random) -> pl.DataFrame:
    """Independent columns: nothing follows from anything, and many sets of values repeat."""
    rows = 500
    return pl.DataFrame(
        {
            "x": [f"{value:.3f}" for value in random.normal(size=rows)],
            "y": [f"{value:.1f}" for value in random.lognormal(3, 1, rows)],
            "count": [str(value) for value in random.poisson(3, rows)],
            "level": random.choice(["low", "middle", "high", "very high"], rows, p=[0.5, 0.3, 0.15, 0.05]).tolist(),
            "place": random.choice(distinct(random, 60), rows).tolist(),
            "code": [f"{random.choice(list('ABC'))}{random.integers(100, 999)}" for _ in range(rows)],
        }
    )


PLACES = (
    "München Köln Düsseldorf Nürnberg Zürich Genève Málaga Córdoba Besançon Orléans Malmö Göteborg Århus Ålesund Tromsø "
    "Łódź Kraków Gdańsk Plzeň Brno Győr Szeged Berlin Hamburg Paris Madrid Lisboa Coimbra Évora Bragança Faro Würzburg"
).split()
SHOPS = (
    "coffee tea bread butter cheese apples pears milk rice pasta sugar salt flour honey juice water soap paper"
).split()


def persons(random: Random) -> pl.DataFrame:
    """People with places in several languages, fees, ages and answers."""
    rows, towns = 600, random.choice(PLACES, 14, replace=False)
    share = random.dirichlet(np.full(14, 2.0))
    return pl.DataFrame(
        {
            "town": random.choice(towns, rows, p=share).tolist(),
            "age": [str(max(value, 1)) for value in random.normal(45, 15, rows).astype(int)],
            "fee": [f"{value:.2f}" for value in random.lognormal(3, random.uniform(0.3, 1), rows)],
            "income": [str(int(value)) for value in random.lognormal(10, 0.6, rows)],
            "visits": [str(value) for value in random.negative_binomial(2, 0.3, rows)],
            "member": random.choice(["yes", "no"], rows).tolist(),
            "answer": random.choice(["never", "rarely", "sometimes", "often", "always"], rows).tolist(),
        }
    )


def sensors(random: Random) -> pl.DataFrame:
    """Readings of instruments, some of which go below zero."""
    rows = int(random.integers(300, 2000))
    return pl.DataFrame(
        {
            "device": random.choice([f"S{one:02d}" for one in range(1, 12)], rows).tolist(),
            "temperature": [
                f"{value:.1f}" for value in random.normal(random.uniform(-5, 30), random.uniform(2, 9), rows)
            ],
            "near_zero": [f"{value:.2f}" for value in random.normal(random.uniform(1.5, 4), 1, rows)],
            "heavy": [f"{value:.2f}" for value in random.standard_t(3, rows) * 4 + random.uniform(0, 60)],
            "pressure": [f"{value:.1f}" for value in random.normal(1013, 8, rows)],
            "power": [f"{value:.3f}" for value in random.weibull(random.uniform(0.7, 3), rows) * 50],
            "balance": [f"{value:.2f}" for value in random.laplace(random.uniform(5, 60), 9, rows)],
            "rain": [f"{value:.1f}" for value in random.gamma(0.5, 4, rows) * (random.random(rows) < 0.4)],
            "change": [str(value) for value in random.integers(-1, int(random.integers(2, 4)), rows)],
        }
    )


def shop(random: Random) -> pl.DataFrame:
    """Sales with rare products, codes of mixed make and prices with long tails, two units and a plural."""
    rows = int(random.integers(300, 1500))
    share = 1 / np.arange(1, len(SHOPS) + 1) ** random.uniform(0.5, 1.8)
    codes = [
        f"{random.choice(list('KLM'))}{random.integers(10, 99)}{random.choice(['', '', 'a', 'b'])}" for _ in range(120)
    ]
    return pl.DataFrame(
        {
            "product": random.choice(SHOPS, rows, p=share / share.sum()).tolist(),
            "code": random.choice(codes, rows).tolist(),
            "price": [f"{value:.2f}" for value in random.pareto(random.uniform(1.2, 3), rows) * 3 + 0.5],
            "quantity": [str(1 + value) for value in random.geometric(random.uniform(0.2, 0.9), rows)],
            "weight": [f"{value:.0f} g" for value in random.lognormal(6, 0.7, rows)],
            "discount": [f"{value}%" for value in random.choice([0, 5, 10, 20], rows, p=[0.8, 0.1, 0.06, 0.04])],
            "day": [
                str(datetime.date(2022, 1, 1) + datetime.timedelta(days=int(one)))
                for one in random.integers(365, size=rows)
            ],
            "name": [f"{name_of(random, 2)} {name_of(random, 2)}" for _ in range(rows)],
            "size": [
                f"{value} {unit}"
                for value, unit in zip(random.integers(2, 30, rows), random.choice(["kg", "g"], rows), strict=True)
            ],
            "wait": [
                f"{value} {'day' if value == 1 else 'days'}"
                for value in random.integers(1, random.choice([4, 30]), rows)
            ],
        }
    )


def shipped(random: Random) -> pl.DataFrame:
    """Columns of a regression or classification that scikit-learn makes, scaled and rounded at random."""
    from sklearn.datasets import make_classification, make_friedman1

    rows, seed = int(random.integers(200, 1500)), int(random.integers(2**31))
    table, target = (
        make_friedman1(rows, 6, noise=1.0, random_state=seed)
        if random.integers(2)
        else make_classification(rows, 6, n_informative=4, random_state=seed)
    )
    scale, shift = 10 ** random.uniform(-1, 4, 6), random.uniform(-3, 6, 6)
    columns = {f"x{one}": [f"{value:.5g}" for value in (table[:, one] + shift[one]) * scale[one]] for one in range(6)}
    return pl.DataFrame({**columns, "y": [f"{value:.4g}" for value in target]})


GENERATORS: dict[str, Callable[[Random], pl.DataFrame]] = {
    "hospitals": hospitals, "flights": flights, "orders": orders, "mixed": mixed, "persons": persons, "beers": beers,
    "articles": articles, "sensors": sensors, "shop": shop, "shipped": shipped,
    "visits": visits, "stores": stores, "readings": readings, "purchases": purchases, "reports": reports,
}  # fmt: skip
REAL = ("adult_train.csv.gz", "german_credit.csv", "penguins.csv")
DECIDED = {
    "hospitals": {"provider", "name", "city", "state", "zip", "phone", "measure", "measure_name"}, "flights": {"flight", "departure", "arrival"},
    "beers": {"maker", "city", "state"}, "articles": {"journal", "abbreviation", "issn"},
    "visits": {"patient", "sex", "born"}, "stores": {"product", "maker"}, "readings": {"device", "place", "model"},
    "reports": {"flight", "scheduled_departure", "departure", "scheduled_arrival", "arrival"},
}  # fmt: skip
"""Columns whose cells follow from another one: only there can another row's value be told from the right one."""


def published(name: str, folder: Path) -> Callable[[Random], pl.DataFrame]:
    """A sample of a real table, without its own codes: `?` and `NA`, and 99999, the top of Adult's capital gains."""

    def draw(random: Random) -> pl.DataFrame:
        header = name.startswith("penguins")
        frame = pl.read_csv(folder / name, has_header=header, infer_schema=False)
        frame = frame.with_columns(pl.all().str.strip_chars()).with_columns(
            pl.all().replace(["?", "NA", "", "99999"], None)
        )
        frame = frame.filter(~pl.all_horizontal(pl.all().is_null()))
        if name.startswith("adult"):
            frame = frame.filter(pl.col(frame.columns[-1]).is_not_null())
        rows = random.permutation(frame.height)[: min(1000, frame.height)]
        return frame[rows.tolist()]

    return draw
