"""The documents of a dataset, rendered from fixed facts. UPDATE_GOLDEN=1 rewrites the golden files."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from governance.dataset import About, Column, ColumnType, DataConfig, Dataset, Role, Task
from governance.documents.answers import Answers, Given
from governance.documents.caps import TRACKED_BYTES
from governance.documents.datasets import render_dataset_documents
from governance.documents.facts import DatasetFacts
from governance.documents.questions import questionnaire
from governance.documents.views import table_view
from governance.evidence import Evidence, Finding, Level, Metric, Outcome, Reach, Table
from governance.manifest import Manifest
from governance.render import visible
from governance.verdict import Verdict

GOLDEN = Path(__file__).parent / "golden"
REPOSITORY = Path(__file__).parents[2]
Facts = Callable[..., DatasetFacts]


def rendered(facts: DatasetFacts, folder: Path) -> dict[str, str]:
    paths = render_dataset_documents(facts, folder, REPOSITORY)
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def sections(markdown: str) -> dict[str, str]:
    """Text below each anchor."""
    parts = re.split(r'<a id="([^"]+)"></a>\n', markdown)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


class Page(HTMLParser):
    VOID = frozenset({"meta", "link", "br", "rect", "line", "path", "circle"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.stack: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()
        assert not self.stack, f"not closed: {self.stack}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {key: value or "" for key, value in attrs}))
        if tag not in self.VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {key: value or "" for key, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.stack.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def values(self, attribute: str) -> list[str]:
        return [attributes[attribute] for _, attributes in self.elements if attribute in attributes]


@pytest.mark.parametrize("name", ["datasheet.md", "README.md"])
def test_golden(make_facts: Facts, tmp_path: Path, name: str) -> None:
    text = rendered(make_facts(), tmp_path)[name]
    golden = GOLDEN / f"dataset_{name}"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def test_same_facts_same_bytes(make_facts: Facts, tmp_path: Path) -> None:
    assert rendered(make_facts(), tmp_path / "a") == rendered(make_facts(), tmp_path / "b" / "c")


def test_markdown_shows_less_where_evidence_takes_the_room(
    make_facts: Facts, make_evidence: Callable[..., Evidence], tmp_path: Path
) -> None:
    rows = tuple((f"level {at}", at) for at in range(200))
    wide = Table(name="levels", caption="Levels", columns=("level", "rows"), rows=rows)
    findings = tuple(
        Finding(
            rule="label_noise/many",
            level=Level.ERROR,
            message=f"Column c{at} is {at}.",
            remedy="Look.",
            columns=(f"c{at}",),
        )
        for at in range(80)
    )
    metrics = tuple(Metric(name="noise_rate", value=at / 200, group=f"class {at}") for at in range(120))
    full = make_facts(
        evidence=(make_evidence(tables=(wide,), figures=(), findings=findings, metrics=metrics).sealed(),)
    )

    def tracked(beside: int) -> tuple[int, str]:
        documents = rendered(replace(full, beside=beside), tmp_path / str(beside))
        size = sum(len(text.encode()) for name, text in documents.items() if not name.endswith(".html"))
        return size, documents["datasheet.md"]

    free, all_of_it = tracked(0)
    assert tracked(TRACKED_BYTES - free - 3_000)[1] == all_of_it
    crowded, less = tracked(TRACKED_BYTES - free - 2_999)
    assert crowded < free
    assert "Rows left out here" in less
    least = tracked(TRACKED_BYTES)[0]
    assert least < crowded
    assert [
        page
        for page in tmp_path.glob("*/datasheet.html")
        if page.read_text() != (tmp_path / "0/datasheet.html").read_text()
    ] == []


def test_only_what_changed_is_written(make_facts: Facts, tmp_path: Path) -> None:
    rendered(make_facts(), tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    rendered(make_facts(), tmp_path)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()} == before


def test_figures_come_and_go(make_facts: Facts, make_evidence: Callable[..., Evidence], tmp_path: Path) -> None:
    first = rendered(make_facts(), tmp_path)
    assert "figures/label_noise-confusion.svg" in first
    assert "![Most flagged labels go from M to B.](figures/label_noise-confusion.svg)" in first["datasheet.md"]
    (tmp_path / "figures" / "old-figure.svg").write_text("<svg/>", encoding="utf-8")
    none = make_evidence(figures=())
    second = rendered(make_facts(evidence=(none,)), tmp_path)
    assert [path.name for path in (tmp_path / "figures").iterdir()] == [".gitkeep"]
    assert "figures/.gitkeep" in second


def test_every_question_has_its_anchor_in_both(make_facts: Facts, tmp_path: Path) -> None:
    documents = rendered(make_facts(), tmp_path)
    ids = Page(documents["datasheet.html"]).values("id")
    assert len(ids) == len(set(ids))
    for question in questionnaire().questions:
        assert f'<a id="{question.id}"></a>\n\n#### {question.question}\n' in documents["datasheet.md"]
        assert question.id in ids


def test_links_inside_lead_somewhere(make_facts: Facts, tmp_path: Path) -> None:
    documents = rendered(make_facts(), tmp_path)
    page = Page(documents["datasheet.html"])
    assert {href[1:] for href in page.values("href") if href.startswith("#")} <= set(page.values("id"))
    markdown = documents["datasheet.md"]
    assert set(re.findall(r"\]\(#([^)]+)\)", markdown)) <= set(re.findall(r'<a id="([^"]+)">', markdown))


def test_states_of_answers(make_facts: Facts, tmp_path: Path) -> None:
    said = sections(rendered(make_facts(), tmp_path)["datasheet.md"])
    assert "*Answered by Ada Lovelace, data steward, 2026-03-01.*\n\nTo tell benign" in said["motivation.purpose"]
    assert "*Declared.*\n\n- William H. Wolberg\n" in said["motivation.creators"]
    assert "*Measured.*\n\n- 569 rows in 2 splits, 4 columns.\n- train: 426 rows" in said["composition.count"]
    assert "*Added by Ada Lovelace, 2026-03-02:*\n\nThe outline" in said["composition.missing"]
    assert "*Measured in part.*" in said["preprocessing.done"]
    assert "Wanted: what happened before" in said["preprocessing.done"]
    assert "*Open.*\n\nWanted: an answer from the data protection officer." in said["collection.consent"]
    assert "*Not applicable, says Ada Lovelace, 2026-03-02.*\n\nRecords are old." in said["collection.notification"]
    assert "*Nothing added.*" in said["uses.other"]
    assert "*Open.*\n\n- Declared source: Hospital records" in said["collection.acquisition"]


def test_an_answer_that_evidence_contradicts_is_not_settled(
    make_facts: Facts, make_evidence: Callable[..., Evidence], tmp_path: Path
) -> None:
    denied = Finding(
        rule="answers/denied",
        level=Level.WARNING,
        message="composition.missing is answered with a denial, but 3 columns have missing values",
        remedy="Correct the answer.",
        subject="composition.missing",
    )
    held = make_evidence(audit="answers", title="Answers", section="maintenance", findings=(denied,))
    before = sections(rendered(make_facts(), tmp_path / "a")["datasheet.md"])
    documents = rendered(make_facts(evidence=(held,)), tmp_path / "b")
    said = sections(documents["datasheet.md"])
    assert "Contradicted" not in before["composition.missing"]
    assert "*Contradicted by what was measured.*" in said["composition.missing"]
    assert "- Against the answer: composition.missing is answered with a denial" in said["composition.missing"]
    assert "The outline" in said["composition.missing"]
    assert '<span class="tag contradicted">' in documents["datasheet.html"]
    assert "**Correct**: 1 answer that the evidence contradicts" in documents["datasheet.md"]


def test_nothing_is_invented(make_facts: Facts, tmp_path: Path) -> None:
    facts = make_facts()
    bare = replace(facts, dataset=Dataset(data=facts.dataset.data), answers=Answers())
    documents = rendered(bare, tmp_path)
    said = sections(documents["datasheet.md"])
    for question in questionnaire().questions:
        if question.answerable == "human":
            expected = "*Nothing added.*" if question.optional else "*Open.*"
            assert expected in said[question.id], question.id
    assert "whether the data is about people (about.people in params.yaml)" in said["collection.consent"].replace(
        "“", ""
    ).replace("”", "")
    assert "- Licence: not declared" in documents["datasheet.md"]
    assert "- About people: not declared" in documents["datasheet.md"]
    assert "**For:** not answered yet" in documents["datasheet.md"]


def test_people_questions_fall_away_when_no_people(make_facts: Facts, tmp_path: Path) -> None:
    facts = make_facts()
    about = facts.dataset.about.model_copy(update={"people": False})
    dataset = facts.dataset.model_copy(update={"about": about})
    said = sections(rendered(replace(facts, dataset=dataset), tmp_path)["datasheet.md"])
    assert "*Not applicable.*\n\n- The data is declared not to be about people." in said["collection.consent"]


def test_evidence_filed_under_a_question_answers_it(
    make_facts: Facts, make_evidence: Callable[..., Evidence], tmp_path: Path
) -> None:
    timed = make_evidence(audit="times", title="Times", section="collection.timeframe")
    said = sections(rendered(make_facts(evidence=(timed,)), tmp_path)["datasheet.md"])
    assert "*Measured.*\n\n- Times: Assessed on 567" in said["collection.timeframe"]
    assert "evidence-times" in said


def test_evidence_of_an_unknown_section_is_still_shown(
    make_facts: Facts, make_evidence: Callable[..., Evidence], tmp_path: Path
) -> None:
    odd = make_evidence(audit="odd", section="nowhere")
    assert "evidence-odd" in sections(rendered(make_facts(evidence=(odd,)), tmp_path)["datasheet.md"])


def test_missing_evidence_is_loud(make_facts: Facts, tmp_path: Path) -> None:
    documents = rendered(make_facts(), tmp_path)
    for name in ("datasheet.md", "README.md"):
        assert "**Evidence is missing** for `drift`." in documents[name]
    assert "<strong>Evidence is missing</strong> for <code>drift</code>" in documents["datasheet.html"]


def test_verdict_comes_first_and_in_words(
    make_facts: Facts, make_verdict: Callable[..., Verdict], tmp_path: Path
) -> None:
    facts = make_facts(expected_audits=("label_noise",))
    blocked = rendered(facts, tmp_path / "a")
    assert blocked["datasheet.md"].index("Verdict: BLOCKED") < blocked["datasheet.md"].index("At a glance")
    assert "- [3 values of mean_radius are below 0.](#evidence-contract)" in blocked["datasheet.md"]
    assert "Verdict: BLOCKED" in Page(blocked["datasheet.html"]).text
    passed = rendered(replace(facts, verdict=make_verdict(facts.evidence, "passed")), tmp_path / "b")
    assert "Verdict: PASSED" in passed["datasheet.md"]
    assert "BLOCKED" not in passed["datasheet.md"]


def test_many_reasons_leave_room_for_the_rest_of_the_first_screen(
    make_facts: Facts, make_evidence: Callable[..., Evidence], make_verdict: Callable[..., Verdict], tmp_path: Path
) -> None:
    findings = tuple(
        Finding(rule="a/b", level=Level.ERROR, message=f"Rule {i} is broken.", remedy="Mend it.", subject=str(i))
        for i in range(40)
    )
    evidence = (make_evidence(findings=findings),)
    documents = rendered(make_facts(evidence=evidence, verdict=make_verdict(evidence)), tmp_path)
    screen = documents["datasheet.md"].partition("## At a glance")[0]
    assert screen.count("is broken.") == 8
    assert "- [32 further reasons, under the decisions of the policy](#decisions)" in screen
    assert '<a href="#decisions">32 further reasons' in documents["datasheet.html"]


def test_waivers_are_shown_with_their_reason(make_facts: Facts, tmp_path: Path) -> None:
    facts = make_facts()
    decisions = tuple(
        decision.model_copy(update={"effect": "waived", "waiver": "accepted by Grace Hopper: units differ"})
        if decision.effect == "block"
        else decision
        for decision in facts.verdict.decisions
    )
    verdict = facts.verdict.model_copy(update={"decisions": decisions, "result": "passed"})
    text = rendered(replace(facts, verdict=verdict), tmp_path)["datasheet.md"]
    assert "**error** (waived): 3 values" in text
    assert text.count("accepted by Grace Hopper: units differ") == 4  # verdict, worst findings, evidence, decisions
    box = text.partition("## At a glance")[0]
    assert "**Accepted for now**, and not settled:" in box
    assert "3 values of mean_radius are below 0. Waived: accepted by Grace Hopper: units differ" in box
    worst = text.partition("## Most serious findings")[2]
    assert worst.index("**error** (waived)") < worst.index("**warning**")
    assert "1 finding waived, with owner and reason" in text


def test_a_snapshot_that_failed_still_renders(make_facts: Facts, tmp_path: Path) -> None:
    failed = Manifest(
        dataset="masses",
        outcome=Outcome.FAILED,
        reason="data/masses.csv: line 7 has 3 cells, the header has 4",
        declared="",
        code="",
        source_path="data/masses.csv",
    )
    documents = rendered(make_facts(manifest=failed, evidence=()), tmp_path)
    assert "**No snapshot could be made of the data.** data/masses.csv: line 7" in documents["datasheet.md"]
    assert "No snapshot could be made of the data." in Page(documents["datasheet.html"]).text
    assert "- Size:" not in documents["datasheet.md"]
    assert "*Open.*" in sections(documents["datasheet.md"])["composition.count"]
    assert "There is no snapshot of the data" in documents["README.md"]


@pytest.mark.parametrize("task", [task for task in Task if not task.labels_audited])
def test_unaudited_labels_are_named_on_the_first_screen(make_facts: Facts, task: Task, tmp_path: Path) -> None:
    facts = make_facts()
    dataset = facts.dataset.model_copy(update={"data": DataConfig(path="x.csv", task=task)})
    text = rendered(replace(facts, dataset=dataset), tmp_path)["datasheet.md"]
    assert "; labels not audited" in text.partition("## Most serious")[0]


def test_rare_and_private_classes_are_not_named(
    make_facts: Facts, make_manifest: Callable[..., Manifest], tmp_path: Path
) -> None:
    documents = rendered(make_facts(evidence=()), tmp_path / "a")
    assert "| B | 268 | 89 |" in documents["datasheet.md"]
    assert not any("| rare |" in text or ">rare<" in text for text in documents.values())
    columns = tuple(
        column.model_copy(update={"private": column.private or column.name == "diagnosis"})
        for column in make_manifest().columns
    )
    hidden = rendered(make_facts(evidence=(), manifest=make_manifest(columns=columns)), tmp_path / "b")
    assert "| B | 268" not in hidden["datasheet.md"]


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "a | b |",
    "`x` [y](https://evil.example) ![z](https://evil.example/p.png)",
    "https://evil.example/track",
    "{{ 7 * 7 }} {% include 'x' %}",
    "\x1b[31mred\x1b[0m \u202egnp.exe zero\u200bwidth",
    "two\nlines\n\n# heading",
    "</style></svg></table>",
]
_TAGS = """
html head meta link title style body a div nav ol li span main p h1 h2 h3 h4 h5 section strong code dl dt dd ul table
thead tbody tr th td caption article figure figcaption svg desc rect text line path circle g details summary br footer
"""
PLAIN_TAGS = set(_TAGS.split())


def hostile_facts(facts: DatasetFacts, text: str, evidence: Callable[..., Evidence]) -> DatasetFacts:
    """`text` wherever a dataset, a declaration, evidence or an answer can carry it."""
    manifest = facts.manifest
    column = manifest.columns[2].model_copy(
        update={"name": text, "unit": text, "description": text, "labels": {text: text}, "private_because": text}
    )
    split = {"train": 426, "test": 143}
    about = {
        name: text
        for name in About.model_fields
        if name not in {"people", "published", "creators", "curators", "language", "keywords"}
    }
    return replace(
        facts,
        dataset=facts.dataset.model_copy(
            update={"about": About(**about, creators=(text,), curators=(text,), language=(text,), keywords=(text,))}
        ),
        manifest=manifest.model_copy(
            update={
                "columns": (*manifest.columns, column),
                "source_path": text,
                "classes": {"train": {text: 400, "M": 26}, "test": {text: 143}},
                "splits": split,
                "sources": tuple(s.model_copy(update={"path": text}) for s in manifest.sources),
            }
        ),
        evidence=(
            evidence(
                title=text,
                question=text,
                settings={text: text},
                references=(text,),
                findings=(
                    Finding(rule="a/b", level=Level.ERROR, message=text, remedy=text, columns=(text,), subject=text),
                ),
                metrics=(
                    Metric(
                        name="m",
                        value=1.0,
                        unit=text,
                        group=text,
                        meaning=text,
                        note=text,
                        interval=text,
                        low=0,
                        high=2,
                    ),
                ),
                tables=(
                    Table(
                        name="confusion", caption=text, columns=("given", "suggested", "rows"), rows=((text, text, 1),)
                    ),
                    Table(
                        name="by_class",
                        caption=text,
                        columns=("class", "flagged_share", "low", "high"),
                        rows=((text, 0, 0, 0),),
                    ),
                ),
            ),
        ),
        answers=Answers({q.id: Given(by=text, on="2026-03-01", answer=text) for q in questionnaire().questions}),
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_text(
    make_facts: Facts, make_evidence: Callable[..., Evidence], tmp_path: Path, text: str
) -> None:
    documents = rendered(hostile_facts(make_facts(), text, make_evidence), tmp_path)
    page = Page(documents["datasheet.html"])
    assert {tag for tag, _ in page.elements} <= PLAIN_TAGS
    assert not [attribute for _, attributes in page.elements for attribute in attributes if attribute.startswith("on")]
    assert visible(text).split()[0] in page.text
    allowed = {"#", "e"}  # anchors and evidence files; addresses only where a person declared them
    assert {href[0] for href in page.values("href") if not href.startswith(("https://evil", "data:,"))} <= allowed
    for name in ("datasheet.md", "README.md"):
        body = documents[name].partition("\n---\n")[2] if name == "README.md" else documents[name]
        for token in MarkdownIt("commonmark", {"html": True}).enable("table").parse(body):
            if token.type == "html_block":
                assert re.fullmatch(r'(<!-- Generated [^<>]* -->|<a id="[\w.-]+"></a>)\n?', token.content)
            for child in token.children or []:
                if child.type == "html_inline":
                    assert re.fullmatch(r'</?span>|<a id="[\w.-]+">|</a>', child.content)
                if child.type == "image":
                    assert str(child.attrs["src"]).startswith("figures/")
                if child.type == "link_open":
                    assert str(child.attrs["href"]).startswith(
                        ("#", "evidence/", "datasheet.md", "https://evil.example")
                    )
        assert "\x1b" not in body
        assert "\u202e" not in body
    for name, svg in documents.items():
        if name.endswith(".svg"):
            assert "<script" not in svg
            assert "\u202e" not in svg


def test_the_page_needs_nothing_from_outside(make_facts: Facts, tmp_path: Path) -> None:
    html = rendered(make_facts(), tmp_path)["datasheet.html"]
    page = Page(html)
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"script", "iframe", "img", "object", "embed", "form", "base"}
    assert "src" not in {attribute for _, attributes in page.elements for attribute in attributes}
    assert [a["href"] for tag, a in page.elements if tag == "link"] == ["data:,"]
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    assert style is not None
    assert "url(" not in style[1]
    assert "@import" not in style[1]
    policy = next(a["content"] for tag, a in page.elements if a.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'")
    assert all("http" not in a["href"] or tag == "a" for tag, a in page.elements if "href" in a)


def test_the_page_is_accessible(make_facts: Facts, tmp_path: Path) -> None:
    page = Page(rendered(make_facts(), tmp_path)["datasheet.html"])
    tags = [tag for tag, _ in page.elements]
    assert dict(page.elements)["html"]["lang"] == "en"
    assert tags.count("main") == tags.count("nav") == tags.count("h1") == 1
    assert ("a", {"class": "skip", "href": "#main"}) in page.elements
    levels = [int(tag[1]) for tag in tags if re.fullmatch(r"h[1-6]", tag)]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(attributes.get("scope") in {"col", "row"} for tag, attributes in page.elements if tag == "th")
    ids = set(page.values("id"))
    assert {name for value in page.values("aria-labelledby") for name in value.split()} <= ids
    for tag, attributes in page.elements:
        if attributes.get("tabindex") == "0":
            # A drawing that scrolls is a named group: landmarks are for what a reader jumps to.
            assert attributes["role"] == ("group" if attributes["class"] == "drawing" else "region")
            assert attributes["aria-label"]
        if tag == "svg":
            assert attributes["role"] == "img"


def test_what_is_quiet_is_said_in_one_line_after_what_is_not(
    make_facts: Facts, make_evidence: Callable[..., Evidence], tmp_path: Path
) -> None:
    quiet = [make_evidence(audit=name, title=name.title(), findings=()) for name in ("copies", "leaks")]
    loud = make_evidence(audit="noise", title="Noise")
    said = sections(rendered(make_facts(evidence=(*quiet, loud)), tmp_path)["datasheet.md"])["composition.errors"]
    assert [line for line in said.splitlines() if line.startswith("- ")] == [
        "- Noise: Assessed on 567 of 569 rows. 2 findings: 1 warning, 1 note.",
        "- Nothing reached the level of a finding: Copies (567 of 569 rows) and Leaks (567 of 569 rows). "
        "Each says with its evidence what that is worth.",
    ]


def test_no_document_names_an_audit() -> None:
    names = {
        path.stem
        for folder in ("audits", "evaluations")
        for path in (REPOSITORY / "governance" / folder).glob("[a-z]*.py")
    }
    sources = [*(REPOSITORY / "governance" / "documents").glob("*.py"), REPOSITORY / "governance" / "render.py"]
    sources += (REPOSITORY / "templates").glob("*.j2")
    words = names - {
        "summary",
        "performance",
        "calibration",
        "schema",
        "duplicates",
        "expectations",
        "outliers",
        "slices",
    }
    for source in sources:
        text = source.read_text(encoding="utf-8")
        assert not [name for name in words if re.search(rf"\b{name}\b", text)], source
        assert not [name for name in names if re.search(rf"[\"']{name}[\"'/]", text)], source


def test_roles_fill_the_questions_about_people(make_facts: Facts, tmp_path: Path) -> None:
    said = sections(rendered(make_facts(), tmp_path)["datasheet.md"])
    assert "“age” is declared sensitive: 40 distinct values." in said["composition.subpopulations"]
    assert "“patient” has the role identifier." in said["composition.identifiable"]
    assert "“patient” names the record." in said["composition.relationships"]
    assert Column(name="x", type=ColumnType.STRING).resolved_role is Role.FEATURE


def test_how_well_a_check_finds_is_said_with_it_and_where_it_was_measured_once(
    make_facts: Facts, make_evidence: Callable[..., Evidence], tmp_path: Path
) -> None:
    fresh = make_evidence(audit="fresh", reach=Reach(looked_for="x", would_notice="y", cannot_see="z"))
    documents = rendered(make_facts(evidence=(make_evidence(audit="noise"), fresh)), tmp_path)
    figures = "of 200 planted labels 180 were found; 1 of 300 clean sets raised a warning (at most 1.9 %)"
    assert f"\n- How well: {figures}\n" in documents["datasheet.md"]
    assert "\n- How well: not measured\n" in documents["datasheet.md"]
    assert f"<dt>How well</dt><dd>{figures}</dd>" in documents["datasheet.html"]
    assert documents["datasheet.md"].count("docs/detection.md") == 1
    assert documents["datasheet.html"].count("docs/detection.md") == 1


def test_an_empty_table_says_what_there_is_none_of() -> None:
    def empty(first: str) -> str:
        return table_view(Table(name="t", caption="c", columns=(first, "rows"), rows=()), 5).empty

    assert empty("column") == "No such column."
    assert empty("what") == "Nothing of the kind."


def test_a_reason_is_said_by_somebody(make_facts: Facts, tmp_path: Path) -> None:
    text = rendered(make_facts(), tmp_path)["datasheet.md"]
    assert "*Not applicable, says Ada Lovelace, 2026-03-02.*" in text
    assert "Not applicable by" not in text


def test_a_label_that_stands_alone_says_what_is_asked(make_facts: Callable[..., DatasetFacts], tmp_path: Path) -> None:
    """`done`, `how` and `do not use` say nothing to a reader who does not have the questionnaire at hand."""
    questions = questionnaire().questions
    shorts = [question.short for question in questions]
    assert len(set(shorts)) == len(shorts), "two questions by one name"
    for question in questions:
        assert 2 < len(question.short) <= 40
        assert len(question.short.split()) > 1, f"{question.id}: one word is a label, and no question"
        assert question.short != question.id.partition(".")[2].replace("_", " ")
    render_dataset_documents(make_facts(), tmp_path, REPOSITORY)
    sheet = (tmp_path / "datasheet.md").read_text(encoding="utf-8")
    assert "[who paid for it](#motivation.funding)" in sheet
    assert '<a class="small" href="#motivation.funding">who paid for it</a>' in (tmp_path / "datasheet.html").read_text(
        encoding="utf-8"
    )
    assert "[done]" not in sheet
