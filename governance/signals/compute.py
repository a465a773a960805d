"""Computes all signals of one snapshot, once, for all audits that need them.

A signal that cannot be computed is written down as absent, with the reason; the audits that need it then say so.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from governance.canonical import canonical_json
from governance.dataset import UserSignals
from governance.errors import SourceChanged
from governance.image_files import SOURCE_CHANGED, told
from governance.signals import SIGNALS, Absent, Neighbours, SignalsInfo
from governance.signals.digest import digest_of
from governance.signals.embedding import compute_embeddings
from governance.signals.features import Made, make_features
from governance.signals.label_errors import find_label_errors
from governance.signals.near_copies import find_near_copies
from governance.signals.out_of_fold import Labelled, assign_folds, groups_of, labelled_rows, on_grid, predict, quality
from governance.signals.settings import SignalsConfig
from governance.signals.suspicion import second_word, suspicion
from governance.signals.user import Misaligned, keys_of, read_predicted, read_probabilities

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from governance.snapshot import Snapshot

DECIMALS = 6
"""Predicted values are rounded, so that the last bits of a sum do not change a digest."""
USERS_OWN = "the user's own"


Words = tuple["NDArray[np.float64]", "NDArray[np.float64] | None"]
"""Predictions of the labelled rows, and Signals.second_word."""


@dataclass(frozen=True)
class Computed:
    """Predictions for the labelled rows, whoever made them."""

    values: NDArray[np.float64]
    """(rows, classes) or (rows,)."""
    assigned: NDArray[np.int64]
    """Fold of each row; -1 for a user's own predictions."""
    counted: NDArray[np.bool_]
    """Rows that count as quality: not those that were predicted from later ones."""
    about: dict[str, Any]
    """model, origin, folds and fold_rule of SignalsInfo."""
    notes: tuple[str, ...]
    second: NDArray[np.float64] | None = None
    """(rows, classes) another word on the same rows; see Signals.second_word."""


def compute_signals(
    snapshot: Snapshot,
    folder: Path,
    config: SignalsConfig | None = None,
    *,
    user: UserSignals | None = None,
    workspace: Path = Path(),
) -> SignalsInfo:
    """Write signals.json and the Parquet files into `folder`; an absent signal has no file.

    `config` is what params.yaml says below `signals:`. `user` names a user's own
    predictions or embeddings by paths relative to `workspace`. What cannot be computed is no error: it is `absent` in
    the result, with outcome, code and reason.
    """
    config = config or SignalsConfig()
    folder.mkdir(parents=True, exist_ok=True)
    for name in SIGNALS:
        (folder / f"{name}.parquet").unlink(missing_ok=True)
    if snapshot.rows == 0:
        nothing = Absent(outcome="inconclusive", code="no_rows", reason="the snapshot has no rows")
        return _write(folder, SignalsInfo(absent=dict.fromkeys(SIGNALS, nothing)))
    frame = snapshot.frame_without_images().collect()
    probabilities, embeddings = (user.probabilities, user.embeddings) if user is not None else (None, None)
    known = labelled_rows(snapshot, frame, 2 if probabilities else 2 * config.folds)
    made: Made | Absent | None = None
    try:
        if embeddings is None or isinstance(known, Labelled):
            made = make_features(snapshot, frame)
    except SourceChanged as error:
        changed = Absent(outcome="failed", code=SOURCE_CHANGED, reason=told(error))
        return _write(folder, SignalsInfo(absent=dict.fromkeys(SIGNALS, changed)))
    parts: list[dict[str, Any]] = [{"notes": made.notes} if isinstance(made, Made) else {}]
    words, about = _predictions(snapshot, folder, frame, known, made, config.folds, user, workspace)
    parts.append(about)
    if words is None:
        parts.append({"absent": {"label_errors": about["absent"]["predictions"]}})
    else:
        assert isinstance(known, Labelled)
        row_id = frame["row_id"].gather(known.rows.tolist())
        parts.append(_label_errors(folder, row_id, known, words, config))
    graph, about = compute_embeddings(folder, frame, made, user, workspace)
    parts += [about, _near_copies(snapshot, folder, frame, graph, about.get("neighbour_recall"), config)]
    joined: dict[str, Any] = {"absent": {}, "digests": {}, "notes": ()}
    for part in parts:
        joined = {
            **joined,
            **part,
            "absent": joined["absent"] | part.get("absent", {}),
            "digests": joined["digests"] | part.get("digests", {}),
            "notes": (*joined["notes"], *part.get("notes", ())),
        }
    return _write(folder, SignalsInfo(**joined))


def _write(folder: Path, info: SignalsInfo) -> SignalsInfo:
    text = canonical_json(info.model_dump(mode="json"))
    (folder / "signals.json").write_text(text, encoding="utf-8")
    return SignalsInfo.model_validate_json(text)  # what a reader will see, rounding included


