"""What every audit says of itself beside its answers is what its benchmark measured, and nothing else."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from governance.audit import load, names
from governance.evidence import Reach

NOT_MEASURED = Reach.model_fields["measured"].default
DETECTION = Path(__file__).parent.parent / "benchmarks" / "detection"


@pytest.fixture(scope="module")
def measured() -> ModuleType:
    spec = importlib.util.spec_from_file_location("measured_in_benchmarks", DETECTION / "measured.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_audit_was_measured_or_says_that_it_was_not(measured: ModuleType) -> None:
    others = {name: load(name).reach.measured for name in names() if name not in measured.SENTENCES}
    assert set(measured.SENTENCES) <= set(names())
    assert all(said == NOT_MEASURED or said.startswith("exact: ") for said in others.values()), others


@pytest.mark.parametrize("path", sorted((DETECTION / "results").glob("*.md")), ids=lambda path: path.stem)
def test_the_audit_says_what_the_tables_say(path: Path, measured: ModuleType) -> None:
    text = path.read_text(encoding="utf-8")
    if path.stem not in measured.SENTENCES:
        assert path.stem not in names()
        return
    assert text == measured.with_sentence(path.stem, text), "run: python benchmarks/detection/measured.py"
    assert load(path.stem).reach.measured == measured.stated(text)


def test_another_figure_makes_another_sentence(measured: ModuleType) -> None:
    text = (DETECTION / "results" / "leakage.md").read_text(encoding="utf-8")
    worse = measured.with_sentence("leakage", text.replace("**796 of 800 (", "**700 of 800 ("))
    assert measured.stated(worse).startswith("of 800 planted leaks 700 were found; ")


def test_an_audit_of_ones_own_says_that_nothing_was_measured() -> None:
    assert Reach(looked_for="x", would_notice="y", cannot_see="z").measured == NOT_MEASURED == "not measured"


@pytest.mark.parametrize("name", names("evaluations"))
def test_an_evaluation_says_what_its_intervals_rest_on(name: str) -> None:
    assert load(name, "evaluations").reach.measured.startswith("not measured on planted faults: ")
