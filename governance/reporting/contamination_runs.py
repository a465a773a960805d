"""Evaluation texts of which runs of words stand in the data: most of an item, or a smaller part of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

CONTAINED = 0.7
"""A text is in the data when so much of its runs of words is (A. Chowdhery et al., PaLM, JMLR 24, 2023)."""
FEW_TEXTS = 3
"""A run that stands in more different texts of the data, or in two items, is a form of words rather than an item's own
(T. Brown et al., NeurIPS 33, 2020, set aside what ten texts hold)."""
OWN_WORDS = 0.5
"""Of the words of a run so many must be in no common run of half its length: a template and a word filled in is none."""

CONTROL_TEXTS = 2000
"""Texts of the data that are asked, as items are, what they share with the others: so often it means nothing."""
CHANCE = 0.01
"""A part is spoken of, and an item counts as found, where items share more than texts of the data do among themselves, but for this chance."""


@dataclass(frozen=True)
class Runs:
    """Items by how much of them stands in the data, and the positions of the texts that hold it."""

    most: frozenset[int]
    most_held_by: frozenset[int]
    part: frozenset[int]
    """Items of which less than CONTAINED is found, and at least one run that is their own."""
    part_held_by: frozenset[int]
    usual: bool = False
    """Whether texts of the data hold most of each other as often."""


def shared_runs(
    here: Sequence[str], items: Mapping[int, str], every: Iterable[str], words: int, near: Set[str] = frozenset()
) -> Runs:
    """Which of `items` share runs of `words` words with the texts `here`; `every` item tells what is a form of words.

    Texts are plain: words with one space between. Runs are counted once in equal texts. Items of which a part is found
    are left out where the texts, half of them asked as if they were items, share as much with the other half: records
    made from templates do, by what was filled in. Texts that are `near` others of the data are no such items, as items
    that are near the data are not.
    """
    found = _searched(here, items, every, words)
    if not found.part and not found.most:
        return found
    different = list(dict.fromkeys(here))
    asked, others = [text for text in different[::2] if text not in near][:CONTROL_TEXTS], different[1::2]
    control = _searched(others, dict(enumerate(asked)), asked, words)
    whole = len(different) / max(len(others), 1)
    part = no_more_than_usual(len(found.part), len(items), len(control.part) * whole, len(asked) - len(control.most))
    usual = no_more_than_usual(len(found.most), len(items), len(control.most) * whole, len(asked))
    kept = (frozenset[int](), frozenset[int]()) if part else (found.part, found.part_held_by)
    return Runs(found.most, found.most_held_by, *kept, usual)


def no_more_than_usual(found: int, items: int, among: float, texts: int) -> bool:
    """Whether `found` of `items` are no more than texts of the data make, of which `among` of `texts` are so."""
    from governance.measures.special_functions import pdtrc

    expected = items * min(among / max(texts, 1), 1.0)
    return found > 0 and expected > 0 and float(pdtrc(found - 1, expected)) >= CHANCE


def _searched(here: Sequence[str], items: Mapping[int, str], every: Iterable[str], words: int) -> Runs:
    own = {number: set(runs(text, words)) for number, text in items.items()}
    owners: dict[str, list[int]] = {}
    for number, mine in own.items():
        for run in mine:
            owners.setdefault(run, []).append(number)
    half = max(words // 2, 2)
    short = {run for text in items.values() for run in runs(text, half)}
    seen: dict[int, set[str]] = {}
    where: dict[str, list[int]] = {}
    long_count: Counter[str] = Counter()
    short_count: Counter[str] = Counter()
    counted: set[str] = set()
    most_held_by: set[int] = set()
    for position, text in enumerate(here):
        found = owners.keys() & set(runs(text, words))
        shared: Counter[int] = Counter(number for run in found for number in owners[run])
        for run in found:
            where.setdefault(run, []).append(position)
            for number in owners[run]:
                seen.setdefault(number, set()).add(run)
        if any(count >= CONTAINED * len(own[number]) for number, count in shared.items()):
            most_held_by.add(position)
        if text not in counted:
            counted.add(text)
            long_count.update(found)
            short_count.update(short & set(runs(text, half)))
    most = frozenset(number for number, found in seen.items() if len(found) >= CONTAINED * len(own[number]))
    asked = {run for number, found in seen.items() if number not in most for run in found}
    different = set(every)
    among, short_among = _counts(different, asked, words), _counts(different, short, half)
    common = {run for run in short if short_count[run] > FEW_TEXTS or short_among[run] > 1}
    telling = {
        run
        for number in seen.keys() - most
        for run, free in zip(runs(items[number], words), _own_words(items[number], common, half, words), strict=True)
        if run in asked and long_count[run] <= FEW_TEXTS and among[run] <= 1 and free >= OWN_WORDS * words
    }
    part = frozenset(number for number, found in seen.items() if number not in most and found & telling)
    held = frozenset(position for number in part for run in seen[number] & telling for position in where[run])
    return Runs(most, frozenset(most_held_by), part, held)


def _counts(texts: Iterable[str], wanted: set[str], words: int) -> Counter[str]:
    """In how many of the texts each run of `wanted` stands."""
    return Counter(run for text in texts for run in wanted & set(runs(text, words)))


def _own_words(text: str, common: set[str], half: int, words: int) -> Iterator[int]:
    """For each run of the text, how many of its words are in none of the `common` runs of half its length."""
    free = [1] * (text.count(" ") + 1)
    for start, short in enumerate(runs(text, half)):
        if short in common:
            free[start : start + half] = [0] * half
    return (sum(free[start : start + words]) for start in range(len(free) - words + 1))


def runs(text: str, words: int) -> Iterator[str]:
    """The runs of `words` words; none in a shorter text, which is compared as a whole."""
    listed = text.split(" ")
    return (" ".join(listed[start : start + words]) for start in range(len(listed) - words + 1))
