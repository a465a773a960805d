"""Signals: out-of-fold predictions, label errors, embeddings, neighbours, near copies; computed once, shared by audits.

On disk, `build/<dataset>/signals/`: signals.json (SignalsInfo), predictions.parquet, label_errors.parquet,
embeddings.parquet, neighbours.parquet, near_copies.parquet. A signal that could not be computed is absent and its reason
stands in signals.json.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from governance.canonical import Frozen

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SIGNALS = ("predictions", "label_errors", "embeddings", "neighbours", "near_copies")


class SignalAbsent(Exception):
    """A signal was read that could not be computed. A stage turns it into evidence with the same reason."""

    def __init__(self, absent: Absent) -> None:
        super().__init__(absent.reason)
        self.absent = absent


class Absent(Frozen):
    """Why a signal is not there."""

    outcome: Literal["not_applicable", "inconclusive", "failed"]
    code: str
    reason: str


TELLING_AUC, TELLING_RANK = 0.6, 0.2
"""Rankings that are shown to be better than this tell enough of labels to doubt one; 0.5 and 0 are a guess."""


class SignalsInfo(Frozen):
    """signals.json."""

    absent: dict[str, Absent] = Field(default_factory=dict)
    """Signal to the reason why it could not be computed."""
    digests: dict[str, str] = Field(default_factory=dict)
    """Signal to the sha256 of its values."""
    model: str = ""
    """What predicted, in words: `logistic regression and histogram gradient boosting, averaged`."""
    origin: str = ""
    """`own_folds`, or what the user declared about their own predictions."""
    folds: int = 0
    fold_rule: str = ""
    """How rows were put into folds: `stratified by class`, `by group patient`, ..."""
    groups: int | None = None
    """Independent units when folds are by group."""
    classes: tuple[str, ...] = ()
    """Classes in the order of the probability columns; empty for regression."""
    quality: dict[str, float] = Field(default_factory=dict)
    """Out-of-fold quality: `accuracy`, `accuracy_low`, `accuracy_high`, `baseline` (majority class) for
    classification; `r2`, `r2_low`, `r2_high`, `baseline` (0) for regression. Where that is not shown to beat the baseline,
    what rare classes and a few wild values do not rule: `against_baseline` (of rows in which it and the models differ and one
    is right, the share of the models) and `auc` (mean over classes), or `rank` (Spearman's correlation), each with `_low`
    and `_high`."""
    in_sample: dict[str, float] = Field(default_factory=dict)
    """Only for a user's own class probabilities: `odd` labels, those `agreed` with, `share`, `low`, `high`, `suspected`
    (0 or 1), as `measures.in_sample.InSample` explains them."""
    label_rule: str = ""
    """Cleanlab's rule by which labels of classes are judged; empty for regression."""
    judged_classes: tuple[str, ...] = ()
    """Classes with enough rows for `label_errors`, in the order of `classes`; empty for regression."""
    neighbour_method: str = ""
    neighbour_recall: float | None = None
    """Share of true neighbours found, measured on a sample in this run."""
    copy_reach: float | None = None
    copies_blind: bool = False
    copy_recall: float | None = None
    copy_forms: dict[str, int] = Field(default_factory=dict)
    copies_differ_in: dict[str, int] = Field(default_factory=dict)
    """All five as NearCopies has them."""
    notes: tuple[str, ...] = ()

    @property
    def predicts(self) -> bool:
        """Whether predictions are shown to tell something of the labels: else their disagreement with one says nothing."""
        quality = self.quality
        low = quality.get("accuracy_low", quality.get("r2_low"))
        beats = low is not None and low > quality["baseline"]
        more_often = quality.get("against_baseline_low", 0.0) > 0.5
        ranks = quality.get("auc_low", 0.0) > TELLING_AUC or quality.get("rank_low", 0.0) > TELLING_RANK
        return beats or more_often or ranks


@dataclass(frozen=True)
class Predictions:
    """Out-of-fold predictions; all arrays are aligned, in the snapshot's row order."""

    row_id: NDArray[np.object_]
    fold: NDArray[np.int64]
    label: NDArray[np.int64] | NDArray[np.float64]
    """Classification: index into `classes`. Regression: the target's value."""
    classes: tuple[str, ...]
    probabilities: NDArray[np.float64] | None
    """(rows, classes), rows sum to 1; None for regression."""
    predicted: NDArray[np.float64] | None
    """Regression only."""


@dataclass(frozen=True)
class LabelErrors:
    """The labels that predictions contradict; all arrays are aligned, in the snapshot's row order."""

    row_id: NDArray[np.object_]
    """Of classes, only rows of those with enough rows to be judged."""
    label: NDArray[np.int64] | NDArray[np.float64]
    """Classification: index into `classes`. Regression: the target's value."""
    classes: tuple[str, ...]
    """The judged ones; empty for regression."""
    probabilities: NDArray[np.float64] | None
    """(rows, classes) of judged classes only, rows sum to 1; None for regression."""
    predicted: NDArray[np.float64] | None
    """Regression only."""
    flagged: NDArray[np.bool_] | None
    """Classification only: likely errors."""
    quality: NDArray[np.float64]
    """0 to 1, lower is worse; of classes the probability that the label is right (measures.label_quality)."""


@dataclass(frozen=True)
class Neighbours:
    """The k nearest other rows of each row, nearest first; distances are comparable within one dataset."""

    row_id: NDArray[np.object_]
    index: NDArray[np.int64]
    """(rows, k), positions in `row_id`."""
    distance: NDArray[np.float64]
    """(rows, k)."""


@dataclass(frozen=True)
class NearCopies:
    """Pairs of rows that are near copies, and what the search could have noticed."""

    row_id: NDArray[np.object_]
    """The rows of any pair, sorted."""
    pairs: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]
    """Positions in `row_id`, and how near they are, 0 to 1; pairs that are equal in every feature may be among them."""
    reach: float | None
    """Tables and images: how near a copy must be, as a share of the typical distance of nearest neighbours."""
    recall: float | None
    """Share of true nearest neighbours that an approximate search found; None when it was exact, or not used."""
    blind: bool
    """Whether the data has too few independent columns to tell a copy from a neighbour."""
    forms: dict[str, int]
    """Texts that fill in one form: `forms`, `texts` that fill one in, and `pairs` of those that are no copies for that;
    empty without any."""
    differ_in: dict[str, int]
    """Pairs that are equal in all columns but this one and are left out, as records of one thing may do so."""


