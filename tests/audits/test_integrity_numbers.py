import numpy as np
import polars as pl
import pytest

from governance.asking import ask
from governance.audits.integrity import Integrity
from governance.evidence import Level
from governance.testing import make_snapshot


def findings(folder, frame):
    return ask(Integrity(), make_snapshot(folder, frame)).findings


def ledger(share, seed=0, rows=600):
    random = np.random.default_rng(seed)
    amount = random.lognormal(4, 1.0, rows).round(2)
    refunds = random.random(rows) < share
    return random, amount, refunds


@pytest.mark.parametrize("share", [0.01, 0.02, 0.2])
def test_a_sign_that_another_column_foretells_is_no_warning(tmp_path, share):
    random, amount, refunds = ledger(share)
    kind = np.where(refunds, "refund", random.choice(["sale", "deposit"], 600))
    frame = pl.DataFrame({"amount": np.where(refunds, -amount, amount), "type": kind})
    found = findings(tmp_path, frame)
    assert all(one.level is Level.NOTE for one in found)
    assert [one.subject for one in found] == (["as type foretells"] if share < 0.03 else [])


def test_several_columns_foretell(tmp_path):
    random, amount, refunds = ledger(0.02)
    frame = pl.DataFrame({"amount": np.where(refunds, -amount, amount), "pieces": np.where(refunds, 0, random.integers(1, 9, 600)),
                          "type": np.where(refunds, "refund", "sale")})  # fmt: skip
    (finding,) = findings(tmp_path, frame)
    assert finding.subject == "as pieces and type foretell"


def test_a_sign_that_slipped_beside_refunds_is_a_warning_with_its_correction(tmp_path):
    random, amount, refunds = ledger(0.1)
    slips = np.flatnonzero(~refunds)[:3]
    kind = np.where(refunds, "refund", random.choice(["sale", "deposit"], 600))
    refunds[slips] = True
    frame = pl.DataFrame({"amount": np.where(refunds, -amount, amount), "type": kind})
    answer = ask(Integrity(), make_snapshot(tmp_path, frame))
    assert [(one.rule, one.count) for one in answer.findings] == [("integrity/wrong_sign", 3)]
    assert set(answer.rows["source_row"]) == set(slips.tolist())
    assert set(answer.rows["suggestion"]) == {f"amount: {amount[row]:.10g}" for row in slips}


def test_a_lost_decimal_point_is_a_note_with_its_correction(tmp_path):
    values = np.random.default_rng(3).normal(36.8, 0.5, 600).round(1)
    values[:6] *= 10
    answer = ask(Integrity(), make_snapshot(tmp_path, pl.DataFrame({"temperature": values})))
    (finding,) = answer.findings
    assert (finding.rule, finding.level, finding.subject) == ("integrity/unit_mixup", Level.NOTE, "factor 10")
    assert set(answer.rows["suggestion"]) == {f"temperature: {value / 10:.10g}" for value in values[:6]}


@pytest.mark.parametrize(("mean", "code", "level"), [(18, -127.0, Level.NOTE), (60, 65535.0, Level.WARNING)])
def test_a_code_that_no_list_knows_is_no_factor(tmp_path, mean, code, level):
    values = np.random.default_rng(0).normal(mean, 3, 1500).round(1)
    values[[3, 900]] = code
    answer = ask(Integrity(), make_snapshot(tmp_path, pl.DataFrame({"reading": values})))
    (finding,) = answer.findings
    assert (finding.rule, finding.level, finding.count) == ("integrity/null_coding", level, 2)
    assert "one and the same number, beyond all others" in finding.message
    assert set(answer.rows["suggestion"]) == {"reading: missing"}


def test_a_pressure_of_zero_is_noted_unless_another_column_foretells_it(tmp_path):
    random = np.random.default_rng(5)
    values = random.normal(70, 10, 600).round()
    values[:36] = 0
    clinic = random.choice(["north", "south"], 600)
    (finding,) = findings(tmp_path / "a", pl.DataFrame({"pressure": values, "clinic": clinic}))
    assert (finding.rule, finding.level, finding.count) == ("integrity/null_coding", Level.NOTE, 36)
    shut = np.where(values == 0, "shut", clinic)
    assert findings(tmp_path / "b", pl.DataFrame({"pressure": values, "clinic": shut})) == ()


