"""Builds what a search for triggers needs from a snapshot, runs it, and puts what it found into words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from governance.dataset import ColumnType, Modality, Role
from governance.reporting.row_evidence import group_codes

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from governance.manifest import SnapshotColumn
    from governance.measures.trigger_search import Search, Trigger
    from governance.measures.trigger_views import View
    from governance.measures.whole_row import Whole
    from governance.snapshot import Snapshot

MAX_ROWS = 50_000
"""Rows searched; of more, an evenly spaced sample in the order of their hashes."""
MAX_IMAGE_SIDE = 32
FOLDS = 5
MAX_SHARE = 0.1
"""A pattern that more of the rows hold is no trigger: an attacker poisons few."""
FEW_LEVELS = 12
"""Whole numbers of so many different values are a scale, such as marks from 0 to 10."""
DATES = {ColumnType.DATE, ColumnType.DATETIME}
SHOWN_ROWS = 5
"""A value is named only when so many rows hold it and its column is public."""


class Part(NamedTuple):
    """One kind of content, and what its features are called."""

    view: View
    columns: tuple[str, ...]
    """Column of each feature of a table; the one column of a text or an image."""
    ordered: NDArray[np.bool_] | None = None
    """(features of a table,) whether near places in the order of its values are near in meaning: of numbers and dates."""


@dataclass(frozen=True)
class Searched:
    """A search and what it was made on."""

    row_id: list[str]
    label: NDArray[np.int64]
    whole: Whole
    parts: tuple[Part, ...]
    found: tuple[tuple[int, Search], ...]
    """Number of the part, and its search."""
    score: NDArray[np.float64]
    right: NDArray[np.bool_]
    """(rows,) whether the rest of the rows, nothing left out, predicts the label."""
    usual: float
    """Share of the largest class."""
    tells_classes_apart: bool
    """Whether the mean recall of the classes, by the rest alone, is shown to be better than chance."""
    contradiction: NDArray[np.float64]
    """(rows, classes) how strongly each row as a whole speaks against each class, 0 to 1."""
    frame: pl.DataFrame
    groups: NDArray[np.int64] | None
    """Number of the group of each row; None when rows count as independent."""
    fold: NDArray[np.int64]
    """The fold of each row: what the rest of it says is learnt from the others."""

    @cached_property
    def odds(self) -> NDArray[np.float64]:
        """(rows, classes) logarithm of the odds against each class by the row as a whole."""
        from governance.measures.value_effects import odds_against

        return odds_against(self.whole.evidence(), self.whole.frequency)

    @property
    def triggers(self) -> list[tuple[int, Trigger]]:
        """Part and trigger, the surest first."""
        every = [(part, trigger) for part, search in self.found for trigger in search.triggers]
        return sorted(every, key=lambda one: (round(one[1].log_p, 6), one[0], one[1].number))


def search_triggers(snapshot: Snapshot, *, least: int, false_alarms: float) -> Searched:
    """Everything that is searched: texts, then tables, then images. Raises DataError on unreadable images."""
    import numpy as np
    import polars as pl

    from governance.measures.balanced_recall import recalls_beat_chance
    from governance.measures.evenly_spaced import evenly_spaced
    from governance.measures.rest_of_row import against_each
    from governance.measures.trigger_search import search
    from governance.measures.trigger_test import background
    from governance.measures.whole_row import weigh
    from governance.reporting.trigger_asking import asked_of

    predictions = snapshot.signals.predictions()
    picked = evenly_spaced(predictions.label.size, MAX_ROWS)
    row_id = predictions.row_id[picked].tolist()
    label = predictions.label[picked].astype(np.int64)
    classes = len(predictions.classes)
    wanted = pl.DataFrame({"row_id": row_id}, schema={"row_id": pl.String})
    names = [column.name for column in snapshot.features if column.type is not ColumnType.IMAGE]
    frame = wanted.join(snapshot.frame("row_id", *names).collect(), on="row_id", how="left", maintain_order="left")
    groups = group_codes(snapshot, row_id)
    group = np.arange(label.size) if groups is None else groups
    fold = group % FOLDS
    neighbours = _neighbours(snapshot, row_id, group)
    most = max(int(MAX_SHARE * label.size), least)
    parts = _parts(snapshot, frame, label, classes, fold, least, most, neighbours)
    whole = weigh(tuple(part.view for part in parts), neighbours, label, classes)
    evidence = whole.evidence()
    contradiction = against_each(evidence)
    own = contradiction[np.arange(label.size), label]
    usual = background(contradiction, label)
    found, score = [], np.zeros(label.size)
    for number, part in enumerate(parts):
        asked = asked_of(number, part, whole, label, group, usual)
        result = search(part.view.patterns, asked, first_look=own, least=least, false_alarms=false_alarms / len(parts))
        found.append((number, result))
        score = np.maximum(score, result.score)
    predicted = (evidence + np.log(whole.frequency)).argmax(axis=1)
    return Searched(
        row_id, label, whole, parts, tuple(found), score, predicted == label,
        float(np.bincount(label).max() / label.size), recalls_beat_chance(evidence.argmax(axis=1), label, group),
        contradiction, frame, groups, fold,
    )  # fmt: skip


def _parts(
    snapshot: Snapshot,
    frame: pl.DataFrame,
    label: NDArray[np.int64],
    classes: int,
    fold: NDArray[np.int64],
    least: int,
    most: int,
    neighbours: NDArray[np.int64],
) -> tuple[Part, ...]:
    import numpy as np

    from governance.measures.encoding import encode_table, value_codes
    from governance.measures.trigger_views import image_view, table_view, text_view

    parts: list[Part] = []
    columns = [column for column in snapshot.features if column.type is not ColumnType.IMAGE]
    texts = [c for c in columns if c.resolved_role is Role.TEXT or c.type is ColumnType.TEXT]
    for column in texts:
        view = text_view(frame[column.name].fill_null("").to_list(), label, classes, fold, least=least, most=most)
        parts.append(Part(view, (column.name,)))
    table = [column for column in columns if column not in texts]
    # Each answer of a small scale has an effect of its own: a line through them all would say that a step was tampered with.
    encoding = encode_table(frame, [_by_level(column) for column in table])
    if encoding.matrix.shape[1]:
        names = tuple(column.name for column in table)
        owner = np.array([names.index(source) for source in encoding.sources], dtype=np.int64)
        codes = np.column_stack([value_codes(frame[name]) for name in names])
        view_of = table_view(codes, encoding.matrix, owner, label, classes, fold, least=least, most=most)
        ordered = np.array([column.type.numeric or column.type in DATES for column in table])
        parts.append(Part(view_of, names, ordered))
    image = snapshot.image_column
    if snapshot.modality is Modality.IMAGE and image is not None:
        images = _images(snapshot, frame["row_id"].to_list())
        view_of = image_view(images, label, classes, fold, least=least, most=most, neighbours=neighbours)
        parts.append(Part(view_of, (image,)))
    return tuple(parts)


def _by_level(column: SnapshotColumn) -> SnapshotColumn:
    """`column`, as a category where it is a small scale of whole numbers."""
    if column.type is not ColumnType.INTEGER or column.distinct > FEW_LEVELS:
        return column
    return column.model_copy(update={"type": ColumnType.CATEGORY})


def _images(snapshot: Snapshot, row_id: list[str]) -> NDArray[np.float64]:
    """(rows, height, width, channels); a missing image is grey."""
    import numpy as np

    from governance.adapters.pillow import pixels, properties

    values = np.nan_to_num(pixels(snapshot.images(row_id), side=MAX_IMAGE_SIDE), nan=0.5)
    present = (content for content in snapshot.images(row_id) if content is not None)
    first = next((found for content in present if (found := properties(content))), None)
    width = first.width if first is not None else 1
    for channels in (3, 1):  # all have one size that is no larger, or all were made square
        for across in (width, MAX_IMAGE_SIDE):
            if values.shape[1] % (across * channels) == 0 and (channels == 1 or first is None or first.channels >= 3):
                down = values.shape[1] // (across * channels)
                if down <= MAX_IMAGE_SIDE and across <= MAX_IMAGE_SIDE:
                    return values.reshape(len(row_id), down, across, channels)
    return values.reshape(len(row_id), 1, -1, 1)


def _neighbours(snapshot: Snapshot, row_id: list[str], group: NDArray[np.int64]) -> NDArray[np.int64]:
    """(rows, k) positions in `row_id` of near rows of other groups; -1 where there are none."""
    import numpy as np

    from governance.measures.near_within import near_within

    graph = snapshot.signals.neighbours()
    at = {name: position for position, name in enumerate(graph.row_id.tolist())}
    return near_within(graph.index, np.array([at[name] for name in row_id], dtype=np.int64), group)


def pattern_words(snapshot: Snapshot, searched: Searched, number: int, trigger: Trigger) -> str:
    """What a pattern is, as far as it may be shown: values of public columns; of a text a word only when its form is odd."""
    from governance.measures.trigger_views import TextView
    from governance.reporting.written_forms import form_words

    part = searched.parts[number]
    patterns = part.view.patterns
    kind = str(patterns.kind[trigger.number])
    features = [feature for feature in patterns.features[trigger.number].tolist() if feature >= 0]
    if isinstance(part.view, TextView):
        words = len(part.view.tokens.words)
        common = int((trigger.features < words).sum())
        if kind == "writing":
            public = not snapshot.column(part.columns[0]).private and trigger.rows.size >= SHOWN_ROWS
            run = form_words(part.view.forms[features[0] - words], public=public)
        else:
            run = "one word" if len(features) == 1 else f"a phrase of {len(features)} words"
        # The pattern's own words are among them; only what is beyond them says that the rows are more alike than by it.
        beyond = common > (0 if kind == "writing" else len(features))
        shared = f", in rows that share {common} word{'s' * (common != 1)}" if beyond else ""
        return f"{run} in {part.columns[0]}{shared}"
    if kind in {"pixel", "patch"}:
        return f"{trigger.features.size:,} pixel{'s' * (trigger.features.size != 1)} of {part.columns[0]} with the same values"
    shown = []
    for feature in features:
        name = part.columns[feature]
        value = searched.frame[name][int(trigger.rows[0])]
        public = not snapshot.column(name).private and trigger.rows.size >= SHOWN_ROWS
        shown.append(f"{name} = {value}" if public else f"one value of {name}")
    return " and ".join(shown)
