"""Baselines, approvals and answers that let through more than people agreed to."""

from __future__ import annotations

import json
import shutil

from fail_closed.faults import Register
from fail_closed.faults_in_policy import DAY, broken, judged_by, policy
from fail_closed.measured import Measured

from governance.clock import today

FAULTS = Register()
APPROVALS = "approvals/trees.yaml"
DEMAND = "  required_evaluations: [performance]\n  approvals: {roles: [data_owner, reviewer], people: 2}\n"
BOB, CYD = ("Bob Baker", "bob@example.org"), ("Cyd Carter", "cyd@example.org")


def said(m: Measured, *words: str) -> None:
    """Run a command of govern that must succeed."""
    ended = m.govern(*words)
    assert ended.code == 0, ended.text


def known(m: Measured) -> None:
    """What blocks is in the baseline, and the gate passes."""
    broken(m)
    m.commit()
    said(m, "baseline", "--name", "Bob Baker")
    m.judge()
    m.model()
    m.commit()
    assert m.gate().code == 0


def entry(m: Measured, old: str, new: str) -> None:
    """The baseline with one change by hand, and verdicts that know it."""
    m.edit("baseline.yaml", old, new)
    m.judge()
    m.commit()


@FAULTS(3, "worse than in the baseline", after=known)
def the_baseline_counts_fewer(m: Measured) -> None:
    text = m.path("baseline.yaml").read_text(encoding="utf-8")
    count = text.partition("count: ")[2].partition(",")[0]
    entry(m, f"count: {count},", "count: 1,")


@FAULTS(4, "lets through more than there is", after=known)
def the_baseline_outlives_what_was_repaired(m: Measured) -> None:
    before = m.path("baseline.yaml").read_text(encoding="utf-8")
    m.edit("expectations/trees/schema.py", "ge=0, le=5", "ge=0, le=100")
    m.measure(audits=("schema", "expectations"))
    m.write("baseline.yaml", before)
    m.commit()


@FAULTS(4, "lets through more than there is", after=known)
def the_baseline_lets_through_more_units(m: Measured) -> None:
    text = m.path("baseline.yaml").read_text(encoding="utf-8")
    count = text.partition("count: ")[2].partition(",")[0]
    m.edit("baseline.yaml", f"count: {count},", "count: 100000,")
    m.commit()


@FAULTS(4, "when the baseline was recorded it evaluated", after=known)
def a_check_that_the_baseline_knows_is_gone(m: Measured) -> None:
    m.edit("expectations/trees/schema.py", "    length: float = pa.Field(ge=0, le=100)\n", "    length: float\n")
    m.measure(audits=("schema",))
    m.commit()


@FAULTS(2, "baseline.yaml")
def the_baseline_is_no_yaml(m: Measured) -> None:
    m.write("baseline.yaml", "datasets: [\n")


@FAULTS(2, "baseline.yaml: everything")
def the_baseline_has_a_wildcard(m: Measured) -> None:
    m.write("baseline.yaml", "everything: true\n")


@FAULTS(2, "does not say who recorded this")
def the_baseline_is_nobodys(m: Measured) -> None:
    m.write("baseline.yaml", "datasets: {trees: {findings: [], coverage: {}}}\n")


@FAULTS(4, "symbolic link")
def the_baseline_is_a_link(m: Measured) -> None:
    m.path("baseline.yaml").unlink(missing_ok=True)
    m.write("elsewhere.yaml", "recordings: []\n")
    m.path("baseline.yaml").symlink_to("elsewhere.yaml")
    m.commit()


@FAULTS(4, "symbolic link")
def the_waivers_are_a_link(m: Measured) -> None:
    m.path("waivers.yaml").rename(m.path("elsewhere.yaml"))
    m.path("waivers.yaml").symlink_to("elsewhere.yaml")
    m.commit()


def demanded(m: Measured) -> None:
    """A policy that wants two people, on what somebody committed."""
    policy(m, DEMAND)
    for dataset in ("trees", "plots"):
        m.judge(dataset)
    m.stage("model_verdict", "trees_logistic")
    m.stage("model_documents", "trees_logistic")
    m.commit()


def approve(m: Measured, who: tuple[str, str], role: str, name: str = "trees") -> None:
    """One approval, documents that show it, a commit."""
    m.git("config", "user.name", who[0])
    m.git("config", "user.email", who[1])
    said(m, "approve", name, "--role", role, "--note", "Looked at it.")
    if name == "trees_logistic":
        m.stage("model_documents", name)
    else:
        m.judge(name)
    m.git("add", "-A")
    m.git("-c", f"user.name={who[0]}", "-c", f"user.email={who[1]}", "commit", "-q", "-m", "approve")


def approved(m: Measured) -> None:
    """Everything is approved by two people, and the gate passes."""
    demanded(m)
    for name in ("trees", "plots", "trees_logistic"):
        approve(m, BOB, "data_owner", name)
        approve(m, CYD, "reviewer", name)
    ended = m.gate()
    assert ended.code == 0, ended.text


