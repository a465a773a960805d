"""gate --recheck: evidence that was forged and sealed again is found by measuring again."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from fail_closed.conftest import measured, original
from fail_closed.measured import Measured
from fail_closed.sources import TREES

from governance.comparing.evidence import differences
from governance.evidence import Evidence, Level, Outcome

__all__ = ["measured", "original"]
ALL = ("--recheck", "99", "--recheck-seed", "a")
DUPLICATES = ("--recheck", "1", "--recheck-seed", "d", "--dataset", "trees")
"""One audit is drawn of those of trees, and with this seed it is `duplicates`."""


@pytest.fixture(scope="module")
def twice(original: Measured, tmp_path_factory: pytest.TempPathFactory) -> Measured:
    """Trees with rows that stand there twice: `duplicates` has a finding. Tests copy it and leave it alone."""
    place = tmp_path_factory.mktemp("twice") / "workspace"
    shutil.copytree(original.root, place, symlinks=True)
    made = Measured(place)
    lines = TREES.splitlines()
    made.source("\n".join([*lines, *lines[1:31]]) + "\n")
    made.measure()
    assert made.evidence("duplicates").findings
    return made


@pytest.fixture
def doubled(twice: Measured, tmp_path: Path) -> Measured:
    """A copy to forge in."""
    place = tmp_path / "workspace"
    shutil.copytree(twice.root, place, symlinks=True)
    return Measured(place)


def forge(m: Measured, change: Callable[[Evidence], Evidence], audit: str = "duplicates") -> None:
    """Write other evidence, with valid digests down to the documents."""
    m.evidence_path(audit).write_text(change(m.evidence(audit)).sealed().to_json(), encoding="utf-8")
    m.judge("trees")


def without_findings(item: Evidence) -> Evidence:
    return item.model_copy(update={"findings": ()})


def other_count(item: Evidence) -> Evidence:
    first = item.findings[0].model_copy(update={"count": (item.findings[0].count or 0) + 1})
    return item.model_copy(update={"findings": (first, *item.findings[1:])})


def other_level(item: Evidence) -> Evidence:
    findings = tuple(one.model_copy(update={"level": Level.NOTE}) for one in item.findings)
    return Evidence.model_validate(item.model_dump() | {"findings": [f.model_dump() for f in findings]})


def other_metric(item: Evidence) -> Evidence:
    metrics = tuple(
        one.model_copy(update={"value": (one.value or 0) + 0.01, "low": None, "high": None}) for one in item.metrics
    )
    return item.model_copy(update={"metrics": metrics})


def other_units(item: Evidence) -> Evidence:
    assert item.units
    return item.model_copy(update={"units": item.units.model_copy(update={"evaluated": 1_000_000})})


def test_honest_evidence_passes_also_without_the_source(measured: Measured) -> None:
    gate = measured.gate(*ALL)
    assert gate.code == 0, gate.text
    assert "drawn with seed a" in gate.text
    measured.path("data/trees.csv").unlink()
    gate = measured.gate("--recheck", "2", "--recheck-seed", "c", "--dataset", "trees")
    assert gate.code == 0, gate.text
    assert "trees/label_issues" in gate.text, "which needs signals, made of the snapshot that is here"


@pytest.mark.parametrize("change", [without_findings, other_count, other_level, other_metric, other_units])
def test_forged_evidence_with_valid_digests_is_caught(
    doubled: Measured, change: Callable[[Evidence], Evidence]
) -> None:
    forge(doubled, change)
    assert doubled.govern("verify").code in (0, 4)
    before = doubled.gate("--dataset", "trees")
    assert "recheck" not in before.text
    gate = doubled.gate(*((*ALL, "--dataset", "trees") if change is without_findings else DUPLICATES))
    assert gate.code == 4
    assert "duplicates, run again, says otherwise" in gate.text
    if change is without_findings:
        assert before.code == 0, before.text  # by digests alone all is well
        assert re.search(r"finding \w{16} \(duplicates/\w+\) was left out", gate.text)


def test_an_invented_outcome_is_caught(doubled: Measured) -> None:
    forge(doubled, lambda item: item.model_copy(update={
        "outcome": Outcome.NOT_APPLICABLE, "code": "no_rows", "reason": "none", "findings": (), "units": None}))  # fmt: skip
    assert "outcome is not_applicable" in doubled.gate(*DUPLICATES).text


def test_a_forged_manifest_is_caught(measured: Measured) -> None:
    path = measured.path("reports/datasets/plots/manifest.json")
    from governance.manifest import read_manifest

    forged = read_manifest(path).model_copy(update={"rows": 600}).sealed()
    path.write_text(forged.to_json(), encoding="utf-8")
    measured.judge("plots")
    gate = measured.gate("--recheck", "1", "--dataset", "plots")
    assert gate.code == 4
    assert "manifest.json is not what the source gives: rows" in gate.text


def test_the_draw_hangs_on_the_seed_and_is_new_each_time(measured: Measured) -> None:
    def drawn(*words: str) -> tuple[str, str]:
        found = re.search(
            r"drawn with seed (\w+) of \d+ audits: ([\w/, ]+);", measured.gate("--recheck", "1", *words).text
        )
        assert found
        return found[1], found[2]

    of_seeds = [drawn("--recheck-seed", seed) for seed in "bcde"]
    assert drawn("--recheck-seed", "b") == of_seeds[0]
    assert len({audits for _, audits in of_seeds}) > 2
    assert drawn()[0] != drawn()[0]


def test_without_data_nothing_is_shown_and_the_gate_says_so(measured: Measured) -> None:
    shutil.rmtree(measured.path("build"))
    for file in ("trees", "plots"):
        measured.path(f"data/{file}.csv").unlink()
    gate = measured.gate("--recheck", "1")
    assert gate.code == 4
    assert "no data is here" in gate.text


def test_a_tolerance_is_for_numbers_and_not_for_counts(measured: Measured) -> None:
    item = measured.evidence("summary")
    assert list(differences(item, item)) == []
    text = json.loads(item.to_json())
    table = next(t for t in text["tables"] if any(isinstance(c, float) for row in t["rows"] for c in row))
    at = next(
        (r, c) for r, row in enumerate(table["rows"]) for c, cell in enumerate(row) if isinstance(cell, float) and cell
    )
    table["rows"][at[0]][at[1]] *= 1 + 1e-6
    assert list(differences(item, Evidence.model_validate(text))) == []
    table["rows"][at[0]][at[1]] *= 1.01
    assert len(list(differences(item, Evidence.model_validate(text)))) == 1
    counted = item.model_copy(update={"title": "12 rows"}), item.model_copy(update={"title": "13 rows"})
    assert list(differences(*counted)) == ["title is 12 rows, run again 13 rows"]
    rounded = item.model_copy(update={"title": "0.123 of it"}), item.model_copy(update={"title": "0.124 of it"})
    assert list(differences(*rounded)) == []
