"""Marks in texts that give one class of three or more away, and ways of writing that give a class away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from governance.reporting.other_features import far_above, rest_of_texts, words_skill

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from governance.measures.single_feature import Skill
    from governance.measures.telling_words import Held
    from governance.reporting.labelled_sample import LabelledSample
    from governance.snapshot import Snapshot

TELLING = 0.8
"""Skill from which a word is taken out before the rest is asked: single honest ones hardly reach it."""
MOST_CLASSES = 50
MOST_WORDS = 3
MOST_SHARE = 0.125
"""Where more words than so many tell a class, and they are more than this share of its texts, the texts do, and no mark."""
HALF = 0.4
"""Where most other classes have a word that tells them so well, as in short requests of one kind each, such words are what
the texts are about, and one that tells its class better is no mark."""
MOST_ASKED = 3
"""The rest of the texts is asked of so many of the marks that tell most: of many classes each may have its honest word."""
SCREENED = 4_000
"""How more texts are written is asked where it tells a class in so many of them, as it takes as long as all else."""
CONFIDENCE = 0.95
"""One-sided, over all that is tried (Bonferroni)."""


class TextColumn(NamedTuple):
    """The texts of one column, and what was counted in them."""

    name: str
    texts: Sequence[str]
    words: Sequence[Sequence[str]]
    held: Held
    shapes: Sequence[tuple[str, NDArray[np.int64]]]
    """Lengths, first and last characters: what it is, and (texts,) level numbers."""


@dataclass(frozen=True)
class Mark:
    """Something in a text or an image that says nearly everything about the target."""

    column: str
    what: str
    """In words, and without any value."""
    skill: Skill
    rest: Skill | None
    """Skill of the rest of the content and all other features, out of fold; None when it was not asked."""
    far_above: bool
    one_class: bool = False
    """Whether it tells one class from all others, and not the classes from each other."""


class _Found(NamedTuple):
    what: str
    skill: Skill
    against: LabelledSample
    struck: NDArray[np.int64]
    """Words, by number, to take out before the rest is asked."""
    of_content: bool
    """Whether it is a word as such texts have them: many tell the class, or most other classes have theirs."""


def one_class_marks(
    snapshot: Snapshot, part: LabelledSample, column: TextColumn, suspicious: float, near_certain: float, looks: int
) -> tuple[Mark, ...]:
    """The mark that tells one class from all others best, held against the rest of the texts: a word from skill
    `suspicious` on, all else from `near_certain` on. Of two classes ways of writing alone: all else was asked of both.

    `looks`: samples that the same is asked of.
    """
    classes = len(part.known.classes)
    if not 2 <= classes <= MOST_CLASSES:
        return ()
    found = _candidates(part, column, suspicious, near_certain, looks)
    asked = [one for one in found if not one.of_content]
    rests: dict[str, Skill] = {}
    for one in sorted(asked, key=lambda each: -each.skill.value)[:MOST_ASKED]:
        rest = _rest(snapshot, one, column)
        if far_above(one.skill, rest):
            return (Mark(column.name, one.what, one.skill, rest, True, classes > 2),)
        rests.setdefault(one.what, rest)
    if not found:
        return ()
    best = max(found, key=lambda each: each.skill.value)
    return (Mark(column.name, best.what, best.skill, rests.get(best.what), False, classes > 2),)


def _rest(snapshot: Snapshot, found: _Found, column: TextColumn) -> Skill:
    """What is told without the mark, by the first model that is not far below it: naive Bayes of the words before others."""
    words = words_skill(found.against, column.held, found.struck)
    if not far_above(found.skill, words):
        return words
    struck = {column.held.names[word] for word in found.struck.tolist()}
    left = [" ".join(word for word in text if word not in struck) for text in column.words] if struck else column.texts
    rest = rest_of_texts(snapshot, found.against, column.name, left, found.skill)
    return max(words, rest, key=lambda skill: skill.value)


def _candidates(
    part: LabelledSample, column: TextColumn, suspicious: float, near_certain: float, looks: int
) -> list[_Found]:
    """All that tells one class from all others nearly without error."""
    import numpy as np

    from governance.measures import single_feature as single
    from governance.measures.telling_words import one_class_words

    labels, classes = part.labels, len(part.known.classes)
    several_classes = classes > 2
    words = one_class_words(column.held, labels, classes, TELLING) if several_classes else {}
    manners = _manners(column.texts, labels, classes)
    forms = one_class_words(manners, labels, classes, TELLING)
    shapes = column.shapes if several_classes else ()
    counted = single.counted_classes(labels).tolist()
    told = [single.told_classes(codes, labels, classes) for _, codes in shapes]
    nothing = np.empty(0, dtype=np.int64)
    found: list[_Found] = []
    for number in counted if several_classes else counted[1:]:
        against = part.against_others(number)
        possible = sum(of[number].possible for of in (words, forms) if number in of) + len(shapes)
        level = 1 - (1 - CONFIDENCE) / (looks * len(counted) * max(possible, 1))
        tried: list[tuple[str, NDArray[np.int64], float, NDArray[np.int64], bool]] = []
        if number in words:
            stands = column.held.texts_with(words[number].best, labels.size)
            struck = words[number].telling
            several = struck.size > MOST_WORDS and _share(column.held, labels == number, struck) > MOST_SHARE
            usual = not several and float((words[number].others >= HALF).mean()) > 0.5
            what = "any of several words" if several else "one word"
            what += " (most other classes have theirs too)" if usual else ""
            tried.append((what, stands.astype(np.int64), suspicious, struck, several or usual))
        if number in forms:
            stands = manners.texts_with(forms[number].best, labels.size)
            several = forms[number].telling.size > MOST_WORDS
            tried.append((manners.names[forms[number].best], stands.astype(np.int64), near_certain, nothing, several))
        for (what, codes), of_class in zip(shapes, told, strict=True):
            if of_class[number] >= near_certain:
                tried.append((what, codes, near_certain, nothing, False))
        for what, codes, least, struck, of_content in tried:
            skill = against.skill_of(codes, level)
            if skill.value >= least and skill.low >= TELLING:
                found.append(_Found(what, skill, against, struck, of_content))
    return found


def _manners(texts: Sequence[str], labels: NDArray[np.int64], classes: int) -> Held:
    """The ways of writing that stand in `texts`; nothing where they tell no class in a first sample of many."""
    import numpy as np

    from governance.measures.evenly_spaced import evenly_spaced
    from governance.measures.telling_words import Held, one_class_words
    from governance.measures.writing import writing
    from governance.reporting.written_forms import form_words

    def held(rows: Sequence[str]) -> Held:
        written = writing(rows)
        return Held(written.row, written.form, [form_words(form, public=False) for form in written.forms])

    if len(texts) > SCREENED:
        some = evenly_spaced(len(texts), SCREENED)
        if not one_class_words(held([texts[row] for row in some.tolist()]), labels[some], classes, TELLING):
            nothing = np.empty(0, dtype=np.int64)
            return Held(nothing, nothing, ())
    return held(texts)


def _share(held: Held, own: NDArray[np.bool_], words: NDArray[np.int64]) -> float:
    """The share that `words` (numbers) are of the different words of each of the texts `own` (texts,), all together."""
    import numpy as np

    mine = held.token[own[held.row]]
    return float(np.isin(mine, words).mean()) if mine.size else 0.0
