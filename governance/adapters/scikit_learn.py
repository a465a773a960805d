"""scikit-learn: the default models that predict rows which they did not learn from, and the encoding of text.

Models of different kinds are averaged, so that a row is suspicious only when none explains its label. Seeds
and threads are fixed: the same rows give the same numbers.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from governance.adapters.default_models import classifiers, of_mixed, quick_classifiers, regressors
from governance.adapters.mixed_features import Mixed, joined, matrices
from governance.adapters.openmp import sleep_while_waiting
from governance.dataset import Modality
from governance.errors import MissingExtra
from governance.lean_imports import as_loaded, deferred, hidden
from governance.measures.folds import training_rows
from governance.measures.words import TERM, unspaced
from governance.telling import tell

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

THREADS = 2
FEW_ROWS = 5_000
"""Up to so many rows one thread takes less wall than two, which wait for each other, and a third less of the processor."""
MAX_TRAINING_ROWS = 50_000
"""Per fold. More rows make the default models slower, and hardly better; the sample is declared in the notes."""
MAX_TRAINING_IMAGES = 10_000
TEXT_TERMS = 30_000


@dataclass(frozen=True)
class Features:
    """What models and distances are made from; rows in the same order."""

    dense: NDArray[np.float64]
    """(rows, d), finite."""
    sparse: Any = None
    """(rows, terms) TF-IDF matrix in SciPy's CSR form; None without text."""

    mixed: Mixed | None = None
    """Of texts beside other columns, what models of classes of few rows learn from instead."""

    def rows(self, positions: NDArray[np.int64]) -> Features:
        """The features of some rows, `positions` ascending; these very ones when it is all of them."""
        if positions.size == self.dense.shape[0]:
            return self
        sparse = None if self.sparse is None else self.sparse[positions]
        mixed = None if self.mixed is None else self.mixed.rows(positions)
        return Features(self.dense[positions], sparse, mixed)


@dataclass(frozen=True)
class OutOfFold:
    """Predictions for each row by models that did not learn from it."""

    values: NDArray[np.float64]
    """(rows, classes) probabilities, or (rows,) predicted values."""
    model: str
    """The models in words."""
    unseen: int
    """Rows of a class that their fold's model never saw."""
    notes: tuple[str, ...]
    first: NDArray[np.float64] | None = None
    """(rows, classes) the word of the linear ones of several models alone; None where there is one model, or no classes."""


def without_parts_of_scipy() -> None:
    """scikit-learn imports all of SciPy's distributions, a third of its own import, and more, for these few."""
    deferred("scipy.stats", taken=("chi2", "gmean", "rankdata", "spearmanr"))
    deferred("scipy.integrate", taken=("trapezoid",))
    deferred("scipy.interpolate", classes=("BSpline",))
    deferred("scipy.fft", taken=("fft", "ifft", "rfft"))


@contextmanager
def _steady(threads: int = THREADS) -> Iterator[None]:
    """Threads fixed; a model that stopped early is still a model, and its quality is measured."""
    import numpy

    sleep_while_waiting()
    without_parts_of_scipy()
    try:
        # scikit-learn imports pandas where it is installed, a quarter of a second for nothing, and a library for progress bars.
        with hidden("pandas"), hidden("rich"), as_loaded(numpy):
            import sklearn.preprocessing
        from sklearn.exceptions import ConvergenceWarning
        from threadpoolctl import threadpool_limits
    except ImportError:
        raise MissingExtra("scikit-learn") from None
    # Matrices are small here: a second thread for their products costs more than it brings.
    limits = {"openmp": threads, "blas": 1}
    with threadpool_limits(limits=limits), warnings.catch_warnings(), sklearn.config_context(assume_finite=True):
        warnings.simplefilter("ignore", ConvergenceWarning)
        yield


def text_features(texts: Sequence[str], *, seed: int = 0) -> tuple[Any, NDArray[np.float64]]:
    """TF-IDF of words and word pairs, and its first 64 latent dimensions with rows of length 1.

    An empty vocabulary gives (None, (rows, 0)).
    """
    import numpy as np

    with _steady():
        from sklearn.decomposition import TruncatedSVD
        from sklearn.feature_extraction.text import TfidfVectorizer

        least = 2 if len(texts) >= 20 else 1
        rest = {"token_pattern": TERM} if any(map(unspaced, texts)) else {}
        vectorizer = TfidfVectorizer(
            ngram_range=(1, 2), min_df=least, max_features=TEXT_TERMS, sublinear_tf=True, dtype=np.float64, **rest
        )
        try:
            terms = vectorizer.fit_transform(texts)
        except ValueError:  # no term is left: all texts are empty, or no word occurs twice
            return None, np.empty((len(texts), 0))
        dimensions = min(64, terms.shape[1] - 1, len(texts) - 1)
        if dimensions < 1:
            return terms, terms.toarray()[:, :1]
        # Texts that are all the same have no variance to be told shares of.
        with np.errstate(invalid="ignore", divide="ignore"):
            latent = TruncatedSVD(dimensions, random_state=seed).fit_transform(terms)
    length = np.linalg.norm(latent, axis=1, keepdims=True)
    return terms, latent / np.where(length > 0, length, 1.0)


