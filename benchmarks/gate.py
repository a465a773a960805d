"""What the gate costs in a repository of 20 datasets, with no data there.

    python benchmarks/gate.py [DATASETS] [RUNS]

Measures small tables by real stages in a scratch repository, throws data and build folders away, and times whole
processes of `govern gate` and `govern gate --base HEAD~1`. Prints one Markdown table.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
COLUMNS = 30
ROWS = 120


def write(place: Path, datasets: int) -> None:
    names = [f"table_{number:02}" for number in range(datasets)]
    columns = [f"c{number}" for number in range(COLUMNS)]
    entries = []
    for at, name in enumerate(names):
        lines = [",".join([*columns, "kind"])]
        for row in range(ROWS):
            cells = [f"{(row * (7919 + 2 * column) + at) % 97 / 10 + (row % 2) * 3}" for column in range(COLUMNS)]
            lines.append(",".join([*cells, "oak" if row % 2 else "elm"]))
        text = "\n".join(lines) + "\n"
        md5 = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
        fields = "".join(f"    {column}: float = pa.Field(ge=0, le=100)\n" for column in columns)
        suite = [
            {
                "type": "expect_column_values_to_be_between",
                "kwargs": {"column": column, "min_value": 0, "max_value": 99},
            }
            for column in columns
        ]
        declared = "".join(f"  - {{name: {column}, type: number}}\n" for column in columns)
        files = {
            f"data/{name}.csv": text,
            f"data/{name}.csv.dvc": f"outs:\n- md5: {md5}\n  size: {len(text)}\n  hash: md5\n  path: {name}.csv\n",
            f"answers/{name}.yaml": "answers:\n"
            + "".join(
                f"  {question}: {{answer: For a benchmark., by: Ada Example, on: 2026-05-01}}\n"
                for question in ("motivation.purpose", "uses.do_not_use", "maintenance.maintainer")
            ),
            f"expectations/{name}/columns.yaml": f"columns:\n{declared}  - {{name: kind, type: category}}\n",
            f"expectations/{name}/schema.py": f"import pandera.polars as pa\n\n\nclass T(pa.DataFrameModel):\n{fields}",
            f"expectations/{name}/suite.json": json.dumps({"name": "s", "expectations": suite}),
        }
        for file, content in files.items():
            path = place / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        entries.append(f"  {name}:\n    data: {{path: data/{name}.csv, task: classification, target: kind}}\n")
    (place / "params.yaml").write_text(
        "datasets:\n" + "".join(entries) + "audits:\n  schema: {}\n  expectations: {}\n  label_issues: {}\n"
        "  duplicates: {}\n  outliers: {}\n  summary: {}\nsignals: {folds: 2}\nevaluations: {}\nmodels: {}\n"
        "policy: {tier: internal}\n"
    )  # fmt: skip
    (place / "waivers.yaml").write_text("waivers: []\n")
    (place / ".gitignore").write_text("/build/\n/data/*.csv\n")


def measured(place: Path) -> None:
    from governance import stages
    from governance.config import Workspace
    from governance.lock import write_lock

    workspace = Workspace(place)
    write_lock(workspace)
    for name in workspace.config.datasets:
        for stage in ("snapshot", "sketch", "signals", "inputs"):
            stages.stage(stage)(workspace, name)
        for audit in workspace.config.audits:
            stages.audit(workspace, name, audit)
        stages.verdict(workspace, name)
        stages.documents(workspace, name)


def timed(place: Path, runs: int, *words: str) -> tuple[float, float, int]:
    """Median and worst wall of whole processes in seconds, and the exit code."""
    program = "import sys; from governance.cli import main; main(sys.argv[1:])"
    walls, code = [], 0
    for _ in range(runs):
        start = time.perf_counter()
        done = subprocess.run([sys.executable, "-c", program, *words], cwd=place, capture_output=True, check=False)
        walls.append(time.perf_counter() - start)
        code = done.returncode
    return statistics.median(walls), max(walls), code


def main() -> None:
    from governance.process import settle

    settle()
    datasets, runs = ([int(word) for word in sys.argv[1:]] + [20, 7][len(sys.argv) - 1 :])[:2]
    os.environ["PYTHONPATH"] = f"{ROOT}:{os.environ.get('PYTHONPATH', '')}"
    os.environ |= {
        f"GIT_{who}_{what}": "bench@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        write(place, datasets)
        subprocess.run(["git", "init", "-q"], cwd=place, check=True)
        subprocess.run(["git", "add", "-A"], cwd=place, check=True)
        measured(place)
        for message in ("measured", "again"):
            subprocess.run(["git", "add", "-A"], cwd=place, check=True)
            subprocess.run(["git", "commit", "-q", "--allow-empty", "-m", message], cwd=place, check=True)
        shutil.rmtree(place / "build")
        for file in (place / "data").glob("*.csv"):
            file.unlink()
        print(f"| whole process, {datasets} datasets x 6 audits, no data | median s | worst of {runs} s | exit code |")
        print("|---|---|---|---|")
        for words in (["gate"], ["gate", "--base", "HEAD~1"], ["gate", "--base", "HEAD~1", "--format", "markdown"]):
            median, worst, code = timed(place, runs, *words)
            print(f"| `govern {' '.join(words)}` | {median:.2f} | {worst:.2f} | {code} |")


if __name__ == "__main__":
    main()
