"""What a reviewer needs in the first minute: why it is blocked, and what is wanted from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from governance.causes import told
from governance.documents.replies import Reply
from governance.documents.wording import listed, plural
from governance.evidence import Evidence
from governance.policy import Verdict

MOST_SERIOUS = 5
"""Findings on the first screen."""
MOST_DECISIONS = 60
"""Rows of the table of decisions."""


@dataclass(frozen=True)
class Need:
    """One thing that is wanted from the reader."""

    verb: str
    """`Decide`, `Run`, `Answer`, `Complete`, `Confirm`, `Declare` or `Nothing`."""
    text: str
    items: tuple[tuple[str, str], ...] = ()
    """Text and anchor; the anchor may be empty."""


def decide(verdict: Verdict, missing: Sequence[str]) -> tuple[Need, ...]:
    """What is wanted because of the verdict: a decision, or a run."""
    wanted: list[Need] = []
    if verdict.blocking:
        count = len(verdict.blocking)
        wanted.append(
            Need(
                "Decide",
                f"{plural(count, 'reason blocks', 'reasons block')}, named under the verdict: put it right, "
                "or accept a finding for a time with a waiver that names an owner and a reason.",
            )
        )
    if missing:
        wanted.append(Need("Run", f"{listed(missing)}: configured, and without evidence."))
    return tuple(wanted)


def needs(
    verdict: Verdict, missing: Sequence[str], said: Sequence[Reply], undeclared: Sequence[str]
) -> tuple[Need, ...]:
    """What is wanted from the reader: decide, answer, declare, or nothing."""
    wanted = list(decide(verdict, missing))
    asked: dict[str, list[Reply]] = {}
    for reply in said:
        if reply.state == "open":
            asked.setdefault(reply.who, []).append(reply)
    for who, open_replies in asked.items():
        text = f"{plural(len(open_replies), 'open question')} for {who}"
        wanted.append(Need("Answer", text, tuple((reply.id, reply.id) for reply in open_replies)))
    if partly := [reply for reply in said if reply.state == "partly"]:
        text = f"{plural(len(partly), 'answer')} of which only a part was measured"
        wanted.append(Need("Complete", text, tuple((reply.id, reply.id) for reply in partly)))
    if older := [reply for reply in said if reply.state == "older"]:
        text = f"{plural(len(older), 'answer')} given for an earlier version of the data"
        wanted.append(Need("Confirm", text, tuple((reply.id, reply.id) for reply in older)))
    if undeclared:
        text = (
            f"{listed(f'about.{key}' for key in undeclared)} in params.yaml: without them croissant.json is incomplete"
        )
        wanted.append(Need("Declare", text))
    return tuple(wanted) or (Need("Nothing", "No decision and no answer is waiting."),)


def reasons(verdict: Verdict, evidence: Sequence[Evidence]) -> tuple[tuple[str, str], ...]:
    """What blocks: message, and the anchor of the evidence behind it (empty when there is none)."""
    shown = {item.audit for item in evidence}
    decisions, following = told(verdict)
    found = [(d.message, f"evidence-{d.audit}" if d.audit in shown else "") for d in decisions if d.effect == "block"]
    if following:
        message, anchor = found[0]
        found[0] = (f"{message}; {plural(len(following), 'refusal follows', 'refusals follow')} from this", anchor)
    return tuple(found)


def drafted(files: Sequence[str]) -> str:
    """What a reader should know of contract files that nobody has edited; empty when there are none."""
    if not files:
        return ""
    one = len(files) == 1
    return (
        f"{listed(files)} {'was' if one else 'were'} drafted from the data, and nobody has edited {'it' if one else 'them'}: "
        f"that the data keep {'it' if one else 'them'} means nothing yet."
    )
