"""The responsible-AI properties of a Croissant document, from the same replies and evidence as the datasheet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from governance.documents.facts import DatasetFacts
from governance.documents.replies import Reply, replies
from governance.documents.wording import headline, listed, most_serious, plural
from governance.evidence import Level, Outcome
from governance.render import shorten

NAMES = frozenset(
    "rai:" + name
    for name in (
        *("dataCollection", "dataCollectionType", "dataCollectionMissingData", "dataCollectionRawData"),
        *("dataCollectionTimeframe", "dataImputationProtocol", "dataManipulationProtocol", "dataPreprocessingProtocol"),
        *("dataAnnotationProtocol", "dataAnnotationPlatform", "dataAnnotationAnalysis", "annotationsPerItem"),
        *("annotatorDemographics", "machineAnnotationTools", "dataBiases", "dataLimitations", "dataUseCases"),
        *("dataSocialImpact", "personalSensitiveInformation", "dataReleaseMaintenancePlan"),
    )
)
"""The names that the vocabulary defines. Its reference reader knows two of them by other spellings, and keeps these."""

ONE = "one"
"""Properties that take one text."""
_FROM: Mapping[str, tuple[str, ...]] = {
    "rai:dataCollection": (ONE, "collection.acquisition", "collection.mechanism", "collection.sampling_strategy"),
    "rai:dataCollectionMissingData": (ONE, "composition.missing"),
    "rai:dataCollectionRawData": (ONE, "preprocessing.raw_saved"),
    "rai:dataPreprocessingProtocol": ("preprocessing.done", "preprocessing.software"),
    "rai:dataAnnotationAnalysis": ("composition.labels", "composition.errors"),
    "rai:dataBiases": ("composition.subpopulations", "composition.sampling"),
    "rai:dataUseCases": ("motivation.purpose", "uses.used_already", "uses.other_tasks"),
    "rai:dataSocialImpact": (ONE, "uses.impact_on_future_use", "collection.impact_assessment"),
    "rai:personalSensitiveInformation": (
        *("composition.identifiable", "composition.sensitive", "composition.confidential"),
    ),
    "rai:dataReleaseMaintenancePlan": (ONE, "maintenance.maintainer", "maintenance.updates", "maintenance.erratum"),
}
"""Property to the questions of the datasheet that answer it."""
_MOST_LIMITS = 20
_TEXT = 1000


def responsible_ai(facts: DatasetFacts) -> dict[str, Any]:
    """Property to its text or texts. A question that is open says nothing here; a property without any is left out."""
    by_id = {reply.id: reply for reply in replies(facts)}
    made: dict[str, Any] = {}
    for name, questions in _FROM.items():
        texts = [said for question in questions if question != ONE and (said := _said(by_id[question]))]
        if name == "rai:personalSensitiveInformation":
            texts += _private(facts)
        if name == "rai:dataReleaseMaintenancePlan" and facts.dataset.about.version:
            texts.append(f"Declared version: {facts.dataset.about.version}.")
        if texts:
            made[name] = " ".join(texts) if ONE in questions else texts
    made["rai:dataLimitations"] = _limits(facts, by_id["uses.do_not_use"])
    return {name: value for name, value in sorted(made.items()) if value}


def _said(reply: Reply) -> str:
    """What is known, and what a person says, as one text."""
    prose = reply.prose + (" (Given for an earlier version of the data.)" if reply.state == "older" else "")
    parts = [part.strip() for part in (*reply.lines, prose) if part.strip()]
    return shorten(" ".join(part if part.endswith((".", "!", "?")) else f"{part}." for part in parts), _TEXT)


def _private(facts: DatasetFacts) -> list[str]:
    columns = [column.name for column in facts.manifest.columns if column.private]
    if not columns:
        return []
    return [f"{plural(len(columns), 'column')} treated as private, values shown in no report: {listed(columns, 20)}."]


def _limits(facts: DatasetFacts, not_for: Reply) -> list[str]:
    """What the data is not for, the findings, worst first, and of every question without any what it cannot see."""
    texts = [f"Not to be used: {said}" for said in [_said(not_for)] if said]
    found = [(finding, "") for item in facts.evidence for finding in item.findings if finding.level is not Level.NOTE]
    texts += [shorten(finding.message, _TEXT) for finding, _ in most_serious(found)[:_MOST_LIMITS]]
    for item in facts.evidence:
        if item.outcome is not Outcome.ASSESSED:
            texts.append(shorten(f"{item.title}: {headline(item)}", _TEXT))
        elif not any(finding.level is not Level.NOTE for finding in item.findings):
            reach = (item.reach.looked_for.rstrip(". "), item.reach.cannot_see.rstrip(". "))
            texts.append(shorten(f"{item.title}: looked for {reach[0]}; cannot see {reach[1]}.", _TEXT))
    return texts
