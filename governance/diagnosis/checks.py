"""One thing that was looked at, and how a look that fails is told."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from governance.errors import ConfigError, GovernanceError


@dataclass(frozen=True)
class Check:
    """One thing that was looked at."""

    what: str
    state: Literal["ok", "note", "broken"]
    message: str
    remedy: str = ""

    @property
    def mark(self) -> str:
        """`ok`, `note` or `BAD`, of one width."""
        return {"ok": "ok  ", "note": "note", "broken": "BAD "}[self.state]


def guarded(what: str, look: Callable[[], Iterable[Check]], root: Path) -> list[Check]:
    """What `look` finds; a person's mistake, also in code of their own below `root`, is one more finding."""
    try:
        return list(look())
    except ConfigError as error:
        return [Check(what, "broken", problem) for problem in error.problems]
    except GovernanceError as error:
        return [Check(what, "broken", str(error))]
    except Exception as error:  # an audit of the workspace is a person's code and can raise anything
        if (where := _place(error, root)) is None:
            raise
        said = (str(error).splitlines() or [""])[0]
        return [Check(what, "broken", f"{where}: {type(error).__name__}: {said}".rstrip(": "))]


def _place(error: Exception, root: Path) -> str | None:
    """`audits/mine.py, line 3`: the innermost line below `root` that raised; None when the mistake is not there."""
    if isinstance(error, SyntaxError) and error.filename and Path(error.filename).is_relative_to(root):
        return f"{Path(error.filename).relative_to(root).as_posix()}, line {error.lineno}"
    frames = [f for f in traceback.extract_tb(error.__traceback__) if Path(f.filename).is_relative_to(root)]
    own = [f for f in frames if not Path(f.filename).is_relative_to(Path(__file__).parents[1])]
    return f"{Path(own[-1].filename).relative_to(root).as_posix()}, line {own[-1].lineno}" if own else None
