"""What a word is: letters of unspaced scripts one each, all others as they always were, and signs that tell."""

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from governance.measures.similar_texts import similar_texts
from governance.measures.trigger_phrases import tokenise
from governance.measures.words import TERM, plain, unspaced, words_and_signs

SPACED = st.text(alphabet=st.sampled_from("ab Zß1_9.,-+#\n\u200béαЖש한हि\u0301\u0e51"), max_size=40)


@settings(max_examples=200)
@given(SPACED)
def test_words_of_spaced_scripts_are_what_they_were(text):
    assert not unspaced(text)
    assert words_and_signs(text) == re.findall(r"\w+|[^\w\s]+", text)
    assert re.findall(TERM, text) == re.findall(TfidfVectorizer().token_pattern, text)


@settings(max_examples=200)
@given(st.text(alphabet=st.sampled_from("ab Zß1_9.,;!?é한\u200b中あ"), max_size=40))
def test_what_is_plain_stays_as_it_is(text):
    assert plain(plain(text)) == plain(text)
    if not unspaced(text) and "_" not in text:
        assert plain(text).split() == re.findall(r"[^\W_]+", text.lower())


@settings(max_examples=300)
@given(st.text(alphabet=st.sampled_from("aC5 -+#:()[]=;'😀中"), max_size=12))
def test_signs_that_tell_stay_as_they_are(text):
    assert plain(plain(text)) == plain(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("电池很好,iPhone 15用了", "电 池 很 好 , iPhone 15 用 了"),
        ("カメラは良い", "カ メ ラ は 良 い"),
        ("กล้องดี ๕๐", "ก ล้ อ ง ดี ๕๐"),
        ("ຂ້ອຍ ភាសា မြန်", "ຂ້ ອ ຍ ភា សា မြ န်"),
    ],
)
def test_letters_of_unspaced_scripts_are_words(text, expected):
    assert words_and_signs(text) == expected.split()
    assert plain(text) == expected.replace(" ,", "").lower()


def test_tokens_and_terms_of_chinese_are_letters():
    assert tokenise(["电池很好"]).words == tuple(sorted("电池很好"))
    assert re.findall(TERM, "电池a ok") == ["电", "池", "ok"]


@pytest.mark.parametrize("form", ["NFD", "NFKD"])
def test_what_looks_the_same_is_the_same(form):
    text = "Größe und Façade, żółć ﬁne １２３ ｶﾞ"
    assert plain(unicodedata.normalize(form, text)) == plain(text)
    assert plain("ＡＢＣ，１２３") == plain("abc, 123") == "abc 123"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("C++ developer with five years of practice", "C# developer with five years of practice"),
        ("C developer with five years of practice", "C# developer with five years of practice"),
        ("the value is -5 degrees today here", "the value is 5 degrees today here"),
        ("I rate this place :) for the staff", "I rate this place :( for the staff"),
        ("I rate this place 👍 for the staff", "I rate this place 👎 for the staff"),
    ],
)
def test_texts_that_differ_in_telling_signs_do_not_overlap_wholly(one, other):
    first, _, overlap = similar_texts([one, other])
    assert first.size == 1
    assert 0.7 <= overlap[0] < 1


def test_dates_hyphens_and_dashes_are_no_telling_signs():
    assert plain("2024-05-01: well-known (5-0) - a+b") == "2024 05 01 well known 5 0 a b"


def test_a_letter_changed_in_chinese_costs_as_much_as_a_word_does():
    text = "这个电池用了三天就坏了客服说屏幕很好但是相机太糟糕"
    first, second, overlap = similar_texts([text, text.replace("池", "板"), "手机不错价格便宜下次再来朋友推荐的"])
    assert (first.tolist(), second.tolist()) == ([0], [1])
    assert overlap[0] > 0.75
