from __future__ import annotations

import datetime
import hashlib
import json
from pathlib import Path

import pytest
from evidence_samples import evidence, finding, metric
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from governance.canonical import Frozen, canonical_json, digest_of, lines_json
from governance.errors import EvidenceError
from governance.evidence import Evidence, Figure, Finding, Level, Metric, Outcome, Table, Units, read_evidence


def test_written_evidence_reads_back_equal(tmp_path: Path) -> None:
    original = evidence(findings=(finding(count=3, of=100),), metrics=(metric(),))
    path = tmp_path / "duplicates.json"
    path.write_text(original.to_json(), encoding="utf-8")
    assert read_evidence(path) == original


def test_any_changed_character_is_noticed(tmp_path: Path) -> None:
    text = evidence(findings=(finding(count=3, of=100),)).to_json()
    path = tmp_path / "duplicates.json"
    for old, new in (
        ("3 of 100", "0 of 100"),
        ('"warning"', '"note"'),
        ("sha256:a", "sha256:b"),
        ('"count": 3', '"count": 0'),
    ):
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
        with pytest.raises(EvidenceError, match="changed after it was written"):
            read_evidence(path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "is missing"),
        ("", "cannot be read"),
        ('{"schema_version": 1', "cannot be read"),
        ("[]", "schema version None"),
        ('{"schema_version": 0}', "schema version 0"),
        ('{"schema_version": 2}', "schema version 2"),
        ('{"schema_version": 1}', "is not evidence"),
    ],
)
def test_what_is_no_evidence_is_refused(tmp_path: Path, content: str | None, words: str) -> None:
    path = tmp_path / "x.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(EvidenceError, match=words):
        read_evidence(path)


def test_assessed_on_nothing_cannot_be_said() -> None:
    with pytest.raises(ValidationError, match="assessed on nothing"):
        evidence(units=None)
    with pytest.raises(ValidationError, match="assessed on nothing"):
        evidence(units=Units(name="rows", declared=5, evaluated=0))


@pytest.mark.parametrize("outcome", [Outcome.NOT_APPLICABLE, Outcome.INCONCLUSIVE, Outcome.FAILED])
def test_other_outcomes_say_why(outcome: Outcome) -> None:
    with pytest.raises(ValidationError, match="without code and reason"):
        evidence(outcome=outcome, units=None)


def test_figures_need_their_table() -> None:
    figure = Figure(name="f", caption="c", alt="a", kind="bar", table="absent", x="x", y=("y",))
    with pytest.raises(ValidationError, match="figures without their table: f"):
        evidence(figures=(figure,))


def test_tables_are_rectangular() -> None:
    for row in ((1,), (1, 2, 3)):
        with pytest.raises(ValidationError, match="not 2 cells wide"):
            Table(name="t", caption="c", columns=("a", "b"), rows=((1, 2), row))
    assert Table(name="t", caption="c", columns=("a", "b"), rows=((1, 2),)).rows == ((1, 2),)
    wide = tuple(f"c{number}" for number in range(300))
    assert Table(name="t", caption="c", columns=wide, rows=(tuple(range(300)),)).columns == wide


@pytest.mark.parametrize(
    "bad", [{"value": float("nan")}, {"value": 1.0, "low": 0.5}, {"value": 1.0, "high": float("inf"), "low": 0.0}]
)
def test_metrics_are_finite_with_both_ends(bad: dict[str, float]) -> None:
    with pytest.raises(ValidationError, match=r"metric rate has|metric rate holds"):
        Metric(name="rate", **bad)


def test_fingerprint_survives_numbers_and_not_meaning() -> None:
    first, grown = (
        finding(count=3, columns=("b", "a")).identified("toy"),
        finding(count=9, columns=("a", "b")).identified("toy"),
    )
    assert first.fingerprint == grown.fingerprint
    others = [finding(columns=("a",)), finding(rule="duplicates/near"), finding(split="test"), finding(subject="x")]
    prints = {
        first.fingerprint,
        *(f.identified("toy").fingerprint for f in others),
        finding().identified("other").fingerprint,
    }
    assert len(prints) == 6


