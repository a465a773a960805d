"""How well the audit `integrity` finds damaged cells, and how often it alarms on clean tables.

Usage:
    python benchmarks/detection/integrity.py --seeds 2000:2030 --append runs.jsonl [--data FOLDER]
    python benchmarks/detection/integrity.py --table runs.jsonl > benchmarks/detection/results/integrity.md
    python benchmarks/detection/integrity_published.py FOLDER >> benchmarks/detection/results/integrity.md

Beside it, on the same tables in the same run, a simple rule: a cell is damaged when its shape (digits, letters, signs)
is in fewer than 1 % of the column's cells, when it is the only one with its value in a column whose values repeat, or
when it lies beyond the outer fences of its column. FOLDER holds adult_train.csv.gz, german_credit.csv, penguins.csv.
Seeds 0 to 99 were for tuning, those from 2000 on are for scoring. Tables of generators are independent of each other;
samples of the three real ones overlap, so that they are counted apart.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from integrity_faults import AS_IN, Truth, damaged, number, numeric
from integrity_sets import GENERATORS, REAL, Random, published

from governance.asking import ask
from governance.audits.integrity import Integrity
from governance.evidence import Level
from governance.measures.fences import beyond_fences
from governance.measures.intervals import bootstrap, wilson
from governance.measures.string_damage import shape
from governance.testing import make_snapshot

Cells = set[tuple[int, str]]


def simple_rule(frame: pl.DataFrame) -> Cells:
    """Shape and rarity."""
    found: Cells = set()
    for name in frame.columns:
        values = frame[name].to_list()
        known = [value for value in values if value is not None]
        if numeric(values):
            numbers = np.array([number(value) for value in values])
            beyond = beyond_fences(numbers)
            found |= {(row, name) for row in range(len(values)) if beyond is not None and beyond[row]}
        shapes, counts = defaultdict(int), defaultdict(int)
        for value in known:
            shapes[shape(value)] += 1
            counts[value] += 1
        repeats = len(counts) < 0.5 * len(known) and not numeric(values)
        found |= {
            (row, name)
            for row, value in enumerate(values)
            if value is not None and (shapes[shape(value)] < 0.01 * len(known) or (repeats and counts[value] == 1))
        }
    return found


def audited(frame: pl.DataFrame) -> tuple[Cells, list[str]]:
    """Cells that the audit flags, and the rules of its warnings and errors."""
    with tempfile.TemporaryDirectory() as name:
        answer = ask(Integrity(), make_snapshot(Path(name), frame))
    if answer.rows is None:
        return set(), []
    flagged = answer.rows.filter("flagged")
    cells = {
        (row, text.split(": ", 1)[0]) for row, text in zip(flagged["source_row"], flagged["suggestion"], strict=True)
    }
    return cells, [finding.rule for finding in answer.findings if finding.level is not Level.NOTE]


def score(found: Cells, truth: Truth) -> dict[str, float]:
    """Precision, recall and F1 of cells."""
    hits = len(found & truth.keys())
    precision, recall = hits / len(found) if found else 0.0, hits / len(truth) if truth else 0.0
    return {"precision": precision, "recall": recall, "f1": 2 * hits / max(len(found) + len(truth), 1)}


def tables_of(data: Path | None) -> dict[str, Callable[[Random], pl.DataFrame]]:
    """Every kind of table, the samples of real ones last."""
    real = {} if data is None else {name.split(".")[0]: published(name, data) for name in REAL}
    return {**GENERATORS, **real}


def asked(seed: int, place: int, name: str, draw: Callable[[Random], pl.DataFrame]) -> Iterator[dict[str, Any]]:
    """One table: as it is, damaged, and damaged as a published one of its kind."""
    random = np.random.default_rng([seed, place])
    clean = draw(random)
    cells, rules = audited(clean)
    size = {"table": name, "seed": seed, "cells": clean.height * clean.width}
    yield {**size, "how": "clean", "alarms": rules, "false": len(cells), "simple_false": len(simple_rule(clean))}
    made = {"damaged": damaged(random, clean, name)}
    if name in AS_IN:
        made["as in"] = AS_IN[name](random, clean)
    for how, (dirty, truth) in made.items():
        found, simple = audited(dirty)[0], simple_rule(dirty)
        kinds: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        for cell, fault in truth.items():
            kinds[fault] = [a + b for a, b in zip(kinds[fault], (cell in found, cell in simple, 1), strict=True)]
        yield {**size, "how": how, "audit": score(found, truth), "simple": score(simple, truth), "kinds": kinds}


def run(first: int, last: int, out: Path, data: Path | None) -> None:
    """Every table with every seed."""
    lines = out.read_text(encoding="utf-8").splitlines() if out.is_file() else []
    done = {(one["table"], one["seed"]) for one in map(json.loads, lines)}
    with out.open("a", encoding="utf-8") as file:
        for seed in range(first, last):
            for place, (name, draw) in enumerate(tables_of(data).items()):
                if (name, seed) not in done:
                    file.writelines(json.dumps(one) + "\n" for one in asked(seed, place, name, draw))
                    file.flush()


def results(path: Path) -> str:
    """The results as Markdown."""
    runs = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    by = {how: [one for one in runs if one["how"] == how] for how in ("clean", "damaged", "as in")}
    real = {name.split(".")[0] for name in REAL}
    return "\n".join(
        [
            "Clean tables (unit: one table). Generated ones are independent; samples of a real one overlap. In `visits`, `stores`,",
            "`readings` and `purchases` one thing has many rows whose values honestly differ or are missing.",
            "",
            "| table | clean tables | with an alarm (95 % Wilson) | cells flagged | by the simple rule |",
            "|---|---|---|---|---|",
            *(_clean(name, part) for name, part in _named(by["clean"], real)),
            "",
            "Six kinds of damage, each in 1 to 5 % of the cells of one column. F1 of cells: mean over tables, 95 % bootstrap.",
            "",
            *_scores(_named(by["damaged"], real)),
            "",
            *_kinds(by["damaged"]),
            "",
            "Generated tables damaged all over as published ones that cleaning methods are compared on are: `hospitals` with letters",
            "x, `flights` with sources that disagree, leave out and add the day, `beers` with units, percent signs and states behind",
            "cities, `articles` (as in rayyan) with abbreviations, codes, misread letters, dates and pages that a spreadsheet changed,",
            "`reports` (as in flights too) with sources that copy each other, leave out whole columns and are wrong together.",
            "",
            *_scores([(name, [one for one in by["as in"] if one["table"] == name]) for name in AS_IN]),
            "",
            *_kinds(by["as in"]),
        ]
    )


def _named(runs: list[dict[str, Any]], real: set[str]) -> list[tuple[str, list[dict[str, Any]]]]:
    names = sorted({one["table"] for one in runs}, key=lambda name: (name in real, name))
    generated = [one for one in runs if one["table"] not in real]
    parts = [(name, [one for one in runs if one["table"] == name]) for name in names]
    return [*parts, ("**all generated**", generated)]


def _clean(name: str, runs: list[dict[str, Any]]) -> str:
    alarms, cells = sum(bool(one["alarms"]) for one in runs), sum(one["cells"] for one in runs)
    low, high = wilson(alarms, len(runs))
    return (
        f"| {name} | {len(runs)} | {alarms} ({low:.1%} to {high:.1%}) | {sum(one['false'] for one in runs) / cells:.3%} | "
        f"{sum(one['simple_false'] for one in runs) / cells:.3%} |"
    )


def _scores(parts: list[tuple[str, list[dict[str, Any]]]]) -> Iterator[str]:
    yield "| table | damaged tables | F1 of the audit | precision | recall | F1 of the simple rule | better on |"
    yield "|---|---|---|---|---|---|---|"
    for name, runs in parts:
        ours, simple = (np.array([one[who]["f1"] for one in runs]) for who in ("audit", "simple"))
        low, high = bootstrap(lambda rows, values=ours: float(values[rows].mean()), ours.size)
        precision, recall = (np.mean([one["audit"][what] for one in runs]) for what in ("precision", "recall"))
        yield (
            f"| {name} | {len(runs)} | {ours.mean():.2f} ({low:.2f} to {high:.2f}) | {precision:.2f} | {recall:.2f} | "
            f"{simple.mean():.2f} | {int((ours > simple).sum())} |"
        )


def _kinds(runs: list[dict[str, Any]]) -> Iterator[str]:
    yield "| damage | cells | found | by the simple rule |"
    yield "|---|---|---|---|"
    kinds: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for one in runs:
        for kind, counts in one["kinds"].items():
            kind = f"{one['table']}, {kind}" if one["how"] == "as in" else kind
            kinds[kind] = [a + b for a, b in zip(kinds[kind], counts, strict=True)]
    for kind, (hit, simple, every) in sorted(kinds.items()):
        yield f"| {kind} | {every} | {hit / every:.0%} | {simple / every:.0%} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", default="0:5")
    parser.add_argument("--append", type=Path, default=Path("/dev/stdout"))
    parser.add_argument("--data", type=Path)
    parser.add_argument("--table", type=Path)
    given = parser.parse_args()
    if given.table:
        print(results(given.table))
        return
    first, last = (int(part) for part in given.seeds.split(":"))
    run(first, last, given.append, given.data)


if __name__ == "__main__":
    sys.exit(main())
