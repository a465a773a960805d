import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.measures.edit_distance import edit_distance, likeness
from governance.measures.record_linkage import field, linked


@pytest.mark.parametrize(
    ("first", "second", "distance"),
    [("oak", "oak", 0), ("", "elm", 3), ("smith", "smiht", 1), ("ca", "abc", 3), ("kitten", "sitting", 3)],
)
def test_published_distances(first, second, distance):
    assert edit_distance([first, second], [second, first])[0].tolist() == [distance, distance]


strings = st.text(alphabet="abc", max_size=8)


@given(st.lists(st.tuples(strings, strings), min_size=1, max_size=5))
def test_the_distance_is_symmetric_and_bounded(pairs):
    first, second = zip(*pairs, strict=True)
    there, length = edit_distance(first, second)
    assert (there == edit_distance(second, first)[0]).all()
    assert (there <= length).all()
    assert ((there == 0) == np.array([a == b for a, b in pairs])).all()


def test_likeness_counts_twice_the_share_of_changes():
    assert likeness(["abcdefgh", "abcdefgx", "zzzzzzzz"], np.array([0, 0]), np.array([1, 2])).tolist() == [0.75, 0.0]


def people(rows, seed=0):
    rng = np.random.default_rng(seed)
    names = ["".join(rng.choice(list("abcdefghiklmnorstu"), 7)) for _ in range(400)]
    return [
        [
            names[rng.integers(100)],
            names[100 + rng.integers(300)],
            str(rng.integers(10**6, 10**7)),
            names[rng.integers(400)],
            f"{rng.integers(1, 90)} {names[rng.integers(400)]} road",
        ]
        for _ in range(rows)
    ]


def find(records):
    found = linked([field([r[c] for r in records], typed=True) for c in range(len(records[0]))])
    return None if found is None else list(zip(found[0].tolist(), found[1].tolist(), strict=True))


def test_records_with_a_typing_error_and_a_missing_value_are_linked_and_others_are_not():
    records = people(400)
    wrong = [
        [r[0], r[1], None, *r[3:]] if row % 2 else [r[0][:3] + "x" + r[0][4:], *r[1:]]
        for row, r in enumerate(records[:40])
    ]
    assert find(records + wrong) == [(row, 400 + row) for row in range(40)]


def test_no_pair_among_people_who_are_not_the_same():
    assert sum(len(find(people(400, seed)) or []) for seed in range(10)) == 0


def test_a_column_that_follows_from_another_one_counts_once():
    towns = [str(number % 20) for number in range(300)]
    rng = np.random.default_rng(3)
    surname = [f"s{rng.integers(40)}" for _ in range(300)]
    rows = [[s, t, f"town {t}", f"county {t}", f"area {t}", f"code {t}"] for s, t in zip(surname, towns, strict=True)]
    assert find(rows) is None, "two values cannot tell 300 people apart, however often they are repeated"


def test_too_little_to_tell_is_said():
    assert find([["a", "b"]] * 50) is None
    assert linked([]) is None


def short_records(rows, sizes=(26, 120, 9000, 9000, 9000)):
    rng = np.random.default_rng(0)
    return [[f"v{rng.integers(size)}" for size in sizes] for _ in range(rows)]


def test_records_with_one_field_replaced_are_linked_and_others_are_not():
    records = short_records(600)
    assert find(records) == []
    # A value that is nothing like the other one, in each field in turn.
    changed = [[f"zzzzzz{row}" if c == row % 5 else v for c, v in enumerate(r)] for row, r in enumerate(records[:30])]
    found = find(records + changed)
    assert set(found) <= {(row, 600 + row) for row in range(30)}
    assert len(found) >= 27


def test_records_that_agree_in_all_but_one_field_and_in_too_little_are_not_linked():
    records = short_records(600, (26, 120, 9000, 9000, 4))
    changed = [[*r[:2], f"zzzzzz{row}", *r[3:]] for row, r in enumerate(records[:30])]
    assert find(records + changed) == []


def phone_book(rows=300, shared=0, seed=5):
    """Names of their own, few streets and phones; the last `shared` rows are others of the first households."""
    random = np.random.default_rng(seed)

    def word(size):
        return "".join(random.choice(list("abdegiklmnorstuv"), size))

    made = [
        [f"{word(5)} {word(7)}", f"{random.choice(['elm', 'oak'])} row {random.integers(1, 60)}", f"0{number}"]
        for number in random.integers(10**8, 10**9, rows)
    ]
    return made + [[f"{word(5)} {word(7)}", *made[row][1:]] for row in range(shared)]


def named(records):
    pairs = linked([field(column, typed=True) for column in zip(*records, strict=True)])
    return set() if pairs is None else set(zip(pairs[0].tolist(), pairs[1].tolist(), strict=True))


def test_a_phone_that_hardly_anyone_shares_tells_a_name_with_a_typing_error():
    records = phone_book()
    typed = [[record[0][:4] + "z" + record[0][5:], *record[1:]] for record in records[:15]]
    pairs = named(records + typed)
    assert pairs <= {(row, 300 + row) for row in range(15)}
    assert len(pairs) >= 12  # none by the rarity among 315 rows alone


def test_people_of_one_phone_and_street_stay_apart():
    assert named(phone_book(shared=10)) == set()
