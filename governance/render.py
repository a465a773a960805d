"""Rendering: the Jinja environments, and everything that makes dataset text harmless in them.

Text from a dataset is hostile: a column may be called `<script>`, a class `| [x](http://y)`. Both environments
escape every value that a template prints, by default and without the template's help. Only values of type
`Markup`, which the filters below and macros return, pass as they are.

Templates may come from a pull request. They are sandboxed, and callers hand them plain values only: never a path,
an open file or an object with a method that does something.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import FileSystemLoader, StrictUndefined, Undefined, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from governance.files import write_atomic
from governance.template_code import TemplateCode

_INVISIBLE = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
"""Characters that `str.isprintable` lets through and nobody can see."""
_LINE_BREAKS = {"\n": "⏎", "\r": "␍", "\t": "⇥"}
_STACKED_MARKS = 3
"""More combining marks than this on one letter cover the lines above and below it."""

_BLOCK_START = re.compile(r"^(#{1,6}(?=\s|$)|[-+](?=\s|$)|[-=](?=[-=\s]*$)|>)")
_LIST_NUMBER = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")
_PARAGRAPHS = re.compile(r"\n[ \t]*\n|\n(?=[ \t]*(?:[-*•]|\d{1,3}[.)])[ \t])")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_SHORTCODE = re.compile(r":(?=[a-zA-Z0-9_+-]+:)")
_LONE_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
"""Between two letters or digits an underscore means nothing to Markdown: `mean_radius` stays readable."""
_IN_PROSE = re.compile(r"`(?P<code>[^`]+)`|(?<!\w)(?P<link>https?://[\w.~:/?#@!$&'*+,;=%-]*[\w/~=&#%-])", re.ASCII)
_CODE = re.compile(r"`(?P<code>[^`\n]+)`")
_MAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")
_URL = re.compile(r"https?://[A-Za-z0-9._~:/?#@!$&'()*+,;=%\[\]-]+")


_CODE_OF_TEMPLATES = {"markdown": TemplateCode(), "html": TemplateCode()}


def package_templates() -> Path:
    """Folder of the templates that travel with the package, also in a source checkout."""
    inside = Path(__file__).parent / "templates"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "templates"


def environment(workspace: Path, format: str) -> ImmutableSandboxedEnvironment:
    """The Jinja environment for `markdown` or `html`. The workspace's own templates/ win over the package's."""
    escapes: dict[str, Callable[[str], Markup]] = {"markdown": escape_markdown, "html": escape_html}
    jinja = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader([workspace / "templates", package_templates()]),
        bytecode_cache=_CODE_OF_TEMPLATES[format],
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalizer(escapes[format]),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    jinja.filters["number"] = number
    if format == "markdown":
        jinja.filters |= {"code": markdown_code, "link": markdown_link}
        jinja.filters |= {"prose": markdown_prose, "paragraphs": markdown_paragraphs}
        jinja.filters["worded"] = markdown_worded
        jinja.filters["cell"] = lambda value: markdown_worded(_cell(value))
    else:
        jinja.filters |= {"link": html_link, "prose": html_prose, "paragraphs": html_paragraphs}
        jinja.filters["worded"] = html_worded
        jinja.filters["cell"] = lambda value: html_worded(_cell(value))
    return jinja


def _finalizer(escape_text: Callable[[str], Markup]) -> Callable[[Any], Markup]:
    def finalize(value: Any) -> Markup:
        if isinstance(value, Markup):
            return value
        if isinstance(value, Undefined):
            return Markup(str(value))  # noqa: S704 - StrictUndefined raises here, with the name in its message
        if value is None:
            raise UndefinedError("a template prints None; it must say what stands there instead")
        return escape_text(number(value) if isinstance(value, float) else str(value))

    return finalize


def visible(text: str) -> str:
    """`text` on one line with every character that cannot be seen, or that moves others, spelled out.

    Control characters, ANSI escapes, bidirectional overrides, zero-width and tag characters become `⟨U+202E⟩`.
    """
    if text.isprintable() and text.isascii():
        return text
    shown, marks = [], 0
    for character in text:
        category = unicodedata.category(character)
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        if character in _LINE_BREAKS:
            shown.append(_LINE_BREAKS[character])
        elif (
            category in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
            or marks > _STACKED_MARKS
            or _INVISIBLE.match(character)
        ):
            shown.append(f"⟨U+{ord(character):04X}⟩")
        else:
            shown.append(character)
    return "".join(shown)


def escape_html(text: str) -> Markup:
    """`text` as HTML that shows it and does nothing else. Safe between tags and inside quoted attributes."""
    return escape(visible(text))


def escape_markdown(text: str) -> Markup:
    """`text` as one line of GitHub-flavoured Markdown that shows it and does nothing else.

    Safe at the start of a line, in a list item, in a heading, in a table cell and in the brackets of an image.
    Mentions and shortcodes are made by code hosts after Markdown, so an empty-handed span splits them.
    """
    return _line(_inline(visible(text).strip()))


def _inline(text: str) -> str:
    text = re.sub(r"([\\*\[\]~$])", r"\\\1", text)
    text = _LONE_UNDERSCORE.sub(r"\\_", text)
    text = _ENTITY.sub("&amp;", text)
    text = text.replace("<", "&lt;").replace("|", "&#124;").replace("`", "&#96;")
    text = text.replace("://", r"\://")
    text = re.sub(r"(?i)\b(www)\.", r"\1\\.", text)
    text = _SHORTCODE.sub("<span>:</span>", text)
    return re.sub(r"@(?=\w)", "<span>@</span>", text)


def _line(text: str) -> Markup:
    """`text`, already escaped, so that it starts no heading, list, quote or rule."""
    text = _BLOCK_START.sub(r"\\\1", text)
    return Markup(_LIST_NUMBER.sub(r"\1\\\2", text))  # noqa: S704 - this is the escaping


def markdown_code(text: str) -> Markup:
    """`text` as a code span, or as escaped text where a code span could not show it."""
    shown = visible(text)
    if not shown.strip() or re.search(r"[`|\\]|^\s|\s$", shown):
        return escape_markdown(text)
    return Markup(f"`{shown}`")  # noqa: S704 - nothing is interpreted inside a code span but what was excluded


def markdown_prose(text: str) -> Markup:
    """A paragraph that a person wrote. Code spans and bare addresses work; nothing else does."""
    show = {"text": lambda part: _inline(visible(part)), "code": markdown_code, "link": markdown_link}
    return _line("".join(show[kind](part) for kind, part in _prose(text)))


def markdown_worded(text: str) -> Markup:
    """A sentence of ours, which may hold names from the data: code spans work, and nothing else does, links neither."""
    show = {"text": lambda part: _inline(visible(part)), "code": markdown_code}
    return _line("".join(show[kind](part) for kind, part in _prose(text.strip(" "), _CODE)))


def html_worded(text: str) -> Markup:
    """A sentence of ours, which may hold names from the data: code spans work, and nothing else does, links neither."""
    show = {"text": escape_html, "code": html_code}
    return Markup().join(show[kind](part) for kind, part in _prose(text, _CODE))


def html_prose(text: str) -> Markup:
    """A paragraph that a person wrote. Code spans and bare addresses work; nothing else does."""
    show = {"text": escape_html, "code": html_code, "link": html_link}
    return Markup().join(show[kind](part) for kind, part in _prose(text))


def markdown_paragraphs(text: str) -> Markup:
    """Prose with its paragraphs kept, each on one line."""
    return Markup("\n\n").join(markdown_prose(paragraph) for paragraph in paragraphs_of(text))


def html_paragraphs(text: str) -> Markup:
    """Prose with its paragraphs kept, as `<p>` elements."""
    return Markup("\n").join(Markup("<p>{}</p>").format(html_prose(part)) for part in paragraphs_of(text))


def html_code(text: str) -> Markup:
    """`text` as `<code>`."""
    return Markup("<code>{}</code>").format(escape_html(text))


def _prose(text: str, marked: re.Pattern[str] = _IN_PROSE) -> Iterator[tuple[str, str]]:
    """`text` in parts: words, what stands between backticks, and web addresses where `marked` finds them."""
    end = 0
    for match in marked.finditer(text):
        yield "text", text[end : match.start()]
        found = {kind: part for kind, part in match.groupdict().items() if part is not None}
        yield from found.items()
        end = match.end()
    yield "text", text[end:]


def paragraphs_of(text: str) -> list[str]:
    """The paragraphs of `text`, each on one line. A line that begins as an item of a list is one of its own."""
    parts = _PARAGRAPHS.split(text.replace("\r\n", "\n"))
    return [" ".join(line.strip() for line in part.split("\n")).strip() for part in parts if part.strip()]


def _is_mail(text: str) -> bool:
    return bool(_MAIL.fullmatch(text))


def web_address(text: str) -> str | None:
    """`text` when it is a plain http(s) address that is safe to link to, else None."""
    if not _URL.fullmatch(text):
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return text if parts.hostname and "@" not in parts.netloc else None


def markdown_link(text: str) -> Markup:
    """A declared web or mail address as a link; anything else as text."""
    if web_address(text) or _is_mail(text):
        return Markup(f"<{text}>")  # noqa: S704 - both patterns exclude what could end the link
    return escape_markdown(text)


def html_link(text: str) -> Markup:
    """A declared web or mail address as a link; anything else as text."""
    if _is_mail(text):
        return Markup('<a href="mailto:{0}">{0}</a>').format(text)
    if web_address(text):
        return Markup('<a href="{0}" rel="noopener noreferrer">{0}</a>').format(text)
    return escape_html(text)


def _cell(value: object) -> str:
    """A table's cell as text: numbers short, nothing as a dash."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return number(value) if isinstance(value, int | float) else shorten(str(value))


def number(value: float) -> str:
    """A number for a reader: thousands apart, four significant digits, no trailing zeros: `1,797`, `0.03142`."""
    if isinstance(value, int) or (value.is_integer() and abs(value) < 1e15):
        return f"{value:,.0f}"
    exponent = math.floor(math.log10(abs(value)))
    if not -5 < exponent < 15:
        return f"{value:.3g}"
    text = f"{value:,.{max(0, 3 - exponent)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def shorten(text: str, limit: int = 160) -> str:
    """`text`, cut at `limit` characters with an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def tidy(markdown: str) -> str:
    """Rendered Markdown with single blank lines, as a person would leave it."""
    return re.sub(r"\n{3,}", "\n\n", markdown.strip("\n")) + "\n"


def write_if_changed(path: Path, text: str) -> bool:
    """Put `text` into `path` in one step, and say whether it was another text. A reader never sees half a file."""
    content = text.encode()
    if path.is_file() and path.read_bytes() == content:
        return False
    write_atomic(path, content)
    return True
