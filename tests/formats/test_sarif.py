"""SARIF: valid against the standard's schema (as @microsoft/jest-sarif carries it), and what GitHub asks beyond it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from governance.config import Workspace
from governance.controls import load_crosswalk
from governance.formats.sarif import as_sarif
from governance.judging import Judged

SCHEMA = json.loads(Path(__file__).with_name("sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8"))


def run_of(judged: Judged, workspace: Workspace) -> dict[str, Any]:
    run: dict[str, Any] = json.loads(as_sarif(judged, workspace))["runs"][0]
    return run


@pytest.mark.parametrize("which", ["judged", "passed", "nothing"])
def test_it_is_valid(which: str, request: pytest.FixtureRequest, workspace: Workspace) -> None:
    content = json.loads(as_sarif(request.getfixturevalue(which), workspace))
    validator = jsonschema.validators.validator_for(SCHEMA)(SCHEMA)
    assert [error.message for error in validator.iter_errors(content)] == []
    assert list(validator.iter_errors(content | {"version": "2.0"}))


def test_levels_follow_the_gate(judged: Judged, workspace: Workspace) -> None:
    levels = {r["ruleId"]: r["level"] for r in run_of(judged, workspace)["results"]}
    assert levels == {
        "schema/check": "error", "duplicates/exact": "error", "evidence/unusable": "error",
        "required/label_issues": "error", "outliers/far": "warning", "summary/rare_class": "note",
        "duplicates/near": "error",
    }  # fmt: skip


def test_a_waiver_is_a_suppression_with_its_reason(judged: Judged, workspace: Workspace) -> None:
    results = {r["ruleId"]: r for r in run_of(judged, workspace)["results"]}
    [suppression] = results["duplicates/near"]["suppressions"]
    assert suppression["kind"] == "external"
    assert suppression["status"] == "accepted"
    assert suppression["justification"].startswith("known and harmless")
    assert not any("suppressions" in r for name, r in results.items() if name != "duplicates/near")


def test_github_finds_all_it_needs(judged: Judged, workspace: Workspace) -> None:
    run = run_of(judged, workspace)
    rules = run["tool"]["driver"]["rules"]
    for rule in rules:
        assert rule["shortDescription"]["text"]
        assert 0 < len(rule["fullDescription"]["text"]) <= 1024
        assert rule["help"]["text"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        physical = result["locations"][0]["physicalLocation"]
        assert re.fullmatch(r"govern/[\w./-]+", physical["artifactLocation"]["uri"])
        assert set(physical["region"]) == {"startLine", "startColumn", "endLine", "endColumn"}
        assert result["partialFingerprints"]["primaryLocationLineHash"]


def test_fingerprints_stay_when_numbers_change(judged: Judged, workspace: Workspace) -> None:
    def prints(run: dict[str, Any]) -> list[tuple[str, str]]:
        return sorted((r["ruleId"], r["partialFingerprints"]["govern/v1"]) for r in run["results"])

    before = prints(run_of(judged, workspace))
    assert len({value for _, value in before}) == len(before)
    first = judged.judgements[0]
    reworded = first.verdict.model_copy(
        update={
            "decisions": tuple(
                d.model_copy(update={"message": "other words", "observed": "7"}) for d in first.verdict.decisions
            )
        }
    )
    changed = Judged((type(first)(first.name, first.kind, first.collected, reworded), *judged.judgements[1:]))
    assert prints(run_of(changed, workspace)) == before


def test_text_holds_neither_links_nor_placeholders(judged: Judged, workspace: Workspace) -> None:
    for result in run_of(judged, workspace)["results"]:
        text = result["message"]["text"]
        assert not re.search(r"(?<!\\)[\[\]]", text)
        assert not re.search(r"(?<!\{)(\{\{)*\{\d", text)


def test_taxonomies_hold_what_rules_point_at(judged: Judged, workspace: Workspace) -> None:
    run = run_of(judged, workspace)
    taxa = {(t["name"], taxon["id"]) for t in run["taxonomies"] for taxon in t["taxa"]}
    targets = {
        (link["target"]["toolComponent"]["name"], link["target"]["id"])
        for rule in run["tool"]["driver"]["rules"]
        for link in rule.get("relationships", [])
    }
    assert targets == taxa != set()
    hidden = {c.id for c in load_crosswalk().controls if c.status == "unconfirmed"}
    assert hidden
    assert not hidden & {id for _, id in taxa}


def test_an_unjudgeable_run_is_no_success(judged: Judged, passed: Judged, workspace: Workspace) -> None:
    assert run_of(judged, workspace)["invocations"][0]["executionSuccessful"] is False
    assert run_of(passed, workspace)["invocations"][0] == {"executionSuccessful": True, "exitCode": 0}
