"""How good are the predictions, on rows that the model has not seen?"""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from governance.audit import Answer
from governance.evaluation import Evaluation
from governance.evidence import Finding, Level, Metric, Reach, Units
from governance.measures.classification_scores import classification_scores
from governance.measures.regression_scores import regression_scores
from governance.measures.scores import Sample, Score
from governance.modelling.results import Part, Results
from governance.reporting.performance_report import class_tables, model_table


class Performance(Evaluation):
    """Scores of every split with their intervals, beside a baseline that knows no feature.

    What it measures:
        Per split, with 95 % intervals. Classes: accuracy (Wilson), balanced accuracy, macro F1, area under the ROC
        curve (DeLong; for more than two classes one against the rest, averaged), log loss and Brier score; recall and
        precision per class; the confusion matrix. Numbers: mean absolute error, root mean squared error, R squared.
        Beside them what a baseline gets that knows no feature: it always answers the most frequent class, or the
        mean, of the rows that the model was fitted on. Where the dataset has a group column, whole groups are the
        units of every interval.

    Why it matters:
        A score on rows that the model has seen says how well it remembers. A score without its interval says little
        when there are few rows. A model that does not beat the baseline has learnt nothing that can be shown.

    How to read it:
        Look at the held-out split first. `baseline_not_beaten` is an error when the model is worse than the baseline
        by the interval of the difference, a warning when the two cannot be told apart, and a note when only balanced
        accuracy shows that the model has learnt something, as happens with a rare class. `much_better_on_train` says
        that the model is better on its own rows by more than the tolerance, by the interval of the difference.
        Without a held-out split the outcome is inconclusive, and the scores shown are those of rows that the model
        has, or may have, seen. A policy names a metric together with its split: `group: test`.

    Limits:
        Held-out rows come from the same source: other places and later times are not covered. Sample weights are not
        used. Wrong labels count against the model. Whether a model from a file has seen the held-out rows is its
        maker's word. The interval of macro F1 is that of the bootstrap, which is narrow when mistakes are few. Macro F1 and the area under
        the curve have no interval where a class has fewer than 5 rows, or groups.

    References:
        M. Mitchell et al., Model Cards for Model Reporting, FAT* 2019.
        R. G. Newcombe, Statistics in Medicine 17, 1998 (intervals of shares and of their difference).
        E. R. DeLong et al., Biometrics 44, 1988 (area under the ROC curve).
        G. Y. Zou and A. Donner, Statistics in Medicine 27, 2008 (intervals of sums and differences).
    """

    title: ClassVar[str] = "Performance"
    question: ClassVar[str] = "How good are the predictions on rows that the model has not seen?"
    section: ClassVar[str] = "quantitative_analyses"
    reach: ClassVar[Reach] = Reach(
        looked_for="predictions no better than a baseline that knows no feature, and much better ones on the rows that "
        "the model was fitted on",
        would_notice="a difference that is larger than its own 95 % interval; with few held-out rows only a large one",
        measured="not measured on planted faults: every score has a 95 % interval of its own, computed from these rows",
        cannot_see="how the model does on data from elsewhere or from later, and mistakes that the labels share",
    )

    draws: int = Field(default=1000, ge=200, le=10_000)
    """Bootstrap draws, for the intervals that have no formula."""
    seed: int = Field(default=0, ge=0)
    """Seed of the draws."""
    gap_tolerance: float = Field(default=0.1, ge=0, lt=1)
    """How much better accuracy (or R squared) may be on train than on held-out rows before it is worth a warning."""
    largest_confusion: int = Field(default=20, ge=2, le=50)
    """Classes up to which the whole confusion matrix is shown; beyond, only the most frequent confusions."""

    def run(self, results: Results) -> Answer:
        """Scores of every split; findings on the held-out ones."""
        parts = [part for part in results.parts if part.rows]
        scored = {part.split: self._scores(results, part) for part in parts}
        held = [part for part in parts if part in results.held_out]
        # What was seen stands last: the question is about rows that were not.
        ordered = sorted(
            parts, key=lambda part: (part.split == results.info.fitted_on, part not in held, part.split != "test")
        )
        shown = held or parts
        metrics = tuple(_metric(score, part, results) for part in ordered for score in scored[part.split])
        rest: dict[str, Any] = {"metrics": metrics, "tables": (model_table(results.info),)}
        if results.classification and shown:
            part = results.judged or shown[-1]
            tables, rest["figures"] = class_tables(part, results.class_names, self.largest_confusion)
            rest["tables"] += tables
        rows = sum(part.rows for part in shown)
        units = Units(name="rows", declared=rows, evaluated=rows)
        if not held:
            return self.inconclusive(
                "no_held_out_split",
                "there is no held-out split: the model has, or may have, seen every row, so these scores say how well "
                "it remembers and not how well it predicts",
                units=units,
                **rest,
            )
        findings: list[Finding] = []
        for part in held:
            findings += _beats_baseline(scored[part.split], part, results)
            if results.reference is not None and results.reference.split in scored:
                findings += self._gap(scored[results.reference.split], scored[part.split], part, results)
        return self.assessed(units, findings=tuple(findings), **rest)

    def _scores(self, results: Results, part: Part) -> tuple[Score, ...]:
        import numpy as np

        sample = Sample(part.rows, part.units, self.draws, self.seed)
        reference = results.reference if results.reference is not None and results.reference.rows else part
        if results.classification:
            return classification_scores(
                sample,
                part.label.astype(np.int64),
                part.predicted.astype(np.int64),
                part.probabilities,
                classes=len(results.info.classes),
                majority=int(np.bincount(reference.label.astype(np.int64)).argmax()),
                positive=results.positive,
            )
        baseline = float(reference.label.mean())
        return regression_scores(
            sample, part.label.astype(np.float64), part.predicted.astype(np.float64), baseline=baseline
        )

    def _gap(self, train: tuple[Score, ...], held: tuple[Score, ...], part: Part, results: Results) -> list[Finding]:
        name = "accuracy" if results.classification else "r_squared"
        before, after = _named(train, name), _named(held, name)
        if before.value is None or after.value is None or before.interval is None or after.interval is None:
            return []
        gap = before.value - after.value
        # The interval of a difference from those of its ends (Zou and Donner).
        least = gap - ((before.value - before.interval[0]) ** 2 + (after.interval[1] - after.value) ** 2) ** 0.5
        if least <= self.gap_tolerance:
            return []
        return [
            Finding(
                rule="performance/much_better_on_train",
                level=Level.WARNING,
                message=f"{name.replace('_', ' ').capitalize()} is {before.value:.3f} on train and {after.value:.3f} on "
                f"{part.split} (n={part.rows:,}): better by {gap:.3f}, and by at least {least:.3f} with 95 % confidence.",
                remedy="Regularise the model, look for leakage between features and target, or gather more rows.",
                split=part.split,
            )
        ]


