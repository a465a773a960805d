"""Texts that fill in one form are compared by what they say, and copies edited at random as they are."""

import random

import pytest

from governance.measures.similar_texts import similar_texts

BASE = "I bought this kettle for my father, the handle broke after two weeks and the seller would not take it back."


def typo(rng: random.Random, text: str) -> str:
    place = rng.randrange(len(text))
    return rng.choice(
        [
            text[:place] + rng.choice("aeinrst") + text[place + 1 :],
            text[:place] + text[place + 1 :],
            text[:place] + rng.choice("aeinrst") + text[place:],
        ]
    )


def appointments(rng: random.Random, count: int) -> list[str]:
    made = (
        f"Your appointment no. {rng.randint(10**5, 10**6)} with Dr {rng.choice(['Meier', 'Novak', 'Ito', 'Brown'])} is "
        f"confirmed for {rng.randint(1, 28)} May at {rng.randint(8, 17)} o'clock, please bring your card"
        for _ in range(count)
    )
    return list(dict.fromkeys(made))


def weights(rng: random.Random, count: int) -> list[str]:
    made = (
        f"The patient was weighed at {rng.randint(40, 120)}.{rng.randint(0, 9)} kg and measured {rng.randint(150, 200)} cm "
        f"with a blood pressure of {rng.randint(95, 190)}/{rng.randint(55, 110)} mmHg on admission to the ward."
        for _ in range(count)
    )
    return list(dict.fromkeys(made))


def joined_to_first(texts: list[str]) -> int:
    first, second, _ = similar_texts(texts)
    known = {0}
    for _ in range(len(texts)):
        more = known.union(*({a, b} for a, b in zip(first.tolist(), second.tolist(), strict=True) if {a, b} & known))
        if more == known:
            break
        known = more
    return len(known)


@pytest.mark.parametrize("form", [appointments, weights])
@pytest.mark.parametrize("count", [300])
def test_texts_filled_in_to_one_form_are_no_copies(form, count):
    made = form(random.Random(4), count)
    first, _, _ = similar_texts(made)
    assert first.size <= len(made) / 50


@pytest.mark.parametrize("form", [appointments, weights])
def test_copies_within_a_form_are_found(form):
    rng = random.Random(6)
    made = form(rng, 100)
    copies = [text.upper() + "!" for text in made[:10]] + [text.replace("the", "teh") for text in made[10:20]]
    copies += [f"{text} (sent again)" for text in made[20:30]]
    first, second, _ = similar_texts(made + copies)
    found = set(zip(first.tolist(), second.tolist(), strict=True))
    assert {(row, len(made) + row) for row in range(30)} <= found


@pytest.mark.parametrize(
    "edit",
    [
        lambda rng, text: typo(rng, text),
        lambda rng, text: typo(rng, typo(rng, typo(rng, text))),
        lambda rng, text: f"{text} -- {rng.choice(['Anna', 'Bob', 'Dora', 'Emil'])} {rng.randint(1, 99)}",
        lambda rng, text: f"{rng.choice(['Anna', 'Bob', 'Dora'])} {rng.randint(1, 9999)} wrote: {text}",
        lambda rng, text: text.replace(word := rng.choice(text.split()), f"<b>{word}</b>"),
        lambda rng, text: text.replace("two", rng.choice(["two", "three"])),
    ],
    ids=["typo", "typos", "signature", "heading", "markup", "versions"],
)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_many_copies_of_one_text_stay_copies(edit, seed):
    rng = random.Random(seed)
    copies = [edit(rng, BASE) for _ in range(60)]
    assert joined_to_first([BASE, *copies]) == 61
