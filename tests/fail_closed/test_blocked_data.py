"""A new version of the data that the policy blocks: the model on it waits, and what is said can be done."""

from __future__ import annotations

from fail_closed.measured import Measured


def test_a_model_on_blocked_data_waits_for_it(measured: Measured) -> None:
    m = measured
    source = m.path("data/trees.csv")
    first = source.read_text(encoding="utf-8").splitlines()[1]
    m.edit(
        "expectations/trees/schema.py", "width: float = pa.Field(ge=0, le=100)", "width: float = pa.Field(ge=0, le=5)"
    )
    m.source(source.read_text(encoding="utf-8") + first.replace(".", "7.", 1) + "\n")
    m.measure()
    m.stage("index")
    m.commit()
    gate = m.gate()
    assert gate.code == 3, gate.text
    model = gate.text[gate.text.index("trees_logistic (model") :]
    assert "the data it was trained on, trees, is blocked; 4 requirements of the model cannot be met before it" in model
    assert "was made from another" not in model
    assert "dvc repro" not in model, "training would refuse again"
    assert "plots (dataset, tier internal): PASSED" in gate.text


def test_a_model_whose_data_is_stale_says_all_of_it(measured: Measured) -> None:
    measured.edit("params.yaml", "test: 0.25", "test: 0.5")
    gate = measured.gate()
    assert gate.code == 4
    assert "before it passes" not in gate.text
