from __future__ import annotations

import json
from pathlib import Path

import pytest
from evidence_samples import evidence, finding, metric
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from governance.errors import EvidenceError
from governance.evidence import (
    Evidence,
    Figure,
    Level,
    Metric,
    Outcome,
    Table,
    Units,
    canonical_json,
    read_evidence,
)


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
    with pytest.raises(ValidationError, match="not 2 cells wide"):
        Table(name="t", caption="c", columns=("a", "b"), rows=((1, 2), (1,)))
    assert Table(name="t", caption="c", columns=("a", "b"), rows=((1, 2),)).rows == ((1, 2),)


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
