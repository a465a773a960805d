"""Reviews: the draw is random and fixed, the interval covers, and nobody's words are lost."""

from __future__ import annotations

import csv
import datetime
import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest
import small_workspace
import typer
from hypothesis import given
from hypothesis import strategies as st

from governance.cli import review as command
from governance.cli.review import open_here
from governance.collect import outdated
from governance.dataset import ColumnType, Task
from governance.errors import ConfigError, EvidenceError, UsageError
from governance.evidence import Metric
from governance.reviewing.review_sample import cell, draw, population, ranked
from governance.reviewing.review_sheet import defused, read_sheet, write_sheet
from governance.reviewing.reviews import (
    Entry,
    Review,
    as_metrics,
    as_table,
    estimate,
    exact_interval,
    read_reviews,
    record,
)
from governance.snapshot import Snapshot
from governance.testing import make_snapshot

DIGEST, OLDER = "sha256:" + "a" * 64, "sha256:" + "b" * 64
DAY = datetime.date(2026, 3, 1)
ROWS = 60


def review(judgements: dict[str, str], *, digest: str = DIGEST, by: str = "Ada", drawn: int = 0) -> Review:
    entries = tuple(Entry.model_validate({"row_id": row, "judgement": word}) for row, word in judgements.items())
    return Review(digest=digest, by=by, on=DAY, drawn=drawn or len(entries), entries=entries)


def said(correct: int = 0, wrong: int = 0, unsure: int = 0) -> dict[str, str]:
    words = ["correct"] * correct + ["wrong"] * wrong + ["unsure"] * unsure
    return {f"row{number}": word for number, word in enumerate(words)}


def frame() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "name": [f"=SUM(A{i})" if i % 10 == 0 else f"tree {i}" for i in range(ROWS)],
            "shift": [-1.5 * i for i in range(ROWS)],
            "kind": [None if i < 4 else ("oak" if i % 2 else "elm") for i in range(ROWS)],
        }
    )


def toy(folder: Path, rows: pl.DataFrame, public: bool = True) -> Snapshot:
    types = {"name": ColumnType.STRING}
    return make_snapshot(folder, rows, target="kind", task=Task.CLASSIFICATION, types=types, public=public)


@pytest.fixture
def snapshot(tmp_path: Path) -> Snapshot:
    return toy(tmp_path, frame())


# The interval


@pytest.mark.parametrize(
    ("wrong", "n", "low", "high"),
    [(0, 100, 0.0, 0.0362), (10, 100, 0.0490, 0.1762), (81, 263, 0.2527, 0.3676), (1, 29, 0.0009, 0.1776)],
)
def test_for_many_rows_it_is_the_published_interval(wrong: int, n: int, low: float, high: float) -> None:
    # The last two: R. G. Newcombe, Statistics in Medicine 17, 857-872, 1998, table I, method 5 (Clopper-Pearson).
    assert exact_interval(wrong, n, 10**8) == pytest.approx((low, high), abs=6e-5)


@pytest.mark.parametrize(("wrong", "n"), [(0, 1), (3, 40), (50, 500), (500, 500)])
def test_for_many_rows_it_agrees_with_scipy(wrong: int, n: int) -> None:
    from scipy.stats import beta

    low = beta.ppf(0.025, wrong, n - wrong + 1) if wrong else 0.0
    high = beta.ppf(0.975, wrong + 1, n - wrong) if wrong < n else 1.0
    assert exact_interval(wrong, n, 10**9) == pytest.approx((low, high), abs=1e-5)


@pytest.mark.parametrize(("rows", "n"), [(20, 8), (50, 30), (7, 7), (90, 1)])
def test_it_covers_every_true_share_at_its_level(rows: int, n: int) -> None:
    from scipy.stats import hypergeom

    for marked in range(rows + 1):
        covered = 0.0
        for wrong in range(max(0, n - rows + marked), min(n, marked) + 1):
            low, high = exact_interval(wrong, n, rows)
            covered += hypergeom.pmf(wrong, rows, marked, n) * (low <= marked / rows <= high)
        assert covered >= 0.95 - 1e-9, (marked, covered)


def test_whoever_judges_all_rows_knows_the_rate() -> None:
    assert exact_interval(3, 40, 40) == (3 / 40, 3 / 40)
    assert exact_interval(0, 0, 40) == (0.0, 1.0)
    with pytest.raises(ValueError, match="no larger"):
        exact_interval(2, 50, 40)


