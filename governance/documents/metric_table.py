"""Metrics as a table: side by side where the same measures were taken of a few groups, else one metric a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from governance.documents.terms import Term, explained
from governance.documents.wording import listed, metric_interval, metric_n, metric_value, spoken
from governance.evidence import ASSUMED_INDEPENDENT, Metric

_MOST_GROUPS_BESIDE = 4
_NONE = "–"
_INTERVAL = "An interval is the range in which the true value is likely to lie; more rows make it narrower."


@dataclass(frozen=True)
class MetricCell:
    """One value. `interval` and `n` are empty where there is none or the heading says it."""

    value: str
    interval: str
    n: str
    anchor: str
    source: str
    """Name of the metric in the evidence, with its group."""


@dataclass(frozen=True)
class MetricRow:
    """One measure, in one group or in several."""

    name: str
    meaning: str
    """Only where it was not said in a row before."""
    group: str
    """Empty where groups stand side by side."""
    cells: tuple[MetricCell | None, ...]


@dataclass(frozen=True)
class MetricTable:
    """What a template prints."""

    groups: tuple[tuple[str, str], ...]
    """Headings of groups that stand side by side, each with its n; empty for one metric a row."""
    rows: tuple[MetricRow, ...]
    notes: tuple[str, ...]
    """What the intervals are, and what holds for several values."""
    terms: tuple[Term, ...]
    """Statistical terms in names and notes that no meaning explains."""
    left_out: int
    with_group: bool
    with_interval: bool
    with_n: bool


def metric_table(metrics: Sequence[Metric], prefix: str, limit: int) -> MetricTable:
    """At most `limit` of `metrics`. `prefix` starts the anchor of each value."""
    shown = metrics[:limit]
    groups = list(dict.fromkeys(metric.group for metric in shown))
    names = list(dict.fromkeys(metric.name for metric in shown))
    by_place = {(metric.name, metric.group): metric for metric in shown}
    distinct = len(by_place) == len(shown) and (len(names) < len(shown) or len(groups) == 1)
    beside = distinct and groups != [""] and len(groups) <= _MOST_GROUPS_BESIDE
    meanings = {metric.name: metric.meaning for metric in reversed(shown) if metric.meaning}
    notes = (*_methods(shown), *_notes(shown))
    return MetricTable(
        groups=tuple((group or "all", _common_n(shown, group)) for group in groups) if beside else (),
        rows=_beside(names, groups, by_place, meanings, prefix) if beside else _below(shown, meanings, prefix),
        notes=notes,
        terms=explained([*map(spoken, names), *meanings.values(), *notes], besides=[spoken(name) for name in meanings]),
        left_out=len(metrics) - len(shown),
        with_group=not beside and any(metric.group for metric in shown),
        with_interval=any(metric.low is not None for metric in shown),
        with_n=any(metric.n is not None for metric in shown),
    )


def _beside(
    names: Sequence[str],
    groups: Sequence[str],
    by_place: Mapping[tuple[str, str], Metric],
    meanings: Mapping[str, str],
    prefix: str,
) -> tuple[MetricRow, ...]:
    common = {group: _common_n([m for m in by_place.values() if m.group == group], group) for group in groups}

    def cell(name: str, group: str) -> MetricCell | None:
        metric = by_place.get((name, group))
        if metric is None:
            return None
        made = _cell(metric, prefix)
        said = bool(common[group]) or made.n == _NONE
        return replace(made, n="") if said else replace(made, n=f"n = {made.n}")

    return tuple(
        MetricRow(spoken(name), meanings.get(name, ""), "", tuple(cell(name, group) for group in groups))
        for name in names
    )


def _below(metrics: Sequence[Metric], meanings: Mapping[str, str], prefix: str) -> tuple[MetricRow, ...]:
    rows, said = [], set()
    for metric in metrics:
        meaning = "" if metric.name in said else meanings.get(metric.name, "")
        said.add(metric.name)
        rows.append(MetricRow(spoken(metric.name), meaning, metric.group or "all", (_cell(metric, prefix),)))
    return tuple(rows)


def _cell(metric: Metric, prefix: str) -> MetricCell:
    value = metric_value(metric)
    if metric.value is None and metric.note:
        value = f"{value}: {metric.note}"
    interval = metric_interval(metric)
    anchor = "-".join(part for part in (prefix, metric.name, "".join(filter(str.isalnum, metric.group))) if part)
    source = f"{metric.name} of {metric.group}" if metric.group else metric.name
    return MetricCell(value, "" if interval == _NONE else interval, metric_n(metric), anchor, source)


def _common_n(metrics: Sequence[Metric], group: str) -> str:
    found = {metric_n(metric) for metric in metrics if metric.group == group and metric.n is not None}
    return found.pop() if len(found) == 1 else ""


def _methods(metrics: Sequence[Metric]) -> list[str]:
    """What the intervals are, and what all of them assume, once."""
    ranged = [metric for metric in metrics if metric.interval and metric.low is not None]
    assumed = all(metric.interval.endswith(ASSUMED_INDEPENDENT) for metric in ranged)
    names: dict[str, list[str]] = {}
    for metric in ranged:
        method = metric.interval.removesuffix(ASSUMED_INDEPENDENT).rstrip() if assumed else metric.interval
        names.setdefault(method or "not named", []).append(spoken(metric.name))
    last = " Rows are assumed to be independent." if assumed else ""
    if len(names) <= 1:
        return [f"{_INTERVAL} Method: {method}.{last}" for method in names]
    parts = [f"{method} for {listed(dict.fromkeys(of), 6)}" for method, of in names.items()]
    return [f"{_INTERVAL} Methods: {'; '.join(parts)}.{last}"]


def _notes(metrics: Sequence[Metric]) -> list[str]:
    """Notes on values that can be told, each once, with what it speaks of."""
    about: dict[str, list[Metric]] = {}
    for metric in metrics:
        if metric.note and metric.value is not None:
            about.setdefault(metric.note, []).append(metric)
    lines = []
    for note, noted in about.items():
        groups = list(dict.fromkeys(metric.group for metric in noted))
        whole = all(metric in noted for metric in metrics if metric.group in groups)
        subject = [group or "all" for group in groups] if whole else [spoken(metric.name) for metric in noted]
        lines.append(f"{listed(dict.fromkeys(subject), 6)}: {note}.")
    return lines
