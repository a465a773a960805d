import subprocess
import sys
import warnings

import numpy as np
import pytest

from governance.adapters import default_models
from governance.adapters import scikit_learn as module
from governance.adapters.mixed_features import Mixed
from governance.adapters.scikit_learn import Features, predict_classes, predict_values, text_features
from governance.dataset import Modality
from governance.measures.folds import stratified_folds
from governance.measures.ranking_auc import macro_auc


def names(n):
    return [f"row{number}" for number in range(n)]


def two_blobs(rows=200):
    generator = np.random.default_rng(0)
    labels = np.arange(rows) % 2
    return Features(generator.normal(size=(rows, 3)) + 3 * labels[:, None]), labels


@pytest.mark.parametrize("modality", [Modality.TABULAR, Modality.IMAGE])
def test_classes_are_predicted_and_runs_are_equal_to_the_bit(modality):
    features, labels = two_blobs()
    assigned = stratified_folds(names(200), labels, 5)
    first = predict_classes(features, labels, 2, assigned, modality=modality)
    again = predict_classes(features, labels, 2, assigned, modality=modality)
    assert (first.values == again.values).all()
    assert first.values.sum(axis=1) == pytest.approx(1)
    assert (first.values.argmax(axis=1) == labels).mean() > 0.97


def test_predictions_do_not_see_the_row_that_they_are_for():
    """Features are noise, labels random: what beats guessing could only have learnt the row itself."""
    generator = np.random.default_rng(0)
    labels = generator.integers(0, 2, 400)
    features = Features(generator.normal(size=(400, 20)))
    assigned = stratified_folds(names(400), labels, 5)
    accuracy = np.mean(
        predict_classes(features, labels, 2, assigned, modality=Modality.TABULAR).values.argmax(axis=1) == labels
    )
    assert accuracy < 0.58


def test_classes_that_a_fold_has_not_seen_get_nothing_and_are_counted():
    features, labels = two_blobs(60)
    labels = labels.copy()
    labels[0] = 2
    result = predict_classes(features, labels, 3, stratified_folds(names(60), labels, 5), modality=Modality.TABULAR)
    assert result.unseen == 1
    assert result.values[0, 2] == 0
    assert result.values.sum(axis=1) == pytest.approx(1)


def test_many_classes_use_trees():
    generator = np.random.default_rng(0)
    labels = np.arange(200) % 5
    features = Features(np.eye(5)[labels] * 4 + generator.normal(size=(200, 5)))
    result = predict_classes(features, labels, 5, stratified_folds(names(200), labels, 5), modality=Modality.TABULAR)
    assert "extra trees" in result.model
    assert (result.values.argmax(axis=1) == labels).mean() > 0.9


@pytest.mark.parametrize("unit", [1.0, 1e-200, 1e200])
def test_values_are_predicted_in_their_unit(unit):
    generator = np.random.default_rng(0)
    matrix = generator.normal(size=(300, 4))
    target = (matrix[:, 0] * 3 + 50 + generator.normal(0, 0.1, 300)) * unit
    predicted = predict_values(Features(matrix), target, np.arange(300) % 5, modality=Modality.TABULAR).values
    assert np.corrcoef(predicted / unit, target / unit)[0, 1] > 0.97


def test_forward_folds_learn_from_the_past_only():
    """The meaning of the feature turns round half-way; only a model that saw the future would know."""
    generator = np.random.default_rng(0)
    matrix = generator.normal(size=(500, 1))
    sign = np.where(np.arange(500) < 200, 1, -1)
    labels = (matrix[:, 0] * sign > 0).astype(np.int64)
    assigned = np.arange(500) // 100
    result = predict_classes(Features(matrix), labels, 2, assigned, modality=Modality.TABULAR, forward=True)
    right = result.values.argmax(axis=1) == labels
    assert right[assigned == 2].mean() < 0.1
    assert right[assigned == 1].mean() > 0.9


def test_text_is_told_apart_by_its_words():
    texts = ["the ship sails the sea"] * 30 + ["a tree grows in the wood"] * 30
    terms, latent = text_features(texts)
    assert latent.shape[0] == 60
    assert np.linalg.norm(latent, axis=1) == pytest.approx(1)
    labels = np.repeat([0, 1], 30)
    assigned = stratified_folds(names(60), labels, 5)
    result = predict_classes(Features(np.empty((60, 0)), terms), labels, 2, assigned, modality=Modality.TEXT)
    assert (result.values.argmax(axis=1) == labels).all()


def notes_beside_numbers(rows):
    """Notes from forms, more than latent dimensions; one of 30 rare words tells the class, a number beside them a little."""
    generator = np.random.default_rng(0)
    labels = np.arange(rows) % 2
    forms = generator.integers(0, 100, rows)
    texts = [
        " ".join([f"{'ab'[label]}{generator.integers(30)}", *(f"form{form}x{place}" for place in range(5))])
        for label, form in zip(labels.tolist(), forms.tolist(), strict=True)
    ]
    terms, latent = text_features(texts)
    dense = np.hstack([generator.normal(size=(rows, 1)) + 0.5 * labels[:, None], latent])
    return Features(dense, mixed=Mixed(terms, dense)), labels


