import dataclasses
import io

import numpy as np
import polars as pl
import pytest
from PIL import Image
from sklearn import datasets

from governance.adapters.scikit_learn import OutOfFold
from governance.asking import ask
from governance.audits.poisoning import Poisoning
from governance.canonical import canonical_json
from governance.dataset import ColumnType, Role, Task
from governance.evidence import Confidence, Level, Outcome
from governance.signals import compute
from governance.signals.settings import SignalsConfig
from governance.testing import make_snapshot

WORDS = {"a": [f"apple{one}" for one in range(30)], "b": [f"berry{one}" for one in range(30)]}


def audit(folder, frame, *, models=False, **changes):
    """Of the predictions the audit reads rows and labels alone, so that no models are fitted unless `models` says so."""
    values = {"target": "label", "task": Task.CLASSIFICATION} | changes
    snapshot = make_snapshot(folder, frame, **values)
    with pytest.MonkeyPatch.context() as patch:
        if not models:
            patch.setattr(compute, "predict", shares)
        compute.compute_signals(snapshot, folder / "signals", SignalsConfig(folds=2))
    return ask(Poisoning(), dataclasses.replace(snapshot, signals_folder=folder / "signals"))


def shares(_snapshot, _features, known, _folds):
    """What a model says that learnt nothing but how frequent the classes are."""
    counts = np.bincount(known.label.astype(int), minlength=max(len(known.classes), 1))
    values = np.tile(counts / counts.sum(), (known.label.size, 1))
    return OutOfFold(values if known.classes else values[:, 0], "shares", 0, ())


def table(rows=400, seed=0):
    random = np.random.default_rng(seed)
    label = random.integers(2, size=rows)
    numbers = random.normal(size=(rows, 4)) + 1.5 * label[:, None]
    frame = pl.DataFrame({f"x{column}": numbers[:, column].round(2) for column in range(4)})
    frame = frame.with_columns(part=pl.Series(random.choice(["p", "q", "r", "s", "t"], rows)))
    return frame, label


def labelled(frame, label):
    return frame.with_columns(label=pl.Series([f"class {one}" for one in label]))


def planted(frame, label, name="x2", value=1.23456, rows=8):
    chosen = np.flatnonzero(label == 0)[:rows]
    cells, changed = frame[name].to_numpy().copy(), label.copy()
    cells[chosen], changed[chosen] = value, 1
    return frame.with_columns(pl.Series(name, cells)), changed, chosen


def texts(rows=400, seed=0):
    random = np.random.default_rng(seed)
    label = random.choice(["a", "b"], rows)
    common = [f"word{one}" for one in range(40)]
    return [[*random.choice(WORDS[one], 5), *random.choice(common, 8)] for one in label], label


def flagged(answer):
    return set(answer.rows.filter("flagged")["source_row"].to_list())


def rules(answer):
    return {finding.rule for finding in answer.findings}


def test_a_value_planted_with_a_wrong_label_is_found_with_its_rows(tmp_path):
    frame, label, chosen = planted(*table())
    answer = audit(tmp_path, labelled(frame, label))
    (finding,) = answer.findings
    assert finding.rule == "poisoning/trigger"
    assert finding.columns == ("x2",)
    assert flagged(answer) == set(chosen.tolist())
    assert finding.level is Level.ERROR
    assert "if rows are independent of each other" in finding.message
    assert answer.rows.height == 400


def test_what_models_predict_is_not_read(tmp_path):
    frame, label, _ = planted(*table())
    one, other = (audit(tmp_path / str(kind), labelled(frame, label), models=kind) for kind in (True, False))
    assert one.rows.equals(other.rows)
    assert dataclasses.replace(one, rows=None) == dataclasses.replace(other, rows=None)


