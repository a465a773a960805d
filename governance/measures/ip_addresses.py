"""Addresses of the internet in text, told from versions of programs, which are four small numbers with dots as well.

No list of addresses is used: what a number is, its size, what stands beside it and the words before it say.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from governance.measures.account_numbers import BEFORE
from governance.measures.separators import found_apart

_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_IP4 = re.compile(rf"(?<![\w.-])(?:{_OCTET}\.){{3}}{_OCTET}(?![\w-]|\.\d)", re.ASCII)
_IP6 = re.compile(r"(?<![\w:.])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?:(?:\.\d{1,3}){3})?(?![\w:]|\.\d)", re.ASCII)
_PAIRS = re.compile(r"[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){7}")
"""A device or a disk by eight bytes (EUI-64, WWN): addresses of the internet begin with a longer group, or are short."""
_ADDRESS = r"\bip\b|\bip_|\baddress|\bssh\b|\bping\w*|\bcurl\b|\bdns\b|@$"
_MACHINE = r"\bhost|\bserver|\bnetwork|\bclient|\bremote|\bgateway\b|\bproxy\b|\bpeer\b"
"""Words of what has an address, and a version as well."""
_ONLINE = (
    r"\blog(?:ged|ging)?[ -]?(?:in|on)s?\b|\bsubnet|\bconnect|\blisten|\brout(?:e|ed|ing)\b|\bresolv|\bnet ?mask|\btraffic\b"
    r"|\brequests?\b|\bdownload|\bfetch|\breceiv|\bcop(?:y|ied)\b|\bsent\b|\btransfer|\bpull|\bpush"
)
"""What machines do with addresses. It makes nothing an address, and keeps one from being taken for a version."""
_ENDS = r"\b(?:src|dst)(?:\b|_)"
"""The two ends of a connection in the logs of firewalls."""
_WORDS = re.compile(rf"(?i){_ADDRESS}|{_MACHINE}|{_ENDS}|\bfrom\b")
_GUARDED = re.compile(r"(?i)\bfirewall|\b(?:un)?(?:block|bann|whitelist|blacklist)(?:ed|ing|s|list)?\b|\bban\b")
"""What is done to addresses, and to versions with smaller parts as well."""
_ADDRESS_WORDS = re.compile(rf"(?i){_ADDRESS}|{_ONLINE}")
_MACHINES = re.compile(rf"(?i){_MACHINE}")
_DIRECTLY = re.compile(
    rf"(?i)(?:{_ADDRESS}|{_MACHINE}|{_ONLINE}|\b(?:on|at|by|against)\b)[\w-]{{0,3}}(?:\W+(?:is|was))?\W*$"
)
"""Right before a number these say that it is an address, whatever was changed there."""
_PORT = re.compile(r":\d{2,5}\b|/[12]?\d\b| - - \[")
"""What follows an address and no version: a port, the bits of a network, or the next field of a web server's log."""
_VERSION_WORDS = re.compile(
    r"(?i)(?:\bv|\bver|version|release|build|section|chapter|firmware|driver|\bsince|\bupgraded? to|\boffice|\bchrome|\bupdate"
    r"|\bkernel|\bbios|\bpatch|\brevision|\brev|\bhotfix|\bplugin|\bpackage|\bsdk|\bapp|[\^~]|[~=<>]=)\W*$"
)
_SURE_VERSION = re.compile(r"(?i)(?:\bversions?|\brelease|\bfirmware)(?:[^\w\n]|is|was|no\b|number|nr\b){0,4}$")
"""Right before a number these say what it is, whatever machines the words further off speak of."""
_CHANGED = (
    r"(?:(?:up|down)grad(?:ed?|es|ing)|updat(?:ed?|es|ing)|bump(?:s|ed|ing)?|roll(?:s|ed|ing)? ?back|revert(?:s|ed|ing)?"
    r"|flash(?:ed|es|ing)?|patch(?:ed|es|ing)?)"
)
_CHANGED_TO = re.compile(
    rf"(?i)\b{_CHANGED}(?: (?!from\b)[\w-]+){{0,2}} (?:to|past|beyond|with|towards)(?: v(?:ersion)?)?\W*$"
)
_CHANGED_FROM = re.compile(rf"(?i)\b{_CHANGED}(?: [\w.-]+){{0,4}}? from(?: v(?:ersion)?)?\W*$")
_OF_PROGRAMS = re.compile(
    rf"(?i)\b{_CHANGED}\b|\bversion|\brelease|\bfirmware|\bbuild|\bdriver|\bpackage|\bplugin|\bsoftware|\bkernel|\bbios\b|\bsdk\b"
    r"|\bapp\b|\binstall|\blibrary|\bdependenc|\bpatch|\bchangelog|\bmigrat"
)
_NUMBERS = r"v?\d{1,5}(?:\.\d{1,5}){1,3}(?:-?(?:alpha|beta|rc|b)\d*)?"
_LINK = r"\)?,? ?(?:\bup to\b|\bto\b|\bthrough\b|\buntil\b|\bbis\b|\bauf\b|\bnach\b|\bà\b|\bvers\b|-+>|=>|→|➜|»|\bvs\.?|\binstead of\b|\bover\b) ?\(?(?:\bversion |\bv\.? ?)?"
_LEFT = re.compile(rf"(?i)(?<![\w.-])({_NUMBERS}){_LINK}$")
_RIGHT = re.compile(rf"(?i){_LINK}({_NUMBERS})(?![\w-]|\.\d)")
_THREE = re.compile(r"v?\d{1,3}\.\d{1,3}\.\d{1,5}(?![\w-]|\.\d)")
_ALIKE = re.compile(
    r"(?<![\w.-])v?\d{1,3}\.\d{1,3}\.\d{1,3}(?![\w-]|\.\d)|(?<![\w.-])v\d{1,3}(?:\.\d{1,3}){1,3}(?![\w-]|\.\d)"
)
"""A version beside the number, written with fewer parts or with a `v`."""
_NOBODYS = re.compile(r"(?:127|0|255)\.|(?:\d+\.){3}0/(?:[89]|[12]\d)\b")
"""The machine itself, any address, masks, and networks."""
_SENTENCE = re.compile(r"[.!?;] |\n")
LARGE = 100
"""A part from which on a number is hardly a version's: few programs have had so many, none of them in every part."""


