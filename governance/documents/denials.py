"""Whether an answer denies what its question asks for, read without guessing.

Two forms count: an answer whose first words are a denial ("No.", "None is known"), and a sentence anywhere in it that
says of the question's own subject that the data holds none ("this dataset does not contain personal data",
"personal data: none", "it is fully anonymous"). A sentence that denies a denial, tells of an exception, or says what
was not done ("no personal data was removed") is none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

_START = re.compile(
    r"(no|none|nothing|nobody|never|not (any|at all)|there (is|are|was|were) (no|none|nothing|not)"
    r"|it (holds|has|contains) (no|none|nothing)|(it|the data|the dataset) (does|is|has) not|self-contained)\b"
)
_SENTENCES = re.compile(r"(?<=[.!?;])\s+")
_NOT_SO = re.compile(
    r"\b(?:not (?:true|correct|right|the case|so)|untrue|(?:false|wrong|incorrect) (?:that|to say)|nobody can say"
    r"|(?:does|would|need) not mean|cannot be (?:said|ruled out|excluded)|not (?:certain|sure|known)|if|unless|would)\b"
    r"|\bnot (?:\w+ ){0,2}(?:anonym|de-?identified)"
)
_EXCEPT = re.compile(
    r"\b(?:except|apart from|other than|besides|beyond|but for|aside from|no (?:other|further|more|additional|longer))\b"
)
_NOT_DONE = re.compile(
    r"\b(?:no|none|nothing|not|never)\b[^.;]{0,60}\b(?:removed|dropped|deleted|masked|changed|altered|edited|excluded"
    r"|filtered|left out|taken out|replaced|redacted|discarded|imputed|filled in|lost)\b"
)
SUBJECTS: Mapping[str, str] = MappingProxyType(
    {
        "composition.identifiable": r"personal(?:ly)?|identif\w+|identit\w+|names?|contact|e-?mails?|individuals?|people|persons?",
        "composition.sensitive": r"sensitive|special categor\w+|personal|health|religio\w+|ethnic\w*|political",
        "composition.subpopulations": r"sub-?populations?|sub-?groups?|groups?|sensitive|demographics?",
        "composition.confidential": r"confidential|secrets?|passwords?|keys|tokens|private|privileged|personal",
        "composition.missing": r"missing|empty|gaps?|nulls?|incomplete",
        "composition.relationships": r"relation\w*|links?|groups?|repeated|connect\w+",
        "composition.external": r"links?|external|web|urls?|address\w*|resources?",
        "composition.labels": r"labels?|targets?|classes|annotations?",
    }
)
"""What each question asks for, as words of an answer (regular expression)."""
_ANONYMOUS = re.compile(
    r"\b(?:is|are|was|were|been)(?: (?:all|now|fully|completely|entirely|totally|strictly|properly|thus|therefore)){0,2}"
    r" (?:anonymous|anonymi[sz]ed|de-?identified)\b|^(?:fully |completely |entirely )?(?:anonymous|anonymi[sz]ed)\b"
)
_OF_PEOPLE = frozenset({"composition.identifiable", "composition.sensitive", "composition.confidential"})
_HOLDS = r"(?:contains?|holds?|has|have|includes?|carries|carry|stores?|keeps?|comprises?)"
_HOLD = r"(?:contain|hold|have|include|carry|store|keep|comprise|contains|include)"
_PRESENT = r"(?:included|present|contained|stored|held|kept|recorded|collected|found|there|in (?:it|the data|this))"


def denies(answer: str, question: str) -> bool:
    """Whether `answer` denies what `question` (its id) asks for."""
    sentences = _SENTENCES.split(" ".join(answer.lower().replace("’", "'").replace("n't", " not").split()))
    if _START.match(sentences[0]) and not _qualified(sentences[0]):
        return True
    subject = SUBJECTS.get(question)
    if subject is None:
        return False
    says = _says_none_of(subject)
    return any(
        (says.search(sentence) or (question in _OF_PEOPLE and _ANONYMOUS.search(sentence))) and not _qualified(sentence)
        for sentence in sentences
    )


def _qualified(sentence: str) -> bool:
    return bool(_NOT_SO.search(sentence) or _EXCEPT.search(sentence) or _NOT_DONE.search(sentence))


def _says_none_of(subject: str) -> re.Pattern[str]:
    """Sentences by which the data holds nothing of `subject`. Compiled patterns are kept by `re`."""
    what = rf"(?:[\w-]+,? ){{0,3}}?(?:{subject})\b"
    return re.compile(
        rf"\b{_HOLDS} (?:absolutely |at all )?(?:no|neither|not any|none of the) {what}"
        rf"|\b(?:does|do|did) not (?:\w+ )?{_HOLD} (?:any |a )?{what}"
        rf"|\bthere (?:is|are|was|were) (?:no|not any) {what}"
        rf"|\b(?:without(?: any)?|free (?:of|from)(?: any)?|devoid of(?: any)?) {what}"
        rf"|\bno {what}(?: \w+){{0,2}} (?:is|are|was|were) {_PRESENT}\b"
        rf"|\b(?:{subject})(?: [\w-]+){{0,2}} ?[:=–-] ?(?:none|no|nothing|absent|not (?:present|included|any))\b"
        rf"|\b(?:{subject})(?: [\w-]+){{0,2}} (?:is|are|was|were) (?:not|never) {_PRESENT}\b"
    )
