import dataclasses

import numpy as np
import polars as pl
import pytest
from sklearn import datasets

from governance.asking import ask
from governance.audits.integrity import Integrity
from governance.canonical import canonical_json
from governance.dataset import ColumnType
from governance.evidence import Level, Outcome
from governance.sketches.compute import compute_sketch
from governance.testing import make_snapshot


def people(rows=400, seed=0):
    random = np.random.default_rng(seed)
    code = random.integers(20, size=rows)
    return pl.DataFrame(
        {
            "code": [f"c{one}x" for one in code],
            "town": [f"Town{'abcdefghijklmnopqrst'[one] * 5}" for one in code],
            "height": random.normal(1.7, 0.1, rows).round(2),
            "job": random.choice(["carpenter", "teacher", "electrician"], rows),
        }
    )


def rules(answer):
    return sorted({finding.rule.split("/")[1] for finding in answer.findings})


def cells(answer):
    return {(row, text) for row, text in zip(answer.rows["source_row"], answer.rows["suggestion"], strict=True)}


def test_a_clean_table_has_no_finding(tmp_path):
    answer = ask(Integrity(), make_snapshot(tmp_path, people()))
    assert answer.outcome is Outcome.ASSESSED
    assert answer.findings == ()
    assert answer.rows.height == 0


@pytest.mark.parametrize("name", ["breast_cancer", "digits", "diabetes", "iris", "wine"])
def test_shipped_data_raises_no_warning(tmp_path, name):
    data = getattr(datasets, f"load_{name}")()
    frame = pl.DataFrame({f"x{column}": data.data[:, column] for column in range(data.data.shape[1])})
    answer = ask(Integrity(), make_snapshot(tmp_path, frame.with_columns(y=pl.Series(data.target))))
    assert all(finding.level is Level.NOTE for finding in answer.findings)


def put(frame, name, changes):
    values = frame[name].to_list()
    for row, value in changes.items():
        values[row] = value
    return frame.with_columns(pl.Series(name, values))


def test_the_wrong_one_of_many_cells_is_named_once(tmp_path):
    # The code of row 9 is wrong: the town does not fit it. With a third column that agrees with the town, it is clear.
    frame = people().with_columns(region=pl.col("town").str.to_uppercase())
    other = next(code for code in frame["code"] if code != frame["code"][9])
    answer = ask(Integrity(), make_snapshot(tmp_path, put(frame, "code", {9: other})))
    assert cells(answer) == {(9, f"code: {frame['code'][9]}")}


