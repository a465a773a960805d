"""The gate as SARIF 2.1.0 (OASIS standard), for code scanning and for viewers of static analysis results.

Fields beyond the standard's minimum are those that GitHub's code scanning asks for.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from governance import __version__
from governance.controls import Control, Crosswalk, load_crosswalk
from governance.evidence import Confidence, Level
from governance.formats.entries import Entry, entries, printable

if TYPE_CHECKING:
    from governance.config import Workspace
    from governance.judging import Judged

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"block": "error", "warn": "warning", "note": "note"}
_PRECISION = {Confidence.HIGH: "high", Confidence.MEDIUM: "medium", Confidence.LOW: "low"}


def as_sarif(judged: Judged, workspace: Workspace) -> str:
    """One run with a result per decision that is not a plain pass.

    The level is what the gate makes of a finding (`block` is `error`), not how bad the audit called it: that stands in
    the result's properties. A finding that is waived or in the baseline keeps the audit's level and
    carries that as a suppression.
    """
    found = [entry for entry in entries(judged, workspace) if entry.decision.effect != "pass"]
    crosswalk = load_crosswalk()
    rules = _by_rule(found)
    touched = {rule: crosswalk.controls_of(rule, first.decision.audit) for rule, first in rules.items()}
    used = {control.id: control for controls in touched.values() for control in controls}
    run = {
        "tool": {"driver": _driver(rules, touched, crosswalk, used)},
        "automationDetails": {"id": "govern/gate/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(judged)],
        "taxonomies": _taxonomies(crosswalk, used),
        "results": _results(found, list(rules)),
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1) + "\n"


def _invocation(judged: Judged) -> dict[str, Any]:
    # Exit code 4 means that something could not be judged: the list of results is then not the whole truth.
    invocation: dict[str, Any] = {"executionSuccessful": judged.exit_code != 4, "exitCode": judged.exit_code}
    if judged.notes:
        invocation["toolExecutionNotifications"] = [
            {"level": "note", "message": {"text": _plain(note)}} for note in judged.notes
        ]
    return invocation


def _by_rule(found: list[Entry]) -> dict[str, Entry]:
    first: dict[str, Entry] = {}
    for entry in sorted(found, key=lambda e: (e.decision.rule, e.subject, e.decision.fingerprint)):
        first.setdefault(entry.decision.rule, entry)
    return first


def _driver(
    rules: dict[str, Entry],
    touched: dict[str, tuple[Control, ...]],
    crosswalk: Crosswalk,
    used: dict[str, Control],
) -> dict[str, Any]:
    return {
        "name": "govern",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [_rule(rule, entry, touched[rule], crosswalk) for rule, entry in rules.items()],
        "supportedTaxonomies": [{"name": name} for name in crosswalk.frameworks if _has(used, name)],
    }


def _rule(rule: str, entry: Entry, controls: tuple[Control, ...], crosswalk: Crosswalk) -> dict[str, Any]:
    family = crosswalk.family_of(rule, entry.decision.audit)
    why = family.why if family else "What the policy demands must be shown before the data is used."
    remedy = printable(entry.finding.remedy) if entry.finding else "Run what the message names, or `govern doctor`."
    described: dict[str, Any] = {
        "id": rule,
        "shortDescription": {"text": rule.split("/")[-1].replace("_", " ").capitalize()},
        "fullDescription": {"text": why},
        "help": {"text": f"{_plain(remedy)} `govern explain FINGERPRINT` says more."},
        "properties": {"tags": ["data-governance", rule.split("/")[0]]},
    }
    if entry.finding is not None:
        described["properties"]["precision"] = _PRECISION[entry.finding.confidence]
    if controls:
        described["relationships"] = [
            {"target": {"id": c.id, "toolComponent": {"name": c.framework}}, "kinds": ["relevant"]} for c in controls
        ]
    return described


def _has(used: dict[str, Control], framework: str) -> bool:
    return any(control.framework == framework for control in used.values())


def _taxonomies(crosswalk: Crosswalk, used: dict[str, Control]) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "shortDescription": {"text": framework.title},
            "fullDescription": {"text": "A finding touches these controls. Nothing here says that a control is met."},
            "taxa": [
                {"id": c.id, "name": c.shown, "shortDescription": {"text": c.subject}}
                for c in sorted(used.values(), key=lambda c: c.id)
                if c.framework == name
            ],
        }
        for name, framework in crosswalk.frameworks.items()
        if _has(used, name)
    ]


def _results(found: list[Entry], rules: list[str]) -> list[dict[str, Any]]:
    seen: Counter[str] = Counter()
    results = []
    for entry in found:
        identity = _identity(entry)
        seen[identity] += 1
        results.append(_result(entry, rules.index(entry.decision.rule), f"{identity}:{seen[identity]}"))
    return results


def _identity(entry: Entry) -> str:
    """16 hex digits that stay while the decision is about the same thing; its numbers may change."""
    if entry.finding is not None:
        return entry.finding.fingerprint
    decision = entry.decision
    parts = [decision.rule, entry.subject, entry.kind, decision.audit, decision.required, decision.fingerprint]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def _result(entry: Entry, index: int, identity: str) -> dict[str, Any]:
    decision, finding, place = entry.decision, entry.finding, entry.place
    severity = finding.level if finding else Level.ERROR
    result: dict[str, Any] = {
        "ruleId": decision.rule,
        "ruleIndex": index,
        "level": _LEVELS.get(decision.effect, str(severity)),
        "message": {"text": _plain(f"{entry.subject}: {decision.message}")},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": _uri(place.file), "uriBaseId": "%SRCROOT%"},
                    "region": {
                        "startLine": place.line, "startColumn": 1,
                        "endLine": place.line, "endColumn": place.width + 1,
                    },
                },
                "logicalLocations": _logical(entry),
            }
        ],
        "partialFingerprints": {"govern/v1": identity, "primaryLocationLineHash": identity},
        "properties": {"effect": decision.effect, "exitCode": decision.exit_code, "subject": entry.subject},
    }  # fmt: skip
    if finding is not None:
        result["properties"] |= {"severity": str(finding.level), "confidence": str(finding.confidence)}
        if finding.count is not None:
            result["properties"]["count"] = finding.count
    if decision.effect in {"waived", "baselined"}:
        result["suppressions"] = [
            {"kind": "external", "status": "accepted", "justification": printable(decision.waiver)}
        ]
    return result


def _logical(entry: Entry) -> list[dict[str, str]]:
    names = [
        entry.subject,
        *(f"{entry.subject}.{column}" for column in (entry.finding.columns if entry.finding else ())),
    ]
    return [
        {"fullyQualifiedName": printable(name), "kind": "member" if position else "module"}
        for position, name in enumerate(names)
    ]


def _plain(text: str) -> str:
    """`text` as a plain text message: brackets would be links and braces placeholders (SARIF 2.1.0, 3.11)."""
    text = re.sub(r"([\\\[\]])", r"\\\1", printable(text))
    return text.replace("{", "{{").replace("}", "}}")


def _uri(path: str) -> str:
    from urllib.parse import quote

    return quote(path)