def _named(scores: tuple[Score, ...], name: str) -> Score:
    return next(score for score in scores if score.name == name)


def _metric(score: Score, part: Part, results: Results) -> Metric:
    notes = [score.note] if score.note else []
    if part.split == results.info.fitted_on:
        notes.append("on the rows that the model was fitted on")
    elif part.split not in results.info.held_out:
        notes.append("on rows that the model may have seen")
    low, high = score.interval or (None, None)
    return Metric(
        name=score.name,
        value=score.value,
        unit=results.target_unit if score.unit == "target" else score.unit,
        low=low,
        high=high,
        interval=score.method,
        n=score.n,
        independent_units=score.independent_units,
        better=score.better,
        group=part.split,
        meaning=score.meaning,
        note="; ".join(notes),
    )


def _beats_baseline(scores: tuple[Score, ...], part: Part, results: Results) -> list[Finding]:
    """Judged by the interval of the difference in the same rows; for classes balanced accuracy may speak for it."""
    advantage = _named(scores, "advantage_over_baseline")
    low, high = advantage.interval or (advantage.value or 0.0, advantage.value or 0.0)
    if low > 0:
        return []
    level, words = Level.WARNING, "The model cannot be told from a baseline that knows no feature"
    if high < 0:
        level, words = Level.ERROR, "The model is worse than a baseline that knows no feature"
    if results.classification:
        balanced, chance = _named(scores, "balanced_accuracy"), _named(scores, "baseline_balanced_accuracy")
        if balanced.interval is not None and chance.value is not None and balanced.interval[0] > chance.value:
            level = Level.NOTE
            words = (
                "Accuracy does not beat always answering the most frequent class; balanced accuracy does beat chance "
                f"({balanced.value:.3f} against {chance.value:.3f})"
            )
    what = "accuracy" if results.classification else "share of squared error removed"
    return [
        Finding(
            rule="performance/baseline_not_beaten",
            level=level,
            message=f"{words}: difference in {what} {advantage.value or 0.0:+.3f} "
            f"(95 % {low:+.3f} to {high:+.3f}, n={part.rows:,}, {part.split}).",
            remedy="Check features, labels and split, and use the baseline if no model beats it.",
            split=part.split,
        )
    ]