def test_a_wrong_key_is_blamed_when_its_row_is_another_keys(tmp_path):
    # Several codes share a town, so the town decides no code: only the code decides, and only it can be wrong.
    random = np.random.default_rng(4)
    code = random.integers(30, size=600)
    town = [f"Town{'abcdefghij'[one % 10] * 5}" for one in code]
    boss = [f"Boss{'klmnopqrst'[one % 10] * 5}" for one in code // 3]
    codes = [f"c{one}x" for one in code]
    codes[9] = next(f"c{one}x" for one in code if one % 10 != code[9] % 10 and one // 3 != code[9] // 3)
    frame = pl.DataFrame({"code": codes, "town": town, "boss": boss})
    answer = ask(Integrity(), make_snapshot(tmp_path, frame))
    assert {text.split(":")[0] for _, text in cells(answer)} == {"code"}
    assert {row for row, _ in cells(answer)} == {9}
    # Two values that no other row has are two slips of the pen, and the code is right.
    frame = pl.DataFrame({"code": [f"c{one}x" for one in code], "town": town, "boss": boss})
    frame = put(put(frame, "town", {9: "Townqq"}), "boss", {9: "Bosszz"})
    answer = ask(Integrity(), make_snapshot(tmp_path / "b", frame))
    assert {text.split(":")[0] for _, text in cells(answer)} == {"town", "boss"}


def test_cells_that_changed_places_are_found(tmp_path):
    frame = people()
    job, town = frame["job"][5], frame["town"][5]
    frame = put(put(frame, "job", {5: town}), "town", {5: job})
    answer = ask(Integrity(), make_snapshot(tmp_path, frame))
    assert {(5, f"job: {job}"), (5, f"town: {town}")} <= cells(answer)


def test_dates_in_the_wrong_order_and_of_no_day(tmp_path):
    days = pl.Series("first", np.arange(200) * 3 + 18000).cast(pl.Date)
    last = pl.Series("last", np.arange(200) * 3 + 18005).cast(pl.Date)
    values = last.to_list()
    values[7] = days[0]
    frame = pl.DataFrame({"first": days, "last": pl.Series("last", values)})
    answer = ask(Integrity(), make_snapshot(tmp_path, frame))
    assert rules(answer) == ["date_order"]
    assert {row for row, _ in cells(answer)} == {7}


@pytest.mark.parametrize("impossible", [("first",), ("last",), ("first", "last")])
def test_a_date_of_no_day_does_not_hide_dates_in_the_wrong_order(tmp_path, impossible):
    days = np.arange(200) * 3 + 18000
    frame = pl.DataFrame({"first": days, "last": days + 5}).cast(pl.Date)
    frame = frame.with_columns(
        last=pl.Series([frame["first"][0] if row == 7 else d for row, d in enumerate(frame["last"])])
    )
    for name in impossible:
        words = frame[name].cast(pl.String).to_list()
        frame = frame.with_columns(pl.Series(name, [*words[:30], "2021-02-30", *words[31:]]))
    answer = ask(Integrity(), make_snapshot(tmp_path, frame))
    assert rules(answer) == ["date_order", "impossible_date"]
    assert set(answer.rows.filter(pl.col("rule") == "integrity/date_order")["source_row"]) == {7}


def test_equal_columns_are_a_warning_and_constant_ones_a_note(tmp_path):
    frame = people().with_columns(copy=pl.col("height"), same=pl.lit("x"))
    answer = ask(Integrity(), make_snapshot(tmp_path, frame))
    assert [(finding.level, finding.rule) for finding in answer.findings] == [
        (Level.NOTE, "integrity/near_constant_column"),
        (Level.WARNING, "integrity/duplicate_column"),
    ]


def test_no_value_is_shown_and_every_suggestion_stays_in_the_rows(tmp_path):
    frame = put(people(), "job", {3: "carpentxr", 8: "?"})
    answer = ask(Integrity(), make_snapshot(tmp_path, frame, public=False))
    shown = canonical_json([finding.model_dump(mode="json") for finding in answer.findings])
    assert "carpent" not in shown
    assert (3, "job: carpenter") in cells(answer)
    assert (8, "job: missing") in cells(answer)


def test_few_rows_cannot_be_judged(tmp_path):
    answer = ask(Integrity(), make_snapshot(tmp_path, people(20)))
    assert (answer.outcome, answer.code) == (Outcome.INCONCLUSIVE, "too_few_rows")


def sketch(folder):
    path = folder / "sketch.json"
    path.write_text(compute_sketch(make_snapshot(folder / "before", three(1))).to_json(), encoding="utf-8")
    return path


def three(seed):
    random = np.random.default_rng(seed)
    return pl.DataFrame(
        {"a": random.normal(0, 1, 900), "b": random.normal(8, 2, 900), "c": random.gamma(2.0, 30.0, 900)}
    )


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda frame: frame, []),
        (lambda frame: frame.rename({"a": "b", "b": "a"}), ["moved_column"]),
        (lambda frame: frame.with_columns(pl.col("c") * 1000), ["unit_changed"]),
        (lambda frame: frame.with_columns(pl.col("c") + 500), []),  # moved, and no unit's doing: drift says so
    ],
)
def test_columns_are_compared_with_the_version_before(tmp_path, change, expected):
    reference = sketch(tmp_path)
    snapshot = make_snapshot(tmp_path, change(three(2)).select("a", "b", "c"))
    answer = ask(Integrity(), dataclasses.replace(snapshot, reference_file=reference))
    assert rules(answer) == expected


def test_a_reference_that_cannot_be_read_is_a_failure(tmp_path):
    path = sketch(tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace('"rows": 900', '"rows": 901'), encoding="utf-8")
    answer = ask(Integrity(), dataclasses.replace(make_snapshot(tmp_path, three(2)), reference_file=path))
    assert (answer.outcome, answer.code) == (Outcome.FAILED, "reference_unreadable")


def test_texts_are_looked_at_for_their_encoding_only(tmp_path):
    texts = [f"a note of some length about nothing number {row} and so on" for row in range(60)]
    texts[4] = "the caf\u00c3\u00a9 was closed when we came back to it"
    answer = ask(Integrity(), make_snapshot(tmp_path, pl.DataFrame({"t": texts}), types={"t": ColumnType.TEXT}))
    assert rules(answer) == ["encoding_damage"]
    assert cells(answer) == {(4, "t: the caf\u00e9 was closed when we came back to it")}


def test_texts_that_repeat_are_categories(tmp_path):
    random = np.random.default_rng(3)
    names = [
        f"patients who were given {what} before they left the hospital" for what in ("aspirin", "oxygen", "advice")
    ]
    codes = random.integers(3, size=300)
    texts = [names[code] for code in codes]
    texts[4] = texts[4].replace("hospital", "hosxital").replace("patients", "paxients")
    texts[9] = texts[9].replace("given", "gxven")
    snapshot = make_snapshot(tmp_path, pl.DataFrame({"t": texts}), types={"t": ColumnType.TEXT})
    assert cells(ask(Integrity(), snapshot)) == {(4, f"t: {names[codes[4]]}"), (9, f"t: {names[codes[9]]}")}


def test_a_unit_in_many_spellings_is_named_in_every_cell(tmp_path):
    random = np.random.default_rng(6)
    sizes = [f"{random.choice([12, 16])}.0{unit}" for unit in random.choice([" oz", " oz.", " ounce"], 300)]
    answer = ask(Integrity(), make_snapshot(tmp_path, pl.DataFrame({"size": sizes})))
    assert rules(answer) == ["spelt_unit"]
    assert (7, f"size: {sizes[7].split()[0]}") in cells(answer)
    assert answer.rows.height == 300


