"""Drawings: well-formed, labelled, escaped, bounded, and the same every time."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import pytest

from governance.documents.plot_canvas import SERIES, WIDTH, ink_on, ticks
from governance.documents.plots import draw
from governance.evidence import Figure, Table

SVG = "{http://www.w3.org/2000/svg}"
KINDS = ["bar", "grouped_bar", "line", "heatmap", "interval", "small_multiples"]
HOSTILE = "</text><script>alert(1)</script>\x1b[31m\u202e\x00 & \"'"


def figure(kind: str, x: str = "x", y: tuple[str, ...] = ("y",), by: str | None = None) -> Figure:
    content: dict[str, Any] = {"name": "f", "caption": "Caption <b>", "alt": "The message", "kind": kind, "table": "t"}
    return Figure(**content, x=x, y=y, by=by)


def table(columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> Table:
    return Table(name="t", caption="c", columns=columns, rows=tuple(rows))


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def shapes(svg: str, tag: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(svg).iter(SVG + tag))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("by", [None, "by"])
@pytest.mark.parametrize(
    "cells",
    [
        [("a", 1, 0, 2, "s"), ("b", 3, 2, 4, "s"), ("a", 2, 1, 3, "t")],
        [(HOSTILE, 1.5, 1, 2, HOSTILE)],
        [("a", None, None, None, "s"), ("b", None, None, None, None)],
        [(None, 0, 0, 0, None), (True, -5, -6, -4, "s")],
        [(0.1, 1e-9, 0, 1e9, "s"), (0.2, 5e8, 0, 1e9, "s")],
        [(f"{i} to {i + 1}", i % 7, 0, 9, f"s{i % 50}") for i in range(400)],
        [(f"name {i} " + "long " * 30, float(i), 0, 999, "s") for i in range(200)],
        [],
    ],
    ids=["small", "hostile", "nothing told", "odd", "scales", "many bins", "many names", "empty"],
)
def test_every_kind_draws_anything(kind: str, by: str | None, cells: list[tuple[Any, ...]]) -> None:
    y = ("y", "low", "high") if kind == "interval" else ("y",)
    made = figure(kind, y=y, by=by)
    data = table(("x", "y", "low", "high", "by"), cells)
    svg = draw(made, data, "audit-figure")
    root = ElementTree.fromstring(svg)
    assert svg == draw(made, data, "audit-figure")
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-labelledby"] == "audit-figure-title audit-figure-desc"
    assert (root.findtext(f"{SVG}title"), root.findtext(f"{SVG}desc")) == ("Caption <b>", "The message")
    assert shapes(svg, "rect")[0].attrib["fill"] == "#ffffff"  # a background of its own
    assert "nan" not in svg.lower().replace("&", "")
    assert len(svg) < 32_000
    assert {element.tag for element in root.iter()} <= {
        SVG + tag for tag in ("svg", "title", "desc", "rect", "text", "line", "path", "circle", "g")
    }
    for element in root.iter():
        for key in ("x", "x1", "x2", "cx"):
            assert -1 <= float(element.attrib.get(key, 0)) <= WIDTH + 1
        for key in ("width", "height"):
            assert float(element.attrib.get(key, 0)) >= 0


def test_bars_are_as_long_as_their_values() -> None:
    svg = draw(figure("bar"), table(("x", "y"), [("a", 100), ("b", 50), ("c", None)]), "i")
    bars = [float(bar.attrib["width"]) for bar in shapes(svg, "rect")[1:]]
    assert bars[0] == pytest.approx(2 * bars[1], abs=0.2)
    assert len(bars) == 2
    assert "cannot tell" in texts(svg)


def test_histograms_stand_and_names_lie() -> None:
    rows = [(f"{i} to {i + 1}", i) for i in range(10)]
    assert (
        len({bar.attrib["width"] for bar in shapes(draw(figure("bar"), table(("x", "y"), rows), "i"), "rect")[1:]}) == 1
    )
    named = [(f"n{i}", i + 1) for i in range(10)]
    assert (
        len({bar.attrib["width"] for bar in shapes(draw(figure("bar"), table(("x", "y"), named), "i"), "rect")[1:]})
        == 10
    )


def test_what_is_left_out_is_counted() -> None:
    svg = draw(figure("bar"), table(("x", "y"), [(f"n{i}", i) for i in range(100)]), "i")
    assert "80 more rows in the table" in texts(svg)


def test_interval_reaches_from_low_to_high() -> None:
    svg = draw(
        figure("interval", y=("y", "low", "high")),
        table(("x", "y", "low", "high"), [("a", 0.5, 0.2, 0.8), ("b", None, None, None)]),
        "i",
    )
    whisker = next(path for path in shapes(svg, "path") if path.attrib["stroke"] == SERIES[0])
    low, high = map(float, re.findall(r"^M([\d.]+) [\d.]+H([\d.]+)", whisker.attrib["d"])[0])
    assert low < float(shapes(svg, "circle")[0].attrib["cx"]) < high
    assert len(shapes(svg, "circle")) == 1


def test_shares_are_written_in_percent() -> None:
    shown = texts(draw(figure("bar", y=("missing_share",)), table(("x", "missing_share"), [("a", 0.125)]), "i"))
    assert "12.5 %" in shown


def test_a_confusion_matrix_has_one_order() -> None:
    rows = [("b", "a", 1), ("a", "b", 2), ("b", "b", 9), ("a", "a", 8)]
    svg = draw(figure("heatmap", x="suggested", y=("n",), by="given"), table(("given", "suggested", "n"), rows), "i")
    assert [text for text in texts(svg) if text in {"a", "b"}] == ["b", "a", "b", "a"]


def test_series_differ_by_more_than_colour() -> None:
    rows = [(i, s, i) for i in range(3) for s in ("train", "test")]
    paths = shapes(draw(figure("line", by="s"), table(("x", "s", "y"), rows), "i"), "path")
    assert len({path.attrib.get("stroke-dasharray") for path in paths}) == 2


def test_a_wrong_column_is_said_not_drawn() -> None:
    svg = draw(figure("bar", y=("nowhere",)), table(("x", "y"), [("a", 1)]), "i")
    assert texts(svg) == ["The table has no column 'nowhere'."]


@pytest.mark.parametrize(("low", "high"), [(0, 1), (0, 0), (-3, 1e6), (1e-9, 2e-9), (0.91, 0.98), (5, 5)])
def test_ticks_cover_the_range_in_round_steps(low: float, high: float) -> None:
    marks = ticks(low, high)
    assert marks[0] <= low
    assert marks[-1] >= high
    assert 2 <= len(marks) <= 12
    step = f"{marks[1] - marks[0]:.0e}"
    assert re.match(r"[125]e", step)


def test_ink_is_readable_on_every_tint() -> None:
    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    from governance.documents.plot_bars import _tint

    for percent in range(101):
        fill = _tint(percent / 100)
        light, dark = sorted((luminance(fill), luminance(ink_on(fill))), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, percent


def test_intervals_by_a_column_have_a_panel_and_a_scale_each() -> None:
    rows = [("a", 1.0, 0.5, 1.5, "small"), ("b", 2.0, 1.5, 2.5, "small"), ("a", 1000.0, 500.0, 1500.0, "large")]
    svg = draw(
        figure("interval", y=("y", "low", "high"), by="kind"), table(("x", "y", "low", "high", "kind"), rows), "i"
    )
    assert {"small", "large"} <= set(texts(svg))
    first, second, other = (float(dot.attrib["cx"]) for dot in shapes(svg, "circle"))
    assert second - first > 100, "a scale of its own: 1 and 2 are far apart beside 1,000"
    assert abs(other - (first + second) / 2) < 60


def test_panels_of_intervals_that_do_not_fit_are_counted() -> None:
    rows = [("a", 1.0, 0.5, 1.5, f"column {n}") for n in range(11)]
    svg = draw(
        figure("interval", y=("y", "low", "high"), by="kind"), table(("x", "y", "low", "high", "kind"), rows), "i"
    )
    assert "3 more panels in the table" in texts(svg)
