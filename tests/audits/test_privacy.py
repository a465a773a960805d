from __future__ import annotations

from io import BytesIO

import numpy as np
import polars as pl
import pytest
from case_runner import ask

from governance.dataset import ColumnType, Role, Task
from governance.evidence import Level, Outcome
from governance.testing import make_snapshot

MAILS = [f"person{i}@example.org" for i in range(60)]


def found(tmp_path, frame, settings=None, **rest):
    evidence, answer = ask("privacy", make_snapshot(tmp_path, frame, **rest), settings)
    assert evidence.outcome is Outcome.ASSESSED, evidence.reason
    return evidence, answer


def levels(evidence, rule="privacy/personal_data"):
    return {(f.columns[0], f.subject): f.level for f in evidence.findings if f.rule == rule}


def luhn_completed(start):
    from governance.measures.check_digits import luhn

    return next(f"{start}{last}" for last in range(10) if luhn(f"{start}{last}"))


@pytest.mark.parametrize(
    ("rest", "level"),
    [
        ({}, Level.WARNING),
        ({"public": True}, Level.WARNING),
        ({"public": False}, Level.NOTE),
        ({"roles": {Role.PRIVATE: ("contact",)}}, Level.NOTE),
    ],
)
def test_the_level_is_what_people_declared(tmp_path, rest, level):
    evidence, _ = found(tmp_path, pl.DataFrame({"contact": MAILS, "x": list(range(60))}), **rest)
    assert levels(evidence) == {("contact", "email"): level}


def test_a_person_in_a_public_column_is_an_error(tmp_path):
    cards = [luhn_completed(f"4{i:014d}") for i in range(100, 160)]
    evidence, _ = found(tmp_path, pl.DataFrame({"paid_by": cards}), public=True)
    assert levels(evidence) == {("paid_by", "card"): Level.ERROR}


def test_a_secret_is_an_error_also_in_a_private_column(tmp_path):
    values = [f"line {i}" for i in range(60)]
    values[7] = "ghp_" + "aB3" * 12
    evidence, answer = found(tmp_path, pl.DataFrame({"log": values}), public=False)
    assert levels(evidence, "privacy/secret") == {("log", "token"): Level.ERROR}
    assert answer.rows["source_row"].to_list() == [7]
    assert "aB3" not in evidence.to_json()
    assert "aB3" not in str(answer.rows.to_dicts())


@pytest.mark.parametrize("rest", [{}, {"public": False}, {"roles": {Role.PRIVATE: ("user_password",)}}])
def test_a_column_of_passwords_is_an_error_whatever_is_declared(tmp_path, rest):
    random = np.random.default_rng(3)
    words = ["".join(random.choice(list("abcdEFGH2345!#"), 9)) for _ in range(60)]
    evidence, _ = found(tmp_path, pl.DataFrame({"user_password": words}), **rest)
    assert levels(evidence, "privacy/secret") == {("user_password", "token"): Level.ERROR}
    assert words[0] not in evidence.to_json()


@pytest.mark.parametrize(
    ("name", "values"),
    [("password_status", ["active", "expired", "locked"]), ("api_key_owner", ["Anna.Nowak", "Kenji.Sato2", "Olena.K"])],
)
def test_what_is_told_of_passwords_is_no_error(tmp_path, name, values):
    evidence, _ = found(tmp_path, pl.DataFrame({name: values * 20}))
    assert set(levels(evidence, "privacy/secret").values()) <= {Level.WARNING}


def test_a_role_that_only_a_draft_chose_is_nobodys_word(tmp_path):
    frame = pl.DataFrame({"contact": MAILS, "x": list(range(60))})
    evidence, _ = found(tmp_path, frame, {"drafted": ["contact"]}, roles={Role.PRIVATE: ("contact",)})
    assert levels(evidence) == {("contact", "email"): Level.WARNING}
    assert "nobody has confirmed" in evidence.findings[0].message
    assert evidence.tables[0].rows[0][-1] == "drafted"


