"""Whether the people whom a policy demands have approved exactly what is here: pure, and closed like the gate."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from governance.approvals import Approval
from governance.policy import ApprovalDemand
from governance.verdict import Decision


@dataclass(frozen=True)
class Author:
    """Who made the change that is approved, by git."""

    names: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    unknown: str = ""
    """Why nobody can tell; empty when it can be told."""

    def is_of(self, name: str, email: str) -> bool:
        """Whether the person with this name and address is among them."""
        return _key(name) in map(_key, self.names) or (bool(email) and _key(email) in map(_key, self.emails))


@dataclass(frozen=True)
class Here:
    """What an approval must have been given to."""

    data: str
    verdict: str
    documents: str

    def lapsed(self, approval: Approval) -> str:
        """What changed since the approval: `data and verdict`; empty when it still holds."""
        return " and ".join(
            part for part in ("data", "verdict", "documents") if getattr(approval, part) != getattr(self, part)
        )


def approval_decisions(
    demand: ApprovalDemand, approvals: Sequence[Approval], here: Here, author: Author, today: datetime.date
) -> Iterator[Decision]:
    """A decision for each role that is demanded, one for the number of people, and a note on what lapsed or stands.

    `author` counts only where the demand excludes the author of the change.
    """
    standing = [one for one in approvals if not here.lapsed(one) and one.on <= today + datetime.timedelta(days=1)]
    yield from _told(standing, approvals, here)
    if demand.nobody:
        return
    if not demand.author_may_approve and author.unknown:
        message = f"nobody can tell whose change it is, and an author may not approve: {author.unknown}"
        yield Decision(rule="approval/author", effect="block", exit_code=4, message=message)
    counted = [one for one in standing if demand.author_may_approve or not author.is_of(one.by, one.email)]
    people = _people(counted)
    held = {role: {who for who, one in zip(people, counted, strict=True) if one.role == role} for role in demand.roles}
    own = "" if len(counted) == len(standing) else "; what the author of the change says does not count"
    for role in demand.roles:
        wanted = f"an approval as {role}"
        if held[role]:
            names = ", ".join(sorted({one.by for one in counted if one.role == role}))
            message = f"approved as {role} by {names}"
            yield Decision(rule=f"approval/{role}", effect="pass", message=message, required=wanted)
        else:
            message = f"the policy wants {wanted} of this data, verdict and documents, and there is none{own}"
            yield _refused(role, f"{message}; run: govern approve NAME --role {role} --note ...", wanted)
    different = len(set(people))
    if different < demand.people or _distinct(held) < min(demand.people, len(demand.roles)):
        wanted = f"{demand.people} different people"
        message = (
            f"the policy wants {wanted}, and one person counts once whatever their roles; there are {different}{own}"
        )
        yield _refused("people", message, wanted)


def _refused(what: str, message: str, required: str) -> Decision:
    return Decision(rule=f"approval/{what}", effect="block", exit_code=3, message=message, required=required)


def _told(standing: Sequence[Approval], approvals: Sequence[Approval], here: Here) -> Iterator[Decision]:
    for one in dict.fromkeys(standing):
        message = f"{one.by} approved this version as {one.role} on {one.on.isoformat()}"
        yield Decision(rule="approval/given", effect="note", message=message)
    for one in dict.fromkeys(approvals):
        if one.data == here.data and (changed := here.lapsed(one)):
            message = (
                f"what {one.by} approved as {one.role} on {one.on.isoformat()} has lapsed: {changed} changed since"
            )
            yield Decision(rule="approval/lapsed", effect="note", message=message)


def _key(text: str) -> str:
    return " ".join(text.split()).casefold()


def _people(approvals: Sequence[Approval]) -> list[int]:
    """For each approval the number of its person. Those with one name, or one address, are one person."""
    people: list[int] = []
    for number, one in enumerate(approvals):
        same = {
            people[place] for place, other in enumerate(approvals[:number])
            if _key(other.by) == _key(one.by) or (one.email and _key(other.email) == _key(one.email))
        }  # fmt: skip
        mine = min(same, default=number)
        people = [*(mine if who in same else who for who in people), mine]
    return people


def _distinct(held: Mapping[str, set[int]]) -> int:
    """The most roles that different people can stand for at once: a maximum matching, by augmenting paths."""
    stands_for: dict[int, str] = {}

    def find(role: str, tried: set[int]) -> bool:
        for person in sorted(held[role] - tried):
            tried.add(person)
            if person not in stands_for or find(stands_for[person], tried):
                stands_for[person] = role
                return True
        return False

    return sum(find(role, set()) for role in held)
