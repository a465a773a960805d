"""Drafts schema.py: a Pandera model whose limits are those of the data, widened, for a person to replace."""

from __future__ import annotations

import json
import keyword
import math
import re
from typing import TYPE_CHECKING, Any

from governance.adapters.pandera_model import ANNOTATIONS
from governance.dataset import ColumnType, Role
from governance.drafts import BLANK, MARK, sealed
from governance.onboarding.drafting_markers import codes_among
from governance.onboarding.drafting_numbers import rounded_outward

if TYPE_CHECKING:
    import polars as pl

    from governance.manifest import SnapshotColumn

FEW_ROWS = 10
"""A category with a level rarer than this gets no closed list: others as rare are likely still to come."""


def draft_schema(name: str, columns: tuple[SnapshotColumn, ...], frame: pl.DataFrame) -> str:
    """Text of schema.py. Holds no value of a private column."""
    fields = [_field(column, frame[column.name], taken) for taken, column in zip(_names(columns), columns, strict=True)]
    body = "\n".join(f"    {line}" for field in fields for line in field)
    polars = "import polars as pl\n" if "pl." in body else ""
    text = f'''"""DRAFT of what a row of {name} may hold, made from {frame.height:,} rows; not yet anybody's word.

Limits are what was seen, widened by its own width: upwards by 4 where values lean to the right, by 9 where few lie far
beyond the rest; never below 0 where nothing was. Codes such as 999 widen nothing: limits only reach them, and a comment
names them. Levels are listed where each was seen {FEW_ROWS} times or more.
That the data they were drafted from passes means nothing. Replace them by what can be true in the world.
"""

import pandera.polars as pa
{polars}

class {class_name(name)}(pa.DataFrameModel):
    """One row per ... (say what)."""

{body}

    class Config:
        """A column that nobody declared is a fault, not a surplus."""

        strict = True


# {MARK}: {BLANK} (says that nobody has edited this; an edit ends it by itself)
'''
    return sealed(text)


def class_name(name: str) -> str:
    """`adult_census` as `AdultCensus`."""
    return "".join(part.capitalize() for part in name.split("_") if part)


def _names(columns: tuple[SnapshotColumn, ...]) -> list[str]:
    """A Python name for each column, different from each other and from what a model has itself."""
    reserved = {"Config", "schema", "validate", "to_schema", "example", "strategy", "get_metadata", "empty", "pa", "pl"}
    taken: list[str] = []
    for column in columns:
        plain = re.sub(r"\W+", "_", column.name, flags=re.ASCII).strip("_").lower() or "column"
        plain = f"column_{plain}" if plain[0].isdigit() or keyword.iskeyword(plain) or plain in reserved else plain
        wanted = column.name if _usable(column.name) and column.name not in reserved else plain
        while wanted in taken:
            wanted += "_"
        taken.append(wanted)
    return taken


def _usable(name: str) -> bool:
    return bool(re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name)) and not keyword.iskeyword(name) and "__" not in name


def _field(column: SnapshotColumn, series: pl.Series, python_name: str) -> list[str]:
    arguments: dict[str, Any] = {}
    note = ""
    if python_name != column.name:
        arguments["alias"] = column.name
    if column.nulls:
        arguments["nullable"] = True
    if column.resolved_role is Role.IDENTIFIER and column.distinct == series.len():
        arguments["unique"] = True
    if column.private:
        note = f"private ({column.private_because}): no value stands here"
    elif column.type.numeric:
        limits, codes = _range(series.drop_nulls(), whole=column.type is ColumnType.INTEGER)
        arguments |= limits
        if codes:
            named = ", ".join(f"{code:.0f}" for code in codes)
            note = f"{named}: codes for missing? Declare them in read.na_values, then draw the limits without them"
    elif column.type is ColumnType.CATEGORY:
        levels = _levels(series)
        if levels is not None:
            arguments["isin"] = levels
        else:
            note = f"{column.distinct} levels, some seen fewer than {FEW_ROWS} times: see suite.json"
    if column.resolved_role is Role.TARGET and column.nulls:
        note = "; ".join([*([note] if note else []), unlabelled(column, series.len())])
    annotation = ANNOTATIONS[column.type]
    written = ", ".join(f"{key}={_literal(value)}" for key, value in arguments.items())
    line = f"{python_name}: {annotation}" + (f" = pa.Field({written})" if written else "")
    comment = [f"# {_one_line(note)}"] if note else []
    return [*comment, *_wrapped(line, python_name, annotation, arguments)]


def unlabelled(column: SnapshotColumn, rows: int) -> str:
    """What the drafts say of a target that is missing."""
    return f"{column.nulls} of {rows} rows have no label: take `nullable` out once they are labelled or gone"


def _wrapped(line: str, name: str, annotation: str, arguments: dict[str, Any]) -> list[str]:
    if len(line) <= 110:
        return [line]
    inner = [f"    {key}={_literal(value)}," for key, value in arguments.items()]
    return [f"{name}: {annotation} = pa.Field(", *inner, ")"]


def _literal(value: Any) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=True)
    if isinstance(value, list):
        return "[" + ", ".join(_literal(item) for item in value) + "]"
    return repr(value)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _range(values: pl.Series, *, whole: bool) -> tuple[dict[str, Any], list[float]]:
    """Limits, and the codes such as 999 among the values. They pass, as all that was seen does, and widen nothing."""
    import polars as pl

    numbers = values.cast(pl.Float64)
    codes = codes_among(numbers.to_numpy())
    limits = _limits(values.filter(~numbers.is_in(codes)), whole=whole)
    kind = int if whole else float
    for code in codes if limits else []:
        limits["ge"] = min(limits["ge"], kind(code))
        if "le" in limits:
            limits["le"] = max(limits["le"], kind(code))
    return limits, codes


def _limits(values: pl.Series, *, whole: bool) -> dict[str, Any]:
    """Least and greatest value, moved outward by the width between them, upwards by `_tail` of it; never below 0 when
    nothing was."""
    if values.len() < 2:
        return {}
    least, greatest = float(values.min()), float(values.max())  # type: ignore[arg-type]
    if not (math.isfinite(least) and math.isfinite(greatest)):
        return {}
    width = greatest - least
    tail = _tail(values, greatest, least)
    low = 0.0 if least >= 0 else rounded_outward(least - width, up=False)
    limits: dict[str, Any] = {"ge": int(low) if whole else low}
    if width > 0:
        high = rounded_outward(greatest + tail * width, up=True)
        limits["le"] = int(high) if whole else high
    return limits


def _tail(values: pl.Series, greatest: float, least: float) -> float:
    """How many widths the upper limit moves: 1; 4 where values lean to the right, 9 where few lie far beyond the rest.

    With 1 everywhere, 4 of 10 contracts drafted from half of breast_cancer failed on the other half; with these none
    of 20 (benchmarks/drafted_contracts.py).
    """
    middle, near = values.quantile(0.5), values.quantile(0.99)
    assert middle is not None
    assert near is not None
    if greatest - least > 3 * (near - least):
        return 9.0
    return 4.0 if greatest - middle > 3 * (middle - least) else 1.0


def _levels(series: pl.Series) -> list[str] | None:
    """All levels, sorted; None when one of them is rare."""
    import polars as pl

    counts = series.drop_nulls().value_counts(name="_rows")
    if counts.height == 0 or counts.filter(pl.col("_rows") < FEW_ROWS).height:
        return None
    return sorted(counts[series.name].to_list())
