"""Which texts only hold an answer's place: "TBD", "n. a.", a template's own words, the question again.

A text is compared in the form that is left when what people put around such words is gone: characters that nobody
sees, marks of Markdown and comments, a label such as `Answer:`, and dots, slashes and spaces within an abbreviation.
Nothing that says something is refused for being short: "No.", "Nobody paid for it.", "None: no money was paid.".
"""

from __future__ import annotations

import re
import unicodedata

from governance.documents.questions import Question

_ABBREVIATIONS = frozenset(
    {"tbd", "tba", "tbc", "tbs", "todo", "fixme", "wip", "na", "nil", "null", "idk", "ka", "xxx", "asdf"}
)
"""As they are left without dots, slashes and spaces."""
_WORDS = frozenset(
    {"unknown", "unclear", "unsure", "unspecified", "later", "soon", "pending", "test", "foo", "bar", "dummy", "idem"}
    | {"ditto", "placeholder", "lorem ipsum", "answer", "answer here", "your answer", "fill in", "fill me in", "to do"}
    | {"more information needed", "to follow", "will follow", "follows", "to come", "coming soon", "in progress"}
    | {"work in progress", "not sure", "no idea", "not applicable", "not specified", "not provided", "not stated"}
    | {"not filled in", "not available", "not known", "not yet known", "not yet specified", "not yet decided"}
    | {"no answer", "no comment", "no information", "see above", "see below", "as above", "same as above"}
    | {"see previous answer", "keine angabe", "keine ahnung", "unbekannt", "folgt", "siehe oben", "weiß nicht"}
    | {"entfällt", "inconnu", "sans objet", "à compléter", "à définir", "desconocido", "por definir", "no aplica"}
)
_OPEN = re.compile(
    r"(?:(?:this |it |that )?(?:is |has |still |yet )*)to be (?:added|announced|clarified|completed|confirmed|decided|"
    r"defined|determined|discussed|documented|done|filled(?: in)?|provided|specified|updated|written)"
    r"|(?:sorry )?(?:i|we) (?:really |honestly )?(?:dont|do not|cannot|cant) (?:know|say|tell|remember)(?: this| that)?"
    r"|(?:im|i am|we are) not (?:sure|certain)|dont know|do not know"
)
_TAIL = re.compile(r"(?: (?:yet|later|soon|still|asap|shortly|sorry|please|here))+$")
_START = re.compile(r"(?:tbd|todo|fixme|xxx|lorem ipsum)\b")
_SHORT = 60
"""Characters of a text that is taken for a note to oneself when such a word stands in it."""
_NOTE = re.compile(r"\b(?:TBD|TBA|TBC|TODO|FIXME|XXX|tbd|fixme|Tbd|Fixme)\b|\b[Tt]o-?[Dd]o:")
_TEMPLATE = re.compile(
    r"(?:please )?(?:insert|enter|fill in|type|write|put|add) (?:your |the |an? )?(?:\w+ )?"
    r"(?:answer|text|description|here|reason)\b"
    r"|(?:please )?(?:replace (?:this|me|with)|delete this)\b"
    r"|(?:please )?(?:describe|explain|specify|state|clarify|elaborate on|provide|give|indicate|list|name|complete) "
    r"(?:who|whom|whose|what|which|how|why|when|where|whether|if|your|here|details|(?:an? |the |any )?(?:short |brief )?"
    r"(?:description|information|answer|explanation|summary|reason))\b"
)
_SLOT = re.compile(r"<[^<>]*>|\[[^\[\]]*\]|\{\{.*\}\}|_{3,}|\.{3,}", re.DOTALL)
"""What templates print where somebody should write; an answer that is nothing else is none."""
_HUB_SLOT = "[more information needed]"
_LABEL = re.compile(
    r"^(?:(?:my |your |the )?(?:answers?|reasons?|responses?|reply|notes?|comments?|antwort|begründung)|a)\s*[:=]\s*",
    re.IGNORECASE,
)
_DOTTED = re.compile(r"\b\w(?:\.\s?\w)+\b\.?|\b[nN]\s?/\s?[aA]\b")
"""An abbreviation with its dots or slash: t.b.d., n/a, k. A."""
_MARKS = re.compile(r"[\s_*<>\[\](){}\"`#|~]+|//|<!--|-->")
_EDGES = " .!?:;,-–—/\\="


def placeholder(text: str, question: Question | None = None) -> str:
    """Why `text` is no answer, as the end of a sentence; empty when it is one."""
    if not text.strip():
        return "empty"
    seen = _visible(text).strip()
    why = f"placeholder text ({text.strip()[:40]!r})"
    core = _core(seen)
    if not any(character.isalnum() for character in core):
        return why
    if _SLOT.fullmatch(seen) or _HUB_SLOT in seen.lower() or _holds_a_place(core.lower()):
        return why
    if core == seen and core.lower() == "none":  # what programs print for nothing; "None." is a sentence
        return why
    if len(core) <= _SHORT and _NOTE.search(_undotted(core)):
        return why
    if question is None:
        return ""
    if _bare(seen) == _bare(question.question):
        return "the question itself"
    if _bare(seen) in {_bare(part) for part in (question.hint, question.person) if part}:
        return "the form's own words"
    return ""


def _holds_a_place(core: str) -> bool:
    phrase = " ".join(core.replace("'", "").split())
    short = _TAIL.sub("", phrase)
    if {phrase, short} & _WORDS or _OPEN.fullmatch(short):
        return True
    parts = [part for part in re.split(r"[\s,;:/|&+-]+", _undotted(phrase)) if part]
    if _squeezed(phrase) in _ABBREVIATIONS or all(part in _ABBREVIATIONS | _WORDS for part in parts):
        return True
    if core == "x" or (len(core) > 1 and not core.isdigit() and len(set(core)) == 1):
        return True
    return bool(_START.match(_undotted(phrase)) or _TEMPLATE.match(phrase))


def _visible(text: str) -> str:
    """`text` without characters of no width (Unicode's category Cf), in its plainest form (NFKC)."""
    plain = unicodedata.normalize("NFKC", text).replace("’", "'")
    return "".join(character for character in plain if unicodedata.category(character) != "Cf")


def _core(text: str) -> str:
    """`text` without marks, labels, and what stands at its edges."""
    core = _MARKS.sub(" ", text).strip(_EDGES)
    while (shorter := _LABEL.sub("", core).strip(_EDGES)) != core:
        core = shorter
    return core


def _undotted(text: str) -> str:
    return _DOTTED.sub(lambda found: _squeezed(found[0]) + " ", text).strip()


def _squeezed(text: str) -> str:
    return re.sub(r"[\s./\\-]+", "", text)


def _bare(text: str) -> str:
    return re.sub(r"\s+", " ", text).lower().strip(" .!?:;,-")