def test_findings_are_ordered_by_level_whatever_order_they_came_in() -> None:
    findings = (finding(level=Level.NOTE), finding(rule="a/b", level=Level.ERROR), finding(level=Level.WARNING))
    assert evidence(findings=findings) == evidence(findings=findings[::-1])
    assert [f.level for f in evidence(findings=findings).findings] == [Level.ERROR, Level.WARNING, Level.NOTE]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
        lambda c: st.lists(c) | st.dictionaries(st.text(), c),
    )
)
def test_canonical_json_is_json_and_stable(value: object) -> None:
    once = canonical_json(value)
    assert canonical_json(json.loads(once)) == once


def test_canonical_json_refuses_what_json_cannot_say() -> None:
    assert canonical_json(-0.0000000001) == canonical_json(0.0)
    with pytest.raises(ValueError, match="JSON"):
        canonical_json(float("nan"))


def test_unknown_fields_are_refused() -> None:
    with pytest.raises(ValidationError, match="Extra inputs"):
        Evidence.model_validate(evidence().model_dump() | {"extra": 1})


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "is missing"),
        (b"{", "cannot be read as JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        (b'"\xff"', "cannot be read as JSON: 'utf-8' codec can't decode byte 0xff in position 1: invalid start byte"),
        (b'{"schema_version": "1"}', "has schema version '1'; this release reads 1"),
        (b"[1]", "has schema version None; this release reads 1"),
        (b'{"schema_version": 1}', "is not evidence: subject: Field required"),
    ],
)
def test_what_is_no_evidence_says_why(tmp_path: Path, content: bytes | None, words: str) -> None:
    path = tmp_path / "x.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(EvidenceError) as caught:
        read_evidence(path)
    assert str(caught.value) == f"{path} {words}"


