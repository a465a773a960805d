"""Approvals against what a policy demands: exact versions, different people, and nobody for their own change."""

from __future__ import annotations

import datetime
import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.approvals import Approval, concerning, earlier
from governance.approving import Author, Here, approval_decisions
from governance.policy import ApprovalDemand
from governance.verdict import Decision

DAY = datetime.date(2026, 5, 1)
A, B, C = (f"sha256:{letter * 64}" for letter in "abc")
HERE = Here(A, A, A)
TWO = ApprovalDemand(roles=("data_owner", "reviewer"), people=2)
NOBODY = Author(names=("Nora Nobody",), emails=("nora@example.org",))


def approval(by: str = "Ada Example", role: str = "data_owner", email: str = "", **rest: Any) -> Approval:
    values: dict[str, Any] = {"on": DAY, "note": "seen", "data": A, "verdict": A, "documents": A}
    return Approval(by=by, role=role, email=email, **(values | rest))


def decided(*given: Approval, demand: ApprovalDemand = TWO, author: Author = NOBODY) -> list[Decision]:
    return list(approval_decisions(demand, given, HERE, author, DAY))


def blocks(*given: Approval, **rest: Any) -> set[str]:
    return {one.rule for one in decided(*given, **rest) if one.effect == "block"}


def test_two_people_in_two_roles_are_enough() -> None:
    both = (approval(), approval("Bob Baker", "reviewer"))
    assert blocks(*both) == set()
    assert {one.rule for one in decided(*both) if one.effect == "pass"} == {"approval/data_owner", "approval/reviewer"}
    assert blocks() == {"approval/data_owner", "approval/reviewer", "approval/people"}
    assert blocks(both[0]) == {"approval/reviewer", "approval/people"}


@pytest.mark.parametrize("part", ["data", "verdict", "documents"])
def test_an_approval_lapses_when_any_of_the_three_changes(part: str) -> None:
    lapsed = approval(**{part: B})
    assert blocks(lapsed, approval("Bob Baker", "reviewer")) == {"approval/data_owner", "approval/people"}
    told = [one.message for one in decided(lapsed) if one.rule == "approval/lapsed"]
    assert (part == "data") or f"{part} changed since" in told[0]


def test_one_person_under_two_roles_counts_once() -> None:
    ada = (approval(), approval(role="reviewer"))
    assert blocks(*ada) == {"approval/people"}
    assert blocks(approval(email="ada@x.org"), approval("A. Example", "reviewer", "ADA@x.org")) == {"approval/people"}
    assert blocks(approval("Ada  Example"), approval("ada example", "reviewer")) == {"approval/people"}
    assert blocks(*ada, approval("Bob Baker", "observer")) == {"approval/people"}, "both roles still rest on Ada"
    assert blocks(*ada, approval("Bob Baker", "reviewer")) == set()
    chain = (
        approval("Ada Example", email="a@x.org"), approval("Bea Example", "reviewer", "b@x.org"),
        approval("Ada Example", "observer", "b@x.org"),
    )  # fmt: skip
    assert blocks(*chain) == {"approval/people"}, "name and address join all three"


def test_the_author_of_the_change_does_not_count() -> None:
    both = (approval(), approval("Bob Baker", "reviewer", "bob@example.org"))
    for author in (Author(names=("ada example",)), Author(names=("X",), emails=("x@y.z",))):
        expected = {"approval/data_owner", "approval/people"} if author.names == ("ada example",) else set()
        assert blocks(*both, author=author) == expected
    assert blocks(*both, author=Author(emails=("BOB@example.org",))) == {"approval/reviewer", "approval/people"}
    lenient = TWO.model_copy(update={"author_may_approve": True})
    assert blocks(*both, author=Author(names=("ada example",)), demand=lenient) == set()


