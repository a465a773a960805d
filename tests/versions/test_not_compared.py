"""`govern diff` where one side cannot be read or did not answer: nothing is called new or fixed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from small_workspace import TABLE, build, edit, git, measure

from governance.config import Workspace
from governance.differences.difference import Clause, Difference, NotCompared, Side
from governance.versions.compare import differences
from governance.versions.words import as_markdown, as_text, headline, unknowns

BAD = TABLE.replace("\n", "\n250.0,1.0,oak\n", 1)
"""A row that breaks a rule of the schema."""


def commit(root: Path) -> None:
    git(root, "add", "-A")
    git(root, "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qm", "change")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Committed with one finding of `schema`."""
    made = build(tmp_path / "trees", **{"data/trees.csv": BAD})
    commit(made.root)
    assert len(evidence(made)["findings"]) == 1
    return made


def evidence(workspace: Workspace, audit: str = "schema") -> dict[str, Any]:
    content: dict[str, Any] = json.loads(file(workspace, audit).read_text(encoding="utf-8"))
    return content


def file(workspace: Workspace, audit: str = "schema") -> Path:
    return workspace.report("trees") / "evidence" / f"{audit}.json"


def rewrite(workspace: Workspace, change: Callable[[dict[str, Any]], object], audit: str = "schema") -> None:
    content = evidence(workspace, audit)
    change(content)
    file(workspace, audit).write_text(json.dumps(content), encoding="utf-8")


def diff(workspace: Workspace) -> Difference:
    (one,) = differences(Workspace(workspace.root), "HEAD", rows=False).datasets
    return one


def told(workspace: Workspace) -> list[str]:
    """Text and Markdown above the fold."""
    found = differences(Workspace(workspace.root), "HEAD", rows=False)
    return [as_text(found), as_markdown(found).partition("<details>")[0]]


def neither_new_nor_fixed(one: Difference) -> None:
    assert (one.new, one.fixed) == ((), ())
    assert "fixed" not in headline(one)
    assert "new" not in headline(one)


def test_evidence_that_was_edited_is_not_read_as_fixed(workspace: Workspace) -> None:
    rewrite(workspace, lambda content: content["findings"][0].update(count=2))
    one = diff(workspace)
    neither_new_nor_fixed(one)
    (item,) = one.not_compared
    assert (item.what, item.side, item.because, item.findings) == ("schema", "after", "unreadable", 1)
    for text in told(workspace):
        assert "not compared: evidence of schema here cannot be read" in text.replace("\\", "")
        assert "of 1 finding there nobody can tell what became" in text


def test_evidence_that_is_missing_is_not_read_as_fixed(workspace: Workspace) -> None:
    file(workspace).unlink()
    one = diff(workspace)
    neither_new_nor_fixed(one)
    assert "schema.json is missing" in one.not_compared[0].words
    assert str(workspace.root) not in one.not_compared[0].words


def test_evidence_that_is_missing_at_the_revision_makes_no_finding_new(workspace: Workspace) -> None:
    file(workspace).rename(workspace.root / "kept.json")
    commit(workspace.root)
    (workspace.root / "kept.json").rename(file(workspace))
    one = diff(workspace)
    neither_new_nor_fixed(one)
    (item,) = one.not_compared
    assert (item.side, item.because, item.findings) == ("before", "unreadable", 1)
    assert item.words.startswith("evidence of schema at HEAD cannot be read (reports/")


def test_a_version_without_a_snapshot_fixes_nothing_and_drops_no_column(workspace: Workspace) -> None:
    (workspace.root / "data" / "trees.csv").write_text(BAD.replace("250.0", "wide"), encoding="utf-8")
    measure(workspace)
    one = diff(workspace)
    neither_new_nor_fixed(one)
    assert (one.columns, one.counts, one.shifts) == ((), (), ())
    assert [(item.what, item.because) for item in one.not_compared] == [
        ("snapshot", "no_snapshot"), ("schema", "failed"), ("summary", "failed"),
    ]  # fmt: skip
    assert "became 0 rows" not in headline(one)
    for text in told(workspace):
        assert "not compared: there is no snapshot here" in text
        text = text.replace("\\", "")
        said = "not compared: schema and summary failed here: there is no snapshot; of 1 finding there nobody can tell"
        assert said in text
        assert text.count("failed here") == 1


