"""What a stage, a cold run and a run with nothing to do cost, and how much of it is DVC's own.

    python benchmarks/pipeline.py startup            # import cost and one stage process of each kind
    python benchmarks/pipeline.py default            # this repository: cold run, no-op run, dvc status
    python benchmarks/pipeline.py grid [N] [M]       # N datasets x M audits (default 20 x 14), in a scratch repository

Prints Markdown tables. Wall times of whole processes; ratios within one run are what to quote.
"""

from __future__ import annotations

import csv
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parent.parent
BINARIES = Path(sys.executable).parent

SHIM = """#!{python}
import subprocess, sys, time
start = time.perf_counter()
code = subprocess.run([{govern!r}, *sys.argv[1:]]).returncode
with open({log!r}, "a") as log:
    log.write(f"{{' '.join(sys.argv[1:])}},{{time.perf_counter() - start:.3f}}\\n")
sys.exit(code)
"""

OWN_AUDIT = '''"""One of several audits that do next to nothing, to weigh the pipeline and not the question."""

from governance.audit import Answer, Audit
from governance.evidence import Reach, Units


class Weight{number}(Audit):
    """What it measures: nothing.

    Why it matters: it does not.
    How to read it: not at all.
    Limits: all.
    References:
    """

    title = "Weight"
    question = "What does an audit cost?"
    section = "composition"
    reach = Reach(looked_for="nothing", would_notice="nothing", cannot_see="anything")

    def run(self, snapshot) -> Answer:
        return self.assessed(Units(name="rows", declared=snapshot.rows, evaluated=snapshot.rows))
'''


def timed(*command: str, cwd: Path, env: dict[str, str]) -> float:
    start = time.perf_counter()
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{command} ended with {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return time.perf_counter() - start


def environment(place: Path) -> tuple[dict[str, str], Path]:
    """PATH with a `govern` that notes how long each stage took, and the file of its notes."""
    log = place / "stages.csv"
    shim = place / "bin" / "govern"
    shim.parent.mkdir(parents=True)
    shim.write_text(SHIM.format(python=sys.executable, govern=str(BINARIES / "govern"), log=str(log)))
    shim.chmod(0o755)
    path = f"{shim.parent}:{BINARIES}:{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "DVC_NO_ANALYTICS": "1"}, log


def by_stage(log: Path) -> dict[str, list[float]]:
    found: dict[str, list[float]] = defaultdict(list)
    for words, seconds in csv.reader(log.open()):
        parts = words.split()
        if parts[:1] == ["stage"]:
            name = (
                f"audit {parts[-1]}"
                if parts[1] == "audit"
                else f"evaluate {parts[-1]}"
                if parts[1] == "evaluate"
                else parts[1]
            )
            found[name].append(float(seconds))
    return found


def report(title: str, cold: float, noop: list[float], status: list[float], log: Path) -> None:
    stages = by_stage(log)
    inside = sum(sum(times) for times in stages.values())
    count = sum(len(times) for times in stages.values())
    print(f"\n## {title}\n")
    print("| what | seconds |\n|---|---|")
    print(f"| cold `dvc repro`, {count} stages | {cold:.1f} |")
    print(f"| ... of it inside stages | {inside:.1f} |")
    print(f"| ... of it DVC's own | {cold - inside:.1f} ({(cold - inside) / count:.2f} a stage) |")
    print(f"| `dvc repro` with nothing to do, median of {len(noop)} | {statistics.median(noop):.2f} |")
    print(f"| `dvc status`, median of {len(status)} | {statistics.median(status):.2f} |")
    print(f"| ratio | {statistics.median(noop) / statistics.median(status):.2f} |")
    print("\n| stage | runs | median s | total s |\n|---|---|---|---|")
    for name, times in sorted(stages.items(), key=lambda item: -sum(item[1])):
        print(f"| {name} | {len(times)} | {statistics.median(times):.2f} | {sum(times):.1f} |")


def measure(title: str, folder: Path, env: dict[str, str], log: Path) -> None:
    cold = timed("dvc", "repro", cwd=folder, env=env)
    noop, status = [], []
    for _ in range(3):
        noop.append(timed("dvc", "repro", cwd=folder, env=env))
        status.append(timed("dvc", "status", cwd=folder, env=env))
    report(title, cold, noop, status, log)


def default() -> None:
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        env, log = environment(place)
        clone = place / "clone"
        timed("git", "clone", "-q", str(ROOT), str(clone), cwd=place, env=env)
        timed("govern", "upgrade", cwd=clone, env=env)
        measure("The default datasets and models", clone, env, log)


def grid(datasets: int, audits: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        env, log = environment(place)
        repository = place / "repository"
        repository.mkdir()
        timed("git", "init", "-q", cwd=repository, env=env)
        timed("govern", "init", "--yes", cwd=repository, env=env)
        (repository / "data").mkdir()
        (repository / "audits").mkdir(exist_ok=True)
        params = repository / "params.yaml"
        from governance.config import Workspace

        extra = audits - len(Workspace(repository).config.audits)
        for number in range(extra):
            (repository / "audits" / f"weight_{number}.py").write_text(OWN_AUDIT.format(number=number))
        lines = "".join(f"  weight_{number}: {{}}\n" for number in range(extra))
        params.write_text(params.read_text().replace("\naudits:\n", f"\naudits:\n{lines}"))
        timed("govern", "upgrade", cwd=repository, env=env)
        for number in range(datasets):
            rows = "".join(
                f"{10 + 3 * (i % 2) + (i * 7919 % (100 + number)) / 50},{'oak' if i % 2 else 'elm'}\n"
                for i in range(300)
            )
            (repository / "data" / f"t{number}.csv").write_text("length,kind\n" + rows)
            timed(
                "govern",
                "add",
                f"data/t{number}.csv",
                "--name",
                f"t{number}",
                "--target",
                "kind",
                cwd=repository,
                env=env,
            )
        measure(f"{datasets} datasets x {audits} audits", repository, env, log)


def startup() -> None:
    print("| import | median of 5, s |\n|---|---|")
    for statement in (
        "pass", "import governance", "from governance.judging import judge_workspace", "import governance.documents.datasets",
        "import polars", "import governance.adapters.pandera", "import governance.adapters.great_expectations",
        "import cleanlab.filter", "import great_expectations; print('read back')",
    ):  # fmt: skip
        with tempfile.NamedTemporaryFile("w", suffix=".py") as script:
            script.write(statement + "\n")
            script.flush()
            env = {**os.environ, "DVC_NO_ANALYTICS": "1", "GX_ANALYTICS_ENABLED": "False"}
            times = [timed(sys.executable, script.name, cwd=ROOT, env=env) for _ in range(5)]
        print(f"| `{statement}` | {statistics.median(times):.2f} |")


if __name__ == "__main__":
    words = sys.argv[1:] or ["startup"]
    if shutil.which("git") is None:
        sys.exit("git is needed")
    if words[0] == "startup":
        startup()
    elif words[0] == "default":
        default()
    elif words[0] == "grid":
        grid(*(int(word) for word in words[1:3])) if len(words) > 2 else grid(20, 14)
    else:
        sys.exit(__doc__)
