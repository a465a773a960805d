from __future__ import annotations

import random
import sys
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.measures.national_ids import NATIONAL_IDS
from governance.measures.personal_data import KINDS, find

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks" / "detection"))
from personal_texts import texts

NATIONAL = {rule.name for rule in NATIONAL_IDS}


@pytest.mark.parametrize(
    ("text", "span", "kind"),
    [
        ("write to a.b+c@mail.example.co.uk.", "a.b+c@mail.example.co.uk", "email"),
        ("call (202) 555-0143 now", "(202) 555-0143", "phone"),
        ("Tel. 31-25-13-92", "31-25-13-92", "phone"),
        ("card 4111 1111 1111 1111 12/25", "4111 1111 1111 1111", "card"),
        ("to GB82 WEST 1234 5698 7654 32 by", "GB82 WEST 1234 5698 7654 32", "iban"),
        ("from 192.168.1.17 at", "192.168.1.17", "ip_address"),
        ("at 2001:db8::ff00:42:8329 now", "2001:db8::ff00:42:8329", "ip_address"),
        ("mac 00:1B:44:11:3A:B7 joined", "00:1B:44:11:3A:B7", "mac_address"),
        ("postgres://bob:k3yB0ard9@db.example.com/x", "postgres://bob:k3yB0ard9@db.example.com/x", "url_credentials"),
        ("born on 12 March 1980 in", "12 March 1980", "date_of_birth"),
        ("passport number C01234567", "C01234567", "document_number"),
        ("id AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE", "token"),
        ("password: hUnter2zebra!", "hUnter2zebra", "token"),
        ("-----BEGIN RSA PRIVATE KEY-----", "-----BEGIN RSA PRIVATE KEY-----", "token"),
        ("pay 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "wallet"),
        ("to LWtN9pvbBGXhEJAbkWuQkLD6C6z97zbbCx now", "LWtN9pvbBGXhEJAbkWuQkLD6C6z97zbbCx", "wallet"),
        ("to DJv1D1Jvkrc8Y2PnXaKTdkjcdpwvyqZi3X now", "DJv1D1Jvkrc8Y2PnXaKTdkjcdpwvyqZi3X", "wallet"),
        ("ltc1qv8g7n9sy3k5g7ld534eq5vxg52m3j6gwqlmkyk", "ltc1qv8g7n9sy3k5g7ld534eq5vxg52m3j6gwqlmkyk", "wallet"),
        ("host ::ffff:134.83.83.203 is down", "::ffff:134.83.83.203", "ip_address"),
        ("ring 0049 30 7145167 now", "0049 30 7145167", "phone"),
        ("or 0033 6 18 73 81 68 now", "0033 6 18 73 81 68", "phone"),
        ("office 089 / 96 05 19 now", "089 / 96 05 19", "phone"),
        ("office 0(562) 581 41 83 now", "0(562) 581 41 83", "phone"),
        ("Thanks a lot. 020 3035 6721 is it", "020 3035 6721", "phone"),
        ("stop the messages to 55 3406 6736", "55 3406 6736", "phone"),
        ("date_of_birth: August 13th, 1987", "August 13th, 1987", "date_of_birth"),
        ("my birth date (10-Sep-1950)", "10-Sep-1950", "date_of_birth"),
        ("What is your date of birth? It's 16 May 1966", "16 May 1966", "date_of_birth"),
        ("Her birthday is 25 12 2010", "25 12 2010", "date_of_birth"),
        ("born the 20th of June, 1958", "20th of June, 1958", "date_of_birth"),
        ("data di nascita 12/03/1980", "12/03/1980", "date_of_birth"),
        ("geboortedatum: 12-03-1980", "12-03-1980", "date_of_birth"),
        ("дата рождения 12.03.1980", "12.03.1980", "date_of_birth"),
        ("His DOB is listed as 03/12/1980", "03/12/1980", "date_of_birth"),
        ("Ada Sample (b. 12 March 1980)", "12 March 1980", "date_of_birth"),
        ("Llámame al 612 345 678", "612 345 678", "phone"),
        ("телефон 8 916 123 45 67", "8 916 123 45 67", "phone"),
        ("手机 13812345678", "13812345678", "phone"),
        ("GET 10.1.2.3:8080", "10.1.2.3:8080"[:8], "ip_address"),
        ("Authorization: Basic dXNlcjpwYXNzd29yZDEyMw==", "dXNlcjpwYXNzd29yZDEyMw==", "token"),
        ("driving licence number SMITH901015JJ9AB", "SMITH901015JJ9AB", "document_number"),
        ("South African ID 490703 8743 086", "490703 8743 086", "za_id"),
        ("ID card number: 440305198504168613", "440305198504168613", "cn_ric"),
        ("My SIN is 548537422.", "548537422", "ca_sin"),
        ("The password for the portal is Tr0ub4dor&3", "Tr0ub4dor&3", "token"),
        ("use gsk_" + "a1B2" * 13, "gsk_" + "a1B2" * 13, "token"),
        ("use hvs." + "a1B2" * 20, "hvs." + "a1B2" * 20, "token"),
        ("amqps://root:$KebK2oH@mq.example.org/vh", "amqps://root:$KebK2oH@mq.example.org/vh", "url_credentials"),
    ],
)
def test_one_of_each_kind(text, span, kind):
    found = find(text)
    assert [(text[s.start : s.end].rstrip("!"), s.kind) for s in found] == [(span, kind)]


@pytest.mark.parametrize(
    "text",
    [
        "version 1.2.3.4 of 2021-03-04 12:30", "order 44051401359 shipped", "4111 1111 1111 1112", "GB83 WEST 1234 5698 7654 32",
        "password: changeme", "the secret: nobody knows", "https://user:xxxx@host/", "std::vector a::b", "10 000 000 people",
        "it was born to run", "email me @home", "from 01.02.2021 to 03.04.2022", "999.1.1.1 and 1.1.1.1.1", "0.12345678901",
        "lot 020 3035 6721", "https://user:$DB_PASSWORD@host/", "https://user:$password@host/", "548537422", "08 11 1990 was a Thursday",
        "the password for the portal is unknown", "LWtN9pvbBGXhEJAbkWuQkLD6C6z97zbbCy",
    ],
)  # fmt: skip
def test_look_alikes_are_none(text):
    assert [span for span in find(text) if span.kind != "web_address"] == []


def test_f1_on_generated_texts():
    right = wrong = missed = 0
    for text in texts(7, 600):
        left = list(text.spans)
        for span in find(text.text):
            kind = "national_id" if span.kind in NATIONAL else span.kind
            if (span.start, span.end, kind) in left:
                left.remove((span.start, span.end, kind))
                right += 1
            else:
                wrong += 1
        missed += len(left)
    assert 2 * right / (2 * right + wrong + missed) > 0.97


def test_no_gate_keeps_a_hit_out():
    batch = [text.text for text in texts(8, 500)]
    series = pl.Series(batch)
    for kind in KINDS:
        passes = series.str.contains(kind.gate).to_list()
        for text, passed in zip(batch, passes, strict=True):
            assert passed or not any(score > 0 for *_, score in kind.find(text)), (kind.name, text)


@given(st.text(max_size=200))
def test_any_text_gets_an_answer_with_spans_inside_it_and_apart(text):
    last = 0
    for span in find(text):
        assert last <= span.start < span.end <= len(text)
        last = span.end


def test_long_texts_of_the_worst_kind_take_no_time_to_speak_of():
    import time

    draw = random.Random(0)
    for signs in ("0123456789 -", "abc.@", "a:/@", "+() 0123", "0123456789abcdef:", "born ", "eyJ.", "key="):
        text = "".join(draw.choice(signs) for _ in range(20_000))
        start = time.process_time()
        find(text)
        assert time.process_time() - start < 3, signs