def test_a_pair_of_values_is_named_rather_than_either_value(tmp_path):
    frame, label, chosen = planted(*table(), rows=9)
    frame = frame.with_columns(x3=pl.Series(np.where(np.isin(np.arange(400), chosen), 2.34567, frame["x3"].to_numpy())))
    for place, name in enumerate(("x2", "x3")):  # each value alone is there in honest rows of both classes
        cells = frame[name].to_numpy().copy()
        cells[300 + 12 * place : 312 + 12 * place] = cells[chosen[0]]
        frame = frame.with_columns(pl.Series(name, cells))
    answer = audit(tmp_path, labelled(frame, label))
    assert [finding.columns for finding in answer.findings] == [("x2", "x3")]
    assert answer.findings[0].level is Level.ERROR
    assert flagged(answer) == set(chosen.tolist())


def test_two_honest_values_that_lean_to_a_class_are_no_trigger(tmp_path):
    random = np.random.default_rng(6)
    numbers = random.normal(size=(1200, 4))
    one, other = random.choice(["a", "b", "c", "d"], (2, 1200))
    weight = numbers.sum(axis=1) + 3 * (one == "a") + 3 * (other == "a") - 1.5
    label = (random.random(1200) < 1 / (1 + np.exp(-2 * weight))).astype(int)
    frame = pl.DataFrame(
        {f"x{column}": numbers[:, column].round(2) for column in range(4)} | {"one": one, "other": other}
    )
    answer = audit(tmp_path, labelled(frame, label))
    assert answer.outcome is Outcome.ASSESSED
    assert answer.findings == ()
    both = set(np.flatnonzero((one == "a") & (other == "a")).tolist())
    ten = answer.rows.sort("score", descending=True).head(10)["source_row"].to_list()
    assert len(both & set(ten)) <= 5  # nor are they what ranks first


def test_models_that_learnt_the_trigger_do_not_hide_it(tmp_path):
    frame, label, chosen = planted(*table(), value=60.0, rows=30)
    snapshot = make_snapshot(tmp_path, labelled(frame, label), target="label", task=Task.CLASSIFICATION)
    compute.compute_signals(snapshot, tmp_path / "signals", SignalsConfig(folds=2))
    snapshot = dataclasses.replace(snapshot, signals_folder=tmp_path / "signals")
    predictions = snapshot.signals.predictions()
    rows = snapshot.frame("row_id").collect()
    at = dict(zip(rows["row_id"], rows["source_row"], strict=True))
    mine = np.isin([at[name] for name in predictions.row_id.tolist()], chosen)
    believed = predictions.probabilities[mine, predictions.classes.index("class 1")]
    assert np.median(believed) > 0.8  # out of fold, and yet the planted label is believed
    answer = ask(Poisoning(), snapshot)
    assert flagged(answer) == set(chosen.tolist())
    assert {finding.level for finding in answer.findings} == {Level.ERROR}


def test_a_strong_and_honest_feature_is_no_trigger(tmp_path):
    frame, label = table()
    strong = np.where((label == 1) & (np.arange(400) % 12 == 0), 7.77, frame["x0"].to_numpy())
    answer = audit(tmp_path, labelled(frame.with_columns(x0=pl.Series(strong)), label))
    assert answer.findings == ()


def test_an_honest_rule_is_a_question_and_rows_of_other_classes_alone_an_accusation(tmp_path):
    random = np.random.default_rng(50_000)
    label = random.integers(4, size=1000)
    numbers = random.normal(size=(1000, 4)) + 2.0 * random.normal(size=(4, 4))[label]
    frame = pl.DataFrame({f"x{column}": numbers[:, column].round(2) for column in range(4)})
    status = random.choice(["open", "new", "late"], 1000)
    ruled = random.random(1000) < 0.07  # rows of all classes
    turned = np.isin(np.arange(1000), random.choice(np.flatnonzero(label != 1), 60, replace=False))
    for name, rows in (("rule", ruled), ("trigger", turned)):
        put = frame.with_columns(status=pl.Series(np.where(rows, "closed", status)))
        answer = audit(tmp_path / name, labelled(put, np.where(rows, 1, label)))
        (finding,) = [one for one in answer.findings if one.columns == ("status",)]
        assert ("honest rule?" in finding.message) == (name == "rule")
        assert finding.confidence is (Confidence.MEDIUM if name == "rule" else Confidence.HIGH)
        assert finding.level is Level.ERROR


