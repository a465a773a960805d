"""Drafts pass on their data, fail on damaged data, and show nothing private."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.adapters.great_expectations import validate as validate_suite
from governance.adapters.great_expectations_suite import read_suite
from governance.adapters.pandera import validate as validate_model
from governance.adapters.pandera_model import load_model
from governance.audits.schema import Schema
from governance.contract import read_columns
from governance.dataset import ColumnType, DataConfig, Dataset, Format, Role, Task
from governance.documents.answers import read_answers
from governance.documents.questions import questionnaire
from governance.errors import ConfigError, UsageError
from governance.evidence import Outcome
from governance.manifest import SnapshotColumn
from governance.onboarding.adding_request import AddRequest
from governance.onboarding.drafting import Observed, draft_answers, draft_contract, observe, yaml_text
from governance.onboarding.drafting_numbers import rounded_outward
from governance.onboarding.drafting_reading import infer_task, suggest_reading
from governance.onboarding.drafting_schema import draft_schema
from governance.onboarding.params_entry import with_entry
from governance.onboarding.preparing import prepare
from governance.read_options import ReadOptions
from governance.testing import make_snapshot
from governance.yaml_files import read_yaml


def people(rows: int = 400) -> pl.DataFrame:
    """A table as people have it: identifiers, addresses, gaps, rare levels, a long tail, odd column names."""
    draw = random.Random(7)
    return pl.DataFrame(
        {
            "id": [100_000 + 7 * i for i in range(rows)],
            "e-mail": [f"person{i}@example.org" for i in range(rows)],
            "Body Mass (kg)": [round(draw.gauss(75, 12), 1) for _ in range(rows)],
            "class": [draw.choice("abc") for _ in range(rows)],
            "gain": [int(draw.paretovariate(0.7)) if draw.random() < 0.1 else 0 for _ in range(rows)],
            "town": ["rare" if i == 17 else draw.choice(["north", "south"]) for i in range(rows)],
            "height": [None if draw.random() < 0.05 else draw.randint(150, 200) for _ in range(rows)],
            "born": [f"{draw.randint(1950, 2005)}-01-02" for _ in range(rows)],
            "street": [draw.choice(["Elm Row", "Oak Way"]) for _ in range(rows)],
            "latitude": [round(draw.gauss(5123, 3), 2) for _ in range(rows)],
            "label": [draw.choice(["yes", "no", "no"]) for _ in range(rows)],
        }
    )


def observed(folder: Path, frame: pl.DataFrame, **config: object) -> tuple[Observed, Dataset]:
    frame.write_csv(folder / "d.csv")
    data = {"path": "d.csv", "task": "classification", "target": "label", "roles": {"identifier": ["id"]}} | config
    dataset = Dataset.model_validate({"data": data})
    return observe("people", dataset, folder, folder / "none"), dataset


def failures(folder: Path, texts: dict[str, str], frame: pl.DataFrame) -> list[str]:
    """Rules of a drafted contract that do not pass on `frame`."""
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    validation = validate_model(load_model(folder / "schema.py", folder), frame)
    assert validation.problem == ""
    results = [*validation.results, *validate_suite(read_suite("suite.json", folder), frame)]
    assert len(results) > 20
    return [f"{result.reason} {','.join(result.columns)}" for result in results if result.result.value != "passed"]


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str], pl.DataFrame]:
    folder = tmp_path_factory.mktemp("people")
    seen, dataset = observed(folder, people())
    frame = seen.frame.drop("row_id", "source_file", "source_row", "split")
    return folder, draft_contract(seen, dataset), frame


def test_a_draft_passes_on_its_own_data(drafted: tuple[Path, dict[str, str], pl.DataFrame]) -> None:
    folder, texts, frame = drafted
    assert failures(folder, texts, frame) == []


DAMAGE: dict[str, tuple[Callable[[pl.DataFrame], pl.DataFrame], str]] = {
    "a slipped unit": (lambda f: f.with_columns(pl.col("Body Mass (kg)") * 1000), "Body Mass (kg)"),
    "a sign lost": (lambda f: f.with_columns(-pl.col("height")), "height"),
    "an unknown level": (lambda f: f.with_columns(pl.lit("d").alias("class")), "class"),
    "a new common level": (lambda f: f.with_columns(pl.lit("east").alias("town")), "town"),
    "an identifier twice": (lambda f: f.with_columns(pl.lit(5, dtype=pl.Int64).alias("id")), "id"),
    "a class gone": (lambda f: f.filter(pl.col("label") == "no"), "label"),
    "no labels": (lambda f: f.with_columns(pl.lit(None, dtype=pl.String).alias("label")), "label"),
    "classes swapped": (lambda f: f.with_columns(pl.col("label").replace({"yes": "no", "no": "yes"})), "label"),
    "mostly missing": (lambda f: f.with_columns(pl.lit(None, dtype=pl.Int64).alias("height")), "height"),
    "a column gone": (lambda f: f.drop("gain"), "gain"),
    "a column more": (lambda f: f.with_columns(pl.lit(1).alias("extra")), "extra"),
    "a column of another type": (lambda f: f.with_columns(pl.col("height").cast(pl.String)), "height"),
    "a cut file": (lambda f: f[:100], "table_row_count"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_draft_fails_on_damaged_data(drafted: tuple[Path, dict[str, str], pl.DataFrame], damage: str) -> None:
    folder, texts, frame = drafted
    change, named = DAMAGE[damage]
    assert any(named in failure for failure in failures(folder, texts, change(frame)))


def test_a_draft_shows_nothing_private_and_no_rare_level(
    drafted: tuple[Path, dict[str, str], pl.DataFrame],
) -> None:
    _, texts, frame = drafted
    everything = "\n".join(texts.values())
    for column in ("e-mail", "id", "street", "latitude"):
        for value in frame[column]:
            assert str(value) not in everything
    assert "    latitude: float\n" in texts["schema.py"]
    assert "latitude" not in texts["suite.json"]
    assert "rare" not in texts["schema.py"].replace("rarer", "")
    assert '"rare"' not in texts["suite.json"]
    assert "# private: its name suggests personal data\n" in texts["columns.yaml"]
    assert "# taken for private: its name suggests personal data; models may" in texts["columns.yaml"]


def test_a_draft_says_that_it_is_one(drafted: tuple[Path, dict[str, str], pl.DataFrame]) -> None:
    _, texts, _ = drafted
    assert texts["schema.py"].startswith('"""DRAFT')
    assert texts["columns.yaml"].startswith("# Draft")
    assert '"draft": "Draft made from 400 rows' in texts["suite.json"]


