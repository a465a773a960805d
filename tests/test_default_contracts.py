"""The three default datasets: their export, and contracts that hold on the real data and fail on planted faults."""

from __future__ import annotations

import csv
import gzip
import importlib.util
import json
import math
import os
import shutil
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any

import polars as pl
import pytest

from governance.contract import read_columns, with_roles
from governance.dataset import Dataset
from governance.documents.answers import read_answers
from governance.documents.questions import questionnaire
from governance.ingestion.column_types import polars_type, typed
from governance.yaml_files import read_yaml

ROOT = Path(__file__).parents[1]
MODELS = {"breast_cancer": "BreastCancer", "digits": "Digits", "diabetes": "Diabetes"}
DATASETS = tuple(MODELS)
Damage = Callable[[pl.DataFrame], pl.DataFrame]


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"default_{path.parent.name}_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True  # these folders are dependencies of the pipeline
    try:
        spec.loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = before
    return module


def declared(name: str) -> Dataset:
    return Dataset.model_validate(read_yaml(ROOT / "params.yaml", "params.yaml")["datasets"][name])


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("export") / "sklearn"
    load(ROOT / "data" / "export.py").export(target)
    return target


@pytest.fixture(scope="module")
def frames(exported: Path) -> dict[str, pl.DataFrame]:
    """Each dataset as the snapshot types it: from columns.yaml."""
    result = {}
    for name in ("breast_cancer", "diabetes"):
        raw = pl.read_csv(exported / f"{name}.csv", infer_schema=False)
        columns = read_columns(ROOT / "expectations" / name / "columns.yaml", name)
        assert raw.columns == [column.name for column in columns]
        result[name] = pl.DataFrame([typed(raw[column.name], column.type, name) for column in columns])
    images = sorted((exported / "digits").rglob("*.png"))
    result["digits"] = pl.DataFrame(
        {"image": [image.read_bytes() for image in images], "label": [image.parent.name for image in images]}
    )
    return result


# --- export


def test_two_exports_have_the_same_bytes(exported: Path, tmp_path: Path) -> None:
    load(ROOT / "data" / "export.py").export(tmp_path)
    first = {path.relative_to(exported): path.read_bytes() for path in exported.rglob("*") if path.is_file()}
    second = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert len(first) == 2 + 1797
    assert first == second


