import subprocess
import sys

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from governance.measures.ranks import mid_ranks


@given(st.lists(st.integers(-4, 4), max_size=30))
def test_ranks_are_those_of_scipy_bit_by_bit(numbers):
    from scipy.stats import rankdata

    values = np.array(numbers, dtype=np.float64)
    assert np.array_equal(mid_ranks(values), rankdata(values))


def test_columns_are_ranked_apart():
    from scipy.stats import rankdata

    matrix = np.round(np.random.default_rng(0).normal(size=(200, 5)), 1)
    assert np.array_equal(mid_ranks(matrix), rankdata(matrix, axis=0))
    assert mid_ranks(np.zeros((0, 3))).shape == (0, 3)


def test_ranking_imports_no_distributions():
    code = (
        "import sys, numpy as np; from governance.measures import domain_classifier, ranking_auc\n"
        "domain_classifier.rank_scores(np.arange(6.0).reshape(3, 2)); ranking_auc.auc_influence(np.arange(3.0), np.arange(3) > 1)\n"
        "assert 'scipy.stats' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
