"""Declarations that changed without a run: data, contracts, settings, names."""

from __future__ import annotations

from fail_closed.faults import Register
from fail_closed.measured import Measured
from fail_closed.sources import PLOTS, TREES, pointer, suite

FAULTS = Register()


@FAULTS(4, "data/trees.csv is not the version that was audited")
def source_pointer_changed(m: Measured) -> None:
    m.write("data/trees.csv.dvc", pointer(TREES + "11.5,3.5,elm\n"))


@FAULTS(4, "neither git nor DVC knows data/trees.csv")
def source_pointer_deleted(m: Measured) -> None:
    m.path("data/trees.csv.dvc").unlink()


@FAULTS(2, "holds no md5")
def source_pointer_emptied(m: Measured) -> None:
    m.write("data/trees.csv.dvc", "outs: []\n")


@FAULTS(4, "data/plots.csv is not the version that was audited")
def source_in_git_changed(m: Measured) -> None:
    m.write("data/plots.csv", PLOTS + "21,3\n")
    m.commit()


@FAULTS(4, "data/plots.csv is not the version that was audited")
def source_on_disk_changed(m: Measured) -> None:
    m.write("data/plots.csv", PLOTS + "21,3\n")


@FAULTS(4, "data/plots.csv")
def source_in_git_deleted(m: Measured) -> None:
    m.git("rm", "-q", "data/plots.csv")


@FAULTS(4, "was audited, and params.yaml names")
def source_path_changed(m: Measured) -> None:
    m.write("data/other.csv", PLOTS)
    m.git("add", "data/other.csv")
    m.edit("params.yaml", "data/plots.csv", "data/other.csv")


@FAULTS(4, "data/plots.csv is not the version that was audited")
def source_became_a_link_in_git(m: Measured) -> None:
    # DVC may link a file into its cache; git then holds the pointer, and never the link itself.
    m.path("data/plots.csv").rename(m.root.parent / "plots.csv")
    m.path("data/plots.csv").symlink_to(m.root.parent / "plots.csv")
    m.commit()


@FAULTS(2, "lies outside")
def source_lies_behind_a_linked_folder(m: Measured) -> None:
    m.path("data").rename(m.root.parent / "data")
    m.path("data").symlink_to(m.root.parent / "data")


@FAULTS(4, "was made from another suite")
def suite_changed(m: Measured) -> None:
    m.write("expectations/trees/suite.json", suite(("expect_column_values_to_not_be_null", {"column": "kind"})))


@FAULTS(4, "was made from another suite")
def suite_deleted(m: Measured) -> None:
    m.path("expectations/trees/suite.json").unlink()


@FAULTS(4, "was made from another schema")
def schema_changed(m: Measured) -> None:
    m.edit("expectations/trees/schema.py", "le=100", "le=1000")


@FAULTS(4, "declare other data")
def columns_changed(m: Measured) -> None:
    m.edit("expectations/trees/columns.yaml", "unit: cm", "unit: m")


@FAULTS(4, "columns.yaml")
def columns_unreadable(m: Measured) -> None:
    m.write("expectations/trees/columns.yaml", "columns: [\n")


@FAULTS(4, "declare other data")
def split_changed(m: Measured) -> None:
    m.edit("params.yaml", "test: 0.25", "test: 0.5")


@FAULTS(4, "declare other data")
def target_removed(m: Measured) -> None:
    m.edit("params.yaml", "      task: classification\n      target: kind\n", "")


@FAULTS(4, "was made from another settings")
def setting_changed(m: Measured) -> None:
    m.edit("params.yaml", "outliers: {}", "outliers: {min_rows: 31}")


@FAULTS(4, "was made from another settings")
def setting_that_does_not_exist(m: Measured) -> None:
    m.edit("params.yaml", "outliers: {}", "outliers: {min_row: 31}")


@FAULTS(4, "was made from another settings")
def setting_of_an_evaluation_changed(m: Measured) -> None:
    m.edit("params.yaml", "performance: {}", "performance: {seed: 1}")


