"""`govern approve` on a real workspace of the tier that wants two people, neither the author of the change."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from accepting.place import Place
from built_once import built_once, copied
from small_workspace import TABLE, git, judge

from governance.access import require
from governance.approvals import last_approved, read_approvals, read_kept
from governance.clock import today
from governance.errors import Blocked, ConfigError, EvidenceError

POLICY = "policy:\n  tier: prototype\n  approvals: {roles: [data_owner, reviewer], people: 2}\n"
BOB, CYD, ADA = ("Bob Baker", "bob@example.org"), ("Cyd Carter", "cyd@example.org"), ("Ada Author", "ada@example.org")


@pytest.fixture
def regulated(template: Path, anonymous: None, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Clean data, committed by Ada Author, under a policy that wants two other people."""

    def build(folder: Path) -> None:
        place = Place(copied(template, folder))
        place.edit("params.yaml", "policy:\n  tier: prototype\n", POLICY)
        place.write("data/trees.csv", TABLE)
        place.measure()
        place.commit(*ADA)

    return Place(copied(built_once(tmp_path_factory, "regulated", build), tmp_path / "workspace"))


def approve(place: Place, who: tuple[str, str], role: str = "data_owner", *words: str) -> tuple[int, str]:
    git(place.root, "config", "user.name", who[0])
    git(place.root, "config", "user.email", who[1])
    return place.govern("approve", "trees", "--role", role, "--note", "Looked at the datasheet.", *words)


def documents(place: Place) -> None:
    """The next step that the command names, without DVC."""
    judge(place.workspace, "trees")


def approved(place: Place) -> None:
    for who, role in ((BOB, "data_owner"), (CYD, "reviewer")):
        code, text = approve(place, who, role)
        assert code == 0, text
        documents(place)
        place.commit(*who)


def digest(place: Place) -> str:
    import json

    return str(json.loads(place.read("reports/datasets/trees/manifest.json"))["digest"])


def test_two_people_approve_and_the_gate_passes(regulated: Place) -> None:
    code, text = regulated.govern("gate")
    assert code == 3
    assert "an approval as data_owner" in text
    code, text = approve(regulated, BOB)
    assert code == 0, text
    assert "Still missing: the policy wants an approval as reviewer" in text
    assert "Next: dvc repro, which" in text
    assert "git add approvals/ references/ reports/ dvc.lock && git commit" in text
    assert "Frozen" not in text
    assert last_approved(regulated.root, "trees") is None, "half an approval is none"
    code, text = regulated.govern("gate")
    assert code == 4
    assert "approvals that were given since" in text, "the documents do not show it yet"
    documents(regulated)
    regulated.commit(*BOB)
    assert regulated.govern("gate")[0] == 3
    code, text = approve(regulated, CYD, "reviewer")
    assert code == 0, text
    assert "Frozen: references/trees/" in text
    documents(regulated)
    regulated.commit(*CYD)
    code, text = regulated.govern("gate")
    assert code == 0, text
    assert [one.by for one in read_approvals(regulated.root, "trees")] == ["Bob Baker", "Cyd Carter"]


def test_to_approve_changes_no_evidence_and_no_verdict(regulated: Place) -> None:
    names = ("manifest.json", "verdict.json", "evidence/schema.json", "evidence/summary.json")
    before = [regulated.read(f"reports/datasets/trees/{name}") for name in names]
    approved(regulated)
    regulated.measure()
    assert [regulated.read(f"reports/datasets/trees/{name}") for name in names] == before
    assert regulated.govern("gate")[0] == 0
    assert last_approved(regulated.root, "trees", digest(regulated)) is None, "never compared with itself"
    found = last_approved(regulated.root, "trees", "sha256:another")
    assert found is not None
    assert found.data == digest(regulated)
    assert found.manifest.read_text(encoding="utf-8") == before[0]
    assert found.approval.by == "Cyd Carter"


def test_the_sketch_is_frozen_with_the_manifest(regulated: Place) -> None:
    approved(regulated)
    found = last_approved(regulated.root, "trees")
    assert found is not None
    assert found.sketch is not None
    assert found.sketch.read_text(encoding="utf-8") == regulated.read("reports/datasets/trees/sketch.json")
    assert found.sketch.name == f"{digest(regulated).removeprefix('sha256:')[:16]}.json"


