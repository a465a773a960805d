"""The crosswalk: consistent, cautious, and never counting what nobody made."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from small_workspace import PARAMS, build, edit
from test_explain import COUNTED, TODAY, run

from governance import controls
from governance.audit import names
from governance.config import Workspace
from governance.controls import Crosswalk, load_crosswalk
from governance.controls.coverage import Coverage, State, coverage
from governance.errors import ConfigError
from governance.judging import judge_workspace

SUFFICIENCY = {"EUAIA:10.2.f", "EUAIA:10.3", "EUAIA:15.5"}


@pytest.fixture(scope="module")
def crosswalk() -> Crosswalk:
    return load_crosswalk()


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return build(tmp_path_factory.mktemp("controls") / "repository", **COUNTED)


def covered(workspace: Workspace, crosswalk: Crosswalk, framework: str = "eu_ai_act") -> dict[str, Coverage]:
    judged = judge_workspace(workspace, TODAY)
    return {one.control.id: one for one in coverage(crosswalk, framework, judged, workspace)}


def test_ids_are_unique_and_every_control_asks_for_something(crosswalk: Crosswalk) -> None:
    ids = [control.id for control in crosswalk.controls]
    assert len(ids) == len(set(ids)) > 100
    assert all(control.evidence for control in crosswalk.controls)


def test_unconfirmed_rows_are_hidden_and_secondary_ones_marked(crosswalk: Crosswalk) -> None:
    hidden = {c.id for c in crosswalk.controls} - {c.id for c in crosswalk.visible}
    assert hidden == {"EUAIA:13.3.b", "EUAIA:15.4"}
    for control in crosswalk.visible:
        assert ("secondary" in control.shown) == (control.status == "secondary")


def test_no_text_claims_compliance(crosswalk: Crosswalk) -> None:
    text = controls.CONTROLS.read_text(encoding="utf-8").lower()
    assert not re.search(r"\bcompl(y|ies|iant|iance)\b", text)


@pytest.mark.parametrize("kind", ["audits", "evaluations"])
def test_every_audit_has_a_family_and_makes_a_kind_of_evidence(crosswalk: Crosswalk, kind: str) -> None:
    made = {maker for evidence in crosswalk.evidence_kinds.values() for maker in evidence.makers}
    for name in names(kind):
        family = crosswalk.family_of(f"{name}/anything")
        assert family is not None, f"no entry of `rules` in controls.yaml begins with {name}/"
        assert family.controls
        assert f"{kind[:-1]}:{name}" in made


def test_the_longest_beginning_decides(crosswalk: Crosswalk) -> None:
    assert crosswalk.family_of("duplicates/exact") == crosswalk.families["duplicate_records"]
    assert crosswalk.family_of("duplicates/exact_across_splits") == crosswalk.families["split_leakage"]
    assert crosswalk.family_of("metric/label_issues.noise_rate") == crosswalk.families["label_error"]
    assert crosswalk.family_of("evidence/unusable", "outliers") == crosswalk.families["outlier_record"]
    assert crosswalk.family_of("nobody/knows") is None
    assert crosswalk.controls_of("nobody/knows") == ()


def test_states_of_a_real_workspace(workspace: Workspace, crosswalk: Crosswalk) -> None:
    found = covered(workspace, crosswalk)
    assert found["EUAIA:10.2.e"].state is State.EVIDENCED
    assert "reports/datasets/trees/evidence/summary.json" in found["EUAIA:10.2.e"].links
    assert found["EUAIA:10.3"].state is State.PARTLY
    assert "label_issues" in found["EUAIA:10.3"].missing
    assert found["EUAIA:10.3"].open_findings > 0
    assert found["EUAIA:GPAI-3.2"].state is not State.EVIDENCED
    assert found["EUAIA:10.2.a"].state is State.NOT, "background only"
    assert all(one.links for one in found.values() if one.state in {State.EVIDENCED, State.PARTLY})


def test_what_nothing_makes_cannot_count(workspace: Workspace, crosswalk: Crosswalk) -> None:
    found = covered(workspace, crosswalk)
    makers = {name: kind.makers for name, kind in crosswalk.evidence_kinds.items()}
    for one in found.values():
        if not any(makers[kind] for kind in one.control.evidence):
            assert one.state is State.OUTSIDE
        if not all(makers[kind] for kind in one.control.evidence):
            assert one.state is not State.EVIDENCED


def test_duties_of_sufficiency_are_never_more_than_partly(workspace: Workspace, crosswalk: Crosswalk) -> None:
    # Everything that these controls ask for is made of what is here, and it still is only part.
    kinds = {
        name: kind.model_copy(update={"makers": ("snapshot",), "lacks": ""})
        for name, kind in crosswalk.evidence_kinds.items()
    }
    generous = crosswalk.model_copy(update={"evidence_kinds": kinds})
    found = covered(workspace, generous)
    assert {found[id].state for id in SUFFICIENCY} == {State.PARTLY}
    assert found["EUAIA:10.2.c"].state is State.EVIDENCED
    assert found["EUAIA:10.1"].state is State.PARTLY, "its support is partial"


def test_an_audit_that_could_not_be_asked_does_not_count(tmp_path: Path, crosswalk: Crosswalk) -> None:
    asked = PARAMS.replace("  summary: {}", "  summary: {}\n  label_issues: {}")
    workspace = build(tmp_path / "repository", **{"params.yaml": asked})
    assert (workspace.report("trees") / "evidence" / "label_issues.json").is_file(), "it says not_applicable"
    found = covered(workspace, crosswalk)["EUAIA:10.3"]
    assert "label_issues" in found.missing
    assert not [link for link in found.links if "label_issues" in link]


def test_evidence_that_cannot_be_used_does_not_count(tmp_path: Path, crosswalk: Crosswalk) -> None:
    workspace = build(tmp_path / "repository")
    assert covered(workspace, crosswalk)["EUAIA:10.2.e"].state is State.EVIDENCED
    report = workspace.report("trees")
    whole = (report / "evidence" / "summary.json").read_text(encoding="utf-8")
    (report / "evidence" / "summary.json").write_text(whole.replace("trees", "shrub"), encoding="utf-8")
    found = covered(workspace, crosswalk)["EUAIA:10.2.e"]
    assert found.state is State.PARTLY
    assert "profile_counts" in found.missing
    (report / "evidence" / "summary.json").write_text(whole, encoding="utf-8")
    other = edit(workspace, "expectations/trees/columns.yaml", "unit: m", "unit: km")
    assert covered(other, crosswalk)["EUAIA:10.2.e"].links == (), "it was made from another declaration"


def test_the_command_says_supports_and_exits_0(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    code, text = run(workspace, monkeypatch, "controls", "--framework", "iso_42001")
    assert code == 0
    assert "(secondary source)" in text
    assert "outside this tool" in text
    assert "It never says that a control is met" in text
    assert "EU AI Act" not in text
    code, text = run(workspace, monkeypatch, "controls", "--framework", "iso_42001", "--dataset", "trees")
    assert code == 0
    assert "reports/datasets/trees/manifest.json" in text
    code, text = run(workspace, monkeypatch, "controls", "--dataset", "tree")
    assert code == 2
    assert "params.yaml has no dataset or model tree; it has: trees" in text
    code, text = run(workspace, monkeypatch, "controls", "--framework", "soc_2")
    assert code == 2


def test_a_damaged_crosswalk_names_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "controls.yaml"
    text = controls.CONTROLS.read_text(encoding="utf-8")
    path.write_text(text.replace("  outliers:\n", "  outlier:\n", 1), encoding="utf-8")
    with pytest.raises(ConfigError, match="no kind outliers"):
        load_crosswalk(path)
