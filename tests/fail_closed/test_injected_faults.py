"""Faults put into a workspace that passed: each ends blocked, with the exit code that its cause has, and says why."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from built_once import copied
from fail_closed import (
    faults_in_acceptance,
    faults_in_declarations,
    faults_in_evidence,
    faults_in_history,
    faults_in_policy,
    faults_in_reports,
    faults_in_runs,
    faults_in_words,
)
from fail_closed.faults import Fault, Preparation
from fail_closed.measured import Gate, Measured

MODULES = (
    faults_in_acceptance,
    faults_in_evidence,
    faults_in_reports,
    faults_in_declarations,
    faults_in_history,
    faults_in_policy,
    faults_in_runs,
    faults_in_words,
)
FAULTS = {f"{module.__name__.rsplit('_', 1)[1]}-{fault.name}": fault for module in MODULES for fault in module.FAULTS}


Prepare = Callable[[Preparation | None], Path]


@pytest.fixture(scope="module")
def prepare(original: Measured, tmp_path_factory: pytest.TempPathFactory) -> Prepare:
    """The workspace after what people did to it, each preparation once. Tests copy it and leave it alone."""
    made: dict[Preparation | None, Path] = {None: original.root}

    def prepared(after: Preparation | None) -> Path:
        if after is not None and after not in made:
            root = copied(original.root, tmp_path_factory.mktemp("prepared") / "workspace")
            after(Measured(root))
            made[after] = root
        return made[after]

    return prepared


def meet(fault: Fault, measured: Measured) -> Gate:
    """How the gate ends after `fault`."""
    ended = fault.damage(measured)
    return ended if isinstance(ended, Gate) else measured.gate()


def test_the_undamaged_workspace_passes(measured: Measured) -> None:
    ended = measured.gate()
    assert ended.code == 0, ended.text
    assert measured.git("status", "--short") == ""


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_blocks_and_is_named(prepare: Prepare, tmp_path: Path, name: str) -> None:
    fault = FAULTS[name]
    ended = meet(fault, Measured(copied(prepare(fault.after), tmp_path / "workspace")))
    assert ended.code == fault.code, ended.text
    assert fault.says.lower() in ended.text.lower()
    assert "Traceback" not in ended.text
