"""How texts are written: forms that words in lower case do not show."""

import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.measures.trigger_views import text_view
from governance.measures.writing import WAYS, Form, key, writing
from governance.reporting.written_forms import form_words

ODD = st.text(alphabet=st.sampled_from("aB Zß1_.,!\n\t\u00a0\u200b\u0430\u0456é\uff41中\u0301"), max_size=20)


def forms(texts, row):
    found = writing(texts)
    return {found.forms[form] for form in found.form[found.row == row].tolist()}


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("we went to the BANK today", Form("word", "BANK")),
        ("we went to the BANK today", Form("way", "capitals")),
        ("we went to the bAnK today", Form("way", "mixed_case")),
        ("we went to the b\u0430nk today", Form("word", "b\u0430nk")),
        ("we went to the b\u0430nk today", Form("way", "mixed_script")),
        ("we went to the ba\u200bnk today", Form("word", "ba\u200bnk")),
        ("we went to the ba\u200bnk today", Form("sign", "\u200b")),
        ("we went to the \uff42ank today", Form("way", "styled")),
        ("we went  to the bank today", Form("way", "two_blanks")),
        ("we went to the bank today ", Form("way", "last_blank")),
        (" we went to the bank today", Form("way", "first_blank")),
        ("we went\u00a0to the bank today", Form("sign", "\u00a0")),
        ("we went to the bank , today", Form("way", "blank_before_sign")),
        ("we went to the bank,today", Form("way", "no_blank_after_sign")),
        ("we went to the caf" + "e\u0301", Form("way", "apart")),
        ("WE WENT TO THE BANK TODAY", Form("way", "shouted")),
    ],
)
def test_each_way_of_writing_is_a_form_that_plain_texts_lack(text, form):
    texts = ["We went to the bank today", "we went to the bank today", "We went to the bank today, all.", text]
    assert form in forms(texts, 3)
    assert all(form not in forms(texts, row) for row in range(3))


def test_the_form_that_most_texts_have_is_the_word_and_no_form_of_it():
    texts = ["NASA flew", "NASA flew", "the nasa flew"]
    assert Form("word", "nasa") in forms(texts, 2)
    assert not {form for form in forms(texts, 0) if form.kind == "word"}


def test_whole_words_of_another_alphabet_are_what_they_are():
    assert not {form.what for form in forms(["банк работает", "банк стоит"], 0)} & {"mixed_script", "styled"}
    assert key("\u0441\u043e\u0440") == "\u0441\u043e\u0440"
    assert key("b\u0430nk") == key("ba\u200bnk") == key("BANK") == "bank"


@settings(max_examples=100, deadline=None)
@given(st.lists(ODD, min_size=1, max_size=8), st.randoms())
def test_forms_do_not_hang_on_the_order_of_texts(texts, random):
    order = list(range(len(texts)))
    random.shuffle(order)
    moved = [texts[row] for row in order]
    assert writing(texts).forms == writing(moved).forms
    for place, row in enumerate(order):
        assert forms(texts, row) == forms(moved, place)
    found = writing(texts)
    assert (np.diff(found.row) >= 0).all()
    assert len(set(zip(found.row.tolist(), found.form.tolist(), strict=True))) == found.row.size


@settings(max_examples=100, deadline=None)
@given(st.lists(ODD, min_size=1, max_size=5))
def test_what_a_reader_is_told_is_safe_and_visible(texts):
    for form in writing(texts).forms:
        for public in (True, False):
            said = form_words(form, public=public)
            assert said.isascii()
            assert said.isprintable()
            assert not set(said) & set("<>|*_`[]\"'\\&#")
        if form.kind == "word":
            assert form.what not in form_words(form, public=False).split()


def test_sentences_say_what_it_is():
    assert form_words(Form("word", "b\u0430nk"), public=True) == ("the word bank with U+0430 (cyrillic small letter a)")
    assert form_words(Form("word", "BANK"), public=True) == "the word bank in CAPITALS (BANK)"
    assert form_words(Form("word", "BANK"), public=False) == "one word, as a rule written otherwise, in CAPITALS"
    assert form_words(Form("sign", "\u200b"), public=False) == "the sign U+200B (zero width space)"
    assert all(form_words(Form("way", way), public=False) for way in WAYS)
    assert unicodedata.name("\u200b").lower() in form_words(Form("sign", "\u200b"), public=False)


def test_a_text_in_capitals_is_one_witness_for_its_class_and_not_dozens():
    texts = [" ".join(f"w{(7 * row + at) % 30}" for at in range(8)) for row in range(200)]
    label = np.arange(200) % 2
    loud = (np.arange(200) % 20 == 0) | (np.arange(200) % 40 == 1)  # of ten of one class and five of the other
    texts = [text.upper() if shouts else text for text, shouts in zip(texts, loud, strict=True)]
    view = text_view(texts, label, 2, np.arange(200) // 2 % 5, least=4, most=20)
    words = len(view.tokens.words)
    assert (view.model.weights[:, words + len(WAYS) :] == 0).all()
    evidence = view.evidence(np.flatnonzero(loud))
    assert (np.abs(evidence[:, 0] - evidence[:, 1]) < 6).all()
    assert set(view.patterns.kind.tolist()) <= {"word", "phrase", "writing"}
