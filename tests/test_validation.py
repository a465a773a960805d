"""What is wrong with values that people wrote is told in one form, whichever file it stands in."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from governance.validation import hint, no_such_key, worded, worded_item


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")
    size: int = Field(default=1, ge=1)
    other: str = Field(default="", alias="else")


class Outer(BaseModel):
    model_config = ConfigDict(extra="forbid")
    inner: Inner = Inner()
    many: tuple[Inner, ...] = ()
    named: dict[str, Annotated[Inner, "note"] | None] = Field(default_factory=dict)
    needed: int


def told(value: Any, below: tuple[str, ...] = ()) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        Outer.model_validate(value)
    return [worded_item(item, Outer, below) for item in caught.value.errors()]


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ({"neded": 1, "needed": 1}, "neded: there is no such key; did you mean 'needed'? Its keys are: inner, many, named, needed"),
        ({"needed": 1, "xyz": 1}, "xyz: there is no such key; its keys are: inner, many, named, needed"),
        ({"needed": 1, "inner": {"sice": 2}}, "inner.sice: there is no such key; did you mean 'size'? Its keys are: size, else"),
        ({"needed": 1, "many": [{}, {"els": ""}]}, "many.1.els: there is no such key; did you mean 'else'? Its keys are: size, else"),
        ({"needed": 1, "named": {"a": {"sze": 1}}}, "named.a.sze: there is no such key; did you mean 'size'? Its keys are: size, else"),
        ({}, "needed: is missing"),
        ({"needed": 1, "inner": 3}, "inner: must be a mapping with the keys size, else (it is 3)"),
        ({"needed": 1, "inner": {"size": 0}}, "inner.size: must be greater than or equal to 1 (it is 0)"),
    ],
)  # fmt: skip
def test_each_problem_is_one_sentence(value: Any, sentence: str) -> None:
    assert told(value) == [sentence]


def test_all_problems_at_once_with_the_way_that_leads_there() -> None:
    assert told({"inner": {"size": 0}, "x": 1}, ("audits", "toy")) == [
        "audits.toy.inner.size: must be greater than or equal to 1 (it is 0)",
        "audits.toy.needed: is missing",
        "audits.toy.x: there is no such key; its keys are: inner, many, named, needed",
    ]
    with pytest.raises(ValidationError) as caught:
        Outer.model_validate(3)
    said = worded(caught.value, Outer, "waivers.yaml: waiver 1")
    assert said == ["waivers.yaml: waiver 1: must be a mapping with the keys inner, many, named, needed (it is 3)"]


def test_hints() -> None:
    assert hint("siez", ["size"]) == "; did you mean 'size'?"
    assert hint("q", ["size"]) == ""
    assert no_such_key("q", []) == "there is no such key; it has no keys"


class Worded(BaseModel):
    role: Literal["private", "feature"] = "feature"
    roles: dict[Literal["private", "feature"], int] = Field(default_factory=dict)


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ({"role": "privat"}, "role: must be 'private' or 'feature' (it is 'privat'); did you mean 'private'?"),
        ({"role": "xyz"}, "role: must be 'private' or 'feature' (it is 'xyz')"),
        (
            {"roles": {"privat": 1}},
            "roles.privat: must be 'private' or 'feature' (it is 'privat'); did you mean 'private'?",
        ),
    ],
)
def test_a_word_that_is_none_of_those_allowed_is_told_the_nearest(value: Any, sentence: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Worded.model_validate(value)
    assert worded(caught.value, Worded, "f") == [f"f: {sentence}"]