def test_an_author_whom_nobody_knows_blocks() -> None:
    found = decided(approval(), approval("Bob Baker", "reviewer"), author=Author(unknown="this clone is shallow"))
    assert [(one.rule, one.exit_code) for one in found if one.effect == "block"] == [("approval/author", 4)]
    lenient = TWO.model_copy(update={"author_may_approve": True})
    both = (approval(), approval("Bob Baker", "reviewer"))
    assert blocks(*both, author=Author(unknown="this clone is shallow"), demand=lenient) == set()


def test_an_approval_from_the_future_does_not_count() -> None:
    assert blocks(approval(on=DAY + datetime.timedelta(days=2)), approval("Bob Baker", "reviewer"))
    assert not blocks(approval(on=DAY + datetime.timedelta(days=1)), approval("Bob Baker", "reviewer"))


def test_without_a_demand_approvals_are_notes() -> None:
    assert {one.effect for one in decided(approval(), demand=ApprovalDemand())} == {"note"}
    assert decided(demand=ApprovalDemand(), author=Author(unknown="shallow")) == []


def test_people_may_be_demanded_without_roles_and_roles_without_people() -> None:
    assert blocks(approval(role="anything"), demand=ApprovalDemand(people=1)) == set()
    assert blocks(approval(role="anything"), demand=ApprovalDemand(people=2)) == {"approval/people"}
    roles = ApprovalDemand(roles=("data_owner", "reviewer"))
    assert blocks(approval(), approval(role="reviewer"), demand=roles) == set(), "nobody asked for different people"


PEOPLE = st.sampled_from([("Ada Example", ""), ("Bob Baker", ""), ("Cyd Carter", ""), ("Nora Nobody", "")])
GIVEN = st.builds(
    lambda who, role, digest: approval(who[0], role, data=digest),
    PEOPLE, st.sampled_from(["data_owner", "reviewer", "privacy"]), st.sampled_from([A, A, B]),
)  # fmt: skip
DEMANDS = st.builds(
    ApprovalDemand,
    roles=st.sampled_from([(), ("data_owner",), ("data_owner", "reviewer"), ("data_owner", "reviewer", "privacy")]),
    people=st.integers(0, 4), author_may_approve=st.booleans(),
)  # fmt: skip


@given(DEMANDS, st.lists(GIVEN, max_size=6))
def test_a_reference_written_differently_agrees(demand: ApprovalDemand, given: list[Approval]) -> None:
    """Tries every way in which people can stand for the roles."""
    valid = [one for one in given if one.data == A and (demand.author_may_approve or one.by != "Nora Nobody")]
    people = sorted({one.by for one in valid})
    able = {(one.by, one.role) for one in valid}
    ways = itertools.product(people or ["nobody"], repeat=len(demand.roles))
    most = max(
        (
            len(set(way))
            for way in ways
            if all((who, role) in able for who, role in zip(way, demand.roles, strict=True))
        ),
        default=-1,
    )
    enough = most >= min(demand.people, len(demand.roles)) and len(people) >= demand.people
    assert (not blocks(*given, demand=demand)) is enough


@given(DEMANDS, st.lists(GIVEN, max_size=5), GIVEN, st.randoms(use_true_random=False))
def test_more_approvals_never_block_and_order_does_not_matter(
    demand: ApprovalDemand, given: list[Approval], more: Approval, random: Any
) -> None:
    shuffled = [*given]
    random.shuffle(shuffled)
    assert blocks(*shuffled, demand=demand) == blocks(*given, demand=demand)
    assert blocks(*given, more, demand=demand) <= blocks(*given, demand=demand)


def test_what_came_after_a_version_was_approved_does_not_concern_it() -> None:
    first, second, again, third = (approval(data=digest) for digest in (A, B, A, C))
    listed = (first, second, again, third)
    assert earlier(listed, A) == ()
    assert earlier(listed, B) == (first,)
    assert earlier(listed, C) == (first, second, again)
    assert earlier(listed, "sha256:new") == listed
    assert concerning(listed, A) == (first, again)
    assert concerning(listed, B) == (first, second)
