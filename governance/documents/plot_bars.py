"""Bars lying and standing, grouped bars, and heat maps. Each returns the height it took."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from governance.documents.plot_canvas import (
    GRID,
    SERIES,
    SOFT,
    WIDTH,
    Canvas,
    Scale,
    colour,
    fitted,
    ink_on,
    is_share,
    text_width,
    ticks,
    written,
)

_LEFT, _RIGHT, _TOP = 16, 16, 16
_MOST_LABEL = 220.0
_MOST_GROUPS, _MOST_SERIES, _MOST_CELLS = 24, 8, 20
_EMPTY = "#f1f3f5"
_TINTS = 24
Values = Sequence[float | None]


def _told(values: Values) -> list[float]:
    return [value for value in values if value is not None]


def _range(values: list[float]) -> tuple[float, float]:
    low, high = min([0.0, *values]), max([0.0, *values])
    return (low, high) if high > low else (low, low + 1)


def more(canvas: Canvas, shown: int, total: int, y: float, things: str = "rows") -> float:
    """Say how much is only in the table."""
    if total <= shown:
        return y
    canvas.text(_LEFT, y + 12, f"{total - shown} more {things} in the table", fill=SOFT)
    return y + 20


def bars(canvas: Canvas, names: Sequence[str], values: Values, measure: str, total: int) -> float:
    """Lying bars, one per name, with the value beside each."""
    told = _told(values)
    share = is_share(measure, told)
    gutter = min(_MOST_LABEL, max(text_width(fitted(name, _MOST_LABEL)) for name in names)) + 10
    widest = max(text_width(written(value, share)) for value in told) + 8
    low, high = _range(told)
    scale = Scale(low, high, _LEFT + gutter, WIDTH - _RIGHT - widest)
    y = float(_TOP)
    for name, value in zip(names, values, strict=True):
        canvas.text(_LEFT + gutter - 8, y + 13, fitted(name, gutter - 8), "end")
        if value is None:
            canvas.text(scale(0) + 6, y + 13, "cannot tell", fill=SOFT)
        else:
            start, end = sorted((scale(0), scale(value)))
            canvas.rect(start, y, max(end - start, 1), 17, SERIES[0], radius=2)
            canvas.text(end + 6, y + 13, written(value, share), fill=SOFT)
        y += 24
    canvas.line(scale(0), _TOP - 4, scale(0), y - 3, SOFT)
    canvas.text(scale(0), y + 12, measure.replace("_", " "), fill=SOFT)
    return more(canvas, len(names), total, y + 18) + 6


def columns(canvas: Canvas, names: Sequence[str], values: Values, x: str, measure: str, total: int) -> float:
    """Standing bars along a scale: a histogram."""
    told = _told(values)
    share = is_share(measure, told)
    marks = ticks(*_range(told), 4)
    left = max(text_width(written(mark, share)) for mark in marks) + _LEFT + 8
    bottom, top = 196.0, 34.0
    scale = Scale(marks[0], marks[-1], bottom, top)
    canvas.text(_LEFT, 20, measure.replace("_", " "), fill=SOFT)
    for mark in marks:
        canvas.line(left, scale(mark), WIDTH - _RIGHT, scale(mark), GRID)
        canvas.text(left - 8, scale(mark) + 4, written(mark, share), "end", SOFT)
    step = (WIDTH - _RIGHT - left) / len(names)
    for index, value in enumerate(values):
        if value is not None:
            head, foot = sorted((scale(value), scale(0)))
            canvas.rect(left + index * step + step * 0.06, head, step * 0.88, foot - head, SERIES[0])
    canvas.line(left, scale(0), WIDTH - _RIGHT, scale(0), SOFT)
    axis_labels(canvas, names, left, step, bottom + 17)
    canvas.text((left + WIDTH - _RIGHT) / 2, bottom + 36, fitted(x.replace("_", " "), 400), "middle", SOFT)
    return more(canvas, len(names), total, bottom + 44) + 6


def axis_labels(canvas: Canvas, names: Sequence[str], left: float, step: float, y: float) -> None:
    """As many of `names` under their bars as fit side by side, the first always among them."""
    widest = max(text_width(fitted(name, 150)) for name in names) + 10
    every = max(1, -(-int(widest) // max(1, int(step))))
    for index in range(0, len(names), every):
        middle = left + (index + 0.5) * step
        shown = fitted(names[index], 150)
        middle = min(middle, WIDTH - 8 - text_width(shown) / 2)
        canvas.text(middle, y, shown, "middle", SOFT)


def grouped_bars(
    canvas: Canvas, names: Sequence[str], series: Mapping[str, Mapping[int, float | None]], measure: str
) -> float:
    """Lying bars of several series under each name."""
    shown = dict(list(series.items())[:_MOST_SERIES])
    labels = names[:_MOST_GROUPS]
    told = [v for row in shown.values() for i, v in row.items() if v is not None and i < len(labels)]
    if not told:
        canvas.text(WIDTH / 2, 34, "No value can be told.", "middle", SOFT)
        return 56
    share = is_share(measure, told)
    y = canvas.legend(list(shown), _TOP)
    gutter = min(_MOST_LABEL, max(text_width(fitted(name, _MOST_LABEL)) for name in labels)) + 10
    widest = max(text_width(written(value, share)) for value in told) + 8
    scale = Scale(*_range(told), _LEFT + gutter, WIDTH - _RIGHT - widest)
    top = y
    for place, name in enumerate(labels):
        block = 14 * len(shown)
        canvas.text(_LEFT + gutter - 8, y + block / 2 + 4, fitted(name, gutter - 8), "end")
        for index, row in enumerate(shown.values()):
            value = row.get(place)
            if value is not None:
                start, end = sorted((scale(0), scale(value)))
                canvas.rect(start, y + 14 * index, max(end - start, 1), 12, colour(index), radius=2)
                canvas.text(end + 6, y + 14 * index + 10, written(value, share), fill=SOFT, size=11)
        y += block + 10
    canvas.line(scale(0), top - 4, scale(0), y - 6, SOFT)
    canvas.text(scale(0), y + 10, measure.replace("_", " "), fill=SOFT)
    y = more(canvas, len(labels), len(names), y + 18)
    return more(canvas, len(shown), len(series), y, "series") + 6


def heatmap(
    canvas: Canvas,
    names: Sequence[str],
    rows: Sequence[str],
    cells: Mapping[tuple[str, str], float | None],
    x: str,
    by: str,
    measure: str,
) -> float:
    """A grid of cells, darker for more, with the value in each where there is room."""
    across, down = names[:_MOST_CELLS], rows[:_MOST_CELLS]
    told = [v for key, v in cells.items() if v is not None and key[0] in down and key[1] in across]
    share = is_share(measure, told)
    low, high = _range(told) if told else (0.0, 1.0)
    gutter = min(160.0, max(text_width(fitted(name, 160)) for name in down)) + 10
    room = WIDTH - _LEFT - _RIGHT - gutter
    widest = max(text_width(fitted(name, 110, 11), 11) for name in across)
    slanted = widest > min(64.0, room / len(across)) - 3
    size = min(64.0, (room - (widest * 0.75 if slanted else 0)) / (len(across) - 0.5 * slanted))
    deep = min(30.0, max(18.0, size))
    left, top = _LEFT + gutter, 46.0 + (widest * 0.65 if slanted else 0)
    axes = [f"{by.replace('_', ' ')} (down)"] if by else []
    canvas.text(left, 18, fitted(" × ".join([*axes, f"{x.replace('_', ' ')} (across)"]), 400), fill=SOFT)
    for column, name in enumerate(across):
        middle = left + (column + 0.5) * size
        canvas.text(middle, top - 7, fitted(name, 110, 11), "start" if slanted else "middle", SOFT, 11, slanted=slanted)
    boxes: dict[str, list[tuple[float, float, float, float]]] = {}
    places: dict[str, list[tuple[float, float, str]]] = {}
    for line, row in enumerate(down):
        y = top + line * deep
        canvas.text(left - 8, y + deep / 2 + 4, fitted(row, gutter - 8), "end")
        for column, name in enumerate(across):
            value = cells.get((row, name))
            fill = _EMPTY if value is None else _tint((value - low) / (high - low))
            boxes.setdefault(fill, []).append((left + column * size, y, size - 1.5, deep - 1.5))
            shown = "" if value is None else written(float(f"{value:.3g}"), share)
            if shown and text_width(shown, 11) <= size - 4:
                middle = left + (column + 0.5) * size - 0.75
                places.setdefault(ink_on(fill), []).append((middle, y + deep / 2 + 3.5, shown))
    for fill, where in boxes.items():
        canvas.boxes(where, fill, "e" if fill == _EMPTY else "")
    for ink, numbers in places.items():
        canvas.numbers(numbers, ink, 11)
    y = top + len(down) * deep + 4
    y = more(canvas, len(across), len(names), y, "columns")
    return more(canvas, len(down), len(rows), y) + 8


def _tint(strength: float) -> str:
    """From nearly white to the first series' blue, in steps that an eye can still tell apart."""
    strength = round(strength * _TINTS) / _TINTS
    pale, deep = (0xEE, 0xF4, 0xF9), (0x00, 0x5A, 0x8F)
    return "#" + "".join(f"{round(p + (d - p) * strength):02x}" for p, d in zip(pale, deep, strict=True))
