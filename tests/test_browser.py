"""The committed documents in a real, headless Chromium: they show, and ask nobody for anything."""

from __future__ import annotations

import html
import json
import re
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from chromium import CHROMIUM, MARKS, PAGES, SIZES, browser, opened
from playwright.sync_api import Browser

__all__ = ["browser"]
OPTIONS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
)  # fmt: skip

pytestmark = MARKS


def test_there_is_a_page_for_every_dataset_and_model() -> None:
    assert len(PAGES) == 6


def shown_and_asked(page: Path, folder: Path) -> tuple[str, set[str]]:
    """The page as a browser of its own shows it, and the hosts that it names and that the browser wanted to reach.

    Chromium's own errands are not the page's.
    """
    assert CHROMIUM is not None
    log = folder / "net.json"
    command = [
        CHROMIUM, *OPTIONS, f"--user-data-dir={folder / 'profile'}", f"--log-net-log={log}",
        "--net-log-capture-mode=Everything", "--dump-dom", page.as_uri(),
    ]  # fmt: skip
    dom = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    events = json.loads(log.read_text(encoding="utf-8"))["events"]
    asked = {
        event["params"]["url"] for event in events if isinstance(event.get("params"), dict) and "url" in event["params"]
    }
    named = set(re.findall(r"https?://([\w.-]+)", page.read_text(encoding="utf-8")))
    return dom, {urlsplit(url).hostname or "" for url in asked} & named


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)
def test_a_page_shows_and_asks_nobody_for_anything(page: Path, tmp_path: Path) -> None:
    dom, asked = shown_and_asked(page, tmp_path)
    assert "Verdict: PASSED" in dom
    assert "<script" not in dom
    assert page.stat().st_size <= 1_000_000
    assert asked == set()


def test_a_page_that_asks_would_be_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text('<img src="http://pictures.example.org/x.png">', encoding="utf-8")
    assert shown_and_asked(page, tmp_path)[1] == {"pictures.example.org"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)
def test_a_number_leads_to_its_evidence_file_and_digest(browser: Browser, page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = re.findall(r'<a class="trace" href="#(source-\w+)" title="([^"]+) in ([\w/]+\.json)">', text)
    assert len(links) >= 10
    for target, source, file in links:
        evidence = json.loads((page.parent / file).read_text(encoding="utf-8"))
        block = text.split(f'id="{target}"')[1].split("</dl>")[0]
        assert file in block
        assert evidence["digest"] in block
        named = [m["name"] + (f" of {m['group']}" if m.get("group") else "") for m in evidence["metrics"]]
        assert html.unescape(source) in named
        assert f'id="{target}"' in text
    values = re.findall(r'<td class="number" id="[^"]+">(.*?)</td>', text)
    assert values
    assert all(value.startswith('<a class="trace"') or value == "–" for value in values), "no number without its source"
    targets = set(re.findall(r'id="([^"]+)"', text))
    assert set(re.findall(r'href="#([^"]*)"', text)) <= targets
    # A click opens the folded block: the browser shows what the fragment names.
    shown = opened(browser, f"{page.as_uri()}#{links[0][0]}", *SIZES["desk"])
    dom = shown.content()
    shown.context.close()
    block = re.search(rf'<details[^>]*>\s*<summary>[^<]*</summary>\s*<dl[^>]* id="{links[0][0]}">', dom)
    assert block is not None
    assert "open" in block.group(0).split(">")[0]
