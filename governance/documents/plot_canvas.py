"""A small canvas that writes accessible SVG: one background, plain fonts, coordinates to a tenth, text escaped.

Colours stand as presentation attributes, so a file looks the same on light and dark pages of code hosts, and as
classes, so that a page that embeds the drawing may recolour paper, ink and grid for its own dark mode.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from markupsafe import escape

from governance.evidence import Scalar
from governance.render import number, shorten, visible

WIDTH = 640
PAPER, INK, SOFT, GRID = "#ffffff", "#1f2933", "#52606d", "#e1e5ea"
SERIES = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#4d4d4d", "#8c6d31")
"""Okabe and Ito's palette without yellow and black, which vanish on one background or the other."""
FONT = "system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
TEXT = 12
_HALVES = re.compile(r"\.0$")


def coordinate(value: float) -> str:
    """A coordinate, to a tenth of a pixel."""
    return _HALVES.sub("", f"{value:.1f}").replace("-0.0", "0")


def text_width(text: str, size: float = TEXT) -> float:
    """About how wide `text` is. No font is asked, so it errs to the wide side."""
    units = 0.0
    for character in text:
        if unicodedata.east_asian_width(character) in {"W", "F"}:
            units += 1.05
        elif character in "ijlt.,:;'|!()[] f":
            units += 0.34
        elif character.isupper() or character in "mw%@":
            units += 0.74
        else:
            units += 0.57
    return units * size


def fitted(text: str, width: float, size: float = TEXT) -> str:
    """`text` made visible and cut so that it fits into `width`."""
    text = shorten(visible(text), 120)
    while text and text_width(text, size) > width:
        text = text[:-2].rstrip() + "…" if len(text) > 2 else ""
    return text


