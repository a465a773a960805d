"""Items that differ in little are written as rows of a shape, and nothing is lost by it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.alike import KEY, LEAST, gathered, spread
from governance.evidence import Evidence, Finding, Level, Metric, Outcome, Reach, Units, read_evidence
from governance.verdict import Decision, Verdict, read_verdict

NAMES = st.sampled_from(["age", "alter 2", "1", "rows", "{0}", "a|b", "ünï", '"', ""])
TEXTS = st.lists(
    st.one_of(
        NAMES, st.sampled_from([": ", " of ", " rows break it (", "%)", "1,204", "0.5", "7"]), st.text(max_size=3)
    )
).map("".join)
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-1, 1), st.sampled_from([0.0, -0.0, 1.0, -1.0, 0.5]), TEXTS)
ITEMS = st.lists(
    st.fixed_dictionaries(
        {"rule": st.sampled_from(["a/b", "a/c"]), "message": TEXTS},
        optional={
            "columns": st.lists(NAMES, max_size=3), "count": st.integers(0, 9), "fingerprint": TEXTS, "value": SCALARS,
            "counts": st.dictionaries(st.sampled_from(["train", "test"]), st.lists(st.integers(0, 3), max_size=3)),
            "levels": st.lists(TEXTS, max_size=3), "cuts": st.lists(SCALARS, max_size=2),
        },
    ),
    max_size=12,
)  # fmt: skip


def reread(items: list[dict[str, Any]], least: int) -> list[Any]:
    shapes, written = gathered(items, least)
    text = json.dumps({"items": written} | ({KEY: {"items": shapes}} if shapes else {}))
    return list(spread(json.loads(text))["items"])


@given(ITEMS, st.integers(1, 4))
def test_every_item_comes_back(items: list[dict[str, Any]], least: int) -> None:
    back = reread(items, least)
    assert back == items
    # 0.0 equals -0.0, and 1 equals 1.0 and True, in Python and not in a file.
    assert [json.dumps(item, sort_keys=True) for item in back] == [json.dumps(item, sort_keys=True) for item in items]


def finding(column: str, broken: int, rows: int = 1000) -> Finding:
    return Finding(
        rule="schema/check_failed", level=Level.ERROR, columns=(column,), subject=">= 0.5", count=broken, of=rows,
        message=f"{column}: >= 0.5: {broken} of {rows} rows break it ({broken / rows:.2%}).",
        remedy="Look at the rows in build/x/rows/schema.parquet; mend the data, or correct the rule.",
    )  # fmt: skip


def evidence(findings: list[Finding], metrics: list[Metric] | None = None) -> Evidence:
    return Evidence(
        subject="x", audit="schema", title="Schema", question="Does it hold?", section="composition", settings={},
        inputs={}, outcome=Outcome.ASSESSED, units=Units(name="rows", declared=9, evaluated=9),
        reach=Reach(looked_for="a", would_notice="b", cannot_see="c"), findings=tuple(findings),
        metrics=tuple(metrics or ()),
    ).sealed()  # fmt: skip


def test_many_findings_take_a_row_each_and_read_the_same(tmp_path: Any) -> None:
    many = evidence([finding(f"number_{at:03d}", 100 + at) for at in range(LEAST)])
    text = many.to_json()
    row = next(line for line in text.splitlines() if '"number_000"' in line)
    assert len(row) < 70, row
    assert text.count("rows break it") == 1
    (tmp_path / "schema.json").write_text(text, encoding="utf-8")
    assert read_evidence(tmp_path / "schema.json") == many
    assert [item.fingerprint for item in many.findings] == [
        item.fingerprint for item in read_evidence(tmp_path / "schema.json").findings
    ]


def test_a_screenful_stands_as_it_is() -> None:
    text = evidence([finding(f"number_{at:03d}", 100 + at) for at in range(LEAST - 1)]).to_json()
    assert KEY not in json.loads(text)
    assert text.count("rows break it") == LEAST - 1


def test_rounded_numbers_do_not_differ_from_their_digits(tmp_path: Any) -> None:
    metrics = [
        Metric(name="share", value=at / 7, low=at / 8, high=at / 6, group=f"class {at}", meaning=f"{at / 7} of all")
        for at in range(LEAST)
    ]
    item = evidence([], metrics)
    (tmp_path / "schema.json").write_text(item.to_json(), encoding="utf-8")
    assert read_evidence(tmp_path / "schema.json").to_json() == item.to_json()
    assert KEY in json.loads(item.to_json())


def test_decisions_are_gathered_too(tmp_path: Any) -> None:
    decisions = tuple(
        Decision(
            rule=one.rule, effect="block", exit_code=3, message=one.message, audit="schema", observed="error",
            fingerprint=one.fingerprint,
        )
        for one in evidence([finding(f"number_{at:03d}", 100 + at) for at in range(200)]).findings
    )  # fmt: skip
    verdict = Verdict(
        subject="x", kind="dataset", result="blocked", tier="prototype", snapshot_digest="", policy_digest="",
        decisions=decisions,
    ).sealed()  # fmt: skip
    path = tmp_path / "verdict.json"
    path.write_text(verdict.to_json(), encoding="utf-8")
    assert read_verdict(path) == verdict
    assert path.stat().st_size < 200 * 70


def test_what_was_read_from_the_file_is_written_as_it_was() -> None:
    items = [{"counts": {"train": [at], "test": [at + 1]}, "name": f"c{at}"} for at in range(LEAST)]
    shapes, rows = gathered(items)
    file = json.dumps({KEY: {"columns": shapes}, "columns": rows}, sort_keys=True)
    shapes, rows = gathered(spread(json.loads(file))["columns"])
    assert json.dumps({KEY: {"columns": shapes}, "columns": rows}, sort_keys=True) == file


@pytest.mark.parametrize(
    ("alike", "findings"),
    [
        ({"findings": [{"rule": "a/b"}]}, [[1]]),
        ({"findings": [{"rule": {"is": 2}}]}, [[0, "a/b"]]),
        ({"findings": [{"rule": {"other": 0}}]}, [[0, "a/b"]]),
        ({"findings": [{"rule": {}}]}, [[0]]),
        ({"findings": []}, [[]]),
        ({"findings": []}, []),
        ({"findings": [{"rule": "a/b"}, {"rule": "never used"}]}, [[0]]),
        ({"findings": [{"rule": "a/b"}]}, [[0, "hidden"]]),
        ({"findings": [{"rule": "a/b"}]}, [[-1]]),
        ({"findings": [{"rule": "a/b"}]}, [[False]]),
        ({"findings": [{"rule": {"is": -1}}]}, [[0, "a/b"]]),
        ({"findings": [{"rule": {"text": [True]}}]}, [[0, 1, "a/b"]]),
        ({"others": []}, []),
        ([], []),
    ],
)
def test_rows_that_fit_no_shape_are_refused(alike: Any, findings: Any) -> None:
    with pytest.raises(ValueError, match="rows do not fit"):
        spread({KEY: alike, "findings": findings})
