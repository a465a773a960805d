"""Whether what people say of a dataset agrees with what was measured: evidence made from evidence and answers.

An audit sees the snapshot alone, so that a corrected answer re-runs none. What people say is therefore held against
manifest and evidence where both are at hand: when a verdict is made. The result is Evidence like any other, so the
policy judges its findings, waivers name them, and documents show them, without a word about where they come from.

Only what a program can read for certain counts: declarations, `not_applicable`, answers that begin with a denial, and
sentences that say of what was asked that the data holds none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from governance.dataset import About, Role
from governance.documents.answers import Answers, Given
from governance.documents.denials import denies
from governance.evidence import ANSWERS, Confidence, Evidence, Finding, Level, Outcome, Reach, Units
from governance.manifest import Manifest, SnapshotColumn

TITLE = "Answers and evidence"
QUESTION = "Does what people say of the data agree with what was measured?"
REACH = Reach(
    looked_for="declarations and answers that deny what the snapshot or an audit found: people, personal or sensitive "
    "data, secrets, missing values, labels, groups, links; and a licence that is named twice and differently",
    would_notice="a declaration or `not_applicable` that the evidence contradicts, an answer that begins with a denial "
    "(no, none, there is no), and a sentence that denies what was asked for (the data contains no personal data; "
    "personal data: none; it is anonymous)",
    measured="exact: every declaration and answer that can be read so is compared, nothing is estimated",
    cannot_see="denials in other words, answers in another language, and what nobody measured",
)
_CONTACT = re.compile(r"looks like (e-mail addresses|phone numbers|IP addresses|account numbers)")
_CREATIVE_COMMONS = re.compile(r"creativecommons\.org/(?:licenses|publicdomain)/([a-z-]+)/(\d\.\d)")
_NAMED_CC = re.compile(r"\bCC[ -](BY(?:[ -](?:NC|SA|ND)){0,2})[ -](\d\.\d)\b", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*[A-Za-z0-9+]")
_MOST_NAMED = 5


@dataclass(frozen=True)
class _Ground:
    """One thing that was measured or declared, and speaks against a denial."""

    words: str
    columns: tuple[str, ...] = ()
    sure: bool = True


_Facts = tuple[Manifest, tuple[Evidence, ...]]


def _columns(
    why: str, wanted: Callable[[SnapshotColumn], bool], sure: bool = True
) -> Callable[[_Facts], list[_Ground]]:
    def grounds(facts: _Facts) -> list[_Ground]:
        names = [column.name for column in facts[0].columns if wanted(column)]
        return [_Ground(why.format(_named(names)), tuple(sorted(names)), sure)] if names else []

    return grounds


def _rules(*what: str) -> Callable[[_Facts], list[_Ground]]:
    """Findings of any audit by the second half of their rule, from warning on."""

    def grounds(facts: _Facts) -> list[_Ground]:
        return [
            _Ground(f"{item.title} reports {finding.rule}", finding.columns, finding.confidence is not Confidence.LOW)
            for item in facts[1]
            for finding in item.findings
            if finding.rule.partition("/")[2] in what and finding.level is not Level.NOTE
        ]

    return grounds


def _role(*roles: Role) -> Callable[[_Facts], list[_Ground]]:
    return _columns(
        f"{{}} declared {' or '.join(role.value for role in roles)}", lambda column: column.resolved_role in roles
    )


_looks_personal = _columns(
    "values of {} look like contact or account data", lambda c: bool(_CONTACT.match(c.private_because))
)
_named_personal = _columns(
    "the name of {} suggests personal data", lambda c: c.private_because.startswith("its name"), False
)
_PEOPLE = (_looks_personal, _role(Role.SENSITIVE, Role.SPECIAL_CATEGORY, Role.QUASI_IDENTIFIER), _named_personal)
_FOUND_PERSONAL = _rules("personal_data", "direct_identifier", "quasi_identifiers", "special_category", "singled_out")

GROUNDS: Mapping[str, tuple[Callable[[_Facts], list[_Ground]], ...]] = MappingProxyType(
    {
        "composition.identifiable": (
            *(_looks_personal, _named_personal, _role(Role.QUASI_IDENTIFIER)),
            _rules("personal_data", "direct_identifier", "quasi_identifiers", "singled_out"),
        ),
        "composition.sensitive": (_role(Role.SPECIAL_CATEGORY), _rules("special_category")),
        "composition.subpopulations": (_role(Role.SENSITIVE),),
        "composition.confidential": (
            _columns("values of {} look like keys or tokens", lambda c: c.private_because.endswith("keys or tokens")),
            *(_role(Role.PRIVATE), _rules("secret", "secrets", "personal_data", "direct_identifier")),
            _looks_personal,
        ),
        "composition.missing": (_columns("cells of {} are empty", lambda c: c.nulls > 0),),
        "composition.relationships": (_role(Role.GROUP),),
        "composition.external": (
            _columns("values of {} look like web addresses", lambda c: c.private_because.endswith("web addresses"), False),
        ),
        "composition.labels": (
            lambda facts: [_Ground(f"target {facts[0].target!r} is declared")] if facts[0].target else [],
        ),
    }
)  # fmt: skip
"""Question to what speaks against its denial, beside findings of evidence that is filed under the question itself."""


def contradictions(
    name: str,
    about: About,
    answers: Answers,
    manifest: Manifest,
    evidence: Sequence[Evidence],
    inputs: Mapping[str, str],
) -> Evidence:
    """What people say of dataset `name`, held against manifest and evidence. `inputs`: digests of all of them."""
    facts = (manifest, tuple(item for item in evidence if item.outcome is Outcome.ASSESSED))
    made, statements = list[Finding](), 0
    if about.people is False:
        statements += 1
        made += _people(facts)
    for question in GROUNDS.keys() | {item.section for item in facts[1] if "." in item.section}:
        given = answers.get(question)
        if given is not None:
            statements += 1
            made += _denied(question, given, facts)
    if about.licence and (about.licence_url or answers.get("distribution.licence")):
        statements += 1
        made += _licence(about, answers.get("distribution.licence"))
    outcome, code, reason = Outcome.ASSESSED, "", ""
    if manifest.outcome is not Outcome.ASSESSED or not facts[1]:
        outcome, code, reason = (
            Outcome.INCONCLUSIVE,
            "no_evidence",
            "nothing was assessed that answers could be held against",
        )
    elif not statements:
        outcome, code = Outcome.NOT_APPLICABLE, "nothing_said"
        reason = "no answer and no declaration so far says anything that evidence could contradict"
    return Evidence(
        subject=name,
        audit=ANSWERS,
        title=TITLE,
        question=QUESTION,
        section="maintenance",
        settings={},
        inputs=dict(inputs),
        outcome=outcome,
        code=code,
        reason=reason,
        units=Units(name="statements", declared=statements, evaluated=statements) if statements else None,
        reach=REACH,
        findings=tuple(made) if outcome is Outcome.ASSESSED else (),
    ).sealed()


def _people(facts: _Facts) -> list[Finding]:
    grounds = [ground for find in (*_PEOPLE, _FOUND_PERSONAL) for ground in find(facts)]
    if not grounds:
        return []
    sure = any(ground.sure for ground in grounds)
    return [
        Finding(
            rule=f"{ANSWERS}/people_denied",
            level=Level.ERROR if sure else Level.WARNING,
            confidence=Confidence.HIGH if sure else Confidence.MEDIUM,
            message=f"`people: false` is declared, but {_listed(grounds)}",
            remedy="Correct about.people in params.yaml; or, where a column is not about people, its role or `public` "
            "in columns.yaml.",
            columns=_all_columns(grounds),
            subject="about.people",
        )
    ]


def _denied(question: str, given: Given, facts: _Facts) -> list[Finding]:
    if not (given.not_applicable or denies(given.answer, question)):
        return []
    grounds = [ground for find in GROUNDS.get(question, ()) for ground in find(facts)]
    grounds += [
        _Ground(f"{item.title} reports {finding.rule}", finding.columns)
        for item in facts[1]
        for finding in item.findings
        if item.section == question and finding.level is not Level.NOTE
    ]
    if not grounds:
        return []
    said = "is said not to apply" if given.not_applicable else "is answered with a denial"
    sure = bool(given.not_applicable) and any(ground.sure for ground in grounds)
    return [
        Finding(
            rule=f"{ANSWERS}/denied",
            level=Level.WARNING,
            confidence=Confidence.HIGH if sure else Confidence.MEDIUM,
            message=f"{question} {said}, but {_listed(grounds)}",
            remedy="Correct the answer, or the declaration in columns.yaml that it contradicts.",
            columns=_all_columns(grounds),
            subject=question,
        )
    ]


def _licence(about: About, given: Given | None) -> list[Finding]:
    """A licence address, or an answer, that names another licence than the declared identifier."""
    from governance.documents.hub import hub_licence  # it brings the template engine, and stages of audits need none

    declared = hub_licence(about.licence)
    if declared is None:
        return []
    found = []
    address = _CREATIVE_COMMONS.search(about.licence_url.lower())
    if address:
        linked = "cc0-1.0" if address[1] == "zero" else f"cc-{address[1]}-{address[2]}"
        if linked != declared:
            message = f"the licence is declared as {about.licence}, and its address is that of {linked}"
            found.append(_differs(message, Level.ERROR, Confidence.HIGH, "about.licence_url"))
    named = _licences_in(given.answer) if given else set()
    if named and declared not in named:
        message = f"the licence is declared as {about.licence}, and the answer names {', '.join(sorted(named))}"
        found.append(_differs(message, Level.WARNING, Confidence.MEDIUM, "distribution.licence"))
    return found


def _differs(message: str, level: Level, confidence: Confidence, subject: str) -> Finding:
    return Finding(
        rule=f"{ANSWERS}/licence_differs",
        level=level,
        confidence=confidence,
        message=message,
        remedy="Find out which licence holds, and correct about.licence in params.yaml or the answer.",
        subject=subject,
    )


def _licences_in(text: str) -> set[str]:
    """Identifiers of licences in a person's words: those with a version in them, and CC licences written with spaces."""
    from governance.documents.hub import LICENCES, hub_licence

    named = {f"cc-{kind.lower().replace(' ', '-')}-{version}" for kind, version in _NAMED_CC.findall(text)}
    words = {word for word in _WORD.findall(text) if "-" in word or word == "MIT"}
    known = {hub for word in words if (hub := hub_licence(word)) is not None}
    return {licence for licence in named | known if licence in LICENCES}


def _all_columns(grounds: Sequence[_Ground]) -> tuple[str, ...]:
    return tuple(sorted({column for ground in grounds for column in ground.columns}))


def _listed(grounds: Sequence[_Ground]) -> str:
    words = list(dict.fromkeys(ground.words for ground in grounds))
    more = f" and {len(words) - _MOST_NAMED} more" if len(words) > _MOST_NAMED else ""
    return "; ".join(words[:_MOST_NAMED]) + more


def _named(columns: Sequence[str]) -> str:
    more = f" and {len(columns) - _MOST_NAMED} more" if len(columns) > _MOST_NAMED else ""
    return ", ".join(columns[:_MOST_NAMED]) + more
