"""National identity, tax and insurance numbers of 33 countries, and numbers of devices and vehicles: shape, checksum, and how often chance passes it.

Each rule gets the bare number: separators removed, letters in upper case. Sources: the issuers' public descriptions,
as gathered in the documentation of python-stdnum (no code of it is used). Short forms of names are those of the
issuers' own forms and letters: IdNr and St-IdNr (Bundeszentralamt für Steuern), TIN (OECD), fødselsnr and f.nr.
(Skatteetaten), personnr and samordningsnr (Skatteverket), cprnr (CPR-kontoret), AHVN13 and NAVS13 (Zentrale
Ausgleichsstelle), SVNR and VSNR (Dachverband der Sozialversicherungsträger), NRN and RRN (the Belgian register), UPSP
(Irish for PPS), henkilötunnus and personbeteckning (DVV), 公民身份号码 (GB 11643), T.C. No and TCKN (Nüfus).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from governance.measures.check_digits import ean_13, luhn, verhoeff
from governance.measures.national_checks import CHECKS


@dataclass(frozen=True)
class NationalId:
    """One kind of number."""

    name: str
    """Stable word: `es_dni`."""
    title: str
    """For people: `Spanish DNI or NIE`."""
    shape: str
    """Regular expression of the number with the separators that people write."""
    check: Callable[[str], bool]
    chance: float
    """Share of random numbers of this shape that satisfy the check, as measured; 1 when there is no checksum."""
    telling: bool
    """Whether shape and check alone make it likely; if not, a word beside it or a whole column must say so."""
    words: str
    """Words that announce it (regular expression, small letters): its name and its short forms, dots between letters left out."""
    only_parted: bool = False
    """Whether ten digits or fewer without a separator are too like other numbers to be telling."""


NATIONAL_IDS: tuple[NationalId, ...] = (
    NationalId("us_ssn", "US social security number", r"\d{3}([- ])\d{2}\1\d{4}", CHECKS["us_ssn"], 0.93, True,
               r"\bssn|\bss#|social security|soc\.? ?sec|\bmy social\b|\bitin\b|taxpayer"),
    NationalId("us_ssn_bare", "US social security number", r"\d{9}", CHECKS["us_ssn"], 0.93, False,
               r"\bssn|\bss#|social security|soc\.? ?sec|\bmy social\b|\bitin\b|taxpayer"),
    NationalId("gb_nino", "UK national insurance number",
               r"[A-CEGHJ-PR-TW-Za-ceghj-pr-tw-z][A-CEGHJ-NPR-TW-Za-ceghj-npr-tw-z] ?\d\d ?\d\d ?\d\d ?[A-Da-d]",
               CHECKS["gb_nino"], 0.98, True, r"nino|national insurance|\bnat\.? ?ins\b|\bni\b"),
    NationalId("gb_nhs", "UK NHS number", r"\d{3}[ -]\d{3}[ -]\d{4}|\d{10}", CHECKS["gb_nhs"], 0.087, False, r"\bnhs\b"),
    NationalId("de_tax", "German tax number", r"\d{2} ?\d{3} ?\d{3} ?\d{3}", CHECKS["de_tax"], 0.004, True,
               r"steuer|tax|\b(?:st-?)?idnr\b|\bst-?id\b|identifikationsn|\be?tin\b"),
    NationalId("fr_nir", "French NIR", r"[1278] ?\d\d ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d\d|2[ABab]) ?\d{3} ?\d{3} ?\d\d",
               CHECKS["fr_nir"], 0.01, True, r"\bnir\b|sécurité sociale|securite sociale|insee|\bs[ée]cu\b|\bn[°o]\.? ?(?:de )?ss\b"),
    NationalId("es_dni", "Spanish DNI or NIE", r"(?:[XYZxyz]-?\d{7}|\d{8}|\d{2}\.\d{3}\.\d{3})[ -]?[A-HJ-NP-TV-Za-hj-np-tv-z]",
               CHECKS["es_dni"], 0.045, True, r"\bdni\b|\bnie\b|\bnif\b"),
    NationalId("it_cf", "Italian codice fiscale",
               r"[A-Za-z]{6}[0-9LMNP-V]{2}[A-EHLMPRSTa-ehlmprst][0-9LMNP-V]{2}[A-Za-z][0-9LMNP-V]{3}[A-Za-z]",
               CHECKS["it_cf"], 0.04, True, r"codice fiscale|cod\.? ?fisc|\bcf\b"),
    NationalId("nl_bsn", "Dutch BSN", r"\d{4}[. ]?\d{2}[. ]?\d{3}|\d{3}[ .]\d{3}[ .]\d{3}", CHECKS["nl_bsn"], 0.091, False, r"\bbsn\b|burgerservice|\bsofi-?n(?:ummer|r)"),
    NationalId("be_nn", "Belgian national number", r"\d\d\.?\d\d\.?\d\d[- ]?\d{3}[.]?\d\d", CHECKS["be_nn"], 0.005, True,
               r"rijksregister|nationalregister|registre national|num[ée]ro national|nationaal nummer|\bniss\b|\binsz\b|\b[rn]rn\b"),
    NationalId("se_pnr", "Swedish personal number", r"(?:19|20)?\d{6}[-+]?\d{4}", CHECKS["se_pnr"], 0.007, True,
               r"\bpers(?:on)?\.?[ -]?n(?:umme)?r|samordningsn(?:umme)?r|personal number|\bp-?nr\b", only_parted=True),
    NationalId("fi_hetu", "Finnish personal identity code", r"\d{6}[-+ABCDEFUVWXYabcdefuvwxy]\d{3}[0-9A-Ya-y]", CHECKS["fi_hetu"],
               0.001, True, r"hetu|henkil[öo]tun|personbeteckning|personal identity"),
    NationalId("no_fnr", "Norwegian birth number", r"\d{6} ?\d{5}", CHECKS["no_fnr"], 0.0005, True, r"f(?:ø|oe?)dselsn(?:umme)?r|\bf\.?nr\b|\bpersonn(?:umme)?r|\bd-?n(?:umme)?r\b"),
    NationalId("dk_cpr", "Danish CPR number", r"\d{6}-?\d{4}", CHECKS["dk_cpr"], 0.037, True, r"\bcpr(?:-?n(?:umme)?r)?\b|\bpersonn(?:umme)?r", only_parted=True),
    NationalId("pl_pesel", "Polish PESEL", r"\d{11}", CHECKS["pl_pesel"], 0.02, True, r"pesel"),
    NationalId("pt_nif", "Portuguese NIF", r"\d{3} ?\d{3} ?\d{3}", CHECKS["pt_nif"], 0.07, False, r"\bnif\b|contribuinte|identificação fiscal|n\.?º fiscal"),
    NationalId("br_cpf", "Brazilian CPF", r"\d{3}\.?\d{3}\.?\d{3}-?\d{2}", CHECKS["br_cpf"], 0.01, True, r"\bcpf\b"),
    NationalId("in_aadhaar", "Indian Aadhaar number", r"[2-9]\d{3}([ -]?)\d{4}\1\d{4}", verhoeff, 0.1, False, r"aadhaar|aadhar|adhaar|uidai|आधार"),
    NationalId("in_pan", "Indian PAN", r"[A-Z]{3}[PCHABGJLFT][A-Z]\d{4}[A-Z]", bool, 1.0, True, r"\bpan\b|permanent account"),
    NationalId("cn_ric", "Chinese resident number", r"[1-8]\d{5}(?:19|20)\d{9}[0-9Xx]", CHECKS["cn_ric"], 0.003, True, r"身份证|身份号码|resident id|chinese id|national id|id(?:entity)? card"),
    NationalId("kr_rrn", "South Korean registration number", r"\d{6}-\d{7}", CHECKS["kr_rrn"], 0.0135, True, r"주민등록|주민번호|외국인등록|\brrn\b"),
    NationalId("kr_rrn_bare", "South Korean registration number", r"\d{6}[1-8]\d{6}", CHECKS["kr_rrn_bare"], 0.0037, False, r"주민등록|주민번호|외국인등록|\brrn\b"),
    NationalId("sg_nric", "Singapore NRIC or FIN", r"[STFGM]\d{7}[A-Z]", CHECKS["sg_nric"], 0.04, True, r"\bnric\b|\bfin\b"),
    NationalId("ca_sin", "Canadian SIN", r"\d{3}([ -]?)\d{3}\1\d{3}", CHECKS["ca_sin"], 0.08, False, r"\bsin\b|\bs\.i\.n\.|\bnas\b|social insurance|assurance sociale"),
    NationalId("au_tfn", "Australian tax file number", r"\d{3} ?\d{3} ?\d{3}", CHECKS["au_tfn"], 0.091, False, r"\btfn\b|tax file"),
    NationalId("au_medicare", "Australian Medicare number", r"[2-6]\d{3} ?\d{5} ?\d", CHECKS["au_medicare"], 0.1, False, r"medicare"),
    NationalId("za_id", "South African identity number", r"\d{6} ?\d{4} ?\d{3}", CHECKS["za_id"], 0.001, True, r"identity n(?:o|umber)|id n(?:o|umber)|national id|(?:african|r?sa) id\b|identiteitsn|id-?nommer"),
    NationalId("tr_id", "Turkish identity number", r"[1-9]\d{10}", CHECKS["tr_id"], 0.01, True, r"kimlik|\btc ?kn\b|\btc ?no\b|\bt\.c\. ?no\b"),
    NationalId("ch_ahv", "Swiss AHV number", r"756\.?\d{4}\.?\d{4}\.?\d{2}", ean_13, 0.1, True, r"\bahv(?:-?n(?:umme)?r|n(?:13)?)?\b|\bn?avs(?:13)?\b|\boasi\b"),
    NationalId("mx_curp", "Mexican CURP", r"[A-Z][AEIOUX][A-Z]{2}\d{6}[HMX][A-Z]{5}[0-9A-Z]\d", CHECKS["mx_curp"], 0.004, True, r"\bcurp\b"),
    NationalId("cl_rut", "Chilean RUT", r"\d{1,2}\.\d{3}\.\d{3}-[0-9Kk]|\d{7,8}-[0-9Kk]", CHECKS["cl_rut"], 0.091, True, r"\brut\b|\brun\b|\brol [úu]nico"),
    # Nothing runs without numbers: "run" (rol único nacional) announces only what is written as a RUT.
    NationalId("cl_rut_bare", "Chilean RUT", r"[1-9]\d{6,7}[0-9Kk]", CHECKS["cl_rut"], 0.091, False, r"\brut\b|\brol [úu]nico"),
    NationalId("ie_pps", "Irish PPS number", r"\d{7}[A-W][A-IW]?", CHECKS["ie_pps"], 0.044, True, r"\bppsn?\b|\bupsp\b"),
    NationalId("at_svnr", "Austrian insurance number", r"[1-9]\d{3} ?\d{6}", CHECKS["at_svnr"], 0.0032, False, r"\bsv[ -]?n(?:umme)?r\b|\bsoz(?:ial)?\.? ?vers|\bvsnr\b|versicherungsn(?:umme)?r"),
    NationalId("ro_cnp", "Romanian CNP", r"[1-9]\d{12}", CHECKS["ro_cnp"], 0.0034, True, r"\bcnp\b|cod numeric personal"),
    NationalId("cz_rc", "Czech or Slovak birth number", r"\d{6}/?\d{4}", CHECKS["cz_rc"], 0.019, True, r"rodn\w{1,3} (?:č[íi]s|cis)|\brod\.? ?[čc]\.|\br\.? ?č(?:\.|\b)", only_parted=True),
    NationalId("bg_egn", "Bulgarian EGN", r"\d{10}", CHECKS["bg_egn"], 0.0185, False, r"\begn\b|егн|единен граждански"),
    NationalId("th_id", "Thai identity number", r"[1-8]([ -])\d{4}\1\d{5}\1\d{2}\1\d|[1-8]\d{12}", CHECKS["th_id"], 0.1, False, r"thai id|citizen id|ประชาชน|ปชช"),
    NationalId("jp_my", "Japanese My Number", r"\d{4}([ -]?)\d{4}\1\d{4}", CHECKS["jp_my"], 0.1, False, r"\bmy ?number\b|マイナンバー|個人番号"),
    NationalId("ar_cuit", "Argentine CUIT or CUIL", r"\d{2}-\d{8}-\d|\d{11}", CHECKS["ar_cuit"], 0.0037, True, r"\bcui[tl]\b"),
    NationalId("hk_id", "Hong Kong identity number", r"[A-Z]{1,2}\d{6}\([0-9A]\)|[A-Z]{1,2}\d{6}[0-9A]", CHECKS["hk_id"], 0.091, False, r"\bhkid|\bhkic\b|hong ?kong id|身份證"),
    NationalId("mx_rfc", "Mexican RFC", r"[A-ZÑ&]{4}\d{6}[A-Z0-9]{3}", CHECKS["mx_rfc"], 0.037, False, r"\brfc\b"),
    NationalId("vin", "vehicle identification number", r"[A-HJ-NPR-Z0-9]{8}[0-9X][A-HJ-NPR-Z0-9]{4}\d{4}", CHECKS["vin"], 0.091, False, r"\bvin\b|chassis|fahrgestell|fahrzeug-?ident|\bfin\b|vehicle id"),
    NationalId("imei", "IMEI device number", r"\d{15}|\d{2}-\d{6}-\d{6}-\d", luhn, 0.1, False, r"\bimei\b"),
)  # fmt: skip

_SEPARATORS = re.compile(r"[\s./-]")


def holds(rule: NationalId, text: str) -> bool:
    """Whether `text`, already of the rule's shape, satisfies its check."""
    bare = text if rule.name == "fi_hetu" else _SEPARATORS.sub("", text.replace("+", ""))
    return rule.check(bare.upper())
