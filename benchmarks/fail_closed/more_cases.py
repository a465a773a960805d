"""Injected faults, put to the tutorial's project. Where it has nothing like it (no waivers, no documents), no case."""

from __future__ import annotations

from cases import NOISY, End, by, fault
from toy import KINDS, LENGTHS, WIDTHS, Toy


def measured(toy: Toy) -> str:
    """Run the pipeline once on good data; the report."""
    assert toy.repro() == 0
    return (toy.root / "trees/report.json").read_text(encoding="utf-8")


@fault("evidence-edited_by_hand")
def _(toy: Toy) -> End:
    report = measured(toy)
    toy.write("trees/report.json", report.replace("true", "false", 1))
    code = toy.repro()
    same = (toy.root / "trees/report.json").read_text(encoding="utf-8") == report
    return "repaired" if code == 0 and same else by(code)


@fault("evidence-deleted")
def _(toy: Toy) -> End:
    measured(toy)
    (toy.root / "trees/report.json").unlink()
    code = toy.repro()
    return "repaired" if code == 0 and (toy.root / "trees/report.json").exists() else by(code)


@fault("declarations-source_on_disk_changed")
def _(toy: Toy) -> End:
    measured(toy)
    toy.data(length=LENGTHS, width=[-1, *WIDTHS[1:]], kind=KINDS)
    return by(toy.repro())


@fault("history-dvc_lock_with_conflict_markers")
def _(toy: Toy) -> End:
    measured(toy)
    lock = (toy.root / "dvc.lock").read_text(encoding="utf-8")
    toy.write("dvc.lock", f"<<<<<<< ours\n{lock}=======\n{lock}>>>>>>> theirs\n")
    return by(toy.repro())


@fault("declarations-dataset_named_by_a_number")
def _(toy: Toy) -> End:
    (toy.root / "trees").rename(toy.root / "2024")
    toy.write("2024/data.csv", (toy.root / "2024/data.csv").read_text(encoding="utf-8").replace("13", "-13"))
    toy.write("params.yaml", "datasets:\n  2024: {}\n")
    return by(toy.repro())


@fault("declarations-no_dataset_at_all")
def _(toy: Toy) -> End:
    toy.write("params.yaml", "datasets: {}\n")
    return by(toy.repro())


def ending(toy: Toy, first: str) -> End:
    """The script does `first` before all else, under DVC."""
    text = (toy.root / "validate.py").read_text(encoding="utf-8")
    toy.write("validate.py", text.replace("import importlib.util\n", f"{first}\nimport importlib.util\n", 1))
    return by(toy.repro())


@fault("runs-worker_killed")
def _(toy: Toy) -> End:
    return ending(toy, "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")


@fault("runs-worker_ends_with_status_0_and_no_word")
def _(toy: Toy) -> End:
    return ending(toy, "import os; os._exit(0)")


@fault("runs-great_expectations_is_not_installed")
def _(toy: Toy) -> End:
    return ending(toy, "import sys; sys.modules['great_expectations'] = None")


@fault("runs-cleanlab_is_not_installed")
def _(toy: Toy) -> End:
    return ending(toy, "import sys; sys.modules['cleanlab'] = None")


@fault("declarations-suite_deleted")
def _(toy: Toy) -> End:
    (toy.root / "trees/suite.json").unlink()
    return by(toy.check())


@fault("declarations-params_empty")
def _(toy: Toy) -> End:
    toy.write("trees/params.yaml", "")
    return by(toy.check())


@fault("declarations-audit_removed")
def _(toy: Toy) -> End:
    toy.data(length=LENGTHS, width=WIDTHS, kind=NOISY)
    toy.params(datalab={"issue_types": {"outlier": {}}})
    return by(toy.check())


@fault("policy-metric_rule_on_a_missing_metric")
def _(toy: Toy) -> End:
    toy.data(length=LENGTHS, width=WIDTHS, kind=NOISY)
    toy.params(watched="labels")
    return by(toy.check())


@fault("policy-metric_rule_against_not_a_number")
def _(toy: Toy) -> End:
    toy.data(length=LENGTHS, width=WIDTHS, kind=NOISY)
    toy.params(max_share=float("nan"))
    return by(toy.check())


@fault("policy-metric_rule_against_infinity")
def _(toy: Toy) -> End:
    toy.data(length=LENGTHS, width=WIDTHS, kind=NOISY)
    toy.params(max_share=float("inf"))
    return by(toy.check())


@fault("policy-the_contract_is_broken")
def _(toy: Toy) -> End:
    toy.data(length=LENGTHS, width=[-1, *WIDTHS[1:]], kind=KINDS)
    return by(toy.check())


@fault("policy-policy_unreadable")
def _(toy: Toy) -> End:
    toy.write("trees/params.yaml", "max_share: [\n")
    return by(toy.check())