def test_a_column_that_is_taken_for_private_is_told_so_until_somebody_declares_it(tmp_path):
    frame = pl.DataFrame(
        {"birth_date": [f"19{50 + i % 40}-03-{i % 28 + 1:02d}" for i in range(60)], "x": list(range(60))}
    )
    words = []
    for name, rest in (("a", {}), ("b", {"public": False})):
        snapshot = make_snapshot(tmp_path / name, frame, **rest)
        assert snapshot.column("birth_date").private
        evidence, _ = ask("privacy", snapshot, None)
        (finding,) = [one for one in evidence.findings if one.subject == "date_of_birth"]
        words.append((finding.level, finding.message.split(",")[1], "public: false" in finding.remedy))
    assert words == [
        (Level.WARNING, " which is taken for private and which nobody declared so", True),
        (Level.NOTE, " which is declared private", False),
    ]


def test_order_numbers_that_pass_a_checksum_by_chance_are_none(tmp_path):
    draw = np.random.default_rng(0)
    frame = pl.DataFrame(
        {
            "number": [str(n) for n in draw.integers(4 * 10**15, 5 * 10**15, 400)],
            "tracking": [str(n) for n in draw.integers(10**10, 10**11, 400)],
        }
    )
    evidence, _ = found(tmp_path, frame)
    assert levels(evidence) == {}


@pytest.mark.parametrize("kind", ["nl_bsn", "au_tfn", "th_id"])
def test_a_column_of_bare_numbers_is_known_by_its_checksum(tmp_path, kind):
    from governance.measures.national_ids import NATIONAL_IDS, holds

    rule = next(rule for rule in NATIONAL_IDS if rule.name == kind)
    draw = np.random.default_rng(1)
    length = 13 if kind == "th_id" else 9
    numbers = [str(n) for n in draw.integers(10 ** (length - 1), 10**length, 6000)]
    valid = [n for n in numbers if (kind != "th_id" or n[0] != "9") and holds(rule, n)][:200]
    evidence, _ = found(tmp_path / "a", pl.DataFrame({"code": valid}), types={"code": ColumnType.STRING})
    assert levels(evidence) == {("code", kind): Level.WARNING}
    evidence, _ = found(tmp_path / "b", pl.DataFrame({"code": [int(n) for n in valid]}))
    assert levels(evidence) == {("code", kind): Level.WARNING}
    evidence, _ = found(tmp_path / "c", pl.DataFrame({"code": [int(n) for n in numbers[:200]]}))
    assert levels(evidence) == {}


def test_columns_of_names_and_addresses_are_known_by_name_or_by_values(tmp_path):
    names = [
        f"{first} {last}"
        for first in ("Maria", "John", "Ahmed", "Olga", "Kenneth")
        for last in ("Brown", "Silva", "Khan", "Berg", "Ito")
    ]
    streets = [f"{i} {name} Street" for i, name in enumerate(["Oak", "Elm", "High", "Mill", "Park"] * 5)]
    places = [f"Zone {i}" for i in range(25)]
    frame = pl.DataFrame(
        {
            "col_1": names,
            "Home Address": streets,
            "col_2": streets,
            "zone": places,
            "lat": [48.1234 + i / 1000 for i in range(25)],
        }
    )
    evidence, _ = found(tmp_path, frame)
    assert set(levels(evidence)) == {
        ("col_1", "person_name"),
        ("Home Address", "address"),
        ("col_2", "address"),
        ("lat", "location"),
    }


def test_quasi_identifiers_that_are_declared_warn_and_others_are_a_note(tmp_path):
    frame = pl.DataFrame(
        {"age": [20 + i % 7 for i in range(70)] + [99], "sex": ["f", "m"] * 35 + ["f"], "illness": ["x"] * 71}
    )
    evidence, _ = found(tmp_path / "a", frame)
    assert {f.rule: f.level for f in evidence.findings} == {"privacy/singling_out": Level.NOTE}
    roles = {Role.QUASI_IDENTIFIER: ("age", "sex"), Role.SPECIAL_CATEGORY: ("illness",)}
    evidence, _ = found(tmp_path / "b", frame, roles=roles)
    assert {f.rule: f.level for f in evidence.findings} == {
        "privacy/small_classes": Level.WARNING,
        "privacy/attribute_disclosure": Level.WARNING,
    }
    metrics = {m.name: m.value for m in evidence.metrics}
    assert metrics["k_anonymity"] == 1
    assert metrics["singled_out_share"] == pytest.approx(1 / 71)


