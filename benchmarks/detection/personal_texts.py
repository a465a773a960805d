"""Texts with spans of made-up personal data and secrets, and texts with look-alikes that are none.

Nobody's data: numbers are drawn, and kept when they satisfy the rule of their kind.
"""

from __future__ import annotations

import random
import re
import string
from dataclasses import dataclass

from governance.measures.account_numbers import IBAN_LENGTHS
from governance.measures.check_digits import luhn, mod_97
from governance.measures.national_ids import NATIONAL_IDS, NationalId, holds


@dataclass(frozen=True)
class Labelled:
    """One text and its spans: start, end, kind."""

    text: str
    spans: tuple[tuple[int, int, str], ...]


FIRST = [
    "Anna", "Boris", "Chen", "Dilek", "Emeka", "Farah", "Georg", "Hana", "Ivan", "José", "Kofi", "Lena", "Marek",
    "Nadia", "Olu", "Priya", "Quentin", "Rosa", "Sven", "Tomás"
]  # fmt: skip
LAST = [
    "Abe", "Brandt", "Castro", "Dubois", "Eriksen", "Farkas", "Garcia", "Hansen", "Ivanov", "Jansen", "Kowalski",
    "Lopez", "Meyer", "Nowak", "O'Neil", "Park", "Rossi", "Smith"
]  # fmt: skip
DOMAINS = [
    "example.org", "mail.example.com", "acme-corp.de", "uni-x.ac.uk", "shop24.fr", "contoso.io", "data.gov",
    "nordbank.se"
]  # fmt: skip


def _digits(draw: random.Random, count: int) -> str:
    return "".join(draw.choice("0123456789") for _ in range(count))


def _fill(draw: random.Random, form: str) -> str:
    """`#` a digit, `%` a digit from 1 to 9 (2 to 9 for `!`)."""
    table = {"#": "0123456789", "%": "123456789", "!": "23456789"}
    return "".join(draw.choice(table[sign]) if sign in table else sign for sign in form)


def email(draw: random.Random) -> str:
    name, last = draw.choice(FIRST).lower(), draw.choice(LAST).lower().replace("'", "")
    local = draw.choice(
        [f"{name}.{last}", f"{name[0]}{last}{_digits(draw, 2)}", f"{name}_{last}", f"{last}+news", f"{name}-{last}"]
    )
    return f"{local}@{draw.choice(DOMAINS)}"


PHONES = (
    "+1 !##-###-####", "(!##) ###-####", "!##-###-####", "!##.###.####", "1-!##-###-####", "+1-!##-###-####x###", "001-!##-###-####",
    "(!##)###-####x####", "+44 20 #### ####", "+44(0)#### ######", "020 #### ####", "07### ######", "01### ### ###", "+49 30 ######",
    "+49 (0)%### ######", "0### %######", "(0%##) ######", "+33 % ## ## ## ##", "0% ## ## ## ##", "0%.##.##.##.##", "+34 6## ### ###",
    "+39 06 #### ####", "+31 6 ########", "06-########", "0#%# ## ## ##", "+32 4## ## ## ##", "+46 70 ### ## ##", "070-### ## ##",
    "+47 ### ## ###", "+45 ## ## ## ##", "+48 ### ### ###", "+91 %#### #####", "+86 1## #### ####", "+61 # #### ####", "(0#) #### ####",
    "+55 11 9####-####", "+41 44 ### ## ##", "04## ### ###", "+358 40 #######", "0%## ### ## ##", "+7 9## ###-##-##", "+27 ## ### ####",
)  # fmt: skip
SAID_PHONES = (
    "### ## ###",
    "## ## ## ##",
    "%######",
    "%#########",
    "6## ### ###",
    "### ### ###",
    "##-##-##-##",
    "%### ####",
    "07#########",
)
CARDS = (
    "4###############",
    "51##############",
    "2300############",
    "37#############",
    "6011############",
    "3530############",
    "4############",
)


def phone(draw: random.Random) -> str:
    return _fill(draw, draw.choice(PHONES))


def said_phone(draw: random.Random) -> str:
    return _fill(draw, draw.choice(SAID_PHONES))