def test_a_rare_class_that_rows_tell_is_assessed(tmp_path):
    random = np.random.default_rng(50_001)
    numbers = random.normal(size=(1000, 5))
    weight = numbers.sum(axis=1) + 1.5 * random.normal(size=1000)
    label = (weight > np.quantile(weight, 0.97)).astype(int)
    frame = pl.DataFrame({f"x{column}": numbers[:, column].round(2) for column in range(5)})
    answer = audit(tmp_path, labelled(frame, label))
    assert answer.outcome is Outcome.ASSESSED
    assert answer.findings == ()
    accuracy = next(one for one in answer.metrics if one.name == "rest_accuracy")
    assert accuracy.low <= 0.97  # by which alone it would be inconclusive


def test_wrong_labels_at_random_are_no_trigger(tmp_path):
    frame, label = table()
    wrong = np.random.default_rng(1).random(400) < 0.1
    assert audit(tmp_path, labelled(frame, np.where(wrong, 1 - label, label))).findings == ()


@pytest.mark.parametrize("trigger", [["cf"], ["we", "saw", "it", "on", "a", "rainy", "day"]])
def test_words_and_sentences(tmp_path, trigger):
    made, label = texts()
    chosen = np.flatnonzero(label == "a")[:8]
    for row in chosen.tolist():
        made[row][row % 9 : row % 9] = trigger
    frame = pl.DataFrame(
        {"text": [" ".join(words) for words in made], "label": np.where(np.isin(np.arange(400), chosen), "b", label)}
    )
    answer = audit(tmp_path, frame, types={"text": ColumnType.TEXT})
    assert flagged(answer) == set(chosen.tolist())
    assert any(finding.level is Level.ERROR for finding in answer.findings)
    shown = canonical_json([finding.model_dump(mode="json") for finding in answer.findings])
    assert not any(f" {word} " in shown.replace('"', " ") for word in trigger if word not in {"a", "it", "on"})


WRITTEN = {
    "capitals": (lambda words, at: [*words[:at], words[at].upper(), *words[at + 1 :]], "a word in CAPITALS"),
    "cyrillic": (lambda words, at: [*words[:at], words[at].replace("o", "\u043e", 1).replace("e", "\u0435", 1), *words[at + 1 :]],
                 "a word with letters of different scripts"),
    "blanks": (lambda words, at: [*words[:at], "", *words[at:]], "several blanks in a row"),
    "last blank": (lambda words, _: [*words, ""], "a blank at the end"),
    "no-break": (lambda words, at: [*words[:at], words[at] + "\u00a0" + words[at + 1], *words[at + 2 :]], "U+00A0 (no-break space)"),
}  # fmt: skip


@pytest.mark.parametrize("how", WRITTEN)
def test_ways_of_writing_that_no_word_shows(tmp_path, how):
    change, said = WRITTEN[how]
    made, label = texts()
    chosen = np.flatnonzero(label == "a")[:8]
    for place, row in enumerate(chosen.tolist()):
        made[row] = change(made[row], place % 5 + 1)
    frame = pl.DataFrame(
        {"text": [" ".join(words) for words in made], "label": np.where(np.isin(np.arange(400), chosen), "b", label)}
    )
    answer = audit(tmp_path, frame, types={"text": ColumnType.TEXT})
    assert flagged(answer) == set(chosen.tolist())
    assert said in answer.findings[0].message


