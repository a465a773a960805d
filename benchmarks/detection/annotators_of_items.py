"""Annotators of the same items for `label_consistency.py`: is the one who turns labels ranked first, and is nobody accused else?

One annotator gives a share of the items of class 0 the label of class 1, or a share of all items any label; all of them make
mistakes at random, at one rate. How the ranking works was chosen with other seeds on crowds
of another generator.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from governance.measures.annotation_agreement import consensus
from governance.measures.conditional_association import compare_levels
from governance.measures.turned_labels import expected_labels

RUNS = 40
CROWDS = {"300 items, 3 of 10 people": (300, 10, 3), "200 items, all of 5 people": (200, 5, 5)}
PLANTED = (("25% of a class", 0.25, False), ("50% of a class", 0.5, False), ("30% at random", 0.3, True), ("nothing", 0.0, False))  # fmt: skip
MISTAKES = 0.08
CLASSES = (2, 4)

Codes = NDArray[np.int64]


def crowd(
    seed: list[int], size: tuple[int, int, int], classes: int, share: float, blind: bool
) -> tuple[Codes, Codes, Codes]:
    """Item, annotator and label; annotator 0 is the one who may turn labels."""
    random = np.random.default_rng(seed)
    items, people, each = size
    true = random.integers(0, classes, items)
    item = np.repeat(np.arange(items), each)
    who = np.concatenate([random.permutation(people)[:each] for _ in range(items)])
    wrong = random.random(item.size) < MISTAKES
    label = np.where(wrong, (true[item] + random.integers(1, classes, item.size)) % classes, true[item])
    turns = (who == 0) & (random.random(item.size) < share) & (blind | (true[item] == 0))
    return item, who, np.where(turns, random.integers(0, classes, item.size) if blind else 1, label)


def judged(item: Codes, who: Codes, label: Codes, people: int, classes: int) -> tuple[bool, bool, bool, bool]:
    """Whether anybody is accused, and whether number 0 is first: by us, by differences of shares, by the consensus."""
    others = consensus(item, np.zeros_like(item), label, classes).without
    given = (label[:, None] == np.arange(classes)).astype(np.float64)
    found = compare_levels(given, who, item, levels=people, draws=199, tested=expected_labels(label, others))
    plain = compare_levels(given, who, item, levels=people, draws=1)
    accuracy = consensus(item, who, label, classes).accuracy
    return (
        bool(found.adjusted.min() <= 0.05),
        *(int(one.argmax()) == 0 for one in (found.extreme, plain.extreme, -accuracy)),
    )


def ranked(rate: Callable[[int, int], str]) -> None:
    """Print the table; `rate` writes a count of so many with its interval."""
    print("\nAnnotators of the same items, of whom one turns labels; 95 % Wilson intervals.\n")
    print(
        "| classes | crowd | turned | runs | ranked first | by differences of shares | by the consensus | anybody accused |"
    )
    print("|---|---|---|---|---|---|---|---|")
    cell = 0
    for classes in CLASSES:
        for words, size in CROWDS.items():
            for what, share, blind in PLANTED:
                cell += 1
                results = [
                    judged(*crowd([30_000, cell, run], size, classes, share, blind), size[1], classes)
                    for run in range(RUNS)
                ]
                accused, ours, shares, agreed = (sum(column) for column in zip(*results, strict=True))
                cells = (rate(ours, RUNS), f"{shares} of {RUNS}", f"{agreed} of {RUNS}") if share else ("", "", "")
                print(f"| {classes} | {words} | {what} | {RUNS} | {' | '.join(cells)} | {rate(accused, RUNS)} |", flush=True)  # fmt: skip
