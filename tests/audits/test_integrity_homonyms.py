import numpy as np
import polars as pl
import pytest

from governance.asking import ask
from governance.audits.integrity import Integrity
from governance.testing import make_snapshot


def loans(twins=0, seed=3, books=150, rows=1200):
    """A library; the `twins` rarest books bear the titles of others."""
    random = np.random.default_rng(seed)
    draw = lambda count, length: ["".join(random.choice(list("abcdefghijklmnop"), length)) for _ in range(count)]  # noqa: E731
    share = 1 / np.arange(1, books + 1)
    book = random.choice(books, rows, p=share / share.sum())
    book[book >= books - twins] = books // 2
    book[rows - 2 * twins : rows - twins] = book[rows - twins :] = books - 1 - np.arange(twins)
    book[rows - 1] -= 1  # the last has one row, the one before it three
    title = draw(books, 12)
    title[books - twins :] = title[:twins][::-1]
    isbn = [f"978{one}" for one in random.integers(10**9, 10**10, books)]
    by_book = {"isbn": isbn, "title": title, "author": draw(books, 10), "shelf": draw(books, 6)}
    branch = random.choice(["north", "south"], rows)
    return pl.DataFrame({name: [of[one] for one in book] for name, of in by_book.items()}).with_columns(branch=branch)


def broken(answer):
    """Rows and columns that break rules."""
    if answer.rows is None:
        return set()
    found = answer.rows.filter(pl.col("rule") == "integrity/broken_dependency")
    return {(row, text.split(":")[0]) for row, text in zip(found["source_row"], found["suggestion"], strict=True)}


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_two_books_of_one_title_break_no_rule(tmp_path, seed):
    assert broken(ask(Integrity(), make_snapshot(tmp_path, loans(4, seed)))) == set()


def test_one_cell_of_a_row_is_damaged_beside_books_that_share_a_title(tmp_path):
    frame = loans(4)
    popular = np.flatnonzero(frame["title"] == frame["title"].mode().sort()[0])[:2].tolist()
    author = frame["author"].to_list()
    author[popular[0]], author[popular[1]] = "kmnopabcde", next(one for one in author if one != author[popular[1]])
    found = broken(ask(Integrity(), make_snapshot(tmp_path, frame.with_columns(author=pl.Series(author)))))
    assert found == {(row, "author") for row in popular}
