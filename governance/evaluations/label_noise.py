"""How much can wrong labels hide of the model's true accuracy?"""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from governance.audit import Answer
from governance.evaluation import Evaluation
from governance.evidence import Finding, Level, Metric, Reach, Units
from governance.modelling.results import Part, Results

MEASURED, ESTIMATED = "reviewed_noise_rate", "estimated_noise_rate"
"""Metrics of evidence on the data, the better one first: people's word on a random sample, and a model's."""


class LabelNoise(Evaluation):
    """The reported accuracy beside the share of wrong labels, and what the true accuracy can then be.

    What it measures:
        Accuracy on the held-out split is agreement with labels, and some labels are wrong. The share of wrong labels
        comes from the evidence on the data: measured by people on a random sample (`govern review`), with an exact
        interval, or else estimated by a model, without one. From both follow two ranges for the true accuracy:
        whatever rows the wrong labels are on, it lies within the noise rate of the reported one; and when they are
        drawn evenly from the other classes, whatever the row, it follows in closed form.

    Why it matters:
        With 5 % of wrong labels, a model that is right on every row scores 95 %, and one that has learnt the errors
        can score 100 %. Differences between models that are smaller than the noise say little.

    How to read it:
        `true_accuracy` under `any noise` needs no assumption about which labels are wrong. Under `even noise` it does,
        and real errors are seldom even: they sit between classes that look alike. Both take the noise of the
        held-out rows to be that of all labelled rows, which holds when the split is random. Their intervals join one
        of 95 % for the accuracy and one of 95 % for the noise, so they hold in 90 % of cases or more. Where the noise is
        estimated, they hold the error of the accuracy alone.

    Limits:
        Classes only. A person who judges labels is taken to be right. An estimate by a model counts hard rows as
        wrong labels and misses errors that follow the features; ranges that rest on it do not hold its error. Where labels
        of the held-out rows were cleaned and those of the training rows were not, or the other way round, the rate
        is not theirs.

    References:
        D. Angluin and P. Laird, Learning from Noisy Examples, Machine Learning 2, 1988.
        C. G. Northcutt, A. Athalye and J. Mueller, Pervasive Label Errors in Test Sets, NeurIPS 2021.
    """

    title: ClassVar[str] = "Label noise and the score"
    question: ClassVar[str] = "How far can the true accuracy be from the reported one, given how many labels are wrong?"
    section: ClassVar[str] = "evaluation_data"
    reach: ClassVar[Reach] = Reach(
        looked_for="a reported accuracy above what labels with that share of errors allow, and so many wrong labels "
        "that the score could be off by more than chance",
        would_notice="agreement with the labels that exceeds the share of right ones beyond both intervals",
        measured="not measured on planted faults: the ranges follow in closed form from the intervals of accuracy and noise",
        cannot_see="which held-out labels are wrong, and errors on which people and model agree",
    )
    needs: ClassVar[frozenset[str]] = frozenset({"label_noise"})

    minimum_reviewed: int = Field(default=20, ge=1)
    """Labels that people must have judged before their word is taken; below, the model's estimate is shown."""
    minimum_rows: int = Field(default=30, ge=10)
    """With fewer held-out rows, or groups of rows where they come in groups, it cannot be told."""

    def run(self, results: Results) -> Answer:
        """Ranges of the true accuracy on the judged split."""
        if not results.classification:
            return self.not_applicable("task_regression", "the model predicts numbers; no label is right or wrong")
        part = results.judged
        if part is None or not part.rows:
            return self.inconclusive("no_held_out_split", "there is no held-out split that the accuracy could rest on")
        units = Units(name="rows", declared=part.rows, evaluated=part.rows)
        independent = part.independent_units or part.rows
        if independent < self.minimum_rows:
            return self.inconclusive(
                "too_few_rows",
                f"split {part.split} holds {independent} independent units; {self.minimum_rows} are needed",
                units=units,
            )
        noise = self._chosen(results.label_noise)
        if noise is None or noise.value is None:
            return self.inconclusive(
                "no_noise_rate",
                "no evidence on the data says how many labels are wrong; govern review measures it on a random sample",
                units=units,
            )
        return self._told(results, part, noise, noise.value, units)

    def _chosen(self, known: tuple[Metric, ...]) -> Metric | None:
        """The measured rate when enough was judged, else the estimated one."""
        by_name = {metric.name: metric for metric in known if metric.value is not None}
        measured = by_name.get(MEASURED)
        if measured is not None and (measured.n or 0) >= self.minimum_reviewed:
            return measured
        return by_name.get(ESTIMATED)

    def _told(self, results: Results, part: Part, noise: Metric, rate: float, units: Units) -> Answer:
        from governance.measures.accuracy_under_noise import symmetric, symmetric_bounds, worst_case
        from governance.measures.classification_metrics import share_interval

        right = part.predicted == part.label
        accuracy, ends = float(right.mean()), share_interval(right, part.units)
        sure = noise.low is not None and noise.high is not None
        rates = (noise.low or 0.0, noise.high or 0.0) if sure else (rate, rate)
        classes = max(2, len(results.info.classes))
        anyhow, even = worst_case(ends, rates), symmetric_bounds(ends, rates, classes)
        middle = symmetric(accuracy, rate, classes)
        source = "people judged a random sample" if sure else "a model estimates it; it is no measurement"
        caveat = "" if sure else "from an estimate of the noise, whose own error is not in it"
        interval = "90 % or more, from two of 95 %" if sure else "95 % for the score, the noise rate taken as estimated"
        whichever = (
            f"{'whichever labels are wrong' if sure else 'if no more labels are wrong than estimated'} ({interval})"
        )
        metrics = [
            Metric(
                name="reported_accuracy", value=accuracy, low=ends[0], high=ends[1], unit="share", n=part.rows,
                interval="95 % Wilson", independent_units=part.independent_units, group=part.split,
                meaning="share of held-out rows on which the model agrees with the label",
            ),
            Metric(
                name="noise_rate", value=rate, low=noise.low, high=noise.high, interval=noise.interval, unit="share",
                n=noise.n, independent_units=noise.n if sure else None, better="lower", meaning=f"share of wrong labels in the data: {source}", note=noise.note,
            ),
            Metric(
                name="largest_shift", value=rates[1], unit="share", n=noise.n, better="lower",
                meaning="how far the true accuracy can be from the reported one through wrong labels alone", note=caveat,
            ),
            Metric(
                name="true_accuracy_lowest", value=anyhow.low, unit="share", n=part.rows, group="any noise",
                meaning=f"the true accuracy is at least this, {whichever}", note=caveat,
            ),
            Metric(
                name="true_accuracy_highest", value=anyhow.high, unit="share", n=part.rows, group="any noise",
                meaning=f"the true accuracy is at most this, {whichever}", note=caveat,
            ),
            Metric(
                name="true_accuracy", unit="share", n=part.rows, independent_units=part.independent_units, group="even noise", interval=interval if even else "",
                value=None if middle is None else min(1.0, max(0.0, middle)),
                low=even.low if even else None, high=even.high if even else None,
                meaning="the true accuracy if wrong labels are drawn evenly from the other classes, whatever the row",
                note=caveat if middle is not None else "so many labels are wrong that they say nothing",
            ),
        ]  # fmt: skip
        return self.assessed(units, findings=self._findings(part, ends, rates, sure), metrics=tuple(metrics))

    def _findings(
        self, part: Part, ends: tuple[float, float], rates: tuple[float, float], sure: bool
    ) -> tuple[Finding, ...]:
        if not sure:
            return ()
        if ends[0] > 1 - rates[0]:
            return (
                Finding(
                    rule="label_noise/better_than_labels",
                    level=Level.WARNING,
                    message=f"The model agrees with {ends[0]:.1%} of labels or more, and at most {1 - rates[0]:.1%} of "
                    f"labels are right (n={part.rows:,}, {part.split}): it repeats errors of the labels.",
                    remedy="Correct the held-out labels before the score is quoted, and look for what lets the model know "
                    "the wrong ones.",
                    split=part.split,
                ),
            )
        half = (ends[1] - ends[0]) / 2
        if rates[1] <= half:
            return ()
        return (
            Finding(
                rule="label_noise/limits_the_score",
                level=Level.NOTE,
                message=f"Wrong labels can move the accuracy by up to {rates[1]:.1%}, more than chance in "
                f"{part.rows:,} rows does ({half:.1%}): a better score need not be a better model.",
                remedy="Correct the held-out labels, or review more of them, before models are compared by this score.",
                split=part.split,
            ),
        )
