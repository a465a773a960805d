"""Codes that divide the classes further, beside features that tell them as well."""

import numpy as np
import polars as pl
import pytest
from sklearn.datasets import load_wine

from governance.audits.leakage import Leakage
from governance.dataset import Split, Task
from governance.evidence import Level
from governance.testing import make_snapshot

WARDS = {
    "names": lambda rng, c: [f"Z{n:02d}" for n in rng.permutation(12)[4 * c + rng.integers(0, 4, c.size)]],
    "numbers": lambda rng, c: 100 * (c + 1) + rng.integers(0, 4, c.size),
}


@pytest.mark.parametrize("ward", WARDS)
def test_finer_codes_of_an_easy_target(tmp_path, ward):
    rng = np.random.default_rng(5)
    matrix, label = load_wine(return_X_y=True)
    frame = pl.DataFrame(matrix, schema=[f"x{i}" for i in range(matrix.shape[1])]).with_columns(
        y=pl.Series([f"class {c}" for c in label]), ward=pl.Series(WARDS[ward](rng, label))
    )
    answer = Leakage().run(make_snapshot(tmp_path, frame, target="y", task=Task.CLASSIFICATION, split=Split()))
    (finding,) = (f for f in answer.findings if f.level is not Level.NOTE)
    assert (finding.rule, finding.columns, finding.level) == ("leakage/predicts_target", ("ward",), Level.WARNING)
    assert "of one class of the target" in finding.message
