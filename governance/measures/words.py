"""What a word is, for all that compares or counts the words of texts.

Letters of scripts that are written without spaces between words (Han, Hiragana, Katakana, Thai, Lao, Khmer, Myanmar)
count as one word each, with the marks that stand on them, as a clause of them would else be one word that never comes
again. Sources: Unicode 16, Scripts.txt; on single letters of Chinese as terms: J.-Y. Nie, J. Gao, J. Zhang, M. Zhou.
On the Use of Words and N-grams for Chinese Information Retrieval. IRAL, 2000.
"""

from __future__ import annotations

import re
import unicodedata

HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
KANA = "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f"
_THAI_LAO = "\u0e01-\u0e30\u0e32\u0e33\u0e40-\u0e46\u0e81-\u0eb0\u0eb2\u0eb3\u0ebd-\u0ec6\u0edc-\u0edf"
_KHMER = "\u1780-\u17b3\u17dc"
_MYANMAR = "\u1000-\u102a\u103f\u1050-\u1055\u105a-\u105d\u1061\u1065\u1066\u106e-\u1070\u1075-\u1081\u108e"
UNSPACED = HAN + KANA + _THAI_LAO + _KHMER + _MYANMAR
"""The letters of a class in a regular expression; digits of these scripts make numbers as others do."""
_MARKS = (
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u17b4-\u17d3\u17dd"
    "\u102b-\u103e\u1056-\u1059\u105e-\u1060\u1062-\u1064\u1067-\u106d\u1071-\u1074\u1082-\u108d\u109a-\u109d"
)
LETTER = f"[{UNSPACED}][{_MARKS}]*"
"""One letter of such a script with its marks: vowels and tones."""
TERM = rf"{LETTER}|[^\W{UNSPACED}]{{2,}}"
"""A term of a TF-IDF matrix: words of two signs and more, as scikit-learn has them by default, and single letters."""
_UNSPACED = re.compile(f"[{UNSPACED}]")
_WORDS_AND_SIGNS = re.compile(rf"{LETTER}|[^\W{UNSPACED}]+|[^\w\s]+")
_SPACED_WORDS_AND_SIGNS = re.compile(r"\w+|[^\w\s]+")
# Signs that tell one thing from another: C++ and C#, 18 and 18+, -5 and 5, a smile and its contrary.
_COMPARED = re.compile(
    rf"{LETTER}|(?:(?<![\w)\]])[-+](?=\d))?[^\W_{UNSPACED}]+(?:(?:\+{{1,2}}|\#)(?![\w+#]))?"
    "|[:;=][-']?[()]|[\u2600-\u27bf\U0001f300-\U0001faff]"
)
_SPACED = re.compile(r"[^\W_]+")
_TELLING_SIGN = re.compile("[-+#()\u2600-\u27bf\U0001f300-\U0001faff]")


def unspaced(text: str) -> bool:
    """Whether `text` holds letters of a script that is written without spaces."""
    return not text.isascii() and _UNSPACED.search(text) is not None


def words_and_signs(text: str) -> list[str]:
    """Words, and runs of other signs, in order of reading."""
    return (_WORDS_AND_SIGNS if unspaced(text) else _SPACED_WORDS_AND_SIGNS).findall(text)


def plain(text: str) -> str:
    """`text` in lower case, its words (letters, digits and signs that tell) with one space between.

    What looks the same is the same: letters stored with their accents apart, full-width forms and ligatures (NFKC).
    """
    if text.isascii():
        listed = (_COMPARED if _TELLING_SIGN.search(text) else _SPACED).findall(text.lower())
    else:
        listed = _COMPARED.findall(unicodedata.normalize("NFKC", text).lower())
    return " ".join(listed)
