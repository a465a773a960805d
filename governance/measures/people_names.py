"""Names of people by what their column is called and by their form, whatever language they are of.

Nobody holds a list of the given names of all languages. A column that is called after what people do, or are to
somebody, is one of names when nearly all its values are two or more words with capitals, as full names are, when many
different words stand first and many last, as given names and surnames combine freely while kinds of things share few
heads (`Linear Model`, `Windows Printer`), and when hardly any word is one of firms, offices, machines or times.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

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
forfatter forfattare larare laerer forare ejer agare attending radiologist anesthesiologist student pupil passenger resident
""".split()
"""What people do, and what they are to others, in the small letters and without the marks of `snake`."""
_DONE = (
    "submitted created reviewed approved reported assigned signed prepared checked written entered requested ordered updated modified"
    " handled treated authored uploaded recorded examined inspected verified authorised authorized performed sold taught referred"
)
_CALLED = re.compile(
    rf"(?:^|_)(?:{_DONE.replace(' ', '|')})_(?:by|to)$|(?:^|_)(?:{'|'.join(sorted(set(_DOES), key=lambda word: (-len(word), word)))})(?:e?s|in|innen)?(?:_?\d+)?"
    r"(?:_(?:full|last|first)?_?names?)?(?:_?\d+)?$"
)
_WORD = r"(?:[^\W\d_a-z][^\W\d_]*(?:['’-][^\W\d_]+)*\.?|\b(?:al|af|auf|av|bin|da|das|de|del|della|den|der|di|do|dos|du|el|ibn|la|le|ten|ter|van|von|y|zu|zum|zur)\b|d['’][^\W\d_]+)"
_FULL = re.compile(
    rf"{_WORD}(?:[ .]{{1,2}}{_WORD}){{1,4}}|{_WORD}(?: {_WORD}){{0,3}}, ?{_WORD}(?:[ .]{{1,2}}{_WORD}){{0,3}}"
)
"""Two to five words with capitals, particles aside, or a surname, a comma and given names or initials."""
_SEVERAL = re.compile(r"\s*[;&|/]\s*|\s+(?:and|und|et|y|e)\s+")
_TITLE = re.compile(
    r"(?i)(?:(?:dr|prof|mr|mrs|ms|miss|mx|sir|herr|frau|hr|fr|mme|mlle|sra?|srta|dott|dra|ing|mag|dipl|shri|smt|engr|univ|med|rev)\b\.?[ -]*)+(?=\S)"
)
_OF_THINGS = frozenset(
    """
    academy accounting adapter administration advanced adviser advisory afternoon agency air airlines airport alliance analytics annual apache
    app area army art assistant associates association audio authority auto automotive average backup base basic bayes bayesian big
    board boosting box branch bridge brothers builders building bureau business cafe call camera campus capital car card care cash
    cell center central centre channel chat chemical chief city classic classifier client cloud club code coffee college
    commercial committee common community computer conference construction consultants consulting consumer control cooperative
    council counter county court creative credit customer daily dairy data database day debit deep defence defense delivery dental
    department desk design detector device devices dialog digital direct director directorate discrete display district division
    domestic double dynamic early economy editorial electric electrical electronics email emergency energy engine engineer
    engineering enterprise enterprises ensemble equipment estate evening exchange exclusive express external facebook factory family farm
    farms fashion federal federation festival film finance financial first fitness fixed flat fleet food foods force forest foundation
    frequent front full fund gallery games garage general global government graphics group guest hardware head health healthcare heating
    heavy help high home homes hospital hotel human hybrid image inbound independent industrial industries industry info innovation
    input institute insurance interactive interface internal international internet investment investments junior kernel kiosk lab
    laboratories laboratory labs language large laser learner learning leasing legal letter level library light linear local logistic
    logistics machine machinery magazine mail main mainframe maintenance management manager manufacturing marine market marketing markets
    mart material materials media medical mega member memory message metal metro microsoft middle military ministry mobile model models
    modern monitor monthly morning motor motors multi municipal museum music national nearest net network networks neural news
    newspaper night noon normal nuclear number office offline oil online only open operator optical order orchestra organic
    organization other outbound outdoor output owner page paper parcel parent part partner partners party payment personal pharma
    phone pickup pipeline planning plant plastics platform plus police pool portable post power premium press primary printer private
    procurement product production productions products professional program project properties property provider public publishers
    publishing purchase quality quarterly radio rail random ranger real reception records regional register regression regular
    remote rental repair research reserve resource resources restaurant retail review robot room rural safety sales school schools science
    sciences scientific screen secondary security self senior sequence serial series server service services shared ship shipping shop
    shopping short single site smart social society software solar solution solutions sound special sport sports square staff standard
    star start state station steel storage store stores street studio studios supermarket supplier supplies supply support survey
    switch system systems tablet team tech technical technologies technology telecom telecoms telephone television temporary tennis
    test textile theater theatre third ticket time tools tourism toys trade traders trading traffic training transfer transformer
    transport transportation travel treasury tree trees truck trucking trust twitter union unit united universal university unknown
    usb user utility vector vehicle vendor ventures video virtual visit visual volunteer walk wall warehouse waste
    water wave wealth web website weekend weekly wellness wholesale wide window windows wine wireless wood works workshop world
    yearly youth zone noreply anonymous unassigned pending none various several mondays monday tuesday wednesday thursday friday
    saturday sunday amt abteilung bundesamt ministerium universitat universität hochschule schule verein verband werke werk haus
    gesellschaft handel vertrieb bau technik dienst dienste stadt gemeinde zentrum praxis klinik krankenhaus telefon brief
    université universite école ecole ministère ministere institut hôpital société societe service bureau mairie
    universidad escuela ministerio instituto empresa grupo servicios compañía compania universidade escola empresa grupo
    università universita scuola ministero istituto azienda gruppo servizi stichting bedrijf ziekenhuis spółka urząd
    """.split()
)
"""What firms, offices, machines, kinds, channels and times are called by, and hardly anybody."""
_NOUN = re.compile(
    r"\w{3,}(?:tions?|sions?|ments|ology|ologies|ware|istics|atics|ical|ators|ility|ivity|schaft|ungen|keit|ização|zione|tät|ism|ship|graphy)"
)
"""How nouns of things end in the languages of Europe."""
_END_OF_FIRM = re.compile(
    r"(?i)\b(?:ltd|limited|gmbh|mbh|inc|llc|llp|plc|corp|corporation|company|co|ag|kg|ohg|bv|nv|oy|oyj|aps|pty|sas|sarl|kft|zrt|kk|holdings?|sons|bros)\b\.?$"
)
FULL, THINGS = 0.9, 0.08
"""Share of values that must have the form of full names, and share from which on words of things tell of none."""
FEWEST, HEADS = 8, 8
"""Different values that tell something, and different words that stand first, and last, among many values."""
_WORDS = re.compile(r"[^\W\d_]+")


