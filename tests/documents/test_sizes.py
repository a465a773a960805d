"""However large the data, its documents stay small: what git tracks, and each page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from governance.documents.caps import MARKDOWN
from governance.documents.datasets import render_dataset_documents
from governance.documents.facts import DatasetFacts
from governance.evidence import Evidence, Finding, Level, Metric, Table
from governance.manifest import Manifest

REPOSITORY = Path(__file__).parents[2]
Facts = Callable[..., DatasetFacts]


def rendered(facts: DatasetFacts, folder: Path) -> dict[str, str]:
    paths = render_dataset_documents(facts, folder, REPOSITORY)
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def many(make_evidence: Callable[..., Evidence], count: int) -> tuple[Evidence, ...]:
    def one(index: int) -> Evidence:
        name = f"audit_{index}"
        return make_evidence(
            audit=name,
            title=name,
            findings=tuple(
                Finding(
                    rule=f"{name}/finding",
                    level=Level.WARNING,
                    message=f"finding {number} " + "about something " * 8,
                    remedy="Look at it. " * 5,
                    columns=(f"column_{number}",),
                )
                for number in range(100)
            ),
            metrics=tuple(Metric(name="share", value=0.5, unit="share", n=100, group=f"g{g}") for g in range(200)),
            tables=tuple(
                Table(
                    name=table,
                    caption="Summary",
                    columns=("class", "flagged_share", "low", "high", "given", "suggested", "rows"),
                    rows=tuple((f"column {r}", 0.1 * r, 0.1, 0.9, f"c{r % 30}", f"c{r // 30}", r) for r in range(900)),
                )
                for table in ("confusion", "by_class")
            ),
        )

    return tuple(one(index) for index in range(count))


def test_size_is_bounded(
    make_facts: Facts, make_manifest: Callable[..., Manifest], make_evidence: Callable[..., Evidence], tmp_path: Path
) -> None:
    wide = make_manifest().columns[2]
    columns = tuple(
        wide.model_copy(update={"name": f"column_{i}", "description": "A long description of it. " * 20, "nulls": i})
        for i in range(300)
    )
    evidence = many(make_evidence, 12)
    facts = make_facts(
        manifest=make_manifest(columns=columns),
        evidence=evidence,
        expected_audits=tuple(item.audit for item in evidence),
    )
    documents = rendered(facts, tmp_path)
    tracked = sum(len(text.encode()) for name, text in documents.items() if name != "datasheet.html")
    assert tracked <= 150_000  # of 300 kB, the rest is for evidence
    assert len(documents["datasheet.html"].encode()) <= 1_000_000
    assert "Further columns, in manifest.json: " in documents["datasheet.md"]
    assert "Further findings, in the evidence file: " in documents["datasheet.md"]
    assert "Rows left out here: " in documents["datasheet.md"]
    assert "Figures drawn in datasheet.html only: " in documents["datasheet.md"]


@pytest.mark.parametrize(
    "folder", sorted((REPOSITORY / "reports").glob("*s/*")), ids=lambda folder: f"{folder.parent.name}-{folder.name}"
)
def test_what_git_tracks_of_a_version_is_small(folder: Path) -> None:
    tracked = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".html"]
    assert tracked
    assert sum(path.stat().st_size for path in tracked) <= 300_000
    assert all(path.stat().st_size <= 1_000_000 for path in folder.glob("*.html"))


def test_rows_that_evidence_left_out_are_counted_with_those_of_the_document(
    make_facts: Facts, make_evidence: Callable[..., Evidence], tmp_path: Path
) -> None:
    short = Table(name="rules", caption="Rules", columns=("rule", "n"), rows=tuple((f"r{n}", n) for n in range(40)))
    cut = make_evidence(audit="cut", tables=(short.model_copy(update={"left_out": 160}),), figures=())
    documents = rendered(make_facts(evidence=(cut,)), tmp_path)
    said = "Rows left out here: 180 of 200; of these, 160 stand in the data folder only (`tables/`)"
    assert said in documents["datasheet.md"]
    assert "Rules (200 rows)" in documents["datasheet.html"]
    assert "Rows left out here: 160 of 200; of these, 160 stand in the data folder only" in documents["datasheet.html"]


def test_a_table_is_not_cut_for_two_rows_and_its_note_ends_before_the_next(
    make_facts: Facts, make_evidence: Callable[..., Evidence], tmp_path: Path
) -> None:
    tables = tuple(
        Table(
            name=f"t{count}",
            caption=f"Of {count}",
            columns=("rule", "n"),
            rows=tuple((f"{count}r{n}", n) for n in range(count)),
        )
        for count in (23, 22)
    )
    text = rendered(make_facts(evidence=(make_evidence(tables=tables, figures=()),)), tmp_path)["datasheet.md"]
    assert "Rows left out here: 3 of 23; the evidence file holds them all.\n\nOf 22\n" in text
    assert text.count("Rows left out here") == 1
    assert "22r21" in text


def test_rows_that_are_not_cut_count_towards_the_budget(make_evidence: Callable[..., Evidence]) -> None:
    caps = replace(MARKDOWN[0], cells=60, table_rows=(4, 2))
    table = Table(name="t", caption="T", columns=("rule",), rows=tuple((f"r{n}",) for n in range(6)))
    evidence = [make_evidence(audit=f"a{n}", tables=(table,), figures=()) for n in range(10)]
    assert caps.shown(evidence).table_rows == 4
    assert caps.shown([*evidence, evidence[0]]).table_rows == 2