def predict_classes(
    features: Features,
    labels: NDArray[np.int64],
    classes: int,
    assigned: NDArray[np.int64],
    *,
    modality: Modality,
    forward: bool = False,
    seed: int = 0,
    quick: bool = False,
) -> OutOfFold:
    """Probabilities of `classes` for each row, by models fitted without the row's fold `assigned`.

    `quick` models of a table cost a sixth, for questions beside the target's own.
    """
    import numpy as np

    from governance.measures.opinion_pool import cross_fitted_weights

    wide, narrow = matrices(features, mixed=not quick and of_mixed(features, classes, labels.size))
    values, first = np.zeros((labels.size, classes)), np.zeros((labels.size, classes))
    each: list[NDArray[np.float64]] = []
    unseen = 0
    notes: set[str] = set()
    threads = _threads(assigned.size, modality)
    with _steady(threads):
        for fold in _folds(assigned):
            learn, note = _sampled(
                np.flatnonzero(training_rows(assigned, fold, forward=forward)), assigned.size, modality
            )
            notes |= note
            held = np.flatnonzero(assigned == fold)
            seen = np.unique(labels[learn])
            unseen += int((~np.isin(labels[held], seen)).sum())
            if quick:
                models = quick_classifiers(seed)
            else:
                models = classifiers(modality, features, classes, labels.size, seed, threads)
            if models.weighed and not each:
                each = [np.zeros_like(values) for _ in models.members]
            for number, member in enumerate(models.members):
                matrix = wide if member.linear else narrow
                said = np.zeros((held.size, classes))  # classes that the models never saw keep probability 0
                said[:, seen] = _said(member.estimator, matrix, labels, learn, held) if seen.size > 1 else 1.0
                values[held] += member.weight * said
                if member.linear:
                    first[held] += member.weight * said
                if models.weighed:
                    each[number][held] = said
    if each:
        words, prior = np.stack(each), np.array([member.weight for member in models.members])
        weights = cross_fitted_weights(words, labels, assigned, prior, forward=forward)
        values = np.einsum("rm,mrc->rc", weights, words)
    first /= sum(member.weight for member in models.members if member.linear)
    alone = len(models.members) == 1
    return OutOfFold(values, models.words, unseen, tuple(sorted(notes)), None if alone else first)


def _said(
    estimator: Any, matrix: Any, labels: NDArray[np.int64], learn: NDArray[np.int64], held: NDArray[np.int64]
) -> NDArray[np.float64]:
    """(held rows, classes learnt) probabilities by a model fitted on the rows `learn`."""
    estimator.fit(matrix[learn], labels[learn])
    _predict_in_order(estimator)
    said: NDArray[np.float64] = estimator.predict_proba(matrix[held])
    return said


def predict_values(
    features: Features,
    target: NDArray[np.float64],
    assigned: NDArray[np.int64],
    *,
    modality: Modality,
    forward: bool = False,
    seed: int = 0,
) -> OutOfFold:
    """Predicted target of each row, in its unit, by models fitted without the row's fold `assigned`."""
    import numpy as np

    from governance.measures.fences import drawn_in

    matrix = joined(features.sparse, features.dense)
    predicted = np.zeros(target.size)
    notes: set[str] = set()
    target = drawn_in(target)  # one value in other units would else be all that models of squares learn
    size = float(np.abs(target).max()) or 1.0  # first, so that squares of very large values stay finite
    centre = float(np.mean(target / size))
    spread = float(np.std(target / size)) or 1.0
    scaled = (target / size - centre) / spread
    model = ""
    threads = _threads(assigned.size, modality)
    with _steady(threads):
        for fold in _folds(assigned):
            learn, note = _sampled(
                np.flatnonzero(training_rows(assigned, fold, forward=forward)), assigned.size, modality
            )
            notes |= note
            held = np.flatnonzero(assigned == fold)
            models, model = regressors(modality, features, seed, threads)
            for estimator, weight in models:
                estimator.fit(matrix[learn], scaled[learn])
                _predict_in_order(estimator)
                predicted[held] += weight * estimator.predict(matrix[held])
    return OutOfFold((predicted * spread + centre) * size, model, 0, tuple(sorted(notes)))


def _folds(assigned: NDArray[np.int64]) -> Iterator[int]:
    """The folds in order, each told before its models are fitted."""
    import numpy as np

    folds = np.unique(assigned).tolist()
    for place, fold in enumerate(folds):
        tell(f"fold {place + 1} of {len(folds)}")
        yield fold


def _threads(rows: int, modality: Modality) -> int:
    # Which of equally near images comes first hangs on the number of threads that look for them.
    return 1 if rows <= FEW_ROWS and modality is not Modality.IMAGE else THREADS


def _predict_in_order(estimator: Any) -> None:
    """With threads, a forest adds up its trees in the order in which they finish: the last digits would differ."""
    if "n_jobs" in estimator.get_params():
        estimator.set_params(n_jobs=1)


def _sampled(learn: NDArray[np.int64], rows: int, modality: Modality) -> tuple[NDArray[np.int64], set[str]]:
    """At most so many rows, evenly spaced: rows stand in order of their hashes, so this is a random sample."""
    from governance.measures.evenly_spaced import evenly_spaced

    limit = MAX_TRAINING_IMAGES if modality is Modality.IMAGE else MAX_TRAINING_ROWS
    if learn.size <= limit:
        return learn, set()
    picked = learn[evenly_spaced(learn.size, limit)]
    return picked, {
        f"each model learnt from a sample of {limit} of {rows} rows; all rows are predicted, and quality is measured on all"
    }
