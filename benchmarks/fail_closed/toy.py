"""The tutorial's project, with the data of the tests, and how its gate ends."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import os
import shutil
import subprocess
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parents[1] / "tests")]

from fail_closed.sources import KINDS, LENGTHS, WIDTHS, table  # noqa: E402 - the tests' own data

__all__ = ["KINDS", "LENGTHS", "WIDTHS", "Toy", "table"]

SCHEMA = """\
import pandera.pandas as pa

schema = pa.DataFrameSchema({{
    "length": pa.Column(float, pa.Check.in_range(0, 100), coerce=True),
{width}    "kind": pa.Column(str, pa.Check.isin(["oak", "elm"])),
}})
"""
WIDTH = '    "width": pa.Column(float, pa.Check.in_range(0, 100), coerce=True{more}),\n'
CRASH = 86
"""What `check` returns when the script raises; Python itself would end with 1."""
PARAMS = {"target": "kind", "watched": "label", "max_share": 0.05}


def expectation(kind: str, severity: str = "critical", **kwargs: Any) -> dict[str, Any]:
    """One entry of a suite."""
    return {"type": kind, "kwargs": kwargs, "severity": severity}


KIND_IS_THERE = expectation("expect_column_values_to_not_be_null", column="kind")


def script() -> ModuleType:
    """validate.py as a module, loaded once: its imports are the main cost of a run."""
    if "tutorial_validate" not in sys.modules:
        spec = importlib.util.spec_from_file_location("tutorial_validate", HERE / "tutorial" / "validate.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules["tutorial_validate"] = module
        spec.loader.exec_module(module)
    return sys.modules["tutorial_validate"]


@dataclass(frozen=True)
class Toy:
    """One copy of the tutorial's project, with one dataset `trees`."""

    root: Path

    @classmethod
    def make(cls, root: Path) -> Toy:
        """The project as its author left it: everything passes."""
        root.mkdir(parents=True)
        for name in ("validate.py", "dvc.yaml"):
            shutil.copy(HERE / "tutorial" / name, root / name)
        made = cls(root)
        made.write("params.yaml", json.dumps({"datasets": {"trees": {}}}))
        made.data(length=LENGTHS, width=WIDTHS, kind=KINDS)
        made.schema()
        made.suite(KIND_IS_THERE, expectation("expect_column_values_to_be_between", column="length", min_value=0))
        made.params()
        return made

    def write(self, name: str, text: str) -> None:
        """Write a file."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def data(self, **columns: list[Any]) -> None:
        """Another table."""
        self.write("trees/data.csv", table(columns))

    def schema(self, width: str | None = "") -> None:
        """The schema, with more said of `width`, or with nothing said of it."""
        self.write("trees/schema.py", SCHEMA.format(width="" if width is None else WIDTH.format(more=width)))

    def suite(self, *expectations: dict[str, Any]) -> None:
        """Another suite."""
        self.write("trees/suite.json", json.dumps({"name": "trees", "expectations": list(expectations)}))

    def params(self, **values: Any) -> None:
        """Other parameters; JSON is YAML, and Python's NaN is written as YAML spells it."""
        text = json.dumps(PARAMS | values).replace("NaN", ".nan").replace("Infinity", ".inf")
        self.write("trees/params.yaml", text)

    def check(self) -> int:
        """The script's exit code, run in this process; CRASH when it raises."""
        quiet = io.StringIO()
        with contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                return int(script().validate(self.root / "trees"))
            except Exception:
                return CRASH

    def process(self, *command: str, **environment: str) -> int:
        """Exit code of a command in the project."""
        place = Path(sys.executable).parent
        env = {**os.environ, "PATH": f"{place}:{os.environ['PATH']}", "DVC_NO_ANALYTICS": "1", **environment}
        done = subprocess.run(command, cwd=self.root, env=env, capture_output=True, check=False)
        return done.returncode

    def repro(self, *words: str) -> int:
        """Exit code of `dvc repro`, which is the tutorial's gate; sets up git and DVC first."""
        if not (self.root / ".dvc").exists():
            self.process("git", "init", "-q")
            self.process("dvc", "init", "-q")
        return self.process("dvc", "repro", *words)