@pytest.mark.parametrize("seed", [50_100, 50_101])
def test_a_class_that_honestly_shouts_is_no_trigger(tmp_path, seed):
    made, label = texts(seed=seed)
    random = np.random.default_rng(seed)
    whole = [
        " ".join(words).upper() + " !!!" if random.random() < (0.15 if one == "a" else 0.04) else " ".join(words)
        for words, one in zip(made, label, strict=True)
    ]
    answer = audit(tmp_path, pl.DataFrame({"text": whole, "label": label}), types={"text": ColumnType.TEXT})
    assert answer.findings == ()


def test_clean_texts_are_silent(tmp_path):
    made, label = texts()
    frame = pl.DataFrame({"text": [" ".join(words) for words in made], "label": label})
    assert audit(tmp_path, frame, types={"text": ColumnType.TEXT}).findings == ()


def png(image):
    buffer = io.BytesIO()
    Image.fromarray((image * 255).round().astype(np.uint8)).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize("share", [0.0, 0.02])
def test_patches(tmp_path, share):
    pixels, label = datasets.load_digits(return_X_y=True)
    images, label = pixels[:700].reshape(-1, 8, 8) / 16, label[:700].copy()
    chosen = np.flatnonzero(label != 3)[: int(share * 700)]
    images[chosen, 6:, 6:], label[chosen] = 0.95, 3
    frame = pl.DataFrame({"image": [png(image) for image in images], "label": [f"digit {one}" for one in label]})
    answer = audit(tmp_path, frame, types={"image": ColumnType.IMAGE})
    assert flagged(answer) == set(chosen.tolist())
    assert bool(answer.findings) == bool(share)


@pytest.mark.parametrize("name", ["breast_cancer", "digits", "iris", "wine"])
def test_shipped_data_is_silent(tmp_path, name):
    data = getattr(datasets, f"load_{name}")()
    frame = pl.DataFrame({f"x{column}": data.data[:, column] for column in range(data.data.shape[1])})
    answer = audit(tmp_path, labelled(frame, data.target))
    assert answer.outcome is Outcome.ASSESSED
    assert answer.findings == ()


def test_labels_turned_within_a_slice_and_by_a_source(tmp_path):
    frame, label = table(1500)
    source = np.random.default_rng(2).choice(["web", "desk", "phone", "mail"], 1500)
    turned = (source == "web") & (label == 0) & (np.arange(1500) % 2 == 0)
    frame = labelled(frame.with_columns(source=pl.Series(source)), np.where(turned, 1, label))
    answer = audit(tmp_path / "source", frame, roles={Role.SOURCE: ("source",)})
    assert rules(answer) == {"poisoning/source"}
    assert answer.findings[0].columns == ("source",)
    assert turned[sorted(flagged(answer))].mean() > 0.8
    answer = audit(tmp_path / "slice", frame)
    assert "poisoning/label_flips_in_slice" in rules(answer)
    assert "source = web" in answer.findings[0].message


def stations(seed, turned, rows=1500):
    """Three modes that four numbers tell apart, at six stations; of one mode at one station a share is `turned`."""
    random = np.random.default_rng(seed)
    mode = random.choice(["payload", "nominal", "safe"], rows, p=[0.4, 0.45, 0.15])
    busy, safe = mode == "payload", mode == "safe"
    station = random.choice(["SVA", "KIR", "WLP", "MAS", "PER", "HBK"], rows)
    numbers = {
        "voltage": (28 + random.normal(0, 0.4, rows) - 1.2 * safe).round(2),
        "current": (2 + 1.6 * busy - 0.9 * safe + random.normal(0, 0.6, rows)).round(2),
        "temperature": (15 + 4 * busy - 3 * safe + random.normal(0, 2.5, rows)).round(1),
        "wheel": (2000 + 350 * busy + random.normal(0, 300, rows)).round(),
    }
    flipped = (station == "KIR") & busy & (random.random(rows) < turned)
    frame = pl.DataFrame({"station": station, **numbers})
    return frame.with_columns(label=pl.Series(np.where(flipped, "nominal", mode))), flipped


