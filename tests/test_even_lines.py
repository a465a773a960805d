"""Rows counted by bytes: as many as the reader of cells counts, and no answer wherever cells have to be looked at."""

from __future__ import annotations

import csv
import gzip
import random
from pathlib import Path

import pytest

from governance.reading import even_lines as module
from governance.reading.even_lines import even_lines

EVEN = {
    "plain": b"a,b,c\n1,2,3\n,,\n",
    "no end of the last line": b"a,b,c\n1,2,3",
    "lines of Windows": b"a,b,c\r\n1,2,3\r\n",
    "a byte order mark": b"\xef\xbb\xbfa,b,c\n1,2,3\n",
    "letters of several bytes": "a,b,c\nZürich,été,日本\n".encode(),
}
UNTOLD = {
    "a quote": b'a,b,c\n"1",2,3\n',
    "a cell too few and one too many": b"a,b,c\n1,2\n1,2,3,4\n",
    "a blank line": b"a,b,c\n\n1,2,3\n",
    "a NUL": b"a,b,c\n1,\0,3\n",
    "a lone carriage return": b"a,b,c\n1,2\r,3\n",
    "bytes of another encoding": b"a,b,c\n1,\xe9,3\n",
}


@pytest.mark.parametrize("content", EVEN)
@pytest.mark.parametrize("at_once", [1, 2**24])
def test_even_lines_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, at_once: int) -> None:
    monkeypatch.setattr(module, "_AT_ONCE", at_once)
    (tmp_path / "d.csv").write_bytes(EVEN[content])
    (tmp_path / "d.csv.gz").write_bytes(gzip.compress(EVEN[content]))
    lines = len(EVEN[content].splitlines())
    assert even_lines(tmp_path / "d.csv", ",", "utf-8", 3) == lines
    assert even_lines(tmp_path / "d.csv.gz", ",", "utf-8", 3) == lines


@pytest.mark.parametrize("content", UNTOLD)
@pytest.mark.parametrize("at_once", [1, 2**24])
def test_what_bytes_cannot_tell_is_left_to_the_reader_of_cells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, at_once: int
) -> None:
    monkeypatch.setattr(module, "_AT_ONCE", at_once)
    (tmp_path / "d.csv").write_bytes(UNTOLD[content])
    assert even_lines(tmp_path / "d.csv", ",", "utf-8", 3) is None


@pytest.mark.parametrize(
    ("separator", "encoding", "width"), [(",", "utf-16", 3), (",", "no such", 3), (",", "utf-8", 1)]
)
def test_other_encodings_and_single_columns_are_not_counted(
    tmp_path: Path, separator: str, encoding: str, width: int
) -> None:
    (tmp_path / "d.csv").write_bytes(EVEN["plain"])
    assert even_lines(tmp_path / "d.csv", separator, encoding, width) is None


def test_a_damaged_archive_is_left_to_the_reader_of_cells(tmp_path: Path) -> None:
    (tmp_path / "d.csv.gz").write_bytes(gzip.compress(EVEN["plain"])[:-9])
    assert even_lines(tmp_path / "d.csv.gz", ",", "utf-8", 3) is None


def test_where_lines_are_counted_the_reader_of_cells_counts_as_many(tmp_path: Path) -> None:
    draw, told = random.Random(11), 0
    for _ in range(400):
        text = "".join(draw.choice(["a", ",", ",", "\n", "\n", "\r\n", '"']) for _ in range(draw.randint(1, 12)))
        (tmp_path / "d.csv").write_bytes(text.encode())
        width = draw.choice([2, 3])
        lines = even_lines(tmp_path / "d.csv", ",", "utf-8", width)
        if lines is not None:
            told += 1
            with (tmp_path / "d.csv").open(newline="") as handle:
                rows = list(csv.reader(handle))
            assert len(rows) == lines, repr(text)
            assert {len(row) for row in rows} == {width}, repr(text)
    assert told > 10
