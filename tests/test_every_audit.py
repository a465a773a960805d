"""What holds for every audit, by name: a new one gets these tests for free and cannot be merged without its cases."""

from __future__ import annotations

import functools
import hashlib
import inspect
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from case_runner import CASES, ask, case_folders, read_case, snapshot_of
from pydantic import ValidationError

from governance.audit import DOCSTRING_HEADINGS, ROW_COLUMNS, Answer, load, names
from governance.canonical import canonical_json
from governance.dataset import ColumnType, Task
from governance.evidence import Evidence, Level, Outcome
from governance.snapshot import Snapshot
from governance.testing import make_snapshot, meanings

AUDITS = names()
CASE_IDS = [f"{folder.parent.name}-{folder.name}" for folder in case_folders()]
SECTIONS = {"motivation", "composition", "collection", "preprocessing", "uses", "distribution", "maintenance"}


def clean_case(name: str) -> Path:
    return CASES / name / "clean"


Asked = Callable[[Path], tuple[Snapshot, Evidence, Answer]]


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Asked:
    """A case's snapshot and what its audit says with the case's settings: made once for all tests that look at it."""

    @functools.cache
    def once(folder: Path) -> tuple[Snapshot, Evidence, Answer]:
        case, _ = read_case(folder)
        snapshot = snapshot_of(folder, tmp_path_factory.mktemp("case"))
        return snapshot, *ask(folder.parent.name, snapshot, case.get("settings"))

    return once


@pytest.mark.parametrize("name", AUDITS)
def test_it_is_documented(name: str) -> None:
    kind = load(name)
    text = inspect.getdoc(kind) or ""
    positions = [text.find(f"{heading}:") for heading in DOCSTRING_HEADINGS]
    assert -1 not in positions, f"missing: {[h for h, p in zip(DOCSTRING_HEADINGS, positions, strict=True) if p < 0]}"
    assert positions == sorted(positions)
    assert kind.section in SECTIONS
    assert kind.title
    assert kind.question.endswith("?")
    assert all([kind.reach.looked_for, kind.reach.would_notice, kind.reach.cannot_see])
    meant = meanings(kind)
    assert all(meant.get(name) for name in kind.model_fields), "every setting has a docstring"
    assert len(kind.model_fields) <= 5


@pytest.mark.parametrize("name", AUDITS)
def test_it_has_a_clean_and_a_planted_case(name: str) -> None:
    found = {folder.name for folder in case_folders() if folder.parent.name == name}
    assert "clean" in found
    assert any(case.startswith("planted") for case in found)


@pytest.mark.parametrize("name", AUDITS)
def test_it_refuses_settings_that_it_does_not_have(name: str) -> None:
    with pytest.raises(ValidationError, match="Extra inputs"):
        load(name).model_validate({"no_such_setting": 1})


@pytest.mark.parametrize("folder", case_folders(), ids=CASE_IDS)
def test_a_case_gives_the_evidence_that_is_expected(folder: Path, asked: Asked) -> None:
    case, _ = read_case(folder)
    _, evidence, answer = asked(folder)
    expected = case["expect"]
    assert (evidence.outcome, evidence.code) == (expected["outcome"], expected.get("code", "")), evidence.reason
    loud = sorted({f.rule for f in evidence.findings if f.level is not Level.NOTE})
    assert loud == sorted(expected.get("rules", []))
    assert all(finding.message.endswith(".") for finding in evidence.findings), "no sentence"
    if (flagged := expected.get("flagged")) is not None:
        assert answer.rows is not None
        rows = answer.rows.filter(pl.col("flagged"))
        assert set(flagged) <= set(rows["source_row"]), "planted rows that were not pointed to"
    golden = folder / "evidence.json"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(evidence.to_json(), encoding="utf-8")
    said = json.loads(golden.read_text(encoding="utf-8"))
    assert json.loads(evidence.to_json()) == said, "UPDATE_GOLDEN=1 rewrites it; read the diff"


@pytest.mark.parametrize("name", AUDITS)
def test_two_runs_give_the_same_bytes_and_leave_the_data_alone(name: str, tmp_path: Path) -> None:
    snapshot = snapshot_of(clean_case(name), tmp_path)
    before = _hashes(snapshot.folder)
    first, first_answer = ask(name, snapshot)
    second, second_answer = ask(name, snapshot, kept=False)
    assert first.to_json() == second.to_json()
    if first_answer.rows is not None and second_answer.rows is not None:
        assert first_answer.rows.equals(second_answer.rows)
    assert _hashes(snapshot.folder) == before


