import dataclasses
import json
from io import BytesIO

import numpy as np
import polars as pl
import pytest
from PIL import Image

from governance.adapters.cleanlab import CleanlabFailed, find_class_issues
from governance.audits.label_issues import LabelIssues
from governance.dataset import ColumnType, Role, Split, Task, UserSignals
from governance.measures.label_noise import standardised_residuals
from governance.measures.label_quality import label_quality
from governance.signals import SIGNALS, SignalAbsent, Signals, label_errors
from governance.signals.compute import compute_signals
from governance.signals.settings import SignalsConfig
from governance.testing import make_snapshot


def table(rows=120, seed=0):
    generator = np.random.default_rng(seed)
    label = np.arange(rows) % 2
    return pl.DataFrame(
        {
            "x": generator.normal(size=rows) + 2 * label,
            "z": generator.normal(size=rows),
            "colour": generator.choice(["red", "green"], rows),
            "person": [f"p{number // 4}" for number in range(rows)],
            "key": [f"k{number:03d}" for number in range(rows)],
            "kind": np.where(label == 1, "oak", "elm"),
        }
    )


ROLES = {Role.IDENTIFIER: ("key",), Role.IGNORED: ("person",)}


def snapshot_of(folder, frame=None, **changes):
    rest = {"target": "kind", "task": Task.CLASSIFICATION, "roles": ROLES, "split": Split(method="ratio")} | changes
    return make_snapshot(folder, table() if frame is None else frame, **rest)


def computed(folder, frame=None, *, user=None, folds=2, **changes):
    """Two folds, where a test does not speak of them: each is a fit of every model."""
    snapshot = snapshot_of(folder, frame, **changes)
    info = compute_signals(snapshot, folder / "out", SignalsConfig(folds=folds), user=user, workspace=folder)
    return info, Signals.open(folder / "out"), snapshot


def test_all_signals_of_a_table(tmp_path):
    info, signals, snapshot = computed(tmp_path, folds=5)
    assert info == signals.info
    assert info.absent == {}
    assert set(info.digests) == set(SIGNALS)
    assert info.classes == ("elm", "oak")
    assert info.fold_rule == "stratified by class"
    assert info.origin == "own_folds"
    ids = snapshot.frame("row_id").collect()["row_id"].to_list()
    predictions = signals.predictions()
    assert predictions.row_id.tolist() == ids
    assert np.unique(predictions.fold).tolist() == [0, 1, 2, 3, 4]
    assert (predictions.probabilities.sum(axis=1) == 1).all()
    truth = snapshot.frame("kind").collect()["kind"].to_list()
    assert [info.classes[number] for number in predictions.label] == truth
    right = (predictions.probabilities.argmax(axis=1) == predictions.label).mean()
    assert info.quality["accuracy"] == pytest.approx(right)
    assert info.quality["accuracy_low"] < right < info.quality["accuracy_high"]
    assert info.quality["baseline"] == 0.5
    assert signals.embeddings()[1].shape == (120, 3)
    neighbours = signals.neighbours()
    assert neighbours.index.shape == neighbours.distance.shape == (120, 10)
    assert neighbours.row_id.tolist() == ids
    assert (np.diff(neighbours.distance, axis=1) >= 0).all()
    errors = signals.label_errors()
    assert errors.row_id.tolist() == ids
    assert (errors.label == predictions.label).all()
    assert (errors.probabilities == predictions.probabilities).all()
    found = find_class_issues(predictions.label.astype(np.int64), predictions.probabilities)
    assert (errors.flagged == found).all()
    quality = label_quality(predictions.label.astype(np.int64), predictions.probabilities, signals.second_word())
    assert errors.quality == pytest.approx(quality, rel=1e-8)