@given(st.data())
def test_the_interval_holds_the_share_and_mirrors(data: st.DataObject) -> None:
    rows = data.draw(st.integers(1, 5000))
    n = data.draw(st.integers(1, min(rows, 300)))
    wrong = data.draw(st.integers(0, n))
    low, high = exact_interval(wrong, n, rows)
    other_low, other_high = exact_interval(n - wrong, n, rows)
    assert 0 <= low <= wrong / n + 1e-12
    assert wrong / n - 1e-12 <= high <= 1
    assert (low, high) == pytest.approx((1 - other_high, 1 - other_low), abs=1e-9)


# The draw


def test_the_draw_is_fixed_by_the_data_and_grows_from_its_beginning(snapshot: Snapshot, tmp_path: Path) -> None:
    ten, thirty = draw(snapshot, 10)["row_id"].to_list(), draw(snapshot, 30)["row_id"].to_list()
    assert thirty[:10] == ten
    assert len(set(thirty)) == 30
    reversed_rows = toy(tmp_path / "again", frame().reverse())
    assert draw(reversed_rows, 10)["row_id"].to_list() == ten
    assert draw(snapshot, 10, order=1)["row_id"].to_list() != ten


def test_unlabelled_and_judged_rows_are_not_drawn(snapshot: Snapshot) -> None:
    first = draw(snapshot, 20)["row_id"].to_list()
    here = review(dict.fromkeys(first, "correct"), digest=snapshot.manifest.digest)
    elsewhere = review(dict.fromkeys(draw(snapshot, 30)["row_id"], "correct"), digest=OLDER)
    rest = draw(snapshot, 100, [here, elsewhere])
    assert population(snapshot.manifest) == ROWS - 4
    assert rest.height == ROWS - 4 - 20
    assert not set(rest["row_id"]) & set(first)
    assert rest["kind"].null_count() == 0


def test_every_row_is_drawn_about_as_often_as_any_other() -> None:
    from scipy.stats import chisquare

    names = [f"row{number}" for number in range(40)]
    counts = dict.fromkeys(names, 0)
    for digest in range(2000):
        for name in ranked(names, f"sha256:{digest}", 0, 10):
            counts[name] += 1
    assert chisquare(list(counts.values())).pvalue > 0.001


def test_without_a_target_there_is_nothing_to_judge(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"datasets\.toy\.data\.target"):
        draw(make_snapshot(tmp_path, frame()), 5)


# The record


def test_a_record_is_added_and_what_stands_there_stays(tmp_path: Path) -> None:
    path = tmp_path / "reviews" / "toy.yaml"
    record(path, review({"row1": "correct"}, by='Ada: "A" #1'))
    text = path.read_text(encoding="utf-8")
    edited = text.replace("reviews:\n", "# ours\nreviews:\n  # Ada's first\n").replace(
        "judgement: correct}", "judgement: correct}  # sure"
    )
    assert edited.count("#") > text.count("#")
    path.write_text(edited, encoding="utf-8")
    second = Review(
        digest=OLDER, by="Bob", on=DAY, drawn=3,
        entries=(Entry(row_id="row2", judgement="wrong", correct_label="1"), Entry(row_id="123", judgement="unsure")),
    )  # fmt: skip
    record(path, second)
    after = path.read_text(encoding="utf-8")
    assert [line for line in edited.splitlines() if line not in after.splitlines()] == []
    assert after.index("# sure") < after.index("Bob")
    assert read_reviews(path) == (review({"row1": "correct"}, by='Ada: "A" #1'), second)
    assert not list(path.parent.glob("*.tmp"))


