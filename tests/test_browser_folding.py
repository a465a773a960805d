"""Pages are short until somebody unfolds them, and nothing is lost: links open what they lead to, paper holds all."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from chromium import MARKS, PAPER, ROOT, SIZES, browser, opened
from playwright.sync_api import Browser, Page

from governance.config import Workspace
from governance.documenting import rendered_documents, rendered_model_documents

__all__ = ["browser"]
WORKSPACE = Workspace(ROOT)
NAMES = [*WORKSPACE.config.datasets, *WORKSPACE.config.models]
TALLEST = {"datasheet.html": 16_000, "model_card.html": 11_000}
"""CSS pixels of a page on a phone as it opens. Unfolded, datasheets have about 45,000."""
SEEN = "e.checkVisibility({contentVisibilityAuto: true})"

pytestmark = MARKS


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The repository's own pages, from the templates as they are now."""
    folder = tmp_path_factory.mktemp("pages")
    made = {}
    for name in WORKSPACE.config.datasets:
        rendered_documents(WORKSPACE, name, folder / name)
        made[name] = folder / name / "datasheet.html"
    for name in WORKSPACE.config.models:
        rendered_model_documents(WORKSPACE, name, folder / name)
        made[name] = folder / name / "model_card.html"
    return made


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_short_on_a_phone_until_it_is_unfolded(browser: Browser, pages: dict[str, Path], name: str) -> None:
    page = opened(browser, pages[name], *SIZES["phone"])
    assert page.locator("details[open]").count() == 0
    closed = page.evaluate("document.documentElement.scrollHeight")
    assert closed <= TALLEST[pages[name].name]
    page.context.close()


@pytest.mark.parametrize("name", NAMES)
def test_what_is_wanted_and_what_was_found_is_read_without_unfolding(
    browser: Browser, pages: dict[str, Path], name: str
) -> None:
    page = opened(browser, pages[name], *SIZES["phone"])
    for what in (".question.open", "#needs", ".verdict", ".owed"):
        assert page.evaluate(f"[...document.querySelectorAll('{what}')].every(e => {SEEN})"), what
    found = page.evaluate(
        f"[...document.querySelectorAll('article.evidence')].map(e => [...e.querySelectorAll('.findings > li')].filter(e => {SEEN}).length + '/' + e.querySelectorAll('.findings > li').length)"
    )
    for counts in found:
        seen, held = map(int, counts.split("/"))
        assert seen == min(3, held), "the worst findings of each audit are read at once"
    page.context.close()


def hidden_targets(page: Page) -> list[str]:
    """Targets of links inside the page that a click does not bring to light; each is tried with all folded again."""
    found: list[str] = page.evaluate(f"""
      [...new Set([...document.querySelectorAll('a[href^="#"]')].map(a => a.getAttribute('href')))].filter(link => {{
        document.querySelectorAll('details').forEach(e => {{ e.open = false }});
        location.hash = '';
        location.hash = link;
        const e = document.getElementById(link.slice(1));
        return !(e && {SEEN});
      }})""")
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_link_unfolds_what_it_leads_to(browser: Browser, pages: dict[str, Path], name: str) -> None:
    page = opened(browser, pages[name], *SIZES["phone"])
    folded = page.evaluate(f"[...document.querySelectorAll('details [id]')].filter(e => !{SEEN}).map(e => e.id)")
    assert folded, "some targets are folded away"
    assert hidden_targets(page) == []
    page.context.close()
    without = browser.new_context(java_script_enabled=False).new_page()
    without.goto(f"{pages[name].as_uri()}#{folded[-1]}")
    assert without.locator(f"[id='{folded[-1]}']").is_visible(), "a link from elsewhere, with no script"
    without.context.close()


@pytest.mark.parametrize("name", NAMES)
def test_paper_shows_all_that_is_folded(browser: Browser, pages: dict[str, Path], name: str) -> None:
    page = opened(browser, pages[name], PAPER, 1000)
    page.emulate_media(media="print")
    folded = "[...document.querySelectorAll('details > :not(summary)')]"
    assert page.evaluate(f"{folded}.length") > 0
    # The browser lays out anew for paper in its own time. Playwright's own waiting evaluates text inside the page, which
    # the page's policy forbids from the second look on.
    deadline = time.monotonic() + 60
    while not page.evaluate(f"{folded}.every(e => {SEEN} && e.offsetHeight)"):
        assert time.monotonic() < deadline, "a folded part is not on paper"
        page.wait_for_timeout(100)
    closed = sheets(page)
    page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true })")
    # Where a page ends can differ by a line, and with it the last sheet; without the folded parts it is a third of them.
    assert closed == pytest.approx(sheets(page), abs=1), "the paper of a folded page is the paper of an unfolded one"
    page.context.close()


def sheets(page: Page) -> int:
    """Pages of A4 that it prints on."""
    return page.pdf(format="A4").count(b"/Type /Page\n")


def test_a_fold_that_paper_hides_would_be_noticed(browser: Browser, tmp_path: Path) -> None:
    hidden = tmp_path / "page.html"
    hidden.write_text(f"<details><summary>more</summary>{'<p>words</p>' * 200}</details>", encoding="utf-8")
    page = opened(browser, hidden, PAPER, 1000)
    page.emulate_media(media="print")
    assert not page.evaluate(f"[...document.querySelectorAll('details p')].some(e => {SEEN})")
    closed = sheets(page)
    page.evaluate("document.querySelector('details').open = true")
    assert 0 < closed < sheets(page)
    page.context.close()
