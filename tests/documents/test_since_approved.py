"""What changed since the approved version, on the first screen of a datasheet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from governance.approvals import KeptFindings
from governance.dataset import ColumnType, Role
from governance.documents.facts import Before, DatasetFacts
from governance.documents.since_approved import since_approved
from governance.evidence import Evidence, Outcome
from governance.sketches import ColumnSketch, Sketch

Later = Callable[..., DatasetFacts]


@pytest.fixture
def later(make_facts: Callable[..., DatasetFacts]) -> Later:
    """Facts on a version that differs in the given fields of its manifest from the one approved before."""

    def made(
        sketches: tuple[Sketch | None, Sketch | None] = (None, None), kept: KeptFindings | None = None, **was: Any
    ) -> DatasetFacts:
        facts = make_facts()
        manifest = facts.manifest.model_copy(update={"digest": "sha256:" + "9" * 64, **was})
        return replace(facts, before=Before("2026-01-01", manifest, *sketches, kept))

    return made


def test_a_class_of_hardly_any_rows_is_counted_and_not_named(later: Later) -> None:
    classes = {"train": {"B": 268, "M": 156, "SECRETX3": 1}, "test": {"B": 89, "M": 54}}
    lines = since_approved(later(classes=classes))
    assert "Rows per class: classes of fewer than 5 rows 1 → 2." in lines
    assert not [line for line in lines if "SECRETX3" in line or "“rare”" in line]


def sketch(*counts: int) -> Sketch:
    column = ColumnSketch(
        name="age", type=ColumnType.INTEGER, role=Role.FEATURE, private=False, kind="numbers", nulls={"all": 0},
        distinct=9, cuts=(40.0,), counts={"all": counts},
    )  # fmt: skip
    return Sketch(dataset="d", data="sha256:x", rows=sum(counts), splits={"all": sum(counts)}, columns=(column,))


def test_a_distribution_of_few_rows_that_differs_by_chance_did_not_move(later: Later) -> None:
    lines = since_approved(later((sketch(50, 50), sketch(45, 55))))
    assert "No distribution of a column moved by 2 % or more and further than chance may take it." in lines
    assert "1 distribution differs by 2 % or more, and no more than chance may give with so few rows." in lines
    lines = since_approved(later((sketch(50, 50), sketch(30, 70))))
    assert "1 distribution may have moved: “age” by 0.20 (Kolmogorov-Smirnov distance)." in lines
    assert not [line for line in lines if "chance" in line]
    lines = since_approved(later((sketch(5000, 5000), sketch(4500, 5500))))
    assert "1 distribution moved: “age” by 0.05 (Kolmogorov-Smirnov distance)." in lines
    assert not [line for line in lines if "chance" in line]


def test_distributions_that_were_not_compared_are_said(later: Later) -> None:
    for sketches in ((None, sketch(1, 1)), (sketch(1, 1), None)):
        assert [line for line in since_approved(later(sketches)) if line.startswith("Distributions were not compared")]


def test_findings_are_new_fixed_and_unchanged_against_what_was_kept(
    later: Later, make_evidence: Callable[..., Evidence]
) -> None:
    one, other = make_evidence().sealed().findings
    gone = one.model_copy(update={"fingerprint": "0" * 16})
    was = make_evidence().sealed().model_copy(update={"findings": (other, gone)})
    kept = KeptFindings.of("masses", "sha256:9", [was])
    facts = replace(later(kept=kept), evidence=(make_evidence().sealed(),))
    assert "Findings: 1 new, 1 fixed, 1 unchanged." in since_approved(facts)


@pytest.mark.parametrize(
    ("then", "now", "said"),
    [
        (Outcome.FAILED, Outcome.ASSESSED, "label_noise (failed then, assessed now)"),
        (Outcome.ASSESSED, Outcome.FAILED, "label_noise (assessed then, failed now)"),
        (Outcome.ASSESSED, None, "label_noise (assessed then, no evidence now)"),
        (None, Outcome.ASSESSED, "label_noise (no evidence then, assessed now)"),
    ],
)
def test_audits_that_did_not_answer_on_both_sides_are_not_compared(
    later: Later, make_evidence: Callable[..., Evidence], then: Outcome | None, now: Outcome | None, said: str
) -> None:
    sides = [
        [make_evidence().sealed().model_copy(update={"outcome": outcome})] if outcome is not None else []
        for outcome in (then, now)
    ]
    facts = replace(later(kept=KeptFindings.of("masses", "sha256:9", sides[0])), evidence=tuple(sides[1]))
    lines = since_approved(facts)
    assert "Findings: 0 new, 0 fixed, 0 unchanged." in lines
    assert [line for line in lines if line.startswith("Findings not compared:") and said in line]


def test_findings_that_were_not_kept_are_said(later: Later) -> None:
    assert "Findings of that version were not kept, so which are new and which are fixed cannot be told." in (
        since_approved(later())
    )
