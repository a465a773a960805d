import dataclasses

import numpy as np
import polars as pl
import pytest
from sklearn import datasets

from governance.audits.leakage import Leakage
from governance.dataset import ColumnType, Role, Split, Task
from governance.evidence import Level, Outcome
from governance.signals.compute import compute_signals
from governance.testing import make_snapshot

COLUMN = Split(method="column", column="part")
RATIO = Split(method="ratio", test=0.25)


def ask(folder, frame, audit=None, **changes):
    rest = {"target": "y", "task": Task.CLASSIFICATION, "split": RATIO} | changes
    snapshot = make_snapshot(folder, frame, **rest)
    unlabelled = snapshot.manifest.model_copy(update={"target": None, "task": Task.NONE})
    compute_signals(dataclasses.replace(snapshot, manifest=unlabelled), folder / "signals")
    return (audit or Leakage()).run(dataclasses.replace(snapshot, signals_folder=folder / "signals"))


def table(rows=400, seed=0):
    rng = np.random.default_rng(seed)
    label = rng.integers(0, 2, rows)
    frame = pl.DataFrame(rng.normal(0.8 * label[:, None], 1.0, (rows, 6)), schema=list("abcdef"))
    return frame.with_columns(y=pl.Series([f"class {c}" for c in label])), label


def found(answer):
    return {finding.rule.split("/")[1]: finding for finding in answer.findings}


def metric(answer, name):
    return next(m for m in answer.metrics if m.name == name)


def test_clean_data_has_no_finding(tmp_path):
    answer = ask(tmp_path, table()[0])
    assert answer.outcome is Outcome.ASSESSED
    assert answer.findings == ()
    assert answer.rows.height == 0


@pytest.mark.parametrize("name", ["breast_cancer", "digits", "diabetes"])
def test_shipped_data_raises_nothing(tmp_path, name):
    shipped = getattr(datasets, f"load_{name}")()
    frame = pl.DataFrame(shipped.data, schema=[f"f{i}" for i in range(shipped.data.shape[1])])
    regression = name == "diabetes"
    target = shipped.target.astype(float) if regression else [f"c{c}" for c in shipped.target]
    task = Task.REGRESSION if regression else Task.CLASSIFICATION
    assert ask(tmp_path, frame.with_columns(y=pl.Series(target)), task=task).findings == ()


@pytest.mark.parametrize("flips", [0, 8])
def test_a_copy_of_the_label_in_another_coding(tmp_path, flips):
    frame, label = table()
    code = label.copy()
    code[:flips] = 1 - code[:flips]
    finding = found(ask(tmp_path, frame.with_columns(code=pl.Series(20 - 10 * code))))["repeats_target"]
    assert finding.columns == ("code",)
    assert (finding.count, finding.of) == (400 - flips, 400)
    assert finding.level is (Level.WARNING if flips else Level.ERROR)


def test_a_number_that_gives_the_label_away_is_far_above_the_others(tmp_path):
    frame, label = table()
    leak = label + np.random.default_rng(1).normal(0, 0.15, 400)
    answer = ask(tmp_path, frame.with_columns(leak=pl.Series(leak)))
    assert found(answer)["predicts_target"].columns == ("leak",)
    assert metric(answer, "other_features").value < 0.8
    assert metric(answer, "accuracy_as_split").value > metric(answer, "accuracy_without_leaks").value


def test_strong_features_of_an_easy_task_are_a_note(tmp_path):
    frame, label = table()
    rng = np.random.default_rng(2)
    easy = frame.with_columns(**{f"e{i}": pl.Series(label + rng.normal(0, 0.2, 400)) for i in range(3)})
    answer = ask(tmp_path, easy.select("e0", "e1", "e2", "y"))
    assert {f.rule: f.level for f in answer.findings} == {"leakage/strong_feature": Level.NOTE}


def beside_a_strong_feature(leak):
    """Columns of a table where an honest number tells the label nearly as well as `leak(rng, label)`."""
    frame, label = table(600)
    rng = np.random.default_rng(5)
    return frame.with_columns(strong=pl.Series(label + rng.normal(0, 0.2, 600)), leak=pl.Series(leak(rng, label)))


