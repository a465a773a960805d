"""When one rule's arguments allow more than another's: bounds, sets, shares and switches, by what each means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Meaning = Literal["lower", "upper", "allowed", "forbidden", "on", "off", "words", "share", "limit"]
"""What an argument does: a lower or upper bound, an allowed or forbidden set, a switch that tightens when on (or off),
words for people, a share that must hold (more is stricter), a distance that must not be exceeded (less is stricter)."""


class Opaque(str):
    """An expression that is no plain value, as source text. Two are alike only when their text is."""

    __slots__ = ()


@dataclass(frozen=True)
class Difference:
    """One argument that allows more, or of which nobody can tell."""

    argument: str
    before: Any
    after: Any
    unclear: bool


def looser(
    before: Mapping[str, Any], after: Mapping[str, Any], meanings: Mapping[str, Meaning]
) -> Iterator[Difference]:
    """Arguments by which `after` allows more than `before`. An argument without a meaning must be the same."""
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        meaning = meanings.get(name)
        if (old == new and type(old) is type(new)) or meaning == "words":
            continue
        if isinstance(old, Opaque) or isinstance(new, Opaque) or meaning is None:
            added = old is None and meaning in {"lower", "upper", "allowed", "forbidden"}
            if not added:
                yield Difference(name, old, new, unclear=not (new is None and meaning is not None))
            continue
        said = _allows_more(meaning, old, new)
        if said is not False:
            yield Difference(name, old, new, unclear=said is None)


def _allows_more(meaning: Meaning, old: Any, new: Any) -> bool | None:
    """Whether `new` allows more than `old`; None when they cannot be compared. Absent bounds and sets allow all."""
    if meaning in {"on", "off"}:
        return bool(old) and not new if meaning == "on" else bool(new) and not old
    if meaning == "share":  # absent means: all
        old, new = (1.0 if value is None else value for value in (old, new))
    if old is None:
        return False
    if new is None:
        return True
    try:
        if meaning in {"allowed", "forbidden"}:
            more, less = set(map(_hashable, new)), set(map(_hashable, old))
            return not more <= less if meaning == "allowed" else not less <= more
        if _kind(old) != _kind(new):
            return None
        return bool(new < old) if meaning in {"lower", "share"} else bool(new > old)
    except TypeError:
        return None


def _kind(value: Any) -> str:
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__


def _hashable(value: Any) -> Any:
    return (type(value).__name__, value) if isinstance(value, bool | int | float | str) else repr(value)
