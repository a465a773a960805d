"""The committed documents at a desk, on a phone and on paper, in a real Chromium: all of it can be read, by everybody."""

from __future__ import annotations

from pathlib import Path

import pytest
from chromium import MARKS, PAGES, PAPER, SIZES, browser, opened, shut_out
from playwright.sync_api import Browser

__all__ = ["browser"]
INSIDE = "document.documentElement.scrollWidth <= window.innerWidth"
pytestmark = MARKS


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
    assert shown.evaluate(INSIDE), "the page scrolls sideways"
    small = (
        "[...document.querySelectorAll('main *')].filter(e => e.childNodes.length && !e.closest('svg') && e.innerText)"
    )
    assert shown.evaluate(f"Math.min(...{small}.map(e => parseFloat(getComputedStyle(e).fontSize)))") >= 12
    if size == "desk":  # so both are looked at, folded and unfolded
        shown.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true })")
    assert shut_out(shown) == []
    context.close()


def test_a_page_that_shuts_people_out_would_be_noticed(browser: Browser, tmp_path: Path) -> None:
    page = tmp_path / "bad.html"
    page.write_text("<html><body><main><img src='data:,'><p style='color:#eee'>pale</p></main></body></html>", "utf-8")
    shown = opened(browser, page, *SIZES["desk"], bypass_csp=True)
    assert {"image-alt", "color-contrast", "html-has-lang"} <= {rule for _, rule, _ in shut_out(shown)}
    shown.context.close()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)
def test_nothing_is_wider_than_a_window_between_a_phone_and_a_desk(browser: Browser, page: Path) -> None:
    """A page that scrolls sideways is one that nobody reads."""
    shown = opened(browser, page, 600, 1200)
    assert shown.evaluate(INSIDE)
    shown.context.close()


def test_a_page_wider_than_its_window_would_be_noticed(browser: Browser, tmp_path: Path) -> None:
    page = tmp_path / "wide.html"
    page.write_text("<p style='width:700px'>wide</p>", encoding="utf-8")
    shown = opened(browser, page, 600, 1200)
    assert not shown.evaluate(INSIDE)
    shown.context.close()


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
