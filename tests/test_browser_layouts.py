"""The committed documents at a desk, on a phone and on paper, in a real Chromium: all of it can be read, by everybody."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from chromium import MARKS, PAGES, PAPER, SIZES, browser, opened, shut_out
from playwright.sync_api import Browser

from governance.documents.index import Subject, index_page
from governance.verdict import Decision, Verdict, Waiver

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
    # No width has colours of its own, so they are looked at once, where nothing is folded away.
    assert shut_out(shown, colours=size == "desk") == []
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


@pytest.mark.parametrize("width", [320, 390, 600])
def test_the_index_of_many_with_long_names_fits_a_phone(browser: Browser, tmp_path: Path, width: int) -> None:
    decision = Decision(
        rule="duplicates/near_duplicates_across_splits", effect="block", exit_code=3, fingerprint="a" * 16,
        message="x" * 200,
    )  # fmt: skip
    verdict = Verdict(
        subject="admissions_of_patients", kind="dataset", result="blocked", tier="regulated", snapshot_digest="sha256:a",
        policy_digest="sha256:b", decisions=(decision,),
    ).sealed()  # fmt: skip
    title = "Admissions of patients with a comparatively long title"
    subjects = [Subject("admissions_of_patients", "dataset", title, verdict, ("Ada Lovelace, data_owner, 2026-03-01",))]
    waiver = Waiver(fingerprint="a" * 16, owner="ada.lovelace@example.org", reason="y" * 90, expires=date(2030, 1, 1))
    page = tmp_path / "index.html"
    page.write_text(index_page(subjects, [waiver], tmp_path), encoding="utf-8")
    shown = opened(browser, page, width, 844, bypass_csp=True)
    assert shown.evaluate(INSIDE), "the page scrolls sideways"
    assert shut_out(shown) == []
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
