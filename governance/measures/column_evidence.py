"""What a whole column tells about itself: names, addresses, places and dates of people by its name and its values.

A single value such as `Paris` tells nothing; a thousand values of a column called `surname` do.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from governance.measures.people_names import called_after_people, formed_as_people

_COMMON = """
adam ahmed aisha alejandro alex alexander ali alice amanda amit amy ana andrea andrew angela anita anna anne anthony
antonio arjun ashley barbara ben benjamin brian bruno camille carlos carmen carol caroline catherine charles
charlotte chloe chris christian christina christine christopher claire clara claudia dan daniel daniela david
deborah diana diego donald donna dorothy edward elena elizabeth ella emily emma eric erik eva fatima felix fernando
francesca francesco francisco frank gabriel george giulia giuseppe grace hannah hans hassan heather helen henry
hiroshi hugo ian ibrahim ines ingrid irina isabel isabella ivan jack jacob james jan jane jason javier jean jennifer
jessica jesus jin joan joao johan john jonathan jorge jose joseph joshua juan julia julie karen kate katharina
katherine kenneth kevin kim klaus kumar lars laura lea lena leon li liam linda lisa lucas lucia luis luke madison
marco margaret maria marie mario mark markus marta martin mary matthew max maya mei melissa mia michael michelle
miguel mohamed mohammad mohammed monica muhammad nancy natalia nicholas nicole nina noah nora olga oliver olivia
omar oscar pablo pamela patricia patrick paul paula paulo pedro peter philip pierre priya rachel rahul raj rebecca
richard robert roberto rosa ruth ryan samantha samuel sandra sara sarah scott sergey sharon silvia simon sofia
sophia sophie stefan stephanie stephen steven susan sven tanaka teresa thomas timothy tom tomas vera victor victoria
vladimir wei william xavier yan yuki yusuf zhang zoe
"""
_GIVEN = frozenset(_COMMON.split())
"""Given names that are common somewhere, small letters."""
_STREET = re.compile(
    r"(?i)\b(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|boulevard|blvd|court|ct|place|pl|square|terrace|crescent|close|way|circuit)\b\.?"
    r"|(?:str(?:aße|asse|\.)|weg|gasse|platz|allee|straat|laan|gatan|vägen|vej|gate|katu)\b|\b(?:rue|via|viale|piazza|calle|avenida|rua|ulica|ul\.|chemin|place)\b"
)
_PERSON = re.compile(
    r"[^\W\d_][^\W\d_.'’-]*(?:[ .'’-]{1,2}[^\W\d_]+\.?){0,5}(?:, [^\W\d_]+\.?(?:[ .'’-]{1,2}[^\W\d_]+\.?){0,3})?"
)
_FIRM = re.compile(
    r"(?i)\b(?:ltd|limited|gmbh|mbh|inc|llc|llp|plc|corp|corporation|company|co|ag|kg|ohg|ug|s\.?a|s\.?r\.?l|s\.?p\.?a|bv|nv|ab|as|oy|aps|pty|sas|sarl|kk|e\.?v|holdings?|group|bank|university|foundation|trust)\b\.?$"
)
"""What the names of companies end with."""
_ROLE = re.compile(
    r"(?i)(?:no|none|yes|unknown|other|n/?a|gp|general practitioner|nurse|specialist|surgeon|consultant|resident|intern|physician|doctor|dentist|pharmacist|midwife|therapist|family|primary care)s?"
)
"""What somebody is, and no name."""
_NO_SURNAMES = frozenset(
    "alba albus album rubra rubrum rubens minor major vulgaris officinalis sativa nigra canina rugosa gallica japonica chinensis"
    " star queen maersk express princess spirit voyager explorer seaways trader pioneer carrier glory".split()
)
"""What follows a given name in the names of plants and ships."""
_PLACE = re.compile(
    r"(?:SRID=\d+;)?POINT ?Z? ?\(-?\d{1,3}\.\d+ -?\d{1,3}\.\d+(?: -?[\d.]+)?\)|[(\[]?-?(?:[0-8]?\d|90)\.\d+[,;] ?-?(?:1[0-7]\d|[0-9]?\d|180)\.\d+[)\]]?"
)
"""A point as programs write it, or a pair of degrees."""
_DAY_OR_YEAR = re.compile(r"(?=.*\d{2})(?=.*\D).{6,29}|(?:19|20)\d\d(?:\d{4})?|\d{6}|\d{8}")
"""Numbers with signs between, a month in words, or a year: no count and no weight."""
_BORN = re.compile(r"^(?:geb|geburt|ddn|fdn|f_nac|nac|nasc|ur)$")
"""Short for born. Houses, areas and dates due are written so as well: the days must be those of people."""
_DAY = re.compile(
    r"(?:19|20)\d\d([./-])\d{1,2}\1\d{1,2}(?:[T ]00:00(?::00(?:\.0+)?)?)?|\d{1,2}([./-])\d{1,2}\2(?:19|20)\d\d|\d{1,2}\.? [^\W\d_]{3,10}\.? (?:19|20)\d\d|[^\W\d_]{3,9}\.? \d{1,2},? (?:19|20)\d\d"
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
NEARLY_ALL, BIRTH_YEARS, LONGEST = 0.9, 15, 110
"""Share of values that are days, different years of birth at least, and years between the oldest and the youngest."""
_FILE = re.compile(r"\.[A-Za-z]")
_WORDED = re.compile(r"^(?!0[xX])(?=.*[^\W\d_])")
"""A house and its street have a word, and are no number of a machine's memory."""
NAMED_FITS = 0.7
"""A column's name counts when this share of its values is possible as what the name announces."""
NAMES_SHARE, ADDRESSES_SHARE = 0.3, 0.4
"""Without a telling name, a column counts when this share of its values looks like names or addresses."""
PLACES_SHARE = 0.9
_PLACES = re.compile(
    r"(?:^|_)(?:loc|location|place|point|position|pos|coords?|coordinates?|geo|geometry|lat_?lon|address|home|site|origin|destination|start|end)(?:_|\d|$)"
)
"""Names of columns whose pairs of numbers are places."""
COLUMN_VALUES = 2000
"""Distinct values by which the kind of a whole column is judged."""