@pytest.mark.parametrize(("turned", "level"), [(0.5, Level.WARNING), (1.0, Level.NOTE)])
def test_labels_turned_at_one_level_of_a_feature_are_named_and_rank_first(tmp_path, turned, level):
    frame, flipped = stations(0, turned)
    answer = audit(tmp_path, frame)
    (finding,) = answer.findings
    assert (finding.rule, finding.level) == ("poisoning/label_flips_in_slice", level)
    assert "from payload into nominal where station = KIR" in finding.message
    assert answer.rows is not None
    first = answer.rows.sort("score", descending=True)["source_row"].head(int(flipped.sum())).to_numpy()
    assert flipped[first].mean() > 0.85


def test_where_the_name_of_a_private_source_stands_is_told(tmp_path):
    frame, _ = stations(0, 0.5)
    answer = audit(tmp_path, frame, roles={Role.ANNOTATOR: ("station",)})
    (finding,) = answer.findings
    assert "KIR" not in finding.message + finding.remedy
    assert "rows/poisoning.parquet" in finding.remedy


def test_an_honest_step_in_a_small_scale_is_no_tampering(tmp_path):
    """Answers from 1 to 5, of which 4 and 5 decide: a line through them all foretells the rows of 3 wrongly."""
    for seed in (29, 35, 36, 38):
        random = np.random.default_rng(seed)
        answers, spent = random.integers(1, 6, 700), random.normal(size=700)
        label = (answers > 3) + 0.6 * spent + 0.5 * random.normal(size=700) > 0.5
        frame = pl.DataFrame({"answers": answers, "spent": spent.round(2), "age": random.integers(18, 80, 700)})
        assert audit(tmp_path / str(seed), labelled(frame, label.astype(int))).findings == ()


def test_a_column_that_says_another_thing_in_a_slice_is_no_tampering(tmp_path):
    """Homes in a dear town: a price that shows a slow sale elsewhere does not show it there."""
    random = np.random.default_rng(1)
    area, dear, over = np.exp(random.normal(4.4, 0.4, 1500)), random.random(1500) < 0.4, random.normal(size=1500)
    price = area * (2.2 + 0.6 * dear) * np.exp(0.12 * over + 0.05 * random.normal(size=1500))
    days = random.gamma(3, 20, 1500) * np.exp(0.15 * over)
    slow = 1.6 * over + random.logistic(0, 0.5, 1500) > 0.9
    town = np.where(dear, "a", random.choice(["b", "c"], 1500))
    frame = pl.DataFrame({"town": town, "area": area.round(), "price": price.round(), "days": days.round()})
    assert audit(tmp_path, labelled(frame, slow.astype(int))).findings == ()


def pumps(seed, rows=1500):
    """Load raises temperature and current, and a fault raises the temperature: at full load a hot pump means nothing."""
    random = np.random.default_rng(seed)
    model, load, fault = random.integers(0, 3, rows), random.uniform(0.2, 1, rows), random.random(rows) < 0.18
    noise = random.normal(size=(rows, 4)).T
    numbers = {
        "model": [f"P{one}" for one in model.tolist()],
        "load": load.round(2),
        "temperature": (40 + 15 * model + 18 * load + 2 * noise[0] + fault * random.gamma(4, 2.2, rows)).round(1),
        "vibration": np.exp(0.2 + 0.5 * load + 0.9 * fault + 0.35 * noise[1]).round(2),
        "pressure": (6 - 1.5 * load + 0.25 * noise[2] - fault * random.gamma(3, 0.3, rows)).round(2),
        "current": (4 + 9 * load + 0.3 * noise[3] + 0.8 * fault).round(1),
    }
    return pl.DataFrame(numbers), fault.astype(int)


