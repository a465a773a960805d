"""How often honest predictions are suspected of having seen their labels, or of exchanged classes, and how often guilty ones are.

    python benchmarks/detection/in_sample.py [RUNS] [FIRST_SEED]

Each run draws a table (size, noise, shape and difficulty vary), our own cross-validated reference, and a user's model of
one of six families twice: cross-validated (honest) and predicted on its own training rows (in-sample). Prints Markdown.
Seeds below 100 were for tuning, scoring starts at 1000.
"""

from __future__ import annotations

import sys
import warnings
from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from scipy.stats import beta
from sklearn.datasets import make_classification, make_moons
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.neighbors import KNeighborsClassifier, NearestNeighbors
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from governance.adapters.scikit_learn import Features, predict_classes
from governance.dataset import Modality
from governance.measures.exchanged_classes import exchanged
from governance.measures.in_sample import LEAST_ODD, memorised

NOISE = (0.0, 0.05, 0.1, 0.2)


def table(draw: np.random.Generator) -> tuple[np.ndarray, np.ndarray, float]:
    rows, noise = int(draw.integers(150, 351)), float(draw.choice(NOISE))
    seed = int(draw.integers(2**31))
    if draw.random() < 0.25:
        x, y = make_moons(rows, noise=float(draw.uniform(0.1, 0.4)), random_state=seed)
        x = np.column_stack([x, draw.normal(size=(rows, 2))])
    else:
        classes = int(draw.choice([2, 3, 4]))
        x, y = make_classification(
            rows, n_features=12, n_informative=6, n_redundant=2, n_classes=classes, n_clusters_per_class=1 + seed % 2,
            flip_y=0, class_sep=float(draw.uniform(0.6, 2.0)), random_state=seed,
        )  # fmt: skip
    wrong = draw.random(rows) < noise
    classes = y.max() + 1
    y = np.where(wrong, (y + draw.integers(1, classes, size=rows)) % classes, y)
    return x, y.astype(np.int64), noise


def families(seed: int) -> dict[str, object]:
    return {
        "random forest": RandomForestClassifier(60, random_state=seed),
        "boosted trees": GradientBoostingClassifier(n_estimators=60, max_depth=4, random_state=seed),
        "1-nearest neighbour": KNeighborsClassifier(1),
        "multilayer perceptron": make_pipeline(StandardScaler(), MLPClassifier((64,), max_iter=150, random_state=seed)),
        "support vectors, wide": make_pipeline(StandardScaler(), SVC(C=100, gamma=0.5, probability=False)),
        "logistic regression": make_pipeline(StandardScaler(), LogisticRegression(max_iter=500)),
    }


def one_hot(predicted: np.ndarray, classes: int) -> np.ndarray:
    return np.eye(classes)[predicted]


@dataclass(frozen=True)
class Run:
    """One table, one family of models."""

    family: str
    noise: float
    odd: int
    honest: bool
    inside: bool
    """Whether the honest, and the in-sample, predictions were suspected."""
    blind: bool | None
    """Whether honest predictions from columns that the reference lacks were; None when not tried."""
    exchange: bool
    """Whether the honest ones were told to have exchanged classes."""
    exchange_found: bool
    """Whether they were where the columns of two classes had been exchanged."""


def run(seed: int) -> Run:
    draw = np.random.default_rng(seed)
    x, y, noise = table(draw)
    classes = int(y.max()) + 1
    folds = np.empty(y.size, dtype=np.int64)
    for number, (_, test) in enumerate(StratifiedKFold(3, shuffle=True, random_state=seed).split(x, y)):
        folds[test] = number
    scaled = StandardScaler().fit_transform(x)
    reference = predict_classes(
        Features(scaled), y, classes, folds, modality=Modality.TABULAR, forward=False, seed=0
    ).values
    near = NearestNeighbors(n_neighbors=11).fit(scaled).kneighbors(scaled, return_distance=False)[:, 1:]
    name = list(families(0))[seed % 6]
    model = families(seed)[name]
    honest = cross_val_predict(model, x, y, cv=StratifiedKFold(3, shuffle=True, random_state=seed + 1))
    inside = model.fit(x, y).predict(x)  # type: ignore[attr-defined]
    fair = memorised(y, one_hot(honest, classes), reference, near)
    seen = memorised(y, one_hot(inside, classes), reference, near)
    order = [1, 0, *range(2, classes)]
    return Run(
        name, noise, fair.odd, fair.suspected, seen.suspected, blind(seed, scaled, y, folds) if seed % 3 == 0 else None,
        exchanged(y, one_hot(honest, classes)) is not None,
        exchanged(y, one_hot(honest, classes)[:, order]) is not None,
    )  # fmt: skip


def blind(seed: int, x: np.ndarray, y: np.ndarray, folds: np.ndarray) -> bool:
    """An honest user who knows twelve columns where the snapshot has three: suspected for being better?"""
    classes = int(y.max()) + 1
    few = x[:, :3] if x.shape[1] > 4 else x[:, 1:]
    reference = predict_classes(Features(few), y, classes, folds, modality=Modality.TABULAR, seed=0).values
    near = NearestNeighbors(n_neighbors=11).fit(few).kneighbors(few, return_distance=False)[:, 1:]
    honest = cross_val_predict(RandomForestClassifier(60, random_state=seed), x, y, cv=3)
    return memorised(y, one_hot(honest, classes), reference, near).suspected


def bounds(hits: int, runs: int) -> str:
    """Share with its 95 % Clopper-Pearson interval."""
    low = beta.ppf(0.025, hits, runs - hits + 1) if hits else 0.0
    high = beta.ppf(0.975, hits + 1, runs - hits) if hits < runs else 1.0
    return f"{hits} of {runs} ({hits / runs:.1%}; {low:.1%} to {high:.1%})"


def main() -> None:
    from governance.process import settle

    settle()
    warnings.filterwarnings("ignore")
    runs, first = ([int(word) for word in sys.argv[1:]] + [400, 1000][len(sys.argv) - 1 :])[:2]
    results = [run(seed) for seed in range(first, first + runs)]
    report(results)


def report(results: list[Run]) -> None:
    groups: dict[str, list[Run]] = defaultdict(list)
    for one in results:
        groups["all"].append(one)
        groups[one.family].append(one)
        groups[f"label noise {one.noise:.0%}"].append(one)
    print(
        f"| user's model or table | honest, suspected | enough odd labels (at least {LEAST_ODD}) | in-sample, suspected, of those with enough |"
    )
    print("|---|---|---|---|")
    for name in ["all", *families(0), *(f"label noise {noise:.0%}" for noise in NOISE)]:
        found = groups[name]
        enough = [one for one in found if one.odd >= LEAST_ODD]
        power = bounds(sum(one.inside for one in enough), len(enough)) if enough else "–"
        print(
            f"| {name} | {bounds(sum(o.honest for o in found), len(found))} | {len(enough)} of {len(found)} | {power} |"
        )
    tried = [one for one in results if one.blind is not None]
    print(
        f"\nHonest, from columns that the reference lacks: {bounds(sum(bool(o.blind) for o in tried), len(tried))} suspected."
    )
    told, found = sum(one.exchange for one in results), sum(one.exchange_found for one in results)
    print(
        f"\nHonest, told to have exchanged classes: {bounds(told, len(results))}. With the columns of two classes exchanged:"
    )
    print(f"{bounds(found, len(results))}.")


if __name__ == "__main__":
    main()
