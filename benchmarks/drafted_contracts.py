"""How often a drafted contract cries wolf: drafted from one random half of a dataset, checked on the other.

Both halves come from the same source, so every rule that fails is a false alarm. Files given on the command line are
measured beside the tables that scikit-learn carries: `FILE:TARGET`, or `FILE:TARGET:a,b,c` without a header line.

    python benchmarks/drafted_contracts.py --repeats 20 data/adult.csv:income
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from pathlib import Path

import polars as pl

from governance.adapters.great_expectations import validate as validate_suite
from governance.adapters.great_expectations_suite import read_suite
from governance.adapters.pandera import validate as validate_model
from governance.adapters.pandera_model import load_model
from governance.ingestion.exposure import classify
from governance.onboarding.adding import prepare
from governance.onboarding.adding_request import AddRequest, settings
from governance.onboarding.drafting import Observed, draft_contract


def carried(folder: Path) -> list[tuple[str, str, tuple[str, ...] | None]]:
    """The tables that scikit-learn carries, as CSV files: path, target, columns."""
    from sklearn import datasets

    loaders = {
        "iris": "load_iris",
        "wine": "load_wine",
        "breast_cancer": "load_breast_cancer",
        "diabetes": "load_diabetes",
    }
    found: list[tuple[str, str, tuple[str, ...] | None]] = []
    for name, loader in loaders.items():
        table = getattr(datasets, loader)(as_frame=True).frame
        path = folder / f"{name}.csv"
        pl.from_pandas(table).write_csv(path)
        found.append((str(path), "target", None))
    return found


def halves(frame: pl.DataFrame, seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Two random halves."""
    shuffled = frame.sample(fraction=1, shuffle=True, seed=seed)
    middle = shuffled.height // 2
    return shuffled[:middle], shuffled[middle:]


def check(observed: Observed, half: pl.DataFrame, other: pl.DataFrame, dataset: object) -> Counter[str]:
    """Rules by result (`rules`, and `failed: ...`) of a contract drafted from `half` on `other`."""
    manifest = observed.manifest
    columns = []
    for column in manifest.columns:
        series = half[column.name]
        private, because = classify(column, series)
        nulls = series.null_count()
        columns.append(
            column.model_copy(
                update={
                    "private": private, "private_because": because, "nulls": nulls,
                    "distinct": series.n_unique() - (1 if nulls else 0),
                }
            )
        )  # fmt: skip
    manifest = manifest.model_copy(update={"columns": tuple(columns), "rows": half.height})
    texts = draft_contract(Observed(manifest, half), dataset)  # type: ignore[arg-type]
    names = [column.name for column in manifest.columns]
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for name, text in texts.items():
            (Path(folder) / name).write_text(text, encoding="utf-8")
        model = load_model(Path(folder) / "schema.py", Path(folder))
        results = [("schema", r) for r in validate_model(model, other.select(names)).results]
        suite = read_suite("suite.json", Path(folder))
        results += [("suite", r) for r in validate_suite(suite, other.select(names))]
    for kind, result in results:
        counts[f"{kind} rules"] += 1
        if result.result.value != "passed":
            counts[f"{kind} failed"] += 1
            counts[f"{kind} {result.result.value}: {result.reason}"] += 1
            if result.level.value == "error":
                counts["errors"] += 1
    return counts


def main() -> None:
    """Print one line per dataset, and the rules that failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", help="FILE:TARGET or FILE:TARGET:a,b,c")
    parser.add_argument("--repeats", type=int, default=20)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        wanted = carried(Path(folder))
        for word in arguments.files:
            path, target, *columns = word.split(":")
            wanted.append((path, target, tuple(columns[0].split(",")) if columns else None))
        for path, target, names in wanted:
            file = Path(path).resolve()
            request = AddRequest(name="measured", target=target or None, columns=names, test_share=0)
            prepared = prepare(request, {"path": file.name} | settings(request), file.parent, Path(folder) / "none")
            total: Counter[str] = Counter()
            alarmed = {"schema": 0, "suite": 0, "errors": 0}
            for seed in range(arguments.repeats):
                half, other = halves(prepared.observed.frame, seed)
                counts = check(prepared.observed, half, other, prepared.dataset)
                total += counts
                alarmed["schema"] += counts["schema failed"] > 0
                alarmed["suite"] += counts["suite failed"] > 0
                alarmed["errors"] += counts["errors"] > 0
            rates = ", ".join(
                f"{kind}: {total[f'{kind} failed']}/{total[f'{kind} rules']} rules, {alarmed[kind]}/{arguments.repeats} runs"
                for kind in ("schema", "suite")
            )
            print(f"{file.stem} ({prepared.observed.frame.height} rows): {rates}; errors in {alarmed['errors']} runs")
            for reason, count in sorted(total.items()):
                if ": " in reason:
                    print(f"    {count} x {reason}")


if __name__ == "__main__":
    main()
