"""A thousand secrets go in with the data; none may come out of the data folder: not by reports, logs or terminal."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from forked import binaries, environment
from fresh import fresh

from governance.cli import main
from governance.config import Workspace

pytestmark = pytest.mark.pipeline
ROWS = 200
SECRETS = {
    "mail": [f"kx{i * 7919 % 99991:05d}q@example.org" for i in range(ROWS)],
    "birthplace": [f"Zw{i * 104729 % 99989:05d}stedt" for i in range(ROWS)],
    "note": [f"talked to Qv{i * 15485863 % 99971:05d} about the garden and the fence" for i in range(ROWS)],
    "alias": [f"Jy{i * 32452843 % 99961:05d}" for i in range(ROWS)],
    "account": [str(700_000_000 + i * 49979687 % 299_999_977) for i in range(ROWS)],
}
"""Column to its secrets: an identifier, a sensitive column, free text, a string and a number that nobody declared."""
CANARIES = tuple(
    secret if column != "note" else re.findall(r"Qv\d+", secret)[0]
    for column, values in SECRETS.items()
    for secret in values
)
MODEL = """models:
  trees_linear: {dataset: people, estimator: sklearn.linear_model.LogisticRegression, parameters: {max_iter: 500}}
"""


def table(rows: int = ROWS) -> str:
    lines = [",".join([*SECRETS, "size", "kind"])]
    for i in range(rows):
        size = 10 + 4 * (i % 2) + (i * 7919 % 100) / 50
        lines.append(",".join([*(values[i] for values in SECRETS.values()), f"{size}", "oak" if i % 2 else "elm"]))
    return "\n".join(lines) + "\n"


class Place:
    """A repository with a workspace, and all that was ever printed there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.printed = ""
        self.started = environment()
        self.forked = environment(binaries())

    def run(self, *command: str, env: Mapping[str, str] | None = None) -> str:
        """What the command prints, with `dvc` and `govern` as forks where `env` does not say otherwise."""
        env = env or self.forked
        done = subprocess.run(command, cwd=self.folder, env=env, text=True, capture_output=True, check=False)
        output = f"{done.stdout}{done.stderr}"
        # DVC names the command that it runs; a traceback of DVC's own under --verbose holds no row either.
        self.printed += f"\n$ {' '.join(command)}\n{output}"
        return output

    def govern(self, *words: str) -> str:
        """The command in this process, which spares its start-up a hundred times over."""
        with self.listening(f"govern {' '.join(words)}"), contextlib.suppress(SystemExit):
            main(list(words))
        return self.printed[self.printed.rindex("\n$ govern ") :]

    def measure(self) -> None:
        """What `dvc repro` would run for the dataset, as it would, in this process."""
        for name in ("snapshot", "sketch", "signals", "inputs"):
            self.govern("stage", name, "people")
        for audit in Workspace(self.folder).config.audits:
            self.govern("stage", "audit", "people", audit)
        self.govern("stage", "verdict", "people")
        self.govern("stage", "documents", "people")

    def train(self) -> None:
        """What `dvc repro` would run for the model and after all, in this process."""
        for name in ("model_settings", "train", "model_inputs"):
            self.govern("stage", name, "trees_linear")
        for evaluation in Workspace(self.folder).config.evaluations:
            self.govern("stage", "evaluate", "trees_linear", evaluation)
        for words in (["model_verdict", "trees_linear"], ["model_documents", "trees_linear"], ["complete"], ["index"]):
            self.govern("stage", *words)

    def repro(self, *stages: str) -> str:
        """What DVC and its processes print, from their start on, where each of these stages runs, whatever came before."""
        words = ("--verbose", "--keep-going", "--force", "--single-item")
        output = self.run("dvc", "repro", *words, *stages, env=self.started)
        assert set(re.findall(r"Running stage '([^']+)'", output)) == set(stages), output
        return output

    @contextlib.contextmanager
    def listening(self, label: str) -> Iterator[None]:
        """Keeps all that is printed meanwhile in the repository's folder, also by code that is not Python's."""
        kept = os.dup(1), os.dup(2)
        with tempfile.TemporaryFile() as file, os.fdopen(os.dup(file.fileno()), "w", 1, "utf-8") as said:
            try:
                os.dup2(file.fileno(), 1)
                os.dup2(file.fileno(), 2)
                with contextlib.chdir(self.folder), contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
                    yield
            finally:
                for number, before in enumerate(kept, start=1):
                    os.dup2(before, number)
                    os.close(before)
            said.flush()
            file.seek(0)
            self.printed += f"\n$ {label}\n{file.read().decode('utf-8', 'replace')}"

    def outside(self) -> dict[str, str]:
        """Everything but the data, by name: text of files that are not ignored by git, and what was printed."""
        listed = self.run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
        # A figure that is drawn no more is still listed, and was looked at while it was there.
        here = [name for name in listed if name and (self.folder / name).is_file()]
        names = [name for name in here if not name.startswith("data/people")]
        # A scan keeps itself out of git, and people hand on its documents all the same; its rows and tables are data.
        scanned = [path.relative_to(self.folder) for path in (self.folder / "scanned").rglob("*") if path.is_file()]
        names += [path.as_posix() for path in scanned if path.parts[1] not in {"rows", "tables"}]
        texts = {name: (self.folder / name).read_bytes().decode("utf-8", "replace") for name in names}
        return {**texts, "terminal": self.printed}

    def leaks(self) -> list[str]:
        return [f"{secret} in {name}" for name, text in self.outside().items() for secret in CANARIES if secret in text]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    made = Place(fresh(tmp_path_factory, tmp_path_factory.mktemp("canary") / "workspace"))
    (made.folder / "data").mkdir()
    (made.folder / "data" / "people.csv").write_text(table(), encoding="utf-8")
    roles = ["--id", "mail", "--sensitive", "birthplace"]
    made.run("govern", "add", "data/people.csv", "--name", "people", "--target", "kind", *roles)
    answers = "".join(
        f"  {question}: {{answer: For the tests of this pipeline., by: Ada Lovelace, on: 2026-01-01}}\n"
        for question in ("motivation.purpose", "uses.do_not_use", "maintenance.maintainer")
    )
    (made.folder / "answers" / "people.yaml").write_text(f"answers:\n{answers}", encoding="utf-8")
    params = made.folder / "params.yaml"
    text = params.read_text(encoding="utf-8").replace("models: {}\n", MODEL)
    params.write_text(text.replace("folds: 5", "folds: 2"), encoding="utf-8")
    made.measure()
    made.train()
    made.run("dvc", "commit", "--verbose", "--force")
    assert "Running stage" not in made.run("dvc", "repro", "--verbose"), "all stages ran, as DVC would run them"
    made.repro("snapshot@people", "audit@people-privacy", "documents@people", "train@trees_linear", "index")
    made.run("git", "add", "-A")
    made.run("git", "commit", "-qm", "the first version")
    return made


