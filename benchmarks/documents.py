"""How long it takes to render the documents of each default dataset and model, and how large they are.

    python benchmarks/documents.py [RUNS]

Renders what stands in reports/ into a scratch folder, as a whole process each time, and reads the sizes of what was written.
Prints one Markdown table: median and worst wall, processor time of the last run, the page, and what git tracks beside it.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
PROGRAM = """
import sys
from pathlib import Path
from governance.config import Workspace
from governance.documenting import rendered_documents, rendered_model_documents
kind, name, into = sys.argv[1:]
render = rendered_documents if kind == "dataset" else rendered_model_documents
render(Workspace(Path.cwd()), name, Path(into))
"""


def rendered(kind: str, name: str, into: Path) -> tuple[float, float]:
    """Wall and processor seconds of one process."""
    into.mkdir()
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", PROGRAM, kind, name, str(into)], cwd=ROOT)
    _, status, used = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"rendering {name} ended with status {status}")
    return time.perf_counter() - start, used.ru_utime + used.ru_stime


def kilobytes(folder: Path, *, pages: bool) -> float:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return sum(path.stat().st_size for path in files if (path.suffix == ".html") is pages) / 1000


def main() -> None:
    from governance.config import Workspace
    from governance.process import settle

    settle()
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    os.environ["PYTHONPATH"] = f"{ROOT}:{os.environ.get('PYTHONPATH', '')}"
    config = Workspace(ROOT).config
    print(
        f"| rendered | median s | worst of {runs} s | processor s | page kB | all of its report in git, pages apart, kB |"
    )
    print("|---|---|---|---|---|---|")
    for kind, names in (("dataset", config.datasets), ("model", config.models)):
        for name in names:
            with tempfile.TemporaryDirectory() as folder:
                walls = []
                for run in range(runs):
                    wall, processor = rendered(kind, name, Path(folder) / str(run))
                    walls.append(wall)
                page = kilobytes(Path(folder) / "0", pages=True)
            tracked = kilobytes(ROOT / "reports" / f"{kind}s" / name, pages=False)
            print(
                f"| {kind} `{name}` | {statistics.median(walls):.2f} | {max(walls):.2f} | {processor:.2f} | {page:.0f} | {tracked:.0f} |"
            )


if __name__ == "__main__":
    main()