def test_export_says_what_scikit_learn_says(exported: Path, frames: dict[str, pl.DataFrame]) -> None:
    from PIL import Image
    from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits

    cancer, table = load_breast_cancer(), frames["breast_cancer"]
    assert (table.drop("diagnosis").to_numpy() == cancer.data).all()
    assert table["diagnosis"].to_list() == [str(cancer.target_names[code]) for code in cancer.target]
    diabetes, table = load_diabetes(scaled=False), frames["diabetes"]
    assert (table.drop("progression").cast(pl.Float64).to_numpy() == diabetes.data).all()
    assert table["progression"].to_list() == diabetes.target.tolist()
    digits = load_digits()
    for number in range(0, 1797, 13):
        with Image.open(exported / "digits" / str(digits.target[number]) / f"{number:04d}.png") as image:
            assert [pixel // 15 for pixel in image.tobytes()] == digits.data[number].astype(int).tolist()
            assert not any(pixel % 15 for pixel in image.tobytes())


def test_numbers_keep_the_digits_of_the_source(exported: Path) -> None:
    with (exported / "diabetes.csv").open(newline="") as file:
        first = next(iter(csv.DictReader(file)))
    assert (first["age"], first["progression"]) == ("59", "151")
    assert (first["bmi"], first["log_triglycerides"]) == ("32.1", "4.8598")


def test_export_refuses_a_fraction_where_the_source_had_whole_numbers(tmp_path: Path) -> None:
    export = load(ROOT / "data" / "export.py")
    shutil.copy(export.source_folder() / "diabetes_target.csv.gz", tmp_path)
    rows = gzip.decompress((export.source_folder() / "diabetes_data_raw.csv.gz").read_bytes()).decode()
    changed = rows.replace("59 2 32.1", "59.5 2 32.1", 1)
    (tmp_path / "diabetes_data_raw.csv.gz").write_bytes(gzip.compress(changed.encode()))
    with pytest.raises(ValueError, match=r"59\.5 stands in a column of whole numbers"):
        export.write_diabetes(tmp_path, tmp_path)


# --- declarations


@pytest.mark.parametrize("name", DATASETS)
def test_columns_fit_the_model_and_the_configuration(name: str, frames: dict[str, pl.DataFrame]) -> None:
    columns = read_columns(ROOT / "expectations" / name / "columns.yaml", name)
    model = getattr(load(ROOT / "expectations" / name / "schema.py"), MODELS[name])
    frame = frames[name]
    assert [column.name for column in columns] == frame.columns == list(model.to_schema().columns)
    assert [polars_type(column.type) for column in columns] == frame.dtypes
    assert all(len(column.description) > 20 for column in columns)
    roles = {column.name: str(column.role) for column in with_roles(columns, declared(name).data, name) if column.role}
    expected = {
        "breast_cancer": {"diagnosis": "target"},
        "digits": {"image": "image", "label": "target"},
        "diabetes": {"age": "sensitive", "sex": "sensitive", "progression": "target"},
    }
    assert roles == expected[name]


@pytest.mark.parametrize("name", DATASETS)
def test_coded_values_are_explained(name: str, frames: dict[str, pl.DataFrame]) -> None:
    for column in read_columns(ROOT / "expectations" / name / "columns.yaml", name):
        if column.type == "category":
            assert set(column.labels) == set(frames[name][column.name].unique())


@pytest.mark.parametrize("name", DATASETS)
def test_about_is_complete(name: str) -> None:
    about = declared(name).about
    for field in ("title", "description", "version", "licence", "source", "url", "citation", "creators", "curators"):
        assert getattr(about, field), field
    assert about.people is True


@pytest.mark.parametrize("name", DATASETS)
def test_answers_are_answers_to_known_questions(name: str) -> None:
    given = read_answers(ROOT / "answers" / f"{name}.yaml").given
    assert set(given) <= {question.id for question in questionnaire().questions}
    assert len(given) >= 25


@pytest.mark.parametrize("name", DATASETS)
@pytest.mark.parametrize("question", ["collection.consent", "collection.notification", "collection.ethics_review"])
def test_what_no_source_states_stays_open(name: str, question: str) -> None:
    assert read_answers(ROOT / "answers" / f"{name}.yaml").get(question) is None


# --- Pandera


def failures(name: str, frame: pl.DataFrame) -> set[str]:
    """`column: check` of everything that the model rejects; empty when the frame is valid."""
    from pandera.config import ValidationDepth, config_context
    from pandera.errors import SchemaError, SchemaErrors

    model = getattr(load(ROOT / "expectations" / name / "schema.py"), MODELS[name])
    # Pandera 0.35 cannot list binary failure cases (polars: "invalid utf8"), so images fail at the first error.
    every = pl.Binary not in frame.dtypes
    try:
        with config_context(validation_enabled=True, validation_depth=ValidationDepth.SCHEMA_AND_DATA):
            model.validate(frame.lazy(), lazy=every).collect()
    except SchemaError as error:
        check = error.check if isinstance(error.check, str) else error.check.error
        return {f"{error.schema.name}: {check}"}
    except SchemaErrors as error:
        cases = error.failure_cases.select("column", "check").unique()
        return {f"{column}: {check}" for column, check in cases.iter_rows()}
    return set()


@pytest.mark.parametrize("name", DATASETS)
def test_real_data_keeps_the_model(name: str, frames: dict[str, pl.DataFrame]) -> None:
    assert failures(name, frames[name]) == set()


def first_row(**values: Any) -> Damage:
    """Sets cells of the first row only: one bad row must be enough."""

    def damage(frame: pl.DataFrame) -> pl.DataFrame:
        first = pl.int_range(pl.len()) == 0
        changed = {
            name: value if isinstance(value, pl.Expr) else pl.lit(value, dtype=frame.schema[name])
            for name, value in values.items()
        }
        return frame.with_columns(
            pl.when(first).then(value).otherwise(pl.col(name)).alias(name) for name, value in changed.items()
        )

    return damage


def png(side: int = 8, mode: str = "L", change: Callable[[int], int] = lambda pixel: pixel) -> Damage:
    """The first image redrawn: at another size, in another mode, or with every pixel changed."""

    def damage(frame: pl.DataFrame) -> pl.DataFrame:
        from PIL import Image

        with Image.open(BytesIO(frame["image"][0])) as original:
            image = original.point(change).resize((side, side)).convert(mode)
        buffer = BytesIO()
        image.save(buffer, format="PNG")
        return first_row(image=buffer.getvalue())(frame)

    return damage


def cut_image(frame: pl.DataFrame) -> pl.DataFrame:
    return first_row(image=frame["image"][0][:50])(frame)


PLANTED: list[tuple[str, str, Damage]] = [
    ("breast_cancer", "mean_area: greater_than", first_row(mean_area=-1001.0)),
    ("breast_cancer", "mean_radius: less_than", first_row(mean_radius=1799.0)),
    ("breast_cancer", "se_texture: greater_than", first_row(se_texture=-0.1)),
    ("breast_cancer", "worst_symmetry: less_than", first_row(worst_symmetry=1.5)),
    ("breast_cancer", "mean_texture: not_nullable", first_row(mean_texture=None)),
    ("breast_cancer", "diagnosis: isin", first_row(diagnosis="Malignant")),
    ("breast_cancer", "BreastCancer: worst >= mean", first_row(worst_texture=pl.col("mean_texture") - 0.01)),
    ("breast_cancer", "BreastCancer: se <= mean", first_row(se_concavity=pl.col("mean_concavity") + 0.01)),
    ("breast_cancer", "BreastCancer: perimeter^2", first_row(mean_perimeter=pl.col("mean_perimeter") * 0.8)),
    ("breast_cancer", "BreastCancer: area / (pi", first_row(mean_radius=pl.col("mean_radius") * 1.3)),
    ("breast_cancer", "BreastCancer: concavity is 0", first_row(worst_concavity=0.0, mean_concavity=0.0)),
    ("breast_cancer", "BreastCancer: column_in_schema", lambda frame: frame.with_columns(case_number=pl.lit(1))),
    ("breast_cancer", "BreastCancer: column_in_dataframe", lambda frame: frame.drop("se_area")),
    ("breast_cancer", "mean_area: dtype", lambda frame: frame.with_columns(pl.col("mean_area").cast(pl.String))),
    ("diabetes", "sex: isin", first_row(sex="3")),
    ("diabetes", "age: greater_than", first_row(age=-59)),
    ("diabetes", "bmi: less_than", first_row(bmi=400.0)),
    ("diabetes", "mean_arterial_pressure: greater_than", first_row(mean_arterial_pressure=13.5)),
    ("diabetes", "total_cholesterol: greater_than", first_row(total_cholesterol=5)),
    ("diabetes", "glucose: greater_than", first_row(glucose=5)),
    ("diabetes", "progression: not_nullable", first_row(progression=None)),
    ("diabetes", "Diabetes: LDL = total", first_row(ldl_cholesterol=pl.col("ldl_cholesterol") + 2)),
    ("diabetes", "Diabetes: LDL = total", first_row(log_triglycerides=pl.col("log_triglycerides") / math.log(10))),
    (
        "diabetes",
        "Diabetes: cholesterol_hdl_ratio",
        first_row(cholesterol_hdl_ratio=pl.col("cholesterol_hdl_ratio") + 2),
    ),
    ("digits", "label: isin", first_row(label="ten")),
    ("digits", "image: not_nullable", first_row(image=None)),
    ("digits", "image: an 8x8", first_row(image=b"no image")),
    ("digits", "image: an 8x8", cut_image),
    ("digits", "image: an 8x8", png(side=28)),
    ("digits", "image: an 8x8", png(mode="RGB")),
    ("digits", "image: an 8x8", png(change=lambda pixel: 0)),
    ("digits", "image: an 8x8", png(change=lambda pixel: 240 - pixel)),
    ("digits", "image: an 8x8", png(change=lambda pixel: pixel * 255 // 240)),
]


@pytest.mark.parametrize(("name", "expected", "damage"), PLANTED, ids=[f"{n}-{e}" for n, e, _ in PLANTED])
def test_model_rejects(name: str, expected: str, damage: Damage, frames: dict[str, pl.DataFrame]) -> None:
    found = failures(name, damage(frames[name]))
    assert any(failure.startswith(expected) for failure in found), found


# --- Great Expectations


def suite(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((ROOT / "expectations" / name / "suite.json").read_text(encoding="utf-8"))
    return content


def label(kind: str, kwargs: dict[str, Any]) -> str:
    """Names one expectation of a suite: type, columns, and the class it is restricted to."""
    subject = kwargs.get("column") or kwargs.get("column_list") or [kwargs.get("column_A"), kwargs.get("column_B")]
    condition = kwargs.get("row_condition")
    where = condition["parameter"] if condition else ""
    text = subject if isinstance(subject, str) else ",".join(filter(None, subject))
    return " ".join(filter(None, [kind.removeprefix("expect_"), text, where]))


@pytest.fixture(scope="module")
def failed_expectations() -> Callable[[str, pl.DataFrame], set[str]]:
    """Validates natively; gives the labels of what failed, and insists that every expectation was evaluated."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_pandas("memory").add_dataframe_asset("table")
    batches = asset.add_batch_definition_whole_dataframe("whole")

    def validate(name: str, frame: pl.DataFrame) -> set[str]:
        content = suite(name)
        labels = [label(entry["type"], entry["kwargs"]) for entry in content["expectations"]]
        assert len(set(labels)) == len(labels)
        for position, entry in enumerate(content["expectations"]):
            entry["meta"]["position"] = position  # GX reorders its results
        batch = batches.get_batch({"dataframe": frame.to_pandas()})
        result = batch.validate(gx.ExpectationSuite(**content))
        assert len(result.results) == len(labels)
        for item in result.results:
            raised = item.exception_info.get("raised_exception", True) if item.exception_info else False
            assert not raised, item.exception_info
        return {labels[item.expectation_config.meta["position"]] for item in result.results if not item.success}

    return validate


@pytest.mark.parametrize("name", DATASETS)
def test_real_data_meets_the_suite(
    name: str, frames: dict[str, pl.DataFrame], failed_expectations: Callable[[str, pl.DataFrame], set[str]]
) -> None:
    assert failed_expectations(name, frames[name]) == set()


@pytest.mark.parametrize("name", DATASETS)
def test_every_expectation_says_why_and_how_bad(name: str) -> None:
    for entry in suite(name)["expectations"]:
        assert entry["severity"] in {"critical", "warning", "info"}
        assert len(entry["meta"]["why"]) > 20


def swapped(column: str, one: str, other: str) -> Damage:
    return lambda frame: frame.with_columns(pl.col(column).replace({one: other, other: one}))


def scaled(column: str, factor: float) -> Damage:
    """A change of unit, in the whole column."""

    def damage(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.with_columns((pl.col(column) * factor).cast(frame.schema[column]))

    return damage


def only(column: str, *values: str) -> Damage:
    return lambda frame: frame.filter(pl.col(column).is_in(values))


def thinned(column: str, value: str, rows: int) -> Damage:
    """Keeps `rows` rows of one class and all of the others, repeated so that the row count says nothing."""

    def damage(frame: pl.DataFrame) -> pl.DataFrame:
        rest = frame.filter(pl.col(column) != value)
        return pl.concat([frame.filter(pl.col(column) == value).head(rows), rest, rest])

    return damage


def doubled(frame: pl.DataFrame) -> pl.DataFrame:
    return pl.concat([frame, frame.head(1)])


def exchanged(one: str, other: str) -> Damage:
    return lambda frame: frame.with_columns(pl.col(one).alias(other), pl.col(other).alias(one))


def half(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.gather_every(2)


def constant(column: str) -> Damage:
    return lambda frame: frame.with_columns(pl.col(column).mean().cast(frame.schema[column]))


SUITE_FAULTS: list[tuple[str, str, Damage]] = [
    ("breast_cancer", "table_row_count_to_be_between", half),
    ("breast_cancer", "column_values_to_not_be_null diagnosis", first_row(diagnosis=None)),
    ("breast_cancer", "column_distinct_values_to_equal_set diagnosis", only("diagnosis", "benign")),
    ("breast_cancer", "column_kl_divergence_to_be_less_than diagnosis", thinned("diagnosis", "malignant", 60)),
    ("breast_cancer", "column_mean_to_be_between mean_radius malignant", swapped("diagnosis", "malignant", "benign")),
    ("breast_cancer", "column_mean_to_be_between mean_radius benign", swapped("diagnosis", "malignant", "benign")),
    ("breast_cancer", "column_mean_to_be_between worst_concave_points malignant", scaled("worst_concave_points", 0.6)),
    ("breast_cancer", "column_quantile_values_to_be_between mean_area", scaled("mean_area", 1.3)),
    ("breast_cancer", "column_median_to_be_between mean_texture", scaled("mean_texture", 1.2)),
    ("breast_cancer", "column_stdev_to_be_between mean_smoothness", constant("mean_smoothness")),
    ("breast_cancer", "column_values_to_be_between worst_radius", scaled("worst_radius", 1.5)),
    (
        "breast_cancer",
        "column_proportion_of_unique_values_to_be_between mean_area",
        lambda frame: frame.with_columns((pl.col("mean_area") / 10).round()),
    ),
    ("breast_cancer", "compound_columns_to_be_unique mean_radius,mean_texture,mean_area,worst_area", doubled),
    (
        "breast_cancer",
        "column_pair_values_a_to_be_greater_than_b mean_perimeter,mean_radius",
        exchanged("mean_perimeter", "mean_radius"),
    ),
    (
        "breast_cancer",
        "column_pair_values_a_to_be_greater_than_b worst_area,mean_area",
        exchanged("worst_area", "mean_area"),
    ),
    ("diabetes", "table_row_count_to_be_between", half),
    ("diabetes", "column_values_to_not_be_null progression", first_row(progression=None)),
    ("diabetes", "column_distinct_values_to_equal_set sex", first_row(sex="3")),
    ("diabetes", "column_kl_divergence_to_be_less_than sex", thinned("sex", "2", 60)),
    ("diabetes", "column_mean_to_be_between hdl_cholesterol 1", swapped("sex", "1", "2")),
    ("diabetes", "column_mean_to_be_between hdl_cholesterol 2", swapped("sex", "1", "2")),
    ("diabetes", "column_quantile_values_to_be_between age", lambda frame: frame.with_columns(pl.col("age") + 10)),
    ("diabetes", "column_mean_to_be_between bmi", scaled("bmi", 1.2)),
    ("diabetes", "column_mean_to_be_between mean_arterial_pressure", scaled("mean_arterial_pressure", 0.1333)),
    ("diabetes", "column_mean_to_be_between total_cholesterol", scaled("total_cholesterol", 1 / 38.67)),
    ("diabetes", "column_mean_to_be_between glucose", scaled("glucose", 1 / 18.0)),
    ("diabetes", "column_values_to_be_between hdl_cholesterol", scaled("hdl_cholesterol", 1.5)),
    (
        "diabetes",
        "column_pair_values_a_to_be_greater_than_b total_cholesterol,ldl_cholesterol",
        scaled("ldl_cholesterol", 38.67),
    ),
    (
        "diabetes",
        "column_pair_values_a_to_be_greater_than_b total_cholesterol,hdl_cholesterol",
        first_row(hdl_cholesterol=500.0),
    ),
    ("diabetes", "column_quantile_values_to_be_between progression", scaled("progression", 1.5)),
    ("diabetes", "column_stdev_to_be_between progression", constant("progression")),
    ("diabetes", "compound_columns_to_be_unique age,bmi,total_cholesterol,glucose", doubled),
    ("digits", "table_row_count_to_be_between", half),
    ("digits", "column_values_to_not_be_null label", first_row(label=None)),
    ("digits", "column_distinct_values_to_equal_set label", only("label", *"012345678")),
    ("digits", "column_value_lengths_to_equal label", first_row(label="07")),
    ("digits", "column_kl_divergence_to_be_less_than label", thinned("label", "3", 100)),
    (
        "digits",
        "column_proportion_of_unique_values_to_be_between label",
        lambda frame: frame.with_columns(label=pl.int_range(pl.len()).cast(pl.String)),
    ),
]


@pytest.mark.parametrize(("name", "expected", "damage"), SUITE_FAULTS, ids=[f"{n}-{e}" for n, e, _ in SUITE_FAULTS])
def test_suite_rejects(
    name: str,
    expected: str,
    damage: Damage,
    frames: dict[str, pl.DataFrame],
    failed_expectations: Callable[[str, pl.DataFrame], set[str]],
) -> None:
    assert expected in failed_expectations(name, damage(frames[name]))


@pytest.mark.parametrize("name", DATASETS)
def test_no_expectation_is_untested(name: str) -> None:
    planted = {expected for dataset, expected, _ in SUITE_FAULTS if dataset == name}
    assert planted == {label(entry["type"], entry["kwargs"]) for entry in suite(name)["expectations"]}
