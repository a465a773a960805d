"""Questions that the snapshot answers: facts in plain sentences, one each. None means: nothing to say, so it is open.

A fact is what was counted or declared. What was not looked for is said as such, never as absence.
"""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

from governance.dataset import ColumnType, Format, Modality, Role, Split, Task
from governance.documents.facts import DatasetFacts
from governance.documents.wording import assessed_on, headline, listed, percent, plural, spoken
from governance.evidence import Outcome
from governance.manifest import class_rows
from governance.read_options import ReadOptions
from governance.render import number

Lines = list[str]
_CODED = "/null_coding"
"""How the rules of findings end that tell of values which stand for missing ones."""
_ABOUT_RECORDS = frozenset({"composition", "collection", "preprocessing"})
"""Sections of the audits that look for mistakes in records; what an answer contradicts stands elsewhere."""


def _count(facts: DatasetFacts) -> Lines:
    manifest = facts.manifest
    return [
        f"{plural(manifest.rows, 'row')} in {plural(len(manifest.splits), 'split')}, "
        f"{plural(len(manifest.columns), 'column')}.",
        *(f"{split}: {plural(rows, 'row')}" for split, rows in facts.splits.items()),
    ]


def _content(facts: DatasetFacts) -> Lines:
    kinds = {kind: [c.name for c in facts.manifest.columns if c.type is kind] for kind in ColumnType}
    mostly = {Modality.TABULAR: "a row of a table", Modality.TEXT: "text", Modality.IMAGE: "an image"}
    origin = {
        "declared": "declared in columns.yaml",
        "file": "taken from the file",
        "inferred": "guessed from the values; a person has not confirmed them",
    }
    return [
        f"Each record is mostly {mostly[facts.manifest.modality]}.",
        *(f"{plural(len(names), f'{kind.value} column')}: {listed(names)}" for kind, names in kinds.items() if names),
        f"Types of the columns are {origin[facts.manifest.types]}. Meanings stand in the table of columns.",
    ]


def _labels(facts: DatasetFacts) -> Lines | None:
    manifest = facts.manifest
    column = next((c for c in manifest.columns if c.name == manifest.target), None)
    if column is None:
        return ["No target column is declared."] if manifest.task is Task.NONE else None
    lines = [f"The target is “{column.name}” ({column.type.value}), for {spoken(manifest.task.value)}."]
    if manifest.rows:
        labelled = manifest.rows - column.nulls
        share = percent(labelled, manifest.rows)
        lines.append(f"{number(labelled)} of {plural(manifest.rows, 'row')} carry a label ({share}).")
    if not manifest.task.labels_audited:
        lines.append("Labels of this task are not audited by this release.")
    names, total = classes_shown(facts), class_rows(facts.manifest.classes).count
    if names:
        rest = [f"{plural(total - len(names), 'class', 'classes')} too rare to name"] if total > len(names) else []
        lines.append(f"{plural(total, 'class', 'classes')}: {listed([*names[:20], *rest], 21)}.")
    return lines


def classes_shown(facts: DatasetFacts) -> tuple[str, ...]:
    """Names of classes that have enough rows to be named; none when the target is private."""
    target = next((c for c in facts.manifest.columns if c.name == facts.manifest.target), None)
    if target is not None and target.private:
        return ()
    return tuple(class_rows(facts.manifest.classes).named)


def _missing(facts: DatasetFacts) -> Lines | None:
    manifest = facts.manifest
    if not manifest.rows:
        return None
    gaps = sorted((c for c in manifest.columns if c.nulls), key=lambda c: (-c.nulls, c.name))
    if not gaps:
        return [
            f"{plural(len(manifest.columns), 'column')} {'was' if len(manifest.columns) == 1 else 'were'} counted over {plural(manifest.rows, 'row')}; "
            "every cell holds a value.",
            *(
                ["A value that stands for a missing one (such as 999) counts as a value here."]
                if _has_cells(facts)
                else []
            ),
            *_coded(facts),
        ]
    shown = [
        f"{c.name}: {number(c.nulls)} of {number(manifest.rows)} ({percent(c.nulls, manifest.rows)})" for c in gaps
    ]
    rest = [f"{number(len(shown) - 15)} more columns: see the table of columns"] if len(shown) > 15 else []
    have = "has" if len(gaps) == 1 else "have"
    some = f"{len(gaps)} of {plural(len(manifest.columns), 'column')} {have} missing values."
    return [some, *shown[:15], *rest, *_coded(facts)]