@FAULTS(3, "an approval as data_owner", after=demanded)
def nobody_approved(m: Measured) -> None:
    assert not m.path(APPROVALS).exists()


@FAULTS(3, "an approval as reviewer", after=demanded)
def one_of_two_approved(m: Measured) -> None:
    approve(m, BOB, "data_owner")


@FAULTS(3, "2 different people", after=demanded)
def one_person_approved_twice(m: Measured) -> None:
    approve(m, BOB, "data_owner")
    approve(m, BOB, "reviewer")


@FAULTS(3, "an approval as data_owner", after=approved)
def approvals_of_another_version(m: Measured) -> None:
    m.edit("expectations/trees/schema.py", "le=100", "le=99")
    m.measure(audits=("schema", "expectations"))
    m.commit()


@FAULTS(3, "an approval as data_owner", after=approved)
def approvals_with_a_digest_of_somebodys_choice(m: Measured) -> None:
    text = m.path(APPROVALS).read_text(encoding="utf-8")
    other = f'    verdict: "sha256:{"0" * 64}"'
    m.write(APPROVALS, "".join(f"{other if 'verdict:' in line else line}\n" for line in text.splitlines()))
    m.judge()
    m.commit()


@FAULTS(3, "what the author of the change says does not count", after=approved)
def the_author_approves_by_hand(m: Measured) -> None:
    author = m.git("log", "-1", "--format=%an", "--", "reports/datasets/trees/manifest.json").strip()
    text = m.path(APPROVALS).read_text(encoding="utf-8")
    m.write(APPROVALS, text.replace('"Bob Baker"', json.dumps(author)).replace("bob@example.org", "else@example.org"))
    m.judge()
    m.commit()


@FAULTS(4, "other approvals", after=approved)
def an_approval_that_no_document_shows(m: Measured) -> None:
    m.edit(APPROVALS, "Looked at it.", "For any use whatsoever.")
    m.commit()


@FAULTS(3, "an approval as", after=approved)
def approvals_of_next_week(m: Measured) -> None:
    m.write(
        APPROVALS,
        m.path(APPROVALS).read_text(encoding="utf-8").replace(today().isoformat(), (today() + 7 * DAY).isoformat()),
    )
    m.judge()
    m.commit()


@FAULTS(3, "an approval as", after=approved)
def approvals_deleted(m: Measured) -> None:
    m.path(APPROVALS).unlink()
    m.judge()
    m.commit()


@FAULTS(2, APPROVALS, after=approved)
def approvals_cut_short(m: Measured) -> None:
    text = m.path(APPROVALS).read_text(encoding="utf-8")
    m.write(APPROVALS, text[: text.rindex("documents:")])


@FAULTS(2, APPROVALS)
def approvals_of_everything(m: Measured) -> None:
    m.write(APPROVALS, "approvals: all\n")


@FAULTS(4, "symbolic link", after=approved)
def approvals_are_a_link(m: Measured) -> None:
    m.path(APPROVALS).rename(m.path("elsewhere.yaml"))
    m.path(APPROVALS).symlink_to(m.path("elsewhere.yaml"))
    m.commit()


@FAULTS(4, "symbolic link", after=approved)
def the_folder_of_approvals_is_a_link(m: Measured) -> None:
    shutil.move(m.path("approvals"), m.path("elsewhere"))
    m.path("approvals").symlink_to("elsewhere")
    m.commit()


@FAULTS(4, "is not committed as it is here", after=approved)
def a_change_without_an_author(m: Measured) -> None:
    m.edit_json("reports/datasets/trees/manifest.json", reason="seen")


@FAULTS(3, "nobody has said what the policy wants to know, “why the data exists”")
def an_answer_is_taken_back(m: Measured) -> None:
    text = m.path("answers/trees.yaml").read_text(encoding="utf-8")
    m.write(
        "answers/trees.yaml", "".join(f"{line}\n" for line in text.splitlines() if "motivation.purpose" not in line)
    )
    m.judge()
    m.commit()


@FAULTS(2, "no question 'motivation.purpos'")
def the_policy_requires_a_question_that_nobody_asks(m: Measured) -> None:
    policy(m, "  required_answers: [motivation.purpos]\n")


@FAULTS(2, "no audit or evaluation 'summry'")
def minimum_units_of_a_misspelt_audit(m: Measured) -> None:
    policy(m, "  minimum_units_by_audit: {summry: 10}\n")


@FAULTS(4, "fewer than 500")
def minimum_units_of_one_audit(m: Measured) -> None:
    judged_by(m, "  minimum_units_by_audit: {summary: 500}\n  required_evaluations: [performance]\n")


@FAULTS(2, "policy.approvals.roles")
def a_role_that_nobody_can_have(m: Measured) -> None:
    policy(m, "  approvals: {roles: ['*']}\n")