@dataclass(frozen=True)
class ColumnRule:
    """One kind that only a whole column can show."""

    kind: str
    title: str
    """Plural, for people."""
    name: re.Pattern[str]
    """Names of columns that hold it, in snake case."""
    grave: bool = False


def _rule(kind: str, title: str, words: str, grave: bool = False) -> ColumnRule:
    return ColumnRule(kind, title, re.compile(rf"(?:^|_)(?:{words})(?:_|\d|$)"), grave)


COLUMN_RULES = (
    _rule("person_name", "names of people",
          r"[fml]_?names?|(?:first|last|full|given|middle|maiden|family|nick|patient|customer|client|employee|student|author|contact|owner|person|member|guest)_?names?"
          r"|sur_?names?|forenames?|vornamen?|nachnamen?|familienname|prenoms?|noms?(?:_de_famille)?|apellidos?|nombres?|cognome|nome(?:_completo)?|sobrenome|achternaam|voornaam"
          r"|nazwisko|imie|efternamn|fornamn|etternavn|fornavn|efternavn|prijmeni|jmeno|имя|фамилия|姓名|名前|氏名|doctor|physician|mother_?s?_maiden(?:_?name)?"),
    _rule("address", "addresses", r"address(?:_?line)?|addr|street_?(?:name|address|number|no)|street(?=_?\d|$)|endereco|domicilio|domicile|ulica|utca|gata|адрес|домашний_адрес|住所|地址|strasse|strassenname|hausnummer|adresse|direccion|indirizzo|adres|house_?(?:number|no)"),
    _rule("postcode", "postcodes", r"zip|zip_?codes?|post_?codes?|postal(?:_?codes?)?|plz|postleitzahl|codigo_postal|code_postal|kod_pocztowy|postnummer|postnr|cap(?=$)|cep|cp(?=$)|pin_?code(?=_?\d|$)|индекс"),
    _rule("date_of_birth", "dates of birth", r"dob|yob|b_?day|birth_?da(?:y|te)|date_?of_?birth|born|birth(?=$)|geb(?:urts)?_?dat(?:um|e)?|geburtstag|geboren(?:_am)?|date_naissance|naissance|fec(?:ha)?_?(?:de_)?nac(?:imiento)?|nacimiento|nascita|data_nasc\w*|nascimento|geboorte_?datum|data_urodzenia|fod(?:el)?sels?_?dat(?:o|um)|fodelse_?dat\w*|syntyma_?aika|datum_narozeni|дата_рождения|生年月日|出生日期"),
    _rule("phone", "telephone numbers", r"(?:tele)?phone(?:_?(?:no|number|nr))?|mobile(?:_?(?:no|number))?|cell(?:_?phone)|fax(?:_?(?:no|number))?|contact_?(?:no|number)|msisdn|gsm|(?:numer_)?tele?fon\w{0,6}|tlf|telemovel|mobil(?:_?nummer|telefon|nr)?|movil|cellulare|celular|handy\w{0,6}|tel|телефон|电话|電話"),
    _rule("email", "e-mail addresses", r"e_?mail(?:_?address)?"),
    _rule("national_id", "national identity numbers", r"ssn|soc_sec(?:_?id)?|social_security(?:_?(?:no|number))?|national_?id(?:_?(?:no|number))?|nino|passport(?:_?(?:no|number))?|tax_?id|aadhaar|cpf|pesel|bsn|nif|dni|curp|steuer_?id|personnummer|nhs(?:_?(?:no|number))", True),
    _rule("account", "accounts of people", r"(?:bank_?)?(?:account|acct)_?(?:no|number|nr)|user_?names?|kontonummer|konto_?nr"),
    _rule("record_number", "record numbers of people", r"mrn|(?:medical|health)_?record_?(?:no|number|nr|id)|patient_?(?:id|no|number|nr)(?=$)|insurance_?(?:no|number|nr)"),
    _rule("location", "places by coordinates", r"latitude?|longitude?|breitengrad|langengrad|gps|geo_?(?:point|location)|coordinates|lat_(?:lon|lng|long)|(?<!_)(?:lat|lon|lng|long)(?=_\d|\d|$)|(?:geo|gps|home|start|end|origin|place|stop|pickup|dropoff)_(?:lat|lon|lng|long)"),
    _rule("token", "keys and passwords", r"passwords?|passwd|passworte?|kennwort|contrasena|mot_de_passe|senha|haslo|wachtwoord|pwd|secret(?:_?key)?(?=_?\d|$)|api_?keys?(?=_?\d|$)|auth_?token|access_?token|private_?key", True),
)  # fmt: skip
QUASI = re.compile(
    r"(?:^|_)(?:age|sex|gender|race|ethnicity|ethnic(?:_group)?|nationality|native_country|country(?:_of_birth)?|citizenship|religion|marital(?:_status)?|civil_status"
    r"|occupation|job(?:_title)?|profession|education(?:_num)?|degree|zip|zip_?code|post_?code|postal(?:_code)?|plz|city|town|municipality|county|district|region|state|suburb"
    r"|birth_?(?:date|day|year|month|place)|year_of_birth|date_of_birth|dob|language|height|weight|geschlecht|alter|beruf|employer|school|household_size|children)(?:_|\d|$)"
)
"""Names of columns by which somebody may know a person: asked about, when none is declared a quasi-identifier."""


