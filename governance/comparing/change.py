"""One difference between two revisions that makes a rule looser, or of which nobody can tell without running code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from governance.canonical import digest_of
from governance.evidence import Finding, Level

REMEDY = (
    "Take the change back, or have an owner accept it: a waiver for this fingerprint in waivers.yaml of the base, "
    "merged first."
)


@dataclass(frozen=True)
class Change:
    """One loosening."""

    what: str
    """Second half of the rule: `expectation_removed`, `bound_widened` ..."""
    where: str
    """File and place, for a reader: `expectations/trees/suite.json: length`."""
    words: str
    """What changed, in half a sentence."""
    before: Any = None
    after: Any = None
    """Plain values. The fingerprint hangs on both, so an acceptance covers this change and no further one."""
    columns: tuple[str, ...] = ()
    unclear: bool = False
    """Whether it could also be harmless: nobody can tell without running code."""

    def finding(self, subject: str) -> Finding:
        """The change as a finding on `subject`, identified."""
        doubt = " (changed: cannot tell whether it is looser)" if self.unclear else ""
        return Finding(
            rule=f"base/{self.what}",
            level=Level.ERROR,
            message=f"{self.where}: {self.words}{doubt}",
            remedy=REMEDY,
            columns=self.columns,
            subject=digest_of([self.where, self.words, self.before, self.after]),
        ).identified(subject)
