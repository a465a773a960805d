"""Which labels are likely to be wrong?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from governance.audit import Answer, Audit
from governance.errors import ConfigError
from governance.evidence import Confidence, Finding, Level, Metric, Outcome, Reach, Table, Units
from governance.reporting.in_sample import exchanged_columns, in_sample_report
from governance.reporting.label_tables import class_names, class_tables, error_table, quality_metrics, split_table
from governance.reporting.row_evidence import flagged_share, group_codes, judged_rows

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from governance.signals import LabelErrors
    from governance.snapshot import Snapshot

MEANING = "share of judged labels that are flagged"
SURE_FACTOR = 1.15
"""In a regression, a flagged label counts towards a warning from so many times the least distance of flagged ones on."""


class LabelIssues(Audit):
    """Looks for labels that models which did not learn from them find hard to believe.

    What it measures:
        For each labelled row, the probability that models fitted on the other folds give to its label. Cleanlab's
        confident learning turns these into a set of likely label errors. They are ranked, and the share of wrong labels is
        estimated, by the probability that each label is wrong, in which two words are weighed by as much as each tells of
        the labels: that of all models and that of the linear one alone, or your own class probabilities, which then
        decide what is flagged, and our folds. In a regression, the error of the prediction in units of what is usual for
        such a prediction; models learn from values that are not far beyond all others.

    Why it matters:
        Wrong labels in the test set make every reported score wrong, and wrong labels in the training set are learnt.

    How to read it:
        The share of flagged rows has an interval for chance. The estimated noise rate is an estimate under the model,
        not a measurement: only people who look at a random sample can measure it. Read both beside the model's
        out-of-fold quality: the better the model, the more a disagreement means. A warning says that wrong labels explain
        labels and predictions better than classes that overlap; else it is a note. Where the model is shown neither to
        beat the most common class or value nor to rank rows by their labels, nothing is judged.

    Limits:
        Where classes overlap by nature, honest labels look like errors; they are flagged with low confidence, in a note: of
        144 tables of classes that overlap 2 were warned of, and of 48 of them with a tenth of wrong labels 24. In small
        tables of a short note beside numbers a ranking by logistic regression alone may be better (in 7 of 36 generated sets
        by more than 0.01 of average precision, which ours leads by 0.028 on average). Errors that are systematic are learnt and not seen.
        In a regression, noise with heavy tails is flagged too, with low confidence, and 3 of 36 such sets were warned of. Class
        probabilities of your own that saw the labels are suspected where at least 12 labels are odd; a model that
        memorises little is not noticed, predictions of a regression are not compared, and a model that knows far more
        than the snapshot holds may be suspected unjustly.

    References:
        C. Northcutt, L. Jiang, I. Chuang. Confident Learning: Estimating Uncertainty in Dataset Labels. JAIR 70, 2021.
        D. Wolpert. Stacked Generalization. Neural Networks 5, 1992.
        Y. Yao, A. Vehtari, D. Simpson, A. Gelman. Using Stacking to Average Bayesian Predictive Distributions. BA 13, 2018.
        H. Zhou, J. Mueller, M. Kumar, J. Wang, J. Lei. Detecting Errors in a Numerical Response. ICML workshop, 2023.
    """

    title: ClassVar[str] = "Label issues"
    question: ClassVar[str] = "Which labels are likely to be wrong, and how many?"
    section: ClassVar[str] = "composition"
    needs: ClassVar[frozenset[str]] = frozenset({"predictions", "label_errors", "reviews"})
    reach: ClassVar[Reach] = Reach(
        looked_for="labels that contradict what models predict for rows which they did not learn from",
        would_notice="most single wrong labels where the model is right about nearly all other rows",
        measured="wrong labels planted in 7 data sets, 20 times each, were ranked with an average precision (1 is "
        "perfect) of 0.39 to 0.95 by a plain model's probabilities, and of 0.72 to 0.99 by the audit's "
        "own models; 93 of 132 sets with a tenth of wrong labels raised a warning, and 6 of 396 without "
        "any (at most 3.3 %)",
        cannot_see="errors that follow a rule the model can learn, and errors where classes overlap by nature",
    )

    warn_share: float = Field(default=0.005, ge=0, le=1)
    """A warning when a larger share of wrong labels (0 to 1) explains labels and predictions significantly better than
    classes that overlap, or, of numbers, when so many lie far beyond what is usual; a note otherwise."""
    false_alarms: float = Field(default=0.5, gt=0)
    """Regression: rows flagged wrongly in a whole dataset whose noise is normal."""

    def run(self, snapshot: Snapshot) -> Answer:
        """Ask the question."""
        signals = snapshot.signals
        predictions, info = signals.predictions(), signals.info
        label = predictions.label
        try:
            reviewed, tables = _reviewed(snapshot)
        except ConfigError as error:
            return self.failed("reviews_unreadable", str(error))
        assert snapshot.target is not None
        told, suspected = in_sample_report(info, snapshot.target)
        # Predictions under other classes' names agree with labels that are contradicted, and saw none of them.
        suspected = exchanged_columns(snapshot, predictions) or suspected
        quality = (*reviewed, *quality_metrics(info, label.size), *told)
        if not info.predicts:
            guess = "class" if info.classes else "value"
            reason = (
                f"the model is not shown to predict labels better than always guessing the most common {guess} would, nor to "
                f"rank rows by them, so its disagreement with a label means nothing"
            )
            return self.inconclusive("below_baseline", reason, findings=suspected, metrics=quality, tables=tables)
        if (absent := signals.absent("label_errors")) is not None:
            answer = Answer(outcome=Outcome(absent.outcome), code=absent.code, reason=absent.reason, reach=self.reach)
            answer = replace(answer, metrics=quality[len(reviewed) :])
        else:
            judge = self._judge_classes if info.classes else self._judge_values
            answer = judge(snapshot, signals.label_errors(), quality[len(reviewed) :])
        # What people measured comes first; the model's word is an estimate.
        return replace(
            answer,
            findings=(*suspected, *answer.findings),
            metrics=(*reviewed, *answer.metrics),
            tables=(*answer.tables, *tables),
        )

    def _judge_classes(self, snapshot: Snapshot, errors: LabelErrors, quality: tuple[Metric, ...]) -> Answer:
        import numpy as np

        from governance.measures.label_noise import counts_by_class, likeliest_other
        from governance.measures.noise_rate import exceeds

        assert errors.probabilities is not None
        assert errors.flagged is not None
        label, probabilities, flagged = errors.label.astype(np.int64), errors.probabilities, errors.flagged
        suggested, doubt = likeliest_other(label, probabilities), 1 - errors.quality
        row_id, counts = errors.row_id.tolist(), np.bincount(label, minlength=len(errors.classes))
        groups, rule = group_codes(snapshot, row_id), snapshot.signals.info.label_rule.replace("_", " ")
        share = flagged_share(flagged, groups, meaning=f"{MEANING}, by Cleanlab's rule {rule!r}")
        noise = Metric(
            name="estimated_noise_rate",
            value=float(doubt.mean()),
            unit="share",
            n=label.size,
            better="lower",
            meaning="mean over labels of the probability that each is wrong, with how sure models are and the noise of labels "
            "estimated together; not a measurement",
        )
        names = class_names(snapshot, errors.classes, counts)
        by_class = counts_by_class(label[flagged], suggested[flagged], counts.size)
        noise_of = np.bincount(label, weights=doubt, minlength=counts.size) / counts
        tables, figures = class_tables(names, counts, by_class, noise_of)
        places = np.arange(label.size)
        lead = probabilities[places, suggested] - probabilities[places, label]
        margin = float(np.median(lead[flagged])) if flagged.any() else 0.0
        units = label.size if groups is None else len(set(groups.tolist()))
        warned = exceeds(self.warn_share, label, probabilities, units)
        suggestion = [errors.classes[number] for number in suggested]
        judged = _rows(snapshot, row_id, doubt, flagged, suggestion)
        return self.assessed(
            Units(name="rows", declared=snapshot.rows, evaluated=label.size),
            findings=self._findings(snapshot, share, warned, _confidence(margin), "models prefer another class"),
            metrics=(share, noise, *quality),
            tables=(*tables, split_table(judged["split"].to_list(), flagged)),
            figures=figures,
            rows=judged,
        )

    def _judge_values(self, snapshot: Snapshot, errors: LabelErrors, quality: tuple[Metric, ...]) -> Answer:
        import numpy as np

        from governance.measures.label_noise import standardised_residuals

        assert errors.predicted is not None
        assert snapshot.target is not None
        label, row_id = errors.label.astype(np.float64), errors.row_id.tolist()
        residuals = standardised_residuals(label, errors.predicted, false_alarms=self.false_alarms)
        score = 1 - errors.quality
        share = flagged_share(residuals.flagged, group_codes(snapshot, row_id), meaning=MEANING)
        size = Metric(
            name="typical_error",
            value=float(np.median(residuals.scale)),
            unit=snapshot.column(snapshot.target).unit or "units of the target",
            n=label.size,
            better="lower",
            meaning="robust standard deviation of the model's out-of-fold errors",
        )
        table, figure = error_table(label, errors.predicted, residuals.flagged)
        suggestion = [f"{value:.6g}" for value in errors.predicted]
        judged = _rows(snapshot, row_id, score, residuals.flagged, suggestion)
        size_of = np.abs(residuals.standardised)
        far = size_of[residuals.flagged].min(initial=np.inf) > 2 * residuals.threshold
        beyond = residuals.flagged & (size_of >= SURE_FACTOR * residuals.threshold)
        sure = flagged_share(beyond, group_codes(snapshot, row_id), meaning=MEANING)
        warned = (sure.low or 0) >= self.warn_share
        why = f"they lie more than {residuals.threshold:.1f} typical errors from their prediction"
        return self.assessed(
            Units(name="rows", declared=snapshot.rows, evaluated=label.size),
            findings=self._findings(snapshot, share, warned, Confidence.MEDIUM if far else Confidence.LOW, why),
            metrics=(share, size, *quality),
            tables=(table, split_table(judged["split"].to_list(), residuals.flagged)),
            figures=(figure,),
            rows=judged,
        )

    def _findings(
        self, snapshot: Snapshot, share: Metric, warned: bool, confidence: Confidence, why: str
    ) -> tuple[Finding, ...]:
        """A warning when wrong labels are shown; overlapping classes give flagged ones as well."""
        if not share.value:
            return ()
        assert share.n is not None
        assert snapshot.target is not None
        count = round(share.value * share.n)
        message = f"Likely label errors: {count:,} of {share.n:,} labels ({share.value:.2%}); {why}."
        if confidence is Confidence.LOW:
            message = (
                f"Labels that models disagree with: {count:,} of {share.n:,} ({share.value:.2%}); {why}. Many of them can be "
                f"right, as the models are often unsure."
            )
        return (
            Finding(
                rule="label_issues/likely_wrong_label",
                level=Level.WARNING if warned else Level.NOTE,
                confidence=confidence,
                message=message,
                remedy="Look at the flagged rows, highest score first, and correct or remove those that are wrong.",
                columns=(snapshot.target,),
                count=count,
                of=share.n,
            ),
        )


def _reviewed(snapshot: Snapshot) -> tuple[tuple[Metric, ...], tuple[Table, ...]]:
    """What people said of a random sample of labels: the only noise rate with a valid interval."""
    from governance.reviewing.review_sample import population
    from governance.reviewing.reviews import as_metrics, as_table, estimate

    if snapshot.reviews_file is None or not snapshot.reviews_file.is_file():
        return (), ()
    found = estimate(snapshot.reviews_file, snapshot.manifest.digest, population(snapshot.manifest))
    return ((), ()) if found is None else (as_metrics(found), (as_table(found),))


def _confidence(margin: float) -> Confidence:
    """By how much more credit models give the other class than the given one, for the median flagged row."""
    if margin >= 0.8:
        return Confidence.HIGH
    return Confidence.MEDIUM if margin >= 0.6 else Confidence.LOW


def _rows(
    snapshot: Snapshot,
    row_id: list[str],
    score: NDArray[np.float64],
    flagged: NDArray[np.bool_],
    suggestion: list[str],
) -> pl.DataFrame:
    import polars as pl

    judged = pl.DataFrame({"row_id": row_id, "score": score, "flagged": flagged, "suggestion": suggestion})
    return judged_rows(snapshot, judged.with_columns(rule=pl.lit("label_issues/likely_wrong_label")))