@dataclass
class Canvas:
    """Collects shapes; `svg` closes the drawing."""

    parts: list[str] = field(default_factory=list)

    def rect(self, x: float, y: float, width: float, height: float, fill: str, name: str = "", radius: int = 0) -> None:
        """A filled rectangle."""
        rounded = f' rx="{radius}"' if radius else ""
        self.parts.append(
            f'<rect{_class(name)} x="{coordinate(x)}" y="{coordinate(y)}" width="{coordinate(max(width, 0))}" '
            f'height="{coordinate(max(height, 0))}"{rounded} fill="{fill}"/>'
        )

    def boxes(self, boxes: Sequence[tuple[float, float, float, float]], fill: str, name: str = "") -> None:
        """Rectangles (x, y, width, height) of one colour as one path: a grid of hundreds stays a few kilobytes."""
        where = "".join(
            f"M{coordinate(x)} {coordinate(y)}h{coordinate(width)}v{coordinate(height)}h-{coordinate(width)}z"
            for x, y, width, height in boxes
        )
        self.parts.append(f'<path{_class(name)} d="{where}" fill="{fill}"/>')

    def whisker(self, low: float, high: float, y: float, stroke: str) -> None:
        """A line from `low` to `high` with a stop at each end."""
        stops = "".join(f"M{coordinate(x)} {coordinate(y - 5)}v10" for x in (low, high))
        where = f"M{coordinate(low)} {coordinate(y)}H{coordinate(high)}{stops}"
        self.parts.append(f'<path d="{where}" stroke="{stroke}" stroke-width="2"/>')

    def numbers(self, places: Sequence[tuple[float, float, str]], fill: str, size: float) -> None:
        """Short texts of one colour, each centred at its place."""
        inside = "".join(
            f'<text x="{coordinate(x)}" y="{coordinate(y)}">{escape(text)}</text>' for x, y, text in places
        )
        self.parts.append(f'<g text-anchor="middle" font-size="{size:g}" fill="{fill}">{inside}</g>')

    def line(self, x1: float, y1: float, x2: float, y2: float, stroke: str = GRID, width: float = 1) -> None:
        """A straight line; grid lines and axes get their classes by colour."""
        name = {GRID: "g", INK: "a", SOFT: "a"}.get(stroke, "")
        self.parts.append(
            f'<line{_class(name)} x1="{coordinate(x1)}" y1="{coordinate(y1)}" x2="{coordinate(x2)}" '
            f'y2="{coordinate(y2)}" stroke="{stroke}" stroke-width="{width:g}"/>'
        )

    def path(self, points: Sequence[tuple[float, float]], stroke: str, dash: str = "") -> None:
        """A line through `points`."""
        where = "".join(f"{'L' if i else 'M'}{coordinate(x)} {coordinate(y)}" for i, (x, y) in enumerate(points))
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(f'<path d="{where}" fill="none" stroke="{stroke}" stroke-width="2"{dashed}/>')

    def dot(self, x: float, y: float, fill: str, radius: float = 4) -> None:
        """A filled circle."""
        self.parts.append(f'<circle cx="{coordinate(x)}" cy="{coordinate(y)}" r="{radius:g}" fill="{fill}"/>')

    def text(
        self,
        x: float,
        y: float,
        text: str,
        anchor: str = "start",
        fill: str = INK,
        size: float = TEXT,
        bold: bool = False,
        slanted: bool = False,
    ) -> None:
        """One line of text, its baseline at `y`; slanted upwards to the right when asked."""
        if not text:
            return
        name = {INK: "t", SOFT: "s"}.get(fill, "")
        weight = ' font-weight="600"' if bold else ""
        sized = f' font-size="{size:g}"' if size != TEXT else ""
        anchored = f' text-anchor="{anchor}"' if anchor != "start" else ""
        turned = f' transform="rotate(-40 {coordinate(x)} {coordinate(y)})"' if slanted else ""
        shape = f'x="{coordinate(x)}" y="{coordinate(y)}"{anchored}{sized}{weight}{turned} fill="{fill}"'
        self.parts.append(f"<text{_class(name)} {shape}>{escape(visible(text))}</text>")

    def legend(self, names: Sequence[str], top: float) -> float:
        """Swatches with names, wrapped; returns where the drawing may go on."""
        x, y = 16.0, top
        for index, name in enumerate(names):
            shown = fitted(name, 220)
            width = 18 + text_width(shown) + 16
            if x + width > WIDTH - 16 and x > 16:
                x, y = 16.0, y + 20
            self.rect(x, y, 12, 12, colour(index), radius=2)
            self.text(x + 18, y + 10.5, shown)
            x += width
        return y + 26 if names else top

    def svg(self, height: float, identity: str, title: str, description: str) -> str:
        """The whole drawing. `identity` makes its ids unique on a page."""
        box = f"0 0 {WIDTH} {coordinate(height)}"
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" width="{WIDTH}" '
                f'height="{coordinate(height)}" role="img" aria-labelledby="{identity}-title {identity}-desc" '
                f'font-family="{FONT}" font-size="{TEXT}">',
                f'<title id="{identity}-title">{escape(visible(title))}</title>',
                f'<desc id="{identity}-desc">{escape(visible(description))}</desc>',
                f'<rect class="p" width="{WIDTH}" height="{coordinate(height)}" rx="6" fill="{PAPER}"/>',
                *self.parts,
                "</svg>\n",
            ]
        )


def _class(name: str) -> str:
    return f' class="{name}"' if name else ""


def colour(index: int) -> str:
    """The colour of series `index`."""
    return SERIES[index % len(SERIES)]


@dataclass(frozen=True)
class Scale:
    """Maps numbers from `low` to `high` onto pixels from `start` to `end`."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """The pixel of `value`; the middle when there is no span."""
        span = self.high - self.low
        return self.start + (self.end - self.start) * ((value - self.low) / span if span else 0.5)


def ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Round numbers (1, 2 or 5 times a power of ten) that cover `low` to `high`."""
    if not high > low:
        low, high = low - 0.5, high + 0.5
    rough = (high - low) / about
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(index * step, 12) for index in range(first, last + 1)]


def is_share(column: str, values: Sequence[float]) -> bool:
    """Whether a column holds shares, to be written in percent."""
    named = "share" in column or column.endswith(("rate", "_accuracy")) or column == "accuracy"
    return named and all(-1 <= value <= 1 for value in values)


def written(value: float, share: bool) -> str:
    """A value on an axis or beside a bar."""
    return f"{number(float(f'{100 * value:.3g}'))} %" if share else number(value)


def ink_on(fill: str) -> str:
    """Dark or white ink, whichever reads better on `fill` (WCAG relative luminance).

    Neither is INK or PAPER: a filled cell keeps its colour on a dark page, so its ink must too.
    """
    channels = [int(fill[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return "#000000" if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 else "#fffffe"


def numeric(value: Scalar) -> float | None:
    """The cell as a finite number, None when it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None


def label(value: Scalar) -> str:
    """The cell as a label."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return number(value) if isinstance(value, int | float) else value
