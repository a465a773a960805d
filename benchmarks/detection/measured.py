"""Says in one sentence what an audit's benchmark measured, from the tables of its file in results/.

    python benchmarks/detection/measured.py     # after a benchmark wrote its tables: puts the sentence above them

The audit's `reach.measured` is that sentence, which documents show beside each answer; a test compares the two.
"At most" is the upper end of the 95 % Wilson interval of a share, also where a table gives a one-sided bound.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from governance.measures.intervals import wilson

RESULTS = Path(__file__).parent / "results"
HEAD = "Measured: "
Row = list[str]


def tables(text: str) -> list[list[Row]]:
    """The rows of each Markdown table, without its head."""
    blocks = re.findall(r"(?m)^\|.*\n\|(?:-+\|)+\n((?:\|.*(?:\n|$))+)", text)
    return [
        [[cell.strip(" *") for cell in line.strip("|").split("|")] for line in block.splitlines()] for block in blocks
    ]


def at_most(alarms: int, of: int) -> str:
    """The upper end of the interval of `alarms` of `of`: `at most 0.6 %`."""
    return f"at most {wilson(alarms, of)[1]:.1%}".replace("%", " %")


def counted(cell: str) -> tuple[int, int]:
    """`755 of 760 (...)` as two numbers."""
    hits, of = re.match(r"(\d+) of (\d+)", cell).groups()  # type: ignore[union-attr]
    return int(hits), int(of)


def number(cell: str) -> float:
    """The number that a cell begins with."""
    return float(re.match(r"[\d.,]+", cell)[0].replace(",", ""))  # type: ignore[index]


def _range(values: list[float], form: str) -> str:
    low, high = f"{min(values):{form}}", f"{max(values):{form}}"
    return low if low == high else f"{low} to {high}"


def drift(text: str) -> str:
    clean, power = tables(text)
    kinds = ("the other split", "the other split, rows in groups of 10", "a sketch")
    runs = {how: [row for row in clean if row[2] == how] for how in kinds}
    alarms = {
        how: (sum(round(number(r[4]) * number(r[3])) for r in rows), int(sum(number(r[3]) for r in rows)))
        for how, rows in runs.items()
    }
    seen = sorted(100 * number(row[1]) for row in power[1:])
    each, more = re.search(r"(\d+) a shift \((\d+) where", text).groups()  # type: ignore[union-attr]
    (split, tables_), (grouped, sets), (sketch, pairs) = alarms.values()
    return (
        f"{len(seen)} kinds of small planted shifts (1,000 rows a side, {each} or {more} tables each) were noticed in "
        f"{_range(seen, '.0f')} % of their tables, half of the kinds in {seen[len(seen) // 2]:g} % or more; without drift {split} of "
        f"{tables_} tables raised an alarm ({at_most(split, tables_)}), {grouped} of {sets} tables of grouped rows ({at_most(grouped, sets)}) "
        f"and {sketch} of {pairs} pairs of versions ({at_most(sketch, pairs)})"
    )


def duplicates(text: str) -> str:
    rows, planted, clean, mixed, cells = tables(text)[:5]
    (of_cells, tested), of_kinds = counted(cells[-1][3]), [row for row in cells if "3 decimals" in row[0]]
    named, of_mixed = map(sum, zip(*(counted(row[3]) for row in mixed), strict=True))
    seen = [100 * number(row[1]) for row in planted if "one field" in row[0]]
    numbers = [row for row in planted if "one field" not in row[0]]
    told, (alarms, n) = [100 * number(row[1]) for row in numbers if number(row[1])], counted(clean[-1][1])
    sets = re.search(r"means of (\d+) seeds", text)[1]  # type: ignore[index]
    return (
        f"of near copies planted in texts, records and images {_range([100 * number(r[1]) for r in rows], '.1f')} % were found on average "
        f"in each of {len(rows)} kinds of sets ({sets} sets each), and {_range([100 * number(r[2]) for r in rows], '.1f')} % of the pairs "
        f"named were planted; {_range(seen, '.0f')} % of records with one field replaced, and {_range(told, '.0f')} % of changed rows in "
        f"{len(told)} of {len(numbers)} kinds of numbers, none in the others; {_range([100 * number(row[1]) for row in mixed], '.0f')} % in "
        f"{len(mixed)} kinds of tables of categories and numbers; {alarms} of {n} clean tables named any ({at_most(alarms, n)}), and "
        f"{named} of {of_mixed} of categories and numbers ({at_most(named, of_mixed)}); of copies with one cell changed among numbers of "
        f"three decimals {_range([100 * number(row[1]) for row in of_kinds], '.0f')} % in {len(of_kinds)} kinds of tables, and any pair in "
        f"{of_cells} of {tested} tables of numbers without copies ({at_most(of_cells, tested)}); "
        "for equal rows it is exact, as all are compared"
    )


def integrity(text: str) -> str:
    undamaged, damaged = ({row[0]: row for row in table} for table in tables(text)[:2])
    clean, every = undamaged["all generated"], damaged["all generated"]
    n, alarms = int(clean[1]), int(number(clean[2]))
    return (
        f"of damage planted in {every[1]} tables {100 * number(every[4]):.0f} % of the cells were found on average, and "
        f"{100 * number(every[3]):.0f} % of the cells named were damaged; {alarms} of {n} clean tables raised an alarm ({at_most(alarms, n)})"
    )


def label_consistency(text: str) -> str:
    grid, extra = tables(text)[:2]
    biased, honest = ([row for row in grid if (row[2] == "0%") == none] for none in (False, True))
    strong = [row for row in biased if int(row[2].rstrip("%")) >= 40]
    (all_first, runs), (first, of_strong), (hits, _) = (
        tuple(map(sum, zip(*(counted(row[at]) for row in rows), strict=True)))
        for rows, at in ((biased, 4), (strong, 4), (biased, 7))
    )
    alarms, of = map(sum, zip(*(counted(row[7]) for row in honest), counted(extra[-1][3]), strict=True))
    turned, even = ([row for row in tables(text)[-1] if (row[2] == "nothing") == none] for none in (False, True))
    ahead, crowds = map(sum, zip(*(counted(row[4]) for row in turned), strict=True))
    wrongly, clean = map(sum, zip(*(counted(row[7]) for row in even), strict=True))
    return (
        f"in {runs:,} runs with one annotator who turns 15 to 60 % of a class, that one came first in {all_first:,} (in {first:,} of "
        f"{of_strong:,} who turn 40 % or more) and somebody was accused in {hits:,}; without any, in {alarms} of {of:,} "
        f"({at_most(alarms, of)}); of several annotators of the same items, who turns 25 % or more came first in {ahead} of {crowds} "
        f"runs, and without any somebody was accused in {wrongly} of {clean} ({at_most(wrongly, clean)})"
    )


def label_issues(text: str) -> str:
    usual, own, warned = tables(text)
    (alarms, n), (seen, noisy) = counted(warned[-1][4]), counted(warned[-1][6])
    seeds = re.search(r"mean of (\d+) seeds", text)[1]  # type: ignore[index]
    return (
        f"wrong labels planted in {len(usual)} data sets, {seeds} times each, were ranked with an average precision (1 is perfect) of "
        f"{_range([number(r[3]) for r in usual], '.2f')} by a plain model's probabilities, and of "
        f"{_range([number(r[2]) for r in own], '.2f')} by the audit's own models; {seen} of {noisy} sets with a tenth of wrong labels raised a warning, "
        f"and {alarms} of {n} without any ({at_most(alarms, n)})"
    )


def outliers(text: str) -> str:
    clean, planted = tables(text)
    (alarms, n), (found, rows) = counted(clean[-1][2]), counted(planted[-1][5])
    return (
        f"of {rows} rows planted in {planted[-1][1]} tables of numbers (another unit, 999, slips, rows from elsewhere) {found} were flagged; "
        f"{alarms} of {n} clean tables raised a warning ({at_most(alarms, n)}) and {clean[-1][3]} a note, mostly skewed ones"
    )


def leakage(text: str) -> str:
    (found, planted), (alarms, sets) = (counted(table[-1][1]) for table in tables(text)[:2])
    parts = [row for row in tables(text)[-1] if " of " in row[1]]
    seen, items = sum(counted(r[1])[0] + counted(r[2])[0] for r in parts), sum(counted(r[1])[1] for r in parts)
    return (
        f"of {planted} planted leaks {found} were found; {alarms} of {sets:,} clean sets raised a warning ({at_most(alarms, sets)}); "
        f"of {items} evaluation texts of which 30 to 90 % stood in longer texts {seen} were named"
    )


def poisoning(text: str) -> str:
    planted, clean = tables(text)
    sets, seen = (sum(int(row[at]) for row in planted) for at in (1, 4))
    runs, alarms = int(clean[-1][1]), int(clean[-1][2])
    return (
        f"of {sets} sets with planted triggers or turned labels {seen} raised a finding; so did {alarms} of {runs} clean sets "
        f"({at_most(alarms, runs)})"
    )


def privacy(text: str) -> str:
    rows = tables(text)[-1]
    (found, planted), (alarms, clean) = ((round(number(row[2]) * int(row[1])), int(row[1])) for row in rows)
    return (
        f"of {planted} columns of personal numbers and addresses, without a telling name, {found} were noticed; {alarms} of "
        f"{clean} clean columns raised an alarm ({at_most(alarms, clean)}); who stands alone by declared columns is counted, not estimated"
    )


def representation(text: str) -> str:
    counted = {
        (row[0], row[1]): [int(row[2]), *(round(number(cell) * int(row[2])) for cell in row[3:])]
        for row in tables(text)[1]
    }
    group, none = "one of six groups", "half of the intersections, no group"
    clean = [row for (gap, _), row in counted.items() if gap == "0"]
    runs, alarms = sum(row[0] for row in clean), sum(row[2] + row[3] for row in clean)
    both = counted["0.15", none]
    return (
        f"of {counted['0.2', group][0]:,} tables of 800 rows with a gap of 20 points for one of six groups {counted['0.2', group][2]} were "
        f"reported, with 10 points {counted['0.1', group][2]}; of {both[0]:,} in which half of four intersections and no group have 15 points "
        f"more {both[3]}; so were {alarms} of {runs:,} without a gap ({at_most(alarms, runs)})"
    )


SENTENCES: dict[str, Callable[[str], str]] = {
    one.__name__: one
    for one in (
        drift, duplicates, integrity, label_consistency, label_issues, leakage, outliers, poisoning, privacy, representation,
    )
}  # fmt: skip
"""How the sentence is made from the tables, by the name of the audit."""


def stated(text: str) -> str:
    """The sentence that stands at the head of a results file; empty without one."""
    first = text.partition("\n")[0]
    return first.removeprefix(HEAD) if first.startswith(HEAD) else ""


def with_sentence(name: str, text: str) -> str:
    """`text` with the sentence of its own tables at its head."""
    below = text.partition("\n\n")[2] if stated(text) else text
    return f"{HEAD}{SENTENCES[name](below)}\n\n{below}"


def main() -> None:
    """Put the sentence into each file of results/, and print it."""
    for name in sorted(SENTENCES):
        path = RESULTS / f"{name}.md"
        text = with_sentence(name, path.read_text(encoding="utf-8"))
        path.write_text(text, encoding="utf-8")
        print(f"{name}: {stated(text)}")


if __name__ == "__main__":
    main()
