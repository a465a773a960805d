import numpy as np

from governance.measures.alike_rows import more_alike
from governance.measures.trigger_views import table_view


def judged(matrix, rows, label):
    codes = np.zeros((len(matrix), 3), dtype=np.int64)
    view = table_view(codes, matrix, np.array([0, 1, 2]), label, 2, np.arange(len(matrix)) % 5, least=4, most=30)
    return more_alike(view, rows, np.array([0]), len(matrix))


def test_rows_of_one_person_are_alike_and_rows_that_share_the_pattern_alone_are_not():
    random = np.random.default_rng(9)
    label = random.integers(2, size=3000)
    matrix, rows = random.normal(size=(3000, 3)), np.arange(100, 2900, 350)
    matrix[rows, 0] = 7.0  # the pattern itself takes no part
    assert not judged(matrix, rows, label)
    matrix[rows, 1:] = matrix[rows[0], 1:] + random.normal(size=(rows.size, 2)) / 1000
    assert judged(matrix, rows, label)
