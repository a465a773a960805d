"""What a fault is: a function that damages a measured workspace, and the exit code that the gate must then end with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fail_closed.measured import Gate, Measured

Damage = Callable[[Measured], Gate | None]
Preparation = Callable[[Measured], None]


@dataclass(frozen=True)
class Fault:
    """One way in which a green gate would be wrong."""

    name: str
    damage: Damage
    code: int
    """2 the configuration makes no sense, 3 the policy blocks, 4 the evidence does."""
    says: str
    """Part of what the gate says, in any case: a person must learn what is wrong."""
    after: Preparation | None = None
    """What people did before, which passed; done once for all faults that come after it."""


class Register(list[Fault]):
    """The faults of one module, in the order in which they stand there."""

    def __call__(self, code: int, says: str, after: Preparation | None = None) -> Callable[[Damage], Damage]:
        """Adds the decorated function. It returns how the gate ended when it had to be run in its own way."""

        def add(damage: Damage) -> Damage:
            self.append(Fault(damage.__name__, damage, code, says, after))
            return damage

        return add