def test_a_level_behind_another_columns_value_is_two_cells_in_one(tmp_path):
    frame = people().with_columns(state=pl.Series(np.random.default_rng(7).choice(["CO", "WI", "MA"], 400)))
    town, state = frame["town"].to_list(), frame["state"].to_list()
    whole = {row: (town[row], state[row]) for row in (3, 8, 40)}
    for row, (first, second) in whole.items():
        town[row], state[row] = f"{first} {second}", None
    joined = frame.with_columns(town=pl.Series(town), state=pl.Series(state)).drop("code")
    answer = ask(Integrity(), make_snapshot(tmp_path / "joined", joined))
    for row, (first, second) in whole.items():
        assert {(row, f"town: {first}"), (row, f"state: {second}")} <= cells(answer)
    assert {"joined_cells", "implied_value"} <= set(rules(answer))
    # Where rows with a state end so as well, it is how towns are written.
    both = joined.with_columns(town=pl.Series([f"{name} WI" if row % 3 else name for row, name in enumerate(town)]))
    assert "joined_cells" not in rules(ask(Integrity(), make_snapshot(tmp_path / "both", both)))


def test_numbers_are_judged_in_a_column_that_a_few_words_made_one_of_text(tmp_path):
    random = np.random.default_rng(1)
    weights = [f"{value:.1f} kg" if row % 2 else f"{value:.1f}" for row, value in enumerate(random.uniform(2, 9, 300))]
    fees = [f"{value:.2f}" for value in random.lognormal(3, 0.5, 300)]
    fees[3], fees[4], fees[5], fees[7], fees[9] = "-21.50", "9999", "9999", "n/a", "18500"
    frame = pl.DataFrame({"weight": weights, "fee": fees})
    answer = ask(Integrity(), make_snapshot(tmp_path, frame))
    assert {(3, "fee: 21.5"), (4, "fee: missing"), (5, "fee: missing"), (7, "fee: missing"), (9, "fee: 18.5")} == {
        cell for cell in cells(answer) if cell[1].startswith("fee: ") and cell[1] != "fee: "
    }
    assert {"wrong_sign", "null_coding", "unit_mixup"} <= set(rules(answer))


def test_codes_with_leading_zeros_are_no_numbers(tmp_path):
    codes = [f"{number:05d}" for number in np.random.default_rng(2).integers(1000, 9999, 300)]
    codes[3], codes[4] = "99999", "99999"
    assert rules(ask(Integrity(), make_snapshot(tmp_path, pl.DataFrame({"zip": codes})))) == []


def test_a_second_spelling_of_a_place_is_found(tmp_path):
    towns = ["München"] * 60 + ["Berlin"] * 50 + ["Muenchen"] * 8
    answer = ask(Integrity(), make_snapshot(tmp_path, pl.DataFrame({"town": towns})))
    assert rules(answer) == ["second_spelling"]
    assert len(cells(answer)) == 8


def test_columns_that_hold_nothing_or_one_value_are_judged_like_others(tmp_path):
    frame = pl.DataFrame(
        {
            "nothing": pl.Series([None] * 60, dtype=pl.String),
            "one": ["x"] * 60,
            "zero": ["0"] * 59 + ["x"],
            "signs": ["+"] * 60,
        }
    )
    answer = ask(Integrity(), make_snapshot(tmp_path, frame))
    assert answer.outcome is Outcome.ASSESSED
    assert {finding.rule for finding in answer.findings if finding.level is not Level.NOTE} == {"integrity/mixed_types"}


def told_by_sources(seed=0, things=24, tellers=14):
    random = np.random.default_rng(seed)
    names = [f"{a}{b}" for a in ("north", "south", "east", "west") for b in ("news", "mail", "post", "view")][:tellers]
    pairs = [(thing, name) for thing in range(things) for name in names if random.random() < 0.9]
    return pl.DataFrame(
        {
            "site": [name for _, name in pairs],
            "flight": [f"AA-{100 + thing}" for thing, _ in pairs],
            "leaves": [f"{thing % 12 + 1}:{thing * 7 % 60:02d} a.m." for thing, _ in pairs],
            "lands": [f"{thing % 12 + 1}:{thing * 11 % 60:02d} p.m." for thing, _ in pairs],
        }
    )


def test_what_one_source_leaves_out_others_know(tmp_path):
    frame = told_by_sources()
    right = frame["leaves"].to_list()
    left_out = dict.fromkeys(range(0, frame.height, 3))  # too many to follow from a rule that nearly all rows keep
    answer = ask(Integrity(), make_snapshot(tmp_path, put(frame, "leaves", {**left_out, 4: "3:33 p.m."})))
    levels = {finding.rule.split("/")[1]: finding.level for finding in answer.findings}
    assert (levels["known_elsewhere"], levels["outvoted_value"]) == (Level.NOTE, Level.WARNING)
    assert {(row, f"leaves: {right[row]}") for row in (*left_out, 4)} == cells(answer)
    said = next(finding for finding in answer.findings if finding.rule == "integrity/known_elsewhere")
    assert said.message == (
        f"Column 'leaves': {len(left_out)} of {frame.height} cells are missing here and known in other rows "
        "(of the same flight)."
    )