def card(draw: random.Random) -> str:
    while True:
        number = _fill(draw, draw.choice(CARDS))
        if luhn(number):
            break
    cuts = (4, 10) if len(number) == 15 else tuple(range(4, len(number), 4))
    separator = draw.choice(["", "", " ", "-"])
    return "".join((separator if place in cuts else "") + digit for place, digit in enumerate(number))


def iban(draw: random.Random) -> str:
    country = draw.choice(
        sorted(set(IBAN_LENGTHS) & {"DE", "FR", "GB", "NL", "ES", "IT", "BE", "PL", "SE", "CH", "NO", "AT", "PT", "MT"})
    )
    letters = {"GB": 4, "NL": 4, "MT": 4, "IT": 1}.get(country, 0)
    body = "".join(draw.choice(string.ascii_uppercase) for _ in range(letters))
    body += _digits(draw, IBAN_LENGTHS[country] - 4 - letters)
    number = next(f"{country}{check:02d}{body}" for check in range(2, 99) if mod_97(f"{body}{country}{check:02d}"))
    return " ".join(re.findall(".{1,4}", number)) if draw.random() < 0.4 else number


def ip_address(draw: random.Random) -> str:
    if draw.random() < 0.6:
        return ".".join(str(draw.randint(20 if place == 0 else 0, 254)) for place in range(4))
    groups = [f"{draw.randrange(1, 65536):x}" for _ in range(8)]
    return ":".join(groups) if draw.random() < 0.5 else ":".join(groups[:3]) + "::" + ":".join(groups[6:])


def mac_address(draw: random.Random) -> str:
    return draw.choice(":-").join(f"{draw.randrange(256):02{draw.choice('xX')}}" for _ in range(6))


def web_address(draw: random.Random) -> str:
    host = draw.choice(DOMAINS)
    return draw.choice(
        [f"https://{host}/a/{_digits(draw, 3)}", f"http://www.{host}", f"www.{host}", host, f"https://{host}/?q=x&p=2"]
    )


def _signs(draw: random.Random, count: int, signs: str = string.ascii_letters + string.digits) -> str:
    return "".join(draw.choice(signs) for _ in range(count))


def token(draw: random.Random) -> str:
    return draw.choice(
        [
            "AKIA" + _signs(draw, 16, string.ascii_uppercase + string.digits),
            "ghp_" + _signs(draw, 36),
            "xoxb-" + _digits(draw, 11) + "-" + _signs(draw, 24),
            "sk_live_" + _signs(draw, 24),
            "AIza" + _signs(draw, 35),
            "glpat-" + _signs(draw, 20),
            "npm_" + _signs(draw, 36),
            "eyJ" + _signs(draw, 20) + ".eyJ" + _signs(draw, 40) + "." + _signs(draw, 43),
        ]
    )


def url_credentials(draw: random.Random) -> str:
    return f"{draw.choice(['postgres', 'https', 'ftp', 'amqp'])}://{draw.choice(FIRST).lower()}:{_signs(draw, 10)}@{draw.choice(DOMAINS)}/x"


def date_of_birth(draw: random.Random) -> str:
    day, month, year = draw.randint(1, 28), draw.randint(1, 12), draw.randint(1930, 2010)
    return draw.choice(
        [
            f"{day:02d}/{month:02d}/{year}",
            f"{year}-{month:02d}-{day:02d}",
            f"{day}.{month}.{year}",
            f"{day} March {year}",
            f"July {day}, {year}",
        ]
    )


def national(rule: NationalId, draw: random.Random) -> str:
    """A number of `rule`, drawn from its shape until its check holds."""
    while True:
        number = _sample(rule.shape, draw)
        if rule.name.startswith(
            ("se_", "fi_", "no_", "dk_", "pl_", "za_", "kr_", "be_", "ro_", "cz_", "bg_", "at_", "mx_", "cn_")
        ):
            number = _dated(rule, number, draw)
        if holds(rule, number):
            return number


