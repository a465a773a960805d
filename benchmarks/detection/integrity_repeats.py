"""Clean tables in which one thing stands in many rows and its values honestly differ from row to row, or are missing.

A laboratory value that was not taken at one visit, a price that a shop sets for itself, a reading that failed: nothing here
is damaged, however much the rows of one patient, product or device are alike. `reports` is the table in which they
should not differ: many sources tell of the same flights. Every generator gives a table of strings, as read from CSV.
"""

from __future__ import annotations

import datetime

import numpy as np
import polars as pl
from integrity_entities import Random, distinct

DRUGS = (
    "metformin insulin ramipril atorvastatin amlodipine bisoprolol levothyroxine omeprazole salbutamol warfarin "
    "apixaban sertraline furosemide prednisolone allopurinol tamsulosin"
).split()
VISITS = "baseline|first week|discharge|one month later|half a year later|yearly check|last follow-up".split("|")


def _gaps(random: Random, values: list[str], share: float) -> list[str | None]:
    return [None if gone else value for value, gone in zip(values, random.random(len(values)) < share, strict=True)]


def visits(random: Random) -> pl.DataFrame:
    """Patients seen several times: sex and birth year stay, drugs and diagnoses mostly, values change; tests are left out."""
    patients = int(random.integers(60, 160))
    seen = random.integers(2, len(VISITS) + 1, patients)
    who = np.repeat(np.arange(patients), seen)
    nth = np.concatenate([np.arange(one) for one in seen])
    usual, steady = random.normal(130, 15, patients), random.uniform(0.5, 0.95)
    codes = [f"{random.choice(list('EIJKMN'))}{random.integers(10, 99)}.{random.integers(10)}" for _ in range(90)]
    drug, code = random.integers(len(DRUGS), size=patients), random.integers(90, size=patients)
    doctors = distinct(random, 25)
    doctor = random.integers(25, size=patients)

    def mostly(own: np.ndarray, levels: int) -> np.ndarray:
        return np.where(random.random(who.size) < steady, own[who], random.integers(levels, size=who.size))

    born, sex = random.integers(1930, 2005, patients), random.choice(["female", "male"], patients)
    day = [
        datetime.date(2020, 1, 1) + datetime.timedelta(days=int(one))
        for one in random.integers(300, size=patients)[who] + 60 * nth
    ]
    return pl.DataFrame(
        {
            "patient": [f"P{1000 + one}" for one in who],
            "visit": [VISITS[one] for one in nth],
            "day": [str(one) for one in day],
            "sex": sex[who].tolist(),
            "born": [str(one) for one in born[who]],
            "doctor": [doctors[one] for one in mostly(doctor, 25)],
            "drug": _gaps(random, [DRUGS[one] for one in mostly(drug, len(DRUGS))], 0.15),
            "diagnosis": _gaps(random, [codes[one] for one in mostly(code, 90)], 0.1),
            "pressure": _gaps(
                random, [f"{one:.0f}" for one in usual[who] + random.normal(0, random.uniform(1, 8), who.size)], 0.2
            ),
            "hba1c": _gaps(random, [f"{one:.1f}" for one in 5.5 + random.gamma(2, 0.4, who.size)], 0.4),
            "smoker": _gaps(random, random.choice(["no", "yes", "stopped"], patients)[who].tolist(), 0.1)
            if random.integers(2)
            else random.choice(["no", "yes"], who.size).tolist(),
        }
    )


def stores(random: Random) -> pl.DataFrame:
    """Shops that sell the same products: each sets its prices, has its shelves, and leaves out what it does not sell."""
    shops, products = distinct(random, int(random.integers(8, 20))), distinct(random, int(random.integers(40, 80)), 2)
    pairs = [(shop, product) for product in range(len(products)) for shop in range(len(shops)) if random.random() < 0.7]
    price, chain = random.lognormal(1.5, 0.7, len(products)), random.integers(3, size=len(shops))
    own = random.uniform(0, 0.6)
    priced = [
        price[product] * (random.choice([0.9, 1.1, 1.2]) if random.random() < own else 1 + 0.05 * chain[shop])
        for shop, product in pairs
    ]
    makers = distinct(random, 20)
    maker = random.integers(20, size=len(products))
    aisles = [f"{letter}{number}" for letter in "ABCDEF" for number in range(1, 9)]
    aisle = random.choice(aisles, (3, len(products)))
    keeps = [aisle[chain[shop], product] if random.random() < 0.6 else random.choice(aisles) for shop, product in pairs]
    return pl.DataFrame(
        {
            "shop": [shops[shop] for shop, _ in pairs],
            "product": [products[product] for _, product in pairs],
            "maker": [makers[maker[product]] for _, product in pairs],
            "price": [f"{one:.2f}" for one in priced],
            "label": _gaps(random, [f"{one:.2f} EUR" for one in priced], 0.1),
            "aisle": _gaps(random, [str(one) for one in keeps], 0.1),
            "stock": _gaps(random, [str(one) for one in random.poisson(6, len(pairs))], 0.1),
            "offer": _gaps(
                random, random.choice(["none", "two for one", "ten per cent off"], len(pairs)).tolist(), 0.3
            ),
        }
    )


