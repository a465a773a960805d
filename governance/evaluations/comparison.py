"""Is the model worse than the one that was approved before it?"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from governance.audit import Answer
from governance.evaluation import Evaluation
from governance.evidence import Finding, Level, Reach, Units
from governance.modelling.results import Part, Results
from governance.reporting.comparison_report import (
    Change,
    change_metrics,
    change_table,
    harm_words,
    measured_changes,
    whole_change,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Comparison(Evaluation):
    """The model beside the one that was approved last, on the same held-out rows, overall and per slice.

    What it measures:
        Rows of the held-out split that both models were judged on, matched by what they hold, label included. Per
        row: whether each was mistaken, or its absolute error. Overall, per class, and per group of people (each level
        of each sensitive column, and pairs of levels) the change is tested: McNemar's exact test for mistakes, sign
        flips of the differences for errors and wherever rows come in groups, then of whole groups. Holm's method keeps
        the chance of any false alarm below the set rate, over the whole and all slices together.

    Why it matters:
        A new model that is better on average can be worse for some: a class, or a group of people. Nobody sees that
        who compares two averages, and nobody decided it.

    How to read it:
        `worse_overall` and `worse_slice` mean that the model is worse than the approved one on the same rows, by the
        tolerance or more, and by more than chance shows. A slice is reported also when the whole got better: that is
        the point. Slices below the minimum of rows cannot be told. `noticeable_change` says how large a change would
        have been noticed; a smaller one may be there.

    Limits:
        Only rows that are the same in both versions of the data are compared: after a corrected label a row is
        another one. The approved results are as good as the labels that both models were judged by. Only declared
        columns make slices. Rows were picked by nobody but chance only if the split was; a model that was tuned on
        the held-out rows looks better than it is.

    References:
        Q. McNemar, Psychometrika 12, 1947.
        D. G. Bonett and R. M. Price, Journal of Educational and Behavioral Statistics 37, 2012 (interval).
        S. Holm, Scandinavian Journal of Statistics 6, 1979.
        T. G. Dietterich, Neural Computation 10, 1998 (tests for comparing classifiers).
    """

    title: ClassVar[str] = "Comparison with the approved model"
    question: ClassVar[str] = "Is the model worse than the one that was approved last, for all or for some?"
    section: ClassVar[str] = "quantitative_analyses"
    reach: ClassVar[Reach] = Reach(
        looked_for="a score that is worse than the approved model's on the same held-out rows, overall, per class and "
        "per group of people",
        would_notice="a change above the metric `noticeable_change` on the whole; in a slice only a larger one",
        measured="not measured on planted faults: exact tests and Holm's method hold the chance of any false alarm below the "
        "set rate",
        cannot_see="changes on rows that only one of both was judged on, and in slices that no declared column names",
    )
    needs: ClassVar[frozenset[str]] = frozenset({"approved"})

    tolerance: float = Field(default=0.01, ge=0, lt=1)
    """Change that is too small to report however sure it is: in points of accuracy, or as a share of the approved
    model's mean absolute error."""
    false_alarm_rate: float = Field(default=0.05, gt=0, le=0.2)
    """Chance of reporting anything when the model is nowhere worse, over the whole and all slices together."""
    minimum_rows: int = Field(default=30, ge=10)
    """Fewer rows in common (or groups of rows where they come in groups) cannot be compared."""
    draws: int = Field(default=5000, ge=500, le=100_000)
    """Draws of a test by sign flips."""
    seed: int = Field(default=0, ge=0)
    """Seed of the draws."""

    def run(self, results: Results) -> Answer:
        """Compares on the rows of the judged split that both models have."""
        if results.approved is None:
            return self.not_applicable("no_approved_model", "no other version of this model has been approved")
        part = results.judged
        if part is None or not part.rows:
            return self.inconclusive("no_held_out_split", "there is no held-out split to compare the models on")
        rows, before = _matched(part, results)
        units = Units(name="rows", declared=part.rows, evaluated=int(rows.size))
        shared = part.only(rows) if rows.size else part
        independent = (shared.independent_units or shared.rows) if rows.size else 0
        if independent < self.minimum_rows:
            return self.inconclusive(
                "too_few_rows",
                f"{independent} independent units of {part.split} were judged with both models; {self.minimum_rows} "
                "are needed",
                units=units,
            )
        after = results.harm(shared)
        changes = measured_changes(
            results, shared, before, after,
            level=self.false_alarm_rate, minimum_rows=self.minimum_rows, draws=self.draws, seed=self.seed,
        )  # fmt: skip
        whole = whole_change(changes)
        return self.assessed(
            units,
            findings=self._findings(results, shared, changes, float(before.mean())),
            metrics=change_metrics(results, shared, whole, before, after),
            tables=(change_table(results, shared, changes),),
        )

    def _findings(
        self, results: Results, part: Part, changes: tuple[Change, ...], approved: float
    ) -> tuple[Finding, ...]:
        least = self.tolerance if results.classification else self.tolerance * approved
        found = []
        whole = whole_change(changes)
        for change in changes:
            if not (
                change.told and change.adjusted < self.false_alarm_rate and change.paired.change >= max(least, 1e-12)
            ):
                continue
            overall = change is whole
            better = "" if overall or whole.paired.change > 0 else ", though on the whole it is not worse"
            found.append(
                Finding(
                    rule="comparison/worse_overall" if overall else "comparison/worse_slice",
                    level=Level.WARNING,
                    message=f"{harm_words(results, change)} for {change.label} (n={change.paired.rows:,}, "
                    f"p={change.adjusted:.2g} after allowing for {sum(one.told for one in changes)} comparisons)"
                    f"{better}.",
                    remedy="Look at the rows that the approved model had right, and keep that model unless the change "
                    "is meant and somebody says so.",
                    columns=change.columns,
                    split=part.split,
                    subject="" if overall else change.label,
                    count=change.paired.rows,
                    of=part.rows,
                )
            )
        return tuple(found)


def _matched(part: Part, results: Results) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Positions in `part` of the rows that the approved model was judged on, and its harm there."""
    import numpy as np
    import polars as pl

    assert results.approved is not None
    assert part.row_id is not None
    here = pl.DataFrame(
        {"row_id": part.row_id.tolist(), "place": np.arange(part.rows)}, schema_overrides={"row_id": pl.String}
    )
    both = here.join(results.approved.select("row_id", "harm"), on="row_id", how="inner").sort("place")
    return both["place"].to_numpy().astype(np.int64), both["harm"].to_numpy().astype(np.float64)
