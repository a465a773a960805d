"""Addresses of network devices (MAC) in text."""

from __future__ import annotations

import re
from collections.abc import Iterator

_MAC = re.compile(
    r"(?:(?<![\w:-])|(?<=[A-Za-z_]{3}:))[0-9A-Fa-f]{2}([:-])(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}(?![\w:-])|(?<![\w.])(?:[0-9a-fA-F]{4}\.){2}[0-9a-fA-F]{4}(?![\w.])",
    re.ASCII,
)
_MAC_BARE = re.compile(
    r"(?i)\b(?:mac|bssid|ethernet)(?: ?addr(?:ess)?)?\W{1,3}((?=[0-9a-f]{0,11}[a-f])(?=[a-f]{0,11}\d)[0-9a-f]{12})(?!\w)"
)
_MAC_WORDS = re.compile(r"(?i)\b(?:mac|bssid|ethernet|hwaddr|wifi|device)[^\d\n]{0,30}$")


def find_macs(text: str) -> Iterator[tuple[int, int, float]]:
    """Start, end and score of MAC addresses; without separators, or of digits only, where a word announces one."""
    for match in _MAC.finditer(text):
        signs = set(match[0]) - set(":-.")
        if len(signs) == 1:  # all devices, or none
            continue
        if match[1] and signs.isdisjoint("abcdefABCDEF") and not _MAC_WORDS.search(text[: match.start()]):
            continue  # two digits six times are times and sizes more often
        yield match.start(), match.end(), 0.88
    for match in _MAC_BARE.finditer(text):
        yield match.start(1), match.end(1), 0.85
