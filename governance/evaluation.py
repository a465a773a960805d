"""Evaluation: one question asked of a model. Its typed fields are its settings; its docstring is its documentation.

An evaluation is one file in `governance/evaluations/` (or in a workspace's own `evaluations/`) that holds one subclass
of Evaluation, and one line under `evaluations:` in params.yaml. It sees Results: what the model said about each row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import BaseModel, ConfigDict

from governance import audit
from governance.audit import Answer
from governance.errors import DataError
from governance.evidence import Metric, Outcome, Reach, Units
from governance.modelling.frozen_results import read_frozen
from governance.modelling.results import Results, open_results

if TYPE_CHECKING:
    from governance.snapshot import Snapshot

SECTIONS = (
    "model_details",
    "intended_use",
    "factors",
    "metrics",
    "evaluation_data",
    "training_data",
    "quantitative_analyses",
    "ethical_considerations",
    "caveats_and_recommendations",
)
"""Sections of a model card. Source: M. Mitchell et al., Model Cards for Model Reporting, FAT* 2019."""


NEEDS = frozenset({"approved", "label_noise"})
"""The results of the model that was approved last, and how many labels are wrong as evidence on the data says."""


class Evaluation(BaseModel):
    """Base of all evaluations: subclass it, give it fields with defaults as settings, and write `run`."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    title: ClassVar[str]
    """Two or three words, as a heading."""
    question: ClassVar[str]
    """The question it answers, as a reviewer would ask it."""
    section: ClassVar[str]
    """Section of the model card: one of SECTIONS."""
    reach: ClassVar[Reach]
    """What it looks for, what it would notice, how well that was measured, what it cannot see."""
    needs: ClassVar[frozenset[str]] = frozenset()
    """What it sees beside the predictions: of NEEDS. A change of what it needs runs it again, and nothing else."""

    def run(self, results: Results) -> Answer:
        """Ask the question. Never decides what blocks, never writes."""
        raise NotImplementedError(f"{type(self).__name__} has no run method")

    def not_applicable(self, code: str, reason: str) -> Answer:
        """The question makes no sense for this model; `code` is a stable word that policies can name."""
        return Answer(outcome=Outcome.NOT_APPLICABLE, code=code, reason=reason, reach=self.reach)

    def inconclusive(self, code: str, reason: str, **rest: Any) -> Answer:
        """The question makes sense and cannot be answered from this data. `rest` as for Answer."""
        return Answer(outcome=Outcome.INCONCLUSIVE, code=code, reason=reason, reach=self.reach, **rest)

    def failed(self, code: str, reason: str, **rest: Any) -> Answer:
        """The question could not be asked: something is broken. `rest` as for Answer."""
        return Answer(outcome=Outcome.FAILED, code=code, reason=reason, reach=self.reach, **rest)

    def assessed(self, units: Units, **rest: Any) -> Answer:
        """The question was answered on `units.evaluated` units. `rest` as for Answer."""
        return Answer(outcome=Outcome.ASSESSED, units=units, reach=self.reach, **rest)


def evaluate(
    name: str,
    settings: Mapping[str, Any],
    folder: Path,
    snapshot: Snapshot,
    *,
    approved: Path | None = None,
    label_noise: tuple[Metric, ...] = (),
) -> Answer:
    """The answer of evaluation `name` about the model whose predictions lie in `folder`.

    `approved` is the file of the results that were approved last, `label_noise` what evidence on the data says of its
    labels; both for evaluations that need them.

    Predictions that are missing, damaged or of other data give `failed`. Raises UsageError when there is no such
    evaluation, and pydantic's ValidationError on settings that it does not take.
    """
    evaluation: Evaluation = audit.load(name, "evaluations", snapshot.workspace).model_validate(dict(settings))
    try:
        results = open_results(folder, snapshot)
    except DataError as error:
        return evaluation.failed("no_predictions", str(error).splitlines()[0])
    try:
        frozen = read_frozen(approved) if approved is not None and "approved" in evaluation.needs else None
    except DataError as error:
        return evaluation.failed("no_approved_results", str(error).splitlines()[0])
    noise = label_noise if "label_noise" in evaluation.needs else ()
    return evaluation.run(replace(results, approved=frozen, label_noise=noise))