def called_after_people(name: str) -> bool:
    """Whether `name` (in snake case) is that of what people do or are to somebody: `nurse`, `submitted_by`."""
    return _CALLED.search(name) is not None


def parts_of(values: Sequence[str]) -> list[str]:
    """The values, those that name several apart."""
    return [part for value in values for part in _SEVERAL.split(value.strip()) if part]


def share_of_full(values: Sequence[str]) -> float:
    """Share of `values` that have the form of a full name, 0 to 1; 0 without values."""
    return sum(_FULL.fullmatch(value) is not None for value in values) / len(values) if values else 0.0


def formed_as_people(name: str, values: Sequence[str]) -> bool:
    """Whether `values` (distinct) of the column `name` (in snake case) have the form of names of people and combine so.

    A value that says the column's own name, as `Rolling Contact` does, is a kind of thing.
    """
    parts = parts_of(values)
    if len(values) < FEWEST or share_of_full(parts) < FULL:
        return False
    bare = [_TITLE.sub("", part, count=1) if _TITLE.match(part) else part for part in parts]
    words = [_WORDS.findall(part.casefold()) for part in bare]
    own = frozenset(name.split("_"))
    things = sum(
        any(word in _OF_THINGS or word in own or _NOUN.fullmatch(word) for word in listed)
        or _END_OF_FIRM.search(part) is not None
        for listed, part in zip(words, bare, strict=True)
    )
    if things > THINGS * len(parts):
        return False
    titled = sum(one != other for one, other in zip(bare, parts, strict=True))
    if titled > len(parts) / 2:
        return True
    least = min(HEADS, len(set(bare)) / 2)
    return all(len({listed[end] for listed in words if listed}) >= least for end in (0, -1))