@dataclass(frozen=True)
class Signals:
    """What a signals folder holds. Ask `absent` before you read."""

    folder: Path
    info: SignalsInfo

    @classmethod
    def open(cls, folder: Path) -> Signals:
        """Signals in `folder`."""
        content = json.loads((folder / "signals.json").read_text(encoding="utf-8"))
        return cls(folder, SignalsInfo.model_validate(content))

    def absent(self, signal: str) -> Absent | None:
        """Why `signal` is not there, None when it is."""
        return self.info.absent.get(signal)

    def _require(self, signal: str) -> None:
        if absent := self.absent(signal):
            raise SignalAbsent(absent)

    def predictions(self) -> Predictions:
        """The out-of-fold predictions. Rows without a label are left out. Raises SignalAbsent."""
        self._require("predictions")
        import numpy as np
        import polars as pl

        classes = self.info.classes
        said = [f"p{index}" for index in range(len(classes))] or ["predicted"]
        frame = pl.read_parquet(self.folder / "predictions.parquet", columns=["row_id", "fold", "label", *said])
        return Predictions(
            row_id=frame["row_id"].to_numpy(),
            fold=frame["fold"].to_numpy(),
            label=frame["label"].to_numpy(),
            classes=classes,
            probabilities=np.column_stack([frame[name].to_numpy() for name in said]) if classes else None,
            predicted=None if classes else frame["predicted"].to_numpy(),
        )

    def second_word(self) -> NDArray[np.float64] | None:
        """Another word on classes, of the shape of the probabilities, by which labels were ranked beside them: of our own folds
        beside a user's, of the linear model alone beside an average of several; None where there is none. Raises SignalAbsent."""
        self._require("predictions")
        import numpy as np
        import polars as pl

        frame = pl.read_parquet(self.folder / "predictions.parquet")
        found = [series.to_numpy() for series in frame.iter_columns() if series.name.startswith("second")]
        return np.column_stack(found) if found else None

    def label_errors(self) -> LabelErrors:
        """The labels that predictions contradict. Raises SignalAbsent."""
        self._require("label_errors")
        import numpy as np
        import polars as pl

        from governance.measures.label_noise import only_classes

        frame, found = pl.read_parquet(self.folder / "label_errors.parquet"), self.predictions()
        if found.probabilities is None:
            quality = frame["quality"].to_numpy()
            return LabelErrors(found.row_id, found.label, (), None, found.predicted, None, quality)
        kept = np.array([found.classes.index(name) for name in self.info.judged_classes])
        rows, label, shares = only_classes(found.label.astype(np.int64), found.probabilities, kept)
        return LabelErrors(
            found.row_id[rows],
            label,
            self.info.judged_classes,
            shares,
            None,
            frame["flagged"].to_numpy(),
            frame["quality"].to_numpy(),
        )

    def embeddings(self) -> tuple[NDArray[np.object_], NDArray[np.float32]]:
        """Row ids, and the (rows, dimensions) matrix. Raises SignalAbsent."""
        self._require("embeddings")
        import polars as pl

        frame = pl.read_parquet(self.folder / "embeddings.parquet")
        return frame["row_id"].to_numpy(), frame["embedding"].to_numpy()

    def neighbours(self) -> Neighbours:
        """The neighbour graph. Raises SignalAbsent."""
        self._require("neighbours")
        import polars as pl

        frame = pl.read_parquet(self.folder / "neighbours.parquet")
        return Neighbours(frame["row_id"].to_numpy(), frame["index"].to_numpy(), frame["distance"].to_numpy())

    def near_copies(self) -> NearCopies:
        """Pairs of rows that nearly equal each other. Raises SignalAbsent."""
        self._require("near_copies")
        import numpy as np
        import polars as pl

        frame, info = pl.read_parquet(self.folder / "near_copies.parquet"), self.info
        ends = frame["first"].to_numpy(), frame["second"].to_numpy()
        row_id, place = np.unique(np.concatenate(ends), return_inverse=True)
        pairs = place[: frame.height], place[frame.height :], frame["score"].to_numpy()
        return NearCopies(
            row_id,
            pairs,
            info.copy_reach,
            info.copy_recall,
            info.copies_blind,
            info.copy_forms,
            info.copies_differ_in,
        )