def test_prices_of_shops_and_visits_of_patients_may_differ_and_be_missing(tmp_path):
    frame = told_by_sources()
    random = np.random.default_rng(3)
    price = [f"{2 + int(one[3:]) % 7}.{random.choice([50, 50, 50, 90])} EUR" for one in frame["flight"]]
    price = [None if random.random() < 0.1 else one for one in price]
    visits = [f"visit {one}" for one in frame["site"].rank("dense")]  # numbered, so no names of sources
    drug = [f"drug{int(one[3:])}" if random.random() < 0.5 else None for one in frame["flight"]]
    frame = pl.DataFrame({"visit": visits, "patient": frame["flight"], "price": price, "drug": drug})
    answer = ask(Integrity(), make_snapshot(tmp_path, frame))
    assert answer.findings == ()
    shops = frame.select(shop=told_by_sources()["site"], product="patient", price="price")
    assert ask(Integrity(), make_snapshot(tmp_path, shops)).findings == ()


def test_readings_that_scatter_by_a_hair_break_no_rule(tmp_path):
    random = np.random.default_rng(5)
    device = np.repeat(np.arange(30), 20)
    level = random.uniform(10, 90, 30).round()[device] + (random.random(600) < 0.04)
    level = [None if random.random() < 0.05 else f"{one:.0f} mm" for one in level]
    frame = pl.DataFrame({"device": [f"D{one:03d}x" for one in device], "level": level})
    answer = ask(Integrity(), make_snapshot(tmp_path, frame))
    assert answer.findings == ()


def test_a_frequent_none_is_a_level(tmp_path):
    random = np.random.default_rng(6)
    offer = random.choice(["none", "two for one", "ten off"], 400, p=[0.5, 0.3, 0.2]).tolist()
    offer[3] = offer[9] = None
    assert ask(Integrity(), make_snapshot(tmp_path, pl.DataFrame({"offer": offer}))).findings == ()


def test_yes_and_no_in_other_words_and_heights_in_inches(tmp_path):
    random = np.random.default_rng(8)
    frame = pl.DataFrame(
        {"member": random.choice(["yes", "no"], 400).tolist(), "height": random.normal(172, 9, 400).round(1)}
    )
    frame = put(frame, "member", {1: "Y", 2: "FALSE", 3: "1"})
    frame = put(frame, "height", {row: round(frame["height"][row] / 2.54, 1) for row in range(10, 20)})
    answer = ask(Integrity(), make_snapshot(tmp_path, frame))
    levels = {finding.rule.split("/")[1]: finding.level for finding in answer.findings}
    assert levels == {"truth_spelling": Level.WARNING, "other_unit": Level.NOTE}
    named = cells(answer)
    assert {(1, "member: yes"), (2, "member: no"), (3, "member: yes")} < named
    assert {row for row, text in named if text.startswith("height")} == set(range(10, 20))


def test_of_two_dates_in_the_wrong_order_the_one_beyond_its_column_is_named(tmp_path):
    random = np.random.default_rng(9)
    day = np.datetime64("2024-01-01")
    frame = pl.DataFrame(
        {
            "born": pl.Series(np.datetime64("1990-01-01") + random.integers(0, 3000, 300)),
            "seen": pl.Series(day + random.integers(0, 300, 300)),
        }
    ).with_columns(pl.all().cast(pl.Date))
    frame = put(frame, "born", {7: frame["seen"][7].replace(year=2190)})
    frame = put(frame, "seen", {9: frame["born"][9].replace(year=1989)})
    answer = ask(Integrity(), make_snapshot(tmp_path, frame))
    assert rules(answer) == ["date_order"]
    assert cells(answer) == {(7, "born: "), (9, "seen: ")}


def test_an_empty_text_is_a_missing_one(tmp_path):
    frame = told_by_sources()
    frame = put(frame, "leaves", dict.fromkeys(range(0, frame.height, 3), ""))
    answer = ask(Integrity(), make_snapshot(tmp_path, frame))
    assert rules(answer) == ["known_elsewhere"]
    assert answer.findings[0].count == len(range(0, frame.height, 3))


def test_declared_markers_of_several_kinds_in_a_column_are_a_note(tmp_path):
    snapshot = make_snapshot(tmp_path, put(people(), "job", dict.fromkeys(range(9))))

    def asked(missing):
        columns = [
            c.model_copy(update={"missing_as": missing}) if c.name == "job" else c for c in snapshot.manifest.columns
        ]
        manifest = snapshot.manifest.model_copy(update={"columns": tuple(columns)})
        return ask(Integrity(), dataclasses.replace(snapshot, manifest=manifest))

    (finding,) = asked({"": 2, "?": 6, "NA": 1}).findings
    assert (finding.level, finding.rule) == (Level.NOTE, "integrity/several_null_codings")
    assert (finding.count, finding.of, finding.columns) == (3, 9, ("job",))
    assert finding.message == (
        "Column 'job': 9 missing cells are written in 3 ways: '?' in 6, the empty cell in 2, 'NA' in 1."
    )
    assert asked({"?": 9}).findings == ()


