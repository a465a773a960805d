"""What a reviewer needs in the first minute: why it is blocked, and what is wanted from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from governance.causes import told
from governance.documents.replies import Reply
from governance.documents.views import FindingView
from governance.documents.wording import listed, plural
from governance.evidence import Evidence
from governance.verdict import Decision, Verdict

_QUESTION = "answer/"
"""How rules begin that a question of the datasheet must be answered."""
MOST_SERIOUS = 5
"""Findings on the first screen."""
_NOUNS = {
    "Decide": "decision",
    "Run": "missing check",
    "Answer": "answer",
    "Complete": "completed answer",
    "Confirm": "confirmed answer",
    "Correct": "corrected answer",
    "Declare": "declaration",
}
MOST_REASONS = 8
"""Reasons under the verdict; the others stand with the decisions of the policy."""
MOST_ACCEPTED = 5
"""Findings on the first screen that somebody accepted."""


def first_findings(findings: Sequence[FindingView]) -> tuple[FindingView, ...]:
    """The first MOST_SERIOUS of `findings`, the first of each rule with how many others of it are not among them."""
    shown = findings[:MOST_SERIOUS]
    hidden = Counter(finding.rule for finding in findings[MOST_SERIOUS:])
    firsts = {finding.rule: finding.fingerprint for finding in reversed(shown)}
    return tuple(
        replace(finding, further=hidden[finding.rule]) if firsts[finding.rule] == finding.fingerprint else finding
        for finding in shown
    )


@dataclass(frozen=True)
class Need:
    """One thing that is wanted from the reader."""

    verb: str
    """`Decide`, `Run`, `Correct`, `Answer`, `Complete`, `Confirm`, `Declare` or `Nothing`."""
    text: str
    items: tuple[tuple[str, str], ...] = ()
    """Text and anchor; the anchor may be empty."""
    count: int = 1
    """How many things of its kind it stands for."""


NOTHING = Need("Nothing", "No decision and no answer is waiting.")


def decide(verdict: Verdict, missing: Sequence[str]) -> tuple[Need, ...]:
    """What is wanted because of the verdict: a decision, or a run."""
    found: list[Need] = []
    blocking, asked = _told(verdict)
    # An open question is asked for as such, and no waiver can stand for its answer.
    if blocking:
        count = len(blocking)
        waiver = (
            ", or accept a finding for a time with a waiver that names an owner and a reason"
            if any(one.fingerprint for one in blocking)
            else ""
        )
        whole = f"{plural(count, 'reason blocks', 'reasons block')}, named under the verdict"
        part = f"{count} of the {count + len(asked)} reasons under the verdict"
        text = f"{part if asked else whole}: put {'it' if count == 1 else 'each'} right{waiver}."
        found.append(Need("Decide", text, count=count))
    if missing:
        found.append(Need("Run", f"{listed(missing)}: configured, and without evidence.", count=len(missing)))
    return tuple(found)


def needs(
    verdict: Verdict, missing: Sequence[str], said: Sequence[Reply], undeclared: Sequence[str]
) -> tuple[Need, ...]:
    """What is wanted from the reader: decide, answer, declare, or nothing."""
    found = list(decide(verdict, missing))
    if wrong := [reply for reply in said if reply.state == "contradicted"]:
        text = f"{plural(len(wrong), 'answer')} that the evidence contradicts"
        found.append(_asked("Correct", text, wrong))
    blocking, questions = _told(verdict)
    wanted = {one.rule.removeprefix(_QUESTION) for one in questions}
    if first := [reply for reply in said if reply.id in wanted]:
        found.append(_asked("Answer", _first(len(first), besides=bool(blocking)), first))
    asked: dict[str, list[Reply]] = {}
    for reply in said:
        if reply.state == "open" and reply.id not in wanted:
            asked.setdefault(reply.who, []).append(reply)
    for who, open_replies in asked.items():
        text = f"{plural(len(open_replies), 'open question')} for {who}"
        found.append(_asked("Answer", text, open_replies))
    if partly := [reply for reply in said if reply.state == "partly"]:
        text = f"{plural(len(partly), 'answer')} of which only a part was measured"
        found.append(_asked("Complete", text, partly))
    if older := [reply for reply in said if reply.state == "older"]:
        text = f"{plural(len(older), 'answer')} given for an earlier version of the data"
        found.append(_asked("Confirm", text, older))
    if undeclared:
        text = (
            f"{listed(f'about.{key}' for key in undeclared)} in params.yaml: without them croissant.json is incomplete"
        )
        found.append(Need("Declare", text))
    return tuple(found) or (NOTHING,)


def _first(count: int, *, besides: bool) -> str:
    """What is said of so many questions that block; `besides`, when the verdict gives other reasons as well."""
    if besides and count == 1:
        return "the other reason is a question, and the policy lets nothing pass without its answer"
    if besides:
        return f"the other {count} reasons are questions, and the policy lets nothing pass without their answers"
    it = "it" if count == 1 else "them"
    return f"{plural(count, 'question')} before all others, as the policy lets nothing pass without {it}"


def _told(verdict: Verdict) -> tuple[list[Decision], list[Decision]]:
    """The reasons that a reader is told: what is wrong, and questions that nobody has answered."""
    found = [one for one in told(verdict)[0] if one.effect == "block"]
    questions = [one for one in found if one.rule.startswith(_QUESTION)]
    return [one for one in found if one not in questions], questions


def _asked(verb: str, text: str, of: Sequence[Reply]) -> Need:
    items = tuple((reply.short, reply.id) for reply in of)
    return Need(verb, text, items, count=len(items))


def in_short(needed: Sequence[Need]) -> str:
    """All that is wanted, in half a line: `1 decision, 14 answers`, or `nothing`."""
    counts: dict[str, int] = {}
    for need in needed:
        counts[need.verb] = counts.get(need.verb, 0) + need.count
    said = [plural(count, _NOUNS[verb]) for verb, count in counts.items() if verb in _NOUNS]
    return listed(said) or "nothing"


def accepted(verdict: Verdict) -> tuple[tuple[str, str], ...]:
    """What would block and was let through: who accepted it, why and until when; and the anchor of its evidence."""
    found = [decision for decision in verdict.decisions if decision.effect in {"waived", "baselined"}]
    said = [
        (
            f"{one.message.rstrip('.')}. {'Waived' if one.effect == 'waived' else 'Known'}: {one.waiver}",
            f"evidence-{one.audit}",
        )
        for one in found[:MOST_ACCEPTED]
    ]
    left = len(found) - len(said)
    return (*said, (f"{plural(left, 'further finding')} in the table of decisions", "")) if left else tuple(said)


def _not_answered(short: str, subject: str) -> str:
    """That a question is open, for readers who are not asked to run anything; the gate's message is for those who are."""
    return f"Not answered: {short}. (For the data team: govern ask {subject})"


def reasons(
    verdict: Verdict, evidence: Sequence[Evidence], questions: Mapping[str, str] = MappingProxyType({})
) -> tuple[tuple[str, str], ...]:
    """What blocks: message, and the anchor of the evidence or of the question behind it; empty without either.

    `questions` are those that the document holds, by what stands for each in half a line.

    What is wrong comes before what nobody has said yet.
    """
    shown = {item.audit for item in evidence}
    following = told(verdict)[1]
    blocking, asked = _told(verdict)
    found = [(one.message, f"evidence-{one.audit}" if one.audit in shown else "") for one in blocking]
    ids = [(one.message, one.rule.removeprefix(_QUESTION)) for one in asked]
    found += [
        (_not_answered(questions[identifier], verdict.subject), identifier)
        if identifier in questions
        else (message, "")
        for message, identifier in ids
    ]
    if following:
        message, anchor = found[0]
        found[0] = (f"{message}; {plural(len(following), 'refusal follows', 'refusals follow')} from this", anchor)
    more = len(found) - MOST_REASONS
    if more > 1:
        found[MOST_REASONS:] = [(f"{plural(more, 'further reason')}, under the decisions of the policy", "decisions")]
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
