"""What a real `dvc repro` runs again: after an image, a contract elsewhere or words about a model changed."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from forked import binaries, environment
from fresh import fresh
from in_process import govern
from PIL import Image

pytestmark = pytest.mark.pipeline


class Repository:
    """A workspace that `govern init` made, driven through commands only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.env = environment(binaries())

    def run(self, *command: str) -> str:
        done = subprocess.run(command, cwd=self.folder, env=self.env, text=True, capture_output=True, check=False)
        assert done.returncode == 0, f"{command} ended with {done.returncode}:\n{(done.stdout + done.stderr)[-4000:]}"
        return done.stdout + done.stderr

    def repro(self, *words: str) -> set[str]:
        """The stages that ran."""
        return set(re.findall(r"Running stage '([^']+)'", self.run("dvc", "repro", *words)))

    def params(self, text: str) -> None:
        self.write("params.yaml", text)

    def write(self, file: str, text: str) -> None:
        (self.folder / file).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / file).write_text(text, encoding="utf-8")

    def evidence(self, dataset: str, audit: str) -> dict[str, object]:
        path = self.folder / "reports/datasets" / dataset / "evidence" / f"{audit}.json"
        return dict(json.loads(path.read_text(encoding="utf-8")))


@pytest.fixture
def repository(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Repository:
    return Repository(fresh(tmp_path_factory, tmp_path / "repository"))


PARAMS = """\
datasets:
  {name}:
    data: {data}
audits: {audits}
signals: {{folds: 2}}
evaluations: {{}}
models: {{}}
policy: {{tier: prototype}}
"""


def test_an_image_that_changed_meanwhile_and_came_back(repository: Repository) -> None:
    draw = np.random.default_rng(0)
    for number in range(24):
        path = repository.folder / f"data/shapes/{'ab'[number % 2]}/{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(draw.integers(0, 256, (9, 9), dtype=np.uint8)).save(path)
    repository.write("expectations/shapes/columns.yaml", "columns: []\n")
    repository.write("answers/shapes.yaml", "answers: {}\n")
    repository.params(
        PARAMS.format(name="shapes", data="{path: data/shapes, images_inside_mib: 0}", audits="{summary: {}}")
    )
    audit = "audit@shapes-summary"
    assert audit in repository.repro(audit)
    assert repository.repro(audit) == set()

    path = repository.folder / "data/shapes/a/4.png"
    kept = path.read_bytes()
    shutil.copy(path.with_name("6.png"), path)
    assert repository.repro("--single-item", "--force", audit) == {audit}
    assert repository.evidence("shapes", "summary")["code"] == "source_changed"
    path.write_bytes(kept)
    assert {"snapshot@shapes", audit} <= repository.repro(audit)
    assert repository.evidence("shapes", "summary")["outcome"] == "assessed"
    assert repository.repro(audit) == set()

    shutil.copy(path.with_name("6.png"), path)
    assert {"snapshot@shapes", audit, "verdict@shapes"} <= repository.repro("verdict@shapes")
    assert repository.evidence("shapes", "summary")["outcome"] == "assessed"


MODEL = """\
import pandera.polars as pa


class Trees(pa.DataFrameModel):
    height: float = pa.Field(ge={least}, le=100)
"""
SUITE = """\
{{"name": "trees", "expectations": [
  {{"type": "expect_column_max_to_be_between", "kwargs": {{"column": "height", "max_value": {most}}}}}
]}}
"""


def test_a_contract_that_params_names_elsewhere(repository: Repository) -> None:
    repository.write("data/trees.csv", "height\n" + "".join(f"{10 + number / 7:.3f}\n" for number in range(60)))
    repository.write("expectations/trees/columns.yaml", "columns: [{name: height, type: number}]\n")
    repository.write("answers/trees.yaml", "answers: {}\n")
    repository.write("contracts/model.py", MODEL.format(least=0))
    repository.write("contracts/suite.json", SUITE.format(most=100))

    def named(**also: str) -> str:
        given = "".join(f', {key}: "{value}"' for key, value in also.items())
        audits = "{schema: {}, expectations: {}}"
        return PARAMS.format(name="trees", data=f"{{path: data/trees.csv{given}}}", audits=audits)

    repository.params(named(schema="contracts/model.py", suite="contracts/suite.json"))
    judged = ("sketch@trees", "verdict@trees")  # with these, all that comes before documents
    assert {"audit@trees-schema", "audit@trees-expectations"} <= repository.repro(*judged)
    assert repository.repro(*judged) == set()
    link = repository.folder / "expectations/trees/linked_schema.py"
    assert link.readlink() == Path("../../contracts/model.py")

    repository.write("contracts/model.py", MODEL.format(least=15))
    measured = {"inputs@trees", "audit@trees-schema", "audit@trees-expectations"}  # which looks at both
    assert measured <= repository.repro(*judged) <= measured | {"verdict@trees"}
    assert [one["count"] for one in repository.evidence("trees", "schema")["findings"]] == [35]  # type: ignore[attr-defined]
    repository.write("contracts/suite.json", SUITE.format(most=11))
    ran = repository.repro("documents@trees")
    assert {"inputs@trees", "audit@trees-expectations", "verdict@trees", "documents@trees"} <= ran
    assert "audit@trees-schema" not in ran

    # The file gets another name, and params.yaml names a class of it.
    (repository.folder / "contracts/model.py").rename(repository.folder / "contracts/rows.py")
    said = " ".join(govern(repository.folder, "doctor")[1].split())
    assert "linked_schema.py leads to ../../contracts/model.py, which is not there" in said
    repository.params(named(schema="contracts.rows:Trees", suite="contracts/suite.json"))
    assert {"snapshot@trees", "inputs@trees"} <= repository.repro("audit@trees-schema")
    assert link.readlink() == Path("../../contracts/rows.py")
    repository.write("contracts/rows.py", MODEL.format(least=0))
    assert repository.repro("audit@trees-schema") == {"inputs@trees", "audit@trees-schema"}
    assert repository.evidence("trees", "schema")["findings"] == []

    repository.params(named())
    assert "inputs@trees" in repository.repro("inputs@trees")
    assert sorted(path.name for path in link.parent.iterdir()) == ["columns.yaml"]
    assert repository.repro("inputs@trees") == set()


COLUMNS = """\
columns:
  - {name: height, type: integer}
  - {name: kind, type: category}
"""
MODELS = """\
models:
  tall:
    dataset: trees
    estimator: sklearn.linear_model.LogisticRegression
    parameters: {C: 1.0}
    about: {title: Tall trees}
"""


def test_words_about_a_model_do_not_train_it_again(repository: Repository) -> None:
    rows = "".join(f"{10 + number % 7},{'elm' if number % 7 < 3 else 'oak'}\n" for number in range(80))
    repository.write("data/trees.csv", "height,kind\n" + rows)
    repository.write("expectations/trees/columns.yaml", COLUMNS)
    repository.write("answers/trees.yaml", "answers: {}\n")
    data = "{path: data/trees.csv, task: classification, target: kind, split: {method: ratio}}"
    text = PARAMS.format(name="trees", data=f"{data}\n    about: {{title: Trees}}", audits="{summary: {}}")
    text = text.replace("evaluations: {}", "evaluations: {performance: {}}").replace("models: {}\n", MODELS)
    repository.params(text.replace("{tier: prototype}", "{tier: prototype, required: [[summary]]}"))
    repository.run("git", "add", "-A")
    assert {"train@tall", "evaluate@tall-performance"} <= repository.repro()
    file = repository.folder / "params.yaml"
    repository.params(file.read_text(encoding="utf-8").replace("Tall trees", "Trees that grow tall"))
    ran = repository.repro()
    assert ran == {"model_settings@tall", "model_verdict@tall", "model_documents@tall", "index"}
    card = (repository.folder / "reports/models/tall/model_card.md").read_text(encoding="utf-8")
    assert "Trees that grow tall" in card
    repository.params(file.read_text(encoding="utf-8").replace("C: 1.0", "C: 0.5"))
    ran = repository.repro("evaluate@tall-performance")
    assert {"train@tall", "model_inputs@tall", "evaluate@tall-performance"} <= ran
