"""Loosening of a Great Expectations suite: expectations removed, bounds widened, severities lowered."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from governance.comparing.bounds import Difference, Meaning, looser
from governance.comparing.change import Change

_IDENTITY = ("column", "column_A", "column_B", "column_list", "column_set", "column_index")
_MEANINGS: dict[str, Meaning] = {
    "min_value": "lower",
    "max_value": "upper",
    "strict_min": "on",
    "strict_max": "on",
    "mostly": "share",
    "or_equal": "off",
    "exact_match": "on",
    "strictly": "on",
    "threshold": "limit",
    "double_sided": "on",
    "notes": "words",
    "description": "words",
    "meta": "words",
    "result_format": "words",
}
_SETS: dict[str, Meaning] = {
    "expect_column_values_to_be_in_set": "allowed",
    "expect_column_distinct_values_to_be_in_set": "allowed",
    "expect_column_most_common_value_to_be_in_set": "allowed",
    "expect_column_values_to_not_be_in_set": "forbidden",
    "expect_column_distinct_values_to_contain_set": "forbidden",
}
"""What `value_set` is, by expectation. Of others it must stay the same."""
_SEVERITY = {"info": 0, "warning": 1, "critical": 2}


def suite_changes(base: Path, head: Path, shown: str) -> Iterator[Change]:
    """What the suite in `head` demands less than the one in `base`. A suite that is new demands more."""
    if not base.is_file():
        return
    if not head.is_file():
        yield Change("suite_removed", shown, "the suite is gone", "suite", None)
        return
    old, new = _read(base), _read(head)
    if old is None or new is None:
        yield Change(
            "suite_unreadable", shown, "cannot be compared", base.read_text("utf-8", "replace"),
            head.read_text("utf-8", "replace"), unclear=True,
        )  # fmt: skip
        return
    for key in sorted(old):
        yield from _of_one_kind(f"{shown}: {key[0]}", key, old[key], new.get(key, []))


def _read(path: Path) -> dict[tuple[str, str], list[dict[str, Any]]] | None:
    """Expectations by type and by what they speak of."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    try:
        for entry in json.loads(path.read_text(encoding="utf-8"))["expectations"]:
            kwargs = {name: value for name, value in dict(entry.get("kwargs") or {}).items() if value is not None}
            about = {name: kwargs.pop(name) for name in _IDENTITY if name in kwargs}
            kwargs["severity"] = entry.get("severity") or "critical"
            found[str(entry["type"]), json.dumps(about, sort_keys=True)].append(kwargs)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return found


def _of_one_kind(
    where: str, key: tuple[str, str], old: list[dict[str, Any]], new: list[dict[str, Any]]
) -> Iterator[Change]:
    """Pairs the expectations of one type about one thing: those that stayed, then each with one that demands as much."""
    left = list(new)
    waiting = []
    for before in old:
        if before in left:
            left.remove(before)
        else:
            waiting.append(before)
    for before in waiting:
        compared = [list(_looser(key[0], before, after)) for after in left]
        best = min(range(len(left)), key=lambda i: len(compared[i]), default=None)
        about = json.loads(key[1])
        columns = tuple(sorted({str(about[n]) for n in ("column", "column_A", "column_B") if n in about}))
        if best is None:
            yield Change("expectation_removed", where, f"removed {_told(about, before)}", before, None, columns)
            continue
        left.pop(best)
        for difference in compared[best]:
            yield _worded(where, about, difference, columns)


def _looser(kind: str, before: dict[str, Any], after: dict[str, Any]) -> Iterator[Difference]:
    old, new = before["severity"], after["severity"]
    if old != new and not _SEVERITY.get(new, -1) > _SEVERITY.get(old, 3):
        yield Difference("severity", old, new, unclear=new not in _SEVERITY or old not in _SEVERITY)
    meanings = _MEANINGS | ({"value_set": _SETS[kind]} if kind in _SETS else {})
    without = [{k: v for k, v in side.items() if k != "severity"} for side in (before, after)]
    yield from looser(without[0], without[1], meanings)


def _told(about: dict[str, Any], kwargs: dict[str, Any]) -> str:
    bounds = {k: v for k, v in kwargs.items() if isinstance(v, int | float) and not isinstance(v, bool)}
    return "on " + (", ".join(map(str, about.values())) or "the table") + (f" with {bounds}" if bounds else "")


def _worded(where: str, about: dict[str, Any], difference: Difference, columns: tuple[str, ...]) -> Change:
    names = {"severity": "severity_lowered", "min_value": "bound_widened", "max_value": "bound_widened"}
    subject = ", ".join(map(str, about.values())) or "the table"
    # Values of a set may be somebody's; numbers are limits.
    plain = all(isinstance(v, int | float | None) or difference.argument == "severity" for v in (difference.before, difference.after))  # fmt: skip
    became = f"became {difference.after}, it was {difference.before}" if plain else "changed"
    return Change(
        names.get(difference.argument, "expectation_changed"), where, f"{subject}: {difference.argument} {became}",
        difference.before, difference.after, columns, difference.unclear,
    )  # fmt: skip