def judged_in_every_way(place: Place, *, data_changed: bool = True) -> None:
    """All that the gate and its neighbours say; `scan` reads the data alone, so what it says hangs on nothing else."""
    for form in ("text", "json", "github", "markdown", "junit", "sarif"):
        place.govern("gate", "--format", form)
    for form in ("text", "markdown", "json"):
        place.govern("diff", "HEAD", "--format", form)
    for command in ("status", "doctor", "controls", "verify", "history"):
        place.govern(command)
    for verdict in (place.folder / "reports").glob("*/*/verdict.json"):
        for decision in json.loads(verdict.read_text(encoding="utf-8"))["decisions"]:
            if decision.get("fingerprint"):
                place.govern("explain", decision["fingerprint"])
    if data_changed:
        place.govern("scan", "data/people.csv", "--target", "kind", "--out", "scanned")


def test_there_are_a_thousand_and_they_are_looked_for(place: Place) -> None:
    assert len(set(CANARIES)) == 1000
    assert (place.folder / "reports" / "datasets" / "people" / "datasheet.html").is_file()
    assert (place.folder / "reports" / "models" / "trees_linear" / "model_card.md").is_file()
    (place.folder / "planted.txt").write_text(f"x {CANARIES[17]} y", encoding="utf-8")
    assert place.leaks() == [f"{CANARIES[17]} in planted.txt"]
    (place.folder / "planted.txt").unlink()


def test_none_comes_out_when_all_goes_well(place: Place) -> None:
    judged_in_every_way(place)
    assert "scanned/datasheet.md" in place.outside()
    assert place.leaks() == []


