"""What the snapshot and its evidence answer by themselves: nothing that was found is said not to have been looked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from governance.dataset import ColumnType
from governance.documents.facts import DatasetFacts
from governance.documents.first_screen import in_short, needs
from governance.documents.measured import MEASURED
from governance.documents.replies import Reply
from governance.evidence import Confidence, Evidence, Finding, Level
from governance.manifest import SnapshotColumn
from governance.read_options import ReadOptions
from governance.verdict import Decision

Facts = Callable[..., DatasetFacts]
CODED = Finding(
    rule="tidiness/null_coding",
    level=Level.WARNING,
    confidence=Confidence.HIGH,
    message="Column 'age': 55 cells code one.",
    remedy="Declare the codes.",
)


def test_values_that_stand_for_missing_ones_are_named_where_they_were_found(
    make_facts: Facts, make_evidence: Callable[..., Evidence]
) -> None:
    tidy = make_evidence(audit="tidiness", title="Tidiness", section="preprocessing", findings=(CODED,))
    said = MEASURED["composition.missing"](make_facts(evidence=(tidy,)))
    assert said is not None
    assert "Column 'age': 55 cells code one." in said
    assert not [line for line in said if "not looked for" in line]


def test_codes_such_as_999_are_spoken_of_where_there_are_cells_beside_images_and_their_names(make_facts: Facts) -> None:
    facts = make_facts()
    manifest = facts.manifest
    whole = [column.model_copy(update={"nulls": 0}) for column in manifest.columns]
    target = next(column for column in whole if column.name == manifest.target)
    image = target.model_copy(update={"name": "image", "type": ColumnType.IMAGE})

    def said(columns: list[SnapshotColumn]) -> str:
        held = manifest.model_copy(update={"columns": tuple(columns)})
        return " ".join(MEASURED["composition.missing"](replace(facts, manifest=held)) or ())

    assert "such as 999" in said(whole)
    assert "such as 999" not in said([image, target])


def test_mistakes_of_every_section_about_records_are_listed(
    make_facts: Facts, make_evidence: Callable[..., Evidence]
) -> None:
    sections = ("composition", "collection", "preprocessing", "maintenance")
    found = [make_evidence(audit=name, title=name.title(), section=name, findings=(CODED,)) for name in sections]
    said = MEASURED["composition.errors"](make_facts(evidence=tuple(found)))
    assert said is not None
    assert [line.partition(":")[0] for line in said] == ["Composition", "Collection", "Preprocessing"]


def test_how_numbers_and_dates_were_written_is_said(make_facts: Facts) -> None:
    facts = make_facts()
    plain = MEASURED["preprocessing.done"](facts)
    read = ReadOptions(decimal=",", thousands=".", date_format="%d.%m.%Y")
    data = facts.dataset.data.model_copy(update={"read": read})
    said = MEASURED["preprocessing.done"](replace(facts, dataset=facts.dataset.model_copy(update={"data": data})))
    assert plain is not None
    assert said is not None
    assert [line for line in said if line not in plain] == [
        "Numbers were read with ',' as the decimal mark and '.' between thousands.",
        "Dates were read as %d.%m.%Y or as 2026-01-31.",
    ]


def test_a_question_that_blocks_is_asked_for_once_and_is_no_finding_to_waive(make_facts: Facts) -> None:
    verdict = make_facts().verdict
    open_ = Decision(rule="answer/uses.do_not_use", effect="block", exit_code=3, message="nobody has said")
    blocked = verdict.model_copy(update={"decisions": (open_,)})
    said = tuple(
        Reply(id=name, question=name, short=name, state="open", label="Open", who="the owner")
        for name in ("uses.do_not_use", "uses.repository")
    )
    needed = needs(blocked, (), said, ())
    assert "waiver" not in " ".join(need.text for need in needed)
    assert [(need.verb, [key for _, key in need.items]) for need in needed] == [
        ("Answer", ["uses.do_not_use"]),
        ("Answer", ["uses.repository"]),
    ]
    assert in_short(needed) == "2 answers"
