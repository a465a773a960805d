import numpy as np
import polars as pl
import pytest

from governance.asking import ask
from governance.audits.integrity import Integrity
from governance.evidence import Level
from governance.manifest import SnapshotColumn
from governance.reporting.integrity_swaps import swapped_words
from governance.testing import make_snapshot

PORTS = "CNSHA SGSIN NLRTM DEHAM USLAX AEJEA BRSSZ ZADUR GBFXT BEANR KRPUS JPYOK".split()
GOODS = "Passenger cars,Bananas,Beef frozen,Footwear leather,Telephones,Wooden furniture,Methanol,Coffee".split(",")
ROWS = 250


def shipments(seed):
    random = np.random.default_rng(seed)
    share = 1 / np.arange(1, 13)
    port, goods = random.choice(PORTS, ROWS, p=share / share.sum()), random.choice(GOODS, ROWS)
    swapped = np.sort(random.choice(ROWS, 6, replace=False))
    wrong = [port.astype(object), goods.astype(object)]
    wrong[0][swapped], wrong[1][swapped] = goods[swapped], port[swapped]
    return pl.DataFrame({"port": wrong[0], "goods": wrong[1]}, schema={"port": pl.String, "goods": pl.String}), swapped


def test_rare_words_in_each_other_s_column_are_swapped_and_in_no_other_capitals(tmp_path):
    frame, swapped = shipments(0)
    answer = ask(Integrity(), make_snapshot(tmp_path, frame))
    assert [(one.rule, one.count) for one in answer.findings] == [("integrity/swapped_cells", 6)] * 2
    assert sorted(answer.rows["source_row"].unique().to_list()) == swapped.tolist()


def columns(frame):
    return [
        SnapshotColumn(name=name, type="category", private=False, nulls=0, distinct=frame[name].n_unique())
        for name in frame.columns
    ]


@pytest.mark.parametrize("seed", range(10))
def test_columns_that_share_their_words_have_nothing_swapped(seed):
    random = np.random.default_rng(seed)
    share = 1 / np.arange(1, 13)
    teams = [random.choice(PORTS, ROWS, p=share / share.sum()).tolist() for _ in range(2)]
    frame = pl.DataFrame({"home": teams[0], "away": teams[1]})
    assert swapped_words(frame, columns(frame)) == []


def test_what_many_sources_tell_of_one_thing_is_no_slip():
    flights = np.repeat(np.arange(30), 9)
    clock = np.array([f"{hour}:{minute:02d}" for hour in range(12) for minute in (5, 20, 35, 50, 55)])
    leaves, lands = clock[:30], clock[30:].copy()
    leaves[3], lands[3] = "11:55", "0:05"
    lands[4], leaves[5] = "11:55", "0:05"
    lands[6], leaves[7] = "11:55", "0:05"
    frame = pl.DataFrame({"leaves": leaves[flights], "lands": lands[flights]})
    assert swapped_words(frame, columns(frame)) == []


@pytest.mark.parametrize("bearing", [(1.0, 0.35), (1.0, 0.14)])
def test_a_kind_in_which_the_order_is_the_other_way_round_is_a_kind(tmp_path, bearing):
    """Of bearing steel, which has more carbon than manganese, unlike all other grades, not all rows look swapped."""
    random = np.random.default_rng(12)
    grades = {
        "S235": (0.17, 1.4),
        "S355": (0.2, 1.6),
        "C45": (0.45, 0.65),
        "16MnCr5": (0.16, 1.15),
        "100Cr6": bearing,
    }
    grade = random.choice(list(grades), 700, p=[0.4, 0.25, 0.15, 0.13, 0.07])
    carbon, manganese = np.array([grades[one] for one in grade]).T
    frame = pl.DataFrame({
        "c": random.normal(carbon, 0.01).clip(0.01).round(3), "mn": random.normal(manganese, 0.12).clip(0.05).round(2), "grade": grade,
    })  # fmt: skip
    found = [
        one
        for one in ask(Integrity(), make_snapshot(tmp_path, frame)).findings
        if one.rule == "integrity/swapped_cells"
    ]
    assert found
    assert {one.level for one in found} == {Level.NOTE}