@pytest.mark.parametrize("rule", ["both", "prune_by_noise_rate", "confident_learning"])
def test_label_errors_are_of_classes_with_enough_rows_by_the_declared_rule(tmp_path, rule):
    random = np.random.default_rng(3)
    frame = table(300).with_columns(
        kind=pl.Series(np.where(np.arange(300) < 6, "ash", random.choice(["elm", "oak"], 300)))
    )
    snapshot = snapshot_of(tmp_path, frame)
    compute_signals(snapshot, tmp_path / "out", SignalsConfig(cleanlab=rule, folds=2))
    signals = Signals.open(tmp_path / "out")
    errors, predictions = signals.label_errors(), signals.predictions()
    assert (errors.classes, predictions.classes) == (("elm", "oak"), ("ash", "elm", "oak"))
    assert errors.row_id.size == errors.label.size == 294
    assert errors.probabilities.sum(axis=1) == pytest.approx(1)
    assert (errors.flagged == find_class_issues(errors.label, errors.probabilities, rule)).all()
    assert errors.quality.size == 294
    compute_signals(snapshot, tmp_path / "less", SignalsConfig(cleanlab=rule, min_class_rows=5, folds=2))
    assert Signals.open(tmp_path / "less").label_errors().classes == predictions.classes


def test_label_errors_of_numbers_are_cleanlabs_quality(tmp_path):
    frame = table(200).with_columns(kind=pl.col("x") * 3 + 1)
    _, signals, _ = computed(tmp_path, frame, task=Task.REGRESSION)
    errors = signals.label_errors()
    assert errors.flagged is None
    assert (errors.predicted == signals.predictions().predicted).all()
    sure = standardised_residuals(errors.label, errors.predicted).standardised
    assert errors.quality == pytest.approx(np.exp(-np.abs(sure)), rel=1e-8, abs=0)
    mantissa, _ = np.frexp(errors.quality)
    assert (mantissa * 2**30 == np.round(mantissa * 2**30)).all()  # no last bits, which hang on the processor


def test_cleanlab_that_fails_takes_label_errors_only(tmp_path, monkeypatch):
    def broken(*args, **named):
        raise CleanlabFailed("cleanlab stopped with ValueError")

    monkeypatch.setattr(label_errors, "find_class_issues", broken)
    info, signals, _ = computed(tmp_path)
    assert set(info.digests) == set(SIGNALS) - {"label_errors"}
    assert (info.absent["label_errors"].outcome, info.absent["label_errors"].code) == ("failed", "cleanlab_failed")
    with pytest.raises(SignalAbsent, match="cleanlab stopped with ValueError"):
        signals.label_errors()


def test_two_runs_write_the_same_bytes_whatever_the_order_of_the_source(tmp_path):
    computed(tmp_path / "a")
    computed(tmp_path / "b", table()[::-1])
    for name in ["signals.json", *(f"{name}.parquet" for name in SIGNALS)]:
        assert (tmp_path / "a/out" / name).read_bytes() == (tmp_path / "b/out" / name).read_bytes()


def test_private_identifier_and_ignored_columns_are_no_features(tmp_path):
    first, _, _ = computed(tmp_path / "a")
    frame = table().with_columns(pl.Series("person", np.where(table()["kind"] == "oak", "one", "two")))
    second, _, _ = computed(tmp_path / "b", frame)
    # The folds differ, as rows are other rows; a model that saw the column would be right about every row.
    assert second.quality["accuracy"] == pytest.approx(first.quality["accuracy"], abs=0.05)


def test_regression(tmp_path):
    generator = np.random.default_rng(0)
    frame = table().with_columns((3 * pl.col("x") + pl.Series(generator.normal(0, 0.5, 120))).alias("kind"))
    info, signals, _ = computed(tmp_path, frame, task=Task.REGRESSION)
    predictions = signals.predictions()
    assert predictions.probabilities is None
    assert info.classes == ()
    assert info.quality["r2_low"] < info.quality["r2"] < info.quality["r2_high"]
    total = ((predictions.label - predictions.label.mean()) ** 2).sum()
    assert info.quality["r2"] == pytest.approx(1 - ((predictions.label - predictions.predicted) ** 2).sum() / total)


