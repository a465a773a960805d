import numpy as np
import pytest

from governance.measures.conflicting_reports import are_reports, told, told_of


def telling(seed=0, things=30, sources=15, share=0.7):
    random = np.random.default_rng(seed)
    pairs = np.array([(t, s) for t in range(things) for s in range(sources) if random.random() < share])
    return random, pairs[:, 0], pairs[:, 1]


def test_sources_that_tell_once_of_each_thing_are_sources():
    _, thing, source = telling()
    assert are_reports(thing, source)
    assert not are_reports(np.concatenate([thing, thing]), np.concatenate([source, source]))


@pytest.mark.parametrize("seed", range(20))
def test_columns_that_meet_by_chance_are_no_sources(seed):
    random = np.random.default_rng(seed)
    assert not are_reports(random.integers(40, size=600), random.integers(15, size=600))


def test_a_column_is_told_of_things_when_their_rows_agree_more_than_others():
    random, thing, _ = telling()
    assert told_of(thing, 100 + thing)
    scattered = np.where(random.random(thing.size) < 0.6, thing, random.integers(1000, size=thing.size))
    assert told_of(thing, scattered)
    assert not told_of(thing, random.integers(1000, size=thing.size))  # of nothing
    assert not told_of(thing, np.zeros_like(thing))  # of everything


def test_what_the_trusted_sources_tell_is_true_although_most_tell_otherwise():
    # Eight sources copy one that is wrong of every third thing; seven others make mistakes of their own, and rarely.
    random, thing, source = telling(share=1.0)
    truth = thing * 10
    values = np.where(random.random(thing.size) < 0.1, truth + random.integers(1, 9, thing.size), truth)
    copied = (source < 8) & (thing % 3 == 0)
    values[copied] = truth[copied] + 9
    values[(source < 8) & ~copied] = truth[(source < 8) & ~copied]
    found = told(thing, source, [values])[0]
    most = np.array([np.bincount(values[thing == one]).argmax() for one in range(30)])[thing]
    assert (most != truth).mean() > 0.3
    assert (found.truth == truth).all()
    assert (found.own[copied] < 0.5).all()
    assert (found.own[values == truth] > 0.5).all()


def test_a_missing_cell_is_known_to_as_many_others_as_tell_it():
    _, thing, source = telling(share=1.0)
    values = thing.copy()
    values[thing == 3] = -1
    values[np.flatnonzero(thing == 4)[:14]] = -1
    values[np.flatnonzero(thing == 5)[0]] = -1
    found = told(thing, source, [values])[0]
    assert set(found.others[thing == 3].tolist()) == {0}
    assert set(found.truth[thing == 3].tolist()) == {-1}
    assert found.others[thing == 4].tolist() == [1] * 14 + [0]
    assert set(found.truth[thing == 4].tolist()) == {4}
    assert found.others[np.flatnonzero(thing == 5)[0]] == 14
    assert np.isnan(found.own[values < 0]).all()


def test_rows_without_a_thing_or_a_source_tell_nothing():
    _, thing, source = telling(share=1.0)
    values, thing, source = thing.copy(), thing.copy(), source.copy()
    thing[5], source[7] = -1, -1
    found = told(thing, source, [values])[0]
    assert found.truth[5] == -1
    assert np.isnan(found.own[[5, 7]]).all()
    assert found.truth[7] == 0


def test_sources_that_are_often_right_outweigh_more_that_are_not():
    random, thing, source = telling(things=60, sources=14, share=1.0)
    truth, wrong = thing * 10, random.integers(1, 4, thing.size)
    values = np.where(random.random(thing.size) < np.where(source < 4, 0.85, 0.25), truth, truth + wrong)
    found = told(thing, source, [values])[0]
    most = np.array([np.bincount(values[thing == one]).argmax() for one in range(60)])[thing]
    assert (most == truth).mean() < 0.85
    assert (found.truth == truth).mean() > 0.9


@pytest.mark.parametrize("seed", range(5))
def test_sources_that_agree_because_they_are_right_are_no_copies(seed):
    random, thing, source = telling(seed, things=60, sources=14, share=1.0)
    wrong = thing * 10 + random.integers(1, 4, thing.size)
    values = np.where(random.random(thing.size) < np.where(source < 4, 0.97, 0.4), thing * 10, wrong)
    found = told(thing, source, [values])[0]
    assert (found.truth == thing * 10).mean() > 0.98


@pytest.mark.parametrize("seed", range(5))
def test_copies_that_differ_in_a_few_cells_of_their_own_are_copies(seed):
    # Nine sources show one that is wrong of every second thing, and slip in one cell of twelve; seven find out themselves.
    random, thing, source = telling(seed, things=40, sources=16, share=1.0)
    truth, copy = thing * 10, source < 9
    told_by = np.where(copy & (thing % 2 == 0), truth + 9, truth)
    slips = random.random(thing.size) < np.where(copy, 1 / 12, 0.2)
    values = np.where(slips, truth + random.integers(1, 9, thing.size), told_by)
    assert (told(thing, source, [values])[0].truth == truth).mean() > 0.95
