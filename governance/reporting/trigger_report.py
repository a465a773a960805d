"""What was found of triggers, clusters and tampered slices: findings, tables, and which rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from governance.dataset import Role
from governance.evidence import Confidence, Finding, Level, Scalar, Table
from governance.reporting.label_tables import class_names
from governance.reporting.row_evidence import group_codes, judged_rows
from governance.reporting.trigger_or_rule import looks_like_rule
from governance.reporting.trigger_search import SHOWN_ROWS, pattern_words

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from governance.measures.trigger_search import Trigger
    from governance.reporting.trigger_search import Searched
    from governance.snapshot import Snapshot

SHOWN = 20
"""Findings and table rows of one kind at most; the count says how many there are."""
REMEDY = (
    "Look at the flagged rows, find out where they came from, and quarantine them until their labels are confirmed."
)

ALIKE = "; these rows are far more alike in the rest than others are, as copies or rows of one person would be"
WHO_LABELLED = (
    "If the column says who made the labels, declare it with the role annotator or source: who labels so may have turned labels of "
    "other classes too."
)
DECLARE = "If rows belong together, declare the column that says so with the role group."

STATES = "A pattern carries a label against the rest of its rows"
ASKS = "Is this a planted trigger, or an honest rule? A value decides the label whatever the rest of its rows says"
ASK_RULE = "Ask who knows the data whether the value decides the label by a rule; if so, nothing is wrong."


class Flagged(NamedTuple):
    """Rows that one rule speaks of; from a score of 0.5 on they are flagged."""

    rule: str
    rows: NDArray[np.int64]
    score: NDArray[np.float64]


@dataclass(frozen=True)
class Reported:
    """What one kind of search found."""

    findings: tuple[Finding, ...] = ()
    rows: tuple[Flagged, ...] = ()
    tables: tuple[Table, ...] = ()


def trigger_findings(snapshot: Snapshot, searched: Searched) -> Reported:
    """One finding per trigger, the surest first; a warning only where its rows may well be one unit told many times."""
    names = shown_classes(snapshot, searched)
    findings: list[Finding] = []
    rows: list[Flagged] = []
    lines: list[tuple[Scalar, ...]] = []
    for place, (number, trigger) in enumerate(searched.triggers):
        verdict, words = trigger.verdict, pattern_words(snapshot, searched, number, trigger)
        kind = str(searched.parts[number].view.patterns.kind[trigger.number])
        rows.append(Flagged("poisoning/trigger", trigger.rows, trigger.score))
        lines.append((words, names[verdict.label], verdict.labelled, verdict.rows, round(verdict.expected, 2),
                      verdict.contradicting, verdict.likeness))  # fmt: skip
        if place >= SHOWN:
            continue
        columns = searched.parts[number].columns
        touched = sorted({columns[f] if kind in {"value", "values"} else columns[0]
                          for f in searched.parts[number].view.patterns.features[trigger.number].tolist() if f >= 0})  # fmt: skip
        alike = searched.groups is None and _alike(searched, number, trigger)
        rule = kind in {"value", "values"} and looks_like_rule(searched, number, trigger)
        sure = trigger.log_p < -6 and verdict.likeness > 0.75 and not alike and not rule
        findings.append(
            Finding(
                rule="poisoning/trigger",
                level=Level.WARNING if alike else Level.ERROR,
                confidence=Confidence.HIGH if sure else Confidence.MEDIUM,
                message=f"{ASKS if rule else STATES}: {words}; {verdict.labelled:,} of "
                f"{verdict.rows:,} rows are labelled {names[verdict.label]}, {verdict.expected:.1f} are expected, and "
                f"{verdict.contradicting:.0%} of them look like another class (chance on clean data"
                f"{'' if searched.groups is not None else ' if rows are independent of each other'}: {_chance(trigger)})"
                f"{ALIKE if alike else ''}.",
                remedy=" ".join([DECLARE] * alike + [ASK_RULE] * rule + [REMEDY]),
                columns=tuple(touched),
                subject=f"{kind} {place + 1}, {names[verdict.label]}",
                count=trigger.rows.size,
                of=len(searched.row_id),
            )
        )
    columns = ("pattern", "label", "labelled_so", "rows", "expected", "look_like_another", "likeness_to_others")
    table = Table(
        name="triggers",
        caption=f"Patterns whose label contradicts the rest of their rows: {len(lines)}"
        + (f", the first {SHOWN} shown" if len(lines) > SHOWN else ""),
        columns=columns,
        rows=tuple(lines[:SHOWN]),
    )
    sources = _sources(snapshot, searched, [found for _, found, _ in rows])
    return Reported(tuple(findings) + sources, tuple(rows), (table,) if lines else ())


def _alike(searched: Searched, number: int, trigger: Trigger) -> bool:
    """Whether its rows are more alike than others without its values: all that a planted text or patch shares is its own."""
    from governance.measures.alike_rows import more_alike

    view = searched.parts[number].view
    own = view.patterns.features[trigger.number]
    table = str(view.patterns.kind[trigger.number]) in {"value", "values"}
    return more_alike(view, trigger.rows, own[own >= 0] if table else trigger.features, len(searched.row_id))


def cluster_findings(snapshot: Snapshot, searched: Searched, least: int, false_alarms: float) -> Reported:
    """Clusters of a class whose nearest rows outside belong to another class."""
    import numpy as np

    from governance.measures.spectral_clusters import clusters
    from governance.measures.trigger_search import LEAST_LIKENESS, LEAST_TAKEOVER

    ids, vectors = snapshot.signals.embeddings()
    if (names := ids.tolist()) != searched.row_id:
        at = {name: position for position, name in enumerate(names)}
        vectors = vectors[[at[name] for name in searched.row_id]]
    embedding = vectors.astype(np.float64)
    groups = group_codes(snapshot, searched.row_id)
    group = np.arange(len(searched.row_id)) if groups is None else groups
    classes = len(snapshot.signals.info.classes)
    tried = clusters(embedding, searched.label, classes, group=group, least=least)
    names = shown_classes(snapshot, searched)
    findings: list[Finding] = []
    rows: list[Flagged] = []
    known = [set(trigger.rows.tolist()) for _, trigger in searched.triggers]
    for one in tried:
        verdict = one.verdict
        sure = verdict.log_p + np.log(max(len(tried), 1)) <= np.log(false_alarms)
        if not sure or verdict.likeness < LEAST_LIKENESS or verdict.takeover < LEAST_TAKEOVER:
            continue
        if any(len(seen & set(one.rows.tolist())) >= 0.5 * one.rows.size for seen in known):
            continue  # a trigger already explains it
        known.append(set(one.rows.tolist()))
        rows.append(Flagged("poisoning/cluster", one.rows, 0.5 + 0.25 * one.score))
        findings.append(
            Finding(
                rule="poisoning/cluster",
                level=Level.WARNING,
                confidence=Confidence.MEDIUM,
                message=f"A cluster of rows labelled {names[one.label]} lies nearer to other classes than to its own: "
                f"{one.rows.size:,} rows, and {verdict.contradicting:.0%} have neighbours of another class outside it.",
                remedy=REMEDY,
                subject=f"cluster {len(findings) + 1}, {names[one.label]}",
                count=one.rows.size,
                of=len(searched.row_id),
            )
        )
    return Reported(tuple(findings), tuple(rows))


def _sources(snapshot: Snapshot, searched: Searched, found: list[NDArray[np.int64]]) -> tuple[Finding, ...]:
    """Where the rows of triggers came from, when they come from one source more than chance allows."""
    import numpy as np
    import polars as pl

    from governance.measures.trigger_test import excess

    columns = snapshot.with_role(Role.SOURCE, Role.ANNOTATOR)
    if not found or not columns:
        return ()
    marked = np.zeros(len(searched.row_id), dtype=bool)
    marked[np.concatenate(found)] = True
    wanted = pl.DataFrame({"row_id": searched.row_id}, schema={"row_id": pl.String})
    findings = []
    for column in columns:
        series = wanted.join(snapshot.frame(column.name).collect(), on="row_id", how="left", maintain_order="left")[
            column.name
        ]
        counts = series.filter(pl.Series(marked)).drop_nulls().value_counts(name="_rows", sort=True)
        if counts.height == 0:
            continue
        value, hits = counts.sort(["_rows", column.name], descending=[True, False]).row(0)
        usual = float((series == value).fill_null(False).mean() or 0.0)
        total = int(marked.sum())
        if hits / total < 2 * usual or excess(hits, total, usual * total) + np.log(series.n_unique()) > np.log(0.01):
            continue
        who = f"{column.name} = {value}" if not column.private and hits >= SHOWN_ROWS else f"one value of {column.name}"
        findings.append(
            Finding(
                rule="poisoning/source",
                level=Level.WARNING,
                message=f"Rows of triggers come from {who}: {hits:,} of {total:,}, where {usual:.1%} of all rows do.",
                remedy="Ask where that part of the data came from, and quarantine it until that is settled.",
                columns=(column.name,),
                subject="triggers",
                count=hits,
                of=total,
            )
        )
    return tuple(findings)


def rows_of(snapshot: Snapshot, searched: Searched, reported: tuple[Reported, ...]) -> pl.DataFrame:
    """Every row that was searched, with its score and the rule that flags it most surely."""
    import numpy as np
    import polars as pl

    score, flagged = np.minimum(searched.score, 0.49), np.zeros(len(searched.row_id), dtype=bool)
    rule = np.full(len(searched.row_id), "poisoning/trigger", dtype=object)
    for one in reported:
        for name, rows, sure in one.rows:
            better = sure > score[rows]
            score[rows[better]], rule[rows[better]] = sure[better], name
            flagged[rows[sure >= 0.5]] = True
    evidence = searched.whole.evidence()
    other = evidence.copy()
    other[np.arange(searched.label.size), searched.label] = -np.inf
    classes = snapshot.signals.info.classes
    likeliest = [classes[number] for number in other.argmax(axis=1).tolist()]
    judged = pl.DataFrame(
        {
            "row_id": searched.row_id,
            "score": np.round(score, 6),
            "flagged": flagged,
            "suggestion": [
                f"label {name}" if marked else "" for name, marked in zip(likeliest, flagged.tolist(), strict=True)
            ],
            "rule": rule.tolist(),
        }
    )
    return judged_rows(snapshot, judged)


def _chance(trigger: Trigger) -> str:
    import math

    chance = math.exp(trigger.log_p)
    return f"at most {chance:.2g}" if chance >= 1e-6 else "below one in a million"


def shown_classes(snapshot: Snapshot, searched: Searched) -> list[str]:
    """Names of the classes, as far as they may be shown."""
    import numpy as np

    classes = list(snapshot.signals.info.classes)
    return class_names(snapshot, classes, np.bincount(searched.label, minlength=len(classes)))
