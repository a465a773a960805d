"""A real, headless Chromium for all tests that look at pages, and the committed pages."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parent.parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PAGES = sorted((ROOT / "reports").glob("*/*/*.html"))
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
SIZES = {"desk": (1280, 900), "phone": (390, 844)}
ONE_OF_A_KIND = """
for (const kind of ['tr', 'li', 'circle', 'rect', 'path', 'text', 'line', 'p']) {
  const seen = new Set();
  for (const one of document.querySelectorAll(kind)) {
    let place = one.outerHTML.replace(/>[^<]+</g, '><').replace(/ (?!class|style|fill)[a-z-]+="[^"]*"/g, '');
    for (let up = one.parentElement; up; up = up.parentElement) place += ' ' + up.tagName + '.' + up.className;
    if (seen.has(place)) one.remove(); else seen.add(place);
  }
}
"""
"""Leaves one of all elements that the style sheet cannot tell apart: each is measured, and none a hundred times."""
PAPER = 700
"""CSS pixels between the margins of A4."""
MARKS = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here; CI installs the package `chromium`"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all tests of a file; each opens a context of its own."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


def opened(browser: Browser, address: Path | str, width: int, height: int, **options: Any) -> Page:
    """A page, or an address with a fragment, in a window of `width` x `height` CSS pixels."""
    shown = browser.new_context(viewport={"width": width, "height": height}, **options).new_page()
    shown.goto(address if isinstance(address, str) else address.as_uri())
    return shown


def shut_out(shown: Page, *, colours: bool = True) -> list[tuple[str, str, str]]:
    """What axe-core finds to be serious or critical: impact, rule and the first place. The policy must be bypassed.

    Without `colours` their contrast is not measured, which takes four fifths of the time; with them, only one of
    a kind is left on the page.
    """
    shown.evaluate(AXE)
    if colours:
        shown.evaluate(ONE_OF_A_KIND)
    rules = f"{{'color-contrast': {{enabled: {str(colours).lower()}}}}}"
    found = shown.evaluate(f"axe.run(document, {{resultTypes: ['violations'], rules: {rules}}})")
    assert found["testEngine"]["version"], "axe-core ran"
    return [
        (one["impact"], one["id"], one["nodes"][0]["html"])
        for one in found["violations"]
        if one["impact"] in {"serious", "critical"}
    ]
