"""What `govern diff` costs between two versions of a million rows, and how large its comment is.

    python benchmarks/diff.py [ROWS]

Writes a table of ten columns (an identifier, two that are private, a sensitive one, the target), runs the real stages on it,
commits, edits rows and measures again: some are gone, some new, some changed, some labels flipped, some in another split.
Then times whole processes of `govern diff HEAD` by what the kernel counts for them. Prints one Markdown table.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

ROOT = Path(__file__).parent.parent
BINARIES = Path(sys.executable).parent
GONE, NEW, CHANGED, FLIPPED, MOVED = 0.01, 0.02, 0.03, 0.01, 0.005
"""Shares of the rows."""
AUDITS = "audits:\n  schema: {}\n  summary: {}\n"
COLUMNS = {
    "customer": "identifier", "note": "private", "mail": "private", "region": "sensitive", "age": "feature",
    "income": "feature", "visits": "feature", "score": "feature", "part": "feature", "outcome": "feature",
}  # fmt: skip
TYPES = {"customer": "string", "note": "string", "mail": "string", "region": "category", "age": "integer", "visits": "integer",
         "income": "number", "score": "number", "part": "category", "outcome": "category"}  # fmt: skip


def table(rows: int, first: int, seed: int) -> pl.DataFrame:
    import numpy as np
    import polars as pl

    draw = np.random.default_rng(seed)
    ids = np.arange(first, first + rows)
    return pl.DataFrame(
        {
            "customer": [f"K{number:08d}" for number in ids],
            "note": [f"spoke of secret {number * 7919 % 99991}" for number in ids],
            "mail": [f"person{number}@example.org" for number in ids],
            "region": np.array(["north", "south", "east", "west"])[draw.integers(0, 4, rows)],
            "age": draw.integers(18, 90, rows),
            "income": draw.lognormal(10, 0.5, rows).round(2),
            "visits": draw.poisson(4, rows),
            "score": draw.normal(size=rows).round(4),
            "part": np.where(draw.random(rows) < 0.75, "train", "test"),
            "outcome": np.where(draw.random(rows) < 0.3, "bad", "good"),
        }
    )


def edited(before: pl.DataFrame) -> pl.DataFrame:
    """The next version: the shares above, one after another from the top."""
    import numpy as np
    import polars as pl

    rows = before.height
    cuts = np.cumsum([int(share * rows) for share in (GONE, CHANGED, FLIPPED, MOVED)])
    at = pl.int_range(pl.len())
    other = {"bad": "good", "good": "bad", "train": "test", "test": "train"}
    kept = before.with_columns(
        income=pl.when(at.is_between(cuts[0], cuts[1] - 1)).then(pl.col("income") * 1.5).otherwise(pl.col("income")),
        outcome=pl.when(at.is_between(cuts[1], cuts[2] - 1))
        .then(pl.col("outcome").replace(other))
        .otherwise(pl.col("outcome")),
        part=pl.when(at.is_between(cuts[2], cuts[3] - 1)).then(pl.col("part").replace(other)).otherwise(pl.col("part")),
    )[int(cuts[0]) :]
    return pl.concat([kept, table(int(NEW * rows), rows, seed=1)])


def run(place: Path, *words: str) -> None:
    env = {**os.environ, "PATH": f"{BINARIES}:{os.environ['PATH']}"}
    done = subprocess.run(words, cwd=place, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{words} ended with {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")


def measured(place: Path) -> None:
    """Evidence, verdict and documents. No audit here needs signals, which would take longer than all the rest."""
    from governance import stages
    from governance.canonical import canonical_json
    from governance.config import Workspace
    from governance.signals import SIGNALS, Absent, SignalsInfo

    workspace = Workspace(place)
    absent = Absent(outcome="not_applicable", code="not_asked", reason="this benchmark asks for none")
    folder = workspace.build("visits") / "signals"
    folder.mkdir(exist_ok=True)
    info = SignalsInfo(absent=dict.fromkeys(SIGNALS, absent))
    (folder / "signals.json").write_text(canonical_json(info.model_dump(mode="json")), encoding="utf-8")
    stages.inputs(workspace, "visits")
    for audit in workspace.config.audits:
        stages.audit(workspace, "visits", audit)
    stages.verdict(workspace, "visits")
    stages.documents(workspace, "visits")


def prepare(place: Path, rows: int) -> None:
    roles = {
        role: [name for name, has in COLUMNS.items() if has == role] for role in ("identifier", "private", "sensitive")
    }
    declared = "".join(f"  - {{name: {name}, type: {TYPES[name]}}}\n" for name in COLUMNS)
    fields = "    age: int = pa.Field(ge=0, le=130)\n    visits: int = pa.Field(ge=0)\n"
    files = {
        "params.yaml": "datasets:\n  visits:\n    data:\n      path: data/visits.parquet\n      split: {method: column, column: part}\n"
        f"      task: classification\n      target: outcome\n      roles: {roles}\n{AUDITS}signals: {{folds: 2}}\nevaluations: {{}}\n"
        "models: {}\npolicy: {tier: prototype}\n",
        "expectations/visits/columns.yaml": f"columns:\n{declared}",
        "expectations/visits/schema.py": f"import pandera.polars as pa\n\n\nclass Visits(pa.DataFrameModel):\n{fields}",
        "answers/visits.yaml": "answers: {}\n",
    }
    run(place, "git", "init", "-q")
    run(place, "govern", "init", "--yes")
    for name, text in files.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (place / "data").mkdir()
    before = table(rows, 0, seed=0)
    for number, frame in enumerate((before, edited(before))):
        frame.write_parquet(place / "data" / "visits.parquet")
        run(place, "dvc", "repro", "snapshot", "sketch")
        measured(place)
        if number == 0:
            run(place, "git", "add", "-A")
            run(place, "git", "commit", "-qm", "first version")


def timed(place: Path, *words: str) -> tuple[float, float, float, bytes]:
    """Wall and processor seconds, peak resident megabytes, and what was printed.

    The kernel counts what this process holds when it starts another: so the tables are made in one of their own.
    """
    out = place / "printed"
    program = "import sys; from governance.cli import main; main(sys.argv[1:])"
    with out.open("wb") as stream:
        start = time.perf_counter()
        process = subprocess.Popen([sys.executable, "-c", program, *words], cwd=place, stdout=stream)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
    if status:
        sys.exit(f"govern {words} ended with status {status}")
    return wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, out.read_bytes()


def main() -> None:
    from governance.process import settle

    settle()
    if len(sys.argv) == 4:
        prepare(Path(sys.argv[2]), int(sys.argv[3]))
        return
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    os.environ["PYTHONPATH"] = f"{ROOT}:{os.environ.get('PYTHONPATH', '')}"
    os.environ |= {
        f"GIT_{who}_{what}": "bench@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        subprocess.run([sys.executable, __file__, "prepare", folder, str(rows)], check=True)
        print(
            f"| whole process, {rows:,} rows x {len(COLUMNS)} columns on either side | wall s | processor s | peak MB | printed bytes |"
        )
        print("|---|---|---|---|---|")
        for form in ("markdown", "text", "json"):
            wall, processor, peak, printed = timed(place, "diff", "HEAD", "--format", form)
            print(
                f"| `govern diff HEAD --format {form}` | {wall:.1f} | {processor:.1f} | {peak:,.0f} | {len(printed):,} |"
            )
            if form == "markdown":
                text = printed.decode()
                told = next(line for line in text.splitlines() if line.startswith("| `visits`"))
            leaked = [word for word in ("secret ", "@example.org", "K0000") if word in printed.decode()]
            if leaked:
                sys.exit(f"private values are printed: {leaked}")
        print(f"\nWhat it says: {told.split('|')[2].strip()}")


if __name__ == "__main__":
    main()
