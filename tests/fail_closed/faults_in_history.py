"""Lock files that say otherwise, and two branches that were merged."""

from __future__ import annotations

import json

from fail_closed.faults import Register
from fail_closed.measured import Measured
from fail_closed.sources import PLOTS

FAULTS = Register()


@FAULTS(4, "differ from govern.lock")
def lock_edited(m: Measured) -> None:
    lock = json.loads(m.path("govern.lock").read_text(encoding="utf-8"))
    m.edit_json("govern.lock", audits=lock["audits"] | {"summary": "sha256:0"})


@FAULTS(4, "govern.lock")
def lock_of_another_package(m: Measured) -> None:
    m.edit_json("govern.lock", package="0.0.9")


@FAULTS(2, "govern.lock is missing, and the rest of a workspace is there")
def lock_deleted(m: Measured) -> None:
    m.path("govern.lock").unlink()


@FAULTS(4, "govern.lock cannot be read")
def lock_truncated(m: Measured) -> None:
    path = m.path("govern.lock")
    path.write_bytes(path.read_bytes()[:100])


@FAULTS(4, "govern.lock is not a lock")
def lock_emptied(m: Measured) -> None:
    m.write("govern.lock", "{}\n")


@FAULTS(4, "govern.lock is not a lock")
def lock_with_lists(m: Measured) -> None:
    m.edit_json("govern.lock", audits=["summary"])


@FAULTS(4, "govern.lock is not a lock")
def lock_without_code(m: Measured) -> None:
    m.edit_json("govern.lock", code={})


def locked(md5: str) -> str:
    """A dvc.lock whose stage made data/trees.csv."""
    out = f"    - path: data/trees.csv\n      md5: {md5}\n      size: 1\n"
    return f"schema: '2.0'\nstages:\n  export:\n    cmd: make\n    outs:\n{out}"


def made_by_a_stage(m: Measured) -> str:
    """The source becomes the output of a stage; returns its md5."""
    md5 = m.path("data/trees.csv.dvc").read_text(encoding="utf-8").split("md5: ")[1].split()[0]
    m.path("data/trees.csv.dvc").unlink()
    m.write("dvc.lock", locked(md5))
    assert m.gate().code == 0
    return md5


@FAULTS(4, "says dvc.lock")
def dvc_lock_of_the_other_branch(m: Measured) -> None:
    made_by_a_stage(m)
    m.write("dvc.lock", locked("0" * 32))


@FAULTS(4, "is not the version that was audited")
def dvc_lock_of_both_branches(m: Measured) -> None:
    made_by_a_stage(m)
    m.write("a/dvc.lock", locked("0" * 32).replace("data/trees", "../data/trees"))


@FAULTS(4, "is not the version that was audited")
def dvc_lock_against_the_pointer(m: Measured) -> None:
    m.write("dvc.lock", locked("0" * 32))


@FAULTS(2, "dvc.lock")
def dvc_lock_with_conflict_markers(m: Measured) -> None:
    md5 = made_by_a_stage(m)
    m.write("dvc.lock", f"<<<<<<< ours\n{locked(md5)}=======\n{locked('0' * 32)}>>>>>>> theirs\n")


@FAULTS(2, "dvc.lock")
def dvc_lock_of_another_shape(m: Measured) -> None:
    made_by_a_stage(m)
    m.write("dvc.lock", "stages: [export]\n")


@FAULTS(2, "dvc.lock")
def dvc_lock_with_an_output_without_path(m: Measured) -> None:
    made_by_a_stage(m)
    m.write("dvc.lock", "stages:\n  export:\n    outs:\n    - md5: 0\n")


def two_branches(m: Measured, entry: str) -> None:
    """Main and a branch each add a dataset with all its reports; then the branch is merged into main."""
    m.git("checkout", "-q", "-b", "theirs")
    for name in ("theirs", "main"):
        if name == "main":
            m.git("checkout", "-q", "main")
        dataset = {"theirs": "birds", "main": "flowers"}[name]
        m.edit("params.yaml", "datasets:\n", "datasets:\n" + entry.format(name=dataset))
        m.write(f"data/{dataset}.csv", PLOTS)
        m.write(f"answers/{dataset}.yaml", m.path("answers/plots.yaml").read_text(encoding="utf-8"))
        m.write(
            f"expectations/{dataset}/columns.yaml",
            m.path("expectations/plots/columns.yaml").read_text(encoding="utf-8"),
        )
        m.write(
            f"expectations/{dataset}/suite.json", m.path("expectations/plots/suite.json").read_text(encoding="utf-8")
        )
        m.commit(f"{dataset} declared")
        if dataset == "birds":
            m.measure(dataset)
            m.commit(f"{dataset} measured")
    m.git("merge", "-q", "theirs", check=False)


ENTRY = "  {name}:\n    data: {{path: data/{name}.csv}}\n"


@FAULTS(2, "params.yaml")
def two_branches_added_a_dataset_and_conflict(m: Measured) -> None:
    two_branches(m, ENTRY)
    assert "<<<<<<<" in m.path("params.yaml").read_text(encoding="utf-8")


@FAULTS(4, "flowers")
def two_branches_added_a_dataset_and_one_was_measured(m: Measured) -> None:
    two_branches(m, ENTRY)
    lines = m.path("params.yaml").read_text(encoding="utf-8").splitlines(keepends=True)
    m.write("params.yaml", "".join(line for line in lines if line[:7] not in {"<<<<<<<", "=======", ">>>>>>>"}))
    m.commit("merged by keeping both")
    assert m.gate("--dataset", "birds").code == 0
