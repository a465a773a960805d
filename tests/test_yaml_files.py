"""YAML that people edit: libyaml and the slower reader agree, and what neither reads is an error with its place."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from governance.errors import ConfigError
from governance.yaml_files import DEEPEST, parse_yaml

ROOT = Path(__file__).parent.parent
FILES = sorted(
    path
    for pattern in ("*.yaml", "*.lock", "answers/*.yaml", "expectations/*/*.yaml", "governance/**/*.yaml")
    for path in ROOT.glob(pattern)
    if path.name != "govern.lock"
)


def slowly(text: str) -> object:
    return YAML(typ="safe", pure=True).load(text)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_both_readers_agree_on_the_files_of_this_repository(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert parse_yaml(text, path.name) == slowly(text)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=1), inner, max_size=3),
        max_leaves=8,
    )
)
def test_what_is_written_is_read(content: object) -> None:
    written = StringIO()
    YAML(typ="safe", pure=True).dump(content, written)
    try:
        wanted = slowly(written.getvalue())
    except YAMLError:  # what its own reader refuses is no question of agreement
        reject()
    assert parse_yaml(written.getvalue(), "x.yaml") == wanted


@pytest.mark.parametrize(
    "text", ["no", "0o14", "012", "1e-3", "1_000", "2026-01-01", "a: [x, y:z]", "? a\n: b", '"\\/"']
)
def test_words_that_versions_of_yaml_read_otherwise(text: str) -> None:
    assert parse_yaml(text, "x.yaml") == slowly(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: 1\nb: [1\nc: 2\n", "x.yaml: line 3"),
        ("a: 1\na: 2\n", "x.yaml: line 2, column 1: found duplicate key"),
        ("a:\n\t- 1\n", "x.yaml: line 2, column 1: found character"),
        ("a:\n- on: 2027-02-30\n", "x.yaml: line 2, column 7: 2027-02-30: day is out of range for month"),
        ("2027-13-01: x\n", "x.yaml: line 1, column 1: 2027-13-01: month must be in 1..12"),
        ("a: &a [!!int x]\nb: *a\n", "x.yaml: line 1, column 8: x: invalid literal"),
        ("a: !!bool x\n", "x.yaml: line 1, column 4: x: 'x'"),
        ("[" * 100_000, "x.yaml is nested too deeply to be read"),
        ("- " * 100_000 + "1", "x.yaml is nested too deeply to be read"),
        ("{a: " * 100_000, "x.yaml is nested too deeply to be read"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(text: str, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_yaml(text, "x.yaml")
    assert told in str(caught.value)


def test_a_long_line_is_read_as_well() -> None:
    assert parse_yaml(f"a: {'x' * 2 * DEEPEST}\n", "x.yaml") == {"a": "x" * 2 * DEEPEST}
