"""Dataset text is hostile: whatever it holds, documents show it as text and do nothing else."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import UndefinedError
from jinja2.exceptions import SecurityError
from markdown_it import MarkdownIt

from governance import render

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</td></tr></table><h1>PASSED",
    "a | b | c",
    "`code` and ``more``",
    "[click](https://evil.example)",
    "![pixel](https://evil.example/p.png)",
    "<https://evil.example>",
    "https://evil.example/?q=1",
    "www.evil.example",
    "me@evil.example",
    "@everyone look",
    "# heading",
    "- item",
    "1. item",
    "> quote",
    "---",
    "===",
    "***bold***",
    "__init__",
    "~~gone~~",
    "$x^2$",
    "&lt;b&gt; &#35; &amp;",
    ":smile:",
    "line one\nline two\r\n\r\n# three",
    "\ttabbed",
    "    four spaces",
    "back\\slash \\| \\`",
    "{{ 7 * 7 }}{% raw %}",
    "\x1b[31mred\x1b[0m",
    "right\u202eot tfel",
    "zero\u200bwidth\ufeff\u2060",
    "tag\U000e0041",
    "soft\u00adhyphen",
    "filler\u3164\u2800",
    "[ref]: https://evil.example",
    "[^1]",
    "- [x] done",
    "<!-- comment",
    "]]>",
    "javascript:alert(1)",
    "",
    " ",
]


def parse(markdown: str) -> tuple[str, set[str]]:
    """Visible text, and the kinds of tokens, of Markdown as code hosts read it."""
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    kinds, text = set(), []
    for block in parser.parse(markdown):
        kinds.add(block.type)
        for token in block.children or []:
            if token.type == "html_inline" and token.content in {"<span>", "</span>"}:
                continue
            kinds.add(token.type)
            text.append(token.content)
    return "".join(text), kinds


class Text(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("frame", ["{}", "- {}", "## {}", "before {} after", "| a |\n| --- |\n| {} |", "*{}*"])
def test_markdown_shows_text_and_nothing_else(text: str, frame: str) -> None:
    shown = render.visible(text).strip()
    content, kinds = parse(frame.format(render.escape_markdown(text)))
    expected_content, expected = parse(frame.format("word"))
    if shown:
        assert kinds <= expected | {"text", "text_special"}
        assert content.replace("word", "") == expected_content.replace("word", shown)


@pytest.mark.parametrize("text", HOSTILE)
def test_code_span_shows_text_and_nothing_else(text: str) -> None:
    content, kinds = parse(f"before {render.markdown_code(text)} after")
    assert kinds <= {"paragraph_open", "paragraph_close", "inline", "text", "code_inline"}
    assert " ".join(content.split()) == " ".join(f"before {render.visible(text)} after".split())


@pytest.mark.parametrize("text", HOSTILE)
def test_html_shows_text_and_nothing_else(text: str) -> None:
    page = Text(f'<p title="{render.escape_html(text)}">{render.escape_html(text)}</p>')
    assert page.tags == ["p"]
    assert page.text == render.visible(text)


@given(st.text(max_size=40))
@settings(max_examples=300, deadline=None)
def test_any_text_stays_one_line_of_text(text: str) -> None:
    content, kinds = parse(f"- {render.escape_markdown(text)}\n")
    assert kinds <= {"bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close"} | {
        "paragraph_open",
        "paragraph_close",
        "inline",
        "text",
        "text_special",
    }
    shown = render.visible(text).strip()
    assert " ".join(content.split()) == " ".join(shown.split())


def test_mentions_and_bare_addresses_are_defused() -> None:
    assert str(render.escape_markdown("@team")) == "<span>@</span>team"
    assert "://" not in str(render.escape_markdown("https://evil.example")).replace(r"\://", "")
    assert str(render.escape_markdown("www.evil.example")) == r"www\.evil.example"


def test_ordinary_names_stay_readable_in_a_diff() -> None:
    for name in ("mean_radius", "Größe (cm)", "p > 0.05", "a-b", "50 %", "x = 1", "Ærø"):
        assert str(render.escape_markdown(name)) == name


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\nb", "a⏎b"),
        ("\x1b[1m", "⟨U+001B⟩[1m"),
        ("a\u202eb", "a⟨U+202E⟩b"),
        ("a\u200bb", "a⟨U+200B⟩b"),
        ("naïve café 漢字", "naïve café 漢字"),
        ("e\u0301", "e\u0301"),
        ("z" + "\u0301" * 9, "z" + "\u0301" * 3 + "⟨U+0301⟩" * 6),
        ("\ud800", "⟨U+D800⟩"),
    ],
)
def test_visible(text: str, shown: str) -> None:
    assert render.visible(text) == shown


def test_prose_keeps_paragraphs_code_and_addresses() -> None:
    text = "See `data/x.py`\nand https://example.org/a_b.\n\n# not a heading <b>"
    assert str(render.markdown_paragraphs(text)) == (
        "See `data/x.py` and <https://example.org/a_b>.\n\n\\# not a heading &lt;b>"
    )
    html = str(render.html_paragraphs(text))
    assert '<code>data/x.py</code> and <a href="https://example.org/a_b"' in html
    assert "<p># not a heading &lt;b&gt;</p>" in html


@pytest.mark.parametrize("text", HOSTILE)
def test_prose_cannot_open_a_block_or_an_element(text: str) -> None:
    _, kinds = parse(str(render.markdown_paragraphs(text)))
    assert kinds <= {"paragraph_open", "paragraph_close", "inline", "text", "text_special", "code_inline"} | {
        "link_open",
        "link_close",
    }
    assert set(Text(str(render.html_paragraphs(text))).tags) <= {"p", "code", "a"}


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "https://a@b.example", "//x", "https://ex ample.org", "https://é.org"],
)
def test_only_plain_addresses_become_links(address: str) -> None:
    assert "<a" not in str(render.html_link(address))
    assert not str(render.markdown_link(address)).startswith("<h")


def test_declared_addresses_become_links() -> None:
    assert str(render.markdown_link("https://example.org/x?y=1&z")) == "<https://example.org/x?y=1&z>"
    assert 'href="https://example.org/x?y=1&amp;z"' in str(render.html_link("https://example.org/x?y=1&z"))
    assert 'href="mailto:data@example.org"' in str(render.html_link("data@example.org"))


@pytest.mark.parametrize("kind", ["markdown", "html"])
class TestEnvironment:
    def text(self, folder: Path, kind: str, template: str, **values: object) -> str:
        (folder / "templates").mkdir(exist_ok=True)
        (folder / "templates" / "t.j2").write_text(template, encoding="utf-8")
        return render.environment(folder, kind).get_template("t.j2").render(**values)

    def test_values_are_escaped_without_the_template_asking(self, tmp_path: Path, kind: str) -> None:
        text = self.text(tmp_path, kind, "{{ x }} {% macro m(y) %}<b>{{ y }}</b>{% endmacro %}{{ m(x) }}", x="<i>|")
        assert "<i>" not in text
        assert "<b>&lt;i" in text

    def test_what_is_missing_is_an_error(self, tmp_path: Path, kind: str) -> None:
        with pytest.raises(UndefinedError, match="nowhere"):
            self.text(tmp_path, kind, "{{ nowhere }}")

    def test_none_is_an_error(self, tmp_path: Path, kind: str) -> None:
        with pytest.raises(UndefinedError, match="None"):
            self.text(tmp_path, kind, "{{ x }}", x=None)

    def test_templates_are_sandboxed(self, tmp_path: Path, kind: str) -> None:
        with pytest.raises(SecurityError):
            self.text(tmp_path, kind, "{{ x.__class__.__mro__ }}", x="a")
        with pytest.raises(SecurityError):
            self.text(tmp_path, kind, "{{ x.append(1) }}", x=[])

    def test_the_workspaces_own_template_wins(self, tmp_path: Path, kind: str) -> None:
        (tmp_path / "templates").mkdir()
        (tmp_path / "templates" / "datasheet.md.j2").write_text("mine", encoding="utf-8")
        jinja = render.environment(tmp_path, kind)
        assert jinja.get_template("datasheet.md.j2").render() == "mine"
        assert jinja.get_template("model_card.md.j2").filename == str(render.package_templates() / "model_card.md.j2")


def test_code_is_kept_for_the_source_and_the_way_to_escape_that_it_was_made_of(tmp_path: Path) -> None:
    template = tmp_path / "templates" / "kept.j2"
    template.parent.mkdir()
    template.write_text('{{ "a*b<c" | worded }}', encoding="utf-8")

    def shown(kind: str) -> str:
        return render.environment(tmp_path, kind).get_template("kept.j2").render()

    assert [shown(kind) for kind in ("markdown", "html", "markdown")] == [r"a\*b&lt;c", "a*b&lt;c", r"a\*b&lt;c"]
    template.write_text('{{ "edited" }}', encoding="utf-8")
    assert shown("markdown") == "edited"
    elsewhere = tmp_path / "elsewhere" / "templates" / "kept.j2"
    elsewhere.parent.mkdir(parents=True)
    elsewhere.write_text("another", encoding="utf-8")
    assert render.environment(tmp_path / "elsewhere", "markdown").get_template("kept.j2").render() == "another"
    assert shown("markdown") == "edited"


def test_cells(tmp_path: Path) -> None:
    cell = render.environment(tmp_path, "markdown").filters["cell"]
    assert [str(cell(value)) for value in (None, True, 1797, 0.031415926, "a|b")] == [
        "–",
        "yes",
        "1,797",
        "0.03142",
        "a&#124;b",
    ]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (1797, "1,797"),
        (-1234567, "-1,234,567"),
        (0.5, "0.5"),
        (3.0, "3"),
        (0.0314159, "0.03142"),
        (12345.678, "12,346"),
        (1e-9, "1e-09"),
        (-0.25, "-0.25"),
        (99.996, "100"),
    ],
)
def test_number(value: float, shown: str) -> None:
    assert render.number(value) == shown


def test_write_if_changed_replaces_in_one_step(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b.md"
    assert render.write_if_changed(path, "ä\n")
    before = path.stat().st_mtime_ns
    assert not render.write_if_changed(path, "ä\n")
    assert path.stat().st_mtime_ns == before
    assert render.write_if_changed(path, "b\n")
    assert path.read_bytes() == b"b\n"
    assert [child.name for child in path.parent.iterdir()] == ["b.md"]


def test_tidy() -> None:
    assert render.tidy("\n\na\n\n\n\nb\n\n") == "a\n\nb\n"


def test_lines_of_a_list_stay_apart_and_wrapped_lines_are_joined() -> None:
    text = (
        "Two sources,\nin order:\n- the *first*\n- the second,\n  which is larger\n\n1. read\n2) typed\n\nIn 1990.\n- 5"
    )
    assert render.paragraphs_of(text) == [
        "Two sources, in order:",
        "- the *first*",
        "- the second, which is larger",
        "1. read",
        "2) typed",
        "In 1990.",
        "- 5",
    ]
    assert render.html_paragraphs("a\n- <b>") == "<p>a</p>\n<p>- &lt;b&gt;</p>"
    assert "list" not in {token.type.split("_")[0] for token in MarkdownIt().parse(render.markdown_paragraphs(text))}


@given(st.text(alphabet="`a1|\\<>*[]()_ @:!#&~\u202e-.", max_size=30))
@settings(max_examples=400, deadline=None)
@pytest.mark.parametrize("frame", ["- {}\n", "| a |\n| --- |\n| {} |", "- [{}](#place)\n"])
def test_a_worded_text_has_code_spans_and_nothing_else(frame: str, text: str) -> None:
    said = f"column {text} with `role: private`"
    content, kinds = parse(frame.format(render.markdown_worded(said)))
    expected_content, expected = parse(frame.format("word"))
    assert kinds <= expected | {"text", "text_special", "code_inline"}
    shown = expected_content.replace("word", render.visible(said))
    assert "".join(content.split()).replace("`", "") == "".join(shown.split()).replace("`", "")
    page = Text(f"<p>{render.html_worded(said)}</p>")
    assert set(page.tags) <= {"p", "code"}
    assert page.text.replace("`", "") == render.visible(said).replace("`", "")


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_name_in_a_worded_text_does_nothing(text: str) -> None:
    content, kinds = parse(f"- column {render.markdown_worded(text)}")
    assert kinds <= parse("- word")[1] | {"text", "text_special", "code_inline"}
    shown = f"column {render.visible(text)}"
    assert "".join(content.split()).replace("`", "") == "".join(shown.split()).replace("`", "")


def test_a_worded_text_shows_its_code_and_makes_no_link() -> None:
    assert render.markdown_worded("Give it `role: private`, see https://a.example") == (
        "Give it `role: private`, see https\\://a.example"
    )
    assert render.html_worded("`a<b>` https://a.example") == "<code>a&lt;b&gt;</code> https://a.example"
