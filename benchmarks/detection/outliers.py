"""How well `outliers` finds planted rows, beside two usual methods, and how often it warns of clean tables.

    OMP_NUM_THREADS=1 python benchmarks/detection/outliers.py [--clean N] [--planted N] > benchmarks/detection/results/outliers.md

Clean tables are of six shapes, 200 to 2,000 rows and 2 to 20 numbers, nothing planted. In planted ones 1 % of the rows
(3 at least) are changed: one number written in another unit (x10 or x1000), 999 for a missing number, a slipped digit in two
numbers, or the whole row from elsewhere (8 standard deviations in every number). The peers are scikit-learn's isolation
forest and local outlier factor with their defaults, on the same numbers, standardised.
"""

from __future__ import annotations

import argparse
import dataclasses
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from governance.audits.outliers import Outliers
from governance.evidence import Level
from governance.measures.intervals import wilson
from governance.signals.compute import compute_signals
from governance.signals.settings import SignalsConfig
from governance.testing import make_snapshot

CLEAN_SEED, PLANTED_SEED = 700_000, 800_000
Table = NDArray[np.float64]
Shape = Callable[[np.random.Generator, int, int], Table]


def normal(rng: np.random.Generator, rows: int, columns: int) -> Table:
    """Jointly normal, correlated."""
    return np.asarray(
        rng.normal(size=(rows, columns)) @ rng.normal(size=(columns, columns)) + rng.normal(size=columns) * 5
    )


def uniform(rng: np.random.Generator, rows: int, columns: int) -> Table:
    """Independent, without tails."""
    return rng.uniform(0, 100, (rows, columns))


def clusters(rng: np.random.Generator, rows: int, columns: int) -> Table:
    """Three groups of unequal size and width."""
    which = rng.choice(3, rows, p=[0.6, 0.3, 0.1])
    centre, width = rng.normal(0, 6, (3, columns)), rng.uniform(0.5, 2, 3)
    return np.asarray(centre[which] + rng.normal(size=(rows, columns)) * width[which][:, None])


def skewed(rng: np.random.Generator, rows: int, columns: int) -> Table:
    """Gamma of shape 2, as waiting times and sizes are."""
    return rng.gamma(2, 3, (rows, columns))


def lognormal(rng: np.random.Generator, rows: int, columns: int) -> Table:
    """A heavy upper tail, as incomes have."""
    return rng.lognormal(3, 0.6, (rows, columns))


def counts(rng: np.random.Generator, rows: int, columns: int) -> Table:
    """Small whole numbers."""
    return rng.poisson(rng.uniform(1, 12, columns), (rows, columns)).astype(np.float64)


SHAPES: tuple[Shape, ...] = (normal, uniform, clusters, skewed, lognormal, counts)


def other_unit(rng: np.random.Generator, table: Table, row: int) -> None:
    """One number of a row, above its column's median, times 10 or 1000."""
    column = int(rng.integers(table.shape[1]))
    table[row, column] = (np.median(table[:, column]) + abs(table[row, column])) * rng.choice([10, 1000])


def coded(rng: np.random.Generator, table: Table, row: int) -> None:
    """999 stands for a missing number."""
    table[row, int(rng.integers(table.shape[1]))] = 999


def slipped(rng: np.random.Generator, table: Table, row: int) -> None:
    """Two numbers four times their column's upper quartile range away."""
    for column in rng.choice(table.shape[1], min(2, table.shape[1]), replace=False).tolist():
        low, high = np.quantile(table[:, column], [0.25, 0.75])
        table[row, column] = high + 4 * max(high - low, 1)


def elsewhere(rng: np.random.Generator, table: Table, row: int) -> None:
    """Every number 8 standard deviations off, to either side."""
    table[row] = table.mean(axis=0) + 8 * table.std(axis=0) * rng.choice([-1, 1], table.shape[1])


FAULTS = (other_unit, coded, slipped, elsewhere)


@dataclasses.dataclass(frozen=True)
class Said:
    """The audit's answer about one table."""

    score: Table
    flagged: NDArray[np.bool_]
    levels: tuple[Level, ...]
    told: bool = True
    """False where the audit could not tell."""


