"""Numbers of more countries and devices, ways of writing births, and what is written like them."""

from __future__ import annotations

import pytest

from governance.measures.personal_data import find


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("CUIT 20-12345678-6", "ar_cuit"), ("HKID A123456(3)", "hk_id"), ("RFC VECJ880326XXX", "mx_rfc"), ("VIN 1HGCM82633A004352", "vin"),
        ("IMEI 490154203237518", "imei"), ("*12.03.1980", "date_of_birth"), ("Anna Roth (*12.03.1980)", "date_of_birth"),
        ("生年月日 昭和55年3月12日", "date_of_birth"), ("Ausweisnummer T220001293", "document_number"), ("MAC 001B44113AB7", "mac_address"),
        ("MAC 12:34:56:78:90:12", "mac_address"),
    ],
)  # fmt: skip
def test_it_is_found(text, kind):
    assert [span.kind for span in find(text)] == [kind]


@pytest.mark.parametrize(
    "text",
    ["Order number 811218-9876", "range 100-200-3000", "SN: AB123456C", "Gene ABCPE1234F", "Article 12345678Z", "10.0.0.0/8",
     "12:34:56:78:90:12", "RFC 2616", "490154203237518", "1HGCM82633A004352", "nightly run 125319092", "scan 8810031234566"],
)  # fmt: skip
def test_what_is_written_like_it_is_none(text):
    assert find(text) == []


@pytest.mark.parametrize(
    ("text", "span", "kind"),
    [
        ("tél 0262876710", "0262876710", "phone"),
        ("puh. 0401234567", "0401234567", "phone"),
        ("rappelez-moi au 0612345678", "0612345678", "phone"),
        ("ligue para 935 294 314", "935 294 314", "phone"),
        ("dzwoń pod 793 861 770", "793 861 770", "phone"),
        ("erreichbar unter 06102005488", "06102005488", "phone"),
        ("telefon: 06-38/486 0888", "06-38/486 0888", "phone"),
        ("telefon: 06-1/486 0888", "06-1/486 0888", "phone"),
        ("telefon: (06)35/314-3233", "(06)35/314-3233", "phone"),
        ("on (02).9961.9839 today", "(02).9961.9839", "phone"),
        ("or (+30) 2781 405104 now", "(+30) 2781 405104", "phone"),
        ("or (+30 2781 405104) now", "+30 2781 405104", "phone"),
        ("звоните 8 (417) 318-5779", "8 (417) 318-5779", "phone"),
        ("звоните 8 (417) 318-57-79", "8 (417) 318-57-79", "phone"),
        ("IBAN GB82.WEST.1234.5698.7654.32", "GB82.WEST.1234.5698.7654.32", "iban"),
        ("BSSID:b0:41:0f:af:d8:62 seen", "b0:41:0f:af:d8:62", "mac_address"),
        ("nascida a 13/06/1932", "13/06/1932", "date_of_birth"),
        ("Kundin: *30. Dezember 1973", "30. Dezember 1973", "date_of_birth"),
    ],
)
def test_ways_of_writing_of_more_countries(text, span, kind):
    assert [(text[s.start : s.end], s.kind) for s in find(text)] == [(span, kind)]


@pytest.mark.parametrize(
    "text",
    [
        "From the form - Version 8.15.21.160 installed",
        "on the client firmware version is 16.1.50.184 now",
        "Rechnung Nr. 0732/670629 vom Mai",
        "facture 0732 670629",
        "room 097 4025 2500",
        "BLZ 002 060 97",
        "tel. directory 2022/2023 is out",
        "aa:b0:41:0f:af:d8:62",
        "Rua Augusta 100, CEP 01310-100, São Paulo",
        "code postal : 01310-100",
    ],
)
def test_numbers_that_their_words_say_to_be_others(text):
    assert find(text) == []