@pytest.mark.parametrize("name", AUDITS)
def test_row_order_does_not_matter(name: str, asked: Asked, tmp_path: Path) -> None:
    folder = clean_case(name)
    case, _ = read_case(folder)
    _, forward, _ = asked(folder)
    backward, _ = ask(name, snapshot_of(folder, tmp_path, pl.DataFrame.reverse), case.get("settings"))
    assert forward.inputs == backward.inputs
    assert forward.to_json() == backward.to_json()


DEGENERATE: dict[str, Any] = {
    "one_row": lambda frame: frame.head(1),
    "two_rows": lambda frame: frame.head(2),
    "all_null": lambda frame: frame.head(20).select(pl.lit(None, dtype=s.dtype).alias(s.name) for s in frame),
    "constant": lambda frame: pl.concat([frame.head(1)] * 30),
}


@pytest.mark.parametrize("shape", DEGENERATE)
@pytest.mark.parametrize("name", AUDITS)
def test_degenerate_frames_get_an_answer_and_no_crash(name: str, shape: str, tmp_path: Path) -> None:
    snapshot = snapshot_of(clean_case(name), tmp_path, DEGENERATE[shape])
    evidence, _ = ask(name, snapshot)
    assert evidence.code != "crashed", evidence.reason
    assert evidence.outcome in set(Outcome)


@pytest.mark.parametrize("name", AUDITS)
def test_without_target_and_contract_it_says_so_or_does_not_need_them(name: str, tmp_path: Path) -> None:
    snapshot = snapshot_of(clean_case(name), tmp_path, target=None, task=Task.NONE, roles={}, contract={})
    evidence, _ = ask(name, snapshot)
    if load(name).needs & {"predictions", "schema", "suite"}:
        assert evidence.outcome is Outcome.NOT_APPLICABLE
        assert evidence.code in {"no_target", "task_not_audited", "no_contract", "no_sensitive_columns"}
    elif evidence.outcome is not Outcome.ASSESSED:  # roles are gone as well, so there may be no groups to ask about
        assert (evidence.outcome, evidence.code) == (Outcome.NOT_APPLICABLE, "no_sensitive_columns"), evidence.reason


@pytest.mark.parametrize("name", AUDITS)
def test_rows_have_the_agreed_columns_and_name_rows_that_exist(name: str, asked: Asked) -> None:
    planted = next(f for f in case_folders() if f.parent.name == name and f.name.startswith("planted"))
    snapshot, _, answer = asked(planted)
    if answer.rows is None:
        return
    assert {c: str(t) for c, t in answer.rows.schema.items()} == ROW_COLUMNS
    assert set(answer.rows["row_id"]) <= set(snapshot.frame("row_id").collect()["row_id"])
    assert answer.rows["score"].is_between(0, 1).all()
    assert answer.rows["rule"].str.starts_with(f"{name}/").all()


@pytest.mark.parametrize("name", AUDITS)
def test_private_values_stay_out_of_evidence(name: str, tmp_path: Path) -> None:
    secrets = [f"secret{index:04d}@example.org" for index in range(200)]
    frame = pl.DataFrame(
        {
            "mail": secrets,
            "undeclared": [f"Zyx{index}Qwv {index % 7} street" for index in range(200)],
            "x": [float(index % 13) for index in range(200)],
            "y": ["a" if index % 13 < 6 else "b" for index in range(200)],
        }
    )
    snapshot = make_snapshot(
        tmp_path, frame, target="y", task=Task.CLASSIFICATION, types={"undeclared": ColumnType.STRING},
        contract={"schema.py": _SCHEMA, "suite.json": _SUITE},
    )  # fmt: skip
    evidence, _ = ask(name, snapshot)
    text = canonical_json(evidence.model_dump(mode="json"))
    assert "secret0" not in text
    assert "Qwv" not in text


_SCHEMA = """
import pandera.polars as pa


class Toy(pa.DataFrameModel):
    mail: str = pa.Field(isin=["nobody@example.org"])
    undeclared: str = pa.Field(str_length={"max_value": 2})
    x: float = pa.Field(ge=0)
    y: str = pa.Field(isin=["a", "b"])
"""
_SUITE = """{"name": "toy", "meta": {}, "expectations": [
 {"type": "expect_column_values_to_be_in_set", "kwargs": {"column": "mail", "value_set": ["nobody@example.org"]},
  "severity": "critical", "meta": {}},
 {"type": "expect_column_values_to_match_regex", "kwargs": {"column": "undeclared", "regex": "^never$"},
  "severity": "critical", "meta": {}}]}
"""


def _hashes(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}
