from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from governance.config import Workspace, parse_config
from governance.contract import read_columns, with_roles
from governance.dataset import Column, ColumnType, DataConfig, Role
from governance.errors import ConfigError, UsageError
from governance.ratchet import Baseline, Known
from governance.validation import hint
from governance.yaml_files import read_yaml

GOOD: dict[str, Any] = {
    "datasets": {"toy": {"data": {"path": "data/toy.csv", "task": "classification", "target": "y"}}},
    "audits": {"summary": None},
    "policy": {"tier": "internal"},
}


def problems_of(content: Any) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        parse_config(content)
    return caught.value.problems


def changed(**data: Any) -> dict[str, Any]:
    return GOOD | {"datasets": {"toy": {"data": GOOD["datasets"]["toy"]["data"] | data}}}


def test_a_bare_audit_has_no_settings() -> None:
    config = parse_config(GOOD)
    assert config.audits == {"summary": {}}
    assert config.datasets["toy"].data.target == "y"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "must be a mapping"),
        ([], "must be a mapping"),
        ({"datasets": {}}, "`audits:` is missing"),
        ({"audits": {}, "datset": {}}, "did you mean 'datasets'?"),
        (changed(taks="none"), "did you mean 'task'?"),
        (changed(task="clasification"), "datasets.toy.data.task"),
        (changed(target=None), "needs `target`"),
        (changed(path="/etc/passwd"), "is absolute"),
        (changed(path="~/x.csv"), "is absolute"),
        (changed(path="C:\\x.csv"), "is absolute"),
        (changed(split={"method": "group"}), "needs `column`"),
        (changed(split={"method": "files"}), "files: {train: pattern"),
        (changed(split={"method": "ratio", "test": 1.5}), "less than 1"),
        (changed(split={"method": "ratio", "test": 0.6, "validation": 0.5}), "leave nothing for train"),
        (changed(split={"files": {"train": "x"}}), "belongs to split method 'files'"),
        (changed(roles={"target": ["y"]}), "not under `roles`"),
        (changed(roles={"sensitiv": ["y"]}), "datasets.toy.data.roles"),
        (changed(read={"sep": ";"}), "datasets.toy.data.read.sep"),
        (GOOD | {"datasets": {"toy": {"daat": {}}}}, "did you mean 'data'?"),
        (GOOD | {"datasets": {1: {}}}, "datasets: 1 cannot be a name"),
        (GOOD | {"datasets": {"A-b": {}}}, "'A-b' cannot be a name"),
        (GOOD | {"datasets": {"a; rm -rf x": {}}}, "cannot be a name"),
        (GOOD | {"datasets": {"x" * 64: {}}}, "cannot be a name"),
        (GOOD | {"datasets": {"models": GOOD["datasets"]["toy"]}}, "folder of the models"),
        (GOOD | {"audits": {"Drift": {}}}, "audits: 'Drift' cannot be a name"),
        (GOOD | {"policy": {"tier": "strict"}}, "policy.tier"),
        (GOOD | {"policy": {"requird": []}}, "did you mean 'required'?"),
        (
            GOOD | {"models": {"m": {"dataset": "tyo", "estimator": "sklearn.linear_model.Ridge"}}},
            "did you mean 'toy'?",
        ),
        (GOOD | {"signals": {"folds": 1}}, "signals.folds"),
        (GOOD | {"signals": {"fold": 5}}, "signals.fold: there is no such key; did you mean 'folds'?"),
        (GOOD | {"policy": {"findings": [{"rul": "a/b"}]}}, "policy.findings.0.rul: there is no such key"),
        (
            GOOD | {"models": {"m": {"dataset": "toy", "estimatr": "sklearn.linear_model.Ridge"}}},
            "did you mean 'estimator'?",
        ),
        (changed(signals={"probabilities": "elsewhere/p.csv", "key": "id", "origin": "held_out"}), "folder signals/"),
        (changed(signals={"probabilities": "signals/../p.csv", "key": "id", "origin": "held_out"}), "folder signals/"),
        (changed(signals={"key": "id", "origin": "held_out"}), "needs `probabilities` or `embeddings`"),
        (changed(schem="x.py"), "did you mean 'schema'?"),
        (GOOD | {"datasets": []}, "datasets"),
    ],
)
def test_each_mistake_is_named(content: Any, words: str) -> None:
    assert any(words in problem for problem in problems_of(content)), problems_of(content)


def test_all_mistakes_are_told_at_once() -> None:
    found = problems_of(
        {"datasets": {"Bad": {}, "toy": {"data": {"path": "/x", "task": "foo"}}}, "policy": {"tier": "x"}, "audit": {}}
    )
    for words in ("'Bad'", "policy.tier", "toy.data.task", "did you mean 'audits'"):
        assert any(words in problem for problem in found), words


def test_keys_of_others_are_not_judged() -> None:
    assert parse_config(GOOD | {"train": {"lr": 0.1}, "seed": 3}) == parse_config(GOOD)


