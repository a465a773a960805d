"""reports/index.html: everything on one page, nothing that hangs on the day, and nothing that a dataset says does harm."""

from __future__ import annotations

import datetime
from html.parser import HTMLParser
from pathlib import Path

from fail_closed.conftest import measured, original
from fail_closed.measured import Measured, approval

from governance.documents.index import Subject, approvals_in, index_page
from governance.verdict import Decision, Verdict, Waiver

__all__ = ["measured", "original"]


class _Text(HTMLParser):
    """The text of the page, and its tags."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def page(subjects: list[Subject], waivers: list[Waiver] | None = None) -> tuple[str, set[str]]:
    parser = _Text()
    parser.feed(index_page(subjects, waivers or [], Path()))
    return " ".join(" ".join(parser.words).split()), parser.tags


def verdict(*decisions: Decision) -> Verdict:
    blocked = any(one.effect == "block" for one in decisions)
    return Verdict(
        subject="toy", kind="dataset", result="blocked" if blocked else "passed", tier="internal",
        snapshot_digest="sha256:a", policy_digest="sha256:b", decisions=decisions,
    ).sealed()  # fmt: skip


BLOCK = Decision(rule="schema/bound", effect="block", exit_code=3, message="Too long: 3 rows.", fingerprint="a" * 16)
WARN = Decision(rule="outliers/far", effect="warn", message="<script>alert(1)</script>")


def test_it_lists_verdicts_approvals_findings_and_waivers_by_expiry() -> None:
    waivers = [
        Waiver(fingerprint=mark * 16, owner="Ada", reason="known and harmless", expires=datetime.date(2030, month, 1))
        for mark, month in (("b", 5), ("a", 2), ("c", 9))
    ]
    text, _ = page([Subject("toy", "dataset", "Toys", verdict(BLOCK, WARN), ("Ada, data_owner",))], waivers)
    assert "0 of 1 passed" in text
    assert "Toys toy dataset internal blocked Ada, data_owner 1 1 0" in text
    assert "blocks: schema/bound" in text
    dates = [text.index(f"2030-0{month}-01") for month in (2, 5, 9)]
    assert dates == sorted(dates)
    assert "no finding of now" in text


def test_text_of_a_dataset_does_nothing() -> None:
    text, tags = page([Subject("toy", "dataset", "<img src=x>", verdict(WARN), ("<b>Eve</b>",))])
    assert not tags & {"script", "img", "b"}
    assert "<script>alert(1)</script>" in text


def test_a_subject_without_a_verdict_and_an_empty_workspace() -> None:
    assert "no verdict" in page([Subject("toy", "model", "", None, ())])[0]
    assert "declares none" in page([])[0]


def test_many_findings_are_counted() -> None:
    many = [WARN.model_copy(update={"fingerprint": f"{number:016x}"}) for number in range(30)]
    assert "10 more" in page([Subject("toy", "dataset", "", verdict(*many), ())])[0]


def test_what_voids_a_score_is_not_among_those_that_are_counted() -> None:
    many = [WARN.model_copy(update={"rule": f"integrity/rule_{number}"}) for number in range(30)]
    leak = WARN.model_copy(update={"rule": "leakage/repeats_target"})
    text, _ = page([Subject("toy", "dataset", "", verdict(*many, leak, BLOCK), ())])
    assert text.index("schema/bound") < text.index("leakage/repeats_target") < text.index("integrity/rule_0")


def test_approvals_of_any_shape() -> None:
    ada = {"by": "Ada", "role": "owner", "on": datetime.date(2030, 1, 1)}
    assert approvals_in({"approvals": [ada]}, None) == ("Ada, owner, 2030-01-01",)
    assert approvals_in(None, None) == approvals_in("x", None) == approvals_in({"approvals": [1]}, None) == ()


def test_an_approval_of_another_version_is_said_to_have_lapsed() -> None:
    now = verdict()
    given = {"by": "Ada", "data": now.snapshot_digest, "verdict": now.digest}

    def said(**other: str) -> tuple[str, ...]:
        return approvals_in({"approvals": [given | other]}, now)

    assert said() == ("Ada",)
    assert said(data="sha256:other") == ("Ada (lapsed: of other data)",)
    assert said(verdict="sha256:other") == ("Ada (lapsed: the verdict changed since)",)


def test_a_stale_index_blocks_and_is_named(measured: Measured) -> None:
    measured.stage("index")
    before = measured.path("reports/index.html").read_bytes()
    measured.stage("index")
    assert measured.path("reports/index.html").read_bytes() == before
    assert measured.gate().code == 0
    assert measured.govern("verify").code == 0
    measured.edit("reports/index.html", "2 of", "3 of") if "2 of" in before.decode() else measured.edit(
        "reports/index.html", "3 of", "2 of"
    )
    gate = measured.gate()
    assert gate.code == 4
    assert "dvc repro" in gate.text
    assert "reports/index.html" in measured.govern("verify").text
    measured.stage("index")
    measured.write("approvals/trees.yaml", "approvals:\n" + approval("a" * 64))
    assert "stale_index" in measured.gate().text
    measured.stage("index")
    assert "stale_index" not in measured.gate().text
    assert "Ada Owner" in measured.path("reports/index.html").read_text(encoding="utf-8")