def test_an_audit_that_is_not_configured_any_more_fixes_nothing(workspace: Workspace) -> None:
    one = diff(edit(workspace, "params.yaml", "  schema: {}\n", ""))
    neither_new_nor_fixed(one)
    assert [(i.what, i.because, i.words) for i in one.not_compared] == [
        ("schema", "not_configured", "schema is not configured here")
    ]


def test_an_audit_that_was_not_configured_brings_no_new_findings(workspace: Workspace) -> None:
    edit(workspace, "params.yaml", "  schema: {}\n", "")
    commit(workspace.root)
    one = diff(edit(workspace, "params.yaml", "audits:\n", "audits:\n  schema: {}\n"))
    neither_new_nor_fixed(one)
    assert [(i.side, i.words) for i in one.not_compared] == [("before", "schema is not configured at HEAD")]


def test_evidence_of_another_snapshot_than_the_manifest_is_not_compared(workspace: Workspace) -> None:
    from governance import stages

    (workspace.root / "data" / "trees.csv").write_text(TABLE, encoding="utf-8")
    stages.snapshot(workspace, "trees")
    stages.sketch(workspace, "trees")
    one = diff(workspace)
    neither_new_nor_fixed(one)
    assert {item.because for item in one.not_compared} == {"other_snapshot"}


def older(content: dict[str, Any]) -> None:
    """As a release wrote it whose evidence had other fields: this one cannot check the digest."""
    content["inputs"]["code"] = "sha256:" + "0" * 64
    content["digest"] = "sha256:" + "1" * 64
    content["reach"]["told"] = "a field that is gone"


def test_findings_of_an_older_release_are_compared_and_said_to_be_unchecked(workspace: Workspace) -> None:
    now = file(workspace).read_text(encoding="utf-8")
    rewrite(workspace, older)
    commit(workspace.root)
    file(workspace).write_text(now, encoding="utf-8")
    one = diff(workspace)
    assert (one.new, one.fixed, one.unchanged, one.not_compared) == ((), (), 1, ())
    assert one.unchecked == ("schema",)
    for text in told(workspace):
        assert "not checked: digests of schema, as another release wrote them" in text
    (workspace.root / "data" / "trees.csv").write_text(TABLE, encoding="utf-8")
    measure(workspace)
    one = diff(workspace)
    assert [finding.rule for finding in one.fixed] == ["schema/check_failed"]
    assert not one.new


def test_findings_of_an_older_release_may_be_rows_without_fingerprints(workspace: Workspace) -> None:
    (known,) = evidence(workspace)["findings"]

    def folded(content: dict[str, Any]) -> None:
        older(content)
        shape = {key: value for key, value in known.items() if key not in {"fingerprint", "message"}}
        content["alike"] = {"findings": [{**shape, "message": {"text": ["Broken: ", 0]}}]}
        content["findings"] = [[0, "all of it"]]

    now = file(workspace).read_text(encoding="utf-8")
    rewrite(workspace, folded)
    commit(workspace.root)
    file(workspace).write_text(now, encoding="utf-8")
    one = diff(workspace)
    assert (one.new, one.fixed, one.unchanged, one.unchecked) == ((), (), 1, ("schema",))


def test_evidence_that_this_release_wrote_and_somebody_edited_is_not_taken_for_an_older_one(
    workspace: Workspace,
) -> None:
    now = file(workspace).read_text(encoding="utf-8")
    rewrite(workspace, lambda content: content["findings"].clear())
    commit(workspace.root)
    file(workspace).write_text(now, encoding="utf-8")
    one = diff(workspace)
    neither_new_nor_fixed(one)
    assert [(item.what, item.because) for item in one.not_compared] == [("schema", "unreadable")]


