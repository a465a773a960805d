"""Hostile words in column names, categories, file names, declarations and answers: documents show them, and nothing runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from chromium import AXE, CHROMIUM, PAPER, SIZES, browser
from hostile_workspace import MODEL, workspace_of
from markdown_it import MarkdownIt
from playwright.sync_api import Browser, Page

__all__ = ["browser"]

PAGES = ("datasets/trees/datasheet.html", f"models/{MODEL}/model_card.html")
TEXTS = (
    "datasets/trees/datasheet.md", "datasets/trees/README.md",
    f"models/{MODEL}/model_card.md", f"models/{MODEL}/README.md",
)  # fmt: skip
HANDLED = "[...document.querySelectorAll('*')].filter(e => [...e.attributes].some(a => a.name.startsWith('on')))"
ADDRESSES = "[...document.querySelectorAll('[href],[src]')].map(e => e.getAttribute('href') ?? e.getAttribute('src'))"


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return workspace_of(tmp_path_factory.mktemp("hostile")).root / "reports"


def test_the_words_reach_the_documents(reports: Path) -> None:
    manifest = (reports / "datasets/trees/manifest.json").read_text(encoding="utf-8")
    assert '"outcome": "assessed"' in manifest
    for page in (*PAGES, *TEXTS):
        shown = (reports / page).read_text(encoding="utf-8")
        assert "owned" in shown
        assert "onerror" in shown
        assert "W" * 120 in shown


def harm(page: Page) -> list[str]:
    """What a page does that its makers did not write: elements, handlers, addresses, a changed title."""
    found = [page.title()] if page.title() == "owned" else []
    found += page.evaluate(
        "[...document.querySelectorAll('script,iframe,base,object,embed,form')].map(e => e.outerHTML)"
    )
    found += page.evaluate(f"{HANDLED}.map(e => e.outerHTML.slice(0, 200))")
    plain = re.compile(
        r"#|data:|(evidence/)?\w+\.json$|\.\./\.\./datasets/\w+/datasheet\.html$|https?://creativecommons|mailto:"
    )
    return found + [one for one in page.evaluate(ADDRESSES) if not plain.match(one)]


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here; CI installs the package `chromium`")
@pytest.mark.parametrize("size", [*SIZES, "paper"])
@pytest.mark.parametrize("name", PAGES, ids=lambda name: Path(name).stem)
def test_a_hostile_page_runs_nothing_asks_nobody_and_can_be_read(
    browser: Browser, reports: Path, name: str, size: str
) -> None:
    """Without the page's own policy, which would hide a hole; with everything unfolded, where it could hide."""
    width, height = SIZES.get(size, (PAPER, 1000))
    context = browser.new_context(viewport={"width": width, "height": height}, bypass_csp=True)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    if size == "paper":
        page.emulate_media(media="print")
    page.goto((reports / name).as_uri())
    assert page.evaluate("getComputedStyle(document.body).display") == "block", "the page still shows"
    wide = "document.documentElement.scrollWidth - innerWidth"
    assert page.evaluate(wide) <= 0, "the page scrolls sideways"
    page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true })")
    assert page.evaluate(wide) <= 0, "the unfolded page scrolls sideways"
    assert page.evaluate("document.body.scrollWidth - document.body.clientWidth") <= 0
    if size == "paper":
        beyond = "[...document.querySelectorAll('main :is(td, th, p, li, dd, svg, summary)')]"
        cut = f"{beyond}.filter(e => e.getBoundingClientRect().right > {PAPER + 1}).map(e => e.outerHTML.slice(0, 120))"
        assert page.evaluate(cut) == [], "what stands beyond the edge of the paper is cut off"
    page.evaluate("document.querySelectorAll('main *').forEach(e => e.dispatchEvent(new MouseEvent('mouseover')))")
    assert harm(page) == []
    page.evaluate(AXE)
    # A phone shows the colours of a desk, and to compare them takes most of the time.
    rules = "{'color-contrast': {enabled: %s}}" % ("false" if size == "phone" else "true")
    found = page.evaluate(f"axe.run(document, {{resultTypes: ['violations'], rules: {rules}}}).then(r => r.violations)")
    assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in {"serious", "critical"}] == []
    assert [url for url in asked if not url.startswith((page.url, "data:"))] == [], "no request left"
    context.close()


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here; CI installs the package `chromium`")
@pytest.mark.parametrize(
    "words",
    [
        "<script>document.title='owned'</script>",
        "<p onclick='x'>a</p>",
        "<a href='javascript:x'>a</a>",
        "<iframe></iframe>",
        "<img src='http://pictures.example.org/x.png'>",
    ],
)
def test_a_page_that_does_harm_would_be_noticed(browser: Browser, words: str) -> None:
    page = browser.new_page()
    page.set_content(f"<title>a page</title>{words}")
    assert harm(page)
    page.close()


@pytest.mark.parametrize("name", TEXTS)
def test_markdown_shows_words_and_no_markup_of_theirs(reports: Path, name: str) -> None:
    text = (reports / name).read_text(encoding="utf-8")
    body = text.split("\n---\n", 1)[1] if name.endswith("README.md") else text
    page = MarkdownIt("commonmark", {"html": True}).enable("table").render(body)
    assert "javascript:" not in re.findall(r'href="([^"]*)"', page)
    assert not [
        link for link in re.findall(r'(?:href|src)="([^"]*)"', page) if re.match(r"javascript|http://pictures", link)
    ]
    tags = set(re.findall(r"<(\w+)", page))
    assert not tags & {"script", "svg", "style", "iframe", "base", "h6"}
    assert not re.search(r"<img src=.?x\b", page)
    assert "owned</h1>" not in page
    for character in ("\x1b", "\u202e", "\u2066", "\u200b", "\ufeff", "\x07"):
        assert character not in text


def test_no_file_of_the_reports_holds_characters_that_play_tricks(reports: Path) -> None:
    for path in sorted(reports.rglob("*")):
        if path.is_file() and path.suffix in {".md", ".html", ".svg"}:
            text = path.read_text(encoding="utf-8")
            assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]", text), (
                path.name
            )


def test_figures_show_words_and_no_markup_of_theirs(reports: Path) -> None:
    for page in PAGES:
        figures = sorted(((reports / page).parent / "figures").glob("*.svg"))
        assert figures
        for figure in figures:
            text = figure.read_text(encoding="utf-8")
            assert not re.search(r"<(script|img|style>body|h1)", text), figure.name
            assert text.count("<svg") == 1
