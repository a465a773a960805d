"""Keys, tokens and passwords: forms that their issuers made recognisable, and assignments of random-looking text."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator

_ISSUED = re.compile(
    "|".join(
        [
            r"(?<![A-Z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Z0-9])",  # Amazon Web Services
            r"\bgh[pousr]_[A-Za-z0-9]{36,255}\b|\bgithub_pat_\w{22,255}\b",
            r"\bgl(?:pat|ptt|dt|rtr?|soat|cbt|ffct|ft|imt|agent|oas|wt)-[\w-]{20,64}",
            r"\bxox[abeoprs]-[\w-]{10,250}|\bxapp-\d-[\w-]{20,200}",
            r"https://hooks\.slack\.com/(?:services|workflows)/[\w/]{20,120}",
            r"\b[srp]k_(?:live|test)_[A-Za-z0-9]{16,247}\b|\bwhsec_[A-Za-z0-9]{24,64}\b",
            r"\bAIza[\w-]{35}(?![\w-])|\bya29\.[\w-]{20,300}|\bGOCSPX-[\w-]{28}",  # Google
            r"\bsk-(?=[\w-]{0,250}\d)(?:proj-|svcacct-|ant-(?:api|admin)\d\d-|or-v1-)?[A-Za-z0-9][\w-]{19,250}",
            r"\bhf_[A-Za-z]{30,40}\b|\bhf_[A-Za-z0-9]{34}\b",
            r"\bnpm_[A-Za-z0-9]{36}\b|\bpypi-AgE[\w-]{50,300}|\bdckr_[po]at_[\w-]{27,32}|\brubygems_[0-9a-f]{48}\b",
            r"\bSG\.[\w-]{22}\.[\w-]{43}|\bkey-[0-9a-f]{32}\b|\b[0-9a-f]{32}-us\d{1,2}\b",
            r"\b(?:SK|AC)[0-9a-f]{32}\b|(?:\b|(?<=bot))\d{8,10}:AA[\w-]{33}(?![\w-])",  # Twilio, Telegram
            r"(?<![\w~.-])[\w~.-]{3}\dQ~[\w~.-]{31,34}(?![\w~.-])|(?<=[?&]sig=)[A-Za-z0-9%/+]{40,90}",  # Azure
            r"\bGR1348941[\w-]{20}|\bHRKU-[\w-]{36,60}|\bsecret_[A-Za-z0-9]{43}\b|\bpscale_(?:tkn|oauth|pw)_[\w.-]{32,64}|\bpul-[0-9a-f]{40}\b",
            r"\bsl\.[\w-]{130,}|\b[A-Za-z0-9]{14}\.atlasv1\.[\w-]{60,70}|\b1//0[\w-]{40,110}|\bEAA[A-Za-z0-9_-]{60,300}",
            r"\b[MNO][\w-]{23,25}\.[\w-]{6}\.[\w-]{27,38}\b",  # Discord
            r"\bdo[opr]_v1_[0-9a-f]{64}\b|\bshp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}\b|\bsq0(?:atp|csp)-[\w-]{22,43}",
            r"\bglsa_[A-Za-z0-9]{32}_[0-9a-f]{8}\b|\bNRAK-[A-Z0-9]{27}\b|\bNRII-[\w-]{32}(?![\w-])|\bdapi[0-9a-f]{32}\b|\bATATT3[\w=-]{100,300}",
            r"\bgsk_[A-Za-z0-9]{52}\b|\bxai-[A-Za-z0-9]{80}\b|\bnvapi-[\w-]{60,70}|\br8_[A-Za-z0-9]{37}\b|\bntn_[A-Za-z0-9]{40,50}\b",
            r"\bhv[sbr]\.[\w-]{24,300}|\bdp\.(?:pt|st|ct|sa|scim|audit)\.[\w.-]{40,80}|\bsntry[su]_[\w+/=-]{40,300}",  # Vault, Doppler, Sentry
            r"\bfigd_[\w-]{40,60}|\blin_api_[A-Za-z0-9]{40}\b|\bsbp_[0-9a-f]{40}\b|\bPMAK-[0-9a-f]{24}-[0-9a-f]{34}\b",
            r"\bpat[A-Za-z0-9]{14}\.[0-9a-f]{64}\b|\bEAACEdEose0cBA[A-Za-z0-9]{10,300}|\bLTAI[A-Za-z0-9]{16,20}\b|\bAKID[A-Za-z0-9]{32}\b",
            r"\beyJ[\w-]{8,2000}\.eyJ[\w-]{8,4000}\.[\w-]{10,1000}",  # JSON web token
            r"(?<=Authorization: Basic )[A-Za-z0-9+/]{12,300}={0,2}",
            r"-----BEGIN (?:[A-Z]{2,9} )?(?:ENCRYPTED )?PRIVATE KEY(?: BLOCK)?-----(?:[^-]{0,20000}-----END [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----)?",
            r"\btskey-(?:auth|api|client|scim|webhook)-[A-Za-z0-9]{6,24}(?:-[A-Za-z0-9]{16,64})?(?![\w-])",  # Tailscale
            r"\bfo1_[\w-]{43}(?![\w-])|\bfm(?:1[ar]|2)_[A-Za-z0-9+/]{100,1000}={0,3}|\bdt0[a-z]\d\d\.[A-Z0-9]{24}\.[A-Z0-9]{64}\b",  # Fly.io, Dynatrace
            r"\bsq[aup]_[0-9a-f]{40}\b|\bsgp_(?:(?:[0-9a-f]{16}|local)_)?[0-9a-f]{40}\b|\bCCIPAT_[A-Za-z0-9]{22}_[0-9a-f]{40}\b",  # Sonar, Sourcegraph, CircleCI
            r"\bAKCp[A-Za-z0-9]{69}\b|\boy2[a-z0-9]{43}\b|\bCLOJARS_[0-9a-f]{60}\b|\bpnu_[A-Za-z0-9]{36}\b",  # Artifactory, NuGet, Clojars, Prefect
            r"\bglc_[A-Za-z0-9+/]{32,400}={0,3}|\bsha256~[\w-]{43}(?![\w-])|\bv1\.0-[0-9a-f]{24}-[0-9a-f]{146}\b",  # Grafana, OpenShift, Cloudflare
            r"\bxkeysib-[0-9a-f]{64}-[A-Za-z0-9]{16}\b|\bshippo_(?:live|test)_[0-9a-f]{40}\b|\bEZ[AT]K[A-Za-z0-9]{54}\b",  # Brevo, Shippo, EasyPost
            r"\bpplx-[A-Za-z0-9]{48}\b|\blsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}\b|\bABSK[A-Za-z0-9+/]{109,269}={0,2}",  # Perplexity, LangSmith, Bedrock
            r"\bpat-(?:na|eu|ap)\d-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\bops_eyJ[A-Za-z0-9+/]{250,2000}={0,3}",  # HubSpot, 1Password
            r"\btfp_[\w.=-]{59}|\bduffel_(?:live|test)_[\w=-]{43}|\brdme_[a-z0-9]{70}\b|\bFLWSECK(?:_TEST)?-[a-z0-9]{32}-X\b",  # Typeform, Duffel, ReadMe, Flutterwave
            r"\bAccountKey=[A-Za-z0-9+/]{80,90}={0,2}|\bAGE-SECRET-KEY-1[A-Z0-9]{58}",
        ]
    ),
    re.ASCII,
)
ISSUED_GATE = (
    r"AKIA|ASIA|ABIA|ACCA|gh[pousr]_|github_pat_|gl[a-z]{2,5}-|xox|xapp-|hooks\.slack|sk_(?:live|test)_|rk_(?:live|test)_|pk_(?:live|test)_|whsec_"
    r"|AIza|ya29\.|GOCSPX-|sk-|hf_|npm_|pypi-|dckr_[po]at_|rubygems_|SG\.|key-|-us[0-9]|SK[0-9a-f]{32}|AC[0-9a-f]{32}|:AA|do[opr]_v1_"
    r"|shp(?:at|ca|pa|ss)_|sq0|gsk_|xai-|nvapi-|r8_|ntn_|hv[sbr]\.|dp\.[a-z]|sntry[su]_|figd_|lin_api_|sbp_|PMAK-|pat[A-Za-z0-9]{14}\."
    r"|EAACEd|LTAI|AKID|Q~|sig=|GR1348941|HRKU-|secret_[A-Za-z0-9]{43}|pscale_|pul-[0-9a-f]{9}|sl\.[A-Za-z0-9_-]{40}|\.atlasv1\."
    r"|1//0|EAA[A-Za-z0-9]{9}|M[A-Za-z0-9_-]{23,25}\.[A-Za-z0-9_-]{6}\.|N[A-Za-z0-9_-]{23,25}\.[A-Za-z0-9_-]{6}\."
    r"|O[A-Za-z0-9_-]{23,25}\.[A-Za-z0-9_-]{6}\.|glsa_|NRAK-|NRII-|dapi[0-9a-f]{8}|ATATT3|eyJ|Authorization: Basic |-----BEGIN|AccountKey="
    r"|AGE-SECRET|tskey-|fo1_|fm1[ar]_|fm2_|dt0[a-z]|sq[aup]_|sgp_|CCIPAT_|AKCp|oy2[a-z0-9]{9}|CLOJARS_|pnu_|glc_|sha256~|v1\.0-|xkeysib-"
    r"|shippo_|EZ[AT]K|pplx-|lsv2_|ABSK|pat-(?:na|eu|ap)|tfp_|duffel_|rdme_|FLWSECK"
    r"|(?i:(?:pass|pwd|pw|secret|key|token|bearer|credential|kennwort|contrase|senha|hasło|пароль|wachtwoord|lösenord|密码|비밀번호|パスワード|ifre|heslo|salasana|adgangskode|psk)[^\n]{0,9}[:=： >]|curl[^\n]{0,80} -u |identified by )"
)
"""A pattern (RE2) that every text with a hit of `find_tokens` matches."""
_ISSUED_START = re.compile(ISSUED_GATE[: ISSUED_GATE.rindex("|(?i:")])
_URL = re.compile(r"\b[A-Za-z][A-Za-z0-9+.-]{1,20}://([^\s/:@'\"<>]{0,100}):([^\s/@'\"<>]{1,200})@[\w.\[-][^\s'\"<>]*")
_PASSWORDS = "password|passwort|passphrase|kennwort|mot de passe|contraseña|senha|wachtwoord"
"""Words that may also stand before a password without a sign between."""
_ASSIGNED = re.compile(
    rf"(?i)(?:{_PASSWORDS}|passwd|hasło|пароль|lösenord|密码|비밀번호|パスワード|şifre|heslo|salasana|adgangskode|passord|(?<![^\W_])(?:pass|pwd|pw|psk)"
    r"|(?:secret|private|encryption|signing|storage|session|access|api)[ _-]?key(?:[ _-]?base)?|secret|apikey|auth[ _-]?token|token|bearer|credential)s?"
    r"[\"']?(?:(?: (?:for|of|to|on)(?: [\w'’.-]{1,20}){1,4})? (?:is|ist|es|est|lautet)|\s*[:=：]>?|(?<=bearer)|[\"']? value=|>)\s*([\"']?)([^\s\"',;<>(){}]{6,200}+)(?![\[(])"
)
_PLACEHOLDER = re.compile(
    r"(?i)^(?:[x*.•_-]+|\$[{(].*|\$(?-i:[A-Z0-9_]+|[a-z_]+|[a-z]+(?:[A-Z][a-z]+)+)|%.*|\[.*|.*(?:example|changeme|placeholder|redacted|your|dummy).*"
    r"|(?:.*[^a-z])?(?:none|null)(?:[^a-z].*)?)$"
)
_CODE = re.compile(r"[A-Za-z_]\w*(?:(?:\.[A-Za-z_]\w*)+|\[.*)|/.*|[a-z]+-\d{1,4}")
"""An attribute, an element of a list, a folder or a plain name with a number: what programs assign, and no secret."""
_SPOKEN = re.compile(
    rf"(?:(?i:{_PASSWORDS}|\bpass|identified by)\s+[\"']?"
    r"|(?i:curl[^\n]{0,80} -u )[\w.@-]{1,40}:)((?=\S*\d)(?=\S*[A-Z])(?=\S*[a-z])[\w!#$%&*+.?@^~-]{8,64}+)(?![\[(])"
)
"""Said without a sign between: only what mixes capitals, small letters and digits."""


def find_tokens(text: str) -> Iterator[tuple[int, int, float]]:
    """Start, end and score of keys and tokens: 0.95 by an issuer's form, 0.6 when something is assigned like one."""
    if _ISSUED_START.search(text):
        for match in _ISSUED.finditer(text):
            yield match.start(), match.end(), 0.95
    for match in _ASSIGNED.finditer(text):
        value = match[2].rstrip(".!?")
        code = not match[1] and _CODE.fullmatch(value)
        if not code and not _PLACEHOLDER.match(value) and random_looking(value):
            yield match.start(2), match.start(2) + len(value), 0.6
    for match in _SPOKEN.finditer(text):
        value = match[1].rstrip(".!?")
        if not _PLACEHOLDER.match(value) and random_looking(value):
            yield match.start(1), match.start(1) + len(value), 0.6