_OF_ITSELF = frozenset({"", "plain", "plaintext", "text", "value", "hash", "md5", "sha1", "sha256"})
"""What may follow the word for a password in the name of a column that holds some."""
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "đ": "d", "ı": "i"})
"""Letters that no mark can be taken from."""


def snake(name: str) -> str:
    """`Date of Birth` and `dateOfBirth` as `date_of_birth`, `dirección` as `direccion`."""
    spaced = re.sub(r"([a-z0-9])([A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})", lambda m: "_".join(m.groups("")), name)
    spaced = spaced.lower().translate(_LETTERS)
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", spaced) if not unicodedata.combining(sign))
    return re.sub(r"[^\w]+", "_", unicodedata.normalize("NFC", bare)).strip("_")


def named(name: str) -> ColumnRule | None:
    """The kind that the name of a column announces, None when it announces none."""
    return next((rule for rule in COLUMN_RULES if rule.name.search(snake(name))), None)


def names_secrets(name: str) -> bool:
    """Whether a column of this name holds passwords or keys themselves, and not their state, age, owner or rules."""
    rule = next(rule for rule in COLUMN_RULES if rule.kind == "token")
    match = rule.name.search(snake(name))
    return match is not None and snake(name)[match.end() :] in _OF_ITSELF


def suggests_quasi_identifier(name: str) -> bool:
    """Whether a column of this name may be known of a person from elsewhere."""
    return QUASI.search(snake(name)) is not None


