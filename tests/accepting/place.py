"""A workspace in a git repository, and what people do in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from in_process import govern
from small_workspace import TABLE, build, git, judge, measure

from governance.config import Workspace

BAD = TABLE.replace("9.6,elm", "906,elm").replace("9.5,oak", "905,oak")
"""Two trees are wider than their contract allows."""


@dataclass
class Place:
    """A workspace and what people do in it."""

    root: Path

    @property
    def workspace(self) -> Workspace:
        return Workspace(self.root)

    def read(self, name: str) -> str:
        return (self.root / name).read_text(encoding="utf-8")

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def edit(self, name: str, old: str, new: str) -> None:
        text = self.read(name)
        assert old in text, f"{old!r} is not in {name}"
        self.write(name, text.replace(old, new))

    def commit(self, name: str = "Ada Author", email: str = "ada@example.org", message: str = "change") -> None:
        git(self.root, "add", "-A")
        git(self.root, "-c", f"user.name={name}", "-c", f"user.email={email}", "commit", "-q", "-m", message)

    def measure(self, *only: str) -> None:
        measure(self.workspace, only=only or None)

    def judge(self) -> None:
        judge(self.workspace, "trees")

    def govern(self, *words: str) -> tuple[int, str]:
        """Exit code and what was said."""
        return govern(self.root, *words)


def built(root: Path) -> Place:
    """A measured workspace whose data break their contract, committed by Ada Author."""
    build(root, **{"data/trees.csv": BAD})
    git(root, "branch", "-m", "main")
    place = Place(root)
    place.commit(message="measured")
    return place
