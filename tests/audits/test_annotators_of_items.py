"""Which of several annotators of each item turns labels, and what they are called."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from case_runner import ask

from governance.dataset import Role, Task
from governance.testing import make_snapshot

CLASSES = np.array(["ash", "elm", "oak"])


def annotated(seed, turned, *, items=300, people=10, each=3):
    """Item, annotator and label: one mistake in ten, and annotator 4 says elm of `turned` of the ash trees."""
    random = np.random.default_rng([70, seed])
    true = random.integers(0, 3, items)
    item = np.repeat(np.arange(items), each)
    who = np.concatenate([random.permutation(people)[:each] for _ in range(items)])
    wrong = random.random(item.size) < 0.1
    label = np.where(wrong, (true[item] + random.integers(1, 3, item.size)) % 3, true[item])
    turns = (who == 4) & (true[item] == 0) & (random.random(item.size) < turned)
    return item, who, np.where(turns, 1, label)


def in_long_form(tmp_path, seed, turned, *, public):
    item, who, label = annotated(seed, turned)
    frame = pl.DataFrame(
        {"item": [f"i{n}" for n in item], "who": [f"Qx{n}zyw" for n in who], "kind": CLASSES[label]},
    )
    roles = {Role.ANNOTATOR: ("who",), Role.IDENTIFIER: ("item",)}
    snapshot = make_snapshot(
        tmp_path, frame, target="kind", task=Task.CLASSIFICATION, roles=roles, public=True if public else None
    )
    return ask("label_consistency", snapshot)[0]


def ranking(evidence):
    levels = next(t for t in evidence.tables if t.name == "levels")
    return [row[2] for row in levels.rows if row[1] == "annotations"]


@pytest.mark.parametrize("seed", range(5))
def test_who_turns_half_of_a_class_comes_first_and_is_named_where_that_may_be(tmp_path, seed):
    evidence = in_long_form(tmp_path, seed, 0.5, public=True)
    assert ranking(evidence)[0] == "Qx4zyw"
    assert any(f.rule == "label_consistency/annotations_differ" and "Qx4zyw" in f.message for f in evidence.findings)
    annotators = next(t for t in evidence.tables if t.name == "annotators")
    assert {row[0] for row in annotators.rows} == {f"Qx{n}zyw" for n in range(10)}


def test_private_annotators_are_numbered(tmp_path):
    evidence = in_long_form(tmp_path, 0, 0.5, public=False)
    annotators = next(t for t in evidence.tables if t.name == "annotators")
    assert {row[0] for row in annotators.rows} == {f"number {n} of 10" for n in range(1, 11)}
    assert set(ranking(evidence)) < {row[0] for row in annotators.rows}
    assert "Qx" not in evidence.to_json()


def in_wide_form(tmp_path, random, labels):
    frame = pl.DataFrame({f"w{n}": CLASSES[column] for n, column in enumerate(labels.T)} | {"x": random.normal(size=labels.shape[0])})  # fmt: skip
    snapshot = make_snapshot(tmp_path, frame, task=Task.NONE, public=True)
    return ask("label_consistency", snapshot, {"annotations": [f"w{n}" for n in range(labels.shape[1])]})[0]


@pytest.mark.parametrize("seed", range(3))
def test_who_often_answers_without_looking_comes_first(tmp_path, seed):
    # No share of a class moves, so that differences of shares do not show it.
    random = np.random.default_rng([71, seed])
    true = random.integers(0, 3, 200)
    wrong = random.random((200, 5)) < np.array([0.05, 0.05, 0.45, 0.05, 0.05])
    labels = np.where(wrong, random.integers(0, 3, (200, 5)), true[:, None])
    evidence = in_wide_form(tmp_path, random, labels)
    assert ranking(evidence)[0] == "w2"
    assert any(f.rule == "label_consistency/annotations_differ" and "w2" in f.message for f in evidence.findings)


def test_alike_annotators_are_seldom_told_apart(tmp_path):
    accused = 0
    for seed in range(20):
        random = np.random.default_rng([72, seed])
        true = random.integers(0, 3, 150)
        labels = np.where(random.random((150, 4)) < 0.15, random.integers(0, 3, (150, 4)), true[:, None])
        evidence = in_wide_form(tmp_path / str(seed), random, labels)
        accused += any(f.rule == "label_consistency/annotations_differ" for f in evidence.findings)
    assert accused <= 4
