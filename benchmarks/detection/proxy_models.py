"""Whether the quick models that `representation` asks for proxies see as much as those of the signals, and their cost."""

from __future__ import annotations

import time
from statistics import fmean, stdev

import numpy as np

from governance.adapters.scikit_learn import Features, predict_classes
from governance.dataset import Modality
from governance.measures.folds import stratified_folds
from governance.measures.ranking_auc import macro_auc

TABLES = (
    ("500 rows, 10 columns, 2 levels", 500, 10, 2, 0.5),
    ("2,000 rows, 20 columns, 2 levels", 2000, 20, 2, 1.0),
    ("2,000 rows, 20 columns, 4 levels", 2000, 20, 4, 1.5),
    ("5,000 rows, 28 columns, 2 levels", 5000, 28, 2, 0.3),
)


def table(
    random: np.random.Generator, rows: int, columns: int, levels: int, strength: float
) -> tuple[np.ndarray, np.ndarray]:
    """One column and the product of two others say something of the level."""
    matrix = random.standard_normal((rows, columns))
    score = strength * (matrix[:, 0] + matrix[:, 1] * matrix[:, 2]) + random.logistic(size=rows)
    return matrix, np.digitize(score, np.quantile(score, np.linspace(0, 1, levels + 1)[1:-1]))


def proxy_models(seed: int, runs: int) -> None:
    print(
        f"\nArea under the curve of a sensitive column predicted from the others, mean of {runs} generated tables.\n\n"
        "| table | models of the signals | quick models | difference (standard error) | CPU, the former : the latter |\n|---|---|---|---|---|"
    )
    for number, (words, rows, columns, levels, strength) in enumerate(TABLES):
        areas: dict[bool, list[float]] = {False: [], True: []}
        spent = {False: 0.0, True: 0.0}
        for run in range(runs):
            matrix, label = table(np.random.default_rng([seed, 7, number, run]), rows, columns, levels, strength)
            folds = stratified_folds([str(row) for row in range(rows)], label, 5)
            for quick in (False, True):
                start = time.process_time()
                found = predict_classes(
                    Features(matrix), label, levels, folds, modality=Modality.TABULAR, quick=quick
                ).values
                spent[quick] += time.process_time() - start
                areas[quick].append(macro_auc(found, label)[0])
        apart = [quick - full for full, quick in zip(areas[False], areas[True], strict=True)]
        print(
            f"| {words} | {fmean(areas[False]):.3f} | {fmean(areas[True]):.3f} | {fmean(apart):+.4f} "
            f"({stdev(apart) / runs**0.5:.4f}) | {spent[False] / spent[True]:.1f} |",
            flush=True,
        )