def test_codes_that_hide_each_other_are_all_found(tmp_path):
    values = np.random.default_rng(7).integers(0, 400, 700)
    codes = np.array([-999, -999, -1, -1, -1, 999, 999, 9999, 9999])
    values[: codes.size] = codes
    answer = ask(Integrity(), make_snapshot(tmp_path, pl.DataFrame({"stock": values})))
    assert [(one.rule, one.count) for one in answer.findings] == [("integrity/null_coding", codes.size)]
    assert set(answer.rows["source_row"]) == set(range(codes.size))


@pytest.mark.parametrize("by_another", [False, True])
def test_many_signs_that_slipped_are_a_note_unless_another_column_foretells_them(tmp_path, by_another):
    random = np.random.default_rng(9)
    values = random.normal(230, 4, 600).round(1)
    wrong = random.random(600) < 0.05
    kind = np.where(wrong, "reversed", "plain") if by_another else random.choice(["a", "b"], 600)
    frame = pl.DataFrame({"volts": np.where(wrong, -values, values), "kind": kind})
    found = [
        one for one in ask(Integrity(), make_snapshot(tmp_path, frame)).findings if one.rule == "integrity/wrong_sign"
    ]
    assert [(one.count, one.level, "may be meant" in one.message) for one in found] == [
        (int(wrong.sum()), Level.NOTE, True)
    ] * (not by_another)


@pytest.mark.parametrize("cells", [0, 12])
def test_a_sign_that_slipped_among_values_below_zero(tmp_path, cells):
    values = np.random.default_rng(8).normal(-18, 1.2, 600).round(1)
    values[:cells] *= -1
    answer = ask(Integrity(), make_snapshot(tmp_path, pl.DataFrame({"freezer": values})))
    assert [(one.rule, one.count) for one in answer.findings] == [("integrity/wrong_sign", cells)] * (cells > 0)
    assert set(answer.rows["suggestion"]) == {f"freezer: {-value:.10g}" for value in values[:cells]}


def test_first_names_that_begin_like_others_are_no_abbreviations(tmp_path):
    random = np.random.default_rng(9)
    names = [
        "Karla",
        "Peter",
        "Birgit",
        "Jonas",
        "Svenja",
        "Holger",
        "Max",
        "Maxim",
        "Ole",
        "Olena",
        "Ana",
        "Anastasios",
    ]
    frame = pl.DataFrame({"first_name": random.choice(names, 600, p=[0.15] * 6 + [0.1 / 6] * 6)})
    assert ask(Integrity(), make_snapshot(tmp_path, frame)).findings == ()


@pytest.mark.parametrize("share", [0.005, 0.01, 0.02, 0.04])
def test_numbers_in_each_other_s_column_are_in_no_other_unit(tmp_path, share):
    random = np.random.default_rng(1)
    lat, lon = random.uniform(47.3, 54.9, 1000).round(5), random.uniform(6, 15, 1000).round(5)
    rows = random.choice(1000, int(share * 1000), replace=False)
    lat[rows], lon[rows] = lon[rows], lat[rows]
    answer = ask(Integrity(), make_snapshot(tmp_path, pl.DataFrame({"lat": lat, "lon": lon})))
    assert [one.rule for one in answer.findings] == ["integrity/swapped_cells"] * 2
    assert all(0.9 * rows.size <= one.count <= rows.size for one in answer.findings)


def test_people_in_inches_and_pounds_have_no_height_for_a_weight(tmp_path):
    random = np.random.default_rng(1)
    height = random.normal(172, 9, 1000)
    weight = (height - 100) * random.normal(0.95, 0.12, 1000)
    rows = random.choice(1000, 30, replace=False)
    height[rows], weight[rows] = height[rows] / 2.54, weight[rows] * 2.2046
    found = findings(tmp_path, pl.DataFrame({"height": height.round(1), "weight": weight.round(1)}))
    assert ("integrity/other_unit", ("height",), 30) in {(one.rule, one.columns, one.count) for one in found}
    assert not any(one.rule == "integrity/swapped_cells" for one in found)


def test_seconds_among_minutes_are_corrected_by_sixty(tmp_path):
    random = np.random.default_rng(11)
    minutes = random.lognormal(2.3, 0.5, 700).round(1)
    written = minutes.copy()
    written[:9] *= 60
    answer = ask(Integrity(), make_snapshot(tmp_path, pl.DataFrame({"minutes": written.round(1)})))
    (finding,) = answer.findings
    assert (finding.rule, finding.subject) == ("integrity/unit_mixup", "factor 60")
    assert set(answer.rows["suggestion"]) == {f"minutes: {value:.10g}" for value in minutes[:9]}


