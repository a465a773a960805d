"""Whether biased annotators are found, how often nobody is accused wrongly, and how good the consensus is.

    python benchmarks/detection/label_consistency.py [--grid | --crowds | --items] [--crowdkit PYTHON] > benchmarks/detection/results/label_consistency.md

Annotators with about 75 rows each of a table whose classes overlap; one of them turns a part of one class into another.
Out-of-fold probabilities are those of scikit-learn's logistic regression. Crowds are generated (`crowds.py`); no published
crowd set was at hand. PYTHON is the interpreter of an environment with `crowd-kit`,
whose Dawid-Skene is the peer. SHRINK was chosen with seeds 0 to 99, when
less than it is taken with 70000 to 71011, how turned labels are tested with 60000 to 64011; these are others.
"""

from __future__ import annotations

import argparse
import json
import subprocess
from collections.abc import Callable

import annotators_of_items
import numpy as np
from crowds import KINDS
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from governance.measures.annotation_agreement import consensus, majority
from governance.measures.conditional_association import alike, compare_levels
from governance.measures.intervals import wilson
from governance.measures.turned_labels import expected_labels

ROWS = 75
"""Of each annotator."""
RUNS, CLEAN_RUNS = 60, 60
HONEST, HONEST_RUNS = ((2, 4, False), (2, 8, True), (3, 8, False), (2, 20, False)), 150
"""Settings in which nobody is biased, asked more often: classes, annotators, whether they see different kinds of rows."""
SHARES, CLASSES, PEOPLE = (0.15, 0.25, 0.4, 0.6), (2, 3, 5), (4, 8, 20)
"""Share of one class that one annotator turns; classes; annotators."""
PEER = """
import json, sys
import pandas as pd
from crowdkit.aggregation import DawidSkene, MajorityVote
for crowd in json.load(sys.stdin):
    frame = pd.DataFrame(crowd, columns=["task", "worker", "label"])
    found = [model.fit_predict(frame).sort_index().tolist() for model in (DawidSkene(n_iter=100), MajorityVote())]
    print(json.dumps(found))
"""


