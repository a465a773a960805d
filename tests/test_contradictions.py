"""What people say, held against what was measured: planted contradictions are found, and honest answers are not."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
from small_workspace import build, edit, judge

from governance.collect import ANSWERS, collect_dataset
from governance.config import Workspace, parse_config
from governance.contradictions import GROUNDS, contradictions
from governance.dataset import About, ColumnType, Role, Task
from governance.documents.answers import Answers, Given, read_answers
from governance.documents.denials import SUBJECTS
from governance.documents.questions import questionnaire
from governance.errors import ConfigError
from governance.evidence import Confidence, Evidence, Finding, Level, Outcome, Reach, Units, read_evidence
from governance.explaining import explain
from governance.judging import judge_workspace
from governance.lock import read_lock
from governance.manifest import Manifest, SnapshotColumn
from governance.report_files import evidence_file
from governance.verdict import read_verdict

ROOT = Path(__file__).parent.parent
TODAY = datetime.date(2026, 11, 25)
REACH = Reach(looked_for="x", would_notice="x", cannot_see="x")


def column(name: str, why: str = "", **rest: Any) -> SnapshotColumn:
    content = {"name": name, "type": ColumnType.STRING, "nulls": 0, "distinct": 9}
    return SnapshotColumn(**(content | {"private": bool(why), "private_because": why} | rest))


PLAIN = column("length", type=ColumnType.NUMBER)


def manifest(*columns: SnapshotColumn, **rest: Any) -> Manifest:
    content = {"dataset": "d", "outcome": Outcome.ASSESSED, "digest": "sha256:" + "a" * 64, "declared": "", "code": ""}
    return Manifest(**(content | {"source_path": "d.csv", "columns": (PLAIN, *columns), "rows": 9} | rest))


def measured(section: str = "composition", *findings: Finding, outcome: Outcome = Outcome.ASSESSED) -> Evidence:
    assessed = outcome is Outcome.ASSESSED
    return Evidence(
        subject="d", audit="scan", title="Scan", question="?", section=section, settings={}, inputs={}, reach=REACH,
        outcome=outcome, units=Units(name="rows", declared=9, evaluated=9) if assessed else None,
        code="" if assessed else "x", reason="" if assessed else "x", findings=findings,
    ).sealed()  # fmt: skip


def finding(rule: str, level: Level = Level.WARNING, *columns: str) -> Finding:
    return Finding(rule=rule, level=level, message="m", remedy="r", columns=columns)


def held(
    *columns: SnapshotColumn, about: About | None = None, evidence: tuple[Evidence, ...] = (measured(),),
    answers: dict[str, str] | None = None, inapplicable: dict[str, str] | None = None, **rest: Any,
) -> Evidence:  # fmt: skip
    given = {key: Given(by="Ada", on="2026-03-01", answer=text) for key, text in (answers or {}).items()}
    given |= {key: Given(by="Ada", on="2026-03-01", not_applicable=why) for key, why in (inapplicable or {}).items()}
    return contradictions(
        "d", about or About(), Answers(given), manifest(*columns, **rest), evidence, {"evidence": "x"}
    )


MAIL = column("contact", "looks like e-mail addresses")
NO_PEOPLE = About(people=False)


@pytest.mark.parametrize(
    ("columns", "evidence", "level", "named"),
    [
        ((MAIL,), (measured(),), Level.ERROR, ("contact",)),
        ((column("x", "looks like phone numbers"),), (measured(),), Level.ERROR, ("x",)),
        ((column("sex", role=Role.SENSITIVE),), (measured(),), Level.ERROR, ("sex",)),
        ((column("surname", "its name suggests personal data"),), (measured(),), Level.WARNING, ("surname",)),
        ((), (measured("composition", finding("scan/personal_data", Level.ERROR, "c")),), Level.ERROR, ("c",)),
    ],
)
def test_no_people_and_yet_people(
    columns: tuple[SnapshotColumn, ...], evidence: tuple[Evidence, ...], level: Level, named: tuple[str, ...]
) -> None:
    (found,) = held(*columns, about=NO_PEOPLE, evidence=evidence).findings
    assert (found.rule, found.level, found.columns) == ("answers/people_denied", level, named)
    assert found.message.startswith("`people: false` is declared, but ")
    assert not held(*columns, about=About(people=True), evidence=evidence).findings
    assert not held(*columns, evidence=evidence).findings


def test_a_column_that_is_not_about_people_denies_nothing() -> None:
    column_of_trees = (
        column("key", "role identifier"),
        column("words", "free text"),
        column("link", "looks like web addresses"),
    )
    assert not held(*column_of_trees, about=NO_PEOPLE).findings
    note = measured("composition", finding("scan/personal_data", Level.NOTE))
    assert not held(about=NO_PEOPLE, evidence=(note,)).findings


PLANTED: dict[str, tuple[str, tuple[SnapshotColumn, ...], dict[str, Any]]] = {
    "identifiable": ("composition.identifiable", (MAIL,), {}),
    "sensitive": ("composition.sensitive", (column("faith", role=Role.SPECIAL_CATEGORY),), {}),
    "groups": ("composition.subpopulations", (column("sex", role=Role.SENSITIVE),), {}),
    "keys": ("composition.confidential", (column("k", "looks like keys or tokens"),), {}),
    "missing": ("composition.missing", (column("gap", nulls=3),), {}),
    "links": ("composition.relationships", (column("patient", "role group", role=Role.GROUP),), {}),
    "addresses": ("composition.external", (column("page", "looks like web addresses"),), {}),
    "labels": ("composition.labels", (), {"target": "kind", "task": Task.CLASSIFICATION}),
    "secret": ("composition.confidential", (), {"evidence": (measured("composition", finding("scan/secret")),)}),
    "filed": (
        "uses.impact_on_future_use",
        (),
        {"evidence": (measured("uses.impact_on_future_use", finding("scan/x")),)},
    ),
}


@pytest.mark.parametrize("what", PLANTED)
@pytest.mark.parametrize("words", ["No.", "None is known to us.", "There are no such things.", "It does not.", "n/a"])
def test_a_denial_that_the_evidence_contradicts(what: str, words: str) -> None:
    question, columns, rest = PLANTED[what]
    said = {"inapplicable": {question: "Not here."}} if words == "n/a" else {"answers": {question: words}}
    (found,) = held(*columns, **said, **rest).findings
    assert (found.rule, found.level, found.subject) == ("answers/denied", Level.WARNING, question)
    assert question in found.message
    assert (found.confidence is Confidence.HIGH) <= (words == "n/a")
    assert not held(**said).findings, "without the fault nothing is found"


@pytest.mark.parametrize("what", PLANTED)
@pytest.mark.parametrize("words", ["Yes: see the table.", "Some. No more is known.", "Nobleness is not asked about."])
def test_an_answer_that_denies_nothing(what: str, words: str) -> None:
    question, columns, rest = PLANTED[what]
    assert not held(*columns, answers={question: words}, **rest).findings


@pytest.mark.parametrize(
    "words",
    [
        "The data contains no personal data.",
        "This dataset does not contain personal data",
        "This dataset doesn’t contain any personal data.",
        "Personal data: none",
        "It is fully anonymous",
        "All records were anonymised. See the paper.",
        "We looked. There is no personally identifiable information.",
        "Names and addresses are not included.",
        "It is without any personal data.",
    ],
)
def test_a_denial_within_an_answer(words: str) -> None:
    (found,) = held(MAIL, answers={"composition.identifiable": words}).findings
    assert (found.rule, found.confidence) == ("answers/denied", Confidence.MEDIUM)
    assert not held(answers={"composition.identifiable": words}).findings


@pytest.mark.parametrize(
    "words",
    [
        "No personal data was removed.",
        "It is not true that there is no personal data.",
        "It is not anonymous: contact holds e-mail addresses.",
        "The data contains no personal data except the e-mail addresses in contact.",
        "It contains e-mail addresses; no other personal data is included.",
        "Nobody can say that it contains no personal data.",
        "It would be anonymous without the column contact.",
        "Yes. Personal data: e-mail addresses, not verified.",
        "E-mail addresses. No cell is empty.",
        "People are named; nothing was masked.",
    ],
)
def test_what_sounds_like_a_denial_and_is_none(words: str) -> None:
    assert not held(MAIL, answers={"composition.identifiable": words}).findings


def test_nothing_confidential_beside_contact_data() -> None:
    (found,) = held(MAIL, answers={"composition.confidential": "No."}).findings
    assert found.message == (
        "composition.confidential is answered with a denial, but values of contact look like contact or account data"
    )


def test_every_question_exists() -> None:
    assert SUBJECTS.keys() == GROUNDS.keys()
    assert GROUNDS.keys() <= {question.id for question in questionnaire().questions}


@pytest.mark.parametrize(
    ("licence", "url", "answer", "levels"),
    [
        ("CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/", "CC BY 4.0, as UCI says.", []),
        ("CC-BY-4.0", "https://creativecommons.org/licenses/by-nc/4.0/", "", [Level.ERROR]),
        ("CC0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/", "", []),
        ("CC-BY-4.0", "", "It is under CC BY-NC 4.0.", [Level.WARNING]),
        ("MIT", "", "Apache-2.0", [Level.WARNING]),
        ("MIT", "", "MIT for the code that reads it, CC-BY-4.0 for the rest.", []),
        ("MIT", "https://opensource.org/license/mit", "With the permission of the clinic.", []),
        ("Terms of the clinic", "https://creativecommons.org/licenses/by/4.0/", "CC BY 4.0", []),
    ],
)
def test_licences(licence: str, url: str, answer: str, levels: list[Level]) -> None:
    said = {"distribution.licence": answer} if answer else {}
    evidence = held(about=About(licence=licence, licence_url=url), answers=said)
    assert [found.level for found in evidence.findings] == levels
    assert {found.rule for found in evidence.findings} <= {"answers/licence_differs"}


def test_nothing_said_and_nothing_measured() -> None:
    nothing = held(MAIL)
    assert (nothing.outcome, nothing.code) == (Outcome.NOT_APPLICABLE, "nothing_said")
    unmeasured = held(MAIL, about=NO_PEOPLE, evidence=(measured(outcome=Outcome.FAILED),))
    assert (unmeasured.outcome, unmeasured.code) == (Outcome.INCONCLUSIVE, "no_evidence")
    assert held(MAIL, about=NO_PEOPLE).units == Units(name="statements", declared=1, evaluated=1)


def test_a_finding_keeps_its_name_until_its_columns_change() -> None:
    one = held(MAIL, about=NO_PEOPLE).findings[0].fingerprint
    assert one == held(MAIL, about=NO_PEOPLE, evidence=(measured("uses"),)).findings[0].fingerprint
    assert one != held(MAIL, column("phone", "looks like phone numbers"), about=NO_PEOPLE).findings[0].fingerprint


@pytest.mark.parametrize("name", ["breast_cancer", "digits", "diabetes"])
def test_the_default_datasets_contradict_nothing(name: str) -> None:
    workspace = Workspace(ROOT)
    lock = read_lock(workspace)
    collected = collect_dataset(workspace, name, lock)
    assert collected.manifest is not None
    answers = read_answers(workspace.answers(name))
    found = contradictions(name, workspace.dataset(name).about, answers, collected.manifest, (measured(),), {})
    assert found.outcome is Outcome.ASSESSED
    assert not found.findings


ABOUT = "      split: {method: ratio, test: 0.25, seed: 0}\n"
MAILS = "length,width,kind,owner\n" + "".join(
    f"{10 + 3 * (i % 2) + (i * 7919 % 100) / 50},{(i * 104729 % 97) / 10},{'oak' if i % 2 else 'elm'},f{i}@example.org\n"
    for i in range(120)
)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    from small_workspace import COLUMNS, PARAMS

    return build(
        tmp_path_factory.mktemp("people") / "trees",
        **{
            "data/trees.csv": MAILS,
            "params.yaml": PARAMS.replace(ABOUT, ABOUT + "    about: {people: false}\n").replace(
                "prototype", "internal"
            ),
            "expectations/trees/columns.yaml": COLUMNS + "  - {name: owner, type: string}\n",
        },
    )


def decisions(workspace: Workspace, rule: str) -> list[Any]:
    (judgement,) = judge_workspace(workspace, TODAY).judgements
    return [decision for decision in judgement.verdict.decisions if decision.rule == rule]


def test_the_gate_blocks_the_documents_show_and_a_waiver_passes(workspace: Workspace) -> None:
    (found,) = decisions(workspace, "answers/people_denied")
    assert (found.effect, found.exit_code, found.audit) == ("block", 3, ANSWERS)
    report = workspace.report("trees")
    assert evidence_file(report, ANSWERS) == report / "answers.json"
    assert read_evidence(report / "answers.json").findings[0].fingerprint == found.fingerprint
    sheet = (report / "datasheet.md").read_text(encoding="utf-8")
    assert "`people: false` is declared, but values of owner look like contact or account data" in sheet.replace(
        "&#96;", "`"
    )
    assert "Evidence: [answers.json](answers.json)" in sheet
    assert read_verdict(report / "verdict.json").evidence[ANSWERS] == read_evidence(report / "answers.json").digest
    told = explain(found.fingerprint, judge_workspace(workspace, TODAY), workspace, TODAY)
    assert told.evidence_file == "reports/datasets/trees/answers.json"
    assert told.rows_file == ""
    waived = edit(
        workspace, "waivers.yaml", "waivers: []",
        f"waivers:\n  - {{fingerprint: {found.fingerprint}, owner: Ada, reason: Shared mailboxes of forests., "
        "expires: 2026-12-31}",
    )  # fmt: skip
    judge(waived, "trees")
    (found,) = decisions(waived, "answers/people_denied")
    assert found.effect == "waived"


def test_an_edited_or_stale_file_is_found(workspace: Workspace) -> None:
    judge(workspace, "trees")
    file = workspace.report("trees") / "answers.json"
    assert not decisions(workspace, "evidence/stale_verdict")
    before = file.read_text(encoding="utf-8")
    file.write_text(before.replace('"answers"', '"answer"', 1), encoding="utf-8")
    assert any("answers.json" in one.message for one in decisions(workspace, "evidence/stale_verdict"))
    file.unlink()
    assert any("answers.json" in one.message for one in decisions(workspace, "evidence/stale_verdict"))
    judge(workspace, "trees")
    changed = edit(
        workspace, "answers/trees.yaml", "answers: {}", "answers:\n  uses.other: {answer: Fun., by: A, on: 2026-03-01}"
    )
    assert decisions(changed, "evidence/stale_verdict")
    judge(changed, "trees")
    assert not decisions(changed, "evidence/stale_verdict")


def test_a_broken_answers_file_blocks(workspace: Workspace, tmp_path: Path) -> None:
    broken = build(tmp_path / "trees")
    broken = edit(
        broken, "answers/trees.yaml", "answers: {}", "answers: {uses.other: {answer: TBD, by: A, on: 2026-03-01}}"
    )
    (found,) = decisions(broken, "evidence/unreadable_answers")
    assert (found.effect, found.exit_code) == ("block", 4)
    assert "placeholder text" in found.message


def test_no_audit_may_have_its_name() -> None:
    for section in ("audits", "evaluations"):
        content: dict[str, Any] = {"datasets": {}, "audits": {}}
        content[section] = {"answers": {}}
        with pytest.raises(ConfigError, match="what people say, held against the evidence"):
            parse_config(content)


def test_a_policy_may_name_it(workspace: Workspace) -> None:
    softer = edit(
        workspace, "params.yaml", "policy:\n", "policy:\n  findings: [{rule: answers/people_denied, effect: note}]\n"
    )
    (found,) = decisions(softer, "answers/people_denied")
    assert found.effect == "note"
