"""From an approved model to the evidence on the next one: what is compared with what, and who notices a change."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from fail_closed.measured import Measured

from governance.collect import collect_model
from governance.errors import ConfigError, DataError, EvidenceError
from governance.evidence import Evidence, Outcome, read_evidence
from governance.lock import read_lock
from governance.modelling.frozen_results import freeze, read_frozen, results_key, results_of
from governance.references import approved_keys, approved_results, results_path

MODEL = "trees_logistic"


def freeze_here(measured: Measured) -> Path:
    return freeze(measured.workspace.model_build(MODEL), measured.root, MODEL)


def evidence(measured: Measured, name: str) -> Evidence:
    return read_evidence(measured.path(f"reports/models/{MODEL}/evidence/{name}.json"))


def collected(measured: Measured, name: str) -> Evidence | str:
    return collect_model(measured.workspace, MODEL, read_lock(measured.workspace)).evidence[name]


@pytest.fixture
def comparing(measured: Measured) -> Measured:
    """The measured workspace with both evaluations that need more than predictions."""
    measured.edit(
        "params.yaml",
        "evaluations:\n",
        "evaluations:\n  comparison: {minimum_rows: 10}\n  label_noise: {minimum_rows: 10}\n",
    )
    measured.model()
    return measured


def worse(measured: Measured) -> None:
    """Another model: one that has hardly learnt anything."""
    measured.edit(
        "params.yaml", "estimator: sklearn.linear_model.LogisticRegression", "estimator: sklearn.dummy.DummyClassifier"
    )
    text = measured.path("params.yaml").read_text(encoding="utf-8")
    start = text.index("sklearn.dummy.DummyClassifier")
    line = text.find("parameters:", start)
    if line >= 0:
        end = text.index("\n", line)
        measured.write("params.yaml", text[:line] + "parameters: {}" + text[end:])
    measured.model()


def test_frozen_results_say_how_wrong_and_not_what(comparing: Measured) -> None:
    path = freeze_here(comparing)
    frozen = read_frozen(path)
    assert frozen.columns == ["row_id", "split", "harm"]
    assert set(frozen["split"].unique()) == {"test"}
    assert set(frozen["harm"].unique()) <= {0.0, 1.0}
    key = results_key(results_of(comparing.workspace.model_build(MODEL)))
    assert path == results_path(comparing.root, MODEL, key)
    assert approved_keys(comparing.root, MODEL) == [key]
    before = path.read_bytes()
    assert freeze_here(comparing).read_bytes() == before
    assert approved_keys(comparing.root, MODEL) == [key]


def test_a_model_is_not_compared_with_itself_and_approving_changes_no_evidence(comparing: Measured) -> None:
    assert evidence(comparing, "comparison").code == "no_approved_model"
    before = comparing.path(f"reports/models/{MODEL}/evidence/comparison.json").read_bytes()
    freeze_here(comparing)
    assert isinstance(collected(comparing, "comparison"), Evidence)
    comparing.model()
    assert comparing.path(f"reports/models/{MODEL}/evidence/comparison.json").read_bytes() == before


def test_the_next_model_is_compared_and_a_regression_found(comparing: Measured) -> None:
    freeze_here(comparing)
    key = approved_keys(comparing.root, MODEL)[0]
    worse(comparing)
    found = evidence(comparing, "comparison")
    assert found.outcome is Outcome.ASSESSED, found.reason
    assert "comparison/worse_overall" in {finding.rule for finding in found.findings}
    assert found.inputs["approved"] == key
    assert isinstance(collected(comparing, "comparison"), Evidence)
    card = comparing.path(f"reports/models/{MODEL}/model_card.md").read_text(encoding="utf-8")
    assert "Comparison with the approved model" in card
    # The worse model is approved all the same: its own evidence stays what it was.
    freeze_here(comparing)
    assert approved_results(comparing.root, MODEL, found.inputs["results"]) == key
    assert isinstance(collected(comparing, "comparison"), Evidence)


def test_what_was_approved_cannot_be_changed_unseen(comparing: Measured) -> None:
    path = freeze_here(comparing)
    worse(comparing)
    frozen = pl.read_parquet(path)
    frozen.with_columns(harm=pl.lit(1.0)).write_parquet(path)
    with pytest.raises(DataError, match="was changed after the model was approved"):
        read_frozen(path)
    comparing.model()
    assert evidence(comparing, "comparison").code == "no_approved_results"
    path.unlink()
    comparing.model()
    assert evidence(comparing, "comparison").outcome is Outcome.FAILED
    comparing.path(f"references/{MODEL}/results.json").unlink()
    said = collected(comparing, "comparison")
    assert isinstance(said, str)
    assert "was made from another approved" in said
    comparing.write(f"references/{MODEL}/results.json", json.dumps({"approved": ["mine"]}))
    with pytest.raises(ConfigError, match="must be a list of digests"):
        approved_keys(comparing.root, MODEL)
    comparing.write(f"references/{MODEL}/results.json", "[")
    with pytest.raises(ConfigError, match="cannot be read"):
        approved_keys(comparing.root, MODEL)


def test_noise_of_the_labels_reaches_the_model_and_is_bound(comparing: Measured) -> None:
    found = evidence(comparing, "label_noise")
    assert "label_noise" in found.inputs
    assert isinstance(collected(comparing, "label_noise"), Evidence)
    known = comparing.evidence("label_issues") if comparing.evidence_path("label_issues").is_file() else None
    if known is None:
        assert found.code == "no_noise_rate"
    else:
        assert found.outcome is Outcome.ASSESSED, found.reason
        # The evidence on the data is gone: what was made from it no longer counts.
        comparing.evidence_path("label_issues").unlink()
        said = collected(comparing, "label_noise")
        assert isinstance(said, str)
        assert "was made from another label_noise" in said


def approve(measured: Measured) -> object:
    """`govern approve` of the model, by somebody who did not make it."""
    import datetime

    from governance.accepting.approve import approve as approved
    from governance.accepting.person import Person
    from governance.judging import judge_workspace

    today = datetime.date(2026, 11, 25)
    judged = judge_workspace(measured.workspace, today, [MODEL])
    (judgement,) = judged.judgements
    who = Person(name="Grace Hopper", email="grace@example.org")
    return approved(measured.workspace, judgement, who, "model_owner", "looked at the card", today)


def test_an_approval_keeps_the_results_and_changes_no_evidence(comparing: Measured) -> None:
    comparing.commit()
    before = comparing.path(f"reports/models/{MODEL}/evidence/comparison.json").read_bytes()
    given = approve(comparing)
    key = approved_keys(comparing.root, MODEL)[-1]
    named = {path.as_posix() for path in given.frozen}  # type: ignore[attr-defined]
    assert named == {
        results_path(comparing.root, MODEL, key).relative_to(comparing.root).as_posix(),
        f"references/{MODEL}/results.json",
    }
    comparing.model()
    assert comparing.path(f"reports/models/{MODEL}/evidence/comparison.json").read_bytes() == before


def test_an_approval_without_the_predictions_that_were_judged_is_refused(comparing: Measured) -> None:
    comparing.commit()
    folder = comparing.workspace.model_build(MODEL)
    kept = folder.rename(folder.with_name("kept"))
    with pytest.raises(EvidenceError, match="are not here"):
        approve(comparing)
    kept.rename(folder)
    worse_predictions = comparing.path(f"reports/models/{MODEL}/evidence")
    judged = {file.name: file.read_bytes() for file in worse_predictions.iterdir()}
    params = comparing.path("params.yaml").read_bytes()
    worse(comparing)
    comparing.path("params.yaml").write_bytes(params)
    for name, content in judged.items():
        (worse_predictions / name).write_bytes(content)
    comparing.stage("model_verdict", MODEL)
    comparing.stage("model_documents", MODEL)
    with pytest.raises(EvidenceError, match="not those that were judged"):
        approve(comparing)
    assert approved_keys(comparing.root, MODEL) == []