@pytest.mark.parametrize("damage", ["{", '{"schema_version": 2}', '{"schema_version": 1}', "[]", "null"])
def test_past_evidence_that_says_nothing_is_not_compared(workspace: Workspace, damage: str) -> None:
    now = file(workspace).read_text(encoding="utf-8")
    file(workspace).write_text(damage, encoding="utf-8")
    commit(workspace.root)
    file(workspace).write_text(now, encoding="utf-8")
    neither_new_nor_fixed(diff(workspace))
    assert diff(workspace).not_compared[0].because == "unreadable"


def test_manifests_of_an_older_release_are_compared_and_edited_ones_are_not(workspace: Workspace) -> None:
    manifest = workspace.report("trees") / "manifest.json"
    now = manifest.read_text(encoding="utf-8")
    edited = re.sub(r'"seal": "sha256:.', '"seal": "sha256:x', now)
    for content, unchecked, compared in (
        (edited, (), False),
        (re.sub(r'"code": "sha256:....', '"code": "sha256:0000', edited), ("snapshot",), True),
    ):
        manifest.write_text(content, encoding="utf-8")
        commit(workspace.root)
        manifest.write_text(now, encoding="utf-8")
        one = diff(workspace)
        assert one.unchecked == unchecked
        assert [item.what for item in one.not_compared] == ([] if compared else ["snapshot"])
        assert (one.columns, one.counts) == ((), ())
        assert "0 rows" not in headline(one)


def test_answers_and_sketches_that_cannot_be_read_are_named(workspace: Workspace) -> None:
    (workspace.answers("trees")).write_text("answers: {", encoding="utf-8")
    (workspace.report("trees") / "sketch.json").write_text("{", encoding="utf-8")
    one = diff(workspace)
    assert [(item.what, item.because) for item in one.not_compared] == [
        ("distributions", "unreadable"), ("answers", "unreadable"),
    ]  # fmt: skip
    assert one.answers == ()


def test_a_verdict_that_cannot_be_read_is_not_called_none(workspace: Workspace) -> None:
    (workspace.report("trees") / "verdict.json").write_text("{", encoding="utf-8")
    assert "became unreadable" in headline(diff(workspace))


def test_findings_of_a_dataset_that_is_gone_are_not_fixed(workspace: Workspace) -> None:
    params = workspace.root / "params.yaml"
    params.write_text(params.read_text(encoding="utf-8").replace("  trees:\n", "  shrubs:\n"), encoding="utf-8")
    found = {one.name: one for one in differences(Workspace(workspace.root), "HEAD", rows=False).datasets}
    assert found["trees"].fixed == ()
    assert found["trees"].after is None


def test_what_is_said_of_many_audits_is_said_once() -> None:
    def missing(what: str, *clauses: Clause, findings: int | None = 2, side: Side = "after") -> NotCompared:
        return NotCompared(what=what, side=side, because="failed", clauses=clauses, findings=findings)

    def here(form: str, reason: str = "") -> Clause:
        return Clause(form=form, place="here", reason=reason)

    failed = "{what} failed {place}: {reason}"
    why = "there is no snapshot: column a; b failed is {missing}"
    items = [missing(f"a{n}", here(failed, why)) for n in range(14)]
    before, after = (
        Clause(form="{what} {was} not applicable {place}", place="at v1"),
        here("{what} {is} not configured {place}"),
    )
    items += [missing(name, before, after, findings=None, side="both") for name in "xy"]
    items.append(missing("e", here("evidence of {what} {place} cannot be read ({reason})", "e.json"), findings=1))
    items.append(missing("z", here(failed, "another"), findings=0))
    one = Difference.model_construct(not_compared=tuple(items), unchecked=())
    names = ", ".join(f"a{n}" for n in range(12))
    assert unknowns(one) == [
        f"not compared: {names} and 2 more failed here: {why}; of 28 findings there nobody can tell what became",
        "not compared: x and y were not applicable at v1; are not configured here",
        "not compared: evidence of e here cannot be read (e.json); of 1 finding there nobody can tell what became",
        "not compared: z failed here: another",
    ]