def test_a_number_that_was_cut_into_classes_is_found_beside_a_feature_as_good(tmp_path):
    answer = ask(tmp_path, beside_a_strong_feature(lambda rng, label: label + rng.uniform(-0.5, 0.5, 600)))
    told = {f.columns: f for f in answer.findings if f.rule == "leakage/predicts_target"}
    assert told[("leak",)].level is Level.WARNING
    assert "without an error" in told[("leak",)].message
    # The strong one is asked about as it would be if nothing leaked: the number that was cut hides it no more.
    assert "nearly without error" in told[("strong",)].message


def test_numbers_that_leak_side_by_side_do_not_hide_each_other(tmp_path):
    answer = ask(tmp_path, beside_a_strong_feature(lambda rng, label: label + rng.normal(0, 0.16, 600)))
    told = {f.columns: f for f in answer.findings if f.rule == "leakage/predicts_target"}
    assert told.keys() == {("leak",), ("strong",)}
    assert "all features but it and strong, which does so too, together" in told["leak",].message
    assert metric(answer, "other_features").value < 0.8


def test_a_strong_number_is_a_note_beside_features_as_good_together(tmp_path):
    frame = beside_a_strong_feature(lambda rng, label: label + rng.normal(0, 0.16, 600))
    rng = np.random.default_rng(8)
    label = frame["y"].str.slice(-1).cast(float).to_numpy()
    # None of these is near certain, and together they tell the label as well.
    many = {f"m{i}": label + rng.normal(0, 0.6, 600) for i in range(12)}
    answer = ask(tmp_path, frame.with_columns(**many))
    assert {f.rule: f.level for f in answer.findings} == {"leakage/strong_feature": Level.NOTE}


def test_a_noisy_number_is_found_in_few_rows(tmp_path):
    rng = np.random.default_rng(6)
    features = rng.normal(size=(300, 4))
    target = features.sum(axis=1) + rng.normal(size=300)
    leak = target + rng.normal(0, 0.16 * target.std(), 300)
    frame = pl.DataFrame(features, schema=list("abcd")).with_columns(y=pl.Series(target), leak=pl.Series(leak))
    assert found(ask(tmp_path, frame, task=Task.REGRESSION))["predicts_target"].columns == ("leak",)


@pytest.mark.parametrize("change", [lambda y: 1.8 * y + 32, np.exp])
def test_a_number_in_another_unit_repeats_the_target(tmp_path, change):
    rng = np.random.default_rng(3)
    features = rng.normal(size=(400, 4))
    target = features.sum(axis=1) + rng.normal(size=400)
    frame = pl.DataFrame(features, schema=list("abcd")).with_columns(
        y=pl.Series(target), leak=pl.Series(change(target))
    )
    assert found(ask(tmp_path, frame, task=Task.REGRESSION))["repeats_target"].columns == ("leak",)


def test_declared_columns_are_errors_only_while_a_model_may_learn_from_them(tmp_path):
    audit = Leakage(available_later=("a", "b"))
    answer = ask(tmp_path, table()[0], audit, roles={Role.IGNORED: ("b",)})
    assert [(f.rule, f.columns) for f in answer.findings if f.level is Level.ERROR] == [
        ("leakage/available_later", ("a",))
    ]


def test_a_declaration_about_no_column_fails(tmp_path):
    answer = ask(tmp_path, table()[0], Leakage(available_later=("nothing",)))
    assert (answer.outcome, answer.code) == (Outcome.FAILED, "unknown_column")