def _has_cells(facts: DatasetFacts) -> bool:
    """Whether there is more than images and what they are called."""
    manifest = facts.manifest
    return any(c.type is not ColumnType.IMAGE and c.name != manifest.target for c in manifest.columns)


def _coded(facts: DatasetFacts) -> Lines:
    """Where values were found that stand for missing ones."""
    found = [finding for item in facts.evidence for finding in item.findings if finding.rule.endswith(_CODED)]
    return [finding.message for finding in found]


def _relationships(facts: DatasetFacts) -> Lines | None:
    meanings = {
        Role.IDENTIFIER: "names the record",
        Role.GROUP: "names what several records share",
        Role.SOURCE: "says where the record comes from",
        Role.ANNOTATOR: "says who labelled it",
        Role.TIMESTAMP: "says when",
    }
    lines = [f"“{c.name}” {meanings[c.resolved_role]}." for c in facts.with_role(*meanings)]
    return lines or None


def split_rule(split: Split) -> str:
    """How rows were divided, in one sentence."""
    shares = f"{100 * split.test:g} % to test"
    if split.validation:
        shares += f", {100 * split.validation:g} % to validation"
    return {
        "none": "The data is not divided.",
        "ratio": f"Rows are divided by a hash of their content, {shares}; seed {split.seed}.",
        "files": "The data came divided: by files.",
        "column": f"The data came divided: by column “{split.column}”.",
        "group": f"Rows are divided so that one “{split.column}” is never in two splits, {shares}; seed {split.seed}.",
        "time": f"Rows are divided by “{split.column}”: the latest go {shares}.",
    }[split.method]


def _splits(facts: DatasetFacts) -> Lines:
    total = facts.manifest.rows
    rows = [f"{s}: {plural(n, 'row')} ({percent(n, total)})" for s, n in facts.splits.items()]
    return [split_rule(facts.dataset.data.split), *rows]


def _errors(facts: DatasetFacts) -> Lines | None:
    asked = [item for item in facts.evidence if item.section.partition(".")[0] in _ABOUT_RECORDS]
    if not any(item.outcome is Outcome.ASSESSED for item in asked):
        return None
    quiet = [item for item in asked if item.outcome is Outcome.ASSESSED and not item.findings]
    lines = [f"{item.title}: {headline(item)}" for item in asked if item not in quiet]
    if quiet:
        said = listed((f"{item.title} ({assessed_on(item)})" for item in quiet), len(quiet))
        lines.append(f"Nothing reached the level of a finding: {said}. Each says with its evidence what that is worth.")
    return lines


def _external(facts: DatasetFacts) -> Lines:
    return [
        f"The snapshot holds every record: it was read from {plural(facts.manifest.files, 'file')} "
        f"at “{facts.manifest.source_path}”, and nothing else was fetched.",
        "Links inside values were not followed.",
    ]


def _offensive(facts: DatasetFacts) -> Lines | None:
    wordy = {ColumnType.TEXT, ColumnType.STRING, ColumnType.IMAGE}
    if not facts.manifest.columns or any(c.type in wordy for c in facts.manifest.columns):
        return None
    return ["No column is declared to hold text or images: only numbers, dates, truth values and categories."]


def _subpopulations(facts: DatasetFacts) -> Lines | None:
    columns = facts.with_role(Role.SENSITIVE)
    lines = [f"“{c.name}” is declared sensitive: {plural(c.distinct, 'distinct value')}." for c in columns]
    return (
        [*lines, "Distributions stand with the evidence of this section, where groups are large enough."]
        if lines
        else None
    )


def _identifiable(facts: DatasetFacts) -> Lines | None:
    direct = facts.with_role(Role.IDENTIFIER, Role.PRIVATE)
    indirect = facts.with_role(Role.QUASI_IDENTIFIER)
    hidden = [c for c in facts.manifest.columns if c.private]
    lines = [f"“{c.name}” has the role {spoken(c.resolved_role.value)}." for c in (*direct, *indirect)]
    if hidden:
        lines.append(f"{plural(len(hidden), 'column')} treated as private; the table of columns says why.")
    return lines or None


def _sensitive(facts: DatasetFacts) -> Lines | None:
    columns = facts.with_role(Role.SPECIAL_CATEGORY, Role.SENSITIVE)
    return [f"“{c.name}” has the role {spoken(c.resolved_role.value)}." for c in columns] or None


