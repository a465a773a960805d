"""Puts rendered documents into a folder, each file in one step, and draws what fits beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from governance.documents.plots import draw
from governance.documents.registry import FORMATS
from governance.documents.views import EvidenceView
from governance.render import write_if_changed


@dataclass(frozen=True)
class Drawings:
    """Drawn figures by anchor, in order, and how many did not fit."""

    by_anchor: Mapping[str, Markup]
    left_out: int

    @property
    def size(self) -> int:
        """Bytes together."""
        return sum(len(svg.encode()) for svg in self.by_anchor.values())


def drawings(evidence: Iterable[EvidenceView], budget: int) -> Drawings:
    """Draw the figures of `evidence` in order, as many as keep to `budget` bytes together."""
    drawn: dict[str, Markup] = {}
    size = left_out = 0
    for item in evidence:
        for figure in item.figures:
            svg = draw(figure.figure, figure.table, figure.anchor)
            if figure.anchor in drawn or size + len(svg.encode()) > budget:
                left_out += 1
                continue
            size += len(svg.encode())
            drawn[figure.anchor] = Markup(svg)  # noqa: S704 - the canvas escapes every text in it
    return Drawings(drawn, left_out)


def write_documents(documents: Mapping[str, str], figures: Drawings, folder: Path) -> list[Path]:
    """Write `documents` and figures/*.svg, remove what no longer is one, return what is there now, sorted.

    figures/ and formats/ hold `.gitkeep` where nothing else is in them, so that git keeps them and DVC finds its outputs.
    """
    contents: dict[Path, str] = {folder / "figures" / f"{anchor}.svg": svg for anchor, svg in figures.by_anchor.items()}
    contents |= {folder / name: text for name, text in documents.items()}
    for place in (folder / "figures", folder / FORMATS):
        if not any(path.parent == place for path in contents):
            contents[place / ".gitkeep"] = ""
    for path, text in contents.items():
        write_if_changed(path, text)
    for stale in sorted([*(folder / "figures").iterdir(), *(folder / FORMATS).iterdir()]):
        if (
            stale not in contents
            and stale.is_file()
            and (stale.suffix == ".svg" or stale.name == ".gitkeep" or stale.parent.name == FORMATS)
        ):
            stale.unlink()
    return sorted(contents)
