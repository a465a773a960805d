"""What a user's own predictions may suffer from, in words: that they saw their labels, that columns of classes are exchanged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.evidence import Confidence, Finding, Level, Metric
from governance.measures.in_sample import LEAST_ODD, SUSPECT_ABOVE

if TYPE_CHECKING:
    from governance.signals import Predictions, SignalsInfo
    from governance.snapshot import Snapshot

MEASURED = (
    "In simulations the suspicion was raised on 0 of 338 tables with honest predictions (1.1% at most), and on "
    "13 of 112 where they came from columns that the data lacks."
)
"""What benchmarks/detection/in_sample.py measured on tables that it was not tuned on."""

SHOWN_CLASSES = 6
"""The sentence names no more of them."""


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


def exchanged_columns(snapshot: Snapshot, predictions: Predictions) -> tuple[Finding, ...]:
    """A finding where a user's class probabilities fit the labels only with their columns exchanged."""
    if snapshot.signals.info.origin == "own_folds" or predictions.probabilities is None:
        return ()
    import numpy as np

    from governance.measures.exchanged_classes import exchanged
    from governance.reporting.label_tables import class_names

    label = predictions.label.astype(np.int64)
    found = exchanged(label, predictions.probabilities)
    if found is None:
        return ()
    names = class_names(snapshot, predictions.classes, np.bincount(label, minlength=len(predictions.classes)))
    moved = [at for at, of in enumerate(found.of) if of != at]
    shown = "; ".join(f"what is called {names[at]} fits {names[found.of[at]]}" for at in moved[:SHOWN_CLASSES])
    more = f" and {len(moved) - SHOWN_CLASSES} more" if len(moved) > SHOWN_CLASSES else ""
    return (
        Finding(
            rule="label_issues/exchanged_classes",
            level=Level.WARNING,
            confidence=Confidence.HIGH,
            message=(
                f"The given probabilities fit the labels far better with their classes exchanged: the likeliest class is the label "
                f"in {found.right_exchanged:,} of {found.rows:,} rows then, and in {found.right:,} as they are named "
                f"({shown}{more})."
            ),
            remedy="Look whether the columns of the file of probabilities bear each other's names, as a library that sorts classes "
            "gives them in an order of its own; and whether folds were cut from rows that stand in order of the label.",
            columns=(snapshot.target,) if snapshot.target is not None else (),
            count=found.right_exchanged - found.right,
            of=found.rows,
        ),
    )
