"""Groups that a split lacks although chance would hardly leave them out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from governance.evidence import Finding, Level
from governance.reporting.group_profile import Profile, Rows

if TYPE_CHECKING:
    from governance.snapshot import Snapshot

ABSENT = 0.01
"""Chance that any group is said to be missing from a split when rows are divided at random."""


def absent_from_splits(snapshot: Snapshot, profiles: list[Profile], rows: Rows) -> Iterator[Finding]:
    """A warning for each group and split; an intersection is not named where one of its groups is absent itself.

    `profiles` holds groups by one column before those by two.
    """
    absent: set[tuple[str, int]] = set()
    bound = _absence_bound(profiles, snapshot)
    for profile in profiles:
        for place, split in enumerate(snapshot.splits):
            if not profile.slice.single and any((label, place) in absent for label in profile.slice.labels):
                continue  # that a group is absent says that its intersections are
            share = snapshot.manifest.splits[split] / max(snapshot.rows, 1)
            if profile.by_split[place] == 0 and (1 - share) ** profile.units <= bound:
                rest = "" if rows.units is None else f", of {profile.units} independent units"
                absent.add((profile.slice.label, place))
                yield Finding(
                    rule="representation/absent_from_split", level=Level.WARNING,
                    message=f"{profile.slice.label}: no row in {split}, where about {profile.slice.rows.size * share:.0f} were to be expected{rest}.",
                    remedy="Divide the rows so that each split has the group, or say that results do not speak of it.",
                    columns=tuple(sorted(profile.slice.columns)), split=split, subject=profile.slice.label,
                    count=0, of=snapshot.manifest.splits[split],
                )  # fmt: skip


def _absence_bound(profiles: list[Profile], snapshot: Snapshot) -> float:
    """The chance up to which a group that a split lacks is reported.

    Units that are divided at random leave a split without a group of `units` with chance (1 - share of the split) ^
    units. Those chances up to the bound add up to no more than ABSENT, so that so many of all tables raise a false alarm.
    """
    from itertools import accumulate

    shares = [snapshot.manifest.splits[split] / max(snapshot.rows, 1) for split in snapshot.splits]
    chances = sorted((1 - share) ** profile.units for profile in profiles for share in shares)
    within = [one for one, added in zip(chances, accumulate(chances), strict=True) if added <= ABSENT]
    return within[-1] if within else -1.0