def test_drafted_columns_give_the_same_snapshot(tmp_path: Path) -> None:
    seen, dataset = observed(tmp_path, people())
    contract = tmp_path / "expectations"
    contract.mkdir()
    (contract / "columns.yaml").write_text(draft_contract(seen, dataset)["columns.yaml"], encoding="utf-8")
    again = observe("people", dataset, tmp_path, contract)
    assert again.manifest.digest == seen.manifest.digest
    proposed = {"e-mail": Role.PRIVATE}
    for before, after in zip(seen.manifest.columns, again.manifest.columns, strict=True):
        role = proposed.get(before.name, before.resolved_role)
        because = f"role {role}" if before.name in proposed else before.private_because
        assert after == before.model_copy(update={"role": role, "private_because": because})
    assert again.manifest.types == "declared"


def test_keys_and_names_of_people_are_no_features_in_a_draft(tmp_path: Path) -> None:
    rows = 300
    frame = pl.DataFrame(
        {
            "patient_id": [f"P{i % 290:05d}" for i in range(rows)],
            "name": [f"{'Ada Eva Uma Ole Ben'.split()[i % 5]} {'Weber Klein'.split()[i % 2]}" for i in range(rows)],
            "email": [f"p{i}@example.org" for i in range(rows)],
            "group_id": [i // 10 for i in range(rows)],
            "birth_date": [f"19{i % 70 + 20}-0{i % 9 + 1}-{i % 28 + 1:02d}" for i in range(rows)],
            "country_name": ["north south east".split()[i % 3] for i in range(rows)],
            "comment": [f"seen by us on day {i} and sent home again with good advice" for i in range(rows)],
            "length": list(range(rows)),
            "label": ["a", "b"] * (rows // 2),
        }
    )
    seen, dataset = observed(tmp_path, frame, roles={})
    contract = tmp_path / "expectations"
    contract.mkdir()
    text = draft_contract(seen, dataset)["columns.yaml"]
    (contract / "columns.yaml").write_text(text, encoding="utf-8")
    roles = {column.name: column.resolved_role for column in read_columns(contract / "columns.yaml", "columns.yaml")}
    assert {name for name, role in roles.items() if role is not Role.FEATURE} == {"patient_id", "name", "email"}
    assert roles["patient_id"] is Role.IDENTIFIER
    assert roles["name"] is roles["email"] is Role.PRIVATE
    assert text.count("models may learn from it") == sum(
        column.private for column in seen.manifest.columns if roles[column.name] is Role.FEATURE
    )
    assert observe("people", dataset, tmp_path, contract).manifest.digest == seen.manifest.digest


@pytest.mark.parametrize("name", ["annotator", "Annotator_ID", "rater", "labeler", "labelled_by", "annotated by"])
def test_who_labelled_is_no_feature_in_a_draft(tmp_path: Path, name: str) -> None:
    content = {name: [f"p{i % 7}" for i in range(140)], "x": [i * 0.5 for i in range(140)], "label": ["a", "b"] * 70}
    seen, dataset = observed(tmp_path, pl.DataFrame(content), roles={})
    assert "role: annotator\n" in draft_contract(seen, dataset)["columns.yaml"]


@pytest.mark.parametrize("name", ["rater_notes", "annotator_1", "generator", "rating"])
def test_what_annotators_wrote_or_numbers_of_many_values_are_not_taken_for_them(tmp_path: Path, name: str) -> None:
    content = {
        name: [f"p{i % 7}" for i in range(140)],
        "rater": [i * 0.5 for i in range(140)],
        "label": ["a", "b"] * 70,
    }
    seen, dataset = observed(tmp_path, pl.DataFrame(content), roles={})
    assert "role: annotator\n" not in draft_contract(seen, dataset)["columns.yaml"]


def test_contracts_declared_elsewhere_are_not_drafted(tmp_path: Path) -> None:
    seen, dataset = observed(tmp_path, people(), schema="my.models:People", suite="my/suite.json")
    assert set(draft_contract(seen, dataset)) == {"columns.yaml"}


@pytest.mark.parametrize(
    "names",
    [
        ["a b", "a_b", "a-b", "class"],
        ["Config", "validate", "2x", "é"],
        ["__init__", "def", '"', "\\"],
        ["pl", "pa", "x\ny", "#"],
    ],
)
def test_any_column_name_makes_a_model_that_passes(tmp_path: Path, names: list[str]) -> None:
    frame = pl.DataFrame({name: [f"v{i % 3}" for i in range(60)] for name in names} | {"n": list(range(60))})
    frame.write_csv(tmp_path / "d.csv")
    dataset = Dataset.model_validate({"data": {"path": "d.csv"}})
    seen = observe("odd", dataset, tmp_path, tmp_path / "none")
    texts = draft_contract(seen, dataset)
    (tmp_path / "columns.yaml").write_text(texts["columns.yaml"], encoding="utf-8")
    assert [column.name for column in read_columns(tmp_path / "columns.yaml", "columns.yaml")] == frame.columns
    (tmp_path / "schema.py").write_text(texts["schema.py"], encoding="utf-8")
    validation = validate_model(load_model(tmp_path / "schema.py", tmp_path), seen.frame.select(frame.columns))
    assert validation.problem == ""
    assert {result.result.value for result in validation.results} == {"passed"}
    assert {name for result in validation.results for name in result.columns} >= set(frame.columns)


def test_images_and_text_are_drafted(tmp_path: Path) -> None:
    text = pl.DataFrame({"text": [f"the quick brown fox jumps over the lazy dog number {i}" for i in range(50)]})
    text.write_csv(tmp_path / "t.csv")
    dataset = Dataset.model_validate({"data": {"path": "t.csv"}})
    seen = observe("words", dataset, tmp_path, tmp_path / "none")
    texts = draft_contract(seen, dataset)
    assert "fox" not in "".join(texts.values())
    (tmp_path / "schema.py").write_text(texts["schema.py"], encoding="utf-8")
    validation = validate_model(load_model(tmp_path / "schema.py", tmp_path), seen.frame.select("text"))
    assert {result.result.value for result in validation.results} == {"passed"}
    assert len(read_suite(_written(tmp_path / "suite.json", texts["suite.json"]), tmp_path).entries) >= 1


def _written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_the_answers_file_opens_every_question_that_a_person_answers(tmp_path: Path) -> None:
    path = _written(tmp_path / "people.yaml", draft_answers("people"))
    assert dict(read_answers(path).given) == {}
    text = path.read_text(encoding="utf-8")
    asked = [q for q in questionnaire().questions if q.answerable != "measured" and not q.optional]
    assert asked
    assert all(f"#   {question.id}: " in text for question in asked)
    first = asked[0].id
    answered = text.replace(
        "answers: {}", f"answers:\n  {first}:\n    answer: To learn.\n    by: Ada\n    on: 2026-01-31"
    )
    assert list(read_answers(_written(path, answered)).given) == [first]


# --- reading


def suggested(
    columns: dict[str, list[str | None]], options: ReadOptions | None = None, **given: bool
) -> tuple[ReadOptions, str]:
    frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    given = {"markers_given": False, "strip_given": False} | given
    reading = suggest_reading(frame, Format.CSV, options or ReadOptions(), **given)
    return reading.options, "\n".join(reading.said)


def test_a_marker_that_hides_numbers_is_adopted_and_said() -> None:
    options, said = suggested({"n": ["1", "NA", "2.5", "-"], "s": ["a", "b", "c", "d"]})
    assert options.na_values == ("", "-", "NA")
    assert "'NA' is taken for missing: 1 cells of 'n'" in said


def test_a_question_mark_among_words_is_adopted_and_said() -> None:
    options, said = suggested({"s": ["a", "?", "b", "?"]})
    assert options.na_values == ("", "?")
    assert "2 cells of 's'" in said


@pytest.mark.parametrize("word", ["NA", "None", "none", "-"])
def test_what_may_be_a_word_is_kept_and_named(word: str) -> None:
    options, said = suggested({"s": ["a", word, "b", word]})
    assert options.na_values == ("",)
    assert f"{word!r} stands in 2 cells of 's' and is kept as a value; pass --na={word}" in said


def test_a_marker_that_others_need_says_where_else_it_counts() -> None:
    options, said = suggested({"n": ["1", "NA", "2"], "country": ["NA", "DE", "FR"]})
    assert options.na_values == ("", "NA")
    assert "2 cells of 'n', 'country'" in said


def test_given_options_are_not_second_guessed() -> None:
    columns: dict[str, list[str | None]] = {"n": [" 1", " ?", " 2"]}
    options, said = suggested(columns, markers_given=True, strip_given=True)
    assert (options, said) == (ReadOptions(), "")


def test_spaces_after_separators_are_stripped_before_markers_are_looked_for() -> None:
    options, said = suggested({"a": ["39", "40", "41"], " b": [" x", " ?", " y"]})
    assert options.strip
    assert options.na_values == ("", "?")
    assert "cells of ' b' start or end with a space" in said


def test_a_header_of_numbers_is_pointed_out() -> None:
    _, said = suggested({"39": ["1", "2"], "a": ["1", "2"]})
    assert "the header names '39' are numbers; if the file has no header, pass --columns" in said


@pytest.mark.parametrize(
    ("values", "task"),
    [
        (["a", "b"] * 20, Task.CLASSIFICATION),
        ([0, 1] * 20, Task.CLASSIFICATION),
        ([1.0, 2.0, 3.0] * 20, Task.CLASSIFICATION),
        ([True, False] * 20, Task.CLASSIFICATION),
        (list(range(40)), Task.REGRESSION),
        ([i / 7 for i in range(40)], Task.REGRESSION),
        ([0.5, 1.5] * 20, Task.REGRESSION),
    ],
)
def test_the_task_follows_from_the_target(values: list[object], task: Task) -> None:
    found, because = infer_task(pl.Series("y", values), "y")
    assert found is task
    assert because.startswith("y has ")


@pytest.mark.parametrize("values", [[f"name {i}" for i in range(300)], ["2020-01-01", "2020-01-02"], [None, None]])
def test_no_task_is_made_up(values: list[object]) -> None:
    series = pl.Series("y", values, dtype=pl.String)
    if values[0] is None:
        assert infer_task(series.cast(pl.Int64), "y")  # a column of nothing is the snapshot's to refuse
        return
    with pytest.raises(UsageError, match="pass --task"):
        infer_task(series, "y")


# --- texts


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20))
def test_any_text_survives_as_a_yaml_scalar(text: str) -> None:
    from ruamel.yaml import YAML

    assert YAML(typ="safe", pure=True).load(f"key: {yaml_text(text)}\n") == {"key": text}


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12), st.booleans())
def test_rounding_moves_outward_and_not_far(value: float, up: bool) -> None:
    rounded = rounded_outward(value, up=up)
    assert rounded >= value if up else rounded <= value
    assert abs(rounded - value) <= 0.1 * abs(value)


