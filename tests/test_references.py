"""Settings of one dataset, files that settings name, and the sketch of the version that was approved last."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from pydantic import BaseModel, ValidationError
from small_workspace import PARAMS, build, edit, git, measure

from governance.approvals import manifest_path, sketch_path
from governance.collect import collect_dataset
from governance.config import Workspace
from governance.dataset import ReferencePath
from governance.errors import ConfigError
from governance.evidence import Evidence
from governance.hashing import hash_file
from governance.lock import read_lock, write_lock
from governance.read_options import ReadOptions
from governance.references import approved_sketch, files_digest, sketch_digest

OWN = '''"""Counts the lines of a file that a setting names."""

from typing import ClassVar

from governance.audit import Answer, Audit
from governance.dataset import ReferencePath
from governance.evidence import Metric, Reach, Units


class Lines(Audit):
    """What it measures: lines.

    Why it matters: it does not.
    How to read it: as a number.
    Limits: all.
    References:
    """

    title: ClassVar[str] = "Lines"
    question: ClassVar[str] = "How many lines?"
    section: ClassVar[str] = "composition"
    needs: ClassVar[frozenset[str]] = frozenset({"reference"})
    reach: ClassVar[Reach] = Reach(looked_for="lines", would_notice="lines", cannot_see="else")

    file: ReferencePath | None = None
    """What to count."""

    def run(self, snapshot) -> Answer:
        """Count."""
        lines = len((snapshot.workspace / self.file).read_text().splitlines()) if self.file else 0
        met = int(snapshot.reference_file is not None)
        return self.assessed(
            Units(name="rows", declared=snapshot.rows, evaluated=snapshot.rows),
            metrics=(Metric(name="lines", value=lines), Metric(name="met", value=met)),
        )
'''
PARAMS_WITH = PARAMS.replace(
    "  summary: {}\n", "  lines: {datasets: {trees: {file: references/eval.csv}}}\n  summary: {}\n"
)


def workspace_of(root: Path) -> Workspace:
    return build(
        root,
        **{
            "params.yaml": PARAMS_WITH, "audits/lines.py": OWN, "references/eval.csv": "a\n1\n2\n",
            "references/README.md": "What data is compared with.\n",
        },
    )  # fmt: skip


def evidence_of(workspace: Workspace) -> Evidence | str:
    return collect_dataset(workspace, "trees", read_lock(workspace)).evidence["lines"]


def measured(workspace: Workspace) -> dict[str, float | None]:
    evidence = evidence_of(workspace)
    assert isinstance(evidence, Evidence), evidence
    return {metric.name: metric.value for metric in evidence.metrics}


@pytest.mark.parametrize("path", ["eval.csv", "references", "references/../x", "/references/x", "data/references/x"])
def test_a_setting_names_files_below_references_only(path: str) -> None:
    class Settings(BaseModel):
        file: ReferencePath

    assert Settings(file="references/a/b.csv").file == "references/a/b.csv"
    with pytest.raises(ValidationError, match="must lie in the folder references/"):
        Settings(file=path)


def test_evidence_is_bound_to_the_files_that_settings_name(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path)
    assert measured(workspace) == {"lines": 3, "met": 0}

    (tmp_path / "references" / "eval.csv").write_text("a\n1\n2\n3\n", encoding="utf-8")
    refused = evidence_of(workspace)
    assert isinstance(refused, str)
    assert "made from another files" in refused
    measure(workspace, only=["lines"])
    assert measured(workspace)["lines"] == 4

    workspace = edit(workspace, "params.yaml", "{trees: {file: references/eval.csv}}", "{}")
    refused = evidence_of(workspace)
    assert isinstance(refused, str)
    assert "settings" in refused


def test_without_the_data_the_pointer_of_dvc_says_what_was_read(tmp_path: Path) -> None:
    file = tmp_path / "references" / "eval.csv"
    file.parent.mkdir()
    file.write_text("a\n1\n", encoding="utf-8")
    settings = {"x": [{"contamination": "references/eval.csv"}], "n": 3}
    from_disk = files_digest(tmp_path, settings, committed=False)
    md5 = hash_file(file, "x").md5
    pointer = file.with_name("eval.csv.dvc")
    pointer.write_text(f"outs:\n- md5: {md5}\n  path: eval.csv\n", encoding="utf-8")
    file.unlink()
    assert files_digest(tmp_path, settings, committed=True) == from_disk
    assert files_digest(tmp_path, settings, committed=False) != from_disk, "the file is gone"
    pointer.write_text("outs:\n- md5: 0123\n", encoding="utf-8")
    assert files_digest(tmp_path, settings, committed=True) != from_disk
    pointer.write_text("outs: []\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="holds no md5"):
        files_digest(tmp_path, settings, committed=True)
    assert files_digest(tmp_path, {"x": "elsewhere/references/a"}, committed=True) == "absent"


def test_another_way_of_reading_text_makes_other_files_of_them(tmp_path: Path) -> None:
    (tmp_path / "references").mkdir()
    (tmp_path / "references" / "old.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    settings, german = {"reference": "references/old.csv"}, ReadOptions(separator=";")
    usual = files_digest(tmp_path, settings, committed=False)
    assert files_digest(tmp_path, settings, committed=False, read=german) != usual
    assert files_digest(tmp_path, {}, committed=False, read=german) == "absent"


def test_a_folder_is_known_by_all_its_files(tmp_path: Path) -> None:
    folder = tmp_path / "references" / "evaluation"
    folder.mkdir(parents=True)
    (folder / "a.txt").write_text("a", encoding="utf-8")
    before = files_digest(tmp_path, {"x": "references/evaluation"}, committed=True)
    (folder / "b.txt").write_text("b", encoding="utf-8")
    assert files_digest(tmp_path, {"x": "references/evaluation"}, committed=True) != before


def approve(root: Path, *digests: str, name: str = "toy") -> None:
    """Approvals of these versions, in this order, each frozen with its manifest and its sketch."""
    entries = []
    for digest in digests:
        entry = {"by": "Ada Example", "role": "data_owner", "on": "2026-05-01", "note": "seen"}
        entries.append(entry | dict.fromkeys(("data", "verdict", "documents"), digest))
        for path in (sketch_path(root, name, digest), manifest_path(root, name, digest)):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(digest), encoding="utf-8")
    path = root / "approvals" / f"{name}.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"approvals": entries}), encoding="utf-8")


def test_a_version_is_compared_with_the_one_that_was_approved_before_it(tmp_path: Path) -> None:
    first, second, third = (f"sha256:{letter * 64}" for letter in "abc")
    assert approved_sketch(tmp_path, "toy", first) is None
    approve(tmp_path, first, second)
    assert approved_sketch(tmp_path, "toy", third) == sketch_path(tmp_path, "toy", second)
    assert approved_sketch(tmp_path, "toy", second) == sketch_path(tmp_path, "toy", first), "never with itself"
    assert approved_sketch(tmp_path, "toy", first) is None, "a later version changes nothing on an approved one"
    assert sketch_digest(tmp_path, "toy", third) != sketch_digest(tmp_path, "toy", second)
    sketch_path(tmp_path, "toy", second).unlink()
    assert approved_sketch(tmp_path, "toy", third) == sketch_path(tmp_path, "toy", first), "second has no sketch"
    for damaged in ("approvals: 3", "- 1", "approvals: [{who: me}]"):
        (tmp_path / "approvals" / "toy.yaml").write_text(damaged, encoding="utf-8")
        with pytest.raises(ConfigError, match=r"approvals/toy\.yaml"):
            approved_sketch(tmp_path, "toy", first)


def test_an_approved_version_reaches_the_audits_that_ask_for_it(tmp_path: Path) -> None:
    workspace = workspace_of(tmp_path)
    other = f"sha256:{'d' * 64}"
    approve(tmp_path, other, name="trees")
    for place, file in ((manifest_path, "manifest.json"), (sketch_path, "sketch.json")):
        shutil.copy(workspace.report("trees") / file, place(tmp_path, "trees", other))
    refused = evidence_of(workspace)
    assert isinstance(refused, str)
    assert "made from another reference" in refused
    measure(workspace, only=["lines"])
    assert measured(workspace)["met"] == 1
    git(tmp_path, "add", "-A")
    write_lock(workspace)