def test_none_comes_out_when_a_person_answers_and_approves(place: Place) -> None:
    place.run("govern", "ask", "people", "--to", "form.md")
    params = place.folder / "params.yaml"
    whole = params.read_text(encoding="utf-8")
    # Only what passed can be approved, so little is asked of the data here.
    little = re.sub(r"(?ms)^audits:\n.*?(?=^\S)", "audits:\n  schema: {}\n  summary: {}\n\n", whole)
    params.write_text(
        little.replace("tier: internal", "tier: prototype").replace(MODEL, "models: {}\n"), encoding="utf-8"
    )
    place.measure()
    for stage in ("complete", "index"):
        place.govern("stage", stage)
    place.run("dvc", "commit", "--force")  # what is approved must be what DVC knows
    place.run("govern", "approve", "people", "--role", "data_owner", "--note", "Looked at all of it.")
    assert {"documents@people", "index"} <= set(re.findall(r"Running stage '([^']+)'", place.run("dvc", "repro")))
    outside = place.outside()
    params.write_text(whole, encoding="utf-8")
    assert "form.md" in outside
    assert any(name.startswith("references/people/") for name in outside), "what the version is compared with later"
    assert any(name.endswith(".svg") for name in outside)
    assert place.leaks() == []


def test_none_comes_out_when_rows_come_go_and_change(place: Place) -> None:
    source = place.folder / "data" / "people.csv"
    good = source.read_bytes()
    lines = table().splitlines()
    swapped = [line.replace(",oak", ",elm") if number % 7 == 0 else line for number, line in enumerate(lines[:-9])]
    source.unlink()
    source.write_text(
        "\n".join([*swapped, swapped[3].replace("@example.org", "@example.com")]) + "\n", encoding="utf-8"
    )
    place.measure()
    judged_in_every_way(place)
    assert "rows: " in place.govern("diff", "HEAD"), "rows were compared"
    found = place.leaks()
    source.unlink()
    source.write_bytes(good)
    assert found == []


def test_none_comes_out_when_the_contract_is_broken(place: Place) -> None:
    schema = place.folder / "expectations" / "people" / "schema.py"
    schema.write_text(
        "import pandera.polars as pa\n\n\nclass People(pa.DataFrameModel):\n"
        + "".join(f"    {name}: str = pa.Field(isin=['nobody'])\n" for name in SECRETS if name != "account")
        + "    account: int = pa.Field(le=3)\n    size: float = pa.Field(ge=0)\n",
        encoding="utf-8",
    )
    expectations = [
        {"type": "expect_column_values_to_match_regex", "kwargs": {"column": name, "regex": "^never$"}}
        for name in SECRETS
        if name != "account"
    ] + [{"type": "expect_column_values_to_be_between", "kwargs": {"column": "account", "max_value": 3}}]
    suite = {
        "name": "people",
        "meta": {},
        "expectations": [{**e, "severity": "critical", "meta": {}} for e in expectations],
    }
    path = place.folder / "expectations" / "people" / "suite.json"
    path.write_text(json.dumps(suite), encoding="utf-8")
    place.measure()
    assert "schema/" in place.govern("gate")
    judged_in_every_way(place, data_changed=False)
    assert place.leaks() == []


@pytest.mark.parametrize("damage", ["ragged", "types", "bytes"])
def test_none_comes_out_when_the_data_cannot_be_read(place: Place, damage: str) -> None:
    source, columns = place.folder / "data" / "people.csv", place.folder / "expectations" / "people" / "columns.yaml"
    good = source.read_bytes(), columns.read_bytes()
    if damage == "ragged":
        source.write_text(
            table() + ",".join(values[3] for values in SECRETS.values()) + ",1,oak,7,7\n", encoding="utf-8"
        )
    elif damage == "bytes":
        source.write_bytes(
            table().encode() + b",".join([b"\xff\xfe", *(values[5].encode() for values in SECRETS.values())])
        )
    else:
        text = columns.read_text(encoding="utf-8")
        broken = re.sub(r"(name: alias\s+type: )\w+", r"\1integer", text)
        assert broken != text
        columns.write_text(broken, encoding="utf-8")
    place.measure()
    if damage == "ragged":
        assert "failed to reproduce 'train@trees_linear'" in place.repro(
            "snapshot@people", "audit@people-schema", "documents@people", "train@trees_linear", "index"
        )
    assert "failed" in (place.folder / "reports" / "datasets" / "people" / "manifest.json").read_text(encoding="utf-8")
    judged_in_every_way(place, data_changed=damage != "types")
    found = place.leaks()
    source.write_bytes(good[0])
    columns.write_bytes(good[1])
    assert found == []