@pytest.mark.parametrize("declared", [True, False])
def test_one_column_and_one_row_are_told_in_the_singular(tmp_path, declared):
    frame = pl.DataFrame({"age": [20 + i % 7 for i in range(70)] + [99], "illness": ["x", "y"] * 35 + ["x"]})
    roles = {Role.QUASI_IDENTIFIER: ("age",)} if declared else {}
    evidence, _ = found(tmp_path, frame, roles=roles)
    assert [finding.message for finding in evidence.findings if finding.columns == ("age",)] == [
        "By age, 1 of 71 rows shares its value with fewer than 4 others, and 1 is alone: k is 1."
        if declared
        else "No quasi-identifier is declared. Others may know age of a person; it singles out 1 of 71 rows."
    ]


def test_declaring_one_quasi_identifier_hides_no_other(tmp_path):
    frame = pl.DataFrame(
        {"region": ["n", "s"] * 60, "age": [20 + i % 40 for i in range(120)], "zip": [str(i % 119) for i in range(120)]}
    )
    evidence, _ = found(tmp_path / "one", frame, roles={Role.QUASI_IDENTIFIER: ("region",)})
    (finding,) = evidence.findings
    assert (finding.rule, finding.level, finding.columns) == ("privacy/singling_out", Level.NOTE, ("age", "zip"))
    assert "with them 120 of 120 rows are alone, and 0 by region" in finding.message
    roles = {Role.QUASI_IDENTIFIER: ("region", "age", "zip")}
    evidence, _ = found(tmp_path / "all", frame, roles=roles)
    assert [one.rule for one in evidence.findings] == ["privacy/small_classes"]


def test_people_are_counted_where_a_group_says_whose_rows_they_are(tmp_path):
    frame = pl.DataFrame({"town": ["a"] * 6 + ["b"] * 6, "patient": ["p1"] * 6 + [f"q{i}" for i in range(6)]})
    evidence, _ = found(tmp_path, frame, roles={Role.QUASI_IDENTIFIER: ("town",), Role.GROUP: ("patient",)})
    (metric,) = [m for m in evidence.metrics if m.name == "k_anonymity"]
    assert (metric.value, metric.unit) == (1, "people")


def test_rows_that_name_nobody_are_people_of_their_own(tmp_path):
    frame = pl.DataFrame({"town": ["a"] * 6 + ["b"], "patient": [None] * 6 + ["p"]})
    evidence, _ = found(tmp_path, frame, roles={Role.QUASI_IDENTIFIER: ("town",), Role.GROUP: ("patient",)})
    (metric,) = [m for m in evidence.metrics if m.name == "small_class_share"]
    assert (metric.n, metric.value) == (7, 1 / 7)
    (finding,) = [f for f in evidence.findings if f.rule == "privacy/small_classes"]
    assert finding.message.startswith("By town, 1 of 7 people")
    assert "1 is alone" in finding.message


def test_a_sample_is_declared_and_finds_what_is_common(tmp_path):
    frame = pl.DataFrame({"note": [f"{i} mail p{i}@example.org" if i % 2 else f"{i} none" for i in range(3000)]})
    evidence, _ = found(tmp_path, frame, {"sample_rows": 300}, types={"note": ColumnType.TEXT})
    (finding,) = evidence.findings
    assert 290 <= finding.of <= 310
    assert 100 < finding.count < 200
    assert any("300 of 3,000 rows were scanned" in m.note for m in evidence.metrics)