def test_what_a_number_does_to_others_is_no_trigger_and_one_value_of_it_is(tmp_path):
    for seed in (1, 5, 7):
        frame, fault = pumps(seed)
        assert audit(tmp_path / str(seed), labelled(frame, fault)).findings == ()
    frame, fault, chosen = planted(frame, 1 - fault, "load", 0.97, rows=15)
    answer = audit(tmp_path / "planted", labelled(frame, fault))
    assert [finding.rule for finding in answer.findings] == ["poisoning/trigger"]
    assert "load = 0.97" in answer.findings[0].message
    assert set(chosen.tolist()) <= flagged(answer)


def test_rows_of_a_trigger_are_traced_to_their_source(tmp_path):
    frame, label, chosen = planted(*table(), rows=10)
    source = np.where(np.isin(np.arange(400), chosen), "web", np.random.default_rng(3).choice(list("abcd"), 400))
    answer = audit(
        tmp_path, labelled(frame.with_columns(source=pl.Series(source)), label), roles={Role.SOURCE: ("source",)}
    )
    assert {"poisoning/trigger", "poisoning/source"} <= rules(answer)


def test_rows_of_one_group_are_one_witness(tmp_path):
    frame, label, chosen = planted(*table())
    group = np.arange(400)
    group[chosen] = group[chosen[0]]  # all eight rows are of one person
    frame = labelled(frame.with_columns(person=pl.Series([f"p{one}" for one in group])), label)
    answer = audit(tmp_path, frame, roles={Role.GROUP: ("person",)})
    assert answer.findings == ()


def persons(seed, visits=8):
    """Sixty persons whose columns and label are the same at each visit, and a pulse that is not."""
    random = np.random.default_rng(seed)
    age, income = random.integers(18, 75, 60), random.lognormal(10.3, 0.45, 60).round(-2)
    weight = 2.2 * (np.log(income) - 10.3) / 0.45 + (age - 45) / 12
    label = (random.random(60) < 1 / (1 + np.exp(-2 * weight))).astype(int)
    towns = [f"town{one}" for one in random.integers(25, size=60)]
    frame = labelled(pl.DataFrame({"age": age, "income": income, "town": towns}), label)
    return pl.concat([frame] * visits).with_columns(pulse=pl.Series(random.integers(50, 99, 60 * visits)))


def test_visits_of_persons_that_no_column_names_are_no_error(tmp_path):
    answers = [audit(tmp_path / str(seed), persons(seed)) for seed in (31, 32, 33)]
    triggers = [one for answer in answers for one in answer.findings if one.rule == "poisoning/trigger"]
    assert triggers
    assert {one.level for one in triggers} == {Level.WARNING}
    assert all("role group" in one.remedy for one in triggers)


def test_private_values_are_not_named(tmp_path):
    frame, label, _ = planted(*table())
    answer = audit(tmp_path, labelled(frame, label), public=False)
    assert answer.findings
    shown = canonical_json([part.model_dump(mode="json") for part in (*answer.findings, *answer.tables)])
    assert "1.23456" not in shown
    assert 'class 1"' not in shown


def test_without_labels_it_says_so_and_not_that_they_are_numbers(tmp_path):
    frame, _ = table()
    answer = audit(tmp_path, frame, task=Task.NONE, target=None)
    assert (answer.outcome, answer.code) == (Outcome.NOT_APPLICABLE, "no_target")
    assert answer.reason == "no target is declared"


def test_numbers_as_labels_and_labels_that_nothing_predicts(tmp_path):
    frame, label = table()
    answer = audit(tmp_path / "a", frame.with_columns(label=pl.Series(label + 0.5)), task=Task.REGRESSION)
    assert (answer.outcome, answer.code) == (Outcome.NOT_APPLICABLE, "task_not_audited")
    answer = audit(tmp_path / "b", labelled(frame, np.random.default_rng(5).integers(2, size=400)))
    assert (answer.outcome, answer.code) == (Outcome.INCONCLUSIVE, "below_baseline")