def _processing(facts: DatasetFacts) -> Lines:
    data, read = facts.dataset.data, facts.dataset.data.read
    source = data.format or facts.manifest.format
    lines = [f"Read from {source.value if source else 'the source'} at “{facts.manifest.source_path}”."]
    if source in {Format.CSV, Format.TSV, Format.JSONL}:
        markers = listed([f"'{v}'" if v else "the empty cell" for v in read.na_values]) or "nothing"
        count = "count" if len(read.na_values) > 1 else "counts"
        lines.append(f"Cells were read as text and typed once; only {markers} {count} as missing.")
        lines.extend(_notations(read))
        if read.strip:
            lines.append("Spaces around cells were removed before typing.")
    return [*lines, split_rule(data.split), _decided(facts)]


def _notations(read: ReadOptions) -> Lines:
    """How numbers and dates were written, where that is not as in programs."""
    lines = []
    if read.decimal != "." or read.thousands:
        between = f" and '{read.thousands}' between thousands" if read.thousands else ""
        lines.append(f"Numbers were read with '{read.decimal}' as the decimal mark{between}.")
    if read.date_format:
        lines.append(f"Dates were read as {read.date_format} or as 2026-01-31.")
    return lines


def _decided(facts: DatasetFacts) -> str:
    """What people's decisions about single rows did."""
    counted = facts.manifest.quarantined
    lost = ""
    if counted is not None and counted.unmatched:
        lost = f" {plural(counted.unmatched, 'decision')} of theirs matched no row of this version and did nothing"
        causes = (
            (counted.edited, "of which the row was edited"),
            (counted.other_columns, "taken when there were other columns"),
            (counted.not_found, "of which the row was not found"),
        )
        lost += f" ({listed([f'{number(count)} {cause}' for count, cause in causes if count])})."
    if counted is not None and counted.retyped:
        lost += f" {number(counted.retyped)} were applied to rows that only the type of a column made others."
    if counted is None or not (counted.dropped or counted.relabelled):
        return f"Nothing else was changed: no row dropped, no value filled in.{lost}"
    return (
        f"Of {number(counted.input_rows)} rows that were read, people dropped {number(counted.dropped)} and corrected the "
        f"label of {number(counted.relabelled)}, each with a name and a reason in decisions/. "
        f"No value was filled in.{lost}"
    )


def _raw(facts: DatasetFacts) -> Lines:
    return [
        f"The files that were read lie at “{facts.manifest.source_path}”; their hashes stand under Provenance.",
        f"The snapshot made from them has the digest {facts.manifest.digest}.",
    ]


def _software(facts: DatasetFacts) -> Lines:
    return [f"Reading, typing and dividing: dataset-governance, code digest {facts.manifest.code}."]


def _licence(facts: DatasetFacts) -> Lines | None:
    about = facts.dataset.about
    return [line for line in (about.licence, about.licence_url) if line] if about.licence else None


def _erratum(facts: DatasetFacts) -> Lines:
    found = [finding for item in facts.evidence for finding in item.findings]
    waived = [d for d in facts.verdict.decisions if d.effect == "waived"]
    lines = [f"{plural(len(found), 'finding')} on record for this version; each stands with its evidence."]
    known = [d for d in facts.verdict.decisions if d.effect == "baselined"]
    lines += [f"{plural(len(waived), 'finding')} waived, with owner and reason."] if waived else []
    lines += [f"{plural(len(known), 'finding')} known from before the gate and not repaired yet."] if known else []
    return lines


MEASURED: MappingProxyType[str, Callable[[DatasetFacts], Lines | None]] = MappingProxyType(
    {
        "composition.count": _count,
        "composition.content": _content,
        "composition.labels": _labels,
        "composition.missing": _missing,
        "composition.relationships": _relationships,
        "composition.splits": _splits,
        "composition.errors": _errors,
        "composition.external": _external,
        "composition.offensive": _offensive,
        "composition.subpopulations": _subpopulations,
        "composition.identifiable": _identifiable,
        "composition.sensitive": _sensitive,
        "preprocessing.done": _processing,
        "preprocessing.raw_saved": _raw,
        "preprocessing.software": _software,
        "distribution.licence": _licence,
        "maintenance.erratum": _erratum,
    }
)
"""Question id to what answers it. Only called for a dataset that has a snapshot."""
