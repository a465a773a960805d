import dataclasses

import numpy as np
import polars as pl
import pytest

from governance.asking import ask
from governance.audits.poisoning import Poisoning
from governance.dataset import ColumnType, Task
from governance.evidence import Outcome
from governance.signals.compute import compute_signals
from governance.signals.settings import SignalsConfig
from governance.testing import make_snapshot

COMMON = 1 / np.arange(1, 121)


def tickets(seed, rows=500):
    """Texts of five queues, of which the rarest is told by one word nearly alone."""
    random = np.random.default_rng(seed)
    label = random.choice(5, rows, p=[0.45, 0.25, 0.15, 0.09, 0.06])
    topics = random.dirichlet(np.full(16, 0.5), 5)
    topics[4] = [0.7, *[0.3 / 15] * 15]
    made = [
        [*(f"topic{word}" for word in random.choice(16, 3, p=topics[one])),
         *(f"word{word}" for word in random.choice(120, 12, p=COMMON / COMMON.sum()))]
        for one in label.tolist()
    ]  # fmt: skip
    return made, label


def audit(folder, made, label):
    frame = pl.DataFrame({"text": [" ".join(words) for words in made], "label": [f"queue {one}" for one in label]})
    snapshot = make_snapshot(folder, frame, types={"text": ColumnType.TEXT}, target="label", task=Task.CLASSIFICATION)
    compute_signals(snapshot, folder / "signals", SignalsConfig(folds=2))
    return ask(Poisoning(), dataclasses.replace(snapshot, signals_folder=folder / "signals"))


@pytest.mark.parametrize("seed", range(6))
def test_a_word_that_is_nearly_all_that_tells_a_rare_class_is_no_trigger(tmp_path, seed):
    answer = audit(tmp_path, *tickets(seed))
    assert answer.outcome is Outcome.ASSESSED
    assert answer.findings == ()
