"""Draws the figures of evidence: a few kinds, each from one table, as small SVG text that needs nothing else.

What a kind cannot show within its cap stays in the table, and the drawing says how much that is.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from governance.documents.plot_bars import bars, columns, grouped_bars, heatmap
from governance.documents.plot_canvas import SOFT, WIDTH, Canvas, label, numeric
from governance.documents.plot_lines import interval_panels, intervals, lines, small_multiples
from governance.evidence import Figure, Scalar, Table

_STARTS_WITH_NUMBER = re.compile(r"^[\[(<≤≥>]?\s*[-−–]?\d")
MOST_BARS = 20
MOST_COLUMNS = 120


class Data:
    """A table's cells by column name. Raises KeyError when a figure names a column that the table lacks."""

    def __init__(self, figure: Figure, table: Table) -> None:
        index = {name: position for position, name in enumerate(table.columns)}
        self.rows = table.rows
        self.x = [row[index[figure.x]] for row in table.rows]
        self.y = {name: [numeric(row[index[name]]) for row in table.rows] for name in figure.y}
        self.by: list[Scalar] = [row[index[figure.by]] for row in table.rows] if figure.by else []

    @property
    def ordered(self) -> bool:
        """Whether x is a scale (numbers, bins) and not a list of names."""
        return bool(self.x) and all(
            numeric(value) is not None or (isinstance(value, str) and _STARTS_WITH_NUMBER.match(value))
            for value in self.x
        )


def draw(figure: Figure, table: Table, identity: str) -> str:
    """`figure` as SVG. `identity` makes its ids unique on a page. A figure that cannot be drawn says so in words."""
    canvas = Canvas()
    try:
        data = Data(figure, table)
        height = _KINDS[figure.kind](canvas, figure, data) if data.rows else _empty(canvas, "The table has no rows.")
    except KeyError as error:
        canvas = Canvas()
        height = _empty(canvas, f"The table has no column {error.args[0]!r}.")
    return canvas.svg(height, identity, figure.caption, figure.alt)


def _empty(canvas: Canvas, message: str) -> float:
    canvas.text(WIDTH / 2, 34, message, "middle", SOFT)
    return 56


def _bar(canvas: Canvas, figure: Figure, data: Data) -> float:
    values = data.y[figure.y[0]]
    if not any(value is not None for value in values):
        return _empty(canvas, "No value can be told.")
    names = [label(value) for value in data.x]
    if data.ordered and len(names) > 2:
        return columns(canvas, names[:MOST_COLUMNS], values[:MOST_COLUMNS], figure.x, figure.y[0], len(names))
    return bars(canvas, names[:MOST_BARS], values[:MOST_BARS], figure.y[0], len(names))


def _series(figure: Figure, data: Data) -> dict[str, dict[int, float | None]]:
    """Series name to position in x's distinct values to value."""
    places = {label(value): position for position, value in enumerate(dict.fromkeys(data.x))}
    series: dict[str, dict[int, float | None]] = {}
    for number_of_row, x in enumerate(data.x):
        for name in figure.y:
            by = label(data.by[number_of_row]) if data.by else ""
            key = by if len(figure.y) == 1 else (f"{by}: {_spoken(name)}" if by else _spoken(name))
            series.setdefault(key or _spoken(name), {})[places[label(x)]] = data.y[name][number_of_row]
    return series


def _spoken(name: str) -> str:
    return name.replace("_", " ")


def _grouped(canvas: Canvas, figure: Figure, data: Data) -> float:
    names = [label(value) for value in dict.fromkeys(data.x)]
    return grouped_bars(canvas, names, _series(figure, data), figure.y[0])


def _line(canvas: Canvas, figure: Figure, data: Data) -> float:
    positions = [numeric(value) for value in dict.fromkeys(data.x)]
    numbers = [value for value in positions if value is not None]
    names = [label(value) for value in dict.fromkeys(data.x)]
    scale = numbers if len(numbers) == len(positions) else [float(index) for index in range(len(names))]
    ticks_as_names = None if scale is numbers else names
    return lines(canvas, scale, ticks_as_names, _series(figure, data), figure.x, figure.y)


def _heatmap(canvas: Canvas, figure: Figure, data: Data) -> float:
    rows = [label(value) for value in dict.fromkeys(data.by)] or [_spoken(name) for name in figure.y]
    names = [label(value) for value in dict.fromkeys(data.x)]
    cells: dict[tuple[str, str], float | None] = {}
    for index, x in enumerate(data.x):
        if data.by:
            cells[label(data.by[index]), label(x)] = data.y[figure.y[0]][index]
        else:
            cells.update({(_spoken(name), label(x)): data.y[name][index] for name in figure.y})
    if set(rows) & set(names):  # the same things both ways, as in a confusion matrix: one order for both
        order = list(dict.fromkeys([*rows, *names]))
        rows, names = sorted(rows, key=order.index), sorted(names, key=order.index)
    return heatmap(canvas, names, rows, cells, figure.x, figure.by or "", figure.y[0])


def _interval(canvas: Canvas, figure: Figure, data: Data) -> float:
    names = [label(value) for value in data.x]
    bounds = [data.y[name] for name in figure.y[:3]]
    while len(bounds) < 3:
        bounds.append([None] * len(names))
    rows = list(zip(names, zip(*bounds, strict=True), strict=True))
    if not data.by:
        return intervals(canvas, names, [row[1] for row in rows], figure.y[0])
    panels: dict[str, list[tuple[str, tuple[float | None, ...]]]] = {}
    for by, row in zip(data.by, rows, strict=True):
        panels.setdefault(label(by), []).append(row)
    return interval_panels(canvas, panels, figure.y[0])


def _multiples(canvas: Canvas, figure: Figure, data: Data) -> float:
    panels: dict[str, list[tuple[str, list[float | None]]]] = {}
    for index, x in enumerate(data.x):
        panel = label(data.by[index]) if data.by else ""
        panels.setdefault(panel, []).append((label(x), [data.y[name][index] for name in figure.y]))
    return small_multiples(canvas, panels, [_spoken(name) for name in figure.y])


_KINDS: dict[str, Callable[[Canvas, Figure, Data], float]] = {
    "bar": _bar,
    "grouped_bar": _grouped,
    "line": _line,
    "heatmap": _heatmap,
    "interval": _interval,
    "small_multiples": _multiples,
}
