"""Two pieces of evidence on one question, compared in everything they say; numbers within a tolerance."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from governance.evidence import Evidence

TOLERANCE = 1e-4
"""Share of its size by which a number may differ: another processor rounds otherwise. Counts are far from it."""
_ABSOLUTE = 2e-6
"""Two units of the last decimal that is written."""
_NUMBER = re.compile(r"(?<![\w.])-?\d[\d,]*\.?\d*(?:[eE][-+]?\d+)?")


def differences(committed: Evidence, fresh: Evidence) -> Iterator[str]:
    """What `committed` leaves out, adds or says otherwise than `fresh`; nothing when both say the same."""
    old, new = (side.model_dump(mode="json", exclude={"digest", "inputs"}) for side in (committed, fresh))
    for field, key in (("findings", ("fingerprint",)), ("metrics", ("name", "group")), ("tables", ("name",)),
                       ("figures", ("name",))):  # fmt: skip
        yield from _listed(field[:-1], key, old.pop(field), new.pop(field))
    for path, before, after in _unlike(old, new, ()):
        yield f"{'.'.join(path)} is {_short(before)}, run again {_short(after)}"


def _listed(
    what: str, key: Sequence[str], old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]
) -> Iterator[str]:
    sides: list[dict[str, Mapping[str, Any]]] = [
        {" ".join(str(one[part]) for part in key).strip(): one for one in side} for side in (old, new)
    ]
    if len(sides[0]) != len(old):
        yield f"a {what} stands there twice"
    for name in sorted(sides[0].keys() | sides[1].keys()):
        if name not in sides[0]:
            yield f"{what} {name}{_rule(sides[1][name])} was left out"
        elif name not in sides[1]:
            yield f"{what} {name}{_rule(sides[0][name])} was not found again"
        else:
            for path, before, after in _unlike(sides[0][name], sides[1][name], ()):
                where = f"{what} {name}{_rule(sides[0][name])}: {'.'.join(path)}"
                yield f"{where} is {_short(before)}, run again {_short(after)}"
    same_names = list(sides[0]) != list(sides[1]) and sides[0].keys() == sides[1].keys()
    if same_names:
        yield f"{what}s stand in another order"


def _rule(one: Mapping[str, Any]) -> str:
    return f" ({one['rule']})" if "rule" in one else ""


def _unlike(old: Any, new: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in sorted(old.keys() | new.keys()):
            yield from _unlike(old.get(key), new.get(key), (*path, str(key)))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for at, pair in enumerate(zip(old, new, strict=True)):
            yield from _unlike(*pair, (*path, str(at)))
    elif not _alike(old, new):
        yield path, old, new


def _alike(old: Any, new: Any) -> bool:
    if isinstance(old, bool) or isinstance(new, bool):
        return old is new
    if isinstance(old, int) and isinstance(new, int):
        return old == new
    if isinstance(old, int | float) and isinstance(new, int | float):
        return math.isclose(old, new, rel_tol=TOLERANCE, abs_tol=_ABSOLUTE)
    if isinstance(old, str) and isinstance(new, str):
        return old == new or _same_but_for_rounding(old, new)
    return bool(old == new)


def _same_but_for_rounding(old: str, new: str) -> bool:
    """Whether two sentences differ only in the last digit of numbers that are no counts."""
    if _NUMBER.sub("#", old) != _NUMBER.sub("#", new):
        return False
    return all(_as_printed(a, b) for a, b in zip(_NUMBER.findall(old), _NUMBER.findall(new), strict=True))


def _as_printed(old: str, new: str) -> bool:
    if old == new:
        return True
    if "." not in old and "." not in new:
        return False
    decimals = max(len(side.rpartition(".")[2]) if "." in side else 0 for side in (old, new))
    try:
        values = [float(side.replace(",", "")) for side in (old, new)]
    except ValueError:
        return False
    return math.isclose(values[0], values[1], rel_tol=TOLERANCE, abs_tol=1.01 * 10.0**-decimals)


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "..."
