import numpy as np

from governance.measures.spectral_clusters import clusters


def embedding(seed=0, rows=600):
    random = np.random.default_rng(seed)
    label = random.integers(2, size=rows)
    return random.normal(size=(rows, 6)) + 2.5 * label[:, None], label


def test_a_planted_direction_shows_rows_that_lie_among_the_other_class():
    points, label = embedding()
    planted = np.flatnonzero(label == 0)[:25]
    label[planted] = 1
    points = np.column_stack([points, np.zeros(len(points))])
    points[planted, 6] = 25.0
    found = clusters(points, label, 2, group=np.arange(label.size), least=4)
    best = min(found, key=lambda one: one.verdict.log_p)
    assert best.label == 1
    assert len(set(planted.tolist()) & set(best.rows.tolist())) >= 24
    assert best.verdict.log_p < np.log(1e-6)
    assert best.verdict.likeness > 0.7


def test_clean_classes_have_no_sure_cluster():
    # 300 clean sets: with a level of 5 % at most 5 % alarm; the bound keeps far below.
    alarms = 0
    for seed in range(300):
        points, label = embedding(seed, 120)
        found = clusters(points, label, 2, group=np.arange(label.size), least=4)
        alarms += any(
            one.verdict.log_p + np.log(len(found)) < np.log(0.05) and one.verdict.likeness >= 0.5 for one in found
        )
    assert alarms <= 15


def test_towns_whose_rows_all_have_the_same_few_neighbours_are_no_sure_clusters():
    # Each town has a share of the class of its own, so that a town beside another one of another share is a cluster.
    alarms = 0
    for seed in range(40):
        random = np.random.default_rng(seed)
        town = random.integers(8, size=600)
        points = np.column_stack([6 * random.normal(size=(8, 2))[town] + random.normal(size=(600, 2)) * 0.4,
                                  random.normal(size=(600, 2)) * 0.5])  # fmt: skip
        weight = 1.2 * random.normal(size=8)[town] + points[:, 2]
        label = (random.random(600) < 1 / (1 + np.exp(-weight))).astype(int)
        found = clusters(points, label, 2, group=np.arange(label.size), least=4)
        alarms += any(
            one.verdict.log_p + np.log(len(found)) < np.log(0.05)
            and min(one.verdict.likeness, one.verdict.takeover) >= 0.5
            for one in found
        )
    assert alarms <= 2