def fits(kind: str, values: Sequence[str]) -> float:
    """Share of `values` (distinct, not missing) that are at all possible as `kind`; a name alone must not convict."""
    if not values:
        return 0.0
    rules: dict[str, Callable[[str], object]] = {
        "person_name": lambda value: (
            _PERSON.fullmatch(value) is not None
            and len(value) <= 60
            and not _FIRM.search(value)
            and not _ROLE.fullmatch(value)
        ),
        "address": lambda value: _WORDED.search(value) is not None and len(value) <= 200,
        "postcode": lambda value: (
            3 <= len(value) <= 10 and any(sign.isdigit() for sign in value) and not _FILE.search(value)
        ),
        "date_of_birth": lambda value: _DAY_OR_YEAR.fullmatch(value) is not None,
        "phone": lambda value: 6 <= sum(sign.isdigit() for sign in value) <= 18 and len(value) <= 30,
        "email": lambda value: "@" in value,
        "national_id": lambda value: 6 <= len(value) <= 25 and sum(sign.isdigit() for sign in value) >= 4,
        "location": lambda value: (
            re.search(r"-?\d{1,3}\.\d{3,}", value) is not None or _PLACE.fullmatch(value) is not None
        ),
        "account": lambda value: 3 <= len(value) <= 40 and len(value.split()) <= 8,
        "record_number": lambda value: len(value) <= 25 and any(sign.isdigit() for sign in value),
        "token": lambda value: 6 <= len(value) <= 500 and " " not in value,
    }
    possible = rules[kind]
    return sum(bool(possible(value)) for value in values) / len(values)


def looks_like_names(values: Sequence[str]) -> float:
    """Share of `values` that are shaped as a name of one to four words and hold a common given name."""
    if not values:
        return 0.0
    hits = 0
    for value in values:
        words = re.split(r"[ ,]+", value.strip().lower())
        if len(words) > 4 or _NO_SURNAMES.intersection(words) or _FIRM.search(value):
            continue
        if _PERSON.fullmatch(value.strip()) and _GIVEN.intersection(words):
            hits += 1
    return hits / len(values)


def looks_like_addresses(values: Sequence[str]) -> float:
    """Share of `values` with a house number and a word for a street, in at most twelve words."""
    if not values:
        return 0.0
    hits = sum(
        bool(_STREET.search(value)) and any(sign.isdigit() for sign in value) and len(value.split()) <= 12
        for value in values
    )
    return hits / len(values)


def names_streets(values: Sequence[str]) -> bool:
    """Whether so many of `values` hold a word for a street that they are streets, with a house number or without."""
    return sum(_STREET.search(value) is not None for value in values) >= ADDRESSES_SHARE * max(len(values), 1)


def _as_lives_begin(values: Sequence[str]) -> bool:
    """Whether nearly all `values` are days of several years, the first and the last as far apart as lives begin."""
    years = [int(match[0]) for value in values if _DAY.fullmatch(value) and (match := _YEAR.search(value))]
    return (
        len(years) >= max(3, NEARLY_ALL * len(values))
        and len(set(years)) >= BIRTH_YEARS
        and max(years) - min(years) <= LONGEST
    )


def kind_of_column(
    name: str, distinct: Sequence[str], *, words: bool, number: bool
) -> tuple[ColumnRule, Literal["name and values", "values"]] | None:
    """What the column is by its name and its `distinct` values together, or by values alone; None when neither tells.

    COLUMN_VALUES of them are enough, taken evenly from all in order.
    `words` says that it holds strings or categories, `number` that its numbers have fractions, as only places do.
    """
    rule = named(name)
    possible = rule is not None and not (number and rule.kind != "location")
    if rule is not None and possible and len(distinct) >= 3 and fits(rule.kind, distinct) >= NAMED_FITS:
        return rule, "name and values"
    by_kind = {rule.kind: rule for rule in COLUMN_RULES}
    if rule is None and _BORN.search(snake(name)) and _as_lives_begin(distinct):
        return by_kind["date_of_birth"], "name and values"
    if rule is None and words and called_after_people(snake(name)) and formed_as_people(snake(name), distinct):
        return by_kind["person_name"], "name and values"
    if not words or len(distinct) < 20:
        return None
    if sum(_PLACE.fullmatch(value) is not None for value in distinct) >= PLACES_SHARE * len(distinct) and (
        all(value[:1] in "PS" for value in distinct) or _PLACES.search(snake(name))
    ):
        return by_kind["location"], "values"
    if looks_like_names(distinct) >= NAMES_SHARE:
        return by_kind["person_name"], "values"
    if looks_like_addresses(distinct) >= ADDRESSES_SHARE:
        return by_kind["address"], "values"
    return None