def test_rows_without_a_label_are_left_out_and_counted(tmp_path):
    frame = table().with_columns(pl.when(pl.int_range(pl.len()) < 7).then(None).otherwise("kind").alias("kind"))
    info, signals, _ = computed(tmp_path, frame)
    assert signals.predictions().row_id.size == 113
    assert signals.neighbours().row_id.size == 120
    assert any("7 of 120 rows have no label" in note for note in info.notes)


def test_folds_by_group(tmp_path):
    info, signals, snapshot = computed(tmp_path, folds=5, roles={Role.GROUP: ("person",), Role.IDENTIFIER: ("key",)})
    assert info.fold_rule == "by group person"
    assert info.groups == 30
    predictions = signals.predictions()
    people = snapshot.frame("person").collect()["person"].to_list()
    folds = {person: set() for person in people}
    for person, fold in zip(people, predictions.fold.tolist(), strict=True):
        folds[person].add(fold)
    assert all(len(seen) == 1 for seen in folds.values())


def test_group_intervals_are_wider_when_groups_repeat_themselves(tmp_path):
    frame = pl.concat([table(60)] * 4).with_columns(pl.Series("person", [f"p{n % 60}" for n in range(240)]))
    frame = frame.with_columns(pl.Series("key", [f"k{n}" for n in range(240)]))
    by_row, _, _ = computed(tmp_path / "a", frame)
    by_group, _, _ = computed(tmp_path / "b", frame, roles={Role.GROUP: ("person",), Role.IDENTIFIER: ("key",)})

    def width(info):
        return info.quality["accuracy_high"] - info.quality["accuracy_low"]

    assert by_group.groups == 60
    assert by_row.quality["accuracy"] > by_group.quality["accuracy"]  # copies in other folds give the label away
    assert width(by_group) > width(by_row)


def test_folds_forward_in_time(tmp_path):
    frame = table().with_columns(pl.date(2020, 1, 1) + pl.duration(days=pl.int_range(pl.len())))
    frame = frame.rename({"literal": "day"}) if "literal" in frame.columns else frame.rename({frame.columns[-1]: "day"})
    info, signals, snapshot = computed(tmp_path, frame, folds=5, roles=ROLES | {Role.TIMESTAMP: ("day",)})
    assert info.fold_rule == "forward in time by day"
    fold = signals.predictions().fold
    days = snapshot.frame("day").collect()["day"].to_numpy()
    assert days[fold == 0].max() < days[fold == 1].min()
    assert any("earliest fold" in note for note in info.notes)


def test_text(tmp_path):
    words = {"elm": "the tree grows in the quiet wood", "oak": "a ship sails across the stormy sea"}
    frame = pl.DataFrame(
        {
            "text": [f"{words['elm' if n % 2 else 'oak']} number {n} of many more such lines" for n in range(80)],
            "kind": ["elm" if n % 2 else "oak" for n in range(80)],
        }
    )
    types = {"text": ColumnType.TEXT, "kind": ColumnType.CATEGORY}
    info, signals, _ = computed(tmp_path, frame, roles={Role.TEXT: ("text",)}, types=types)
    assert "TF-IDF" in info.model
    assert info.quality["accuracy"] == 1
    assert np.linalg.norm(signals.embeddings()[1], axis=1) == pytest.approx(1, abs=1e-5)


def test_images(tmp_path):
    def png(bright, seed):
        buffer = BytesIO()
        noise = np.random.default_rng(seed).integers(0, 80, (8, 8))
        Image.fromarray((noise + 150 * bright).astype(np.uint8)).save(buffer, "PNG")
        return buffer.getvalue()

    frame = pl.DataFrame(
        {"image": [png(n % 2, n) for n in range(60)], "kind": ["light" if n % 2 else "dark" for n in range(60)]}
    )
    info, signals, _ = computed(
        tmp_path, frame, roles={}, types={"image": ColumnType.IMAGE, "kind": ColumnType.CATEGORY}
    )
    assert "pixels" in info.model
    assert info.quality["accuracy"] == 1
    assert signals.embeddings()[1].shape == (60, 64)


