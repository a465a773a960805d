"""Crowds for `label_consistency.py`: items, annotators, labels and the truth, of many kinds.

Some have the size, classes and votes of published sets, whose annotators are not known; these are drawn.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int64]
Floats = NDArray[np.float64]
Crowd = tuple[Codes, Codes, Codes, Codes]


def habitual(seed: int, items: int, people: int, classes: int, votes: int) -> Crowd:
    """Items, annotators, labels and the truth: skills from a beta distribution, errors with habits, unequal diligence."""
    random = np.random.default_rng(seed)
    true = random.choice(classes, items, p=random.dirichlet(np.full(classes, 5.0)))
    skill = random.beta(4, 2, people)
    habits = random.dirichlet(np.ones(classes - 1), (people, classes))
    diligence = random.dirichlet(np.full(people, 0.7)) + 0.01
    item = np.repeat(np.arange(items), votes)
    annotator = np.concatenate(
        [random.choice(people, votes, replace=False, p=diligence / diligence.sum()) for _ in range(items)]
    )
    label = np.empty(item.size, dtype=np.int64)
    for place, (one, who) in enumerate(zip(item, annotator, strict=True)):
        row = np.insert(habits[who, true[one]] * (1 - skill[who]), true[one], skill[who])
        label[place] = random.choice(classes, p=row / row.sum())
    return item, annotator, label, true


def drawn(
    seed: int,
    items: int,
    people: int,
    prevalence: tuple[float, ...],
    votes: tuple[int, int],
    *,
    skill: tuple[float, float] = (5, 2),
    habit: float = 1.0,
    spammers: float = 0.0,
    one_answer: float = 0.5,
    difficulty: float = 0.0,
    diligence: float = 0.0,
) -> Crowd:
    """Each annotator is right by a rate of her own for each class, drawn from a beta distribution `skill`.

    Her errors go to other classes by `habit` (Dirichlet; small is one class), a share are `spammers` who answer anything or,
    a share `one_answer` of them, one thing, each item is guessed with a chance of mean `difficulty`, and `diligence`
    (Dirichlet; small is uneven, 0 is even) says who answers how much. `votes` are the fewest and most of an item.
    """
    random = np.random.default_rng(seed)
    classes = len(prevalence)
    true = random.choice(classes, items, p=np.array(prevalence) / sum(prevalence))
    confusion = np.empty((people, classes, classes))
    for who in range(people):
        for one in range(classes):
            right = random.beta(*skill)
            confusion[who, one] = np.insert(random.dirichlet(np.full(classes - 1, habit)) * (1 - right), one, right)
        if random.random() < spammers:
            confusion[who] = 1 / classes
            if random.random() < one_answer:
                confusion[who] = 0.03 / classes + 0.97 * np.eye(classes)[random.integers(classes)]
    hard = random.beta(1, 1 / difficulty - 1, items) if difficulty else np.zeros(items)
    share = random.dirichlet(np.full(people, diligence)) + 0.1 / people if diligence else np.ones(people)
    found: list[tuple[int, int, int]] = []
    for item in range(items):
        count = min(int(random.integers(votes[0], votes[1] + 1)), people)
        for who in random.choice(people, count, replace=False, p=share / share.sum()).tolist():
            chances = (1 - hard[item]) * confusion[who, true[item]] + hard[item] / classes
            found.append((item, who, int(random.choice(classes, p=chances / chances.sum()))))
    item, annotator, label = np.array(found, dtype=np.int64).T
    return item, annotator, label, true


KINDS: dict[str, Callable[[int], Crowd]] = {
    "300 items, 20 people, 4 votes, 3 classes": partial(habitual, items=300, people=20, classes=3, votes=4),
    "300 items, 60 people, 3 votes, 3 classes": partial(habitual, items=300, people=60, classes=3, votes=3),
    "300 items, 20 people, 5 votes, 2 classes": partial(habitual, items=300, people=20, classes=2, votes=5),
    "150 items, 10 people, 3 votes, 4 classes": partial(habitual, items=150, people=10, classes=4, votes=3),
    "1,000 items, 30 people, 7 votes, 5 classes": partial(habitual, items=1000, people=30, classes=5, votes=7),
    "108 birds, all of 39 people, 2 classes, difficult items": partial(
        drawn, items=108, people=39, prevalence=(0.56, 0.44), votes=(39, 39), skill=(4, 2.5), difficulty=0.2
    ),
    "800 sentences, 10 of 164 people, 2 classes, spammers": partial(
        drawn, items=800, people=164, prevalence=(0.5, 0.5), votes=(10, 10), skill=(8, 2), spammers=0.12, diligence=0.5,
        difficulty=0.1,
    ),
    "1,500 pages, 2 to 7 of 500 people, 3 classes, spammers": partial(
        drawn, items=1500, people=500, prevalence=(0.5, 0.3, 0.2), votes=(2, 7), skill=(4, 2.4), spammers=0.2,
        diligence=0.25, difficulty=0.2,
    ),
    "807 dogs, 10 of 109 people, 4 classes, habits": partial(
        drawn, items=807, people=109, prevalence=(1, 1, 1, 1), votes=(10, 10), skill=(4, 2.5), habit=0.4,
        diligence=0.6, difficulty=0.17,
    ),
    "300 tweets, 20 of 110 people, 5 classes": partial(
        drawn, items=300, people=110, prevalence=(0.25, 0.2, 0.25, 0.2, 0.1), votes=(20, 20), skill=(5, 2.5), habit=0.5,
        spammers=0.05, diligence=1.5, difficulty=0.17,
    ),
    "400 items, 6 of 40 people, 4 classes, half always answer one thing": partial(
        drawn, items=400, people=40, prevalence=(1, 1, 1, 1), votes=(6, 6), skill=(8, 2), spammers=0.5, one_answer=1.0
    ),
    "1,500 items, 6 of 8 people, 3 classes, strong habits": partial(
        drawn, items=1500, people=8, prevalence=(0.5, 0.3, 0.2), votes=(6, 6), skill=(3, 2), habit=0.3
    ),
}  # fmt: skip
