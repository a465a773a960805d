"""The wheel, alone in another Python, sets up a repository, runs the pipeline on a small table and passes its gate.

`python tests/smoke.py PYTHON`. Not collected by pytest: it installs everything once more.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
TABLE = "length,kind\n" + "".join(
    f"{10 + 3 * (i % 2) + (i * 7919 % 100) / 100},{'oak' if i % 2 else 'elm'}\n" for i in range(200)
)


def run(*command: str | Path, cwd: Path, env: dict[str, str] | None = None) -> str:
    done = subprocess.run([str(c) for c in command], cwd=cwd, env=env, text=True, capture_output=True, check=False)
    print(f"$ {' '.join(str(c) for c in command)} -> {done.returncode}")
    if done.returncode:
        print(done.stdout[-3000:], done.stderr[-3000:])
        sys.exit(1)
    return done.stdout


def main(python: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        wheels = place / "wheels"
        run(python, "-m", "venv", place / "venv", cwd=place)
        binaries = place / "venv" / "bin"
        run(binaries / "python", "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", wheels, ROOT, cwd=place)
        wheel = next(wheels.glob("*.whl"))
        constraints = ["-c", str(ROOT / "constraints.txt")]
        install = ("install", "--quiet", "--no-compile", *constraints, f"{wheel}[pipeline]")
        run(binaries / "python", "-m", "pip", *install, cwd=place)
        env = {**os.environ, "PATH": f"{binaries}:{os.environ['PATH']}", "DVC_NO_ANALYTICS": "1"}
        env.pop("PYTHONDONTWRITEBYTECODE", None)  # what is imported is compiled then, once, and nothing else
        repository = place / "repository"
        repository.mkdir()
        run("git", "init", "-q", cwd=repository)
        run("govern", "init", "--yes", cwd=repository, env=env)
        (repository / "data").mkdir()
        (repository / "data" / "trees.csv").write_text(TABLE, encoding="utf-8")
        run("govern", "add", "data/trees.csv", "--name", "trees", "--target", "kind", cwd=repository, env=env)
        answers = "".join(
            f"  {question}: {{answer: For a smoke run., by: Ada Example, on: 2026-05-01}}\n"
            for question in ("motivation.purpose", "uses.do_not_use", "maintenance.maintainer")
        )
        (repository / "answers" / "trees.yaml").write_text(f"answers:\n{answers}", encoding="utf-8")
        run("dvc", "repro", cwd=repository, env=env)
        run("git", "add", "-A", cwd=repository, env=env)
        print(run("govern", "gate", cwd=repository, env=env))
        version = run(binaries / "python", "--version", cwd=place).strip()
        print(f"smoke run passed on {version}")


if __name__ == "__main__":
    main(sys.argv[1])
