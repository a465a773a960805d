"""What the first screen says about people while nobody has declared it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from governance.dataset import ColumnType, Role
from governance.documents.facts import DatasetFacts
from governance.documents.people import about_people
from governance.evidence import Evidence, Finding, Level
from governance.manifest import Manifest, SnapshotColumn


def found(rule: str, level: Level, *columns: str) -> Finding:
    return Finding(rule=rule, level=level, message="m", remedy="r", columns=columns)


@pytest.mark.parametrize(
    ("findings", "people", "said"),
    [
        ([], None, "not declared"),
        (
            [found("privacy/personal_data", Level.WARNING, "note"), found("other/direct_identifier", Level.ERROR, "contact")],
            None, "not declared; personal data was found in contact and note",
        ),
        ([found("privacy/personal_data", Level.NOTE, "note")], None, "not declared"),
        ([found("privacy/personal_data", Level.NOTE, "phone")], None, "not declared; personal data was found in phone"),
        ([found("duplicates/exact", Level.ERROR, "note")], None, "not declared"),
        ([found("privacy/personal_data", Level.ERROR, "note")], True, "yes"),
        ([found("privacy/personal_data", Level.ERROR, "note")], False, "no"),
    ],
)  # fmt: skip
def test_what_was_found_stands_beside_what_nobody_declared(
    make_facts: Callable[..., DatasetFacts], make_evidence: Callable[..., Evidence],
    make_manifest: Callable[..., Manifest], findings: list[Finding], people: bool | None, said: str,
) -> None:  # fmt: skip
    columns = tuple(
        SnapshotColumn(name=name, type=ColumnType.STRING, private=True, nulls=0, distinct=9, role=role)
        for name, role in (("contact", None), ("note", None), ("phone", Role.PRIVATE))
    )
    facts = make_facts(evidence=(make_evidence(findings=tuple(findings)),), manifest=make_manifest(columns=columns))
    about = facts.dataset.about.model_copy(update={"people": people})
    facts = replace(facts, dataset=facts.dataset.model_copy(update={"about": about}))
    assert about_people(facts) == said
