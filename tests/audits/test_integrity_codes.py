from collections import Counter

import numpy as np
import polars as pl
import pytest

from governance.asking import ask
from governance.audits.integrity import Integrity
from governance.evidence import Level
from governance.measures.units_written_out import units_left_out
from governance.testing import make_snapshot


@pytest.mark.parametrize(
    ("written", "level"),
    [
        ({"SE": "Sweden", "FI": "Finland"}, Level.WARNING),
        ({"SE": "SWE", "FI": "FIN"}, Level.WARNING),
        ({"SE": "S-2"}, Level.NOTE),
    ],
)
def test_what_is_no_code_among_codes_of_one_length(tmp_path, written, level):
    country = np.random.default_rng(2).choice(["SE", "FI", "AT", "CH", "BE", "PT"], 900).astype(object)
    rows = np.flatnonzero(np.isin(country, list(written)))[:8]
    country[rows] = [written[code] for code in country[rows]]
    answer = ask(Integrity(), make_snapshot(tmp_path, pl.DataFrame({"country": country.tolist()})))
    (finding,) = answer.findings
    assert (finding.rule, finding.level, finding.count) == ("integrity/odd_shape", level, rows.size)
    assert set(answer.rows["source_row"]) == set(rows.tolist())


def test_a_cell_that_its_spelling_explains_breaks_no_rule_between_columns(tmp_path):
    random = np.random.default_rng(3)
    code = random.choice([10, 20, 30, 40], 800)
    kind = np.array(["grain", "fruit", "dairy", "paper"])[code // 10 - 1].astype(object)
    kind[:8] = [word.capitalize() for word in kind[:8]]
    wrong = np.flatnonzero(kind[8:] == "grain")[:6] + 8
    kind[wrong] = "fruit"
    found = ask(Integrity(), make_snapshot(tmp_path, pl.DataFrame({"code": code, "kind": kind.tolist()}))).findings
    assert ("integrity/case_variant", ("kind",), 8) in {(one.rule, one.columns, one.count) for one in found}
    broken = [one for one in found if one.rule == "integrity/broken_dependency"]
    assert {one.count for one in broken} == {6}
    assert len({one.message for one in broken}) == len(broken)


def test_a_unit_written_out_behind_some_numbers_is_told_as_that(tmp_path):
    weight = [f"{value:.1f}" for value in np.random.default_rng(2).normal(15000, 4000, 700).clip(900).round()]
    weight[:17] = [f"{value} kg" for value in weight[:17]]
    answer = ask(Integrity(), make_snapshot(tmp_path, pl.DataFrame({"net_kg": weight})))
    (finding,) = answer.findings
    assert (finding.rule, finding.level, finding.count) == ("integrity/written_unit", Level.WARNING, 17)
    assert f"net_kg: {weight[0].removesuffix(' kg')}" in answer.rows["suggestion"].to_list()


@pytest.mark.parametrize(
    ("share", "level"), [(0.01, Level.WARNING), (0.05, Level.WARNING), (0.25, Level.NOTE), (0.4, Level.NOTE)]
)
def test_numbers_without_the_unit_of_the_others_are_told(tmp_path, share, level):
    random = np.random.default_rng(6)
    bare = random.random(600) < share
    bags = [f"{n}" if b else f"{n} oz" for n, b in zip(random.choice([8.8, 12.0, 16.0, 32.0], 600), bare, strict=True)]
    (finding,) = ask(Integrity(), make_snapshot(tmp_path, pl.DataFrame({"bag": bags}))).findings
    assert (finding.rule, finding.level, finding.count) == ("integrity/unit_left_out", level, int(bare.sum()))


def test_several_ways_to_write_one_unit_are_one_unit():
    many = {f"{n} {unit}": 20 for n in (8.8, 12.0, 16.0) for unit in ("oz", "oz.", "ounce", "OZ. Bag")}
    assert units_left_out({**many, "12.0": 40, "16.0": 30}) == (["12.0", "16.0"], True, True)


def test_house_numbers_and_codes_have_no_unit():
    random = np.random.default_rng(7)
    numbers = random.integers(1, 120, 400).astype(str)
    letters = random.choice(["a", "b", "c"], 400, p=[0.7, 0.2, 0.1])
    houses = [
        n + (letter if lettered else "")
        for n, letter, lettered in zip(numbers, letters, random.random(400) < 0.6, strict=True)
    ]
    rooms = [f"{n}-{letter}" for n, letter in zip(numbers, letters, strict=True)]
    kilos = [f"{n} kg" for n in numbers[:200]]
    for values in (
        houses,
        rooms,
        [*rooms, *numbers[:50]],
        kilos,
        [*kilos, *["on request"] * 30, "12"],
    ):
        assert units_left_out(Counter(values)).values == []


NEAR = [f"{n}" for n in range(20, 60)]


@pytest.mark.parametrize(
    ("others", "plain", "why"),
    [
        ([f"{n} kg" for n in range(1, 200)], [f"{n / 10_000:g}" for n in range(1, 40)], "perhaps in another unit"),
        ([f"{n} TDI" for n in range(1, 200)], NEAR, "a word that is no unit"),
        ([f"{n}M" for n in range(1, 200)], NEAR, None),
        ([f"{n} TDI" for n in range(1, 200)], ["0.1"] * 40, None),
    ],
)
def test_what_may_be_no_unit_or_another_one_is_a_note(tmp_path, others, plain, why):
    found = ask(Integrity(), make_snapshot(tmp_path, pl.DataFrame({"v": [*others, *plain] * 2}))).findings
    told = [one for one in found if one.rule == "integrity/unit_left_out"]
    assert [(one.level, why in one.message) for one in told] == ([(Level.NOTE, True)] if why else [])


@pytest.mark.parametrize("units", [("kg",), ("oz", "oz.", "ounces", "OZ. Bag"), ("%",), ("kWh",)])
def test_numbers_with_one_unit_however_it_is_written_are_told_once(tmp_path, units):
    random = np.random.default_rng(8)
    some = random.random(600) < 0.15
    numbers = random.normal(70, 9, 600).round(1)
    numbers[np.flatnonzero(some)[0]] = 120  # the largest of all is one of them
    behind = random.choice(units, 600)
    cells = [f"{n} {unit}" if carried else f"{n}" for n, unit, carried in zip(numbers, behind, some, strict=True)]
    (finding,) = ask(Integrity(), make_snapshot(tmp_path, pl.DataFrame({"v": cells}))).findings
    assert (finding.rule, finding.level, finding.count) == ("integrity/written_unit", Level.WARNING, int(some.sum()))


@pytest.mark.parametrize(("share", "level"), [(0.04, Level.WARNING), (0.45, Level.NOTE)])
def test_a_second_way_to_write_the_unit_is_another_notation_and_no_odd_shape(tmp_path, share, level):
    random = np.random.default_rng(14)
    other = random.random(600) < share
    sizes = [
        f"{n} {'ounces' if o else 'oz'}" for n, o in zip(random.choice([8.8, 12.0, 16.0], 600), other, strict=True)
    ]
    answer = ask(Integrity(), make_snapshot(tmp_path, pl.DataFrame({"bag": sizes})))
    (finding,) = answer.findings
    assert (finding.rule, finding.level, finding.count) == ("integrity/second_notation", level, int(other.sum()))
    assert set(answer.rows["suggestion"]) <= {"bag: 8.8 oz", "bag: 12.0 oz", "bag: 16.0 oz"}


def test_plain_numbers_are_as_they_should_where_the_unit_is_written_in_many_ways(tmp_path):
    random = np.random.default_rng(15)
    behind = random.choice([" oz", " oz.", " ounce", ""], 600, p=[0.25, 0.2, 0.2, 0.35])
    sizes = [f"{n}{unit}" for n, unit in zip(random.choice([8.8, 12.0, 16.0], 600), behind, strict=True)]
    (finding,) = ask(Integrity(), make_snapshot(tmp_path, pl.DataFrame({"bag": sizes}))).findings
    assert (finding.rule, finding.count) == ("integrity/spelt_unit", int((behind != "").sum()))
