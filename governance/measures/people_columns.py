"""Whether a column holds names of people, so that two spellings that differ by a letter may be two people.

Three signs: the column is called after names (`last_name`), after what somebody does or is to somebody (`author`,
`owner`), or its values look like names by their form and hold given names. What a column is called never suffices:
an `owner` may be a kind of firm, a `contact` a channel, so the values must be names by their form as well.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from governance.measures.column_evidence import (
    COLUMN_VALUES,
    NAMED_FITS,
    NAMES_SHARE,
    fits,
    kind_of_column,
    looks_like_names,
    snake,
)

_DOES = """
author writer director actor actress cast star artist singer musician composer lyricist conductor performer editor translator
illustrator photographer producer screenwriter narrator creator teacher instructor lecturer professor tutor coach trainer player
athlete captain skipper rider jockey referee umpire driver pilot owner landlord tenant seller buyer contact manager supervisor boss
chef agent broker salesperson sales_rep representative doctor physician surgeon dentist therapist nurse midwife patient guest
client customer donor member applicant candidate employee assignee reporter reviewer investigator inspector officer judge lawyer
attorney witness victim suspect defendant plaintiff mayor president minister senator politician inventor scientist
autor autorin verfasser regie regisseur schauspieler kuenstler kunstler saenger sanger komponist herausgeber uebersetzer ubersetzer
lehrer lehrerin klassenlehrer dozent spieler besitzer eigentuemer eigentumer inhaber ansprechpartner fahrer kapitaen kapitan arzt
arztin pfleger krankenschwester gast kunde kundin mandant klient mitarbeiter betreuer leiter richter anwalt
auteur ecrivain realisateur acteur actrice artiste chanteur compositeur redacteur traducteur producteur professeur entraineur
joueur proprietaire conducteur chauffeur medecin infirmier infirmiere invite
autora escritor actriz artista cantante compositor traductor productor profesor maestro entrenador jugador propietario dueno conductor
piloto capitan medico enfermera enfermero paciente cliente huesped gerente
autore scrittore regista attore attrice compositore traduttore insegnante allenatore giocatore proprietario autista medico infermiera
paziente ospite schrijver zanger componist leraar docent speler eigenaar bestuurder klant medewerker arts verpleger
escritor diretor ator atriz professor treinador jogador motorista enfermeiro hospede
forfatter forfattare larare laerer forare ejer agare
""".split()
"""What people do, and what they are to others, in the small letters and without the marks of `snake`."""
_CALLED = re.compile(
    rf"(?:^|_)(?:{'|'.join(sorted(set(_DOES), key=lambda word: (-len(word), word)))})(?:e?s|in|innen)?(?:_?\d+)?"
    r"(?:_(?:full|last|first)?_?names?)?(?:_?\d+)?$"
)
_WORD = r"(?:[^\W\d_a-z][^\W\d_]*(?:['’-][^\W\d_]+)*\.?|\b(?:al|af|auf|av|bin|da|das|de|del|della|den|der|di|do|dos|du|el|ibn|la|le|ten|ter|van|von|y|zu|zum|zur)\b|d['’][^\W\d_]+)"
_FULL = re.compile(
    rf"{_WORD}(?:[ .]{{1,2}}{_WORD}){{1,4}}|{_WORD}(?: {_WORD}){{0,3}}, ?{_WORD}(?:[ .]{{1,2}}{_WORD}){{0,3}}"
)
"""Two to five words with capitals, particles aside, or a surname, a comma and given names or initials."""
_ONE = re.compile(r"[^\W\d_a-z][^\W\d_]+(?:['’-][^\W\d_]+)*")
_SAINT = re.compile(r"(?i)(?:saint|sainte|st|ste|san|santa|santo|sankt|sao|são)\b\.?")
"""What places and houses that are called after somebody begin with."""
_THINGS = re.compile(
    r"(?:^|_)(?:city|town|place|county|region|state|country|street|road|school|hospital|clinic|church|station|venue|stadium|hotel|brand|make|model"
    r"|product|item|title|film|movie|book|song|album|band|team|club|company|firm|store|shop|ship|vessel|boat|horse|plant|species|cultivar"
    r"|variety|award|prize|ort|stadt|schule|marke|produkt|artikel|titel|firma|ville|marque|produit|ciudad|marca|producto|titulo)s?(?:_|\d|$)"
)
"""Columns of things, which may be called after people."""
_SEVERAL = re.compile(r"\s*[;&|/]\s*|\s+(?:and|und|et|y|e)\s+")
FREQUENT, MANY = 5, 10
"""Cells of a value, and so many values of as many cells, from which words alone are surnames: levels of a list are fewer."""
NEARLY_ALL = 0.9
"""Share of full names from which the values alone tell it, where given names are among them."""
LEAST = 20
"""Distinct values without which they tell nothing."""


def holds_people(name: str, counts: Mapping[str, int]) -> bool:
    """Whether the column `name` with these values holds names of people. `counts` holds the cells of each value."""
    distinct = sorted(counts)
    step = max(1, -(-len(distinct) // COLUMN_VALUES))
    some = distinct[::step]
    found = kind_of_column(name, some, words=True, number=False)
    if found is not None and found[0].kind == "person_name" and found[1] != "values":
        return True
    if found is not None and found[0].kind != "person_name":
        return False
    parts = [part for value in some for part in _SEVERAL.split(value.strip()) if part]
    full = _share_of_full(parts)
    if _CALLED.search(snake(name)):
        often = [value for value, cells in counts.items() if cells >= FREQUENT]
        surnames = len(often) >= MANY and sum(_ONE.fullmatch(one) is not None for one in often) >= NAMED_FITS * len(
            often
        )
        return (full >= NAMED_FITS or surnames) and fits("person_name", parts) >= NAMED_FITS
    if len(some) < LEAST or full < NEARLY_ALL or _THINGS.search(snake(name)):
        return False
    bare = ["" if _SAINT.match(part) else part for part in parts]
    return looks_like_names(bare) >= NAMES_SHARE


def _share_of_full(values: Sequence[str]) -> float:
    return sum(_FULL.fullmatch(value) is not None for value in values) / len(values) if values else 0.0