PARAMS = """\
# Head.
datasets:
  # About one.
  one:
    data: {path: one.csv}   # kept
    about:
      title: >-
        A long
        title
    # belongs to one

# The questions.
audits:
  schema: {}
other: [1,   2]
"""


def test_an_entry_is_inserted_and_every_other_byte_kept() -> None:
    after = with_entry(PARAMS, "two", {"path": "two.csv", "split": {"method": "ratio", "test": 0.2}})
    head, tail = PARAMS.split("\n# The questions.")
    assert after.startswith(head)
    assert after.endswith(f"\n# The questions.{tail}")
    assert "\n  two:\n    data:\n      path: two.csv\n      split: {method: ratio, test: 0.2}\n" in after


@pytest.mark.parametrize("empty", ["datasets: {}", "datasets: {}  # none yet", "datasets:", "datasets: # none yet"])
@pytest.mark.parametrize("tail", ["", "\n", "\n\n# x\naudits: {}\n"])
def test_the_first_entry(tmp_path: Path, empty: str, tail: str) -> None:
    after = with_entry(empty + tail, "one", {"path": "1.csv"})
    (tmp_path / "params.yaml").write_text(after, encoding="utf-8")
    assert read_yaml(tmp_path / "params.yaml")["datasets"]["one"]["data"] == {"path": "1.csv"}
    assert ("# none yet" in after) == ("# none yet" in empty)


