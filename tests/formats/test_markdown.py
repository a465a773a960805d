"""The comment: within the platform's limit, what blocks first, nothing lost without a count, nothing interpreted."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from governance.config import Workspace
from governance.formats.markdown import LIMIT, MARKER, as_markdown
from governance.judging import Judged


def test_what_blocks_stands_before_what_is_folded(judged: Judged, workspace: Workspace) -> None:
    text = as_markdown(judged, workspace)
    assert text.startswith(MARKER + "\n")
    order = [text.index(part) for part in ("❌ 2 judged", "| `toy` |", "### What blocks", "schema/check", "<details>")]
    assert order == sorted(order)
    assert text.count("<details>") == text.count("</details>") == text.count("<summary>") > 2


def test_dataset_text_does_nothing(judged: Judged, workspace: Workspace) -> None:
    text = as_markdown(judged, workspace)
    for dangerous in ("<script", "[x](", "http://e.org", "@all", "::error::x\n", "\n::", "</system-out>"):
        assert dangerous not in text
    assert "&lt;script" in text


def test_waivers_show_their_reason(judged: Judged, workspace: Workspace) -> None:
    assert "Waiver: known and harmless" in as_markdown(judged, workspace)


@pytest.mark.parametrize(("count", "subjects"), [(1, 1), (1000, 1), (0, 500), (150, 6)])
def test_it_fits_and_counts_the_rest(
    count: int, subjects: int, many: Callable[..., Judged], workspace: Workspace
) -> None:
    text = as_markdown(many(count, subjects), workspace)
    assert len(text) <= LIMIT
    assert text.count("<details>") == text.count("</details>")
    assert text.rstrip().endswith("</sub>")
    shown = text.count("schema/check")
    missing = sum(int(n) for n in re.findall(r"and (\d+) more that did not fit", text.split("<details>")[0]))
    assert shown + missing == count * subjects
    rows = len(re.findall(r"^\| `", text, re.M))
    left_out = re.search(r"^(\d+) more are not in this table", text, re.M)
    assert rows + (int(left_out[1]) if left_out else 0) == subjects


def test_one_endless_message_does_not_fill_the_comment(many: Callable[..., Judged], workspace: Workspace) -> None:
    text = as_markdown(many(50, message="x" * 100_000), workspace)
    assert len(text) <= LIMIT
    assert text.count("schema/check") == 50
    assert text.count("xxx…") == 50


@pytest.mark.parametrize("limit", [4_000, 10_000, 30_000])
def test_other_limits_hold_too(limit: int, many: Callable[..., Judged], workspace: Workspace) -> None:
    assert len(as_markdown(many(60, 4), workspace, limit)) <= limit
