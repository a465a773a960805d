"""The committed documents in a real, headless Chromium: they show, and ask nobody for anything."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import axe_playwright_python
import pytest

ROOT = Path(__file__).parent.parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PAGES = sorted((ROOT / "reports").glob("*/*/*.html"))
OPTIONS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
)  # fmt: skip

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here; CI installs the package `chromium`"),
]


def browse(page: Path, folder: Path, *options: str) -> str:
    assert CHROMIUM is not None
    command = [CHROMIUM, *OPTIONS, f"--user-data-dir={folder / 'profile'}", *options, page.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


def test_there_is_a_page_for_every_dataset_and_model() -> None:
    assert len(PAGES) == 6


def hosts_asked(page: Path, folder: Path) -> set[str]:
    """Hosts that the page names and that the browser wanted to reach; Chromium's own errands are not the page's."""
    log = folder / "net.json"
    browse(page, folder, f"--log-net-log={log}", "--net-log-capture-mode=Everything", "--dump-dom")
    events = json.loads(log.read_text(encoding="utf-8"))["events"]
    asked = {
        event["params"]["url"] for event in events if isinstance(event.get("params"), dict) and "url" in event["params"]
    }
    named = set(re.findall(r"https?://([\w.-]+)", page.read_text(encoding="utf-8")))
    return {urlsplit(url).hostname or "" for url in asked} & named


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)
def test_a_page_shows_and_asks_nobody_for_anything(page: Path, tmp_path: Path) -> None:
    dom = browse(page, tmp_path, "--dump-dom")
    assert "Verdict: PASSED" in dom
    assert "<script" not in dom
    assert page.stat().st_size <= 1_000_000
    assert hosts_asked(page, tmp_path) == set()


def test_a_page_that_asks_would_be_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text('<img src="http://pictures.example.org/x.png">', encoding="utf-8")
    assert hosts_asked(page, tmp_path) == {"pictures.example.org"}


@pytest.mark.parametrize("width", [600, 1280])
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)
def test_nothing_is_wider_than_the_window(page: Path, width: int, tmp_path: Path) -> None:
    """A page that scrolls sideways is one that nobody reads. Headless Chromium makes no window below 500 pixels."""
    copy = tmp_path / "page.html"
    probe = "<script>document.title = document.documentElement.scrollWidth + '/' + window.innerWidth</script>"
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page.read_text(encoding="utf-8"))
    copy.write_text(text.replace("</body>", probe + "</body>"), encoding="utf-8")
    dom = browse(copy, tmp_path, f"--window-size={width},1200", "--dump-dom")
    inside, window = dom.split("<title>")[1].split("</title>")[0].split("/")
    assert int(inside) <= int(window)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)
def test_a_number_leads_to_its_evidence_file_and_digest(page: Path, tmp_path: Path) -> None:
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
    address = f"{page.as_uri()}#{links[0][0]}"
    assert CHROMIUM is not None
    command = [CHROMIUM, *OPTIONS, f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", address]
    dom = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    block = re.search(rf'<details[^>]*>\s*<summary>[^<]*</summary>\s*<dl[^>]* id="{links[0][0]}">', dom)
    assert block is not None
    assert "open" in block.group(0).split(">")[0]


AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
ASK = """axe.run(document, {resultTypes: ["violations"]}).then(found => {
  const shown = found.violations.map(v => [v.impact, v.id, v.nodes.length, v.nodes[0].html.slice(0, 200)]);
  document.body.innerHTML = "<pre id=found></pre>";
  document.getElementById("found").textContent = JSON.stringify({rules: found.testEngine.version, violations: shown});
});"""


def accessibility(page: Path, folder: Path) -> list[tuple[str, str, int, str]]:
    """What axe-core finds: impact, rule, how often, and the first place."""
    copy = folder / "page.html"
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page.read_text(encoding="utf-8"))
    scripts = f"<script>{AXE.read_text(encoding='utf-8')}</script><script>{ASK}</script>"
    copy.write_text(text.replace("</body>", f"{scripts}</body>"), encoding="utf-8")
    dom = browse(copy, folder, "--virtual-time-budget=60000", "--dump-dom")
    answer: dict[str, Any] = json.loads(html.unescape(dom.split('<pre id="found">')[1].split("</pre>")[0]))
    assert answer["rules"], "axe-core ran"
    return [tuple(item) for item in answer["violations"]]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)
def test_a_screen_reader_and_a_keyboard_are_enough(page: Path, tmp_path: Path) -> None:
    assert [item for item in accessibility(page, tmp_path) if item[0] in {"serious", "critical"}] == []


def test_a_page_that_shuts_people_out_would_be_noticed(tmp_path: Path) -> None:
    page = tmp_path / "bad.html"
    page.write_text("<html><body><main><img src='data:,'><p style='color:#eee'>pale</p></main></body></html>", "utf-8")
    assert {"image-alt", "color-contrast", "html-has-lang"} <= {item[1] for item in accessibility(page, tmp_path)}
