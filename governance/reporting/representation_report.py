"""Groups in words and tables: who is there, who is missing, and where groups differ beyond chance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from governance.evidence import Figure, Finding, Level, Metric, Scalar, Table
from governance.reporting.absent_groups import absent_from_splits
from governance.reporting.declared_population import Population
from governance.reporting.group_differences import Gap, rate_of
from governance.reporting.group_profile import Profile, Rows
from governance.reporting.intersections import Departure
from governance.reporting.proxy_search import Proxy

if TYPE_CHECKING:
    from governance.snapshot import Snapshot

SHOWN = 60
NAMED = 6
"""Small groups that are named in a sentence."""
NOTED_AUC = 0.8


def findings(
    snapshot: Snapshot, single: list[Profile], pairs: list[Profile], rows: Rows, differ: list[Gap], depart: list[Departure],
    target: list[Population], proxies: list[Proxy], notable: float, proxy_auc: float, min_rows: int,
) -> Iterator[Finding]:  # fmt: skip
    """All of them; levels say how bad, the policy decides."""
    yield from absent_from_splits(snapshot, [*single, *pairs], rows)
    small = [profile for profile in single if not profile.told]
    if small:
        has, it, these = ("has", "it", "this group") if len(small) == 1 else ("have", "them", "these groups")
        named = [profile.slice.label for profile in small[:NAMED]] + ["others"] * (len(small) > NAMED)
        yield Finding(
            rule="representation/small_groups", level=Level.NOTE,
            message=f"{len(small)} of {len(single)} groups {has} fewer than {min_rows} independent units: nothing can be told of {it} ({'; '.join(named)}).",
            remedy=f"Collect more rows of {these}, or say in the datasheet that results do not speak of {it}.",
            columns=tuple(sorted({profile.slice.columns[0] for profile in small})), count=len(small), of=len(single),
        )  # fmt: skip
    for one in target:
        if one.off:
            yield Finding(
                rule="representation/off_population", level=Level.WARNING,
                message=f"{one.column} {one.words} {one.found.value:.1%} of rows ({one.found.low:.1%} to "
                f"{one.found.high:.1%}) and {one.declared:.1%} of the declared population{one.undeclared}.",
                remedy="Collect or weigh rows so that the group has its share, or declare another target population.",
                columns=(one.column,), subject=one.level,
            )  # fmt: skip
    names = {"outcome": "base_rates", "incomplete": "missingness", "doubted": "label_issues"}
    words = {
        "outcome": rows.outcome_name,
        "incomplete": "share of rows with a missing value",
        "doubted": "share of doubted labels",
    }
    remedies = {
        "outcome": "Find out whether the difference is in the world, in selection or in labelling, before a model learns it.",
        "incomplete": "Find out why values of one group are missing more often, before rows are left out or filled in.",
        "doubted": "Review labels of both groups side by side.",
    }
    for gap in differ:
        if gap.significant and gap.effect >= notable:
            yield Finding(
                rule=f"representation/{names[gap.what]}",
                level=Level.NOTE if gap.what == "outcome" else Level.WARNING,
                message=f"Groups differ in the {words[gap.what]}: {gap.high.value:.3g} in the group "
                f"“{gap.highest.slice.label}”, {gap.low.value:.3g} in “{gap.lowest.slice.label}”.",
                remedy=remedies[gap.what], columns=(gap.column,),
            )  # fmt: skip
    for departure in depart:
        label, found = departure.profile.slice.label, rate_of(departure.profile, departure.what).value
        yield Finding(
            rule=f"representation/{names[departure.what]}",
            level=Level.NOTE if departure.what == "outcome" else Level.WARNING,
            message=f"An intersection differs in the {words[departure.what]}: {found:.3g} in “{label}”, where what its two groups "
            f"have elsewhere makes {departure.expected:.3g} expected.",
            remedy=remedies[departure.what], columns=tuple(sorted(departure.profile.slice.columns)), subject=label,
        )  # fmt: skip
    for proxy in proxies:
        if proxy.low is not None and proxy.low >= min(NOTED_AUC, proxy_auc):
            best = ", ".join(f"{name} ({auc:.2f})" for name, auc in proxy.best)
            yield Finding(
                rule="representation/proxy", level=Level.WARNING if proxy.low >= proxy_auc else Level.NOTE,
                message=f"{proxy.column} can be predicted from the other columns (area under the curve {proxy.auc:.3f}, "
                f"{proxy.low:.3f} to {proxy.high:.3f}); best alone: {best}.",
                remedy="Leaving the column out hides it from nobody: compare results by group instead.",
                columns=(proxy.column,), subject="others",
            )  # fmt: skip


def metrics(rows: Rows, single: list[Profile], differ: list[Gap], proxies: list[Proxy]) -> tuple[Metric, ...]:
    """Counts of groups, the largest gap per column and rate, and how well each column is predicted."""
    independent = None if rows.units is None else len(set(rows.units.tolist()))
    found = [
        Metric(
            name="groups_too_small", value=sum(not p.told for p in single), unit="groups", n=len(single), better="lower",
            meaning="groups with too few independent units for a rate", independent_units=independent,
        )
    ]  # fmt: skip
    names = {"outcome": "base_rate_gap", "incomplete": "missing_gap", "doubted": "label_issue_gap"}
    meanings = {
        "outcome": f"largest difference between groups in the {rows.outcome_name} (means in standard deviations)",
        "incomplete": "largest difference between groups in the share of rows with a missing value",
        "doubted": "largest difference between groups in the share of labels that models contradict",
    }
    for gap in differ:
        low, high = _gap_interval(gap)
        of_means = gap.unit == "sd"
        words = "95 % Zou and Donner, of these two groups" if of_means else "95 % Newcombe"
        found.append(
            Metric(
                name=names[gap.what], value=gap.effect, unit=gap.unit, low=low, high=high,
                interval=words if low is not None else "", n=gap.high.n + gap.low.n, better="lower", independent_units=independent,
                group=gap.column, meaning=meanings[gap.what], note="" if gap.significant else "no more than chance would give",
            )
        )  # fmt: skip
    found += [
        Metric(
            name="proxy_auc", value=proxy.auc, unit="area", low=proxy.low, high=proxy.high,
            interval="95 % DeLong, on the logit scale" if proxy.low is not None else "", n=proxy.n or None,
            independent_units=proxy.independent_units,
            better="lower", group=proxy.column, note=proxy.note,
            meaning="how well other columns predict this one for rows left out: 0.5 is chance, 1 is certain",
        )
        for proxy in proxies
    ]  # fmt: skip
    return tuple(found)


def _gap_interval(gap: Gap) -> tuple[float | None, float | None]:
    """From both groups' own intervals: Newcombe's of shares, and of means that of G. Zou, A. Donner, Stat. Med. 27, 2008."""
    high, low = gap.high, gap.low
    if None in (high.low, high.high, low.low, low.high):
        return None, None
    assert high.value is not None and high.low is not None and high.high is not None  # noqa: PT018 - for the type checker
    assert low.value is not None and low.low is not None and low.high is not None  # noqa: PT018
    below = ((high.value - high.low) ** 2 + (low.high - low.value) ** 2) ** 0.5
    above = ((high.high - high.value) ** 2 + (low.value - low.low) ** 2) ** 0.5
    return gap.effect - below / gap.scale, gap.effect + above / gap.scale


def tables(
    snapshot: Snapshot,
    single: list[Profile],
    pairs: list[Profile],
    rows: Rows,
    target: list[Population],
    proxies: list[Proxy],
) -> tuple[tuple[Table, ...], tuple[Figure, ...]]:
    """Groups, intersections, splits, the declared population and proxies; and a figure of base rates."""
    found = [_groups("groups", "Groups by one column", single, rows)]
    if pairs:
        found.append(_groups("intersections", "Groups by two columns, of five rows and more", pairs, rows))
    if len(snapshot.splits) > 1:
        lines = tuple((p.slice.label, *p.by_split) for p in single[:SHOWN])
        found.append(
            Table(
                name="by_split",
                caption="Rows of each group in each split",
                columns=("group", *(f"rows_{s}" for s in snapshot.splits)),
                rows=lines,
            )
        )
    if target:
        columns = ("group", "share", "low", "high", "declared", "result")
        lines = tuple(
            (
                f"{o.column} = {o.level}",
                o.found.value,
                o.found.low,
                o.found.high,
                o.declared,
                "off" if o.off else "no difference shown",
            )
            for o in target
        )
        found.append(
            Table(
                name="population", caption="Shares beside the declared target population", columns=columns, rows=lines
            )
        )
    columns = ("column", "auc", "low", "high", "best_alone", "note")
    lines = tuple(
        (p.column, p.auc, p.low, p.high, ", ".join(f"{name} ({auc:.2f})" for name, auc in p.best), p.note)
        for p in proxies
    )
    found.append(
        Table(
            name="proxies",
            caption="How well other columns predict a sensitive one, for rows left out",
            columns=columns,
            rows=lines,
        )
    )
    figures = [_sizes(single[:SHOWN])] if single else []
    told = [p for p in single if p.outcome.low is not None][:SHOWN]
    if not told:
        return tuple(found), tuple(figures)
    found.append(
        Table(
            name="base_rates",
            caption=f"{rows.outcome_name} by group, with 95 % intervals",
            columns=("group", "value", "low", "high"),
            rows=tuple((p.slice.label, p.outcome.value, p.outcome.low, p.outcome.high) for p in told),
        )
    )
    values = [p.outcome.value or 0.0 for p in told]
    figure = Figure(
        name="base_rates", caption=f"{rows.outcome_name} by group", kind="interval", table="base_rates", x="group",
        y=("value", "low", "high"), alt=f"From {min(values):.3g} to {max(values):.3g} in {len(told)} groups.",
    )  # fmt: skip
    return tuple(found), (*figures, figure)


def _sizes(shown: list[Profile]) -> Figure:
    """How large each group is."""
    largest = max(shown, key=lambda p: p.slice.rows.size)
    smallest = min(shown, key=lambda p: p.slice.rows.size)
    return Figure(
        name="groups", caption="Share of rows in each group", kind="interval", table="groups", x="group",
        y=("share", "share_low", "share_high"),
        alt=f"The largest group is {largest.slice.label} with {largest.slice.rows.size:,} rows, the smallest "
        f"{smallest.slice.label} with {smallest.slice.rows.size:,}.",
    )  # fmt: skip


def _groups(name: str, caption: str, profiles: list[Profile], rows: Rows) -> Table:
    lines: list[tuple[Scalar, ...]] = [
        (
            p.slice.label, int(p.slice.rows.size), p.units, p.share.value, p.share.low, p.share.high, p.outcome.value,
            p.outcome.low, p.outcome.high, p.incomplete.value, p.doubted.value, "" if p.told else "cannot tell",
        )
        for p in profiles[:SHOWN]
    ]  # fmt: skip
    left = len(profiles) - SHOWN
    unit = "rows are independent (assumed)" if rows.units is None else "units are groups of rows"
    outcome = f"base rate is the {rows.outcome_name}; " if rows.outcome_name else ""
    return Table(
        name=name,
        caption=f"{caption}, 95 % intervals; {outcome}{unit}" + (f"; {left} more are left out" if left > 0 else ""),
        columns=(
            "group", "rows", "units", "share", "share_low", "share_high", "base_rate", "base_low", "base_high",
            "rows_with_missing", "doubted_labels", "result",
        ),
        rows=tuple(lines),
    )  # fmt: skip
