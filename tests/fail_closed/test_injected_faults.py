"""Faults put into a workspace that passed: each ends blocked, with the exit code that its cause has, and says why."""

from __future__ import annotations

import pytest
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
from fail_closed.faults import Fault
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


def meet(fault: Fault, measured: Measured) -> Gate:
    """How the gate ends after `fault`."""
    ended = fault.damage(measured)
    return ended if isinstance(ended, Gate) else measured.gate()


def test_the_undamaged_workspace_passes(measured: Measured) -> None:
    ended = measured.gate()
    assert ended.code == 0, ended.text
    assert measured.git("status", "--short") == ""


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_blocks_and_is_named(measured: Measured, name: str) -> None:
    fault = FAULTS[name]
    ended = meet(fault, measured)
    assert ended.code == fault.code, ended.text
    assert fault.says.lower() in ended.text.lower()
    assert "Traceback" not in ended.text