@pytest.mark.parametrize(("name", "noted"), [("customer_id", True), ("patientID", True), ("colour", False)])
def test_a_column_that_is_called_as_a_key_and_shared_is_asked_about(tmp_path, name, noted):
    frame, _ = table()
    who = np.concatenate([np.arange(300) // 2, 100 + np.arange(100)])
    part = ["train"] * 300 + ["test"] * 100
    frame = frame.with_columns(pl.Series(name, [f"k{w}" for w in who]), part=pl.Series(part))
    answer = ask(tmp_path, frame, split=COLUMN)
    assert ("entities_not_declared" in found(answer)) is noted
    if noted:
        finding = found(answer)["entities_not_declared"]
        assert (finding.level, finding.count, finding.of) == (Level.NOTE, 50, 100)


def test_entities_in_two_splits_are_counted_and_named(tmp_path):
    frame, _ = table()
    people = [f"p{row // 4}" for row in range(400)]
    parts = ["train"] * 300 + ["test"] * 100
    people[300:303] = ["p0", "p0", "p1"]
    frame = frame.with_columns(person=pl.Series(people), part=pl.Series(parts))
    roles = {Role.GROUP: ("person",), Role.SPLIT: ("part",)}
    answer = ask(tmp_path, frame, split=COLUMN, roles=roles)
    finding = found(answer)["shared_entities"]
    assert (finding.count, finding.of, finding.split, finding.level) == (3, 100, "test", Level.ERROR)
    rows = answer.rows.filter(pl.col("rule") == "leakage/shared_entities")
    assert sorted(rows["source_row"]) == [300, 301, 302]
    assert metric(answer, "leaked_row_share").value == pytest.approx(0.03)


def with_copies(frame, copies, *, nearly=0, turned=0):
    """Rows 300 and on repeat the first ones: equal, then nearly so, of equal ones the first `turned` with another label."""
    rows = frame.with_columns(part=pl.Series(["train"] * 300 + ["test"] * 100)).rows(named=True)
    for row in range(copies + nearly):
        label = rows[row]["y"] if row >= turned else {"class 0": "class 1", "class 1": "class 0"}[rows[row]["y"]]
        moved = {"a": rows[row]["a"] + 1e-4} if row >= copies else {}
        rows[300 + row] = {**rows[row], **moved, "y": label, "part": "test"}
    return pl.DataFrame(rows)


@pytest.mark.parametrize(
    ("copies", "nearly", "turned", "level"),
    [(8, 0, 0, Level.ERROR), (8, 0, 4, Level.ERROR), (0, 8, 0, Level.WARNING), (5, 3, 0, Level.ERROR)],
)
def test_rows_that_splits_share_are_counted_and_named_whatever_their_labels(tmp_path, copies, nearly, turned, level):
    frame = with_copies(table()[0], copies, nearly=nearly, turned=turned)
    answer = ask(tmp_path, frame, split=COLUMN, roles={Role.SPLIT: ("part",)})
    finding = found(answer)["shared_rows"]
    assert (finding.count, finding.of, finding.split, finding.level) == (8, 100, "test", level)
    assert f"{copies} equal in every feature and {nearly} nearly" in finding.message
    rows = answer.rows.filter(pl.col("rule") == "leakage/shared_rows")
    assert sorted(rows["source_row"]) == list(range(300, 308))


def test_rows_that_chance_makes_equal_are_no_leak(tmp_path):
    frame = with_copies(table()[0].select(pl.col("a", "b").round(0), "y"), 8)
    answer = ask(tmp_path, frame, split=COLUMN, roles={Role.SPLIT: ("part",)})
    assert "shared_rows" not in found(answer)
    (checks,) = [table for table in answer.tables if table.name == "checks"]
    assert "chance makes rows equal" in str(checks.rows)


def test_groups_that_stay_together_are_no_leak(tmp_path):
    frame = table()[0].with_columns(person=pl.Series([f"p{row // 4}" for row in range(400)]))
    answer = ask(tmp_path, frame, split=Split(method="group", column="person"), roles={Role.GROUP: ("person",)})
    assert "shared_entities" not in found(answer)


@pytest.mark.parametrize(("method", "warned"), [("ratio", True), ("time", False)])
def test_training_on_later_rows(tmp_path, method, warned):
    days = pl.Series("day", np.random.default_rng(4).integers(0, 300, 400)).cast(pl.Int32).cast(pl.Date)
    frame = table()[0].with_columns(days)
    split = Split(method="time", column="day") if method == "time" else RATIO
    answer = ask(tmp_path, frame, split=split, roles={Role.TIMESTAMP: ("day",)})
    assert ("trains_on_later_rows" in found(answer)) is warned
    assert metric(answer, "time_overlap").value == pytest.approx(0.5 if warned else 0, abs=0.1)


def test_dates_after_the_label_are_counted(tmp_path):
    days = pl.Series("day", np.arange(400) % 90).cast(pl.Int32).cast(pl.Date)
    frame = table()[0].with_columns(days)
    frame = frame.with_columns(
        closed=pl.when(pl.int_range(400) < 30).then(pl.col("day") + pl.duration(days=2)).otherwise(pl.col("day")),
        born=pl.col("day") - pl.duration(days=9000),
    )
    finding = found(ask(tmp_path, frame, roles={Role.TIMESTAMP: ("day",)}))["dated_after_label"]
    assert (finding.columns, finding.count, finding.of) == (("closed",), 30, 400)


def test_serial_numbers_of_rows_in_order_of_the_label(tmp_path):
    frame = table()[0].sort("y").with_columns(number=pl.int_range(400))
    assert found(ask(tmp_path / "a", frame))["identifier_predicts"].level is Level.WARNING
    declared = ask(tmp_path / "b", frame, roles={Role.IDENTIFIER: ("number",)})
    assert found(declared)["identifier_predicts"].level is Level.NOTE


def test_the_score_without_copied_rows_is_that_of_the_rest(tmp_path):
    rng = np.random.default_rng(5)
    frame = pl.DataFrame(rng.normal(size=(800, 6)), schema=list("abcdef"))
    frame = frame.with_columns(
        y=pl.Series(rng.choice(["p", "q"], 800)), part=pl.Series(["train"] * 400 + ["test"] * 400)
    )
    copied = pl.concat([frame, frame.tail(200).with_columns(part=pl.lit("train"))])
    answer = ask(tmp_path, copied, split=COLUMN)
    assert metric(answer, "accuracy_as_split").value > 0.6
    without = metric(answer, "accuracy_without_leaked_rows")
    assert without.n == 200
    assert without.low < 0.5 < without.high
    assert found(answer)["inflated_score"].level is Level.WARNING
    taken = answer.rows.filter(pl.col("rule") == "leakage/inflated_score")
    assert set(taken["source_row"]) == set(range(frame.height, frame.height + 200)), "the copies, which were taken out"


def texts(count, seed):
    rng = np.random.default_rng(seed)
    words = np.array(["".join(rng.choice(list("abcdefghi"), 6)) for _ in range(900)])
    return [" ".join(rng.choice(words, 20)) for _ in range(count)]


def with_file(folder, name, content):
    (folder / "references").mkdir()
    (folder / "references" / name).write_text(content, encoding="utf-8")
    return Leakage(contamination=f"references/{name}")


def test_evaluation_texts_are_found_exactly_nearly_and_inside_longer_ones(tmp_path):
    data = texts(200, 6)
    outside = texts(30, 7)
    longer = f"{texts(1, 8)[0]} {outside[0]} {texts(1, 9)[0]}"
    items = [data[3].upper(), data[4].replace(" ", " new ", 1), *outside]
    audit = with_file(tmp_path, "eval.txt", "\n".join(items))
    frame = pl.DataFrame({"text": [*data, longer], "y": ["p", "q"] * 100 + ["p"]})
    types = {"text": ColumnType.TEXT, "y": ColumnType.CATEGORY}
    answer = ask(tmp_path, frame, audit, types=types, roles={Role.TEXT: ("text",)}, split=Split())
    finding = found(answer)["contaminated"]
    assert (finding.count, finding.of) == (3, 32)
    assert "1 exactly and 2 nearly" in finding.message
    rows = answer.rows.filter(pl.col("rule") == "leakage/contaminated")
    assert sorted(rows["source_row"]) == [3, 4, 200]


def ask_texts(folder, data, items):
    audit = with_file(folder, "eval.txt", "\n".join(items))
    frame = pl.DataFrame({"text": data, "y": ["p", "q"] * (len(data) // 2)})
    types = {"text": ColumnType.TEXT, "y": ColumnType.CATEGORY}
    return ask(folder, frame, audit, types=types, roles={Role.TEXT: ("text",)}, split=Split())


@pytest.mark.parametrize("length", [8, 12])
def test_a_part_of_an_evaluation_text_is_a_note(tmp_path, length):
    data, items = texts(200, 6), texts(30, 7)
    data[3] = " ".join([*texts(1, 8)[0].split(), *items[5].split()[4 : 4 + length], *texts(1, 9)[0].split()])
    answer = ask_texts(tmp_path, data, items)
    finding = found(answer)["shared_words"]
    assert (finding.level, finding.count, finding.of) == (Level.NOTE, 1, 30)
    assert "1 item of the evaluation set shares a run of 8 or more words" in finding.message
    assert answer.rows.filter(pl.col("rule") == "leakage/shared_words")["source_row"].to_list() == [3]
    assert "contaminated" not in found(answer)
    assert metric(answer, "contamination_share").value == 0


def test_seven_words_of_an_evaluation_text_are_no_run_of_eight(tmp_path):
    data, items = texts(200, 6), texts(30, 7)
    data[3] = " ".join([*texts(1, 8)[0].split(), *items[5].split()[4:11], *texts(1, 9)[0].split()])
    assert "shared_words" not in found(ask_texts(tmp_path, data, items))


def test_filled_in_templates_are_no_part_of_an_item_and_hide_none(tmp_path):
    rng, words = np.random.default_rng(5), " ".join(texts(3, 11)).split()

    def asked(count, seed):
        return [f"which of the following {rng.choice(words)} is true of a {text}" for text in texts(count, seed)]

    data, items = asked(200, 6), asked(30, 7)
    (tmp_path / "clean").mkdir()
    assert "shared_words" not in found(ask_texts(tmp_path / "clean", data, items))
    data[3] = f"{data[3]} {' '.join(items[5].split()[14:24])}"
    answer = ask_texts(tmp_path, data, items)
    assert found(answer)["shared_words"].count == 1
    assert answer.rows.filter(pl.col("rule") == "leakage/shared_words")["source_row"].to_list() == [3]


def test_what_many_texts_quote_is_a_form_of_words(tmp_path):
    data, items = texts(200, 6), texts(30, 7)
    quoted = " ".join(items[5].split()[4:16])
    for row in range(4):
        data[row] = f"{data[row]} {quoted}"
    assert "shared_words" not in found(ask_texts(tmp_path, data, items))


def test_parts_that_texts_share_among_themselves_as_often_mean_nothing(tmp_path):
    data, items = texts(200, 6), texts(30, 7)
    for row in range(0, 120, 2):
        data[row] = f"{data[row]} {' '.join(data[row + 1].split()[3:15])}"
    data[150] = f"{data[150]} {' '.join(items[5].split()[3:15])}"
    assert "shared_words" not in found(ask_texts(tmp_path, data, items))


def forms(count, seed):
    """Two templates with a name, a number and a word filled in."""
    rng, words = np.random.default_rng(seed), " ".join(texts(3, 11)).split()
    made = [
        "my name is {} and i would like to ask about order number {} as it has not arrived yet please answer soon {}",
        "dear team our invoice to {} of number {} shows a wrong amount could you please correct it and send a new one {}",
    ]
    return [
        made[rng.integers(2)].format(rng.choice(words), rng.integers(1000), rng.choice(words)) for _ in range(count)
    ]


def test_items_as_near_the_data_as_its_texts_are_to_each_other_are_a_note(tmp_path):
    data, items = forms(600, 6), forms(60, 7)
    items = [item for item in items if item not in set(data)]
    (tmp_path / "clean").mkdir()
    findings = found(ask_texts(tmp_path / "clean", data, items))
    assert (findings["alike_items"].level, findings["alike_items"].of) == (Level.NOTE, len(items))
    assert "contaminated" not in findings
    answer = ask_texts(tmp_path, data, [*items, *data[:5]])
    assert (found(answer)["contaminated"].level, found(answer)["contaminated"].count) == (Level.ERROR, 5)


def test_items_that_are_nearer_the_data_than_its_texts_are_to_each_other_are_found(tmp_path):
    data, items = texts(200, 6), texts(30, 7)
    data[0] = data[1].replace(" ", " new ", 1)
    items[:6] = [text.replace(" ", " new ", 1) for text in data[10:16]]
    assert found(ask_texts(tmp_path, data, items))["contaminated"].count == 6


def test_evaluation_rows_are_found_by_the_columns_that_both_have(tmp_path):
    frame, _ = table()
    items = pl.concat([frame.head(5), table(50, 1)[0]]).drop("y")
    items = items.with_columns(a=pl.when(pl.int_range(55) == 0).then(99.0).otherwise("a"))
    audit = with_file(tmp_path, "eval.csv", items.write_csv())
    finding = found(ask(tmp_path, frame, audit, split=Split()))["contaminated"]
    assert (finding.count, finding.of) == (5, 55)
    assert "4 exactly and 1 nearly" in finding.message


@pytest.mark.parametrize(("name", "content"), [("eval.csv", "other,columns\n1,2\n"), ("eval.pdf", "x"), ("gone", None)])
def test_an_evaluation_set_that_cannot_be_used_fails(tmp_path, name, content):
    audit = with_file(tmp_path, name, content or "")
    if content is None:
        audit = Leakage(contamination="references/missing.csv")
    answer = ask(tmp_path, table()[0], audit)
    assert (answer.outcome, answer.code) == (Outcome.FAILED, "evaluation_set_unusable")


def test_with_nothing_to_compare_it_does_not_apply(tmp_path):
    answer = ask(tmp_path, table()[0], target=None, task=Task.NONE, split=Split())
    assert (answer.outcome, answer.code) == (Outcome.NOT_APPLICABLE, "nothing_to_compare")


def test_without_a_target_splits_are_still_compared(tmp_path):
    answer = ask(tmp_path, table()[0], target=None, task=Task.NONE)
    assert answer.outcome is Outcome.ASSESSED
    asked = {row[0]: row[1] for row in answer.tables[0].rows}
    assert not asked["features that give the target away"]
    assert asked["equal rows across splits"]


def test_a_target_of_few_rows_is_not_asked_after_and_the_reason_is_that(tmp_path):
    answer = ask(tmp_path, pl.DataFrame({"copy": ["a", "b"] * 15, "y": ["yes", "no"] * 15}))
    assert (answer.outcome, answer.code) == (Outcome.INCONCLUSIVE, "too_few_rows")
    assert answer.reason.startswith("30 rows have a label")


def test_a_lower_score_says_without_what_and_not_that_it_was_a_leak(tmp_path):
    """Where today's value is measured twice, the other one tells it nearly, and without it there is no score at all."""
    rng = np.random.default_rng(0)
    value = np.cumsum(rng.normal(size=700))
    days = pl.date_range(pl.date(2020, 1, 1), pl.date(2020, 1, 1) + pl.duration(days=699), eager=True)
    frame = pl.DataFrame(
        {"day": days, "twin": value + rng.normal(0, 0.5, 700), "noise": rng.normal(size=700), "y": value}
    )
    answer = ask(
        tmp_path,
        frame,
        task=Task.REGRESSION,
        split=Split(method="time", column="day"),
        roles={Role.TIMESTAMP: ("day",)},
    )
    message = found(answer)["inflated_score"].message
    assert message.startswith("Without the column twin, the default models' R squared on the last split is -")
    assert "worse than the mean" in message
    assert "all other features together 0.0%" in found(answer)["predicts_target"].message


def test_a_number_that_could_order_rows_names_no_series_of_its_own(tmp_path):
    frame, _ = table(800)
    numbered = frame.with_columns(id=pl.int_range(1000, 1800, eager=True))
    repeated = pl.concat([numbered, numbered.head(3)])
    assert ask(tmp_path, repeated, roles={Role.IDENTIFIER: ("id",)}).outcome is Outcome.ASSESSED


def test_a_column_that_names_whom_rows_are_about_may_have_to_be_divided_by(tmp_path):
    """To ignore it would hide that the same people stand in both splits; its name says nothing."""
    rng = np.random.default_rng(0)
    who = np.repeat(np.arange(100), 8)
    frame = pl.DataFrame(rng.normal(size=(800, 4)), schema=list("abcd"))
    frame = frame.with_columns(mrn=pl.Series([f"M{n:04d}" for n in who]), y=pl.Series(rng.choice(["p", "q"], 100)[who]))
    remedy = found(ask(tmp_path, frame))["predicts_target"].remedy
    assert "role group" in remedy


def evaluation_check(answer):
    (checks,) = [table for table in answer.tables if table.name == "checks"]
    (row,) = [row for row in checks.rows if "evaluation set" in str(row[0])]
    return str(row[-1])


@pytest.mark.parametrize(
    ("columns", "digits", "said"),
    [
        ("abcdef", 9, "of 50"),
        (
            "ab",
            9,
            "of 50; not looked for: rows with one changed column, which needs 4 to 60 shared columns; nor rows with slightly "
            "other numbers, as too few numbers tell rows apart",
        ),
        ("abcdef", 0, "of 50; not looked for: near copies, as chance makes even equal rows"),
    ],
)
def test_near_copies_of_evaluation_rows_that_were_not_looked_for_are_said(tmp_path, columns, digits, said):
    frame, other = (
        made.select(pl.col(*columns).round(digits).cast(pl.String if digits == 0 else pl.Float64), "y")
        for made in (table()[0], table(50, 1)[0])
    )
    audit = with_file(tmp_path, "eval.csv", other.drop("y").write_csv())
    assert evaluation_check(ask(tmp_path, frame, audit)).endswith(said)
