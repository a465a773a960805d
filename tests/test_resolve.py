"""govern resolve: two branches, real git and real DVC; only what differs runs again."""

from __future__ import annotations

import re
import subprocess
from functools import partial
from pathlib import Path

import pytest
from built_once import built_once, copied
from forked import binaries, environment
from fresh import fresh
from in_process import govern, governed
from ruamel.yaml import YAML

pytestmark = pytest.mark.pipeline


class Clone:
    """A repository with a workspace, driven by commands."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.env = environment(binaries())

    def run(self, *command: str, code: int | None = 0) -> str:
        done = subprocess.run(command, cwd=self.folder, env=self.env, text=True, capture_output=True, check=False)
        output = done.stdout + done.stderr
        if code is not None:
            assert done.returncode == code, f"{command} ended with {done.returncode}:\n{output[-4000:]}"
        assert "Traceback" not in output, output[-4000:]
        return output

    def write(self, name: str, text: str) -> None:
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_text(text, encoding="utf-8")

    def add(self, name: str, *, repro: bool = True) -> None:
        """A small dataset, measured and committed."""
        rows = "".join(f"{i * 7919 % 83 / 4},{(i + len(name)) * 31 % 61 / 3}\n" for i in range(60))
        self.write(f"data/{name}.csv", f"a,b\n{rows}")
        governed(self.folder, "add", f"data/{name}.csv", "--name", name)
        if repro:
            self.run("dvc", "repro")
        self.commit(name)

    def commit(self, message: str) -> None:
        self.run("git", "add", "-A")
        self.run("git", "commit", "-qm", message)

    def ran(self, output: str) -> list[str]:
        return sorted(set(re.findall(r"Running stage '([^']+)'", output)))


def first_version(factory: pytest.TempPathFactory, folder: Path) -> None:
    """A workspace with one dataset, measured and committed."""
    fresh(factory, folder)
    made = Clone(folder)
    text = (folder / "params.yaml").read_text(encoding="utf-8")
    text = re.sub(r"audits:\n(  \w+: \{\}\n)+", "audits:\n  schema: {}\n", text)
    made.write("params.yaml", text.replace("tier: internal", "tier: prototype\n  required: [[schema]]"))
    made.add("first")


@pytest.fixture
def clone(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Clone:
    """A copy of the first version, which DVC takes for measured."""
    original = built_once(tmp_path_factory, "first_version", partial(first_version, tmp_path_factory))
    return Clone(copied(original, tmp_path / "clone"))


def test_a_copy_is_as_measured_as_the_original(clone: Clone) -> None:
    assert clone.ran(clone.run("dvc", "repro")) == []
    assert clone.run("git", "status", "--short") == ""


def test_two_branches_that_each_add_a_dataset(clone: Clone) -> None:
    clone.run("git", "checkout", "-qb", "theirs")
    clone.add("birds")
    clone.run("git", "checkout", "-q", "main")
    clone.add("flowers")
    clone.run("git", "merge", "theirs", code=1)
    assert "dvc.lock" in clone.run("git", "diff", "--name-only", "--diff-filter=U")
    assert "<<<<<<<" not in (clone.folder / "dvc.lock").read_text(encoding="utf-8")  # .gitattributes keeps it whole
    said = clone.run("govern", "resolve", code=None)
    if "params.yaml is in conflict" in said:  # both wrote at the same place: a person settles that
        yaml = YAML()
        ours, theirs = (yaml.load(clone.run("git", "show", f"{side}:params.yaml")) for side in ("HEAD", "theirs"))
        ours["datasets"]["birds"] = theirs["datasets"]["birds"]
        with (clone.folder / "params.yaml").open("w", encoding="utf-8") as handle:
            yaml.dump(ours, handle)
        clone.run("git", "add", "params.yaml")
        said = clone.run("govern", "resolve", code=None)
    if ".gitignore is in conflict" in said:
        text = (clone.folder / "data/.gitignore").read_text(encoding="utf-8")
        clone.write("data/.gitignore", re.sub(r"(?m)^(<<<<<<<|=======|>>>>>>>).*\n", "", text))
        clone.run("git", "add", "data/.gitignore")
        said = clone.run("govern", "resolve")
    assert "dvc.lock: joined" in said
    again = clone.ran(said)
    assert not [stage for stage in again if re.search(r"snapshot|signals|audit|inputs", stage)], again
    assert clone.run("git", "diff", "--name-only", "--diff-filter=U") == ""
    governed(clone.folder, "gate")
    clone.commit("merged")
    assert clone.ran(clone.run("dvc", "repro")) == []
    assert clone.run("git", "status", "--short") == ""
    governed(clone.folder, "gate")
    governed(clone.folder, "verify")
    names = YAML(typ="safe").load((clone.folder / "dvc.lock").read_text(encoding="utf-8"))["stages"]
    assert {"snapshot@first", "snapshot@birds", "snapshot@flowers"} <= names.keys()


def test_branches_that_change_the_same_dataset(clone: Clone) -> None:
    """Ours another bound, theirs another audit setting: what belongs to neither side is measured again."""
    columns = clone.folder / "answers/first.yaml"
    clone.run("git", "checkout", "-qb", "theirs")
    text = (clone.folder / "params.yaml").read_text(encoding="utf-8")
    assert "  schema: {}" in text
    clone.write("params.yaml", text.replace("  schema: {}", "  schema: {}\n  duplicates: {}"))
    clone.run("dvc", "repro")
    clone.commit("one audit more")
    clone.run("git", "checkout", "-q", "main")
    columns.write_text(columns.read_text(encoding="utf-8") + "\n# a word\n", encoding="utf-8")
    schema = clone.folder / "expectations/first/schema.py"
    schema.write_text(schema.read_text(encoding="utf-8") + "\n# seen\n", encoding="utf-8")
    clone.run("dvc", "repro")
    clone.commit("another contract")
    clone.run("git", "merge", "theirs", code=1)
    govern(clone.folder, "gate")
    said = clone.run("govern", "resolve")
    again = clone.ran(said)
    assert not [stage for stage in again if re.search(r"snapshot|signals", stage)], again
    assert governed(clone.folder, "gate")
    governed(clone.folder, "verify")
    clone.commit("merged")
    assert clone.ran(clone.run("dvc", "repro")) == []


def test_a_lock_that_mixes_two_branches_without_a_conflict(clone: Clone) -> None:
    """Nothing to settle, and dvc.lock says what is not so: resolve runs what differs."""
    lock = clone.folder / "dvc.lock"
    text = lock.read_text(encoding="utf-8")
    lock.write_text(re.sub(r"md5: \w{30}", "md5: " + "a" * 30, text, count=3), encoding="utf-8")
    said = clone.run("govern", "resolve")
    assert "no generated file was in conflict" in said
    governed(clone.folder, "gate")
    governed(clone.folder, "verify")
    assert clone.run("git", "status", "--short").split() in ([], ["M", "dvc.lock"])


def test_what_people_write_is_left_to_them(clone: Clone) -> None:
    clone.run("git", "checkout", "-qb", "theirs")
    clone.write("waivers.yaml", "waivers: []\n# theirs\n")
    clone.commit("theirs")
    clone.run("git", "checkout", "-q", "main")
    clone.write("waivers.yaml", "waivers: []\n# ours\n")
    clone.commit("ours")
    clone.run("git", "merge", "theirs", code=1)
    said = clone.run("govern", "resolve", code=2)
    assert "waivers.yaml is in conflict" in said
