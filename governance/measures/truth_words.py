"""Words for true and false in a column that uses more than one pair of them: yes and no beside Y, N, 1 and 0."""

from __future__ import annotations

from collections.abc import Mapping

PAIRS = (
    ("yes", "no"), ("y", "n"), ("true", "false"), ("t", "f"), ("1", "0"), ("on", "off"), ("ja", "nein"), ("j", "n"),
    ("oui", "non"), ("si", "no"), ("sí", "no"), ("wahr", "falsch"),
)  # fmt: skip
TRUE, FALSE = (frozenset(pair[side] for pair in PAIRS) for side in (0, 1))
NEARLY_ALL = 0.9
"""Share of the known cells that must be such words: t and f may mean anything beside others."""


def spellings(counts: Mapping[str, int]) -> dict[str, str]:
    """Values in another pair of words than the most frequent one, with the word of that pair; capitals do not count."""
    words = {value: value.strip().casefold() for value in counts}
    known = {value: word for value, word in words.items() if word in TRUE or word in FALSE}
    cells = sum(counts[value] for value in known)
    if cells < NEARLY_ALL * sum(counts.values()):
        return {}
    told = {word: sum(counts[value] for value, one in known.items() if one == word) for word in known.values()}
    if not TRUE & told.keys() or not FALSE & told.keys():
        return {}
    # The pair of which both words are usual, and of these the most frequent.
    usual = max(
        PAIRS, key=lambda pair: (min(told.get(word, 0) for word in pair) > 0, sum(told.get(w, 0) for w in pair))
    )
    written = {
        word: max((v for v in known if known[v] == word), key=lambda v: (counts[v], v), default=word) for word in usual
    }
    return {value: written[usual[word in FALSE]] for value, word in known.items() if word not in usual}
