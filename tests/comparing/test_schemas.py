"""A Pandera model is compared as text: what demands less is told, what cannot be read is told as unclear."""

from __future__ import annotations

from pathlib import Path

import pytest

from governance.comparing.change import Change
from governance.comparing.schemas import schema_changes

MODEL = '''"""Trees."""

import pandera.polars as pa

LOW = 0


class Trees(pa.DataFrameModel):
    """One row per tree."""

    length: float = pa.Field(ge=0, le=100)  # metres
    width: float = pa.Field(ge=LOW, nullable=True)
    kind: str = pa.Field(isin=["oak", "elm"], unique=True)
    note: str

    class Config:
        strict = True

    @pa.dataframe_check
    def wider_than_long(cls, data):
        return data.lazyframe.select(True)
'''


def changes(tmp_path: Path, old: str, new: str, text: str = MODEL) -> list[Change]:
    assert old in text
    (tmp_path / "base.py").write_text(text, encoding="utf-8")
    (tmp_path / "head.py").write_text(text.replace(old, new), encoding="utf-8")
    return list(schema_changes(tmp_path / "base.py", tmp_path / "head.py", "schema.py"))


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("ge=0, le=100", "ge=-1, le=100", "bound_widened"),
        ("ge=0, le=100", "ge=0, le=1000", "bound_widened"),
        ("ge=0, le=100", "le=100", "check_removed"),
        ("ge=0, le=100)", "ge=0, le=100, nullable=True)", "nullable_allowed"),
        ("ge=0, le=100)", "ge=0, le=100, coerce=True)", "check_loosened"),
        ('"elm"]', '"elm", "ash"]', "bound_widened"),
        (", unique=True", "", "check_removed"),
        ("    note: str\n", "", "check_removed"),
        ("strict = True", "strict = False", "check_loosened"),
        ("strict = True", "coerce = True", "check_loosened"),
        ("ge=0, le=100)", "ge=0, le=100, raise_warning=True)", "check_loosened"),
        ("note: str", "note: str | None", "type_changed"),
    ],
)
def test_looser(tmp_path: Path, old: str, new: str, what: str) -> None:
    found = changes(tmp_path, old, new)
    assert what in [one.what for one in found]
    assert not any(one.unclear for one in found if one.what == what)


def test_a_check_that_is_gone(tmp_path: Path) -> None:
    check = MODEL[MODEL.index("    @pa.dataframe_check") :]
    assert [one.what for one in changes(tmp_path, check, "")] == ["check_removed"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("ge=0, le=100", "ge=1, le=99"),
        ("# metres", "# feet"),
        ('"""One row per tree."""', '"""One row."""'),
        ("nullable=True", "nullable=False"),
        ('["oak", "elm"]', '["elm"]'),
        ("    note: str\n", "    note: str\n    height: float = pa.Field(ge=0)\n"),
        ("    note: str\n", '    note: str = pa.Field(description="free text")\n'),
        ("    @pa.dataframe_check", "    @pa.check('length')\n    def whole(cls, data):\n        return data\n\n    @pa.dataframe_check"),
    ],
)  # fmt: skip
def test_stricter_or_the_same(tmp_path: Path, old: str, new: str) -> None:
    assert changes(tmp_path, old, new) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("LOW = 0", "LOW = -5"),
        ("ge=LOW", "ge=OTHER"),
        ("note: str", "note: int"),
        ("import pandera.polars as pa", "import pandera.polars as pa\nimport switch_off"),
        ("(pa.DataFrameModel)", "(Other)"),
        ("data.lazyframe.select(True)", "data.lazyframe.select(False)"),
        ("    note: str\n", "    note: str\n    length: float = pa.Field()\n"),
        ("    note: str\n", "    note: str\n    more: float = pa.Field(ge=switch_off())\n"),
        ("    note: str\n", "    note: str\n    validate = print\n"),
        (
            "    @pa.dataframe_check",
            "    @pa.dataframe_check\n    def validate(cls, data):\n        return data\n\n    @pa.dataframe_check",
        ),
        ("    @pa.dataframe_check", "    @switch_off\n    @pa.dataframe_check"),
        ("class Trees", "class class Trees"),
    ],
)
def test_code_is_unclear(tmp_path: Path, old: str, new: str) -> None:
    found = changes(tmp_path, old, new)
    assert found
    assert all(one.unclear for one in found if one.what != "check_removed")


def test_a_model_that_is_gone(tmp_path: Path) -> None:
    (tmp_path / "base.py").write_text(MODEL, encoding="utf-8")
    assert [one.what for one in schema_changes(tmp_path / "base.py", tmp_path / "x.py", "s")] == ["schema_removed"]
    assert list(schema_changes(tmp_path / "x.py", tmp_path / "base.py", "s")) == []
