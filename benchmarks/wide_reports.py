"""How much git tracks of one version of a wide table of many classes that breaks every rule of both of its contracts.

    python benchmarks/wide_reports.py [ROWS] [COLUMNS] [CLASSES] [--folder PLACE] [--again]

Makes a table from a seed, a workspace with all audits of this repository and a rule of the Pandera model and of the suite for
each column, runs the stages in this process, and prints a Markdown table of the bytes of each kind of file. `--again` runs
only the stages after the audits on what is in --folder.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
NAME = "wide"
SCHEMA = '''"""Rules that every column breaks."""

import pandera.polars as pa


class Wide(pa.DataFrameModel):
'''


def make_workspace(folder: Path, rows: int, columns: int, classes: int) -> None:
    """A git repository with the table, its contracts and the settings of this repository's audits."""
    import numpy as np
    import polars as pl
    from ruamel.yaml import YAML

    random = np.random.default_rng(0)
    label = random.integers(0, classes, rows)
    content: dict[str, object] = {}
    features = columns - 2  # beside the target and one sensitive column
    for at in range(features * 3 // 4):
        values = label * (at % 5) * 0.05 + random.standard_normal(rows)
        content[f"number_{at:03d}"] = np.where(random.random(rows) < 0.02, np.nan, np.round(values, 3))
    for at in range(features - len(content)):
        levels = (3, 5, 8, 12, 20, 40)[at % 6]
        content[f"category_{at:03d}"] = np.array([f"level {level}" for level in range(levels)])[
            random.integers(0, levels, rows)
        ]
    content["region"] = random.choice(["north", "east", "south", "west"], rows)
    content["kind"] = np.array([f"class {one:03d}" for one in range(classes)])[label]
    frame = pl.DataFrame(content).with_columns(pl.selectors.float().fill_nan(None))
    text = {name: not name.startswith("number") for name in frame.columns}
    declared = [f"  - {{name: {n}, type: {'category' if words else 'number'}}}" for n, words in text.items()]
    rules = [
        f'    {n}: str = pa.Field(isin=["level 1", "north", "class 001"])'
        if words
        else f"    {n}: float = pa.Field(ge=0.5)"
        for n, words in text.items()
    ]
    suite = [
        {
            "type": "expect_column_values_to_be_in_set",
            "kwargs": {"column": n, "value_set": ["level 2", "south", "class 002"]},
        }
        if words
        else {
            "type": "expect_column_values_to_be_between",
            "kwargs": {"column": n, "min_value": -0.5, "max_value": 0.5},
        }
        for n, words in text.items()
    ]
    ours = YAML(typ="safe").load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    data = {
        "path": "data/wide.csv", "split": {"method": "ratio", "test": 0.25, "seed": 0}, "task": "classification",
        "target": "kind", "roles": {"sensitive": ["region"]},
    }  # fmt: skip
    params = {
        "datasets": {NAME: {"data": data}}, "audits": {name: {} for name in ours["audits"]}, "signals": {"folds": 5},
        "evaluations": {}, "models": {}, "policy": {"tier": "prototype"},
    }  # fmt: skip
    files = {
        ".gitignore": "/build/\n", "params.yaml": json.dumps(params), "waivers.yaml": "waivers: []\n",
        f"answers/{NAME}.yaml": "answers: {}\n", f"expectations/{NAME}/columns.yaml": "columns:\n" + "\n".join(declared) + "\n",
        f"expectations/{NAME}/schema.py": SCHEMA + "\n".join(rules) + "\n",
        f"expectations/{NAME}/suite.json": json.dumps({"name": NAME, "meta": {}, "expectations": [one | {"severity": "critical", "meta": {}} for one in suite]}),
        "data/wide.csv": frame.write_csv(),
    }  # fmt: skip
    for name, written in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(written, encoding="utf-8")
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)


def measure(folder: Path, *, again: bool) -> None:
    """Run the stages: all, or those after the audits."""
    from governance import stages
    from governance.config import Workspace
    from governance.lock import write_lock

    workspace = Workspace(folder)
    write_lock(workspace)
    if not again:
        for stage in (stages.snapshot, stages.sketch, stages.signals, stages.inputs):
            stage(workspace, NAME)
        for audit in workspace.config.audits:
            stages.audit(workspace, NAME, audit)
    stages.verdict(workspace, NAME)
    stages.documents(workspace, NAME)


def sizes(folder: Path) -> list[str]:
    """One row of a Markdown table for each kind of file."""
    report = folder / "reports" / "datasets" / NAME
    found: dict[str, int] = {}
    for path in sorted(report.rglob("*")):
        if path.is_file():
            name = path.relative_to(report).as_posix()
            kind = "figures/" if name.startswith("figures/") else name
            found[kind] = found.get(kind, 0) + path.stat().st_size
    page = found.pop("datasheet.html", 0)
    rows = [f"| {kind} | {size / 1000:.1f} |" for kind, size in sorted(found.items(), key=lambda one: -one[1])]
    return [
        *rows,
        f"| all that git tracks, the page apart | {sum(found.values()) / 1000:.1f} |",
        f"| datasheet.html | {page / 1000:.1f} |",
    ]


def main() -> None:
    from governance.process import settle

    settle()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shape", nargs="*", type=int, default=[2000, 201, 100])
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--again", action="store_true")
    given = parser.parse_args()
    folder = given.folder or Path(tempfile.mkdtemp())
    if not given.again:
        make_workspace(folder, *given.shape)
    measure(folder, again=given.again)
    print("\n".join(["| file | kB |", "|---|---:|", *sizes(folder)]))


if __name__ == "__main__":
    main()
