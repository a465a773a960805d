"""Do predicted probabilities mean what they say?"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from governance.audit import Answer
from governance.evaluation import Evaluation
from governance.evidence import Figure, Finding, Level, Metric, Reach, Table, Units
from governance.modelling.results import Part, Results

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from governance.measures.calibration import Reliability


class Calibration(Evaluation):
    """Predicted probabilities against how often they came true, beside what chance alone would show.

    What it measures:
        Rows of the held-out split are put into bins of equal size by predicted probability: for two classes that of
        the positive class, for more that of the predicted class. Per bin: mean predicted probability, and the share
        in which it came true. The expected calibration error is their mean distance. Beside it stands what a
        perfectly calibrated model with the same probabilities would show on as many rows, from simulated outcomes.
        For two classes also slope and intercept of logistic recalibration.

    Why it matters:
        People and systems act on probabilities: a threshold, a price, a ranking of cases. A model can be accurate and
        still say 0.99 where 0.8 is true.

    How to read it:
        Compare the error with the one by chance, and not with 0: few rows give a large error without any fault of the
        model. `miscalibrated` is reported when chance gives an error this large in fewer than the set share of cases,
        and the error exceeds what chance gives on average by the tolerance. A slope below 1 says that probabilities
        are too extreme, above 1 that they are too timid; an intercept above 0 that they are too low.

    Limits:
        Says nothing on rows from elsewhere. Errors that cancel within a bin are not seen. Calibration per group of
        people is not covered. The interval of the error is conservative. Where rows come in groups, chance is
        measured by resampling whole groups, and slope and intercept have no interval.

    References:
        M. P. Naeini, G. F. Cooper and M. Hauskrecht, AAAI 2015 (expected calibration error).
        J. Brocker and L. A. Smith, Weather and Forecasting 22, 2007 (what chance would show).
        D. R. Cox, Biometrika 45, 1958 (slope and intercept).
        C. Guo et al., On Calibration of Modern Neural Networks, ICML 2017.
    """

    title: ClassVar[str] = "Calibration"
    question: ClassVar[str] = "Do predicted probabilities mean what they say?"
    section: ClassVar[str] = "quantitative_analyses"
    reach: ClassVar[Reach] = Reach(
        looked_for="predicted probabilities that differ from how often they come true on the held-out split",
        would_notice="an expected calibration error above the metric `noticeable_error`, which falls with more rows",
        measured="not measured on planted faults: what chance alone would give is simulated for these very predictions",
        cannot_see="errors that cancel within a bin of similar probabilities, within groups of people, or elsewhere",
    )

    bins: int = Field(default=10, ge=2, le=50)
    """Bins of about equal numbers of rows."""
    draws: int = Field(default=1000, ge=200, le=10_000)
    """Simulations of what chance would show, and bootstrap draws."""
    seed: int = Field(default=0, ge=0)
    """Seed of both."""
    false_alarm_rate: float = Field(default=0.01, gt=0, le=0.2)
    """Share of perfectly calibrated models that may be reported."""
    tolerance: float = Field(default=0.02, ge=0, lt=1)
    """Error beyond the mean of chance that is too small to report however sure it is (probability)."""
    minimum_rows: int = Field(default=50, ge=10)
    """With fewer held-out rows, or groups where rows come in groups, the answer is that it cannot be told."""

    def run(self, results: Results) -> Answer:
        """Reliability of the judged split."""
        import numpy as np

        from governance.measures.calibration import errors_by_chance, errors_by_resampling, reliability

        if not results.classification:
            return self.not_applicable("task_regression", "the model predicts numbers, and gives no probabilities")
        if not results.info.probabilities:
            return self.not_applicable("no_probabilities", "the model gives no probabilities, only classes")
        part = results.judged
        if part is None or not part.rows:
            return self.inconclusive(
                "no_held_out_split",
                "there is no held-out split: probabilities of rows that the model has seen are too sure of themselves",
            )
        assert part.probabilities is not None
        units = Units(name="rows", declared=part.rows, evaluated=part.rows)
        independent = part.independent_units or part.rows
        if independent < self.minimum_rows:
            return self.inconclusive(
                "too_few_rows",
                f"split {part.split} holds {independent} independent units; {self.minimum_rows} are needed",
                units=units,
            )
        if results.positive is not None:
            stated, came_true = part.probabilities[:, results.positive], part.label == results.positive
        else:
            top = part.probabilities.argmax(axis=1)
            stated, came_true = part.probabilities[np.arange(part.rows), top], top == part.label
        found = reliability(stated, came_true, self.bins)
        moved = errors_by_resampling(found, stated, came_true, part.units, self.draws, self.seed)
        chance = errors_by_chance(found, stated, self.draws, self.seed) if part.units is None else moved
        metrics = self._metrics(found, moved, chance, part) + self._overall(stated, came_true, part, results)
        table, figure = _reliability_table(found, came_true, part, results)
        return self.assessed(
            units,
            findings=self._findings(found.expected_error, chance, part),
            metrics=metrics,
            tables=(table,),
            figures=(figure,),
        )

    def _metrics(
        self, found: Reliability, moved: NDArray[np.float64], chance: NDArray[np.float64], part: Part
    ) -> tuple[Metric, ...]:
        import numpy as np

        error, reach = found.expected_error, float(np.quantile(moved, 0.975))
        low, high = (float(end) for end in np.quantile(chance, [0.025, 0.975]))
        simulated = f"{self.draws} simulations, seed {self.seed}"
        return (
            Metric(
                name="expected_calibration_error", value=error, group=part.split,
                low=max(0.0, error - reach), high=min(1.0, error + reach),
                interval=f"95 % or more, bootstrap, {self.draws} draws, seed {self.seed}", n=part.rows, unit="share",
                independent_units=part.independent_units, better="lower",
                meaning="mean distance between predicted probability and how often it came true, over bins; compare "
                "it with the one by chance",
            ),
            Metric(
                name="calibration_error_by_chance", value=float(chance.mean()), low=low, high=high, n=part.rows,
                interval=f"95 % of {simulated}", unit="share", group=part.split,
                independent_units=part.independent_units,
                meaning="what a perfectly calibrated model would show on as many rows",
            ),
            Metric(
                name="noticeable_error", value=float(np.quantile(chance, 1 - self.false_alarm_rate)), unit="share",
                n=part.rows, group=part.split,
                meaning="an error above this is more than chance would show",
            ),
        )  # fmt: skip

    def _findings(self, error: float, chance: NDArray[np.float64], part: Part) -> tuple[Finding, ...]:
        as_large = (1 + int((chance >= error).sum())) / (1 + chance.size)
        excess = error - float(chance.mean())
        if as_large > self.false_alarm_rate or excess <= self.tolerance:
            return ()
        finding = Finding(
            rule="calibration/miscalibrated",
            level=Level.WARNING,
            message=f"Predicted probabilities differ from how often they come true by {error:.3f} on average on "
            f"{part.split} (n={part.rows:,}); chance alone would show {chance.mean():.3f} on average, and as much as "
            f"this in {as_large:.1%} of cases or fewer.",
            remedy="Recalibrate on rows kept aside (isotonic or logistic), or do not use the probabilities as such.",
            split=part.split,
        )
        return (finding,)

    def _overall(
        self, stated: NDArray[np.float64], came_true: NDArray[np.bool_], part: Part, results: Results
    ) -> tuple[Metric, ...]:
        """Mean stated minus observed, and for two classes slope and intercept."""
        import math

        from governance.measures.calibration import slope_and_intercept
        from governance.measures.scores import Sample

        meaning = "mean predicted probability minus the share that came true: above 0 when they are too high"
        sample = Sample(part.rows, part.units, self.draws, self.seed)
        score = sample.mean("mean_overstatement", stated - came_true, meaning, better="neither", unit="share")
        low, high = score.interval or (None, None)
        metrics = [
            Metric(
                name=score.name, value=score.value, low=low, high=high, interval=score.method, unit=score.unit,
                n=score.n, independent_units=score.independent_units, group=part.split, meaning=meaning,
                note=score.note,
            )
        ]  # fmt: skip
        if results.positive is None:
            return tuple(metrics)
        meanings = (
            "1 is right; below 1 probabilities are too extreme, above 1 too timid",
            "0 is right; above 0 probabilities of the positive class are too low",
        )
        fitted = slope_and_intercept(stated, came_true)
        for name, words, (value, error) in zip(("slope", "intercept"), meanings, fitted, strict=True):
            known = math.isfinite(value)
            ranged = known and part.units is None
            note = "rows come in groups: no interval" if known else "cannot be told: probabilities separate the classes"
            metrics.append(
                Metric(
                    name=f"calibration_{name}", value=value if known else None, n=part.rows, group=part.split,
                    low=value - 1.96 * error if ranged else None, high=value + 1.96 * error if ranged else None,
                    interval="95 % Wald" if ranged else "", meaning=words, note="" if ranged else note,
                )
            )  # fmt: skip
        return tuple(metrics)


def _reliability_table(
    found: Reliability, came_true: NDArray[np.bool_], part: Part, results: Results
) -> tuple[Table, Figure]:
    from governance.measures.classification_metrics import share_interval

    rows = []
    for index in range(found.rows.size):
        inside = found.bin_of_row == index
        low, high = share_interval(came_true[inside], None if part.units is None else part.units[inside])
        stated = float(found.stated[index])
        rows.append((index + 1, int(found.rows[index]), stated, float(found.observed[index]), low, high, stated))
    whose = "class " + results.class_names[results.positive] if results.positive is not None else "the predicted class"
    table = Table(
        name="reliability",
        caption=f"Bins of {part.split} by predicted probability of {whose}: how often it came true (95 % Wilson).",
        columns=("bin", "rows", "predicted", "observed", "low", "high", "perfect"),
        rows=tuple(rows),
    )
    outside = sum(not row[4] <= row[2] <= row[5] for row in rows)
    figure = Figure(
        name="reliability",
        caption=f"Reliability on {part.split}: share that came true against the predicted probability of {whose}.",
        alt=f"In {outside:,} of {len(rows):,} bins the predicted probability lies outside the interval of the observed.",
        kind="line",
        table="reliability",
        x="predicted",
        y=("observed", "perfect"),
    )
    return table, figure