@pytest.mark.parametrize("written", ["%d.%m.%Y", "%m/%d/%Y", "%d-%m-%y"])
def test_years_of_two_centuries_are_one_way_of_writing(tmp_path, written):
    start = np.datetime64("1930-01-01")
    days = [(start + (day * 6151) % 29000).astype("datetime64[D]").item().strftime(written) for day in range(400)]
    answer = ask(Integrity(), make_snapshot(tmp_path, people().with_columns(born=pl.Series(days))))
    assert rules(answer) == []
    odd = [*days[:17], "17th of May", *days[18:]] if written != "%d-%m-%y" else [*days[:17], "17/05/99", *days[18:]]
    answer = ask(Integrity(), make_snapshot(tmp_path / "odd", people().with_columns(born=pl.Series(odd))))
    assert {row for row, _ in cells(answer)} == {17}


@pytest.mark.parametrize("damaged", ["ward", "head"])
def test_of_two_columns_that_decide_each_other_both_cells_are_named_and_none_is_corrected(tmp_path, damaged):
    random = np.random.default_rng(0)
    ward = random.integers(8, size=400)
    frame = pl.DataFrame({"ward": [f"ward {n}" for n in ward], "head": [f"Dr. {'ABCDEFGH'[n] * 4}" for n in ward]})
    other = frame[damaged][next(row for row in range(400) if ward[row] != ward[7])]
    answer = ask(Integrity(), make_snapshot(tmp_path, put(frame, damaged, {7: other})))
    assert cells(answer) == {(7, "head: "), (7, "ward: ")}
    assert {(finding.level, finding.columns) for finding in answer.findings} == {
        (Level.NOTE, ("head",)), (Level.NOTE, ("ward",)),
    }  # fmt: skip


def test_codes_among_numbers_are_a_note_and_other_words_a_warning(tmp_path):
    def asked(folder, others):
        values = [str(number) for number in np.random.default_rng(1).integers(1, 300, 400)]
        for row, other in enumerate(others):
            values[row * 9] = other
        frame = people().with_columns(house=pl.Series(values))
        return {
            (f.level, f.rule.split("/")[1]) for f in ask(Integrity(), make_snapshot(tmp_path / folder, frame)).findings
        }

    assert asked("letters", ["12a", "7b", "101c", "3 d"]) == {(Level.NOTE, "mixed_types")}
    assert asked("codes", ["DNF"] * 5 + ["OP2"] * 4) == {(Level.NOTE, "mixed_types")}
    assert (Level.WARNING, "mixed_types") in asked("words", ["twelve", "see above", "?x", "forty"])


def test_a_word_for_unknown_counts_where_other_cells_are_missing(tmp_path):
    town = {3: None, 8: "Unknown", 30: "keine Angabe"}
    answer = ask(Integrity(), make_snapshot(tmp_path, put(people(), "job", town)))
    assert cells(answer) == {(8, "job: missing"), (30, "job: missing")}
    answer = ask(Integrity(), make_snapshot(tmp_path / "alone", put(people(), "job", {8: "unknown"})))
    assert [(one.rule, one.level) for one in answer.findings] == [("integrity/null_coding", Level.NOTE)]


@pytest.mark.parametrize(
    "words",
    ["Łódź Gdańsk Świdnica", "Čáslav Plzeň Žďár", "İzmir Şırnak Iğdır", "Москва Казань Пермь", "Αθήνα Πάτρα Βόλος"],
)
def test_letters_of_other_alphabets_that_were_read_wrong_are_repaired(tmp_path, words):
    towns = [words.split()[row % 3] for row in range(400)]
    wrong = "".join(
        bytes([byte]).decode("cp1252", "replace")
        if bytes([byte]).decode("cp1252", "replace") != "\ufffd"
        else chr(byte)
        for byte in towns[5].encode()
    )
    frame = people().with_columns(place=pl.Series(towns))
    assert rules(ask(Integrity(), make_snapshot(tmp_path, frame))) == []
    answer = ask(Integrity(), make_snapshot(tmp_path / "wrong", put(frame, "place", {5: wrong})))
    assert (5, f"place: {towns[5]}") in cells(answer)


@pytest.mark.parametrize("kind", [pl.Date, pl.String])
def test_a_day_far_beyond_all_others_that_repeats_codes_an_open_end(tmp_path, kind):
    import datetime

    days = [datetime.date(2021, 1, 1) + datetime.timedelta(days=row) for row in range(200)]
    ends = [datetime.date(9999, 12, 31) if row % 3 == 0 else day for row, day in enumerate(days)]
    frame = pl.DataFrame({"valid_to": pl.Series(ends).cast(kind)})
    answer = ask(Integrity(), make_snapshot(tmp_path, frame))
    (finding,) = answer.findings
    assert (finding.rule, finding.level, finding.count) == ("integrity/null_coding", Level.NOTE, 67)


def test_a_code_beside_a_scale_of_few_steps_is_in_no_other_unit(tmp_path):
    random = np.random.default_rng(0)
    answers = random.choice([1, 2, 3, 4, 5, 98], 600, p=[0.2, 0.2, 0.3, 0.2, 0.08, 0.02])
    answer = ask(Integrity(), make_snapshot(tmp_path, pl.DataFrame({"answer": answers})))
    assert "unit_mixup" not in rules(answer)