def _dated(rule: NationalId, number: str, draw: random.Random) -> str:
    """The number with a date of birth where its rule has one, which random digits rarely hit."""
    year, month, day = draw.randint(1940, 1999), draw.randint(1, 12), draw.randint(1, 28)
    short, turned = f"{year % 100:02d}{month:02d}{day:02d}", f"{day:02d}{month:02d}{year % 100:02d}"
    place = {"ro_cnp": 1, "at_svnr": 4, "mx_curp": 4, "mx_rfc": 4, "cn_ric": 6}.get(rule.name, 0)
    date = (
        f"{year}{month:02d}{day:02d}"
        if rule.name == "cn_ric"
        else turned
        if rule.name[:2] in {"fi", "no", "dk", "at"}
        else short
    )
    if rule.name == "se_pnr" and re.fullmatch(r"(19|20)\d+.?\d+", number) and len(re.sub(r"\D", "", number)) == 12:
        date = f"{year}{month:02d}{day:02d}"
    signs, left = list(number), list(date)
    for position in range(place, len(signs)):
        if (
            left
            and signs[position].isdigit()
            and sum(s.isdigit() for s in signs[:position]) >= (0 if place == 4 and rule.name[:3] == "mx_" else place)
        ):
            signs[position] = left.pop(0)
    return "".join(signs)


def _sample(shape: str, draw: random.Random) -> str:
    """A string of the regular expression `shape`: the few constructs that the shapes use."""
    import re._parser as parser  # type: ignore[import-not-found]

    groups: dict[int, str] = {}

    def walk(items: object) -> str:
        made = ""
        for op, value in items:  # type: ignore[attr-defined]
            name = str(op)
            if name == "LITERAL":
                made += chr(value)
            elif name == "IN":
                options: list[str] = []
                for kind, inner in value:
                    if str(kind) == "LITERAL":
                        options.append(chr(inner))
                    elif str(kind) == "RANGE":
                        options += [chr(code) for code in range(inner[0], inner[1] + 1)]
                    else:
                        options += list("0123456789" if "DIGIT" in str(inner) else " ")
                made += draw.choice([o for o in options if not o.islower()] or options)
            elif name == "MAX_REPEAT":
                least, most, inner = value
                made += "".join(walk(inner) for _ in range(draw.randint(least, most)))
            elif name == "SUBPATTERN":
                part = walk(value[3])
                if value[0]:
                    groups[value[0]] = part
                made += part
            elif name == "BRANCH":
                made += walk(draw.choice(value[1]))
            elif name == "GROUPREF":
                made += groups[value]
            elif name != "ASSERT":
                raise ValueError(name)
        return made

    return walk(parser.parse(shape))


