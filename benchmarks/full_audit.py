"""What a full audit of one generated table costs: each stage as its own process, and all of them together.

    python benchmarks/full_audit.py [ROWS] [COLUMNS] [--seed N] [--folder PLACE] [--peer NAME=PYTHON ...]

Makes a table from a seed, a scratch repository by `govern init` and `govern add`, and runs the stages that `dvc repro`
would run, without DVC. Prints one Markdown table: wall, CPU seconds (user and system: the steadier figure on a shared
machine) and peak resident memory of each process. Then what the audits that rest on the out-of-fold model cost, in units
of one fit of it, with and without the start of their processes, and of a script that does nothing but this fit; `representation`, which fits models of its own, stands
beside them. For each --peer (`benchmarks/full_audit_peers.py`) the ratio to the whole. Processes find bytecode, as after
an installation.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
NAME = "generated"
GOVERN = "from governance.cli import main; main()"
MODEL_BASED = ("label_issues", "leakage", "poisoning", "drift", "outliers", "label_consistency")
"""Audits that read what the signals stage computed, or stand beside those that do."""
STARTS = 5
"""Times that the start of a stage is measured; the median counts."""

NOTHING = "nothing"
NOTHING_ASKED = '''"""Answers at once."""

from typing import ClassVar

from governance.audit import Answer, Audit
from governance.evidence import Reach


class Nothing(Audit):
    """Answers at once: what is left is the start of a stage."""

    title: ClassVar[str] = "Nothing"
    question: ClassVar[str] = "Is there a question?"
    section: ClassVar[str] = "composition"
    needs: ClassVar[frozenset[str]] = frozenset()
    reach: ClassVar[Reach] = Reach(looked_for="nothing", would_notice="nothing", measured="", cannot_see="anything")

    def run(self, snapshot: object) -> Answer:
        return self.not_applicable("nothing_asked", "nothing was asked")
'''
"""An audit of the scratch repository's own."""


@dataclass(frozen=True)
class Cost:
    """What one process took."""

    wall: float
    cpu: float
    """User and system, seconds, of the process and of what it started."""
    peak: float
    """Largest resident set of one process, MB."""
    said: str

    def cells(self) -> str:
        return f"{self.wall:.1f} | {self.cpu:.1f} | {self.peak:,.0f}"