def test_odd_capitals_are_said_to_be_rare_and_no_second_spelling(tmp_path):
    frame = pl.DataFrame({"level": ["INFO"] * 300 + ["DEBUG"] * 100 + ["trace"] * 3})
    (finding,) = ask(Integrity(), make_snapshot(tmp_path, frame)).findings
    assert (
        finding.message
        == "Column 'level': 3 of 403 cells are in other capitals or signs than the rest, or than a more frequent value."
    )


@pytest.mark.parametrize(
    ("usual", "other"),
    [("%d/%m/%Y", "%m/%d/%Y"), ("%m/%d/%y", "%y/%m/%d"), ("%d.%m.%Y", "%m.%d.%Y"), ("%d-%m-%Y", "%m-%d-%Y")],
)
def test_a_day_that_the_columns_own_notation_does_not_name_is_found(tmp_path, usual, other):
    import datetime

    days = [datetime.date(2013, 1, 1) + datetime.timedelta(days=3 * row) for row in range(400)]
    words = [day.strftime(other if row % 20 == 0 else usual) for row, day in enumerate(days)]
    answer = ask(Integrity(), make_snapshot(tmp_path, pl.DataFrame({"day": words}), types={"day": ColumnType.STRING}))
    (finding,) = answer.findings
    wrong = {row for row, day in enumerate(days) if row % 20 == 0 and (day.day > 12 or other == "%y/%m/%d")}
    assert finding.rule == "integrity/impossible_date"
    assert {row for row, _ in cells(answer)} == wrong


def test_versions_and_codes_are_no_dates(tmp_path):
    random = np.random.default_rng(1)
    versions = [f"{a}.{b}.{c}" for a, b, c in random.integers([1, 0, 0], [4, 14, 30], (400, 3)).tolist()]
    answer = ask(Integrity(), make_snapshot(tmp_path, pl.DataFrame({"version": versions})))
    assert "impossible_date" not in rules(answer)


def test_a_code_of_a_missing_number_is_named_once(tmp_path):
    frame = pl.DataFrame({"size": ["-" if row % 20 == 0 else str(row) for row in range(400)]})
    answer = ask(Integrity(), make_snapshot(tmp_path, frame, types={"size": ColumnType.STRING}))
    assert rules(answer) == ["null_coding"]


def test_letters_that_may_be_an_abbreviation_are_a_note_without_a_suggestion(tmp_path):
    countries = ["Germany"] * 200 + ["France"] * 150 + ["USA", "USA", "UAE"] + ["FRANCE", "hungary"]
    answer = ask(Integrity(), make_snapshot(tmp_path, pl.DataFrame({"country": countries})))
    assert {(one.level, one.count) for one in answer.findings} == {(Level.NOTE, 3), (Level.WARNING, 2)}
    assert {text for _, text in cells(answer)} == {"country: ", "country: France", "country: Hungary"}


@pytest.mark.parametrize(("coded", "level"), [("n/a", Level.NOTE), ("?", Level.WARNING)])
def test_not_applicable_beside_yes_and_no_may_be_an_answer(tmp_path, coded, level):
    frame = pl.DataFrame({"smoker": ["yes"] * 200 + ["no"] * 150 + [coded] * 12})
    (finding,) = ask(Integrity(), make_snapshot(tmp_path, frame)).findings
    assert (finding.rule, finding.level) == ("integrity/null_coding", level)


@pytest.mark.parametrize("share", [0.02, 0.2])
def test_a_sign_behind_names_and_a_zero_behind_whole_numbers_are_taken_away(tmp_path, share):
    random = np.random.default_rng(2)
    name = random.choice(
        [f"{one}{two}" for one in ("An", "Ber", "Cla", "Fe") for two in ("na", "ta", "ra", "nik")], 800
    )
    salary = (1000 * random.integers(20, 99, 800)).astype(str)
    wrong, pointed = random.random(800) < share, random.random(800) < 0.03
    frame = pl.DataFrame(
        {
            "name": [f"{one}'*" if bad else one for one, bad in zip(name, wrong, strict=True)],
            "salary": [f"{one}.0" if bad else one for one, bad in zip(salary, pointed, strict=True)],
        }
    )
    answer = ask(Integrity(), make_snapshot(tmp_path, frame, types={"salary": ColumnType.STRING}))
    assert {(one.rule, one.level, one.count) for one in answer.findings} == {
        ("integrity/alien_sign", Level.WARNING, wrong.sum()),
        ("integrity/case_variant", Level.WARNING, pointed.sum()),
    }
    assert cells(answer) == {(row, f"name: {name[row]}") for row in np.flatnonzero(wrong)} | {
        (row, f"salary: {salary[row]}") for row in np.flatnonzero(pointed)
    }


def test_sources_that_write_times_in_several_ways_tell_the_same(tmp_path):
    frame = told_by_sources()
    right = frame["leaves"].to_list()
    # Of one flight most write the day too: that is no other time.
    other = {row: f"Dec 1 {right[row].replace('a.m.', 'AM')}" for row in range(9)}
    left_out = dict.fromkeys(range(12, frame.height, 3))
    answer = ask(Integrity(), make_snapshot(tmp_path, put(frame, "leaves", {**other, **left_out, 40: "3:33 p.m."})))
    assert {(row, f"leaves: {right[row]}") for row in (*other, *left_out, 40)} == cells(answer)
    assert {"known_elsewhere", "second_notation"} <= set(rules(answer))