def test_the_first_thing_that_is_wrong_inside_is_named_by_its_place(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text(
        evidence(metrics=(metric("rate"),)).to_json().replace('"name": "rate"', '"name": "Rate"'), encoding="utf-8"
    )
    with pytest.raises(EvidenceError) as caught:
        read_evidence(path)
    assert (
        str(caught.value) == f"{path} is not evidence: metrics.0.name: String should match pattern '^[a-z][a-z0-9_]*$'"
    )


def test_canonical_json_is_these_bytes() -> None:
    """Digests that stand in git hang on them."""
    value = {"b": (1.23456789, True, None), "a": {"é": -0.0, 2: 1e-7}, "c": [2.4e-6]}
    assert canonical_json(value) == (
        '{\n "a": {\n  "2": 0.0,\n  "é": 0.0\n },\n "b": [\n  1.234568,\n  true,\n  null\n ],\n "c": [\n  2e-06\n ]\n}\n'
    )
    assert digest_of({"a": "é"}) == "sha256:" + hashlib.sha256('{\n "a": "é"\n}\n'.encode()).hexdigest()


def test_settings_may_hold_what_yaml_reads_as_a_date() -> None:
    dated = evidence(settings={"since": datetime.date(2026, 5, 1)})
    assert json.loads(dated.to_json())["settings"] == {"since": "2026-05-01"}
    content = json.loads(dated.to_json())
    assert content.pop("digest") == dated.digest == digest_of(content)


def test_a_finding_is_named_by_rule_dataset_columns_split_and_subject() -> None:
    one = finding(columns=("b", "a"), split="test", subject="cat").identified("toy")
    key = "\x1f".join(["duplicates/exact", "toy", "a", "b", "test", "cat"])
    assert one.fingerprint == hashlib.sha256(key.encode()).hexdigest()[:16]
    alone = hashlib.sha256(b"duplicates/exact\x1ftoy\x1f\x1f").hexdigest()[:16]
    assert finding().identified("toy").fingerprint == alone


def test_findings_of_one_level_are_ordered_by_rule_columns_split_and_subject() -> None:
    findings = [
        finding(rule=rule, columns=columns, split=split, subject=subject)
        for rule in ("a/a", "a/b") for columns in ((), ("a",)) for split in (None, "A", "test") for subject in ("", "x")
    ]  # fmt: skip
    ordered = evidence(findings=tuple(findings[::-1])).findings
    assert ordered == tuple(one.identified("toy") for one in findings)


def test_evidence_cannot_be_changed_in_place() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        evidence().audit = "other"  # type: ignore[misc]


def test_units_start_at_nothing() -> None:
    assert Units(name="rows", declared=0, evaluated=0).declared == 0
    for wrong in ({"declared": -1, "evaluated": 0}, {"declared": 0, "evaluated": -1}):
        with pytest.raises(ValidationError, match="greater than or equal to 0"):
            Units(name="rows", **wrong)
    one = Units(name="rows", declared=1, evaluated=1)
    assert evidence(units=one).units == one


def test_levels_have_an_order() -> None:
    assert [Level(name).rank for name in ("note", "warning", "error")] == [0, 1, 2]


@pytest.mark.parametrize("ends", [{}, {"low": 0.0, "high": 0.0}, {"low": -1.5, "high": 2.5}])
@pytest.mark.parametrize("value", [None, 0.0, 0.5])
def test_metrics_that_can_be_told(value: float | None, ends: dict[str, float]) -> None:
    assert Metric(name="rate", value=value, **ends).low == ends.get("low")


def test_metrics_that_cannot_be_told_say_which() -> None:
    for wrong, words in (
        ({"low": 0.0}, "metric rate has one end of an interval without the other"),
        ({"high": 0.0}, "metric rate has one end of an interval without the other"),
        ({"low": 0.0, "high": float("-inf")}, "metric rate holds a number that is not finite"),
        ({"low": float("nan"), "high": 0.0}, "metric rate holds a number that is not finite"),
    ):
        with pytest.raises(ValidationError, match=words):
            Metric(name="rate", value=0.5, **wrong)


@pytest.mark.parametrize("said", [{"code": ""}, {"reason": ""}])
def test_code_and_reason_are_both_wanted(said: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="duplicates: failed without code and reason"):
        evidence(outcome=Outcome.FAILED, units=None, **({"code": "crashed", "reason": "it could not"} | said))


def test_figures_find_their_table() -> None:
    table = Table(name="t", caption="c", columns=("a",), rows=((1,), (2,)))
    figures = tuple(
        Figure(name=name, caption="c", alt="a", kind="bar", table=of, x="a", y=("a",))
        for name, of in (("f", "t"), ("g", "absent"), ("h", "s"))
    )
    assert evidence(tables=(table,), figures=figures[:1]).figures == figures[:1]
    with pytest.raises(ValidationError, match="duplicates: figures without their table: g, h"):
        evidence(tables=(table,), figures=figures)


def test_each_row_of_a_table_stands_on_a_line_of_its_own() -> None:
    hostile = 'x\n "rows": []\n "tables": []'
    tables = (
        Table(name="a", caption=hostile, columns=("name", "share"), rows=((hostile, 0.1234567), ("y", None))),
        Table(name="b", caption="none", columns=("name",), rows=()),
    )
    sealed = evidence(tables=tables).sealed()
    text = sealed.to_json()
    assert json.loads(text) == json.loads(canonical_json(sealed.model_dump(mode="json")))
    assert [line for line in text.splitlines() if line.lstrip().startswith("[") and line.strip() != "["] == [
        f"    [{json.dumps(hostile)},0.123457],",
        '    ["y",null]',
    ]
    assert json.loads(evidence().sealed().to_json())["tables"] == []


def test_what_stands_in_git_has_an_item_a_line_and_no_empty_fields() -> None:
    finding = Finding(rule="toy/odd", level=Level.NOTE, message="Odd.", remedy="Look.", count=0)
    item = evidence(findings=(finding,), metrics=(Metric(name="rows", value=0.0, n=0),)).sealed()
    text = item.to_json()
    lines = [line.strip() for line in text.splitlines()]
    assert Evidence.model_validate(json.loads(text)) == item
    written = next(json.loads(line) for line in lines if line.startswith('{"confidence"'))
    assert set(written) == {"confidence", "count", "fingerprint", "level", "message", "remedy", "rule"}
    assert written["count"] == 0, "nothing counted is not nothing said"
    assert next(json.loads(line) for line in lines if line.startswith('{"better"'))["value"] == 0


def test_a_value_that_is_empty_where_the_default_is_not_is_written() -> None:
    class Item(Frozen):
        name: str
        note: str = "none"

    class Items(Frozen):
        items: tuple[Item, ...]
        words: tuple[str, ...] = ()

    value = Items(items=(Item(name="", note=""), Item(name="b")), words=("x",))
    assert Items.model_validate(json.loads(lines_json(value))) == value
    assert '{"name": "","note": ""},' in lines_json(value)


def test_what_nobody_sees_is_spelt_out_in_json() -> None:
    value = {"a\u202eb": ["\u200b", "\U000e0041", "é", "\xad"]}
    text = canonical_json(value)
    assert json.loads(text) == value
    assert "é" in text
    assert [character for character in text if not character.isprintable() and character != "\n"] == []