def ask(table: Table) -> Said:
    """`outliers`, with the signals it needs."""
    frame = pl.DataFrame({f"c{at}": table[:, at] for at in range(table.shape[1])})
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        snapshot = make_snapshot(folder, frame)
        (folder / "signals").mkdir()
        compute_signals(snapshot, folder / "signals", SignalsConfig(folds=2))
        answer = Outliers().run(dataclasses.replace(snapshot, signals_folder=folder / "signals"))
    if answer.rows is None:  # mostly copies, so that there is no typical distance
        return Said(np.zeros(len(table)), np.zeros(len(table), dtype=bool), (), told=False)
    rows = answer.rows.sort("source_row")
    return Said(rows["score"].to_numpy(), rows["flagged"].to_numpy(), tuple(found.level for found in answer.findings))


def peers(table: Table) -> dict[str, Table]:
    """Scores of isolation forest and local outlier factor, higher is odder."""
    from sklearn.ensemble import IsolationForest
    from sklearn.neighbors import LocalOutlierFactor
    from sklearn.preprocessing import StandardScaler

    scaled = StandardScaler().fit_transform(table)
    factor = LocalOutlierFactor().fit(scaled)
    return {
        "isolation forest": -IsolationForest(random_state=0).fit(scaled).score_samples(scaled),
        "local outlier factor": -factor.negative_outlier_factor_,
    }


def drawn(seed: int, shape: Shape) -> tuple[np.random.Generator, Table]:
    rng = np.random.default_rng(seed)
    return rng, shape(rng, int(rng.choice([200, 500, 2000])), int(rng.choice([2, 5, 20])))


def share(hits: int, of: int) -> str:
    low, high = wilson(hits, of)
    return f"{hits} of {of} ({low:.1%} to {high:.1%})"


def clean(runs: int) -> None:
    """The table of false alarms."""
    print(
        "| clean tables of shape | tables | with a warning (95 % Wilson) | with a note | cannot tell | rows flagged |\n|---|---|---|---|---|---|"
    )
    whole: list[Said] = []
    for at, shape in enumerate(SHAPES):
        said = [ask(drawn(CLEAN_SEED + 1000 * at + run, shape)[1]) for run in range(runs)]
        whole += said
        print(clean_row(shape.__name__, said))
    print(clean_row("**all**", whole))


def clean_row(name: str, said: list[Said]) -> str:
    loud = sum(Level.WARNING in one.levels for one in said)
    noted = sum(one.levels == (Level.NOTE,) for one in said)
    flagged, rows = sum(int(one.flagged.sum()) for one in said), sum(one.flagged.size for one in said)
    return f"| {name} | {len(said)} | {share(loud, len(said))} | {noted} | {sum(not one.told for one in said)} | {flagged / rows:.3%} |"


def planted(runs: int) -> None:
    """The table of planted rows: area under the precision-recall curve of the ranking, and what is flagged."""
    from sklearn.metrics import average_precision_score

    print("\n| planted in 1 % of the rows | tables | average precision | isolation forest | local outlier factor "
          "| planted rows flagged | tables with a finding |\n|---|---|---|---|---|---|---|")  # fmt: skip
    total: list[tuple[int, int, bool]] = []
    for at, fault in enumerate(FAULTS):
        precision: dict[str, list[float]] = {}
        found: list[tuple[int, int, bool]] = []
        for run in range(runs):
            rng, table = drawn(PLANTED_SEED + 1000 * at + run, SHAPES[run % len(SHAPES)])
            truth = np.zeros(len(table), dtype=bool)
            truth[rng.choice(len(table), max(3, len(table) // 100), replace=False)] = True
            whole = table.copy()
            for row in np.flatnonzero(truth).tolist():
                fault(rng, whole, row)
            said = ask(whole)
            if not said.told:
                continue
            for name, score in {"ours": said.score, **peers(whole)}.items():
                precision.setdefault(name, []).append(float(average_precision_score(truth, score)))
            found.append((int(said.flagged[truth].sum()), int(truth.sum()), bool(said.levels)))
        total += found
        cells = " | ".join(f"{np.mean(values):.3f}" for values in precision.values())
        print(planted_row(" ".join((fault.__doc__ or "").split()).rstrip("."), cells, found))
    print(planted_row("**all**", " | | ", total))


def planted_row(name: str, cells: str, found: list[tuple[int, int, bool]]) -> str:
    hits, of, seen = (sum(values) for values in zip(*found, strict=True))
    return f"| {name} | {len(found)} | {cells} | {share(hits, of)} | {seen} |"


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--clean", type=int, default=60, help="tables of each shape")
    parser.add_argument("--planted", type=int, default=24, help="tables with each fault")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    clean(asked.clean)
    planted(asked.planted)


if __name__ == "__main__":
    main()
