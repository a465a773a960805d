"""Texts and images that give the target away by little: one word for each class, their length or size, or one place.

What tells is held against the rest of the same content: words are struck out and pixels taken away, and models learn
from what is left. A language or a dark scene shows in all of a text or an image; a leak shows in one mark.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from governance.dataset import ColumnType, Role
from governance.reporting.labelled_sample import without
from governance.reporting.one_class_marks import CONFIDENCE, MOST_CLASSES, TELLING, Mark, TextColumn, one_class_marks
from governance.reporting.other_features import REST_ROWS, far_above, model_skill, rest_of_texts
from governance.signals import Absent

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from governance.manifest import SnapshotColumn
    from governance.measures.single_feature import Skill
    from governance.reporting.labelled_sample import LabelledSample
    from governance.snapshot import Snapshot

IMAGES = 4000
"""No more images are opened."""
MOST_PLACES = 0.125
"""Where more of an image than this tells the target, the image does, and no mark in it."""
SHADES = 16


@dataclass(frozen=True)
class Content:
    """What was found in texts and images."""

    marks: tuple[Mark, ...]
    best: tuple[tuple[str, float], ...]
    """For each column its best mark, with its skill."""


def telling_content(
    snapshot: Snapshot,
    sample: LabelledSample,
    left_out: frozenset[str],
    suspicious: float,
    near_certain: float,
    looks: int = 1,
) -> Content:
    """Marks in texts and images: a word for each class from skill `suspicious` on, all else from `near_certain` on.

    `looks`: samples that the same is asked of.
    """
    marks: list[Mark] = []
    best: list[tuple[str, float]] = []
    others = without(snapshot, left_out)
    for column in snapshot.features:
        if column.name in left_out or column.distinct == 0:
            continue
        if column.type is ColumnType.IMAGE:
            found = _in_images(others, sample.part(IMAGES), column.name, near_certain, looks)
        elif column.type is ColumnType.TEXT or column.resolved_role is Role.TEXT:
            found = _in_texts(others, sample.part(REST_ROWS), column, suspicious, near_certain, looks)
        else:
            continue
        marks += found.marks
        best += found.best
    return Content(tuple(marks), tuple(best))


def _in_texts(
    snapshot: Snapshot, part: LabelledSample, column: SnapshotColumn, suspicious: float, near_certain: float, looks: int
) -> Content:
    import numpy as np

    from governance.measures import feature_codes
    from governance.measures.telling_words import held_words, telling_words
    from governance.measures.words import plain

    texts = [str(text) for text in part.frame[column.name].fill_null("").to_list()]
    words = [plain(text).split() for text in texts]
    held = held_words(words)
    shapes: list[tuple[str, NDArray[np.int64]]] = []
    for what, sizes in (
        ("number of characters", [len(t) for t in texts]),
        ("number of words", [len(w) for w in words]),
    ):
        shapes.append(
            (what, feature_codes.binned(np.array(sizes, dtype=np.float64), feature_codes.fine_bins(len(texts))))
        )
    for what, ends in (("first character", [t[:1] for t in texts]), ("last character", [t[-1:] for t in texts])):
        shapes.append((what, np.unique(np.array(ends), return_inverse=True)[1].astype(np.int64)))
    tried: list[tuple[str, NDArray[np.int64], frozenset[str], float]] = []
    if part.known.classes and len(part.known.classes) <= MOST_CLASSES:
        chosen = telling_words(held, part.labels, len(part.known.classes), TELLING)
        tried.append(("one word for each class", chosen.codes, chosen.telling, suspicious))
    tried += [(what, codes, frozenset(), near_certain) for what, codes in shapes]
    level = 1 - (1 - CONFIDENCE) / (looks * max(len(held.names), 1))
    marks, best = [], 0.0
    for what, codes, telling, least in tried:
        skill = part.skill_of(codes, level)
        best = max(best, skill.value)
        if skill.value >= least and skill.low >= TELLING:
            left = [" ".join(word for word in text if word not in telling) for text in words] if telling else texts
            rest = rest_of_texts(snapshot, part, column.name, left, skill)
            marks.append(Mark(column.name, what, skill, rest, far_above(skill, rest)))
    if not any(mark.far_above for mark in marks):
        asked = TextColumn(column.name, texts, words, held, shapes)
        told = one_class_marks(snapshot, part, asked, suspicious, near_certain, looks)
        # Of texts that tell all classes as well, what is said of one class says more only where it stands out.
        marks = list(told) if not marks or any(mark.far_above for mark in told) else marks
    return Content(tuple(marks), ((column.name, best),))


def _in_images(snapshot: Snapshot, part: LabelledSample, name: str, near_certain: float, looks: int) -> Content:
    import numpy as np

    from governance.adapters.pillow import pixels
    from governance.adapters.scikit_learn import Features
    from governance.errors import DataError
    from governance.measures import feature_codes
    from governance.measures.single_feature import Skill as Result
    from governance.signals.features import make_features

    row_id = part.frame["row_id"].to_list()
    try:
        values = pixels(snapshot.images(row_id, name))
    except DataError:  # images that cannot be read are findings of the audit `integrity`
        return Content((), ())
    finer = [feature_codes.fine_bins(len(values)), feature_codes.fine_bins(len(values), feature_codes.FINEST)]
    level = 1 - (1 - CONFIDENCE) / (looks * (values.shape[1] + 3))
    cells = np.zeros(values.shape[1])
    skills: dict[int, Skill] = {}
    for cell in np.flatnonzero(np.nanmax(values, axis=0) > np.nanmin(values, axis=0)).tolist():
        # A few bins first: where these say little, a mark of one place is out of the question.
        skill = part.skill_of(feature_codes.binned(values[:, cell], feature_codes.COARSE), level)
        if skill.value >= TELLING / 2:
            # Steps of equal width too: bins of equal size hold both sides where a mark's shades part.
            shades = [np.nan_to_num(values[:, cell] * (SHADES - 1), nan=-1.0).round().astype(np.int64)]
            shades += [feature_codes.binned(values[:, cell], bins) for bins in finer]
            tried = [skill, *(part.skill_of(codes, level) for codes in shades)]
            skill = skills[cell] = max(tried, key=lambda one: one.value)
        cells[cell] = skill.value
    marks = []
    best = float(cells.max(initial=0.0))
    for what, numbers in zip(
        ("width", "height", "number of colour channels"), _sizes(snapshot.images(row_id, name)).T, strict=True
    ):
        skill = part.skill_of(np.unique(numbers, return_inverse=True)[1].astype(np.int64), level)
        best = max(best, skill.value)
        if skill.value >= near_certain and skill.low >= TELLING:
            # What an image shows has no part in its size, however well it tells the target too.
            marks.append(Mark(name, what, skill, None, True))
    telling = np.flatnonzero(cells >= TELLING)
    place = skills.get(int(cells.argmax()))
    if place is not None and place.value >= near_certain and place.low >= TELLING:
        rest = Result(1.0, 1.0, 1.0)
        if telling.size <= MOST_PLACES * cells.size:
            made = make_features(snapshot, part.frame)
            assert not isinstance(made, Absent)  # a place that tells the target varies
            dense = made.features.dense
            # The pixels are the last columns.
            left = np.delete(dense, dense.shape[1] - values.shape[1] + telling, axis=1)
            rest = model_skill(snapshot, part, Features(left), place)
        marks.append(Mark(name, "one place", place, rest, far_above(place, rest)))
    return Content(tuple(marks), ((name, best),))


def _sizes(images: Iterable[bytes | None]) -> NDArray[np.int64]:
    """(images, 3): width, height and channels; 0 for a missing image."""
    import numpy as np

    from governance.adapters.pillow import sizes

    return np.array(sizes(images), dtype=np.int64)
