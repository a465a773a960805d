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
     "12:34:56:78:90:12", "RFC 2616", "490154203237518", "1HGCM82633A004352"],
)  # fmt: skip
def test_what_is_written_like_it_is_none(text):
    assert find(text) == []
