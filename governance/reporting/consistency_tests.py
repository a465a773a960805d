"""Asks every factor every question about labels, with the strata, groups and draws that belong to it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from governance.dataset import Role
from governance.evidence import Finding, Metric, Table
from governance.reporting.agreement_report import (
    MOST_CLASSES,
    Annotations,
    alpha_finding,
    alpha_metric,
    alpha_of,
    ordinal_metric,
    shown_classes,
)
from governance.reporting.consensus_report import annotator_table, consensus_rows, contradicted, contradicted_finding
from governance.reporting.consistency_report import FAULTS, Asked
from governance.reporting.label_factors import Factor, factors
from governance.reporting.row_evidence import group_codes
from governance.reporting.unknown_classes import unknown_classes
from governance.telling import tell

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from governance.measures.conditional_association import Codes, Floats
    from governance.measures.turned_labels import Expected
    from governance.snapshot import Snapshot

MOST_ROWS = 100_000
"""Rows that one comparison draws from: the first in order of row_id, which is a random part. Effects that matter show."""
MOST_CELLS = 30_000_000
"""Groups times levels times outcomes in memory."""
FEW_ROWS = 20_000
DRAWS, DRAWS_OF_MANY = 999, 499


@dataclass(frozen=True)
class Judged:
    """Labels beside what models say of them, aligned."""

    row_id: list[str]
    label: NDArray[np.int64]
    likeliest: NDArray[np.int64]
    residual: Floats
    """(rows, classes) is it this class, less its probability; (rows, 1) standardised error in a regression."""
    tested: Expected | None
    """Of classes, what is tested instead: see turned_labels."""
    issue: NDArray[np.bool_]
    flagged_from: float
    """Regression: size of a residual from which on it is a likely error."""
    strata: Codes
    classes: tuple[str, ...]
    """Names of classes that may be shown; empty for a regression."""
    suggestions: list[str]
    score: Floats

    def frame(self, flags: NDArray[np.bool_], question: str, column: str) -> pl.DataFrame:
        """row_id, rule, score, flagged, suggestion of the flagged rows; `question` is labels or label_issues."""
        import polars as pl

        places = flags.nonzero()[0].tolist()
        why = {"labels": "labels differ by", "label_issues": "likely errors differ by"}[question]
        return pl.DataFrame(
            {
                "row_id": [self.row_id[place] for place in places],
                "score": self.score[places],
                "suggestion": [f"{self.suggestions[place]}; {why} {column}".removeprefix("; ") for place in places],
            },
            schema={"row_id": pl.String, "score": pl.Float64, "suggestion": pl.String},
        ).with_columns(flagged=pl.lit(True), rule=pl.lit(f"label_consistency/{question}_differ"))


def judged_labels(snapshot: Snapshot) -> Judged:
    """Labels and predictions, and which of the labels these contradict. Raises SignalAbsent."""
    import numpy as np

    from governance.measures.conditional_association import alike, binned
    from governance.measures.label_noise import standardised_residuals
    from governance.measures.turned_labels import expected_labels

    found = snapshot.signals.label_errors()
    if found.probabilities is None:
        assert found.predicted is not None
        made = standardised_residuals(found.label.astype(np.float64), found.predicted)
        zeros = np.zeros(found.label.size, dtype=np.int64)
        score = 1 - np.exp(-np.abs(made.standardised) / 3)
        return Judged(found.row_id.tolist(), zeros, zeros, made.standardised[:, None], None, made.flagged, made.threshold, binned(found.predicted), (), [""] * zeros.size, score)  # fmt: skip
    from governance.reporting.label_tables import class_names

    assert found.flagged is not None
    label, probabilities = found.label.astype(np.int64), found.probabilities
    counts = np.bincount(label, minlength=len(found.classes))
    likeliest = probabilities.argmax(axis=1)
    chance = probabilities[np.arange(label.size), label]
    residual = (label[:, None] == np.arange(counts.size)) - probabilities
    return Judged(
        row_id=found.row_id.tolist(),
        label=label,
        likeliest=likeliest,
        residual=residual,
        tested=expected_labels(label, probabilities),
        issue=found.flagged,
        flagged_from=0.0,
        strata=alike(probabilities),
        classes=tuple(class_names(snapshot, found.classes, counts)),
        suggestions=[found.classes[number] for number in likeliest],
        score=1 - chance,
    )


def ask_all(
    snapshot: Snapshot, judged: Judged | None, least: int, tolerance: float, tolerance_errors: float, alpha: float
) -> list[Asked]:
    """Labels and likely errors of every factor, and missing labels where there are any.

    Where predictions tell nothing of the labels, what they call likely errors is not asked, and rows are not known to be alike.
    """
    import numpy as np

    asked: list[Asked] = []
    if judged is not None:
        groups, alike = group_codes(snapshot, judged.row_id), snapshot.signals.info.predicts
        unit = "share" if judged.classes else "typical errors"
        bound = tolerance if judged.classes else tolerance_errors
        for factor in factors(snapshot, judged.row_id):
            labels = _ask("labels", factor, judged.residual, judged.strata, groups, least, judged.classes or ("",), unit, bound,
                          alpha, judged.tested)  # fmt: skip
            asked.append(replace(labels, alike=alike))
            if alike:
                flags = judged.issue[:, None].astype(np.float64)
                asked.append(
                    _ask("label_issues", factor, flags, judged.strata, groups, least, ("",), "share", tolerance, alpha)
                )
    if snapshot.target is not None and snapshot.column(snapshot.target).nulls:
        import polars as pl

        frame = snapshot.frame(snapshot.target).select("row_id", gone=pl.col(snapshot.target).is_null()).collect()
        row_id = frame["row_id"].to_list()
        gone = frame["gone"].to_numpy().astype(np.float64)[:, None]
        strata = np.zeros(len(row_id), dtype=np.int64)
        groups = group_codes(snapshot, row_id)
        asked += [
            _ask("missing_labels", factor, gone, strata, groups, least, ("",), "share", tolerance, alpha)
            for factor in factors(snapshot, row_id)
        ]
    return asked


def _ask(
    question: str, factor: Factor, outcome: Floats, strata: Codes, groups: Codes | None, least: int,
    outcomes: tuple[str, ...], unit: str, tolerance: float, alpha: float, tested: Expected | None = None,
) -> Asked:  # fmt: skip

    from governance.measures.setting_aside import compare_in_steps

    tell(f"{question.replace('_', ' ')} by {factor.column}")
    most = MOST_ROWS
    if groups is not None:
        most = min(most, MOST_CELLS // (len(factor.names) * (outcome.shape[1] if tested is None else tested.ways)))
    rows = _part(strata.size, most)
    draws = DRAWS if rows.size <= FEW_ROWS else DRAWS_OF_MANY
    comparison = compare_in_steps(
        outcome[rows], factor.codes[rows], strata[rows], levels=len(factor.names), groups=None if groups is None else groups[rows],
        least=least, draws=draws, alpha=alpha, faults=question in FAULTS, tested=None if tested is None else tested.rows(rows),
    )  # fmt: skip
    independent = None if groups is None else _units(groups[rows], factor.codes[rows], len(factor.names))
    return Asked(question, factor, comparison, outcomes, unit, tolerance, independent)


def _units(groups: Codes, level: Codes, levels: int) -> tuple[int, ...]:
    """(levels,) groups that have rows of each level."""
    import numpy as np

    pairs = np.unique(np.column_stack([level, groups]), axis=0)
    return tuple(np.bincount(pairs[:, 0], minlength=levels).tolist())


def _part(rows: int, most: int) -> NDArray[np.int64]:
    """Positions of every n-th row, `most` at most; rows stand in order of their hash, so this is a random part."""
    import numpy as np

    return np.arange(0, rows, max(1, math.ceil(rows / most)))


@dataclass(frozen=True)
class People:
    """What several annotations of an item tell."""

    asked: Asked | None
    findings: tuple[Finding, ...] = ()
    metrics: tuple[Metric, ...] = ()
    tables: tuple[Table, ...] = ()
    rows: list[pl.DataFrame] = field(default_factory=list)


def ask_annotators(
    snapshot: Snapshot, annotations: Annotations, least: int, tolerance: float, error_rate: float
) -> People:
    """Agreement, consensus, and how each annotator differs from the others on the same items."""
    from governance.measures.annotation_agreement import consensus

    alpha = alpha_of(snapshot, annotations)
    columns = tuple(sorted(annotations.names if annotations.wide else {annotations.column}))
    findings = list(alpha_finding(alpha, columns))
    numbers = [alpha_metric(alpha), *ordinal_metric(snapshot, annotations)]
    classes = len(annotations.classes)
    if alpha is None or not 2 <= classes <= MOST_CLASSES:
        return People(None, tuple(findings), tuple(numbers))
    agreed = consensus(annotations.item, annotations.annotator, annotations.label, classes)
    told = contradicted(annotations, agreed)
    rows = [consensus_rows(annotations, agreed)]
    if told is not None:
        metric, frame = told
        numbers.append(metric)
        rows.append(frame)
        assert snapshot.target is not None
        if (one := contradicted_finding(metric, snapshot.target)) is not None:
            findings.append(one)
    if (stray := unknown_classes(annotations, snapshot.target)) is not None:
        findings.append(stray[0])
        rows.append(stray[1])
    asked = _compare_annotators(annotations, least, tolerance, error_rate)
    return People(asked, tuple(findings), tuple(numbers), (annotator_table(annotations, agreed),), rows)


def _compare_annotators(annotations: Annotations, least: int, tolerance: float, error_rate: float) -> Asked:
    """Each annotator against the others of the same items.

    Shares are of labels within items. What is beyond chance is told by turned labels (turned_labels), beside what the
    others' labels make likely: chance is who of an item's annotators gave which of its labels. For that all annotators
    count alike in the consensus: one that trusts some more than others contradicts whoever it trusts less, by chance too.
    """
    import numpy as np

    from governance.measures.annotation_agreement import consensus
    from governance.measures.setting_aside import compare_in_steps
    from governance.measures.turned_labels import expected_labels

    people, classes = len(annotations.names), len(annotations.classes)
    paired = np.flatnonzero(np.bincount(annotations.item) >= 2)
    # Whole items, as annotations are compared within them.
    cap = min(MOST_CELLS // (4 * people), MOST_ROWS * paired.size // max(1, annotations.item.size))
    rows = np.flatnonzero(np.isin(annotations.item, paired[_part(paired.size, max(1, cap))]))
    label, nobody = annotations.label[rows], np.zeros(annotations.item.size, dtype=np.int64)
    others = consensus(annotations.item, nobody, annotations.label, classes).without[rows]
    tell(f"annotations by {annotations.column}")
    comparison = compare_in_steps(
        (label[:, None] == np.arange(classes)).astype(np.float64), annotations.annotator[rows], annotations.item[rows],
        levels=people, least=least, draws=DRAWS if rows.size <= FEW_ROWS else DRAWS_OF_MANY,
        alpha=error_rate, tested=expected_labels(label, others),
    )  # fmt: skip
    factor = Factor(
        annotations.column, Role.ANNOTATOR, annotations.annotator[rows], annotations.names, annotations.numbered
    )
    units = _units(annotations.item[rows], annotations.annotator[rows], people)
    return Asked("annotations", factor, comparison, shown_classes(annotations), "share", tolerance, units)