def picture(*, position=False, serial=False):
    from PIL import Image

    image, exif, out = Image.new("RGB", (8, 8)), Image.Exif(), BytesIO()
    if position:
        exif.get_ifd(0x8825)[2] = (48.0, 7.0, 30.0)
    if serial:
        exif.get_ifd(0x8769)[0xA431] = "SN12345"
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_images_that_tell_where_they_were_taken(tmp_path):
    # No two alike: pixels differ, and so does the place where the metadata stand.
    images = [picture() for _ in range(18)] + [picture(position=True), picture(serial=True)]
    frame = pl.DataFrame({"picture": images, "kind": ["a", "b"] * 10})
    evidence, answer = found(
        tmp_path, frame, target="kind", task=Task.CLASSIFICATION, types={"picture": ColumnType.IMAGE}
    )
    assert {f.subject: (f.level, f.count) for f in evidence.findings if f.rule == "privacy/image_metadata"} == {
        "position": (Level.WARNING, 1),
        "serial": (Level.WARNING, 1),
    }
    assert sorted(answer.rows["source_row"]) == [18, 19]
    assert "SN12345" not in evidence.to_json()


def test_evidence_holds_no_value_that_was_found(tmp_path):
    frame = pl.DataFrame(
        {
            "note": [f"Qx{i} is at qx{i}@example.org, +44 20 7946 {i:04d}" for i in range(80)],
            "surname": [f"Qx{chr(97 + i % 26)}zyw" for i in range(80)],
        }
    )
    evidence, answer = found(tmp_path, frame, types={"note": ColumnType.TEXT})
    assert evidence.findings
    for text in (evidence.to_json(), str(answer.rows.drop("source_file").to_dicts())):
        assert "qx" not in text.lower()
        assert "7946" not in text


def test_a_special_category_is_asked_after_also_when_its_name_is_one_that_others_may_know(tmp_path):
    frame = pl.DataFrame(
        {"town": [str(row // 6) for row in range(120)], "religion": [str(row // 6 % 3) for row in range(120)]}
    )
    roles = {Role.QUASI_IDENTIFIER: ("town",), Role.SPECIAL_CATEGORY: ("religion",)}
    evidence, _ = found(tmp_path, frame, roles=roles)
    (finding,) = evidence.findings
    assert (finding.rule, finding.level, finding.count) == ("privacy/attribute_disclosure", Level.WARNING, 120)


def test_rows_that_few_share_are_flagged_by_how_few_and_hold_no_value(tmp_path):
    sizes = [("Qxa", 1), ("Qxb", 2), ("Qxc", 4), ("Qxd", 5), ("Qxe", 9)]
    towns = [town for town, size in sizes for _ in range(size)]
    frame = pl.DataFrame({"town": towns, "x": list(range(len(towns)))})
    evidence, answer = found(tmp_path / "declared", frame, roles={Role.QUASI_IDENTIFIER: ("town",)})
    rows = answer.rows.sort("source_row")
    assert rows["source_row"].to_list() == list(range(7))
    assert rows["score"].to_list() == [1.0, 0.5, 0.5, *[0.25] * 4]
    assert rows["flagged"].all()
    assert rows["suggestion"].unique().sort().to_list() == [
        "alone by town",
        "one of 2 rows that are alike by town",
        "one of 4 rows that are alike by town",
    ]
    (finding,) = [one for one in evidence.findings if one.rule == "privacy/small_classes"]
    assert finding.count == rows.height
    assert "Qx" not in str(rows.drop("source_file").to_dicts())
    _, answer = found(tmp_path / "undeclared", frame)
    assert answer.rows.is_empty()


def test_of_people_the_rows_of_small_classes_are_flagged_and_no_others_of_theirs(tmp_path):
    frame = pl.DataFrame({"town": ["a"] * 6 + ["b"] * 6, "patient": ["p1"] * 6 + ["p1", *[f"q{i}" for i in range(5)]]})
    roles = {Role.QUASI_IDENTIFIER: ("town",), Role.GROUP: ("patient",)}
    _, answer = found(tmp_path, frame, roles=roles)
    assert sorted(answer.rows["source_row"]) == list(range(6))
    assert set(answer.rows["score"]) == {1.0}


def test_nobody_singled_out_is_no_finding(tmp_path):
    frame = pl.DataFrame({"age": [30, 40] * 60, "city": ["north", "south"] * 58 + ["west"] * 4})
    evidence, _ = found(tmp_path, frame, {"least_k": 5})
    assert not [f for f in evidence.findings if f.rule == "privacy/singling_out"]