def find_ips(text: str) -> Iterator[tuple[int, int, float]]:
    """Start, end and score from 0 to 1 of each address in `text`; 0.4 where it is as likely a version."""
    for match in _IP4.finditer(text):
        if _NOBODYS.match(text, match.start()):
            continue
        before = text[max(0, match.start() - BEFORE) : match.start()]
        port = _PORT.match(text, match.end()) is not None
        if not port and _is_version(text, match, before):
            continue
        said = port or found_apart(_WORDS, before)
        if not said and _VERSION_WORDS.search(before):
            continue
        octets = [int(octet) for octet in match[0].split(".")]
        large = sum(octet >= LARGE for octet in octets[1:])
        small = (octets[0] < 10 or max(octets) < 20) and large < 3  # as the parts of versions are
        doubted = small and not said and not (large == 2 and _guarded(text, match, before))
        yield match.start(), match.end(), 0.4 if doubted else 0.85
    for match in _IP6.finditer(text):
        candidate = match[0]
        if sum(bool(group) for group in candidate.split(":")) < 2 or not any(sign.isdigit() for sign in candidate):
            continue
        if _PAIRS.fullmatch(candidate):
            continue
        try:
            ipaddress.IPv6Address(candidate)
        except ValueError:
            continue
        yield match.start(), match.end(), 0.9


def said_to_be_version(before: str) -> bool:
    """Whether words that end with `before` announce a version, and no address of a machine."""
    return _VERSION_WORDS.search(before) is not None


def said_to_be_address(words: str) -> bool:
    """Whether `words` (small letters, apart) announce addresses of the internet."""
    return _WORDS.search(words) is not None


def _guarded(text: str, match: re.Match[str], before: str) -> bool:
    """Whether the sentence says that the number is kept out, or let in."""
    after = _SENTENCE.split(text[match.end() : match.end() + BEFORE])[0]
    return _GUARDED.search(f"{_SENTENCE.split(before)[-1]} {after}") is not None


def _is_version(text: str, match: re.Match[str], before: str) -> bool:
    """Whether the words or numbers around say so, against words further off that go with both."""
    if _SURE_VERSION.search(before):
        return True
    chain, head = _chain(text, match)
    if found_apart(_DIRECTLY, head):
        return False
    if any(_THREE.fullmatch(other) or other[0] in "vV" for other in chain):
        return True
    sentence = _SENTENCE.split(head)[-1]
    if (
        found_apart(_ADDRESS_WORDS, sentence)
        or int(match[0].split(".")[0]) >= LARGE
        or any(int(other.lstrip("vV").split(".")[0]) >= LARGE for other in chain)
    ):
        return False
    if chain:
        return _OF_PROGRAMS.search(sentence) is not None and not _private(match[0], *chain)
    if _CHANGED_TO.search(sentence) or (_CHANGED_FROM.search(sentence) and not _private(match[0])):
        return True
    after = _SENTENCE.split(text[match.end() : match.end() + BEFORE])[0]
    around = f"{sentence} {after}"
    return all((_ALIKE.search(around), _OF_PROGRAMS.search(around), not found_apart(_MACHINES, around)))


def _chain(text: str, match: re.Match[str]) -> tuple[list[str], str]:
    """The numbers that `match` is joined to (`from 1.7.8 to 7.7.6.8`), and what stands before the first of them."""
    others = []
    start = match.start()
    while left := _LEFT.search(text[max(0, start - BEFORE) : start]):
        others.append(left[1])
        start = max(0, start - BEFORE) + left.start()
    end = match.end()
    while right := _RIGHT.match(text, end):
        others.append(right[1])
        end = right.end()
    return others, text[max(0, start - BEFORE) : start]


def _private(*numbers: str) -> bool:
    """Whether any is an address of a network within a house (RFC 1918), as no version begins."""
    return any(number.startswith(("192.168.", "10.0.0.")) for number in numbers)
