"""Differences as text and as Markdown: one screen first, details folded, never a value of a private column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from governance.differences.difference import (
    Clause,
    Difference,
    Differences,
    FindingLine,
    MetricChange,
    NotCompared,
    Version,
    said_of,
)
from governance.differences.manifests import counted
from governance.documents.terms import explained
from governance.documents.wording import listed, plural
from governance.render import escape_markdown, markdown_code, number, shorten

LIMIT = 60_000
"""Bytes of the Markdown form: a comment takes 65,536 characters."""
SHOWN = 20
"""Lines of one list; what is beyond is counted."""
MARKER = "<!-- govern-diff -->"
_CHANCE = {True: ", no more than chance may give", False: ", which may be more than chance"}


def as_text(found: Differences) -> str:
    """For a terminal."""
    lines = [f"Compared with {found.revision}"]
    lines += [f"  looser for all: {one.message}" for one in found.loosened]
    for one in found.datasets:
        lines.append("")
        lines.append(f"{one.name}: {headline(one)}")
        lines.extend(f"  {text}" for text in _cut(unknowns(one)))
        for title, items in details(one, str):
            lines.append(f"  {title}")
            lines.extend(f"    {item}" for item in _cut(items))
    return "\n".join(lines) + "\n"


def as_markdown(found: Differences, limit: int = LIMIT) -> str:
    """One comment of at most `limit` bytes; text from datasets shows as text and does nothing."""
    changed = [one for one in found.datasets if one.anything]
    head = [MARKER, f"## What changed since {markdown_code(found.revision)}", ""]
    if found.loosened:
        head += ["**Rules that are looser for all datasets:**", ""]
        head += [f"- {_prose(one.message)}" for one in found.loosened[:SHOWN]] + [""]
    if not changed:
        head.append("No dataset changed.")
    else:
        head += ["| dataset | what happened |", "|---|---|"]
        head += [f"| {markdown_code(one.name)} | {escape_markdown(headline(one))} |" for one in changed]
    if unsure := [(one.name, text) for one in found.datasets for text in unknowns(one)]:
        head += ["", "**Not known:**", ""]
        head += _cut([f"- {markdown_code(name)}: {_prose(text)}" for name, text in unsure], "- ")
    if same := [one.name for one in found.datasets if not one.anything]:
        head += ["", f"Unchanged: {', '.join(str(markdown_code(name)) for name in same[:50])}."]
    text = "\n".join(head) + "\n"
    left = 0
    for one in changed:
        block = _folded(one)
        if len((text + block).encode()) + 200 > limit:
            left += 1
        else:
            text += block
    if left:
        text += f"\n{left} more did not fit here; `govern diff` prints all of them.\n"
    return text


def _folded(one: Difference) -> str:
    lines = ["", f"<details><summary>{escape_markdown(one.name)} in detail</summary>", ""]
    for title, items in details(one, lambda text: str(escape_markdown(text))):
        lines += [f"**{title}**", "", *(f"- {item}" for item in _cut(items)), ""]
    return "\n".join([*lines, "</details>", ""])


def _prose(text: str) -> str:
    return str(escape_markdown(shorten(text, 400)))


def _cut(items: Sequence[str], mark: str = "") -> list[str]:
    more = len(items) - SHOWN
    return [*items[:SHOWN], *([f"{mark}and {more} more"] if more > 0 else [])]


def unknowns(one: Difference) -> list[str]:
    """What was not compared and why, and what was compared though its digest could not be checked: a sentence each."""
    # Each audit quotes why there is no snapshot; that is said already where the snapshot itself is named.
    reasons = {
        f"there is no snapshot: {clause.reason}": "there is no snapshot"
        for item in one.not_compared if item.because == "no_snapshot" for clause in item.clauses
    }  # fmt: skip
    said = [f"not compared: {_words(alike, reasons)}{_left(alike)}" for alike in _alike(one.not_compared)]
    if one.unchecked:
        said.append(
            f"not checked: digests of {', '.join(one.unchecked)}, as another release wrote them; findings are compared, "
            "numbers are not"
        )
    return said


def _alike(items: Iterable[NotCompared]) -> list[list[NotCompared]]:
    """Those of which the same is said together, in the order of the first of each."""
    groups: dict[tuple[str, tuple[Clause, ...]], list[NotCompared]] = {}
    for item in items:
        groups.setdefault((item.side, item.clauses), []).append(item)
    return list(groups.values())


def _words(alike: Sequence[NotCompared], reasons: Mapping[str, str]) -> str:
    names = listed(item.what for item in alike)
    return said_of(names, alike[0].clauses, many=len(alike) > 1, reasons=reasons)


def _left(alike: Sequence[NotCompared]) -> str:
    findings = sum(item.findings or 0 for item in alike)
    if not findings:
        return ""
    where = "here" if alike[0].side == "before" else "there"
    return f"; of {plural(findings, 'finding')} {where} nobody can tell what became"


def headline(one: Difference) -> str:
    """One sentence a dataset."""
    if one.before is None:
        return "; ".join([f"new, {_rows(one.after)}", *_not_compared(one)])
    if one.after is None:
        return f"gone; it had {_rows(one.before)}" if one.before.digest else "gone"
    if not one.anything:
        return "no change"
    parts = []
    if one.before.result != one.after.result:
        parts.append(f"verdict {one.before.result or 'none'} became {one.after.result or 'none'}")
    if one.rows is not None and one.before.digest != one.after.digest:
        counts = {
            "added": one.rows.added, "removed": one.rows.removed, "changed": one.rows.changed or 0,
            "relabelled": one.rows.relabelled, "moved between splits": one.rows.moved,
        }  # fmt: skip
        said = [f"{number(count)} {what}" for what, count in counts.items() if count]
        parts.append(f"rows: {', '.join(said)}" if said else "other data with the same rows")
    elif _both_known(one) and one.before.digest != one.after.digest:
        parts.append(f"other data: {number(one.before.rows)} rows became {number(one.after.rows)}")
    for words, items in (
        ("column changes", one.columns), ("new findings", one.new), ("findings fixed", one.fixed),
        ("distributions moved", [shift for shift in one.shifts if shift.beyond]), ("rules looser", one.loosened), ("answers changed", one.answers),
    ):  # fmt: skip
        if items:
            parts.append(f"{words}: {len(items)}")
    parts += _not_compared(one)
    if not parts:
        parts.append("numbers or documents only")
    return "; ".join(parts)


def _not_compared(one: Difference) -> list[str]:
    return [f"not compared: {', '.join(item.what for item in one.not_compared)}"] if one.not_compared else []


def _both_known(one: Difference) -> bool:
    """Whether there is a snapshot on both sides."""
    return bool(one.before and one.before.digest and one.after and one.after.digest)


def _rows(version: Version | None) -> str:
    return f"{number(version.rows)} rows" if version is not None and version.digest else "without a snapshot"


def details(one: Difference, escape: Callable[[str], str]) -> Iterator[tuple[str, list[str]]]:
    """Title and lines of each kind of difference that there is; text from data passes through `escape`."""
    if one.rows is None and _both_known(one) and one.before and one.after and one.before.digest != one.after.digest:
        yield "Rows", [escape(f"not compared: {one.rows_unknown}")]
    elif one.rows is not None and one.before and one.after and one.before.digest != one.after.digest:
        said = [f"{number(one.before.rows)} became {number(one.after.rows)}; {number(one.rows.same)} are the same"]
        if one.before.dropped != one.after.dropped:
            said.append(
                f"decisions left out {plural(one.after.dropped, 'row')}, and {number(one.before.dropped)} before"
            )
        yield "Rows", said
    if one.before and one.after and _both_known(one) and one.before.splits != one.after.splits:
        names = dict.fromkeys([*one.before.splits, *one.after.splits])
        left, right = one.before.splits, one.after.splits
        yield "Splits", [
            escape(f"{name}: {number(left.get(name, 0))} rows became {number(right.get(name, 0))}") for name in names
            if left.get(name) != right.get(name)
        ]  # fmt: skip
    if one.columns:
        yield "Columns", [escape(f"{c.column}: {c.what} {c.before} became {c.after}") for c in one.columns]
    if one.counts and one.before and one.after:
        yield (
            "Classes and groups",
            [escape(f"{c.of} {c.level}: {counted(c.before)} became {counted(c.after)}") for c in one.counts],
        )
    if one.shifts:
        yield "Distributions", [
            escape(f"{s.column}: {s.measure} {s.size:.2f}{'' if s.beyond else _CHANCE[s.within]}")
            for s in one.shifts
        ] + [
            escape(f"{term}: {meaning}") for term, meaning in explained([s.measure for s in one.shifts])
        ]  # fmt: skip
    for title, findings in (("New findings", one.new), ("Fixed", one.fixed), ("Rules that are looser", one.loosened)):
        if findings:
            yield title, [escape(_finding(finding)) for finding in findings]
    if one.metrics:
        yield "Numbers", [escape(_metric(change)) for change in one.metrics]
    if one.answers:
        yield "Answers", [escape(f"{item.name}: {item.what}") for item in one.answers]
    if one.sections:
        yield "Sections of the datasheet", [escape(f"{item.name}: {item.what}") for item in one.sections]
    if one.unchanged:
        yield (
            "Unchanged",
            [f"{plural(one.unchanged, 'finding')} {'stands' if one.unchanged == 1 else 'stand'} on both sides"],
        )


def _finding(finding: FindingLine) -> str:
    return f"{finding.level}: {shorten(finding.message, 300)} ({finding.rule}, {finding.fingerprint})"


def _metric(change: MetricChange) -> str:
    group = f" of {change.group}" if change.group else ""
    beyond = "" if change.beyond else ", within its earlier interval"
    return f"{change.audit}.{change.name}{group}: {_value(change.before)} became {_value(change.after)}{beyond}"


def _value(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.4g}"
