"""Long work says which step it is at; whoever shows progress hears it. Nobody hears it where there is no terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

_listener: list[Callable[[str], None]] = []
"""The innermost listener is last."""


def tell(step: str) -> None:
    """Says in few words what begins now, with no value of the data in them."""
    if _listener:
        _listener[-1](step)


@contextmanager
def heard_by(listener: Callable[[str], None]) -> Iterator[None]:
    """Inside, `listener` is called with each step that is told."""
    _listener.append(listener)
    try:
        yield
    finally:
        _listener.pop()