def test_metric_rules_name_configured_audits() -> None:
    rule = {"metric": "sumary.rows", "op": ">", "threshold": 1}
    assert any("did you mean 'summary'?" in p for p in problems_of(GOOD | {"policy": {"metrics": [rule]}}))


def test_unknown_subjects_are_named() -> None:
    workspace = Workspace(Path("/nowhere"))
    workspace.__dict__["config"] = parse_config(GOOD)
    with pytest.raises(UsageError, match="did you mean 'toy'"):
        workspace.dataset("tyo")
    with pytest.raises(UsageError, match="it has: none"):
        workspace.model("m")
    assert workspace.dataset("toy").data.path == "data/toy.csv"


def test_the_workspace_is_found_from_below_and_from_beside(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="govern init"):
        Workspace.find(tmp_path)
    inner = tmp_path / "govern"
    inner.mkdir()
    for name in ("params.yaml", "govern.lock"):
        (inner / name).write_text("{}", encoding="utf-8")
    (inner / "reports").mkdir()
    assert Workspace.find(inner / "reports").root == inner
    assert Workspace.find(tmp_path).root == inner


def test_yaml_is_read_as_dvc_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "params.yaml"
    path.write_text("a: 1e-3\nb: on\nc: 012\n", encoding="utf-8")
    assert read_yaml(path) == {"a": 0.001, "b": "on", "c": 12}