def _predictions(
    snapshot: Snapshot,
    folder: Path,
    frame: pl.DataFrame,
    known: Labelled | Absent,
    made: Made | Absent | None,
    folds: int,
    user: UserSignals | None,
    workspace: Path,
) -> tuple[Words | None, dict[str, Any]]:
    """Writes predictions.parquet; gives what it wrote and the fields of SignalsInfo that speak of it."""
    import numpy as np
    import polars as pl

    if isinstance(known, Absent):
        return None, {"absent": {"predictions": known}}
    here = frame if known.rows.size == frame.height else frame[known.rows.tolist()]
    if user is not None and user.probabilities is not None:
        computed = _from_user(user, user.probabilities, here, known, workspace)
    elif isinstance(made, Made):
        computed = _out_of_fold(snapshot, here, known, made, folds)
    else:
        assert made is not None
        computed = made
    if isinstance(computed, Absent):
        return None, {"absent": {"predictions": computed}}
    users = computed.about["model"] == USERS_OWN
    if known.classes:  # an overconfident model's tiny probabilities tell much, and a file's numbers are what they are
        values = computed.values if users else on_grid(computed.values)
    else:
        values = np.round(computed.values, DECIMALS)
    groups = groups_of(snapshot, here)
    about = {
        **computed.about,
        "classes": known.classes,
        "groups": None if groups is None else len(set(groups)),
        "quality": quality(known, values, groups, computed.counted),
    }
    second = computed.second
    if users and known.classes and isinstance(made, Made):
        second = second_word(snapshot, here, known, made, folds)
        if second is not None:
            about["in_sample"] = suspicion(here, known, values, second, made)
    content: dict[str, Any] = {"row_id": here["row_id"], "fold": computed.assigned, "label": known.label}
    if known.classes:
        content |= {f"p{index}": values[:, index] for index in range(len(known.classes))}
        if second is not None:
            content |= {f"second{index}": second[:, index] for index in range(len(known.classes))}
    else:
        content["predicted"] = values
    pl.DataFrame(content).write_parquet(folder / "predictions.parquet")
    seconds = () if second is None else (second,)
    digest = digest_of(about, here["row_id"], computed.assigned, known.label, values, *seconds)
    return (values, second), {**about, "digests": {"predictions": digest}, "notes": (*known.notes, *computed.notes)}


def _label_errors(
    folder: Path, row_id: pl.Series, known: Labelled, words: Words, config: SignalsConfig
) -> dict[str, Any]:
    """Writes label_errors.parquet; gives the fields of SignalsInfo that speak of it."""
    found = find_label_errors(row_id, known, *words, rule=config.cleanlab, least=config.min_class_rows)
    if isinstance(found, Absent):
        return {"absent": {"label_errors": found}}
    frame, about = found
    frame.write_parquet(folder / "label_errors.parquet")
    judged = [series.to_numpy() for series in frame.iter_columns() if series.name != "row_id"]
    return {**about, "digests": {"label_errors": digest_of(about, frame["row_id"], *judged)}}


def _out_of_fold(snapshot: Snapshot, here: pl.DataFrame, known: Labelled, made: Made, folds: int) -> Computed:
    import numpy as np

    arranged = assign_folds(snapshot, here, known, folds)
    result = predict(snapshot, made.features.rows(known.rows), known, arranged)
    notes = [*arranged.notes, *result.notes]
    if result.unseen:
        notes.append(f"{result.unseen} rows belong to a class that their fold's model had no example of")
    about = {"model": result.model, "origin": "own_folds", "folds": arranged.count, "fold_rule": arranged.rule}
    counted = arranged.assigned > 0 if arranged.forward else np.ones(known.rows.size, dtype=bool)
    second = None if result.first is None else on_grid(result.first)
    return Computed(result.values, arranged.assigned, counted, about, tuple(notes), second)


def _from_user(user: UserSignals, path: str, here: pl.DataFrame, known: Labelled, workspace: Path) -> Computed | Absent:
    import numpy as np

    try:
        keys = keys_of(user, here)
        if known.classes:
            aligned = read_probabilities(workspace / path, path, user.key, keys, known.classes)
        else:
            aligned = read_predicted(workspace / path, path, user.key, keys)
    except Misaligned as error:
        return error.absent
    rows = known.rows.size
    values = aligned.values if known.classes else aligned.values[:, 0]
    about = {"model": USERS_OWN, "origin": user.origin, "fold_rule": USERS_OWN}
    return Computed(values, np.full(rows, -1, dtype=np.int64), np.ones(rows, dtype=bool), about, aligned.notes)


def _near_copies(
    snapshot: Snapshot,
    folder: Path,
    frame: pl.DataFrame,
    graph: Neighbours | Absent,
    recall: float | None,
    config: SignalsConfig,
) -> dict[str, Any]:
    """Writes near_copies.parquet; gives the fields of SignalsInfo that speak of it."""
    import polars as pl

    try:
        found = find_near_copies(
            snapshot, frame, graph, recall, closeness=config.closeness, overlap=config.text_overlap
        )
    except SourceChanged as error:
        found = Absent(outcome="failed", code=SOURCE_CHANGED, reason=told(error))
    if isinstance(found, Absent):
        return {"absent": {"near_copies": found}}
    pairs, about = found
    pairs.write_parquet(folder / "near_copies.parquet")
    ends = pl.concat([pairs["first"], pairs["second"]])
    return {**about, "digests": {"near_copies": digest_of(about, ends, pairs["score"].to_numpy())}}
