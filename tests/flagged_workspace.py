"""A workspace whose audit of copies points to rows, and what people do with its sheets."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import pytest
from built_once import built_once, copied
from small_workspace import FILES, PARAMS, TABLE, build

from governance.cli.quarantine import quarantine
from governance.config import Workspace


def flagged(factory: pytest.TempPathFactory, root: Path) -> Workspace:
    """Two rows, each there three times, and once with another label: a copy at `root` of what is measured once."""
    return Workspace(copied(built_once(factory, "flagged", measured), root))


def measured(root: Path, target: str = "kind") -> None:
    """A workspace of these rows at `root`, their label called `target`."""
    rows = TABLE.splitlines()
    copies = [*rows[1:3] * 2, rows[1].replace("elm", "oak"), rows[2].replace("oak", "elm")]
    params = PARAMS.replace("  summary: {}\n", "  summary: {}\n  duplicates: {}\n")
    params = params.replace("      split:", "      task: classification\n      target: kind\n      split:")
    changed = FILES | {"params.yaml": params, "data/trees.csv": TABLE + "\n".join(copies) + "\n"}
    build(root, **{path: text.replace("kind", target) for path, text in changed.items()})


def fill(sheet: Path, answers: Mapping[int, tuple[str, str, str]]) -> None:
    """Write decision, `to` and `why` into lines of `sheet`, the first row being 1."""
    lines = list(csv.reader(sheet.read_text(encoding="utf-8-sig").splitlines()))
    for number, answer in answers.items():
        lines[number][2:5] = answer
    with sheet.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines)


def ask(**words: object) -> None:
    """`govern quarantine trees`, by Ada."""
    given: dict[str, object] = {
        "audit": None, "limit": 100, "to": "", "from_": "", "by": "Ada", "check": False, "replace": False, "new_label": None,
    }  # fmt: skip
    quarantine("trees", **(given | words))  # type: ignore[arg-type]