def test_what_was_found_is_kept_and_a_later_version_says_what_is_new_and_fixed(regulated: Place) -> None:
    approved(regulated)
    found = last_approved(regulated.root, "trees")
    assert found is not None
    assert found.findings is not None
    kept = read_kept(found.findings)
    assert (kept.dataset, kept.data) == ("trees", digest(regulated))
    assert {name for name, outcome in kept.outcomes.items() if outcome == "assessed"} >= {"schema", "summary"}
    regulated.write("data/trees.csv", TABLE.replace(",9.6,elm", ",101.0,elm"))
    regulated.measure()
    sheet = regulated.read("reports/datasets/trees/datasheet.md")
    assert f"Findings: 1 new, 0 fixed, {len(kept.findings)} unchanged." in sheet
    found.findings.write_text(
        found.findings.read_text(encoding="utf-8").replace('"summary": "assessed"', '"summary": "failed"'),
        encoding="utf-8",
    )
    with pytest.raises(EvidenceError, match="was changed after it was written"):
        read_kept(found.findings)
    documents(regulated)
    assert "Findings of that version were not kept" in regulated.read("reports/datasets/trees/datasheet.md")


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("data/trees.csv", ",9.6,elm", ",9.5,elm"),
        ("answers/trees.yaml", "answers: {}", "answers:\n  motivation.purpose: {answer: To try., by: Ada, on: 2026-05-01}"),
        ("params.yaml", "tier: prototype", "minimum_units: 2\n  tier: prototype"),
    ],
)  # fmt: skip
def test_it_lapses_when_data_verdict_or_documents_change(regulated: Place, file: str, old: str, new: str) -> None:
    approved(regulated)
    regulated.edit(file, old, new)
    regulated.measure()
    regulated.commit(*ADA)
    code, text = regulated.govern("gate")
    assert code == 3, text
    assert "an approval as data_owner" in text
    assert "an approval as reviewer" in text


def test_the_author_of_the_change_may_not(regulated: Place) -> None:
    code, text = approve(regulated, ADA)
    assert code == 3
    assert "Ada Author made this change" in text
    assert not (regulated.root / "approvals").exists()
    code, text = approve(regulated, ("Ada Under Another Name", "ADA@example.org"))
    assert code == 3


def test_a_co_author_is_an_author(regulated: Place) -> None:
    regulated.write("data/trees.csv", TABLE.replace(",9.6,elm", ",9.5,elm"))
    regulated.measure()
    regulated.commit(*ADA, message="change\n\nCo-authored-by: Bob Baker <bob@example.org>")
    assert approve(regulated, BOB)[0] == 3
    assert approve(regulated, CYD)[0] == 0


def test_an_approval_that_an_author_wrote_by_hand_does_not_count(regulated: Place) -> None:
    approved(regulated)
    text = regulated.read("approvals/trees.yaml").replace('"Bob Baker"', '"Ada Author"').replace("bob@", "ada@")
    regulated.write("approvals/trees.yaml", text)
    documents(regulated)
    regulated.commit(*ADA)
    code, said = regulated.govern("gate")
    assert code == 3
    assert "what the author of the change says does not count" in said


def test_one_person_in_two_roles_is_one_person(regulated: Place) -> None:
    for role in ("data_owner", "reviewer"):
        assert approve(regulated, BOB, role)[0] == 0
        documents(regulated)
        regulated.commit(*BOB)
    code, text = regulated.govern("gate")
    assert code == 3
    assert "2 different people" in text
    assert last_approved(regulated.root, "trees") is None


def test_nothing_is_approved_twice_nor_without_a_word(regulated: Place) -> None:
    assert approve(regulated, BOB)[0] == 0
    documents(regulated)
    regulated.commit(*BOB)
    code, text = approve(regulated, BOB)
    assert (code, "already" in text) == (2, True)
    assert approve(regulated, CYD, "Data Owner")[0] == 2
    git(regulated.root, "config", "user.name", "Cyd Carter")
    assert regulated.govern("approve", "trees", "--role", "reviewer", "--note", " ")[0] == 2
    assert regulated.govern("approve", "treees", "--role", "reviewer", "--note", "seen")[0] == 2
    assert len(read_approvals(regulated.root, "trees")) == 1


def test_what_is_blocked_cannot_be_approved(place: Place) -> None:
    git(place.root, "config", "user.name", "Bob Baker")
    words = ("approve", "trees", "--role", "data_owner", "--note", "seen")
    code, text = place.govern(*words)
    assert code == 3
    assert "cannot be approved while the gate blocks it" in text
    place.write("reports/datasets/trees/evidence/schema.json", "{")
    assert place.govern(*words)[0] == 4
    assert not (place.root / "approvals").exists()


def test_a_change_that_is_not_committed_has_no_author(regulated: Place) -> None:
    regulated.write("data/trees.csv", TABLE.replace(",9.6,elm", ",9.5,elm"))
    regulated.measure()
    git(regulated.root, "add", "-A")
    code, text = approve(regulated, BOB)
    assert code == 4
    assert "is not committed as it is here" in text
    code, text = regulated.govern("gate")
    assert code == 4


def test_a_shallow_clone_does_not_know_the_author(regulated: Place, tmp_path: Path) -> None:
    approved(regulated)
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{regulated.root}", "shallow")
    code, text = Place(tmp_path / "shallow").govern("gate")
    assert code == 4
    assert "fetch-depth: 0" in text
    git(tmp_path, "clone", "-q", f"file://{regulated.root}", "whole")
    assert Place(tmp_path / "whole").govern("gate")[0] == 0