def run(*command: str, cwd: Path) -> Cost:
    """Runs `command` to its end. This process stays small: a child's peak would begin with its parent's size."""
    env = {**os.environ, "DVC_NO_ANALYTICS": "1", "PYTHONPATH": str(ROOT)}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        child = subprocess.Popen(command, cwd=cwd, env=env, stdout=out, stderr=errors)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0), errors.seek(0)
        said, complaint = out.read().decode(), errors.read().decode()
    if child.returncode:
        sys.exit(f"{' '.join(command)} ended with {child.returncode}\n{said[-2000:]}\n{complaint[-2000:]}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, said)


def make_table(path: Path, rows: int, columns: int, seed: int) -> None:
    """Two thirds numbers, the rest categories, `sex` and the target `outcome`: noisy labels, and some cells missing."""
    import numpy as np
    import polars as pl

    random = np.random.default_rng(seed)
    numbers = (columns - 2) * 5 // 7
    causes = random.standard_normal((rows, 6))
    content: dict[str, object] = {}
    for at in range(numbers):
        values = causes @ random.standard_normal(6) * 0.4 + random.standard_normal(rows)
        values = np.exp(values / 2) * 100 if at % 4 == 3 else values * 10 + 50
        content[f"x{at}"] = np.round(values) if at % 5 == 4 else np.round(values, 3)
    sex = random.random(rows) < 0.48
    for at in range(columns - 2 - numbers):
        levels = (3, 5, 8, 12, 20, 4, 6, 40)[at % 8]
        share = 1 / np.arange(1, levels + 1)
        drawn = random.choice(levels, rows, p=share / share.sum())
        # Some categories follow a cause, so that columns are no strangers to each other.
        drawn = np.where((causes[:, at % 6] > 0.8) & (at % 2 == 0), 0, drawn)
        content[f"c{at}"] = np.array([f"level {level}" for level in range(levels)])[drawn]
    score = causes[:, 0] * 1.2 - causes[:, 1] + causes[:, 2] * causes[:, 3] * 0.6 + 0.3 * sex
    outcome = (score + random.logistic(size=rows) > 0.5) ^ (random.random(rows) < 0.03)
    frame = pl.DataFrame(content | {"sex": np.where(sex, "female", "male"), "outcome": np.where(outcome, "yes", "no")})
    gaps = [name for at, name in enumerate(content) if at % 4 == 1]
    frame = frame.with_columns(
        pl.when(pl.Series(random.random(rows) >= 0.02)).then(pl.col(name)).alias(name) for name in gaps
    )
    frame.write_csv(path)


def timed_signals(folder: Path) -> dict[str, float]:
    """The stage `signals`, and within it CPU seconds of the out-of-fold model in five folds and of finding neighbours.

    Both are of one process, as on a shared machine the same work takes a fifth more or less from minute to minute.
    """
    from governance.process import settle

    settle()
    from governance.adapters import faiss, scikit_learn
    from governance.config import Workspace
    from governance.signals import compute
    from governance.stages import stage

    spent: dict[str, float] = {}

    def timed(module: Any, name: str, key: str) -> None:
        inner = getattr(module, name)

        def outer(*words: Any, **named: Any) -> Any:
            with scikit_learn._steady():
                import sklearn.ensemble
                import sklearn.linear_model  # noqa: F401 - importing is no part of fitting
            start = time.process_time()
            result = inner(*words, **named)
            spent[key] = time.process_time() - start
            return result

        setattr(module, name, outer)

    timed(compute, "predict", "fit")
    timed(faiss, "nearest", "neighbours")
    stage("signals")(Workspace(folder), NAME)
    return spent


def measure(place: Path, rows: int, columns: int, seed: int) -> tuple[Path, dict[str, Cost]]:
    """The workspace, and the cost of each stage, printed as it ends; what `signals` said is the time of its parts."""
    python, me = sys.executable, str(Path(__file__).resolve())
    repository = place / "repository"
    (repository / "data").mkdir(parents=True)
    table = f"data/{NAME}.csv"
    run(python, "-m", "compileall", "-q", str(ROOT / "governance"), cwd=place)
    run(python, me, str(rows), str(columns), "--seed", str(seed), "--make", str(repository / table), cwd=place)
    run("git", "init", "-q", cwd=repository)
    costs: dict[str, Cost] = {}

    def stage(name: str, *words: str) -> None:
        how = ("-c", GOVERN, *words) if name != "signals" else (me, "--signals", str(repository))
        costs[name] = run(python, *how, cwd=repository)
        print(f"| {name} | {costs[name].cells()} |", flush=True)

    print("| stage | wall, s | CPU, s | peak, MB |\n|---|---|---|---|", flush=True)
    stage("govern init", "init", "--yes")
    stage("govern add", "add", table, "--name", NAME, "--target", "outcome", "--sensitive", "sex")
    for name in ("snapshot", "sketch", "signals", "inputs"):
        stage(name, "stage", name, NAME)
    for audit in audits(repository):
        stage(audit, "stage", "audit", NAME, audit)
    for name in ("verdict", "documents"):
        stage(name, "stage", name, NAME)
    return repository, costs


def audits(repository: Path) -> list[str]:
    names = sorted(path.stem for path in (repository / "build" / NAME / "inputs").glob("*.json"))
    # A full audit is all of them: one that could not be loaded would make the figure look good.
    assert len(names) >= 13, names
    return names


def outcomes(repository: Path) -> str:
    """What each audit came to, so that a figure is never of audits that did not run."""
    said = []
    for path in sorted((repository / "reports" / "datasets" / NAME / "evidence").glob("*.json")):
        evidence = json.loads(path.read_text())
        said.append(f"{path.stem} {evidence['outcome']}")
    return ", ".join(said)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", type=int, nargs="?", default=50_000)
    parser.add_argument("columns", type=int, nargs="?", default=30)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folder", type=Path, help="keep the scratch repository here")
    parser.add_argument("--peer", action="append", default=[], metavar="NAME=PYTHON")
    parser.add_argument("--make", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--signals", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.make:
        make_table(asked.make, asked.rows, asked.columns, asked.seed)
    elif asked.signals:
        print(json.dumps(timed_signals(asked.signals)))
    else:
        report(asked)


def report(asked: argparse.Namespace) -> None:
    place = asked.folder or Path(tempfile.mkdtemp(prefix="full-audit-"))
    place.mkdir(parents=True, exist_ok=True)
    try:
        print(f"\n## {asked.rows:,} rows x {asked.columns} columns, seed {asked.seed}\n")
        repository, costs = measure(place, asked.rows, asked.columns, asked.seed)
        audit = [cost for name, cost in costs.items() if not name.startswith("govern ")]
        whole = Cost(sum(c.wall for c in audit), sum(c.cpu for c in audit), max(c.peak for c in audit), "")
        print(f"| **all from snapshot to documents** | {whole.cells()} |")
        print(f"\nOutcomes: {outcomes(repository)}")
        alone = run_peer("fit", sys.executable, repository / "data" / f"{NAME}.csv", place)
        report_models(costs, start_up(repository), alone.cpu)
        if asked.peer:
            peers(asked.peer, repository / "data" / f"{NAME}.csv", whole, costs, place)
    finally:
        if not asked.folder:
            shutil.rmtree(place, ignore_errors=True)


def start_up(repository: Path) -> float:
    """CPU seconds of the stage of an audit that answers at once, as the data has no such columns: the median."""
    (repository / "audits").mkdir(exist_ok=True)
    (repository / "audits" / f"{NOTHING}.py").write_text(NOTHING_ASKED)
    params = repository / "params.yaml"
    params.write_text(params.read_text().replace("\naudits:\n", f"\naudits:\n  {NOTHING}: {{}}\n", 1))
    for words in (("upgrade",), ("stage", "inputs", NAME)):
        run(sys.executable, "-c", GOVERN, *words, cwd=repository)
    costs = [run(sys.executable, "-c", GOVERN, "stage", "audit", NAME, NOTHING, cwd=repository) for _ in range(STARTS)]
    return statistics.median(cost.cpu for cost in costs)


def report_models(costs: dict[str, Cost], start: float, alone: float) -> None:
    """The audits that rest on the out-of-fold model, and signals, in units of its fit; neighbours are counted apart.

    `start` and `alone` are CPU seconds of the start of a stage, and of a script that does nothing but this fit.
    """
    parts = json.loads(costs["signals"].said)
    fit, neighbours = parts["fit"], parts["neighbours"]
    print("\n| models, CPU seconds | | fits | of a script that only fits |\n|---|---|---|---|")
    print(f"| one fit of the out-of-fold model in five folds | {fit:.1f} | 1 | |")
    print(f"| a script that reads the table and does nothing but this fit | {alone:.1f} | | 1 |")
    print(f"| neighbours | {neighbours:.1f} | | |")
    print(f"| the start of one stage (an audit that answers at once, median of {STARTS}) | {start:.2f} | | |")
    for last in (len(MODEL_BASED) - 1, len(MODEL_BASED)):
        names = ("signals", *MODEL_BASED[:last])
        models = sum(costs[name].cpu for name in names) - neighbours
        print(f"| {', '.join(names)}, less neighbours | {models:.1f} | {models / fit:.2f} | {models / alone:.2f} |")
        net = models - len(names) * start
        print(f"| ... net of {len(names)} starts | {net:.1f} | {net / fit:.2f} | |")
    own = costs["representation"].cpu
    print(f"| beside them: representation, with models of its own on 5,000 rows | {own:.1f} | {own / fit:.2f} | |")


def peers(wanted: list[str], table: Path, whole: Cost, costs: dict[str, Cost], place: Path) -> None:
    """Each peer on the same table, beside the stages that answer the same question and beside the whole."""
    from full_audit_peers import STAGES

    print("\n| peer | wall, s | CPU, s | peak, MB | our stages for the same | their CPU | whole audit : peer, CPU |")
    print("|---|---|---|---|---|---|---|", flush=True)
    for pair in wanted:
        name, _, python = pair.partition("=")
        cost = run_peer(name, python or sys.executable, table, place)
        same = sum(costs[stage].cpu for stage in STAGES[name])
        shown = f"{', '.join(STAGES[name])} | {same:.1f} | {whole.cpu / cost.cpu:.2f}"
        print(f"| {name} ({cost.said.strip()}) | {cost.cells()} | {shown} |", flush=True)


def run_peer(name: str, python: str, table: Path, place: Path) -> Cost:
    script = Path(__file__).parent / "full_audit_peers.py"
    return run(python, str(script.resolve()), name, str(table), cwd=place)


if __name__ == "__main__":
    main()
