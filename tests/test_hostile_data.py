"""Hostile words in column names, categories, file names, declarations and answers: documents show them, and nothing runs."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from small_workspace import build
from test_browser import CHROMIUM, browse, hosts_asked

from governance.config import Workspace

HOSTILE = {
    "script": "<script>document.title='owned'</script>",
    "image": "<img src=x onerror=document.title='owned'>",
    "svg": "</text></svg><svg onload=document.title='owned'>",
    "attribute": "\" onmouseover=\"document.title='owned'\" autofocus onfocus=\"document.title='owned'",
    "link": "[click](javascript:document.title='owned')",
    "picture": "![x](http://pictures.example.org/x.png)",
    "table": "a | b |\n|---|---|",
    "code": "`` ` ``` ~~~",
    "template": "{{ 7 * 7 }}{% for x in y %}",
    "ansi": "\x1b[31mred\x1b]0;owned\x07",
    "direction": "abc\u202egnp.exe\u2066",
    "invisible": "ze\u200bro\u200d\ufeff",
    "formula": '=HYPERLINK("http://pictures.example.org";"x")',
    "style": "</style><style>body{display:none}",
    "comment": "--><!-- <h1>owned</h1>",
}
ROWS = 120


def workspace_of(root: Path) -> Workspace:
    names = list(HOSTILE.values())
    rows = [
        {name: f"{name}{i % 2}" if i % 3 else name for name in names} | {"size": i % 7 + i / 100, "kind": names[i % 2]}
        for i in range(ROWS)
    ]
    columns = [{"name": name, "type": "category", "public": True, "description": name, "unit": name} for name in names]
    columns += [{"name": "size", "type": "number"}, {"name": "kind", "type": "category", "public": True}]
    words = HOSTILE["script"] + HOSTILE["image"] + HOSTILE["link"] + HOSTILE["template"] + HOSTILE["comment"]
    about = dict.fromkeys(("title", "description", "licence", "source", "citation", "version", "contact"), words)
    data = {"path": "data/<img src=x onerror=document.title='owned'>.jsonl", "split": {"method": "ratio", "test": 0.25},
            "task": "classification", "target": "kind", "roles": {"sensitive": names[:2]}}  # fmt: skip
    params = {
        "datasets": {"trees": {"data": data, "about": about}},
        "audits": {"summary": {}, "duplicates": {}, "label_issues": {}, "outliers": {}, "expectations": {}},
        "signals": {"folds": 5}, "evaluations": {}, "models": {}, "policy": {"tier": "prototype"},
    }  # fmt: skip
    expectations = [
        {"type": "expect_column_values_to_be_in_set", "kwargs": {"column": name, "value_set": ["none of these"]},
         "severity": "warning", "meta": {"why": words}}
        for name in names
    ]  # fmt: skip
    return build(
        root,
        **{
            "params.yaml": json.dumps(params),
            "expectations/trees/columns.yaml": json.dumps({"columns": columns}),
            "expectations/trees/suite.json": json.dumps({"name": words, "meta": {}, "expectations": expectations}),
            "answers/trees.yaml": json.dumps(
                {"answers": {"motivation.purpose": {"answer": words, "by": words, "on": "2026-11-20"}}}
            ),
            data["path"]: "".join(json.dumps(row) + "\n" for row in rows),  # type: ignore[dict-item]
        },
    )


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return workspace_of(tmp_path_factory.mktemp("hostile")).report("trees")


def test_the_words_reach_the_documents(report: Path) -> None:
    manifest = (report / "manifest.json").read_text(encoding="utf-8")
    assert '"outcome": "assessed"' in manifest
    shown = (report / "datasheet.md").read_text(encoding="utf-8")
    assert "owned" in shown
    assert "onerror" in shown


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here; CI installs the package `chromium`")
def test_no_script_of_theirs_runs_even_without_the_policy_of_the_page(report: Path, tmp_path: Path) -> None:
    copy = tmp_path / "page.html"
    text = (report / "datasheet.html").read_text(encoding="utf-8")
    bare = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", text)
    assert bare != text, "the page has a policy, and is tried without it"
    copy.write_text(bare, encoding="utf-8")
    dom = browse(copy, tmp_path, "--virtual-time-budget=5000", "--dump-dom")
    assert hosts_asked(copy, tmp_path) == set(), "no request left"
    title = dom.split("<title>")[1].split("</title>")[0]
    assert title != "owned"
    assert not re.search(r"<[a-z]+[^>]*\son\w+\s*=", re.sub(r'="[^"]*"', '=""', dom)), "no element has a handler"
    assert "<script" not in dom
    assert 'pictures.example.org/x.png"' not in dom
    probe = "<script>document.title = getComputedStyle(document.body).display</script>"
    copy.write_text(bare.replace("</body>", probe + "</body>"), encoding="utf-8")
    assert "<title>block</title>" in browse(copy, tmp_path, "--dump-dom"), "the page still shows"


@pytest.mark.parametrize("name", ["datasheet.md", "README.md"])
def test_markdown_shows_words_and_no_markup_of_theirs(report: Path, name: str) -> None:
    text = (report / name).read_text(encoding="utf-8")
    body = text.split("\n---\n", 1)[1] if name == "README.md" else text
    page = MarkdownIt("commonmark", {"html": True}).enable("table").render(body)
    assert "javascript:" not in re.findall(r'href="([^"]*)"', page)
    assert not [
        link for link in re.findall(r'(?:href|src)="([^"]*)"', page) if re.match(r"javascript|http://pictures", link)
    ]
    tags = set(re.findall(r"<(\w+)", page))
    assert not tags & {"script", "svg", "style", "iframe", "h6"}
    assert not re.search(r"<img src=.?x\b", page)
    assert "owned</h1>" not in page
    for character in ("\x1b", "\u202e", "\u2066", "\u200b", "\ufeff", "\x07"):
        assert character not in text


def test_no_file_of_the_report_holds_characters_that_play_tricks(report: Path) -> None:
    for path in sorted(report.rglob("*")):
        if path.is_file() and path.suffix in {".md", ".html", ".svg"}:
            text = path.read_text(encoding="utf-8")
            assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]", text), (
                path.name
            )


def test_figures_show_words_and_no_markup_of_theirs(report: Path) -> None:
    figures = sorted((report / "figures").glob("*.svg"))
    assert figures
    for figure in figures:
        text = figure.read_text(encoding="utf-8")
        assert not re.search(r"<(script|img|style>body|h1)", text), figure.name
        assert text.count("<svg") == 1