def annotated(
    seed: int, classes: int, people: int, biased: float, apart: bool
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Features, labels and annotators, who when `apart` see different parts of the features; number 3 may be biased."""
    random = np.random.default_rng(seed)
    rows = ROWS * people
    true = random.integers(0, classes, rows)
    centres = np.random.default_rng(0).normal(0, 1.6, (classes, 5))
    features = centres[true] + random.normal(size=(rows, 5))
    who = random.integers(0, people, rows)
    if apart:
        order = np.argsort(features[:, 0] + random.normal(0, 1, rows))
        who[order] = np.arange(rows) * people // rows
    label = np.where(random.random(rows) < 0.03, random.integers(0, classes, rows), true)
    turned_rows = (who == 3) & (label == 0) & (random.random(rows) < biased)
    return features, np.where(turned_rows, 1, label).astype(np.int64), who.astype(np.int64)


def compared(seed: int, classes: int, people: int, biased: float, apart: bool) -> tuple[bool, bool, bool, bool]:
    """Whether anybody is accused, and whether number 3 is ranked first: by us, by plain residuals, by shares of labels."""
    features, label, who = annotated(seed, classes, people, biased, apart)
    chances = cross_val_predict(LogisticRegression(max_iter=500), features, label, cv=5, method="predict_proba")
    residual = (label[:, None] == np.arange(classes)) - chances
    strata = alike(chances)
    found = compare_levels(residual, who, strata, levels=people, draws=199, tested=expected_labels(label, chances))
    before = compare_levels(residual, who, strata, levels=people, draws=1)
    shares = np.stack(
        [np.bincount(label[who == one], minlength=classes) / max(1, (who == one).sum()) for one in range(people)]
    )
    plain = np.abs(shares - shares.mean(axis=0)).max(axis=1)
    first = [int(ranking.argmax()) == 3 for ranking in (found.extreme, before.extreme, plain)]
    return bool(found.adjusted.min() <= 0.05), *first


def grid() -> None:
    """Print the share of runs in which the biased annotator is ranked first and anybody is accused, for every setting."""
    print("One of the annotators, with 75 rows each, turns labels of one class into another; 95 % Wilson intervals.\n")
    print(
        "| classes | annotators, rows | turned | runs | ranked first | by plain residuals | by the share of labels | anybody accused |"
    )
    print("|---|---|---|---|---|---|---|---|")
    clean: dict[bool, list[bool]] = {False: [], True: []}
    for classes in CLASSES:
        for people, apart in (*[(people, False) for people in PEOPLE], (8, True)):
            where = f"{people}, {'of different kinds' if apart else 'at random'}"
            for number, share in enumerate((*SHARES, 0.0)):
                first_seed = 3000 + 1000 * number
                runs = RUNS if share else CLEAN_RUNS
                results = [compared(first_seed + run, classes, people, share, apart) for run in range(runs)]
                accused, ours, residuals, plain = (sum(column) for column in zip(*results, strict=True))
                cells = (rate(ours, runs), f"{residuals} of {runs}", f"{plain} of {runs}") if share else ("", "", "")
                if not share:
                    clean[apart] += [result[0] for result in results]
                print(
                    f"| {classes} | {where} | {share:.0%} | {runs} | {' | '.join(cells)} | {rate(accused, runs)} |",
                    flush=True,
                )
    for apart, alarms in clean.items():
        where = "of different kinds" if apart else "at random"
        print(f"\nNobody biased, rows {where}: accused in {rate(sum(alarms), len(alarms))}.")


def honest() -> None:
    """Print how often anybody is accused where nobody is biased, as we test and by plain residuals."""
    print(
        "| nobody biased: classes | annotators, rows | runs | anybody accused | by plain residuals |\n|---|---|---|---|---|"
    )
    total = np.zeros(2, dtype=np.int64)
    for classes, people, apart in HONEST:
        alarms = np.zeros(2, dtype=np.int64)
        for seed in range(20_000, 20_000 + HONEST_RUNS):
            features, label, who = annotated(seed, classes, people, 0.0, apart)
            chances = cross_val_predict(LogisticRegression(max_iter=500), features, label, cv=5, method="predict_proba")
            residual = (label[:, None] == np.arange(classes)) - chances
            for place, tested in enumerate((expected_labels(label, chances), None)):
                found = compare_levels(residual, who, alike(chances), levels=people, draws=199, tested=tested)
                alarms[place] += found.adjusted.min() <= 0.05
        total += alarms
        where = "of different kinds" if apart else "at random"
        print(
            f"| {classes} | {people}, {where} | {HONEST_RUNS} | {' | '.join(str(int(one)) for one in alarms)} |",
            flush=True,
        )
    shown = " | ".join(rate(int(one), HONEST_RUNS * len(HONEST)) for one in total)
    print(f"| all | | {HONEST_RUNS * len(HONEST)} | {shown} |")


def rate(count: int, n: int) -> str:
    low, high = wilson(count, n)
    return f"{count} of {n} ({low:.3f} to {high:.3f})"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--crowdkit")
    parser.add_argument("--grid", action="store_true", help="the annotators alone, without the crowds")
    parser.add_argument("--crowds", action="store_true", help="the crowds alone, without the annotators")
    parser.add_argument("--items", action="store_true", help="annotators of the same items alone")
    options = parser.parse_args()
    if options.items:
        annotators_of_items.ranked(rate)
        return
    if not options.crowds:
        grid()
        honest()
    if options.grid:
        return
    print(
        "\nAccuracy of the consensus on generated crowds, means over 20 seeds; the last column: crowds where ours is at least as good as our own Dawid-Skene.\n"
    )
    print(
        "| crowd | majority | Dawid-Skene | Dawid-Skene of crowd-kit | ours | ours less Dawid-Skene (95 % interval) | at least as good |\n|---|---|---|---|---|---|---|"
    )
    methods: dict[str, Callable] = {
        "majority": lambda item, _, label, k: majority(item, label, k),
        "plain": lambda item, who, label, k: consensus(item, who, label, k, method="dawid_skene").probabilities.argmax(
            axis=1
        ),
        "ours": lambda item, who, label, k: consensus(item, who, label, k).probabilities.argmax(axis=1),
    }
    for name, make in KINDS.items():
        crowds = [make(seed) for seed in range(1000, 1020)]
        right = {
            key: np.array([(method(*given, int(max(given[2].max(), t.max())) + 1) == t).mean() for *given, t in crowds])
            for key, method in methods.items()
        }
        peer = "not run"
        if options.crowdkit:
            triples = [np.column_stack(given).tolist() for *given, _ in crowds]
            run = subprocess.run(
                [options.crowdkit, "-c", PEER],
                input=json.dumps(triples),
                capture_output=True,
                text=True,
                check=True,
                env={"PATH": "/usr/bin:/bin"},
            )
            lines = [json.loads(line)[0] for line in run.stdout.splitlines()]
            peer = f"{np.mean([(np.array(line) == t).mean() for line, (*_, t) in zip(lines, crowds, strict=True)]):.3f}"
        gain = right["ours"] - right["plain"]
        half = 2.09 * gain.std(ddof=1) / np.sqrt(gain.size)
        print(f"| {name} | {right['majority'].mean():.3f} | {right['plain'].mean():.3f} | {peer} | {right['ours'].mean():.3f} "
              f"| {gain.mean():+.3f} ({gain.mean() - half:+.3f} to {gain.mean() + half:+.3f}) | {(gain >= -1e-9).sum()} of 20 |")  # fmt: skip
    if not options.crowds:
        annotators_of_items.ranked(rate)


if __name__ == "__main__":
    main()