@pytest.mark.parametrize("text", ["datasets: {a: {data: {path: x}}}\n", "audits: {}\n", ""])
def test_a_params_file_that_needs_a_person(text: str) -> None:
    with pytest.raises(ConfigError):
        with_entry(text, "one", {"path": "1.csv"})


def test_a_drafted_contract_of_times_can_be_used(tmp_path: Path) -> None:
    times = [f"2024-03-{day:02d}T10:47:0{day % 10}" for day in range(1, 29)] * 3
    frame = pl.DataFrame({"ts": times, "x": list(range(84))}).with_columns(pl.col("ts").str.to_datetime(time_unit="us"))
    (tmp_path / "data").mkdir()
    frame.write_parquet(tmp_path / "data" / "events.parquet")
    snapshot = make_snapshot(tmp_path, frame, name="events")
    text = draft_contract(
        observe("events", Dataset(data=DataConfig(path="data/events.parquet")), tmp_path, tmp_path / "none"),
        Dataset(data=DataConfig(path="data/events.parquet")),
    )["schema.py"]
    (snapshot.contract_folder / "schema.py").write_text(text, encoding="utf-8")
    answer = Schema().run(snapshot)
    assert (answer.outcome, answer.findings) == (Outcome.ASSESSED, ()), answer.reason


