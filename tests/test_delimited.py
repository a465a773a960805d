"""What is said of bytes that cannot be read as text."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from governance.errors import DataError
from governance.read_options import ReadOptions
from governance.reading.delimited import scan_delimited


def refusal(folder: Path, content: bytes) -> str:
    (folder / "d.csv").write_bytes(content)
    with pytest.raises(DataError) as caught:
        scan_delimited(folder / "d.csv", "d.csv", ",", ReadOptions())
    return str(caught.value)


def test_bytes_of_no_encoding_are_called_no_text(tmp_path: Path) -> None:
    for seed in range(5):
        noise = random.Random(seed).randbytes(4000).replace(b"\0", b"\xff")
        message = refusal(tmp_path, noise)
        assert "it is no text file but bytes of some other kind" in message, message
        assert "encoding" not in message


@pytest.mark.parametrize(
    ("start", "kind"), [(b"PK\x03\x04\x14\xff", "ZIP"), (b"PAR1\xff", "Parquet"), (b"%PDF-1.7\n%\xe2\xe3", "PDF")]
)
def test_a_file_of_another_kind_is_named(tmp_path: Path, start: bytes, kind: str) -> None:
    assert kind in refusal(tmp_path, start + b"\xff\xfe" * 9)


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "mac-roman", "cp1251", "shift-jis", "gb18030"])
def test_text_of_another_encoding_is_still_advised_to_name_it(tmp_path: Path, encoding: str) -> None:
    words = {
        "cp1251": "имя,город\nАнна,Москва\n",
        "shift-jis": "名前,市\n花子,東京\n",
        "gb18030": "姓名,城市\n李,北京\n",
    }
    text = words.get(encoding, "name,ort\nJürgen,Köln\n")
    assert "encoding" in refusal(tmp_path, (text * 50).encode(encoding))