@pytest.mark.parametrize(
    ("text", "words"), [("a: [1", "line"), ("a: 1\na: 2", "duplicate key"), ("!!python/object:os.x {}", "tag")]
)
def test_broken_yaml_says_where(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "params.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=words):
        read_yaml(path)


def test_missing_and_undecodable_yaml(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="does not exist"):
        read_yaml(tmp_path / "absent.yaml")
    (tmp_path / "bad.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="cannot be read"):
        read_yaml(tmp_path / "bad.yaml")


def test_waivers_are_optional_and_checked(tmp_path: Path) -> None:
    assert Workspace(tmp_path).waivers == ()
    (tmp_path / "waivers.yaml").write_text("waivers: [{}]", encoding="utf-8")
    with pytest.raises(ConfigError, match="fingerprint"):
        _ = Workspace(tmp_path).waivers


def test_misspelt_keys_of_every_file_are_told_alike_and_at_once(tmp_path: Path) -> None:
    (tmp_path / "waivers.yaml").write_text(
        "waiver: []\nwaivers:\n  - {fingerprint: 0123456789abcdef, owner: Ada, reson: known and harmless, expires: 2026-08-01}",
        encoding="utf-8",
    )
    with pytest.raises(ConfigError) as caught:
        _ = Workspace(tmp_path).waivers
    assert caught.value.problems == (
        "waivers.yaml: waiver: there is no such key; did you mean 'waivers'? Its keys are: waivers",
        "waivers.yaml: waiver 1: reason: is missing",
        "waivers.yaml: waiver 1: reson: there is no such key; did you mean 'reason'? "
        "Its keys are: fingerprint, owner, reason, expires, ticket, max_count",
    )
    (tmp_path / "columns.yaml").write_text(
        "colums: 1\ncolumns:\n  - {name: age, type: integer, units: years}\n  - {name: sex, typ: category}\n",
        encoding="utf-8",
    )
    with pytest.raises(ConfigError) as caught:
        read_columns(tmp_path / "columns.yaml", "columns.yaml")
    keys = "Its keys are: name, type, role, unit, description, labels, public"
    assert caught.value.problems == (
        "columns.yaml: colums: there is no such key; did you mean 'columns'? Its keys are: columns",
        f"columns.yaml: column 'age': units: there is no such key; did you mean 'unit'? {keys}",
        "columns.yaml: column 'sex': type: is missing",
        f"columns.yaml: column 'sex': typ: there is no such key; did you mean 'type'? {keys}",
    )


def test_hints_are_near_or_absent() -> None:
    assert hint("targt", ["target", "task"]) == "; did you mean 'target'?"
    assert hint("zzz", ["target"]) == ""


@pytest.mark.parametrize(
    ("path", "allowed"), [("data/x.csv", True), ("../x.csv", True), ("../../x.csv", False), ("link/x.csv", False)]
)
def test_data_is_read_from_inside_the_repository_only(tmp_path: Path, path: str, allowed: bool) -> None:
    root = tmp_path / "repository" / "govern"
    root.mkdir(parents=True)
    (root.parent / ".git").mkdir()
    (root / "link").symlink_to(tmp_path)
    (root / "params.yaml").write_text(
        f"{{datasets: {{toy: {{data: {{path: {path}}}}}}}, audits: {{}}}}", encoding="utf-8"
    )
    workspace = Workspace(root)
    if allowed:
        assert workspace.config.datasets["toy"].data.path == path
    else:
        with pytest.raises(ConfigError, match="lies outside repository/"):
            _ = workspace.config


def test_everything_has_its_place() -> None:
    place = Workspace(Path("/w"))
    assert place.contract("toy") == Path("/w/expectations/toy")
    assert place.answers("toy") == Path("/w/answers/toy.yaml")
    assert place.build("toy") == Path("/w/build/toy")
    assert place.report("toy") == Path("/w/reports/datasets/toy")
    assert place.model_build("m") == Path("/w/build/models/m")
    assert place.model_report("m") == Path("/w/reports/models/m")
    assert place.model_settings("m") == Path("/w/build/model-settings/m.json")
    assert place.model_inputs("m") == Path("/w/build/model-inputs/m")


def test_good_waivers_and_metric_rules_are_taken(tmp_path: Path) -> None:
    (tmp_path / "waivers.yaml").write_text(
        "waivers: [{fingerprint: 0123456789abcdef, owner: Ada, reason: known and harmless, expires: 2026-08-01}]",
        encoding="utf-8",
    )
    assert Workspace(tmp_path).waivers[0].owner == "Ada"
    rule = {"metric": "summary.rows", "op": ">", "threshold": 1}
    model = {"m": {"dataset": "toy", "estimator": "sklearn.linear_model.Ridge"}}
    config = parse_config(GOOD | {"policy": {"metrics": [rule]}, "models": model})
    assert config.policy.metrics[0].threshold == 1
    assert config.models["m"].dataset == "toy"


def test_a_dataset_has_settings_of_its_own() -> None:
    config = {
        "datasets": {"a": {"data": {"path": "a.csv"}}, "b": {"data": {"path": "b.csv"}}},
        "audits": {"outliers": {"x": 1, "y": 2, "datasets": {"a": {"y": 3}}}},
    }
    workspace = Workspace(Path("unused"))
    workspace.__dict__["config"] = parse_config(config)
    assert workspace.audit_settings("outliers", "a") == {"x": 1, "y": 3}
    assert workspace.audit_settings("outliers", "b") == {"x": 1, "y": 2}


@pytest.mark.parametrize(
    ("own", "words"),
    [
        ([], "must map datasets to settings"),
        ({"toi": {}}, "there is no dataset 'toi'; did you mean 'toy'?"),
        ({"toy": 3}, "audits.outliers.datasets.toy: must be a mapping of settings (it is 3)"),
    ],
)
def test_settings_of_a_dataset_that_make_no_sense_are_refused(own: object, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_config({"datasets": {"toy": {"data": {"path": "a.csv"}}}, "audits": {"outliers": {"datasets": own}}})
    assert words in "\n".join(caught.value.problems)


def test_the_baseline_is_optional_and_checked(tmp_path: Path) -> None:
    assert Workspace(tmp_path).baseline == Baseline()
    path = tmp_path / "baseline.yaml"
    path.write_text("datasets: {toy: {}}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="who recorded this"):
        _ = Workspace(tmp_path).baseline
    recording = "{on: 2026-05-01, by: Ada Example, reason: Known for years.}"
    path.write_text(f"recordings: [{recording}]\ndatasets: {{toy: {{}}}}\n", encoding="utf-8")
    known = Workspace(tmp_path).baseline.of("dataset", "toy")
    assert known == Known()


@pytest.mark.parametrize("key", ["audits", "evaluations"])
def test_what_people_say_is_no_audit_of_anybodys(key: str) -> None:
    assert any("`answers` is what people say" in one for one in problems_of(GOOD | {key: {"answers": {}}}))


def test_a_role_in_params_agrees_with_what_a_draft_says_of_every_other_column() -> None:
    config = DataConfig.model_validate({"path": "x.csv", "roles": {"private": ["mail"]}})
    drafted = (Column(name="mail", type=ColumnType.STRING, role=Role.FEATURE),)
    assert with_roles(drafted, config, "x")[0].role is Role.PRIVATE
    decided = (Column(name="mail", type=ColumnType.STRING, role=Role.IDENTIFIER),)
    with pytest.raises(
        ConfigError, match=r"is private in params.yaml and identifier in columns.yaml; keep one of them"
    ):
        with_roles(decided, config, "x")


@pytest.mark.parametrize("lost", ["govern.lock", "params.yaml"])
def test_half_a_workspace_is_to_be_restored_and_not_begun_anew(tmp_path: Path, lost: str) -> None:
    for name in {"govern.lock", "params.yaml", "waivers.yaml"} - {lost}:
        (tmp_path / name).write_text("", encoding="utf-8")
    (tmp_path / "data").mkdir()
    with pytest.raises(UsageError, match=f"{lost} is missing.*\n  Run: git checkout -- ../{lost}$"):
        Workspace.find(tmp_path / "data")


def test_a_params_file_of_another_pipeline_is_no_half_workspace(tmp_path: Path) -> None:
    (tmp_path / "params.yaml").write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match="govern init"):
        Workspace.find(tmp_path)
