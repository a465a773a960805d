import numpy as np

from governance.measures.functional_dependencies import dependency
from governance.measures.shared_values import Decided, rows_of_another_thing

KEYS = 40


def words(count, seed):
    random = np.random.default_rng(seed)
    return ["".join(random.choice(list("abcdefghijklmnop"), 9)) for _ in range(count)]


def table(rare=0):
    """A title of 40 that decides three columns of 200 values, of which `rare` further titles have one row each."""
    random = np.random.default_rng(0)
    title = np.append(random.integers(KEYS, size=600), KEYS + np.arange(rare))
    return title, [random.permutation(200)[:, None][title, 0] for _ in range(3)]


def another(title, columns):
    decided = []
    for place, codes in enumerate(columns):
        found, back = dependency(title, codes), dependency(codes, title)
        disputed = np.isin(found.broken, [] if back is None else back.broken)
        levels = words(220, place)
        decided.append(Decided(codes, levels, found.broken, found.majority, found.elsewhere, disputed, found.second))
    return np.flatnonzero(rows_of_another_thing(title, decided)).tolist()


def test_rows_that_hold_the_same_new_values_are_another_thing():
    title, columns = table()
    rows = np.flatnonzero(title == title[5])[:2]
    for codes in columns:
        codes[rows] = 210
    assert another(title, columns) == rows.tolist()


def test_one_damaged_cell_in_each_of_two_rows_is_no_other_thing():
    title, columns = table()
    rows = np.flatnonzero(title == title[5])[:2]
    columns[0][rows[0]], columns[1][rows[1]] = 210, 211
    assert another(title, columns) == []


def test_a_row_alone_is_another_thing_where_values_are_usually_that_rare():
    for rare, found in ((20, [5]), (0, [])):
        title, columns = table(rare)
        for codes in columns:
            codes[5] = 210
        assert another(title, columns) == found


def test_a_wrong_key_is_no_shared_one():
    title, columns = table()
    title[5] = (title[5] + 1) % KEYS  # all else of the row stands elsewhere beside another title
    assert another(title, columns) == []


def test_what_is_damaged_in_each_column_by_itself_meets_by_chance():
    title, columns = table(20)
    random = np.random.default_rng(1)
    for codes in columns:
        rows = random.choice(600, 25, replace=False)
        codes[rows] = codes[random.choice(600, 25)]
        codes[7] = codes[random.choice(600)]
    assert another(title, columns) == []
