from __future__ import annotations

import numpy as np
from sklearn import metrics as sk

from governance.measures.classification_scores import classification_scores
from governance.measures.scores import Sample, Score


def scored(
    label: np.ndarray, predicted: np.ndarray, probabilities: np.ndarray | None, **rest: object
) -> dict[str, Score]:
    given = {"classes": 3, "majority": 0, "positive": None} | rest
    units = given.pop("units", None)
    sample = Sample(label.size, units, 300, 0)
    return {one.name: one for one in classification_scores(sample, label, predicted, probabilities, **given)}


def make(rows: int = 200, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    label = rng.integers(0, 3, rows)
    raw = np.exp(rng.normal(size=(rows, 3)) + 1.5 * np.eye(3)[label])
    probabilities = raw / raw.sum(axis=1, keepdims=True)
    return label, probabilities.argmax(axis=1), probabilities


def test_area_over_classes_is_the_macro_average_of_scikit_learn() -> None:
    label, predicted, probabilities = make()
    score = scored(label, predicted, probabilities)["roc_auc"]
    assert abs((score.value or 0) - sk.roc_auc_score(label, probabilities, multi_class="ovr")) < 1e-9
    assert score.interval is not None
    assert score.interval[0] < (score.value or 0) < score.interval[1]


def test_interval_of_the_macro_area_follows_the_bootstrap() -> None:
    label, predicted, probabilities = make(300, 4)
    score = scored(label, predicted, probabilities)["roc_auc"]
    rng = np.random.default_rng(0)
    drawn = []
    for _ in range(200):
        rows = rng.integers(0, 300, 300)
        drawn.append(sk.roc_auc_score(label[rows], probabilities[rows], multi_class="ovr"))
    assert score.interval is not None
    wide = np.quantile(drawn, 0.975) - np.quantile(drawn, 0.025)
    assert 0.8 < (score.interval[1] - score.interval[0]) / wide < 1.25


def test_every_estimate_has_an_interval_and_baselines_have_none() -> None:
    found = scored(*make())
    for name, score in found.items():
        assert score.n == 200
        assert score.meaning
        if name.startswith("baseline"):
            assert score.interval is None
        else:
            assert score.interval is not None
            assert score.method
            assert score.interval[0] <= (score.value or 0) <= score.interval[1]


def test_without_probabilities_only_classes_are_scored() -> None:
    label, predicted, _ = make()
    assert set(scored(label, predicted, None)) == {
        "accuracy",
        "baseline_accuracy",
        "advantage_over_baseline",
        "balanced_accuracy",
        "baseline_balanced_accuracy",
        "macro_f1",
    }


def test_no_mistakes_gives_a_note_and_not_a_point_interval() -> None:
    label, _, _ = make()
    found = scored(label, label, None)
    assert found["macro_f1"].value == 1
    assert found["macro_f1"].interval is None
    assert found["macro_f1"].note
    assert found["accuracy"].interval is not None
    assert found["accuracy"].interval[0] < 1


def test_one_class_in_the_rows() -> None:
    label = np.zeros(20, dtype=np.int64)
    probabilities = np.tile([0.8, 0.1, 0.1], (20, 1))
    found = scored(label, label, probabilities)
    assert found["roc_auc"].value is None
    assert found["roc_auc"].note


def test_a_mean_over_classes_of_which_one_has_two_rows_has_no_interval() -> None:
    label, predicted, probabilities = make()
    label = np.where(label == 2, 0, label)
    label[:2] = 2  # a redraw without both would average over two classes only
    for units, what in ((None, "rows"), (np.arange(200) // 2, "groups")):
        found = scored(label, predicted, probabilities, units=units)
        for name in ("macro_f1", "roc_auc"):
            assert found[name].value is not None
            assert found[name].interval is None
            assert f"fewer than 5 {what}" in found[name].note
        assert found["accuracy"].interval is not None


def test_a_class_of_five_rows_stays_in_the_interval() -> None:
    label = np.repeat([0, 1, 2], [100, 100, 5])
    score = scored(label, np.where(label == 2, 0, label), None)["macro_f1"]
    assert score.interval is not None
    assert score.interval[0] <= (score.value or 0) <= score.interval[1] < 0.67