WORDS = {
    "ar_cuit": "CUIT", "hk_id": "HKID", "mx_rfc": "RFC", "vin": "VIN", "imei": "IMEI",
    "us_ssn": "SSN", "us_ssn_bare": "social security number", "gb_nino": "NI number", "gb_nhs": "NHS number", "de_tax": "Steuer-ID", "fr_nir": "NIR",
    "es_dni": "DNI", "it_cf": "codice fiscale", "nl_bsn": "BSN", "be_nn": "rijksregisternummer", "se_pnr": "personnummer", "fi_hetu": "HETU",
    "no_fnr": "fødselsnummer", "dk_cpr": "CPR", "pl_pesel": "PESEL", "pt_nif": "NIF", "br_cpf": "CPF", "in_aadhaar": "Aadhaar", "in_pan": "PAN",
    "cn_ric": "resident ID", "kr_rrn": "RRN", "kr_rrn_bare": "RRN", "sg_nric": "NRIC", "ca_sin": "SIN", "au_tfn": "TFN", "au_medicare": "Medicare number",
    "za_id": "identity number", "tr_id": "TC kimlik", "ch_ahv": "AHV", "mx_curp": "CURP", "cl_rut": "RUT", "cl_rut_bare": "RUT", "ie_pps": "PPS number", "at_svnr": "SVNR",
    "ro_cnp": "CNP", "cz_rc": "rodné číslo", "bg_egn": "EGN", "th_id": "Thai ID", "jp_my": "My Number",
}  # fmt: skip
PLAIN = {
    "email": (email, ["Write to {}.", "My e-mail is {}, thanks", "{} has not answered", "cc: {}; please reply", "Contact <{}> for details."]),
    "phone": (phone, ["Call me at {}.", "Phone: {}", "You can reach us on {} until noon", "{} is the front desk", "Meeting moved, dial {} (new)", "My contact is {}"]),
    "said_phone": (said_phone, ["my phone number is {}", "Tel. {}", "Please call {} after six", "mobile {}", "Telefon: {}"]),
    "card": (card, ["Paid with card {}.", "{} exp 12/27", "my visa is {}, cvv 123", "Charge it to {} please", "The credit card {} was declined"]),
    "iban": (iban, ["IBAN {}", "Please transfer it to {} by Friday", "{}, BIC to follow", "account: {}."]),
    "ip_address": (ip_address, ["Login from {} failed", "host {} is down", "GET /index from {} at 10:12:01", "My IP is {}"]),
    "mac_address": (mac_address, ["device {} joined", "MAC: {}", "the router ({}) rebooted"]),
    "web_address": (web_address, ["See {} for more", "Visit {}.", "from {}, yesterday", "Our site is {}"]),
    "token": (token, ["api_key={}", "use {} in the header", "token: {}", "export KEY={}"]),
    "url_credentials": (url_credentials, ["DSN {}", "connect to {} now", "url = {}"]),
    "date_of_birth": (date_of_birth, ["born on {}", "DOB: {}", "Date of birth {}.", "She was born {} in Oslo"]),
}  # fmt: skip
LOOK_ALIKES = (
    "Order 1########## shipped", "invoice no. 20######", "version 1.2.#.#", "on 2021-0%-1# at 1#:##:##", "ISBN 978-3-16-######-0", "It cost 1,2##,### dollars",
    "at 48.85#### 2.35####", "lines 1#### to 2####", "ratio 0.#########", "ticket #### of 2020-2021", "tracking 1Z%%%AA1#########", "part no. 1##-##-%",
    "score 3-2 after 90 minutes", "population 6########", "the id is %################", "hash %#########abcdef########", "flight LH %## at 12:##", "room 1##-2##",
    "10 000 000 people, 20 000 dogs", "uuid 123e4567-e89b-12d3-a456-4266########", "born to run", "the secret: nobody knows", "password: ask your admin", "see section 3.#.1.2",
    "temperature -12.## to 13.##", "std::vector<int> a::b", "from 01.02.2021 to 03.04.2022", "email me @home", "2021 2022 2023 2024", "e.g. this, i.e. that.In the end",
)  # fmt: skip
FILLER = [
    "The", "weather", "was", "fine", "and", "nobody", "complained", ".", "We", "met", "again", "later", ",", "as",
    "agreed", ".", "Thank", "you", "for", "the", "quick", "answer", ".", "This", "took", "longer", "than",
    "planned", "."
]  # fmt: skip


def texts(seed: int, count: int = 400, plain: float = 0.3) -> list[Labelled]:
    """`count` texts of which about a share `plain` holds look-alikes only."""
    draw = random.Random(seed)
    made = []
    for _ in range(count):
        text, spans = _filler(draw), []
        for _ in range(draw.choice([1, 1, 2, 3])):
            if draw.random() < plain:
                text += _fill(draw, draw.choice(LOOK_ALIKES)) + " " + _filler(draw)
                continue
            kind, value, template = _item(draw)
            before, after = template.split("{}")
            start = len(text) + len(before)
            spans.append((start, start + len(value), kind))
            text += before + value + after + " " + _filler(draw)
        made.append(Labelled(text, tuple(spans)))
    return made


def _filler(draw: random.Random) -> str:
    start = draw.randrange(len(FILLER))
    return " ".join(FILLER[start : start + draw.randint(0, 6)]).strip(" .,") + draw.choice([". ", " - ", ": ", "\n"])


def _item(draw: random.Random) -> tuple[str, str, str]:
    if draw.random() < 0.3:
        rule = draw.choice(NATIONAL_IDS)
        word = WORDS[rule.name]
        templates = [f"{word} {{}}", f"My {word} is {{}}.", f"{word}: {{}}"]
        return "national_id", national(rule, draw), draw.choice(templates)
    name = draw.choice(sorted(PLAIN))
    make, templates = PLAIN[name]
    return name.removeprefix("said_"), make(draw), draw.choice(templates)
