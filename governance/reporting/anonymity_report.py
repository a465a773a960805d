"""How well rows hide behind each other: k, l and the worst combinations of quasi-identifiers, as numbers and findings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from governance.dataset import ColumnType, Role, Task
from governance.evidence import Finding, Level, Metric, Table

if TYPE_CHECKING:
    import polars as pl

    from governance.measures.anonymity import Anonymity, Codes, Combination
    from governance.snapshot import Snapshot

MOST_CANDIDATES = 12
"""Columns among which combinations are searched."""
ROW_BUDGET = 200_000_000
"""Rows times combinations that one audit counts: about half a minute."""
SHOWN = 10
MISSING = 0
"""The code of a missing value."""


@dataclass(frozen=True)
class Told:
    """What the report says."""

    findings: tuple[Finding, ...] = ()
    metrics: tuple[Metric, ...] = ()
    tables: tuple[Table, ...] = ()
    rows: pl.DataFrame | None = None
    """The rows behind `privacy/small_classes`; None without that finding."""


def anonymity_report(snapshot: Snapshot, least_k: int, max_columns: int, *, of_people: bool) -> Told:
    """k-anonymity over the declared quasi-identifiers, or over columns whose names suggest some; all rows, exactly.

    `of_people` says whether the table tells that it is about people; else rows and groups are called no more than that.
    """
    from governance.measures.anonymity import class_sizes, k_anonymity, worst_combinations
    from governance.reporting.anonymity_findings import beside_declared, hiding_findings
    from governance.reporting.anonymity_rows import small_class_rows

    declared = [column.name for column in snapshot.with_role(Role.QUASI_IDENTIFIER)]
    names = _candidates(snapshot, declared)
    if not names:
        note = "no column has the role quasi_identifier, and no column's name suggests one"
        return Told(metrics=(Metric(name="k_anonymity", value=None, unit="rows", meaning=_MEANING, note=note),))
    sensitive = _attributes(snapshot, names)
    people_of = snapshot.grouping.name if snapshot.grouping is not None else None
    wanted = dict.fromkeys([*names, *sensitive, *([people_of] if people_of else [])])
    frame = snapshot.frame(*wanted).select("row_id", *wanted).collect()
    codes = {name: _codes(frame[name]) for name in wanted}
    people = _people(codes[people_of]) if people_of else None
    unit = ("people" if of_people else "groups") if people_of else "rows"
    basis = declared or names
    whole = k_anonymity([codes[name] for name in basis], least_k, people)
    budget = max(50, ROW_BUDGET // max(1, snapshot.rows))
    worst, counted = worst_combinations(
        [codes[name] for name in names], most=max_columns, least=least_k, budget=budget, people=people
    )
    whom = "a person" if of_people else "what a row is about"
    told = _diversity(snapshot, codes, basis, sensitive, bool(declared), people, unit)
    found = hiding_findings(whole, basis, bool(declared), least_k, unit, worst, names, whom)
    rows = None
    if declared and whole.below:
        sizes = class_sizes([codes[name] for name in basis], people)
        rows = small_class_rows(frame["row_id"], sizes, least_k, basis, unit)
    if declared and len(names) > len(declared):
        every = k_anonymity([codes[name] for name in names], least_k, people)
        found += beside_declared(whole, every, declared, names, unit, whom)
    return Told(
        findings=(*found, *told.findings),
        metrics=(*_metrics(whole, basis, bool(declared), least_k, unit, of_people), *told.metrics),
        tables=(_table(worst, names, least_k, counted, max_columns, unit), *told.tables),
        rows=rows,
    )


_MEANING = "the fewest that share one combination of quasi-identifiers"


def _candidates(snapshot: Snapshot, declared: list[str]) -> list[str]:
    from governance.measures.column_evidence import suggests_quasi_identifier

    # A measured number is known of nobody to its last digit, so it is only searched when somebody declared it.
    suggested = [
        column.name
        for column in snapshot.features
        if column.type not in {ColumnType.TEXT, ColumnType.IMAGE, ColumnType.NUMBER}
        and column.resolved_role is not Role.SPECIAL_CATEGORY  # what must not become known is no means to know
        and (column.resolved_role is Role.SENSITIVE or suggests_quasi_identifier(column.name))
        and column.distinct > 1
    ]
    return list(dict.fromkeys([*declared, *suggested]))[:MOST_CANDIDATES]


def _attributes(snapshot: Snapshot, quasi: list[str]) -> list[str]:
    """What should not become known of a person: special categories, and the class."""
    names = [column.name for column in snapshot.with_role(Role.SPECIAL_CATEGORY)]
    if snapshot.target is not None and snapshot.task is Task.CLASSIFICATION:
        names.append(snapshot.target)
    return [name for name in names if name not in quasi]


def _codes(series: pl.Series) -> Codes:
    """Numbers from 0 in order of the values; a missing value is 0, and agrees with missing values only."""
    import numpy as np

    ranks = series.rank("dense").fill_null(MISSING).to_numpy()
    return np.asarray(ranks, dtype=np.int64)


def _people(codes: Codes) -> Codes:
    """Whose row each is: a row that names nobody is taken for a person of its own, and not all such rows for one."""
    import numpy as np

    nobodys = codes == MISSING
    return np.where(nobodys, int(codes.max(initial=0)) + np.cumsum(nobodys), codes)


def _metrics(
    whole: Anonymity, basis: list[str], declared: bool, least: int, unit: str, of_people: bool
) -> tuple[Metric, ...]:
    over = ", ".join(basis)
    note = f"over {over}" + ("" if declared else "; none is declared, these are taken by their names")
    assumed = "; each row is taken for a person of its own" if unit == "rows" and of_people else ""
    assumed += "" if of_people else "; nothing tells that rows are people"
    rest = {"unit": "share", "n": whole.rows, "better": "lower", "note": note + assumed}
    return (
        Metric(
            name="k_anonymity",
            value=whole.k,
            unit=unit,
            n=whole.rows,
            better="higher",
            meaning=_MEANING,
            note=note + assumed,
        ),
        Metric(
            name="singled_out_share",
            value=whole.unique / whole.rows,
            meaning=f"share of {unit} that are alone with their combination of quasi-identifiers",
            **rest,
        ),
        Metric(
            name="small_class_share",
            value=whole.below / whole.rows,
            meaning=f"share of {unit} that share their combination with fewer than {least - 1} others",
            **rest,
        ),
    )


def _table(worst: list[Combination], names: list[str], least: int, counted: int, most: int, unit: str) -> Table:
    left = f"; {len(worst) - SHOWN} more are left out" if len(worst) > SHOWN else ""
    return Table(
        name="worst_combinations",
        caption=f"Combinations of up to {most} quasi-identifiers that single out most {unit}, of {counted} that were counted{left}",
        columns=("columns", "k", f"{unit}_alone", f"in_classes_below_{least}", "classes"),
        rows=tuple(
            (
                ", ".join(names[c] for c in w.columns),
                w.anonymity.k,
                w.anonymity.unique,
                w.anonymity.below,
                w.anonymity.classes,
            )
            for w in worst[:SHOWN]
        ),
    )


def _diversity(
    snapshot: Snapshot,
    codes: dict[str, Codes],
    basis: list[str],
    sensitive: list[str],
    declared: bool,
    people: Codes | None,
    unit: str,
) -> Told:
    from governance.measures.anonymity import classes_of, l_diversity

    classes = classes_of([codes[name] for name in basis])
    lines, findings = [], []
    for name in sensitive:
        found = l_diversity(classes, codes[name], people, missing=MISSING)
        lines.append((name, found.distinct, found.entropy, found.disclosed, found.rows))
        if found.disclosed and declared and found.rows:
            special = snapshot.column(name).resolved_role is Role.SPECIAL_CATEGORY
            findings.append(
                Finding(
                    rule="privacy/attribute_disclosure",
                    level=Level.WARNING if special else Level.NOTE,
                    message=f"{found.disclosed:,} of {found.rows:,} {unit} that share their quasi-identifiers with others all have the "
                    f"others' {name}: who knows the quasi-identifiers knows it too.",
                    remedy="Coarsen the quasi-identifiers, or drop the attribute.",
                    columns=(name,),
                    count=found.disclosed,
                    of=found.rows,
                )
            )
    if not lines:
        return Told()
    table = Table(
        name="l_diversity",
        caption=f"What one learns of rows that are alike in {', '.join(basis)}: the fewest different values that such rows have "
        f"(1: it is given away), the same with rare values counting less, and {unit} whose value is given away though others "
        "are like them",
        columns=(
            "attribute",
            "fewest_values",
            "fewest_common_values",
            f"{unit}_given_away",
            f"{unit}_with_others_like_them",
        ),
        rows=tuple(lines),
    )
    return Told(findings=tuple(findings), tables=(table,))
