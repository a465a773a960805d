"""Words, libraries and signals that changed without a run."""

from __future__ import annotations

import json

from fail_closed.faults import Register
from fail_closed.measured import Measured

FAULTS = Register()


@FAULTS(4, "other answers or another declaration")
def licence_changed(m: Measured) -> None:
    m.edit("params.yaml", "licence: CC0-1.0", "licence: CC-BY-4.0")


@FAULTS(4, "other answers or another declaration")
def answers_changed(m: Measured) -> None:
    m.write("answers/trees.yaml", "answers: {}\n# nobody was asked\n")


@FAULTS(4, "other answers or another declaration")
def answers_deleted(m: Measured) -> None:
    m.path("answers/trees.yaml").unlink()


@FAULTS(4, "signals")
def folds_changed(m: Measured) -> None:
    m.edit("params.yaml", "folds: 2", "folds: 3")


@FAULTS(4, "made_by")
def libraries_upgraded_without_a_run(m: Measured) -> None:
    libraries = json.loads(m.path("govern.lock").read_text(encoding="utf-8"))["libraries"]
    m.edit_json("govern.lock", libraries=libraries | {"numpy": "99.0"})
