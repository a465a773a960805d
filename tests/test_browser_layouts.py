"""The committed documents at a desk, on a phone and on paper, in a real Chromium: all of it can be read, by everybody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from test_browser import CHROMIUM, PAGES

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
SIZES = {"desk": (1280, 900), "phone": (390, 844)}
PAPER = 700
"""CSS pixels between the margins of A4."""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here; CI installs the package `chromium`"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


def opened(browser: Browser, page: Path, width: int, height: int, **options: Any) -> Page:
    shown = browser.new_context(viewport={"width": width, "height": height}, **options).new_page()
    shown.goto(page.as_uri())
    return shown


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)
def test_the_first_screen_holds_the_verdict_and_what_is_wanted(browser: Browser, page: Path, size: str) -> None:
    width, height = SIZES[size]
    shown = opened(browser, page, width, height, java_script_enabled=False)
    for words in ("#verdict", ".verdict a[href='#needs']"):
        box = shown.locator(words).first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= height, f"{words} can be seen without scrolling and without a script"
    shown.context.close()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)
def test_a_size_shows_all_asks_nobody_and_shuts_nobody_out(browser: Browser, page: Path, size: str) -> None:
    asked: list[str] = []
    context = browser.new_context(viewport=dict(zip(("width", "height"), SIZES[size], strict=True)), bypass_csp=True)  # type: ignore[arg-type]
    context.on("request", lambda request: asked.append(request.url))
    shown = context.new_page()
    shown.goto(page.as_uri())
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert shown.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "the page scrolls sideways"
    small = (
        "[...document.querySelectorAll('main *')].filter(e => e.childNodes.length && !e.closest('svg') && e.innerText)"
    )
    assert shown.evaluate(f"Math.min(...{small}.map(e => parseFloat(getComputedStyle(e).fontSize)))") >= 12
    if size == "desk":  # so both are looked at, folded and unfolded
        shown.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true })")
    shown.evaluate(AXE)
    found = shown.evaluate("axe.run(document, {resultTypes: ['violations']}).then(r => r.violations)")
    assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in {"serious", "critical"}] == []
    context.close()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)
def test_paper_holds_what_the_screen_folds_away(browser: Browser, page: Path) -> None:
    shown = opened(browser, page, PAPER, 1000)
    shown.emulate_media(media="print")
    assert not shown.locator("nav.contents").is_visible()
    folded = shown.locator("details > :not(summary)")
    assert folded.count() > 0
    assert shown.evaluate("[...document.querySelectorAll('details > :not(summary)')].every(e => e.offsetHeight > 0)")
    beyond = "[...document.querySelectorAll('main td, main th, main p, main li, main svg')]"
    cut = shown.evaluate(
        f"{beyond}.filter(e => e.getBoundingClientRect().right > {PAPER} + 1).map(e => e.outerHTML.slice(0, 120))"
    )
    assert cut == [], "what stands beyond the edge of the paper is cut off"
    assert len(shown.pdf(format="A4", margin=dict.fromkeys(("top", "right", "bottom", "left"), "12mm"))) > 20_000  # type: ignore[arg-type]
    shown.context.close()