@pytest.mark.parametrize(
    ("change", "signal", "outcome", "code"),
    [
        ({"target": None, "task": Task.NONE}, "predictions", "not_applicable", "no_target"),
        ({"task": Task.RANKING}, "predictions", "not_applicable", "task_not_audited"),
        ({"target": None, "task": Task.NONE}, "label_errors", "not_applicable", "no_target"),
        ({"frame": table(18)}, "label_errors", "inconclusive", "classes_too_small"),
        ({"frame": table(9)}, "predictions", "inconclusive", "too_few_rows"),
        ({"frame": table(1)}, "neighbours", "inconclusive", "too_few_rows"),
        ({"frame": table().with_columns(kind=pl.lit("oak"))}, "predictions", "failed", "one_class"),
        ({"frame": table().with_columns(kind=pl.lit(None, pl.String))}, "predictions", "failed", "target_all_null"),
        ({"frame": table().with_columns(kind="key")}, "predictions", "inconclusive", "too_many_classes"),
        ({"task": Task.REGRESSION}, "predictions", "failed", "target_not_numeric"),
        (
            {"frame": table().with_columns(kind=pl.lit(1.5)), "task": Task.REGRESSION},
            "predictions",
            "failed",
            "constant_target",
        ),
        (
            {"roles": {Role.IGNORED: ("x", "z", "colour", "person", "key")}},
            "neighbours",
            "not_applicable",
            "no_features",
        ),
        (
            {"frame": table().select(pl.lit(1.0).alias("x"), "kind"), "roles": {}},
            "predictions",
            "failed",
            "no_usable_features",
        ),
    ],
)
def test_what_cannot_be_computed_is_absent_with_its_reason(tmp_path, change, signal, outcome, code):
    frame = change.pop("frame", None)
    if frame is not None and frame.height == 1:
        frame = frame.drop("key")
    if frame is not None and "key" not in frame.columns:
        change = {"roles": {}} | change
    info, _, _ = computed(tmp_path, frame, **({"folds": 5} | change))
    absent = info.absent[signal]
    assert (absent.outcome, absent.code) == (outcome, code)
    assert absent.reason
    assert not (tmp_path / "out" / f"{signal}.parquet").exists()
    assert signal not in info.digests


def test_a_class_smaller_than_the_folds_is_predicted_and_declared(tmp_path):
    frame = table().with_columns(
        pl.when(pl.int_range(pl.len()) == 0).then(pl.lit("yew")).otherwise("kind").alias("kind")
    )
    info, signals, _ = computed(tmp_path, frame, folds=5)
    assert signals.predictions().row_id.size == 120
    assert any("1 rows belong to a class that their fold's model had no example of" in note for note in info.notes)


def own_probabilities(folder, rows=120, **columns):
    frame = pl.DataFrame(
        {
            "key": [f"k{number:03d}" for number in range(rows)],
            "oak": [0.9 if number % 2 else 0.2 for number in range(rows)],
            "elm": [0.1 if number % 2 else 0.8 for number in range(rows)],
        }
        | columns
    )
    (folder / "signals").mkdir(exist_ok=True, parents=True)
    frame.sample(fraction=1, shuffle=True, seed=0).write_parquet(folder / "signals/own.parquet")
    return frame


USER = UserSignals(probabilities="signals/own.parquet", key="key", origin="cross_validated")


def test_a_users_probabilities_are_aligned_by_key(tmp_path):
    own_probabilities(tmp_path, 125)
    info, signals, snapshot = computed(tmp_path, user=USER)
    assert info.origin == "cross_validated"
    assert info.quality["accuracy"] == 1
    keys = snapshot.frame("key").collect()["key"].to_list()
    oak = signals.predictions().probabilities[:, info.classes.index("oak")]
    assert oak == pytest.approx([0.9 if int(key[1:]) % 2 else 0.2 for key in keys], abs=1e-6)
    assert (signals.predictions().fold == -1).all()
    assert any("5 entries" in note for note in info.notes)


