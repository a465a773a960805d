"""Lines, intervals and small multiples. Each returns the height it took."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from governance.documents.plot_bars import axis_labels, more
from governance.documents.plot_canvas import (
    GRID,
    SERIES,
    SOFT,
    WIDTH,
    Canvas,
    Scale,
    colour,
    fitted,
    is_share,
    text_width,
    ticks,
    written,
)
from governance.render import number

_LEFT, _RIGHT, _TOP = 16, 16, 16
_MOST_LINES, _MOST_INTERVALS, _MOST_PANELS, _MOST_SCALES = 8, 40, 30, 8
_DASHES = ("", "6 3", "2 3", "8 3 2 3")
"""Series differ by more than colour."""


def lines(
    canvas: Canvas,
    positions: Sequence[float],
    names: Sequence[str] | None,
    series: Mapping[str, Mapping[int, float | None]],
    x: str,
    y_names: Sequence[str],
) -> float:
    """Lines over a scale, or over `names` when x is not a number."""
    shown = dict(list(series.items())[:_MOST_LINES])
    told = [value for row in shown.values() for value in row.values() if value is not None]
    if not told:
        canvas.text(WIDTH / 2, 34, "No value can be told.", "middle", SOFT)
        return 56
    share = all(is_share(name, told) for name in y_names)
    top = canvas.legend(list(shown) if len(shown) > 1 else [], _TOP) + 8
    canvas.text(_LEFT, top + 4, y_names[0].replace("_", " ") if len(y_names) == 1 else "", fill=SOFT)
    marks = ticks(min(told), max(told))
    left = max(text_width(written(mark, share)) for mark in marks) + _LEFT + 8
    bottom = top + 200
    vertical = Scale(marks[0], marks[-1], bottom, top + 16)
    for mark in marks:
        canvas.line(left, vertical(mark), WIDTH - _RIGHT, vertical(mark), GRID)
        canvas.text(left - 8, vertical(mark) + 4, written(mark, share), "end", SOFT)
    horizontal = Scale(min(positions), max(positions), left + 10, WIDTH - _RIGHT - 14)
    if names is None:
        across = is_share(x, positions)
        inside = [m for m in ticks(min(positions), max(positions), 6) if min(positions) <= m <= max(positions)]
        for mark in inside or [positions[0]]:
            canvas.text(horizontal(mark), bottom + 17, written(mark, across), "middle", SOFT)
    else:
        step = (WIDTH - _RIGHT - left) / len(names)
        horizontal = Scale(0, max(len(names) - 1, 1), left + step / 2, left + step * (max(len(names), 2) - 0.5))
        axis_labels(canvas, names, left, step, bottom + 17)
    for index, row in enumerate(shown.values()):
        points = [
            (horizontal(positions[place]), vertical(value))
            for place, value in sorted(row.items(), key=lambda item: positions[item[0]])
            if value is not None
        ]
        if len(points) > 1:
            canvas.path(points, colour(index), _DASHES[index % len(_DASHES)])
        if len(points) <= 40:
            for point in points:
                canvas.dot(*point, colour(index), 3)
    canvas.text((left + WIDTH) / 2, bottom + 36, fitted(x.replace("_", " "), 400), "middle", SOFT)
    return more(canvas, len(shown), len(series), bottom + 44, "series") + 6


def intervals(
    canvas: Canvas,
    names: Sequence[str],
    bounds: Sequence[tuple[float | None, ...]],
    measure: str,
    top: float = _TOP,
) -> float:
    """A dot for each value with a line from its lower to its upper bound, below `top`."""
    shown = list(zip(names, bounds, strict=True))[:_MOST_INTERVALS]
    told = [value for _, row in shown for value in row if value is not None]
    if not told:
        canvas.text(WIDTH / 2, top + 18, "No value can be told.", "middle", SOFT)
        return top + 40
    share = is_share(measure, told)
    marks = ticks(min(told), max(told))
    gutter = min(240.0, max(text_width(fitted(name, 240)) for name, _ in shown)) + 12
    values = ["cannot tell" if row[0] is None else written(float(f"{row[0]:.3g}"), share) for _, row in shown]
    widest = max(text_width(value) for value in values) + 12
    scale = Scale(marks[0], marks[-1], _LEFT + gutter, WIDTH - _RIGHT - widest - 8)
    bottom = top + 24.0 * len(shown)
    for mark in marks:
        canvas.line(scale(mark), top - 4, scale(mark), bottom, GRID)
        canvas.text(scale(mark), bottom + 14, written(mark, share), "middle", SOFT)
    for index, (name, (value, low, high)) in enumerate(shown):
        y = top + 24 * index + 10
        canvas.text(_LEFT + gutter - 10, y + 4, fitted(name, gutter - 10), "end")
        if low is not None and high is not None:
            canvas.whisker(scale(low), scale(high), y, SERIES[0])
        if value is not None:
            canvas.dot(scale(value), y, SERIES[0], 4.5)
        canvas.text(WIDTH - _RIGHT, y + 4, values[index], "end", SOFT)
    canvas.text(scale(marks[0]), bottom + 32, measure.replace("_", " "), fill=SOFT)
    return more(canvas, len(shown), len(names), bottom + 38) + 8


def interval_panels(
    canvas: Canvas, panels: Mapping[str, Sequence[tuple[str, tuple[float | None, ...]]]], measure: str
) -> float:
    """Intervals of each panel below its name, each panel on a scale of its own."""
    height = 0.0
    for name, rows in list(panels.items())[:_MOST_SCALES]:
        canvas.text(_LEFT, height + 22, fitted(name, WIDTH - _LEFT - _RIGHT), bold=True)
        height = intervals(canvas, [row[0] for row in rows], [row[1] for row in rows], measure, height + 42)
    return more(canvas, min(len(panels), _MOST_SCALES), len(panels), height, "panels")


def small_multiples(
    canvas: Canvas,
    panels: Mapping[str, Sequence[tuple[str, Sequence[float | None]]]],
    series: Sequence[str],
) -> float:
    """One small histogram (or one line per series) per panel. Heights compare inside a panel, not between panels."""
    shown = list(panels.items())[:_MOST_PANELS]
    across = 2 if len(shown) == 2 else 3
    gap, deep = 22.0, 112.0
    width = (WIDTH - _LEFT - _RIGHT - gap * (across - 1)) / across
    start = canvas.legend(series if len(series) > 1 else [], _TOP)
    for index, (name, points) in enumerate(shown):
        left = _LEFT + (index % across) * (width + gap)
        top = start + (index // across) * (deep + 14)
        _panel(canvas, name, points, left, top, width)
    height = start + -(-len(shown) // across) * (deep + 14)
    return more(canvas, len(shown), len(panels), height, "panels") + 6


def _panel(
    canvas: Canvas,
    name: str,
    points: Sequence[tuple[str, Sequence[float | None]]],
    left: float,
    top: float,
    width: float,
) -> None:
    told = [value for _, values in points for value in values if value is not None]
    canvas.text(left, top + 10, fitted(name, width / 1.08, 11.5), size=11.5, bold=True)
    foot, head = top + 90, top + 28
    canvas.line(left, foot, left + width, foot, SOFT)
    if not told:
        canvas.text(left, foot - 24, "cannot tell", fill=SOFT, size=11)
        return
    scale = Scale(min([0.0, *told]), max([0.0, *told]) or 1.0, foot, head)
    canvas.line(left, head, left + width, head, GRID)
    canvas.text(left + width, head - 3, number(float(f"{max(told):.3g}")), "end", SOFT, 9.5)
    step = width / len(points)
    if len(points[0][1]) == 1:
        boxes = []
        for place, (_, values) in enumerate(points):
            if values[0] is not None:
                top_end, low_end = sorted((scale(values[0]), scale(0)))
                boxes.append((left + place * step + step * 0.06, top_end, step * 0.88, low_end - top_end))
        canvas.boxes(boxes, SERIES[0])
    else:
        for index in range(len(points[0][1])):
            row = [(left + (p + 0.5) * step, scale(v[index] or 0.0)) for p, (_, v) in enumerate(points)]
            canvas.path(row, colour(index), _DASHES[index % len(_DASHES)])
    first, last = points[0][0], points[-1][0]
    canvas.text(left, foot + 13, fitted(first, width / 2 - 4, 10.5), fill=SOFT, size=10.5)
    if len(points) > 1:
        canvas.text(left + width, foot + 13, fitted(last, width / 2 - 4, 10.5), "end", SOFT, 10.5)
