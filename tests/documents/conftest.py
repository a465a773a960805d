"""Fixed facts to render: one dataset and one model with a bit of everything, and no data behind them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from governance.dataset import About, ColumnType, DataConfig, Dataset, Role, Split, Task
from governance.documents.answers import Answers, Given
from governance.documents.facts import DatasetFacts, ModelFacts, TrainingData
from governance.evidence import (
    Confidence,
    Evidence,
    Figure,
    Finding,
    Level,
    Metric,
    Outcome,
    Reach,
    Table,
    Units,
)
from governance.manifest import Manifest, SnapshotColumn, Source
from governance.verdict import Decision, Verdict

INPUTS = {"snapshot": "sha256:" + "a" * 64, "settings": "sha256:" + "b" * 64, "code": "sha256:" + "c" * 64}
REACH = Reach(
    looked_for="labels that a model, trained without the row, finds unlikely.",
    would_notice="9 of 10 labels swapped at random in a test with planted errors.",
    measured="of 200 planted labels 180 were found; 1 of 300 clean sets raised a warning (at most 1.9 %).",
    cannot_see="errors that follow the features, such as a mislabelled batch.",
)


def column(name: str, kind: ColumnType = ColumnType.NUMBER, **rest: Any) -> SnapshotColumn:
    return SnapshotColumn(**({"name": name, "type": kind, "private": False, "nulls": 0, "distinct": 40} | rest))


def manifest(**rest: Any) -> Manifest:
    content: dict[str, Any] = {
        "dataset": "masses",
        "outcome": Outcome.ASSESSED,
        "digest": "sha256:" + "d" * 64,
        "declared": "sha256:" + "e" * 64,
        "code": "sha256:" + "f" * 64,
        "source_path": "data/masses.csv",
        "source_md5": "0" * 32,
        "sources": (Source(path="data/masses.csv", size=120_345, sha256="1" * 64, md5="0" * 32, git_blob="2" * 40),),
        "files": 1,
        "format": "csv",
        "task": Task.CLASSIFICATION,
        "target": "diagnosis",
        "columns": (
            column("patient", ColumnType.STRING, role=Role.IDENTIFIER, private=True, private_because="role identifier"),
            column("age", ColumnType.INTEGER, role=Role.SENSITIVE, unit="years", description="Age at examination."),
            column("mean_radius", unit="pixels", description="Mean distance from centre to edge.", nulls=12),
            column("diagnosis", ColumnType.CATEGORY, role=Role.TARGET, distinct=3, labels={"M": "malignant"}),
        ),
        "rows": 569,
        "splits": {"train": 426, "test": 143},
        "parquet": {"train": "sha256:" + "3" * 64, "test": "sha256:" + "4" * 64},
        "classes": {"train": {"B": 268, "M": 156, "rare": 2}, "test": {"B": 89, "M": 54}},
    }
    return Manifest(**(content | rest)).sealed()


def noise(**rest: Any) -> Evidence:
    content: dict[str, Any] = {
        "subject": "masses",
        "audit": "label_noise",
        "title": "Label noise",
        "question": "How many labels are probably wrong?",
        "section": "composition",
        "settings": {"folds": 5, "threshold": 0.05},
        "inputs": INPUTS,
        "outcome": Outcome.ASSESSED,
        "units": Units(name="rows", declared=569, evaluated=567),
        "reach": REACH,
        "findings": (
            Finding(
                rule="label_noise/probably_wrong",
                level=Level.WARNING,
                confidence=Confidence.MEDIUM,
                message="14 of 567 labels disagree with what a model without them predicts.",
                remedy="Look at the rows in build/masses/rows/label_noise.parquet, worst first.",
                columns=("diagnosis",),
                count=14,
                of=567,
            ),
            Finding(
                rule="label_noise/rare_class",
                level=Level.NOTE,
                message="1 class has fewer than 5 rows; its labels cannot be judged.",
                remedy="Collect more rows of it, or merge it with another class.",
                subject="rare",
            ),
        ),
        "metrics": (
            Metric(
                name="noise_rate",
                value=0.024691,
                unit="share",
                low=0.0148,
                high=0.0411,
                interval="95 % Wilson",
                n=567,
                better="lower",
                meaning="Share of labels flagged; an estimate under the model, not a count of errors.",
            ),
            Metric(name="noise_rate", value=0.0281, unit="share", n=356, group="B", better="lower"),
            Metric(name="noise_rate", value=None, unit="share", n=2, group="rare", note="fewer than 5 rows"),
            Metric(name="mean_margin", value=-0.0123456, n=567, meaning="Mean of the model's confidence in the label."),
        ),
        "tables": (
            Table(
                name="confusion",
                caption="Given and suggested labels",
                columns=("given", "suggested", "rows"),
                rows=(("B", "B", 350), ("B", "M", 6), ("M", "B", 8), ("M", "M", 203)),
            ),
            Table(
                name="by_class",
                caption="Flagged labels per class",
                columns=("class", "flagged_share", "low", "high"),
                rows=(("B", 0.017, 0.008, 0.036), ("M", 0.038, 0.019, 0.073), ("rare", None, None, None)),
            ),
        ),
        "figures": (
            Figure(
                name="confusion",
                caption="Labels as given and as the model suggests.",
                alt="Most flagged labels go from M to B.",
                kind="heatmap",
                table="confusion",
                x="suggested",
                y=("rows",),
                by="given",
            ),
            Figure(
                name="by_class",
                caption="Flagged labels per class.",
                alt="Class M has more flagged labels than B, with overlapping intervals.",
                kind="interval",
                table="by_class",
                x="class",
                y=("flagged_share", "low", "high"),
            ),
        ),
        "references": ("Northcutt, Jiang and Chuang (2021), Confident Learning, JAIR 70.",),
    }
    return Evidence(**(content | rest)).sealed()


def broken() -> Evidence:
    return Evidence(
        subject="masses",
        audit="links",
        title="Broken links",
        question="Do addresses in the data still answer?",
        section="composition.external",
        settings={},
        inputs=INPUTS,
        outcome=Outcome.NOT_APPLICABLE,
        code="no_links",
        reason="no column holds addresses",
        reach=Reach(looked_for="addresses.", would_notice="dead ones.", cannot_see="changed content."),
    ).sealed()


def contract() -> Evidence:
    return Evidence(
        subject="masses",
        audit="contract",
        title="Contract",
        question="Does every row keep to the declared rules?",
        section="composition",
        settings={},
        inputs=INPUTS,
        outcome=Outcome.ASSESSED,
        units=Units(name="checks", declared=8, evaluated=8),
        reach=Reach(looked_for="broken rules.", would_notice="every one.", cannot_see="rules that nobody wrote."),
        findings=(
            Finding(
                rule="contract/check_failed",
                level=Level.ERROR,
                message="3 values of mean_radius are below 0.",
                remedy="Correct them at the source, or correct the rule.",
                columns=("mean_radius",),
                count=3,
                of=557,
            ),
        ),
        metrics=(Metric(name="checks", value=8.0, unit="checks"),),
    ).sealed()


def verdict(evidence: tuple[Evidence, ...], result: str = "blocked", **rest: Any) -> Verdict:
    decisions = [
        Decision(
            rule=finding.rule,
            effect="block" if finding.level is Level.ERROR else "warn" if finding.level is Level.WARNING else "note",
            exit_code=3 if finding.level is Level.ERROR else 0,
            message=finding.message,
            audit=item.audit,
            fingerprint=finding.fingerprint,
        )
        for item in evidence
        for finding in item.findings
        if result == "blocked" or finding.level is not Level.ERROR
    ]
    content: dict[str, Any] = {
        "subject": "masses",
        "kind": "dataset",
        "result": result,
        "tier": "internal",
        "snapshot_digest": "sha256:" + "d" * 64,
        "policy_digest": "sha256:" + "9" * 64,
        "decisions": tuple(decisions),
    }
    return Verdict(**(content | rest)).sealed()


ABOUT = About(
    title="Breast masses",
    description="Measures of cell nuclei from 569 breast masses.\n\nWith the diagnosis of each.",
    version="2.1",
    published="1995-11",
    licence="CC-BY-4.0",
    licence_url="https://creativecommons.org/licenses/by/4.0/",
    source="Hospital records, University of Wisconsin.",
    url="https://archive.ics.uci.edu/dataset/17",
    citation="Wolberg et al. (1993).",
    creators=("William H. Wolberg", "Olvi L. Mangasarian"),
    curators=("Data office",),
    contact="data-office@example.org",
    language=("en",),
    people=True,
    keywords=("cytology",),
)
ANSWERS = Answers(
    {
        "motivation.purpose": Given(
            by="Ada Lovelace, data steward", on="2026-03-01", answer="To tell benign from malignant masses."
        ),
        "composition.missing": Given(by="Ada Lovelace", on="2026-03-02", answer="The outline could not be drawn."),
        "collection.notification": Given(by="Ada Lovelace", on="2026-03-02", not_applicable="Records are old."),
        "uses.do_not_use": Given(by="Ada Lovelace", on="2026-03-01", answer="To diagnose without a physician."),
    }
)


def dataset_facts(**rest: Any) -> DatasetFacts:
    evidence = rest.pop("evidence", (noise(), contract(), broken()))
    dataset = Dataset(
        data=DataConfig(
            path="data/masses.csv",
            task=Task.CLASSIFICATION,
            target="diagnosis",
            split=Split(method="ratio", test=0.25),
        ),
        about=ABOUT,
    )
    facts = DatasetFacts(
        name="masses",
        dataset=dataset,
        manifest=manifest(),
        evidence=evidence,
        verdict=verdict(evidence),
        answers=ANSWERS,
        expected_audits=("label_noise", "contract", "links", "drift"),
    )
    return replace(facts, **rest)


def evaluation(audit: str = "accuracy", section: str = "quantitative_analyses", **rest: Any) -> Evidence:
    content: dict[str, Any] = {
        "subject": "masses_logistic",
        "audit": audit,
        "title": "Accuracy",
        "question": "How often is the model right on rows that it has not seen?",
        "section": section,
        "settings": {},
        "inputs": INPUTS,
        "outcome": Outcome.ASSESSED,
        "units": Units(name="rows", declared=143, evaluated=143),
        "reach": Reach(looked_for="wrong classes.", would_notice="all.", cannot_see="other hospitals."),
        "metrics": (
            Metric(
                name="accuracy",
                value=0.958042,
                unit="share",
                low=0.9115,
                high=0.9806,
                interval="95 % Wilson",
                n=143,
                better="higher",
                group="test",
                meaning="Share of rows whose class is predicted.",
            ),
            Metric(name="log_loss", value=0.1123, n=143, better="lower", group="test"),
        ),
        "tables": (
            Table(
                name="reliability",
                caption="Predicted and observed",
                columns=("predicted_share", "observed_share"),
                rows=((0.05, 0.03), (0.5, 0.55), (0.95, 0.97)),
            ),
        ),
        "figures": (
            Figure(
                name="reliability",
                caption="Reliability.",
                alt="Predicted and observed shares lie close together.",
                kind="line",
                table="reliability",
                x="predicted_share",
                y=("observed_share",),
            ),
        ),
    }
    return Evidence(**(content | rest)).sealed()


def model_facts(**rest: Any) -> ModelFacts:
    data = dataset_facts()
    facts = ModelFacts(
        name="masses_logistic",
        model={
            "dataset": "masses",
            "estimator": "sklearn.linear_model.LogisticRegression",
            "parameters": {"C": 1.0, "max_iter": 2000},
            "about": {
                "intended_use": "A second look at masses that a physician has judged.",
                "out_of_scope": "Screening of people without a mass.",
                "developers": ["Data office"],
                "licence": "Apache-2.0",
            },
        },
        evidence=(evaluation(),),
        verdict=verdict((), "passed", subject="masses_logistic", kind="model"),
        data=TrainingData(
            name="masses",
            digest=data.manifest.digest,
            result="blocked",
            title="Breast masses",
            licence="CC-BY-4.0",
            target="diagnosis",
            splits={"train": 426, "test": 143},
            task=Task.CLASSIFICATION,
            findings=tuple(finding for item in data.evidence for finding in item.findings),
        ),
        expected_evaluations=("accuracy", "calibration"),
    )
    return replace(facts, **rest)


@pytest.fixture(scope="session")
def make_facts() -> Callable[..., DatasetFacts]:
    return dataset_facts


@pytest.fixture(scope="session")
def make_model_facts() -> Callable[..., ModelFacts]:
    return model_facts


@pytest.fixture(scope="session")
def make_evidence() -> Callable[..., Evidence]:
    return noise


@pytest.fixture(scope="session")
def make_manifest() -> Callable[..., Manifest]:
    return manifest


@pytest.fixture(scope="session")
def make_verdict() -> Callable[..., Verdict]:
    return verdict
