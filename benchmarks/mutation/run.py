"""How many wrong versions of the gate, the policy and the evidence the tests notice.

    make mutation                        or, where the extra `mutation` is installed:
    nice python benchmarks/mutation/run.py
    nice python benchmarks/mutation/run.py --again    only what was not killed last time, after a test was added

Two tools, each where the other does not reach. mutmut changes the bodies of functions: operators, numbers, words,
arguments, branches. It leaves decorated functions (`exit_code`, the validators) and all that is no function (bounds of
fields, tables) alone; there Cosmic Ray changes operators, numbers, conditions and decorators.

The code is copied into build/mutation and changed there. Only tests by example run: property tests take minutes, and a
mutant that only they would kill counts as survived. A mutant whose tests ran out of time is no kill either.
Survivors that no test can tell from the original stand in equivalent.toml with the reason. Any other stands in
results.md, which this writes, below the score.
"""

from __future__ import annotations

import ast
import configparser
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tomllib
from collections import Counter
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
TREE = ROOT / "build" / "mutation"
MODULES = ("gate", "policy", "verdict", "evidence", "canonical")
GOAL = 0.95
COPIED = ("governance", "docs", "templates", "tests", "pyproject.toml", "README.md")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "cases", "*.png", "*.html")
BIN = Path(sys.executable).parent
SECONDS = 120
"""After so long a mutant's tests count as hung; they take two seconds."""


@dataclass(frozen=True)
class Mutant:
    tool: str
    module: str
    place: str
    """The function or class it lies in; empty at the module's top."""
    outcome: str
    """`killed`, `survived`, `timeout`, or whatever else a tool says."""
    diff: str = ""
    """Of survivors: the lines that change, each after its sign."""