def test_a_draft_of_rows_that_were_read_already_is_that_of_the_file(tmp_path: Path) -> None:
    words = [None if i % 9 == 0 else "?" if i % 7 == 0 else f"{i * 0.5 - 20}" for i in range(60)]
    levels = ["no" if i % 3 else "yes" for i in range(60)]
    pl.DataFrame({"n": words, "day": ["31.01.2024"] * 60, "label": levels}).write_csv(tmp_path / "d.csv")
    config: dict[str, Any] = {"path": "d.csv", "split": {"method": "ratio", "test": 0.2}}
    prepared = prepare(AddRequest(name="d", target="label"), config, tmp_path, tmp_path / "none")
    assert {c.name: c.type.value for c in prepared.observed.manifest.columns}["n"] == "number"
    again = observe("d", prepared.dataset, tmp_path, tmp_path / "none")
    assert prepared.observed.manifest == again.manifest
    assert prepared.observed.frame.equals(again.frame)


def test_a_day_of_no_calendar_is_told_where_it_stands_and_not_taken_for_another_notation() -> None:
    days = [f"{1 + day % 28:02d}.{1 + day % 12:02d}.2024" for day in range(300)]
    days[6] = "31.02.2024"
    options, said = suggested({"datum": [None, *days]})
    assert options.date_format is None
    assert (
        "'datum' are written like %d.%m.%Y, but 1 of 300 cells name no day of a calendar (the first in row 8)" in said
    )
    assert "31.02" not in said
    half = ["31.01.2024", "1/31/2024"] * 20
    assert suggested({"datum": half})[1] == (
        "dates of 'datum' are written in more than one way: kept as text; "
        "write them in one way in the file, best as 2026-01-31, and add again"
    )


def test_codes_for_missing_widen_no_limit() -> None:
    ages = [20 + i % 50 for i in range(300)]
    for values, limits in (
        ([*ages, *[999] * 5], "ge=0, le=999"),
        ([*ages, *[-999] * 5], "ge=-999, le=120"),
        ([float(age) for age in ages] + [999.0] * 5, "ge=0.0, le=999.0"),
        (ages, "ge=0, le=120"),
    ):
        frame = pl.DataFrame({"age": values})
        kind = ColumnType.INTEGER if isinstance(values[0], int) else ColumnType.NUMBER
        column = SnapshotColumn(name="age", type=kind, role=Role.FEATURE, nulls=0, distinct=51, private=False)
        text = draft_schema("people", (column,), frame)
        assert f"pa.Field({limits})" in text
        assert ("codes for missing?" in text) == (len(values) > 300)
    assert "upwards by 4 where" in text
