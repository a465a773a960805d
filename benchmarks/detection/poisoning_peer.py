"""Adversarial Robustness Toolbox on one set: runs in an environment of its own, called by poisoning.py.

Usage: python poisoning_peer.py FOLDER. For each `*.npz` there (matrix, label) it writes `<name>.scores.npz` with the
rows that ART's two poison filters name, with their defaults. ART asks for a network; here it is scikit-learn's
perceptron with one hidden layer, whose activations it is given.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from art.defences.detector.poison import ActivationDefence, SpectralSignatureDefense
from art.estimators.classification.classifier import ClassifierMixin
from art.estimators.estimator import BaseEstimator, NeuralNetworkMixin
from sklearn.neural_network import MLPClassifier


class Perceptron(ClassifierMixin, NeuralNetworkMixin, BaseEstimator):
    """A fitted perceptron in the shape that ART asks for."""

    def __init__(self, model: MLPClassifier, width: int) -> None:
        self.fitted, self.width = model, width
        super().__init__(model=None, clip_values=None, channels_first=False)
        self._nb_classes = len(model.classes_)

    @property
    def layer_names(self):
        return ["hidden"]

    @property
    def input_shape(self):
        return (self.width,)

    def get_activations(self, x, layer, batch_size=128, framework=False):
        return np.maximum(x @ self.fitted.coefs_[0] + self.fitted.intercepts_[0], 0)

    def predict(self, x, **kwargs):
        return self.fitted.predict_proba(x)

    def fit(self, x, y, **kwargs): ...

    def compute_loss(self, x, y, **kwargs):
        raise NotImplementedError


def main(folder: Path) -> None:
    for path in sorted(folder.glob("*.set.npz")):
        content = np.load(path)
        matrix, label = content["matrix"].astype(np.float32), content["label"]
        model = MLPClassifier((32,), max_iter=60, random_state=0).fit(matrix, label)
        network = Perceptron(model, matrix.shape[1])
        one_hot = np.eye(network.nb_classes)[label]
        report, clean = SpectralSignatureDefense(network, matrix, one_hot).detect_poison()
        spectral = np.zeros(label.size)
        for row, score in report.items():
            spectral[row] = score
        try:
            _, kept = ActivationDefence(network, matrix, one_hot).detect_poison(nb_clusters=2, nb_dims=10, reduce="PCA")
            activation = 1.0 - np.array(kept, dtype=float)
        except (ValueError, RuntimeError) as error:
            print(f"{path.name}: activation clustering: {error}", file=sys.stderr)
            activation = np.full(label.size, np.nan)
        np.savez(
            path.with_name(path.name.replace(".set.npz", ".scores.npz")),
            spectral=spectral, spectral_flag=1 - np.array(clean), activation=activation,
        )  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]))
