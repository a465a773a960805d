"""What changed since the approved version, on the first screen of a datasheet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from governance.documents.facts import Before, DatasetFacts
from governance.documents.since_approved import since_approved

Later = Callable[..., DatasetFacts]


@pytest.fixture
def later(make_facts: Callable[..., DatasetFacts]) -> Later:
    """Facts on a version that differs in the given fields of its manifest from the one approved before."""

    def made(**was: Any) -> DatasetFacts:
        facts = make_facts()
        manifest = facts.manifest.model_copy(update={"digest": "sha256:" + "9" * 64, **was})
        return replace(facts, before=Before("2026-01-01", manifest, None, None))

    return made


def test_a_class_of_hardly_any_rows_is_counted_and_not_named(later: Later) -> None:
    classes = {"train": {"B": 268, "M": 156, "SECRETX3": 1}, "test": {"B": 89, "M": 54}}
    lines = since_approved(later(classes=classes))
    assert "Rows per class: classes of fewer than 5 rows 1 → 2." in lines
    assert not [line for line in lines if "SECRETX3" in line or "“rare”" in line]