def test_a_damaged_file_is_reported_in_full_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "toy.yaml"
    bad = "reviews:\n  - {digest: x, by: Ada, on: 2026-03-01, drawn: 1, entries: [{row_id: a, judgement: maybe}]}\n"
    path.write_text(bad, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        record(path, review({"row1": "correct"}))
    assert len(caught.value.problems) == 2
    assert all("reviews/toy.yaml: review 1" in problem for problem in caught.value.problems)
    assert path.read_text(encoding="utf-8") == bad
    path.write_text("- a list\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="needs a list"):
        read_reviews(path)
    path.write_text("", encoding="utf-8")
    record(path, review({"row1": "correct"}))
    assert len(read_reviews(path)) == 1


def test_only_a_wrong_label_has_a_correct_one() -> None:
    with pytest.raises(ValueError, match="belongs to a wrong label"):
        Entry(row_id="a", judgement="correct", correct_label="oak")


# The estimate


def test_the_estimate_counts_unsure_both_ways(tmp_path: Path) -> None:
    path = tmp_path / "toy.yaml"
    assert estimate(path, DIGEST, 1000) is None
    record(path, review(said(correct=90, wrong=6, unsure=4)))
    found = estimate(path, DIGEST, 1000)
    assert found is not None
    assert (found.n, found.wrong, found.unsure, found.rate, found.by) == (100, 6, 4, 0.06, ("Ada",))
    assert found.low == exact_interval(6, 100, 1000)[0]
    assert found.high == exact_interval(10, 100, 1000)[1]
    assert "0.1000 with all of them wrong" in found.note


def test_judgements_of_other_data_are_set_aside_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "toy.yaml"
    record(path, review(said(correct=5, wrong=5), digest=OLDER))
    only_older = estimate(path, DIGEST, 50)
    assert only_older is not None
    assert (only_older.n, only_older.rate, only_older.low, only_older.high, only_older.set_aside) == (0, None, 0, 1, 10)
    assert "10 judged on other versions" in only_older.note
    assert as_metrics(only_older)[0].value is None
    record(path, review(said(correct=20), by="Bob"))
    found = estimate(path, DIGEST, 50)
    assert found is not None
    assert (found.n, found.wrong, found.set_aside, found.by) == (20, 0, 10, ("Bob",))


def test_two_people_who_disagree_are_unsure_and_one_row_counts_once(tmp_path: Path) -> None:
    path = tmp_path / "toy.yaml"
    record(path, review({"a": "correct", "b": "wrong", "c": "wrong"}, drawn=10))
    record(path, review({"a": "correct", "b": "wrong", "c": "correct"}, by="Bob"))
    found = estimate(path, DIGEST, 50)
    assert found is not None
    assert (found.n, found.wrong, found.unsure) == (3, 1, 1)
    assert "1 of the sittings ended before" in found.note
    with pytest.raises(ConfigError, match="3 rows were judged of a snapshot that has 2"):
        estimate(path, DIGEST, 2)


def test_metrics_and_table_are_ready_for_evidence_and_name_nobody(tmp_path: Path) -> None:
    path = tmp_path / "toy.yaml"
    record(path, review(said(correct=9, wrong=1), by="Ada Lovelace"))
    found = estimate(path, DIGEST, 100)
    assert found is not None
    metric = as_metrics(found)[0]
    assert isinstance(metric, Metric)
    assert (metric.value, metric.n, metric.better) == (0.1, 10, "lower")
    assert as_table(found).rows == (("correct", 9, 0.9), ("wrong", 1, 0.1), ("unsure", 0, 0.0))
    assert "Ada" not in f"{as_metrics(found)} {as_table(found)}"


# The sheet


def filled(path: Path, answers: list[tuple[str, str]], separator: str = ",") -> None:
    """Write `answers` (judgement, correct label) into the sheet, row by row, as a spreadsheet would save it."""
    with path.open(encoding="utf-8-sig", newline="") as handle:
        lines = list(csv.reader(handle))
    for line, (judgement, right) in zip(lines[1:], answers, strict=False):
        line[3], line[4] = judgement, right
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle, delimiter=separator).writerows(lines)


@pytest.fixture
def sheet(snapshot: Snapshot) -> Path:
    path = snapshot.workspace / "build" / "toy" / "review" / "sheet.csv"
    write_sheet(path, snapshot, draw(snapshot, 30), 0)
    return path


def label_of(path: Path, number: int) -> str:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.reader(handle))[number][5]


def test_a_sheet_shows_the_label_first_and_holds_no_formula(sheet: Path) -> None:
    with sheet.open(encoding="utf-8-sig", newline="") as handle:
        lines = list(csv.reader(handle))
    assert lines[0] == [
        "sample",
        "number",
        "row_id",
        "judgement",
        "correct_label",
        "kind",
        "name",
        "shift",
        "split",
        "source_file",
        "source_row_from_0",
    ]
    names = [line[6] for line in lines[1:]]
    assert any(name.startswith("'=SUM") for name in names)
    assert not any(name.startswith("=") for name in names)
    assert all(float(line[7]) <= 0 for line in lines[1:]), "a negative number stays a number"
    assert [defused(text) for text in ("@x", "+1", "-1", "\tx", "x=1", "")] == ["'@x", "'+1", "'-1", "'\tx", "x=1", ""]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_filled_sheet_is_read_back(sheet: Path, snapshot: Snapshot, separator: str) -> None:
    other = {"oak": "elm", "elm": "oak"}[label_of(sheet, 2)]
    filled(sheet, [("c", ""), ("Wrong", other), ("unsure", "")], separator)
    read = read_sheet(sheet, "sheet.csv", snapshot, [], "Ada")
    assert read.drawn == 30
    assert [(entry.judgement, entry.correct_label) for entry in read.entries] == [
        ("correct", None), ("wrong", other), ("unsure", None),
    ]  # fmt: skip
    assert [entry.row_id for entry in read.entries] == draw(snapshot, 3)["row_id"].to_list()