def notations(rows=400, share=0.05, seed=0):
    random = np.random.default_rng(seed)
    minutes, days = random.integers(80, 180, rows), random.integers(0, 9000, rows)
    date = [np.datetime64("1990-01-01") + int(one) for one in days]
    there = random.random(rows) < share
    months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
    named = [f"{int(str(one)[8:])} {months[int(str(one)[5:7]) - 1]} {str(one)[:4]}" for one in date]
    frame = pl.DataFrame(
        {
            "length": [
                f"{one // 60} hr. {one % 60} min." if odd else f"{one} min"
                for one, odd in zip(minutes, there, strict=True)
            ],
            "out": [str(one) if odd else name for one, name, odd in zip(date, named, there, strict=True)],
            "votes": [str(one * 97) if odd else f"{one * 97:,}" for one, odd in zip(days, there, strict=True)],
        }
    )
    return frame, there, [f"{one} min" for one in minutes], named


@pytest.mark.parametrize(("share", "level"), [(0.02, Level.WARNING), (0.05, Level.WARNING), (0.3, Level.NOTE)])
def test_a_second_notation_is_found_however_many_cells_have_it(tmp_path, share, level):
    frame, there, minutes, named = notations(share=share)
    answer = ask(Integrity(), make_snapshot(tmp_path, frame))
    assert rules(answer) == ["second_notation"]
    assert {finding.level for finding in answer.findings} == {level}
    found = cells(answer)
    for row in np.flatnonzero(there).tolist():
        assert {(row, f"length: {minutes[row]}"), (row, f"out: {named[row]}")} <= found
    assert {row for row, _ in found} <= set(np.flatnonzero(there).tolist())


def test_columns_in_one_notation_have_no_second_one(tmp_path):
    answer = ask(Integrity(), make_snapshot(tmp_path, notations(share=0.0)[0]))
    assert answer.findings == ()


@pytest.mark.parametrize(("name", "level"), [("last_name", Level.NOTE), ("fabric", Level.WARNING)])
def test_names_of_people_that_differ_in_a_letter_may_be_two_names(tmp_path, name, level):
    usual = ["Anderson", "Schuller", "Lindqvist", "Kowalski", "Brandt", "Okafor", "Hannelore"]
    values = [*np.random.default_rng(6).choice(usual, 600), "Andersen", "Schüller", "Hanne-Lore"]
    answer = ask(Integrity(), make_snapshot(tmp_path, pl.DataFrame({name: values})))
    assert {finding.level for finding in answer.findings} == {level}
    assert rules(answer) == ["case_variant", "misspelling", "second_spelling"]


def test_numbers_in_each_other_s_column_are_pointed_to_in_both(tmp_path):
    random = np.random.default_rng(3)
    upper = random.normal(125, 17, 500).round().astype(int)
    lower = upper - np.clip(random.normal(45, 10, 500), 20, None).round().astype(int)
    clean = pl.DataFrame({"upper": upper, "lower": lower, "age": random.integers(18, 90, 500)})
    assert ask(Integrity(), make_snapshot(tmp_path / "clean", clean)).findings == ()
    rows = [7, 70, 300, 444]
    upper[rows], lower[rows] = lower[rows], upper[rows]
    answer = ask(Integrity(), make_snapshot(tmp_path / "swapped", clean.with_columns(upper=upper, lower=lower)))
    assert [(f.rule, f.level, f.count) for f in answer.findings] == [("integrity/swapped_cells", Level.WARNING, 4)] * 2
    assert cells(answer) == {
        (row, f"{name}: {other[row]}") for row in rows for name, other in (("lower", upper), ("upper", lower))
    }


def of_orders(random, rows):
    ordered = np.datetime64("2023-01-01") + random.integers(0, 500, rows)
    return pl.DataFrame(
        {
            "ordered": pl.Series(ordered).cast(pl.Date),
            "shipped": pl.Series(ordered + random.integers(1, 12, rows)).cast(pl.Date),
            "lat": random.uniform(47.3, 54.9, rows).round(5),
            "lon": random.uniform(6, 15, rows).round(5),
            "source": random.choice(["web", "shop", "post", "fair"], rows, p=[0.5, 0.3, 0.16, 0.04]),
        }
    )


RULES_OF_ORDER = ("swapped_cells", "date_order")


def exchanged(frame, here, one, other):
    return frame.with_columns(
        pl.when(here).then(pl.col(other)).otherwise(pl.col(one)).alias(one),
        pl.when(here).then(pl.col(one)).otherwise(pl.col(other)).alias(other),
    )