def test_beside_a_users_probabilities_stand_those_of_our_own_folds(tmp_path):
    """Of the classes that are judged, in the same order of rows; beside our own stands the word of the linear model alone."""
    frame = table(200).with_columns(kind=pl.when(pl.col("key") < "k006").then(pl.lit("ash")).otherwise("kind"))
    rows = frame.select(
        "key", *(pl.lit(share).alias(name) for name, share in (("ash", 0.2), ("elm", 0.3), ("oak", 0.5)))
    )
    (tmp_path / "signals").mkdir()
    rows.write_parquet(tmp_path / "signals/own.parquet")
    info, signals, snapshot = computed(tmp_path, frame, user=USER)
    compute_signals(snapshot, tmp_path / "ours", SignalsConfig(folds=2))
    ours = Signals.open(tmp_path / "ours")
    assert signals.second_word() == pytest.approx(ours.predictions().probabilities)
    assert signals.predictions().probabilities == pytest.approx(np.tile([0.2, 0.3, 0.5], (200, 1)), abs=1e-6)
    errors = signals.label_errors()
    assert errors.classes == ("elm", "oak")
    second = ours.label_errors().probabilities
    assert errors.quality == pytest.approx(label_quality(errors.label, errors.probabilities, second), rel=1e-6)
    linear, average = ours.second_word(), ours.predictions().probabilities
    assert linear.sum(axis=1) == pytest.approx(np.ones(200))
    assert np.abs(linear - average).max() > 0.01
    assert np.corrcoef(linear.ravel(), average.ravel())[0, 1] > 0.8
    other, _, _ = computed(tmp_path, frame.with_columns(x=pl.col("x").reverse()), user=USER)
    assert other.digests["predictions"] != info.digests["predictions"]


def test_probabilities_from_csv_and_rescaling(tmp_path):
    frame = own_probabilities(tmp_path).with_columns(pl.col("oak") + 0.0004)
    frame.write_csv(tmp_path / "signals/own.csv")
    info, _, snapshot = computed(tmp_path, user=USER.model_copy(update={"probabilities": "signals/own.csv"}))
    assert info.absent == {}
    said = "120 rows of signals/own.csv were rescaled to sum to 1 (they missed it by 0.0004 at most)"
    assert said in info.notes
    judged = LabelIssues().run(dataclasses.replace(snapshot, signals_folder=tmp_path / "out"))
    assert said in next(metric.note for metric in judged.metrics if metric.name == "out_of_fold_accuracy")


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        (lambda frame: frame.head(117), "misaligned", "3 of 120 rows have no entry"),
        (lambda frame: pl.concat([frame, frame.head(2)]), "misaligned", "4 entries share their key"),
        (lambda frame: frame.drop("elm"), "classes_missing", "1 of 2 classes"),
        (lambda frame: frame.with_columns(oak=pl.lit(0.9)), "not_probabilities", "60 of 120 rows"),
        (lambda frame: frame.with_columns(oak=pl.lit(float("nan"))), "not_finite", "120 of 120"),
        (lambda frame: frame.rename({"key": "other"}), "no_key_column", "'key'"),
    ],
)
def test_a_users_file_that_does_not_fit_fails_with_counts(tmp_path, change, code, words):
    change(own_probabilities(tmp_path)).write_parquet(tmp_path / "signals/own.parquet")
    info, _, _ = computed(tmp_path, user=USER)
    absent = info.absent["predictions"]
    assert (absent.outcome, absent.code) == ("failed", code)
    assert words in absent.reason
    assert "neighbours" in info.digests


@pytest.mark.parametrize(("content", "code"), [(None, "file_missing"), (b"no parquet", "unreadable")])
def test_a_users_file_that_cannot_be_read(tmp_path, content, code):
    (tmp_path / "signals").mkdir()
    if content:
        (tmp_path / "signals/own.parquet").write_bytes(content)
    info, _, _ = computed(tmp_path, user=USER)
    assert info.absent["predictions"].code == code