def run(*command: str | Path) -> str:
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    env |= {"DVC_NO_ANALYTICS": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    env |= {"PATH": f"{BIN}{os.pathsep}{env['PATH']}", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([str(part) for part in command], cwd=TREE, env=env, text=True, capture_output=True)
    if done.returncode:
        print(done.stdout[-4000:], done.stderr[-4000:], file=sys.stderr)
        sys.exit(f"{Path(str(command[0])).name} ended with {done.returncode}; no score")
    return done.stdout


def copy(again: bool) -> None:
    """The tree that is changed. `again` keeps the last one with its results, and takes the tests anew."""
    if again:
        for path in ("setup.cfg", *(f"governance/{module}.py" for module in MODULES)):
            now = HERE / path if path == "setup.cfg" else ROOT / path
            if not (TREE / path).exists() or (TREE / path).read_bytes() != now.read_bytes():
                sys.exit(f"{path} is not what the last run looked at; run without --again")
        shutil.rmtree(TREE / "tests")
    else:
        shutil.rmtree(TREE, ignore_errors=True)
        TREE.mkdir(parents=True)
    for name in ("tests",) if again else COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, TREE / name, ignore=LEFT_OUT)
        else:
            shutil.copy(source, TREE / name)
    shutil.copy(HERE / "setup.cfg", TREE / "setup.cfg")


def changed(diff: str) -> str:
    lines = [line for line in diff.splitlines() if line[:1] in {"+", "-"} and line[:3] not in {"+++", "---"}]
    return "\n".join(line[0] + " ".join(line[1:].split()) for line in lines)


def mutmut_results() -> dict[str, str]:
    """Mutant to `killed`, `survived`, `timeout`, `not checked` ..."""
    lines = (line.strip().rpartition(": ") for line in run(BIN / "mutmut", "results", "--all", "true").splitlines())
    return {name: outcome for name, _, outcome in lines if name.startswith("governance.")}


def by_mutmut(again: bool) -> list[Mutant]:
    alive = [name for name, outcome in mutmut_results().items() if outcome != "killed"] if again else []
    if alive or not again:
        run(BIN / "mutmut", "run", "--max-children", "1", *alive)
    found = []
    for name, outcome in mutmut_results().items():
        _, module, mangled = name.split(".", 2)
        place = mangled.rpartition("__mutmut_")[0].removeprefix("x_").removeprefix("xǁ").replace("ǁ", ".")
        diff = "" if outcome == "killed" else changed(run(BIN / "mutmut", "show", name))
        found.append(Mutant("mutmut", module, place, outcome, diff))
    return found


def unreached(path: Path) -> list[str]:
    """The lines of which mutmut makes no mutant: all but functions without decorators."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    reached: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and not node.decorator_list:
            reached.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    count = len(path.read_text(encoding="utf-8").splitlines())
    return [str(line) for line in range(1, count + 1) if line not in reached]


def by_cosmic_ray(module: str, again: bool) -> list[Mutant]:
    path = f"governance/{module}.py"
    settings = configparser.ConfigParser()
    settings.read(HERE / "setup.cfg")
    told = [settings["mutmut"][f"pytest_add_cli_args{kind}"].split("\n")[1:] for kind in ("", "_test_selection")]
    command = [f"'{part}'" for part in [str(BIN / "python"), "-m", "pytest", "-x", "-q", *told[0], *told[1]]]
    config, session = TREE / f"{module}.toml", TREE / f"{module}.sqlite"
    config.write_text(
        f'[cosmic-ray]\nmodule-path = "{path}"\ntimeout = {SECONDS}.0\nexcluded-modules = []\n'
        f"test-command = {json.dumps(' '.join(command))}\n\n"
        '[cosmic-ray.distributor]\nname = "local"\n\n'
        f'[cosmic-ray.filters.line-filter.lines]\n"{path}" = {json.dumps(unreached(TREE / path))}\n',
        encoding="utf-8",
    )
    run(BIN / "cosmic-ray", "baseline", config)
    if again and session.exists():
        with sqlite3.connect(session) as database:
            database.execute("DELETE FROM work_results WHERE test_outcome = 'SURVIVED' OR output = 'timeout'")
    else:
        run(BIN / "cosmic-ray", "init", config, session)
        run(BIN / "python", "-m", "cosmic_ray.tools.filters.line_filter", "--config", config, session)
    run(BIN / "cosmic-ray", "exec", config, session)
    found = []
    for line in run(BIN / "cosmic-ray", "dump", session).splitlines():
        work, result = json.loads(line)
        if result["worker_outcome"] == "skipped":
            continue
        outcome = "timeout" if result["output"] == "timeout" else result["test_outcome"] or result["worker_outcome"]
        (mutation,) = work["mutations"]
        diff = "" if outcome == "killed" else changed(result["diff"] or result["output"])
        found.append(Mutant("cosmic-ray", module, mutation["definition_name"] or "", outcome, diff))
    return found


def report(mutants: list[Mutant], equivalent: set[Mutant]) -> tuple[str, float]:
    """The table with what is left alive, and the share of all that was killed."""
    lines = [
        "# Mutants of the gate\n",
        f"mutmut {version('mutmut')} and Cosmic Ray {version('cosmic-ray')}; `make mutation` writes this.\n",
        "| file | tool | mutants | killed | timeout | survived | of those equivalent | killed of all | of the others |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    rows = [(module, tool) for module in MODULES for tool in ("mutmut", "cosmic-ray")]
    share = 0.0
    for module, tool in [*rows, ("all", "both")]:
        those = [one for one in mutants if tool == "both" or (one.module, one.tool) == (module, tool)]
        outcomes = Counter(one.outcome for one in those)
        killed, same = outcomes["killed"], sum(one in equivalent for one in those)
        share = killed / len(those)
        file = module if tool == "both" else f"{module}.py"
        counts = (len(those), killed, outcomes["timeout"], len(those) - killed - outcomes["timeout"], same)
        shares = (f"{share:.1%}", f"{killed / (len(those) - same):.1%}")
        lines.append(f"| {' | '.join(str(cell) for cell in (file, tool, *counts, *shares))} |")
    alive = [one for one in mutants if one.outcome != "killed" and one not in equivalent]
    lines.append(f"\n{len(alive)} mutants that are not equivalent were not killed{':' if alive else '.'}")
    lines.extend(
        f"\n{one.tool}, {one.module}.py, {one.place or 'top'}, {one.outcome}:\n\n```diff\n{one.diff}\n```"
        for one in alive
    )
    return "\n".join(lines) + "\n", share


def main(again: bool) -> None:
    copy(again)
    mutants = [one for module in MODULES for one in by_cosmic_ray(module, again)] + by_mutmut(again)
    known = tomllib.loads((HERE / "equivalent.toml").read_text(encoding="utf-8"))["mutant"]
    excused = {(one["tool"], one["module"], one["place"], one["diff"].strip()) for one in known}
    equivalent = {one for one in mutants if (one.tool, one.module, one.place, one.diff) in excused}
    text, share = report(mutants, equivalent)
    (HERE / "results.md").write_text(text, encoding="utf-8")
    print(text)
    if stale := excused - {(one.tool, one.module, one.place, one.diff) for one in equivalent}:
        sys.exit(f"equivalent.toml excuses what did not survive; take it out: {sorted(stale)}")
    if share < GOAL:
        sys.exit(f"{share:.1%} of the mutants were killed; the goal is {GOAL:.0%}")


if __name__ == "__main__":
    main(sys.argv[1:] == ["--again"])