@pytest.mark.parametrize("share", [0.02, 0.025, 0.05])
def test_cells_exchanged_in_up_to_a_twentieth_of_the_rows_are_found(tmp_path, share):
    random = np.random.default_rng(5)
    frame = of_orders(random, 1000)
    assert ask(Integrity(), make_snapshot(tmp_path / "clean", frame)).findings == ()
    rows = random.choice(1000, int(share * 1000), replace=False)
    here = pl.Series(np.isin(np.arange(1000), rows))
    dirty = exchanged(exchanged(frame, here, "lat", "lon"), here, "ordered", "shipped")
    answer = ask(Integrity(), make_snapshot(tmp_path / "dirty", dirty))
    told = {rule: [one for one in answer.findings if one.rule == f"integrity/{rule}"] for rule in RULES_OF_ORDER}
    for rule, level in zip(
        RULES_OF_ORDER, (Level.WARNING, Level.WARNING if share <= 0.02 else Level.NOTE), strict=True
    ):
        assert {one.level for one in told[rule]} == {level}
        named = answer.rows.filter(pl.col("rule") == f"integrity/{rule}")["source_row"].unique().to_list()
        assert set(named) <= set(rows.tolist())
        assert len(named) >= 0.97 * rows.size
    late = dirty.with_columns(shipped=pl.when(here).then(pl.col("ordered") - pl.duration(days=60)).otherwise("shipped"))
    answer = ask(Integrity(), make_snapshot(tmp_path / "late", late.drop("lat", "lon")))
    assert {(finding.rule, finding.level) for finding in answer.findings} == {("integrity/date_order", Level.WARNING)}
    assert set(answer.rows.filter("flagged")["source_row"]) == set(rows.tolist())


def test_an_order_that_is_the_other_way_round_in_one_source_is_a_note(tmp_path):
    frame = of_orders(np.random.default_rng(6), 1000)
    dirty = exchanged(frame, frame["source"] == "fair", "lat", "lon")
    answer = ask(Integrity(), make_snapshot(tmp_path, dirty))
    swapped = [finding for finding in answer.findings if finding.rule == "integrity/swapped_cells"]
    assert [finding.level for finding in swapped] == [Level.NOTE] * 2
    assert all("as source foretells" in finding.message for finding in swapped)


def of_staff(random, rows):
    return pl.DataFrame(
        {
            "level": random.choice(["Junior", "Senior", "Lead", "Director"], rows, p=[0.4, 0.35, 0.2, 0.05]),
            "salary": random.lognormal(11, 0.3, rows).round(),
            "dept": random.choice(["Sales", "HR", "IT", "Legal"], rows),
            "country": random.choice(["Germany", "France", "Italy", "Spain", "Austria"], rows),
        }
    )


@pytest.mark.parametrize("share", [0.002, 0.005, 0.03])
@pytest.mark.parametrize("last", ["round", "lost"])
def test_words_that_stand_a_column_further_on_are_one_finding(tmp_path, share, last):
    random = np.random.default_rng(2)
    clean = of_staff(random, 1000)
    here = pl.Series(np.isin(np.arange(1000), random.choice(1000, int(share * 1000), replace=False)))
    first = pl.col("country") if last == "round" else pl.lit(None)
    dirty = clean.with_columns(
        level=pl.when(here).then(first).otherwise("level"),
        dept=pl.when(here).then("level").otherwise("dept"),
        country=pl.when(here).then("dept").otherwise("country"),
    )
    answer = ask(Integrity(), make_snapshot(tmp_path, dirty))
    (finding,) = answer.findings
    assert (finding.rule, finding.level, finding.count) == ("integrity/shifted_cells", Level.WARNING, here.sum())
    assert finding.message.startswith("Columns 'level', 'dept' and 'country': ")
    rows = here.arg_true().to_list()
    right = {(row, f"{name}: {clean[name][row]}") for row in rows for name in ("level", "dept", "country")}
    gone = {(row, f"country: {clean['country'][row]}") for row in rows} if last == "lost" else set()
    assert cells(answer) == right - gone | {(row, "country: ") for row, _ in gone}


def test_columns_that_share_their_words_are_not_shifted(tmp_path):
    places = [f"{one}{other}" for one in ("Ber", "Ham", "Kas", "Lim") for other in ("lin", "burg", "sel", "feld")]
    alarms = 0
    for seed in range(20):
        random = np.random.default_rng(seed)
        often = [random.dirichlet(np.full(16, 0.3)) for _ in range(3)]
        frame = pl.DataFrame({f"stop_{k}": random.choice(places, 800, p=one) for k, one in enumerate(often)})
        found = ask(Integrity(), make_snapshot(tmp_path / str(seed), frame)).findings
        alarms += any(finding.rule == "integrity/shifted_cells" for finding in found)
    assert alarms == 0


def test_words_that_stand_in_another_column_are_told_once(tmp_path):
    rng = np.random.default_rng(12)
    sex = rng.choice(["female", "male"], 600).tolist()
    place = rng.choice(["St Mary", "Hillview"], 600).tolist()
    for row in range(0, 60, 3):
        sex[row], place[row] = place[row], sex[row]
    sex[100], place[101] = "Female", "Hilview"
    answer = ask(Integrity(), make_snapshot(tmp_path / "words", pl.DataFrame({"sex": sex, "place": place})))
    found = {(f.rule.split("/")[1], f.columns[0]): f.count for f in answer.findings}
    assert found == {
        ("swapped_cells", "sex"): 20, ("swapped_cells", "place"): 20,
        ("case_variant", "sex"): 1, ("misspelling", "place"): 1,
    }  # fmt: skip