def readings(random: Random) -> pl.DataFrame:
    """Devices that report every hour: place and model stay, rounded readings hardly change, and some fail."""
    devices, hours = int(random.integers(15, 50)), int(random.integers(10, 40))
    who = np.repeat(np.arange(devices), hours)
    usual, scatter = random.uniform(10, 90, devices), float(random.choice([0.02, 0.1, 1.0]))
    places, models = distinct(random, devices, 2), [f"M{one}" for one in random.integers(10, 99, 6)]
    return pl.DataFrame(
        {
            "device": [f"D{one:03d}" for one in who],
            "hour": [str(datetime.datetime(2024, 3, 1) + datetime.timedelta(hours=one)) for one in range(hours)]
            * devices,
            "place": [places[one] for one in who],
            "model": [models[one % 6] for one in who],
            "humidity": _gaps(random, [f"{one:.1f}" for one in usual[who] + random.normal(0, scatter, who.size)], 0.1),
            "level": _gaps(random, [f"{one:.0f} mm" for one in usual[who] + random.normal(0, scatter, who.size)], 0.1),
            "status": _gaps(random, random.choice(["ok", "low battery"], who.size, p=[0.9, 0.1]).tolist(), 0.05),
        }
    )


def purchases(random: Random) -> pl.DataFrame:
    """Customers who buy again: some move, some pay another way, most say nothing in a field of their own choice."""
    customers = int(random.integers(60, 150))
    who = np.sort(random.integers(customers, size=int(random.integers(400, 1200))))
    towns, streets = distinct(random, 40), distinct(random, 60)
    home, moved = random.integers(40, size=(customers, 2)), random.random(customers) < random.uniform(0, 0.4)
    later = np.array([nth >= (who == one).sum() // 2 for one in range(customers) for nth in range((who == one).sum())])
    place = np.where(moved[who] & later, home[who, 1], home[who, 0])
    favourite = random.integers(60, size=customers)
    bought = np.where(random.random(who.size) < 0.45, favourite[who], random.integers(60, size=who.size))
    return pl.DataFrame(
        {
            "customer": [f"K{2000 + one}" for one in who],
            "day": [
                str(datetime.date(2023, 1, 1) + datetime.timedelta(days=int(one)))
                for one in random.integers(700, size=who.size)
            ],
            "town": [towns[one] for one in place],
            "street": [f"{streets[at]} street {one + 1}" for at, one in zip(place, who, strict=True)],
            "product": [f"{streets[one]} {one}" for one in bought],
            "paid_by": random.choice(["card", "invoice", "debit"], who.size, p=[0.6, 0.3, 0.1]).tolist(),
            "amount": [f"{one:.2f}" for one in random.gamma(3, 20, who.size)],
            "voucher": _gaps(random, [f"V{one}" for one in random.integers(10, 60, who.size)], 0.7),
            "gift_for": _gaps(random, [streets[one] for one in favourite[who]], 0.6),
        }
    )


def _clock(minutes: int) -> str:
    hour, minute = divmod(minutes % 1440, 60)
    return f"{hour % 12 or 12}:{minute:02d} {'ap'[hour // 12]}.m."


def reports(random: Random) -> pl.DataFrame:
    """Many sources tell the planned and the true times of the same flights; here they all tell the right ones."""
    sources, flights = int(random.integers(18, 40)), int(random.integers(30, 60))
    names, ports = distinct(random, sources, 2), distinct(random, 12, 1)
    pairs = [(s, f) for f in range(flights) for s in range(sources) if random.random() < 0.65]
    start, takes = random.integers(300, 1300, flights), random.integers(50, 330, flights)
    late, later = (random.gamma(1.2, 14, flights).astype(int) - 5 for _ in range(2))
    true = [start, start + late, start + takes, start + takes + later]
    way = [
        f"{random.choice(['AA', 'UA', 'CO'])}-{random.integers(100, 3000)}-{random.choice(ports)}-{random.choice(ports)}"
        for _ in range(flights)
    ]
    head = ["scheduled_departure", "departure", "scheduled_arrival", "arrival"]
    return pl.DataFrame(
        {
            "source": [names[s] for s, _ in pairs],
            "flight": [way[f].upper() for _, f in pairs],
            **{name: [_clock(int(times[f])) for _, f in pairs] for name, times in zip(head, true, strict=True)},
        }
    )
