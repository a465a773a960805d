"""Warnings of `label_consistency` where a model knows less of one group, and where a group's labels are turned.

    python benchmarks/detection/less_known_groups.py [RUNS] [FIRST_SEED]

Tables of 900 rows in five groups, of which one of about 90 rows is another: its features tell less, or otherwise, of the class, and
no label is wrong; or its labels are turned. A sensitive group is a feature of the model (scikit-learn's logistic regression,
five folds), a source is none. Prints one Markdown table. Seeds below 1000 were for tuning.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict
from sklearn.neighbors import NearestNeighbors

from governance.adapters.cleanlab import find_class_issues
from governance.dataset import Role
from governance.evidence import Level
from governance.measures.conditional_association import alike
from governance.measures.intervals import wilson
from governance.measures.multiplicity import holm
from governance.measures.setting_aside import compare_in_steps
from governance.measures.turned_labels import expected_labels
from governance.reporting.consistency_finding import finding
from governance.reporting.consistency_readings import both_readings
from governance.reporting.consistency_report import Asked
from governance.reporting.label_factors import Factor

ROWS, GROUPS, ODD = 900, "abcde", 3
ALPHA, TOLERANCE, NEIGHBOURS = 0.05, 0.05, 10


class Kind(NamedTuple):
    """What is the matter with the one group."""

    words: str
    role: Role
    unlike: bool = False
    """Whether its rows lie elsewhere."""
    clean: bool = True


KINDS = {
    "reversed": Kind("the main column tells the other way round", Role.SENSITIVE),
    "harder": Kind("two columns tell hardly anything", Role.SENSITIVE),
    "others": Kind("other columns tell", Role.SENSITIVE),
    "plain": Kind("nothing", Role.SENSITIVE),
    "turned": Kind("40 % of a class turned", Role.SENSITIVE, clean=False),
    "source plain": Kind("nothing, a source", Role.SOURCE),
    "source apart": Kind("a source whose rows lie elsewhere", Role.SOURCE, unlike=True),
    "source turned": Kind("a source, 40 % of a class turned", Role.SOURCE, clean=False),
    "source random": Kind("a source, 20 % of the labels turned", Role.SOURCE, clean=False),
    "source apart turned": Kind("a source whose rows lie elsewhere, 40 % of a class turned", Role.SOURCE, True, False),
}


def table(seed: int, name: str) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Features, labels and groups (rows,)."""
    random, kind = np.random.default_rng(seed), KINDS[name]
    group = random.choice(len(GROUPS), ROWS, p=[0.4, 0.25, 0.15, 0.1, 0.1])
    true, odd = random.integers(0, 2, ROWS), group == ODD
    features, sign = random.normal(size=(ROWS, 6)), np.where(true == 1, 1.0, -1.0)
    features[:, 0] += sign * 1.2
    features[:, 1] -= sign * 0.9
    if name == "reversed":
        features[odd, 0] -= sign[odd] * 1.92
    elif name == "harder":
        features[odd, 0] -= sign[odd]
        features[odd, 1] += sign[odd] * 0.7
    elif name == "others":
        features[odd, 0] -= sign[odd] * 1.2
        features[odd, 2] += sign[odd] * 1.5
    if kind.unlike:
        features[odd, 4] += 4
    label = true.copy()
    if name.endswith("random"):
        label = np.where(odd & (random.random(ROWS) < 0.2), 1 - true, true)
    elif name.endswith("turned"):
        label[odd & (true == 0) & (random.random(ROWS) < 0.4)] = 1
    if kind.role is Role.SENSITIVE:
        features = np.hstack([features, np.eye(len(GROUPS))[group]])
    return features, label.astype(np.int64), group.astype(np.int64)


def ask(seed: int, name: str) -> tuple[bool, bool]:
    """Whether there is a warning, and whether there is any finding."""
    features, label, group = table(seed, name)
    role = KINDS[name].role
    chances = cross_val_predict(LogisticRegression(max_iter=300), features, label, cv=5, method="predict_proba")
    tested, strata = expected_labels(label, chances), alike(chances)
    issues = find_class_issues(label, chances, "both")[:, None].astype(np.float64)
    residual = (label[:, None] == np.arange(2)) - chances
    factor, shared = Factor("group", role, group, tuple(GROUPS)), {"levels": len(GROUPS), "draws": 199, "alpha": ALPHA}
    labels: Any = compare_in_steps(residual, group, strata, tested=tested, **shared)
    errors: Any = compare_in_steps(issues, group, strata, faults=True, **shared)
    asked = [
        Asked("labels", factor, labels, ("no", "yes"), "share", TOLERANCE),
        Asked("label_issues", factor, errors, ("",), "share", TOLERANCE),
    ]
    p_values = holm([float(one.comparison.adjusted.min()) for one in asked])
    near = None
    if role is Role.SOURCE:
        found = NearestNeighbors(n_neighbors=NEIGHBOURS + 1).fit(features).kneighbors(return_distance=False)
        near = found[:, :NEIGHBOURS].astype(np.int64)
    judged: Any = SimpleNamespace(tested=tested, residual=residual, flagged_from=0.0)
    told = []
    for one, p_value in zip(asked, p_values, strict=True):
        one = replace(one, p_value=p_value)
        if p_value <= ALPHA:
            one = replace(one, unsure=both_readings(one, near, judged, ALPHA))
        told.append(finding(one, ("group",), ALPHA, "generated"))
    known = [one for one in told if one is not None]
    return any(one.level is Level.WARNING for one in known), bool(known)


def main() -> None:
    from governance.process import settle

    settle()
    runs, first = ([int(word) for word in sys.argv[1:]] + [100, 1000][len(sys.argv) - 1 :])[:2]
    print(
        "| one group of 90 rows in 900: what is the matter with it | labels | runs | a warning | 95 % | a warning or a note |"
    )
    print("|---|---|---|---|---|---|")
    for name, kind in KINDS.items():
        found = np.array([ask(seed, name) for seed in range(first, first + runs)])
        low, high = wilson(int(found[:, 0].sum()), runs)
        print(
            f"| {kind.words} | {'right' if kind.clean else 'turned'} | {runs} | {found[:, 0].sum()} | {low:.1%} to {high:.1%} | "
            f"{found[:, 1].sum()} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