def test_a_sheet_may_be_sorted(sheet: Path, snapshot: Snapshot) -> None:
    filled(sheet, [("c", "")] * 12)
    lines = sheet.read_text(encoding="utf-8").splitlines()
    sheet.write_text("\n".join([lines[0], *sorted(lines[1:], key=lambda line: line[20:])]), encoding="utf-8")
    assert len(read_sheet(sheet, "sheet.csv", snapshot, [], "Ada").entries) == 12


def test_all_problems_of_a_sheet_come_at_once(sheet: Path, snapshot: Snapshot) -> None:
    own = label_of(sheet, 4)
    filled(sheet, [("c", "oak"), ("maybe", ""), ("w", "ash"), ("w", own), ("", ""), ("c", "")])
    with pytest.raises(UsageError) as caught:
        read_sheet(sheet, "sheet.csv", snapshot, [], "Ada")
    text = str(caught.value)
    assert text.startswith("sheet.csv has 5 problems, and nothing was recorded:")
    for words in (
        "line 2: a correct_label",
        "line 3: judgement 'maybe'",
        "line 4: 'ash' is no label of 'kind'; there are: elm, oak",
        "is the one that is judged wrong",
        "line 6: no judgement, though rows drawn later have one",
    ):
        assert words in text


def test_rows_that_chance_did_not_choose_are_refused(sheet: Path, snapshot: Snapshot) -> None:
    filled(sheet, [("c", "")] * 30)
    whole = sheet.read_text(encoding="utf-8").splitlines()
    for lines, words in (
        ([*whole[:3], *whole[4:]], "1 rows that were drawn are gone"),
        ([*whole, whole[5]], "1 rows stand there twice"),
        (
            [*whole, whole[5].replace(whole[5].split(",")[2], "f" * 32 + "-0")],
            "1 rows were not drawn from this dataset",
        ),
    ):
        sheet.write_text("\n".join(lines), encoding="utf-8")
        with pytest.raises(UsageError, match=words):
            read_sheet(sheet, "sheet.csv", snapshot, [], "Ada")
    sheet.write_text("\n".join(whole[:20]), encoding="utf-8")
    assert read_sheet(sheet, "sheet.csv", snapshot, [], "Ada").drawn == 19, "whoever stops early may cut the rest"


def test_a_row_is_judged_once_by_each_person(sheet: Path, snapshot: Snapshot) -> None:
    filled(sheet, [("c", "")] * 30)
    done = [review(dict.fromkeys(draw(snapshot, 4)["row_id"], "correct"), digest=snapshot.manifest.digest)]
    with pytest.raises(UsageError, match="4 rows were judged by Ada before"):
        read_sheet(sheet, "sheet.csv", snapshot, done, "Ada")
    assert len(read_sheet(sheet, "sheet.csv", snapshot, done, "Bob").entries) == 30


def test_a_sheet_of_other_data_and_a_file_that_is_no_sheet_are_refused(
    sheet: Path, snapshot: Snapshot, tmp_path: Path
) -> None:
    changed = toy(tmp_path / "new", frame().head(50))
    with pytest.raises(EvidenceError, match="another version of toy"):
        read_sheet(sheet, "sheet.csv", changed, [], "Ada")
    for content, words in (
        (b"a,b\n1,2\n", "not a sheet"), (b"sample,number\nx.0,1\n", "lost its columns"), (b"sample,\xff", "UTF-8"),
        (b"", "not a sheet"), (b"sample,number,row_id,judgement,correct_label\n", "must hold one name"),
    ):  # fmt: skip
        sheet.write_bytes(content)
        with pytest.raises(UsageError, match=words):
            read_sheet(sheet, "sheet.csv", snapshot, [], "Ada")
    sheet.unlink()
    with pytest.raises(UsageError, match="does not exist"):
        read_sheet(sheet, "sheet.csv", snapshot, [], "Ada")


