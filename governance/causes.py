"""Which refusals follow from another one: a person is told the cause once, and how much follows from it."""

from __future__ import annotations

from collections.abc import Iterable

from governance.verdict import Decision, Verdict

_CAUSES = ("evidence/no_source", "evidence/no_manifest", "evidence/no_snapshot", "evidence/not_measured")
"""What leaves all audits of a subject without an answer; the first that is there is the cause."""
_ABSENT = ("is missing", "no_snapshot", "FileNotFoundError", "no usable evidence", "its evidence cannot be used")
_FOLLOWS = (
    "evidence/unusable", "evidence/failed", "evidence/nothing_assessed", "evidence/no_manifest", "evidence/no_verdict",
    "evidence/no_documents", "evidence/no_sketch",
)  # fmt: skip


def told(verdict: Verdict) -> tuple[tuple[Decision, ...], tuple[Decision, ...]]:
    """The decisions of `verdict` that a person should read, and those that only follow from the first of them.

    Without a cause that explains others, all are to be read. What is damaged, stale or edited never counts as following:
    only what is not there, or says itself that there was no snapshot. The verdict itself holds them all.
    """
    blocking = verdict.blocking
    cause = next((d for rule in _CAUSES for d in blocking if d.rule == rule), None)
    if cause is None or (cause.rule == "evidence/no_manifest" and "is missing" not in cause.message):
        return verdict.decisions, ()
    following = [
        d for d in verdict.decisions if d is not cause and d.effect in {"block", "warn"} and _follows(d, cause)
    ]
    rest = tuple(d for d in verdict.decisions if d not in following and d is not cause)
    return (cause, *rest), tuple(following)


def _follows(decision: Decision, cause: Decision) -> bool:
    if decision.rule == "evidence/nothing_assessed":
        return True
    if decision.rule.startswith("required/"):
        # Why there is no snapshot is quoted by each audit, and may hold a semicolon; only these very words are left out.
        quoted = f"there is no snapshot: {cause.observed}"
        observed = decision.observed.replace(quoted, "there is no snapshot") if cause.observed else decision.observed
        parts = [part for part in _parts(observed) if not part.endswith(" is not configured")]
        return bool(parts) and all(any(word in part for word in _ABSENT) for part in parts)
    if decision.rule in _FOLLOWS or decision.rule.startswith("metric/"):
        return any(word in decision.message for word in _ABSENT)
    return False


def _parts(observed: str) -> Iterable[str]:
    """What each audit of a requirement answered; a reason may hold a semicolon, which then is no answer that follows."""
    return observed.split("; ") if observed else [""]


def follow(count: int) -> str:
    """How many refusals were left out, and where they are."""
    one = count == 1
    return f"{count} more {'refusal follows' if one else 'refusals follow'} from this; --format json lists {'it' if one else 'them'}"
