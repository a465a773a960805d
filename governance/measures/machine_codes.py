"""Values whose capitals and signs only machines read: addresses of the web and of mail, paths of files, random codes.

In them another capital or sign is another thing: `/Gz1Cmoh2` and `/gz1cmoh2` are two pages, and `/Gz1cmoh2` is none.
T. Berners-Lee, R. Fielding, L. Masinter. Uniform Resource Identifier: Generic Syntax, RFC 3986, section 6.2.2.1.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

OFTEN = 0.3
"""Share of the cells from which random codes are what a column holds: not each of them shows that it is one."""
CHANGES = 2
"""Changes between letters and digits, or to a capital within a word, from which it is a code."""
_ADDRESS = re.compile(
    r"[a-z][a-z\d+.-]*://\S+"  # with a scheme
    r"|(?:mailto:)?[^\s@]+@[^\s@]+\.[^\s@.]+"
    r"|(?:[^\s/.@]+\.)+[a-z]{2,}(?::\d+)?/\S*|www\.\S+"  # without one
    r"|(?:[a-z]:|~|\.{1,2})?[\\/][^\s\\/].*|/"  # a path from a root
    r"|(?:[^\\/]+[\\/])+[^\\/]*[^\s\\/]\.[a-z][a-z\d]{0,4}"  # a path to a file with an ending
    r"|[^\\/]+\.(?:csv|tsv|txt|json|xml|ya?ml|html?|pdf|docx?|xlsx?|pptx?|png|jpe?g|gif|tiff?|svg|mp[34]|wav|avi|mov|zip|gz|parquet)",
    re.IGNORECASE,
)
_CHANGE = re.compile(r"(?<=\d)(?=[^\W\d_])|(?<=[^\W\d_])(?=\d)|(?<=[a-z])(?=[A-Z])")
_ONE_WORD = re.compile(r"\S{6,}")


def addresses(counts: Mapping[str, int]) -> set[str]:
    """Addresses of the web and of mail, and paths and names of files, among the values."""
    return {value for value in counts if _ADDRESS.fullmatch(value.strip())}


def of_random_codes(counts: Mapping[str, int]) -> bool:
    """Whether cells hold one word each in which letters, digits and capitals change again and again, as base64 does."""
    codes = sum(cells for value, cells in counts.items() if _is_random(value.strip()))
    return codes >= OFTEN * max(sum(counts.values()), 1)


def _is_random(value: str) -> bool:
    return _ONE_WORD.fullmatch(value) is not None and len(_CHANGE.findall(value)) >= CHANGES