@FAULTS(4, "was made from another model")
def model_changed(m: Measured) -> None:
    m.edit("params.yaml", "LogisticRegression", "LogisticRegression\n    parameters: {C: 2.0}")


@FAULTS(4, "was made from another")
def model_on_another_dataset(m: Measured) -> None:
    m.edit("params.yaml", "dataset: trees", "dataset: plots")


@FAULTS(2, "there is no dataset 'treees'")
def model_on_a_dataset_that_does_not_exist(m: Measured) -> None:
    m.edit("params.yaml", "dataset: trees", "dataset: treees")


@FAULTS(4, "own: no usable evidence")
def audit_added(m: Measured) -> None:
    m.edit("params.yaml", "audits:\n", "audits:\n  own: {}\n")
    m.edit("params.yaml", "policy:\n", "policy:\n  required: [[own], [summary]]\n")


@FAULTS(4, "outliers is not configured")
def audit_removed(m: Measured) -> None:
    m.edit("params.yaml", "  outliers: {}\n", "")
    m.judge()


@FAULTS(4, "requires no audit at all")
def evaluations_not_required(m: Measured) -> None:
    m.edit("params.yaml", "required_evaluations: [performance]", "required_evaluations: []")


@FAULTS(4, "manifest.json is missing")
def dataset_added(m: Measured) -> None:
    m.edit("params.yaml", "datasets:\n", "datasets:\n  more:\n    data: {path: data/plots.csv}\n")


@FAULTS(4, "manifest.json is missing")
def dataset_renamed(m: Measured) -> None:
    m.edit("params.yaml", "  plots:\n", "  fields:\n")


@FAULTS(4, "manifest.json is about plots")
def dataset_renamed_with_its_folders(m: Measured) -> None:
    m.edit("params.yaml", "  plots:\n", "  fields:\n")
    m.path("reports/datasets/plots").rename(m.path("reports/datasets/fields"))
    m.path("expectations/plots").rename(m.path("expectations/fields"))


@FAULTS(2, "2024 cannot be a name")
def dataset_named_by_a_number(m: Measured) -> None:
    m.edit("params.yaml", "  plots:\n", "  2024:\n")


@FAULTS(2, "cannot be a name")
def dataset_named_with_a_dash(m: Measured) -> None:
    m.edit("params.yaml", "  plots:\n", "  plots-old:\n")


@FAULTS(2, "cannot be a name")
def dataset_named_by_nothing(m: Measured) -> None:
    m.edit("params.yaml", "  plots:\n", "  null:\n")


@FAULTS(4, "Nothing to judge")
def no_dataset_at_all(m: Measured) -> None:
    m.write("params.yaml", "datasets: {}\naudits: {summary: {}}\n")


@FAULTS(4, "schema is not configured")
def no_audit_at_all(m: Measured) -> None:
    text = m.path("params.yaml").read_text(encoding="utf-8")
    head, _, rest = text.partition("audits:\n")
    m.write("params.yaml", head + "audits: {}\n\nsignals:" + rest.partition("signals:")[2])


@FAULTS(2, "params.yaml")
def params_empty(m: Measured) -> None:
    m.write("params.yaml", "")


@FAULTS(2, "params.yaml")
def params_deleted(m: Measured) -> None:
    m.path("params.yaml").unlink()


@FAULTS(2, "params.yaml")
def params_not_utf_8(m: Measured) -> None:
    m.path("params.yaml").write_bytes(m.path("params.yaml").read_bytes() + b"# \xff\n")


@FAULTS(2, "params.yaml")
def params_with_a_key_twice(m: Measured) -> None:
    m.edit("params.yaml", "audits:\n", "audits:\n  summary: {}\n")


@FAULTS(2, "did you mean 'datasets'")
def params_with_a_misspelt_key(m: Measured) -> None:
    m.edit("params.yaml", "datasets:", "dataset:")
