"""Numbers that the issuers or their documentation publish as examples."""

from __future__ import annotations

import random
import re
import sys
from pathlib import Path

import pytest

from governance.measures.national_ids import NATIONAL_IDS, holds
from governance.measures.personal_data import find

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks" / "detection"))
from personal_texts import _sample

RULES = {rule.name: rule for rule in NATIONAL_IDS}
EXAMPLES = {
    "us_ssn": "536-90-4399", "gb_nino": "AB 12 34 56 C", "gb_nhs": "943 476 5919", "de_tax": "36 574 261 809", "fr_nir": "2 95 10 99 126 111 93",
    "es_dni": "54362315-K", "it_cf": "RCCMNL83S18D969H", "nl_bsn": "1112.22.333", "be_nn": "85.07.30-033.28", "se_pnr": "880320-0016",
    "fi_hetu": "131052-308T", "no_fnr": "151086 95088", "dk_cpr": "211062-5629", "pl_pesel": "44051401359", "pt_nif": "501964843",
    "br_cpf": "390.533.447-05", "in_aadhaar": "2341 2341 2346", "in_pan": "ACUPA7085R", "cn_ric": "11010519491231002X", "kr_rrn": "971013-9019902", "kr_rrn_bare": "8810031234566",
    "sg_nric": "S1234567D", "ca_sin": "123-456-782", "au_tfn": "123 456 782", "au_medicare": "2123 45670 1", "za_id": "8001015009087",
    "tr_id": "17291716060", "ch_ahv": "756.9217.0769.85", "mx_curp": "HEGG560427MVZRRL04", "cl_rut": "12.531.909-2", "cl_rut_bare": "125319092", "ie_pps": "6433435F",
    "at_svnr": "1237 010180", "ro_cnp": "1630615123457", "cz_rc": "710319/2745", "bg_egn": "7523169263", "th_id": "1-2345-45678-78-1",
    "jp_my": "1234 5678 9018", "ar_cuit": "20-12345678-6", "hk_id": "A123456(3)", "mx_rfc": "VECJ880326XXX", "vin": "1HGCM82633A004352",
    "imei": "490154203237518",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_published_examples_hold(name):
    assert re.fullmatch(RULES[name].shape, EXAMPLES[name], re.ASCII)
    assert holds(RULES[name], EXAMPLES[name])


@pytest.mark.parametrize("name", sorted(set(EXAMPLES) - {"us_ssn", "gb_nino", "in_pan"}))
def test_numbers_of_the_shape_hold_about_as_often_as_the_rule_says(name):
    rule, draw = RULES[name], random.Random(0)
    passed = sum(holds(rule, _sample(rule.shape, draw)) for _ in range(4000))
    assert passed <= 1.5 * rule.chance * 4000 + 10
    assert passed >= 0.5 * rule.chance * 4000 - 10


def test_ten_countries_and_more():
    assert len({rule.name[:2] for rule in NATIONAL_IDS}) >= 30


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_a_number_is_found_where_it_is_announced(name):
    word = {"us_ssn": "SSN", "gb_nino": "national insurance", "gb_nhs": "NHS", "de_tax": "Steuer", "fr_nir": "NIR", "es_dni": "DNI", "it_cf": "codice fiscale",
            "nl_bsn": "BSN", "be_nn": "rijksregister", "se_pnr": "personnummer", "fi_hetu": "hetu", "no_fnr": "fnr", "dk_cpr": "CPR", "pl_pesel": "PESEL",
            "pt_nif": "NIF", "br_cpf": "CPF", "in_aadhaar": "Aadhaar", "in_pan": "PAN", "cn_ric": "resident ID", "kr_rrn": "RRN", "kr_rrn_bare": "RRN", "sg_nric": "NRIC",
            "ca_sin": "SIN", "au_tfn": "TFN", "au_medicare": "Medicare", "za_id": "ID number", "tr_id": "kimlik", "ch_ahv": "AHV", "mx_curp": "CURP",
            "cl_rut": "RUT", "cl_rut_bare": "RUT", "ie_pps": "PPS", "at_svnr": "SVNR", "ro_cnp": "CNP", "cz_rc": "rodne cislo", "bg_egn": "EGN", "th_id": "Thai ID",
            "jp_my": "My Number", "ar_cuit": "CUIT", "hk_id": "HKID", "mx_rfc": "RFC", "vin": "VIN", "imei": "IMEI"}[name]  # fmt: skip
    text = f"Her {word} is {EXAMPLES[name]}, she said."
    (span,) = find(text)
    assert (text[span.start : span.end], span.kind) == (EXAMPLES[name], name)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("IdNr. {}", "de_tax"), ("IdNr {}", "de_tax"), ("St-IdNr.: {}", "de_tax"), ("StIdNr {}", "de_tax"), ("Steuer-IdNr. {}", "de_tax"),
        ("Identifikationsnummer: {}", "de_tax"), ("fødselsnr {} er registrert", "no_fnr"), ("f.nr. {}", "no_fnr"), ("Fødselsnr.: {}", "no_fnr"),
        ("foedselsnummer {}", "no_fnr"), ("D-nr. {}", "no_fnr"), ("Personnr: {}", "se_pnr"), ("samordningsnr {}", "se_pnr"),
        ("P-nr {}", "se_pnr"), ("CPRnr. {}", "dk_cpr"), ("cpr-nr {}", "dk_cpr"), ("D.N.I. {}", "es_dni"), ("D.N.I.: {}", "es_dni"),
        ("C.F. {}", "it_cf"), ("codfisc {}", "it_cf"), ("N° Sécu {}", "fr_nir"), ("n° SS {}", "fr_nir"), ("sofinr {}", "nl_bsn"),
        ("B.S.N. {}", "nl_bsn"), ("N.I.F. {}", "pt_nif"), ("C.P.F. nº {}", "br_cpf"), ("R.U.T. {}", "cl_rut"), ("C.U.I.T. {}", "ar_cuit"),
        ("NRN {}", "be_nn"), ("numéro national {}", "be_nn"), ("NAVS13: {}", "ch_ahv"), ("AHV-Nr. {}", "ch_ahv"), ("SV Nr. {}", "at_svnr"),
        ("Soz.Vers.Nr. {}", "at_svnr"), ("SVNr: {}", "at_svnr"), ("VSNR {}", "at_svnr"), ("T.C. No: {}", "tr_id"), ("TC no {}", "tr_id"),
        ("r. č. {}", "cz_rc"), ("rodného čísla {}", "cz_rc"), ("rod. č. {}", "cz_rc"), ("personbeteckning {}", "fi_hetu"),
        ("公民身份号码：{}", "cn_ric"), ("외국인등록번호 {}", "kr_rrn"), ("UPSP {}", "ie_pps"), ("RSA ID {}", "za_id"),
        ("N.I. No. {}", "gb_nino"), ("N.A.S. {}", "ca_sin"), ("Soc. Sec. No. {}", "us_ssn"), ("my social is {}", "us_ssn_bare"),
        ("FIN: {}", "vin"), ("C.N.P. {}", "ro_cnp"), ("Е.Г.Н. {}", "bg_egn"),
    ],
)  # fmt: skip
def test_the_short_forms_of_its_name_announce_a_number(written, name):
    number = "219099999" if name == "us_ssn_bare" else EXAMPLES[name]
    text = written.format(number)
    (span,) = [one for one in find(text) if one.score >= 0.86]
    assert (text[span.start : span.end], span.kind) == (number, name)
    assert span.score > 0.95, "told by the word, not by its form alone"


@pytest.mark.parametrize("column", ["IdNr", "idnr", "Id_Nr"])
def test_a_column_may_be_called_by_a_short_form(column):
    from governance.reporting.shown_by_column import name_words

    assert name_words(column) in {"idnr id nr ", "idnr ", "id nr "}
