"""The gate as JUnit XML, which every CI system shows as a table of tests.

JUnit has no official schema; elements and attributes are those that Ant, Jenkins and GitLab agree on. Every
character that XML 1.0 forbids is one that `printable` spells out, so that a reader sees that something was there.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from governance.formats.entries import Entry, entries, printable

if TYPE_CHECKING:
    from governance.config import Workspace
    from governance.judging import Judged


def as_junit(judged: Judged, workspace: Workspace) -> str:
    """One suite per dataset and model, one case per decision. No times and no host: the same bytes every time.

    A decision that blocks is a failure where the policy said no (exit 3) and an error where evidence is missing or
    not to be trusted (exit 4). What is waived or in the baseline is skipped, with the reason; what warns passes and says so.
    """
    by_subject: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries(judged, workspace):
        by_subject.setdefault((entry.subject, entry.kind), []).append(entry)
    root = ET.Element("testsuites", name="govern gate")
    totals: Counter[str] = Counter()
    for (subject, kind), found in by_subject.items():
        suite = ET.SubElement(root, "testsuite", name=f"{kind} {subject}")
        counts = Counter(_case(suite, entry, name) for entry, name in zip(found, _names(found), strict=True))
        _count(suite, counts)
        totals += counts
    _count(root, totals)
    if judged.notes and len(root):
        ET.SubElement(root[-1], "system-out").text = "\n".join(map(printable, judged.notes))
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _count(element: ET.Element, counts: Counter[str]) -> None:
    element.set("tests", str(counts.total()))
    for name, kind in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        element.set(name, str(counts[kind]))


def _names(found: list[Entry]) -> list[str]:
    """A name for each case, different from all others of its suite and the same in every run."""
    seen: Counter[str] = Counter()
    names = []
    for entry in found:
        name = entry.decision.rule + (f" [{entry.decision.fingerprint}]" if entry.decision.fingerprint else "")
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return names


def _case(suite: ET.Element, entry: Entry, name: str) -> str:
    decision, finding = entry.decision, entry.finding
    group = decision.audit or decision.rule.split("/")[0]
    case = ET.SubElement(suite, "testcase", name=printable(name), classname=printable(f"{entry.subject}.{group}"))
    case.set("file", printable(entry.place.file))
    case.set("line", str(entry.place.line))
    if decision.effect == "block":
        kind = "failure" if decision.exit_code == 3 else "error"
        element = ET.SubElement(case, kind, message=printable(decision.message), type=printable(decision.rule))
        details = [
            ("observed", decision.observed), ("required", decision.required), ("waiver", decision.waiver),
            ("what to do", finding.remedy if finding else ""),
            ("more", f"govern explain {finding.fingerprint}" if finding else ""),
        ]  # fmt: skip
        element.text = "\n".join(f"{label}: {printable(value)}" for label, value in details if value)
        return kind
    if decision.effect in {"waived", "baselined"}:
        ET.SubElement(case, "skipped", message=printable(f"{decision.effect}: {decision.waiver}"))
        return "skipped"
    if decision.effect in {"warn", "note"}:
        ET.SubElement(case, "system-out").text = printable(f"{decision.effect}: {decision.message}")
    return "passed"
