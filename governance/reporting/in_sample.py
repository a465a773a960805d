"""The suspicion that a user's own predictions saw their labels, in words, with how often it is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.evidence import Confidence, Finding, Level, Metric
from governance.measures.in_sample import LEAST_ODD, SUSPECT_ABOVE

if TYPE_CHECKING:
    from governance.signals import SignalsInfo

MEASURED = (
    "In simulations the suspicion was raised on 0 of 338 tables with honest predictions (1.1% at most), and on "
    "13 of 112 where they came from columns that the data lacks."
)
"""What benchmarks/detection/in_sample.py measured on tables that it was not tuned on."""


def in_sample_report(info: SignalsInfo, target: str) -> tuple[tuple[Metric, ...], tuple[Finding, ...]]:
    """Metric and finding; nothing where predictions are our own, or were not compared."""
    said = info.in_sample
    if not said:
        return (), ()
    odd, agreed = int(said["odd"]), int(said["agreed"])
    told = "share" in said
    metric = Metric(
        name="agreement_with_odd_labels",
        value=said.get("share"),
        unit="share",
        low=said.get("low"),
        high=said.get("high"),
        interval="95 % Wilson" if told else "",
        n=odd,
        better="lower",
        meaning="share of labels contradicted by our own folds and by neighbours that the given predictions agree with",
        note="" if told else f"{odd} labels are contradicted; fewer than {LEAST_ODD} are too few",
    )
    if not said["suspected"]:
        return (metric,), ()
    finding = Finding(
        rule="label_issues/in_sample_suspicion",
        level=Level.WARNING,
        confidence=Confidence.MEDIUM,
        message=(
            f"The given predictions agree with {agreed} of {odd} labels that our own folds and the neighbours contradict. "
            f"Predictions that did not see the labels rarely agree with more than {SUSPECT_ABOVE:.0%}. {MEASURED} "
            "This is a suspicion, not a proof."
        ),
        remedy="Check that each row was predicted by a model that did not learn from it, or leave the predictions out.",
        columns=(target,),
        count=agreed,
        of=odd,
    )
    return (metric,), (finding,)