def test_a_users_embeddings(tmp_path):
    keys = [f"k{number:03d}" for number in range(120)]
    vectors = np.random.default_rng(0).normal(size=(120, 4))
    user = UserSignals(embeddings="signals/vectors.parquet", key="key", origin="pretrained_elsewhere")
    as_list = pl.DataFrame({"key": keys, "embedding": vectors.tolist()})
    as_columns = pl.DataFrame({"key": keys} | {f"d{i}": vectors[:, i] for i in range(4)})
    digests = []
    for name, frame in (("a", as_list), ("b", as_columns)):
        (tmp_path / name / "signals").mkdir(parents=True)
        frame.write_parquet(tmp_path / name / "signals/vectors.parquet")
        info, signals, _ = computed(tmp_path / name, user=user)
        assert signals.embeddings()[1].shape == (120, 4)
        assert info.origin == "own_folds"  # the predictions are ours
        digests.append(info.digests["neighbours"])
    assert digests[0] == digests[1]
    as_list.head(50).write_parquet(tmp_path / "a" / "signals/vectors.parquet")
    info, _, _ = computed(tmp_path / "a", user=user)
    assert {name: absent.code for name, absent in info.absent.items()} == dict.fromkeys(
        ("embeddings", "neighbours", "near_copies"), "misaligned"
    )
    assert not (tmp_path / "a/out/neighbours.parquet").exists()


def test_the_digest_speaks_of_all_that_audits_read(tmp_path):
    """The same numbers of another origin are another signal: audits read the origin too."""
    digests = []
    for origin in ("cross_validated", "held_out"):
        own_probabilities(tmp_path / origin)
        info, _, _ = computed(tmp_path / origin, user=USER.model_copy(update={"origin": origin}))
        digests.append(info.digests)
    assert digests[0]["predictions"] != digests[1]["predictions"]
    assert digests[0]["neighbours"] == digests[1]["neighbours"]


def test_signals_json_is_canonical_and_holds_no_path(tmp_path):
    computed(tmp_path, folds=5)
    text = (tmp_path / "out/signals.json").read_text(encoding="utf-8")
    assert str(tmp_path) not in text
    assert json.loads(text)["folds"] == 5


def test_at_least_two_folds(tmp_path):
    with pytest.raises(ValueError, match="greater than or equal to 2"):
        compute_signals(snapshot_of(tmp_path), tmp_path / "out", SignalsConfig(folds=1))


def test_a_snapshot_without_rows(tmp_path):
    snapshot = snapshot_of(tmp_path)
    empty = dataclasses.replace(snapshot, manifest=snapshot.manifest.model_copy(update={"rows": 0}))
    info = compute_signals(empty, tmp_path / "out")
    assert {absent.code for absent in info.absent.values()} == {"no_rows"}


def test_embeddings_too_large_for_distances_fail(tmp_path):
    (tmp_path / "signals").mkdir()
    keys = [f"k{number:03d}" for number in range(120)]
    pl.DataFrame({"key": keys, "a": [1e300] * 120}).write_parquet(tmp_path / "signals/own.parquet")
    user = UserSignals(embeddings="signals/own.parquet", key="key", origin="pretrained_elsewhere")
    info, _, _ = computed(tmp_path, user=user)
    assert info.absent["neighbours"].code == "not_finite"


def test_words_that_no_model_reads_are_named_with_the_cure(tmp_path):
    said = pl.Series(
        "said", [f"play {'aeiou'[n % 5]}{'bdgkl'[n // 5 % 5]}{'mnrst'[n // 25]} again" for n in range(120)]
    )
    typed = {"roles": {}, "types": {"said": ColumnType.STRING}}
    cure = "'said' holds several words a row, which no model reads, as the type is string; if it is a text, write `type: text`"
    alone, _, _ = computed(tmp_path / "alone", table().select("kind", said), **typed)
    assert cure in alone.absent["predictions"].reason
    beside, _, _ = computed(tmp_path / "beside", table().select("kind", "x", said), **typed)
    assert any(note.startswith(cure) for note in beside.notes)
    read, _, _ = computed(
        tmp_path / "read", table().select("kind", "x", said), roles={}, types={"said": ColumnType.TEXT}
    )
    assert not any("type: text" in note for note in read.notes)