def test_few_notes_beside_numbers_are_told_by_their_terms_too():
    features, labels = notes_beside_numbers(400)
    assigned = np.arange(400) // 2 % 4
    said = [
        predict_classes(one, labels, 2, assigned, modality=Modality.TABULAR)
        for one in (features, Features(features.dense))
    ]
    by_terms, by_dimensions = (macro_auc(one.first, labels)[0] for one in said)
    assert by_terms > by_dimensions + 0.03
    assert said[0].first.sum(axis=1) == pytest.approx(1)
    assert said[0].model.startswith("logistic regression on TF-IDF of words and word pairs, and the other columns, ")


def test_terms_of_many_classes_that_would_fill_the_memory_are_left_out(monkeypatch):
    features, labels = notes_beside_numbers(60)
    monkeypatch.setattr(default_models, "MAX_COEFFICIENTS", 10)
    result = predict_classes(features, labels, 2, stratified_folds(names(60), labels, 5), modality=Modality.TABULAR)
    assert "TF-IDF" not in result.model


@pytest.mark.parametrize("linear", [True, False])
def test_rows_say_whether_planes_or_trees_count(linear):
    """Trees know nothing of a plane through eight columns, and planes nothing of a chessboard."""
    generator = np.random.default_rng(0)
    matrix = generator.normal(size=(300, 8 if linear else 2))
    labels = (matrix.sum(axis=1) > 0 if linear else matrix.prod(axis=1) > 0).astype(np.int64)
    assigned = stratified_folds(names(300), labels, 5)
    result = predict_classes(Features(matrix), labels, 2, assigned, modality=Modality.TABULAR)
    given = np.arange(300)
    said, planes = result.values[given, labels], result.first[given, labels]
    assert said.mean() > (planes.mean() - 0.05 if linear else 0.8)
    assert said.mean() > (0.85 if linear else planes.mean() + 0.25)


@pytest.mark.parametrize("texts", [[""] * 30, ["." * 5] * 30])
def test_text_without_words_gives_nothing(texts):
    terms, latent = text_features(texts)
    assert terms is None
    assert latent.shape == (30, 0)


def test_learning_from_a_sample_is_said_with_how_many_of_how_many(monkeypatch):
    random = np.random.default_rng(0)
    matrix = random.normal(size=(400, 3))
    labels = (matrix[:, 0] > 0).astype(np.int64)
    assigned = np.arange(400) % 5
    whole = predict_classes(Features(matrix), labels, 2, assigned, modality=Modality.TABULAR)
    assert whole.notes == ()
    monkeypatch.setattr(module, "MAX_TRAINING_ROWS", 100)
    sampled = predict_classes(Features(matrix), labels, 2, assigned, modality=Modality.TABULAR)
    (note,) = sampled.notes
    assert note.startswith("each model learnt from a sample of 100 of 400 rows")
    assert (sampled.values.argmax(axis=1) == labels).mean() > 0.9


def test_one_thread_for_few_rows_predicts_what_two_do(monkeypatch):
    features, labels = two_blobs()
    assigned = stratified_folds(names(200), labels, 5)
    first = predict_classes(features, labels, 2, assigned, modality=Modality.TABULAR)
    monkeypatch.setattr(module, "FEW_ROWS", 0)
    again = predict_classes(features, labels, 2, assigned, modality=Modality.TABULAR)
    assert (first.values == again.values).all()


def test_pandas_is_not_imported_for_scikit_learn_and_serves_it_afterwards():
    code = (
        "import sys, numpy as np; from governance.adapters.scikit_learn import Features, predict_classes\n"
        "from governance.dataset import Modality\n"
        "x, y = np.arange(80.0).reshape(40, 2), np.arange(40) % 2\n"
        "predict_classes(Features(x), y, 2, np.arange(40) % 5, modality=Modality.TABULAR)\n"
        "assert 'sklearn' in sys.modules and 'pandas' not in sys.modules\n"
        "import pandas; from sklearn.linear_model import LogisticRegression\n"
        "frame = pandas.DataFrame(x, columns=['a', 'b'])\n"
        "assert list(LogisticRegression().fit(frame, y).feature_names_in_) == ['a', 'b']"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_quick_models_of_a_table_see_as_much_and_are_fewer():
    features, labels = two_blobs()
    assigned = stratified_folds(names(200), labels, 5)
    quick = predict_classes(features, labels, 2, assigned, modality=Modality.TABULAR, quick=True)
    assert "trees" not in quick.model
    assert (quick.values.argmax(axis=1) == labels).mean() > 0.97
    assert quick.values.sum(axis=1) == pytest.approx(1)


def test_texts_that_are_all_the_same_are_no_reason_for_a_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        _, dense = text_features(["the same few words"] * 40)
    assert np.isfinite(dense).all()