def test_where_several_factors_fit_no_correction_is_suggested(tmp_path):
    values = np.random.default_rng(12).lognormal(3, 0.5, 900)
    values[5] *= 80
    answer = ask(Integrity(), make_snapshot(tmp_path, pl.DataFrame({"amount": values})))
    (finding,) = answer.findings
    assert finding.level is Level.WARNING
    assert "factor 60, 100" in finding.message or "factor 100, 60" in finding.message
    assert "no correction is suggested" in finding.message
    assert answer.rows["suggestion"].to_list() == ["amount: "]


@pytest.mark.parametrize(("factor", "level"), [(11, Level.WARNING), (1, None)])
def test_answers_far_beyond_their_scale_are_a_warning(tmp_path, factor, level):
    values = np.random.default_rng(13).choice([1, 2, 3, 4, 5], 900, p=[0.1, 0.2, 0.3, 0.25, 0.15])
    values[:7] *= factor
    found = findings(tmp_path, pl.DataFrame({"answer": values}))
    assert [one.level for one in found] == ([level] if level else [])
    assert all((one.rule, one.subject, one.count) == ("integrity/off_scale", "1 to 5", 7) for one in found)


def test_a_number_outside_a_scale_that_another_column_foretells_is_none(tmp_path):
    random = np.random.default_rng(14)
    values, kind = random.choice([1, 2, 3, 4, 5], 900), random.choice(["paper", "web"], 900)
    values[:9], kind[:9] = 20, "phone"
    assert findings(tmp_path, pl.DataFrame({"answer": values, "kind": kind})) == ()


@pytest.mark.parametrize(
    ("members", "shares", "asked"),
    [
        (range(-1, 9), [0.05, 0.15, *[0.1] * 8], "the lowest value of the scale (-1, one step below 0 to 8)"),
        ((-1, 0, 1, 2, 3), [0.02, 0.31, 0.4, 0.2, 0.07], None),
        ((1, 6, 12, 24, 144, 1000), [0.4, 0.2, 0.2, 0.1, 0.07, 0.03], "one more of the few different values"),
    ],
)
def test_one_more_member_of_a_list_of_few_is_asked_about_at_most(tmp_path, members, shares, asked):
    sizes = np.random.default_rng(3).choice(list(members), 600, p=shares)
    found = findings(tmp_path, pl.DataFrame({"size": sizes}))
    assert [one.level for one in found] == [Level.NOTE] * (asked is not None)
    assert asked is None or asked in found[0].message


def test_minus_one_among_many_different_numbers_is_a_warning(tmp_path):
    stock = np.random.default_rng(3).integers(0, 60, 600)
    stock[:9] = -1
    (finding,) = findings(tmp_path, pl.DataFrame({"stock": stock}))
    assert (finding.rule, finding.level, finding.count) == ("integrity/null_coding", Level.WARNING, 9)


@pytest.mark.parametrize(("name", "named"), [("days_absent", 0), ("temperature", 8)])
def test_counted_days_are_no_degrees(tmp_path, name, named):
    values = np.random.default_rng(0).normal(21, 3, 500).round().astype(int)
    values[:8] = (values[:8] * 1.8 + 32).astype(int)
    answer = ask(Integrity(), make_snapshot(tmp_path, pl.DataFrame({name: values})))
    assert sum(one.count for one in answer.findings if one.rule == "integrity/other_unit") == named


@pytest.mark.parametrize("slips", [0, 3])
def test_a_heap_of_no_usual_factor_that_another_column_foretells_is_a_kind_of_its_own(tmp_path, slips):
    random = np.random.default_rng(13)
    grade = random.choice(["S235", "42CrMo4", "X5CrNi18"], 700, p=[0.6, 0.33, 0.07])
    usual = np.select([grade == "S235", grade == "42CrMo4"], [0.05, 1.0], 18.1)
    chromium = random.normal(usual, 0.04 * usual).round(2)
    chromium[np.flatnonzero(grade == "42CrMo4")[:slips]] *= 18
    frame = pl.DataFrame({"cr": chromium, "grade": grade, "line": random.choice(["A1", "A2"], 700)})
    found = [one for one in findings(tmp_path, frame) if one.rule == "integrity/unit_mixup"]
    told = [(one.level, one.count, "as grade foretells" in one.message) for one in found]
    kinds = int((grade == "X5CrNi18").sum())
    assert told == [(Level.NOTE, kinds, True), (Level.WARNING, slips, False)][: 2 if slips else 1]