def find_url_credentials(text: str) -> Iterator[tuple[int, int, float]]:
    """Start, end and score of addresses that carry a password: `scheme://user:password@host`."""
    for match in _URL.finditer(text):
        if not _PLACEHOLDER.match(match[2]):
            yield match.start(), match.start() + len(match[0].rstrip(".,;:!?)")), 0.95


def random_looking(value: str) -> bool:
    """Whether `value` mixes kinds of signs and is rich enough to be a password or key: no word, number or date."""
    kinds = sum(bool(re.search(kind, value)) for kind in (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^A-Za-z0-9]"))
    parts = re.split(r"[-_/=.:]", value)
    if len(parts) > 1 and all(re.fullmatch(r"[a-z]+|[0-9]+|[a-z0-9]{1,3}", part) for part in parts):
        return False  # words in small letters and numbers: a name
    return (
        kinds >= 2
        and (kinds > 2 or bool(re.search(r"[0-9]", value)))
        and bool(re.search(r"[A-Za-z]", value))
        and entropy(value) >= 2.5
    )


def entropy(value: str) -> float:
    """Shannon's entropy of the signs of `value`, in bits a sign; 0 for an empty string."""
    counts = Counter(value).values()
    return -sum(count / len(value) * math.log2(count / len(value)) for count in counts)
