"""`govern waive`, `govern baseline` and `govern approve`: people accept something, by name and for a reason."""

from __future__ import annotations

import datetime
from typing import Annotated

import typer

from governance.cli.standing import from_here
from governance.clock import today
from governance.config import WAIVERS, Workspace
from governance.formats.entries import printable


def register(app: typer.Typer) -> None:
    """Add this group's commands."""
    app.command("waive")(waive)
    app.command("baseline")(baseline)
    app.command("approve")(approve)


def waive(
    fingerprint: Annotated[str, typer.Argument(help="Of the finding: 16 hex digits, as `govern gate` shows them.")],
    reason: Annotated[str, typer.Option(help="Why it is acceptable, in a sentence.")],
    until: Annotated[str, typer.Option(help="Last day on which the waiver holds, such as 2027-01-31.")],
    owner: Annotated[str, typer.Option(help="Who answers for it; git's user.name when not given.")] = "",
    ticket: Annotated[str, typer.Option(help="Where the repair is planned.")] = "",
    max_count: Annotated[
        int | None,
        typer.Option(min=0, help="The waiver ends when the count grows beyond this; today's count when not given."),
    ] = None,
    base: Annotated[str | None, typer.Option(help="Also know what is looser here than at this revision.")] = None,
) -> None:
    """Accept one finding for a time: add a waiver to waivers.yaml, and leave the rest of the file as it is.

    What the gate would refuse is refused here: a finding that does not block, a date beyond the policy's maximum, a
    count below today's. Exit code 2 then.
    """
    from governance.accepting.person import person
    from governance.accepting.waive import Wanted
    from governance.accepting.waive import waive as add
    from governance.cli.gating import judged_against
    from governance.errors import UsageError

    try:
        last = datetime.date.fromisoformat(until)
    except ValueError:
        raise UsageError(f"--until {until!r} is no date such as 2027-01-31") from None
    workspace = Workspace.find()
    judged = judged_against(base, workspace, ())
    wanted = Wanted(
        fingerprint.strip().lower(),
        reason.strip(),
        last,
        owner.strip() or person(workspace.root).name,
        ticket,
        max_count,
    )
    decision, written = add(workspace, judged, wanted, today(), workspace.config.policy.waiver_days)
    most = f", for {written.max_count:,} at most" if written.max_count is not None else ""
    print(
        f"{WAIVERS}: {printable(decision.rule)} [{wanted.fingerprint}] is waived until {last}{most}, by {wanted.owner}."
    )
    print(
        from_here("Next: dvc repro, then commit.", workspace.root),
        "A pull request's own waiver counts once it is merged.",
    )


def baseline(
    reason: Annotated[
        str, typer.Option(help="Why more is let through than before; needed from the second time on.")
    ] = "",
    prune: Annotated[bool, typer.Option("--prune", help="Only take out what is repaired; adds nothing.")] = False,
    name: Annotated[str, typer.Option(help="Who records; git's user.name when not given.")] = "",
) -> None:
    """Record the findings that block today, one by one, so that a team can begin with the data that it has.

    From then on new and worse findings block, recorded ones do not, and a check that looks at less than it did blocks
    as well. What is repaired leaves baseline.yaml with the next `dvc repro`, or with --prune.
    """
    from governance.accepting.baseline import prune_all, record
    from governance.accepting.person import person
    from governance.cli.gating import judged_against
    from governance.errors import UsageError

    if prune and reason:
        raise UsageError("--prune adds nothing, so it needs no --reason; give one of them")
    workspace = Workspace.find()
    judged = judged_against(None, workspace, ())
    if prune:
        left = prune_all(workspace, judged)
        print(f"{len(left)} entries left baseline.yaml or sank." if left else "Nothing in baseline.yaml is repaired.")
        return
    done = record(workspace, judged, person(workspace.root, name), reason.strip(), today())
    if not (done.new or done.worse or done.left or done.coverage):
        print("baseline.yaml: no finding is new, worse or repaired.")
    else:
        print(f"baseline.yaml: {done.new} new, {done.worse} worse, {done.left} repaired.")
    if done.coverage:
        print(f"Accepted that these look at less: {printable(', '.join(done.coverage))}.")
    print(from_here("Next: dvc repro, then commit.", workspace.root))


def approve(
    subject: Annotated[str, typer.Argument(metavar="NAME", help="The dataset or model.")],
    role: Annotated[str, typer.Option(help="As what you approve, such as data_owner or reviewer.")],
    note: Annotated[str, typer.Option(help="What you looked at, and what it may be used for.")],
    name: Annotated[str, typer.Option(help="Who approves; git's user.name and user.email when not given.")] = "",
    model: Annotated[bool, typer.Option("--model", help="The model, where a dataset has the same name.")] = False,
) -> None:
    """Approve this version: add your name, role, date and the digests of data, verdict and documents to approvals/.

    Only what the gate would let through can be approved (exit code 3 or 4 otherwise). The approval lapses when data,
    verdict or documents change. Once all approvals that the policy demands are there, the version is frozen in
    references/: what later versions are compared with.
    """
    from governance.accepting.approve import approve as add
    from governance.accepting.person import person
    from governance.cli.gating import chosen, judged_against

    workspace = Workspace.find()
    judged = judged_against(None, workspace, chosen(workspace, [subject]))
    kind = "model" if model or subject not in workspace.config.datasets else "dataset"
    judgement = next((one for one in judged.judgements if one.kind == kind), None)
    if judgement is None:
        workspace.model(subject)  # raises with the names that exist
        raise AssertionError(subject)
    given = add(workspace, judgement, person(workspace.root, name), role.strip(), note, today())
    print(f"approvals/{subject}.yaml: approved by {given.approval.by} as {given.approval.role}.")
    for path in given.frozen:
        print(f"Frozen: {path.as_posix()}")
    for decision in given.missing:
        print(f"Still missing: {decision.message}")
    # All stages: other documents and the index show approvals too, and the gate wants all of them to be up to date.
    said = "Next: dvc repro, which writes the documents that show it; then: git add approvals/ references/ reports/ dvc.lock"
    print(from_here(said, workspace.root), "&& git commit")