def test_a_name_that_is_given_comes_without_gits_address(regulated: Place) -> None:
    assert approve(regulated, ADA, "data_owner", "--name", "Bob Baker")[0] == 0
    (given,) = read_approvals(regulated.root, "trees")
    assert (given.by, given.email) == ("Bob Baker", "")


def test_training_code_gets_approved_data_or_a_refusal(regulated: Place) -> None:
    with pytest.raises(Blocked, match="an approval as data_owner"):
        require("trees", regulated.root)
    approved(regulated)
    assert require("trees", regulated.root).digest == digest(regulated)


def test_approvals_that_cannot_be_read_stop_the_gate(regulated: Place, tmp_path: Path) -> None:
    approved(regulated)
    good = regulated.read("approvals/trees.yaml")
    for bad in ("approvals: [\n", "approvals: all\n", good.replace('role: "reviewer"', "role: Re viewer"),
                good.replace("data: ", "dat: ")):  # fmt: skip
        regulated.write("approvals/trees.yaml", bad)
        code, text = regulated.govern("gate")
        assert code == 2, text
        assert "approvals/trees.yaml" in text
    with pytest.raises(ConfigError):
        require("trees", regulated.root)
    (regulated.root / "approvals" / "trees.yaml").unlink()
    elsewhere = tmp_path / "elsewhere.yaml"
    elsewhere.write_text(good, encoding="utf-8")
    (regulated.root / "approvals" / "trees.yaml").symlink_to(elsewhere)
    code, text = regulated.govern("gate")
    assert code == 4
    assert "symbolic link" in text
    with pytest.raises(EvidenceError):
        require("trees", regulated.root)


def test_an_approval_of_a_later_version_leaves_this_one_alone(regulated: Place) -> None:
    """As when the approval of a change is merged before the change itself."""
    approved(regulated)
    later = read_approvals(regulated.root, "trees")[-1].model_dump(mode="json") | {"data": f"sha256:{'d' * 64}"}
    lines = "".join(f"{'  - ' if key == 'by' else '    '}{key}: {value!r}\n" for key, value in later.items())
    regulated.write("approvals/trees.yaml", regulated.read("approvals/trees.yaml") + lines)
    regulated.write(f"references/trees/{'d' * 16}.manifest.json", "{}\n")
    regulated.commit(*BOB)
    code, text = regulated.govern("gate")
    assert code == 0, text


def test_a_change_does_not_approve_itself(regulated: Place) -> None:
    base = git(regulated.root, "rev-parse", "HEAD").strip()
    approved(regulated)
    assert regulated.govern("gate")[0] == 0
    code, text = regulated.govern("gate", "--base", base)
    assert code == 3
    assert "would pass with this approval: merge it first" in text
    assert regulated.govern("gate", "--base", "HEAD")[0] == 0


def test_a_change_puts_nothing_into_the_baseline_for_itself(place: Place) -> None:
    base = git(place.root, "rev-parse", "HEAD").strip()
    assert place.govern("baseline", "--name", "Bob Baker")[0] == 0
    place.judge()
    place.commit(*BOB)
    assert place.govern("gate")[0] == 0
    assert place.govern("gate", "--base", base)[0] == 3
    assert place.govern("gate", "--base", "HEAD")[0] == 0


def test_an_approval_dated_tomorrow_week_does_not_count(regulated: Place) -> None:
    approved(regulated)
    day = today()
    text = regulated.read("approvals/trees.yaml").replace(day.isoformat(), str(day + datetime.timedelta(days=7)))
    regulated.write("approvals/trees.yaml", text)
    documents(regulated)
    regulated.commit(*BOB)
    assert regulated.govern("gate")[0] == 3


def test_the_next_person_approves_without_a_run_between(regulated: Place) -> None:
    assert approve(regulated, BOB)[0] == 0
    code, text = approve(regulated, CYD, "reviewer")
    assert code == 0, text
    assert "the documents do not show approvals that were given since" in regulated.govern("gate")[1]
    regulated.edit("approvals/trees.yaml", "Looked at the datasheet.", "Looked at all.")
    documents(regulated)
    assert regulated.govern("gate")[0] == 0
    regulated.edit("approvals/trees.yaml", "Looked at all.", "Looked at more.")
    assert approve(regulated, ("Dee Dunn", "dee@example.org"), "reviewer")[0] == 4, "one that they show was changed"


def test_an_approval_that_documents_do_not_show_yet_leaves_controls_evidenced(regulated: Place) -> None:
    (regulated.root / "reports" / "index.html").write_text("older", encoding="utf-8")
    assert approve(regulated, BOB)[0] == 0
    code, text = regulated.govern("controls", "--framework", "eu_ai_act")
    said = "note: the documents are older than the approvals; run `govern repro`"
    assert (code, text.splitlines()[0]) == (0, said)
    assert "reports/datasets/trees/evidence/summary.json" in text