def test_labels_of_a_private_target_are_not_recorded(tmp_path: Path) -> None:
    private = toy(tmp_path, frame(), public=False)
    path = tmp_path / "build" / "toy" / "review" / "sheet.csv"
    write_sheet(path, private, draw(private, 5), 0)
    filled(path, [("w", {"oak": "elm", "elm": "oak"}[label_of(path, 1)])])
    with pytest.raises(UsageError, match="private and reviews stand in git"):
        read_sheet(path, "sheet.csv", private, [], "Ada")


def test_an_image_is_written_where_the_data_is(tmp_path: Path) -> None:
    images = pl.DataFrame({"image": [b"\x89PNG" + bytes([i]) for i in range(6)], "kind": ["a", "b"] * 3})
    shot = make_snapshot(tmp_path, images, target="kind", task=Task.CLASSIFICATION, types={"image": ColumnType.IMAGE})
    row = draw(shot, 1).row(0, named=True)
    shown = cell(shot, "image", row, tmp_path / "build" / "toy" / "review")
    assert shown == f"build/toy/review/images/{row['row_id']}.png"
    assert (tmp_path / shown).read_bytes() == row["image"]


# The command


@pytest.fixture
def workspace(snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = snapshot.workspace
    (root / "params.yaml").write_text(
        "datasets:\n  toy:\n    data: {path: data/toy.parquet, task: classification, target: kind}\naudits: {}\n",
        encoding="utf-8",
    )
    (root / "govern.lock").write_text("{}", encoding="utf-8")
    monkeypatch.chdir(root)
    return root


def govern(*words: str) -> None:
    app = typer.Typer()
    command.register(app)
    app(args=list(words), prog_name="govern", standalone_mode=False)


def test_without_a_terminal_the_sample_goes_to_a_sheet_and_comes_back(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    govern("toy", "--sample", "12")
    sheets = list((workspace / "build" / "toy" / "review").glob("*.csv"))
    assert len(sheets) == 1
    assert f"--from build/toy/review/{sheets[0].name}" in capsys.readouterr().out
    with pytest.raises(UsageError, match="exists, perhaps with judgements"):
        govern("toy", "--sample", "12")
    filled(sheets[0], [("c", "")] * 11 + [("w", "")])
    govern("toy", "--from", f"build/toy/review/{sheets[0].name}", "--by", "Ada")
    out = capsys.readouterr().out
    assert "12 judgements were added to reviews/toy.yaml" in out
    low, high = exact_interval(1, 12, ROWS - 4)
    assert f"Wrong labels: 1 of 12 judged rows (8.3%); of all 56 labelled rows {low:.1%} to {high:.1%}" in out
    govern("toy", "--sample", "100", "--to", "rest.csv")
    assert "44 rows of toy" in capsys.readouterr().out
    filled(workspace / "build/toy/review/rest.csv", [("c", "")] * 44)
    govern("toy", "--from", "rest.csv", "--by", "Ada")
    govern("toy")
    out = capsys.readouterr().out
    assert "Every labelled row has been judged." in out
    assert "of all 56 labelled rows 1.8% to 1.8%" in out


def test_a_sheet_stays_with_the_data(workspace: Path) -> None:
    for outside in ("../sheet.csv", "reports/sheet.csv", str(workspace.parent / "sheet.csv")):
        with pytest.raises(UsageError, match="lies outside build/toy/review/"):
            govern("toy", "--to", outside)
    with pytest.raises(UsageError, match="give one of them"):
        govern("toy", "--to", "a.csv", "--from", "b.csv")


def test_each_refusal_says_what_to_run(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match=r"params\.yaml has no dataset 'tyo'; it has: toy; did you mean 'toy'"):
        govern("tyo")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    with pytest.raises(UsageError, match="--by"):
        govern("toy", "--from", "x.csv")
    (workspace / "build" / "toy" / "snapshot" / "view.json").unlink()
    with pytest.raises(EvidenceError, match="dvc repro snapshot@toy"):
        govern("toy")


def test_the_sitting_asks_until_it_understands(snapshot: Snapshot, tmp_path: Path) -> None:
    rows = draw(snapshot, 4)
    other = [{"oak": "elm", "elm": "oak"}[label] for label in rows["kind"]]
    answers = iter(["x", "c", "w", "ash", rows["kind"][1], other[1], "W", "", "q"])
    shown: list[str] = []
    entries: list[Entry] = []
    command.judge(snapshot, rows, tmp_path, entries, ask=lambda _: next(answers), show=shown.append)
    assert [(e.row_id, e.judgement, e.correct_label) for e in entries] == [
        (rows["row_id"][0], "correct", None),
        (rows["row_id"][1], "wrong", other[1]),
        (rows["row_id"][2], "wrong", None),
    ]
    assert any("'ash' is no label" in line for line in shown)
    assert any(line.endswith("<- the label") for line in shown)


def test_a_cell_cannot_steer_the_terminal(tmp_path: Path) -> None:
    evil = pl.DataFrame({"note": ["\x1b[2Jgone\nnew"] * 3, "kind": ["a", "b", "a"]})
    shot = make_snapshot(tmp_path, evil, target="kind", task=Task.CLASSIFICATION)
    shown: list[str] = []
    command.judge(shot, draw(shot, 1), tmp_path, [], ask=lambda _: "q", show=shown.append)
    assert any("\\u001b[2Jgone\\u000anew" in line for line in shown)
    assert "\x1b" not in "".join(shown)


def test_a_real_terminal_is_asked_and_an_interrupt_keeps_what_was_judged(workspace: Path) -> None:
    main, child = pty.openpty()
    code = "import typer; from governance.cli import review; a = typer.Typer(); review.register(a); a()"
    process = subprocess.Popen(
        [sys.executable, "-c", code, "toy", "--by", "Ada"], cwd=workspace, stdin=child, stdout=child, stderr=child,
        start_new_session=True, preexec_fn=lambda: _own_terminal(child),
    )  # fmt: skip
    os.close(child)
    screen = _until(main, "1 of 56", "[q]uit?")
    assert "inside the data's trust boundary" in screen
    os.write(main, b"c\n")
    _until(main, "2 of 56", "[q]uit?")
    os.write(main, b"u\n")
    _until(main, "3 of 56", "[q]uit?")
    time.sleep(0.5)  # a person is slower than the moment between the prompt and the read, in which Python defers it
    os.write(main, b"\x03")  # control-C
    screen = _until(main, "Wrong labels: 0 of 2")
    assert process.wait(20) == 0
    os.close(main)
    (written,) = read_reviews(workspace / "reviews" / "toy.yaml")
    assert (written.by, written.drawn, [e.judgement for e in written.entries]) == ("Ada", 56, ["correct", "unsure"])


def _own_terminal(child: int) -> None:
    import fcntl
    import signal
    import termios

    signal.signal(signal.SIGINT, signal.SIG_DFL)  # whoever runs the tests may have it ignored
    fcntl.ioctl(child, termios.TIOCSCTTY, 0)


def _until(main: int, *words: str) -> str:
    """What the terminal shows until all `words` came, in order."""
    seen, end = "", time.monotonic() + 30
    while time.monotonic() < end:
        at = 0
        for word in words:
            found = seen.find(word, at)
            at = found + len(word) if found >= 0 else -1
            if at < 0:
                break
        if at >= 0:
            return seen
        if select.select([main], [], [], 0.5)[0]:
            try:
                seen += os.read(main, 65536).decode(errors="replace")
            except OSError:  # the other side is closed
                break
    raise AssertionError(f"{words} did not come; the terminal shows:\n{seen}")


def test_the_counting_part_imports_no_data_library() -> None:
    heavy = ("polars", "numpy", "pandas", "pyarrow", "scipy")
    code = f"import sys, governance.reviewing.reviews; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_rows_of_another_branch_are_not_judged(tmp_path: Path) -> None:
    """git checkout moves reports and no data: what lies in build/ may be what another branch measured."""
    workspace = small_workspace.build(tmp_path / "place")
    assert open_here(workspace, "trees").rows == small_workspace.ROWS
    view = workspace.build("trees") / "snapshot" / "view.json"
    digest = open_here(workspace, "trees").manifest.digest
    view.write_text(view.read_text(encoding="utf-8").replace(digest, "sha256:" + "0" * 64), encoding="utf-8")
    with pytest.raises(EvidenceError, match=r"is not the one that reports/datasets/trees/manifest\.json tells of"):
        open_here(workspace, "trees")


def test_evidence_from_before_reviews_says_so() -> None:
    assert outdated(["reviews"]) == "was made before these reviews were added"
    assert outdated(["suite", "code"]) == "was made from another code, suite than what is here now"
    assert outdated(["reviews", "code"]) == (
        "was made from another code than what is here now and was made before these reviews were added"
    )
