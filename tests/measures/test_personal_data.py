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
