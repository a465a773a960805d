"""How well personal data and secrets are found: spans in generated texts, beside Presidio's patterns, and columns.

    python benchmarks/detection/privacy.py --presidio PYTHON [texts.parquet spans.parquet] > benchmarks/detection/results/privacy.md

PYTHON is the interpreter of an environment that has `presidio-analyzer`; without it only our columns are written.
Presidio runs with every pattern recogniser that it ships, of all countries, over a blank spaCy pipeline; its entity
types are counted as the kind nearest to them, and types that have none are left out on both sides. A span counts when
it overlaps a true span of its kind by three quarters. Patterns were written with seeds 0 to 99; these are others.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import polars as pl

sys.path.insert(0, str(Path(__file__).parent))
from personal_texts import Labelled, email, iban, national, phone, texts

from governance.measures.intervals import wilson
from governance.measures.national_ids import NATIONAL_IDS
from governance.measures.personal_data import find
from governance.reporting.personal_scan import scan_values

SEEDS = range(1000, 1020)
NATIONAL = {rule.name for rule in NATIONAL_IDS}
PEER = Path(__file__).parent / "presidio_peer.py"
TYPES = {
    "EMAIL_ADDRESS": "email", "PHONE_NUMBER": "phone", "CREDIT_CARD": "card", "IBAN_CODE": "iban", "IP_ADDRESS": "ip_address",
    "MAC_ADDRESS": "mac_address", "URL": "web_address", "DOMAIN_NAME": "web_address",
}  # fmt: skip
NO_NATIONAL = {
    "CRYPTO",
    "DATE_TIME",
    "UUID",
    "MEDICAL_LICENSE",
    "US_BANK_NUMBER",
    "ABA_ROUTING_NUMBER",
    "AU_ABN",
    "AU_ACN",
    "US_MBI",
    "US_NPI",
}
SHARED = (*dict.fromkeys(TYPES.values()), "national_id")
Spans = list[list[tuple[int, int, str]]]


def ours(batch: list[str]) -> Spans:
    return [[(s.start, s.end, "national_id" if s.kind in NATIONAL else s.kind) for s in find(text)] for text in batch]


def presidio(python: str, batch: list[str], *options: str) -> Spans:
    """Spans of Presidio; of spans that overlap the one with the higher score, as its own anonymiser does."""
    run = subprocess.run(
        [python, str(PEER), *options],
        input=json.dumps(batch),
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": ""},
    )
    found: Spans = []
    for spans in json.loads(run.stdout):
        kept: list[tuple[int, int, str]] = []
        for start, end, kind, _ in sorted(spans, key=lambda s: (-s[3], s[0] - s[1])):
            if all(end <= other[0] or start >= other[1] for other in kept):
                national_id = "national_id" if "_" in kind and kind not in NO_NATIONAL else kind
                kept.append((start, end, TYPES.get(kind, national_id)))
        found.append(kept)
    return found


def count(truth: Iterable[Labelled], found: Spans) -> dict[str, Counter[str]]:
    """Kind to true positives, false positives and false negatives."""
    counted: dict[str, Counter[str]] = {}
    for text, spans in zip(truth, found, strict=True):
        left = list(text.spans)
        for start, end, kind in spans:
            same = [s for s in left if s[2] == kind and _overlap(s, (start, end)) >= 0.75]
            counted.setdefault(kind, Counter())["right" if same else "wrong"] += 1
            if same:
                left.remove(same[0])
        for _, _, kind in left:
            counted.setdefault(kind, Counter())["missed"] += 1
    return counted


def _overlap(one: tuple[int, int, str], other: tuple[int, int]) -> float:
    return (min(one[1], other[1]) - max(one[0], other[0])) / (max(one[1], other[1]) - min(one[0], other[0]))


def f1(counts: Iterable[Counter[str]]) -> float:
    total = sum(counts, Counter())
    hit = 2 * total["right"]
    return hit / max(1, hit + total["wrong"] + total["missed"])


def columns() -> list[str]:
    """Whole columns: of numbers that are personal, and of numbers, codes and words that are not."""
    lines = []
    for name, planted in (
        ("planted: e-mail, phone, IBAN and 30 kinds of identity numbers", True),
        ("clean: order numbers, codes, prices, times", False),
    ):
        right = tried = 0
        for seed in SEEDS:
            draw = random.Random(seed)
            makers = [
                email,
                phone,
                iban,
                *[lambda d, r=rule: national(r, d) for rule in NATIONAL_IDS if 0 < rule.chance <= 0.2],
            ]
            clean = [
                lambda d: str(d.randrange(10**8, 10**9)), lambda d: str(d.randrange(10**10, 10**11)), lambda d: str(d.randrange(10**15, 10**16)),
                lambda d: f"{d.randrange(10**5):05d}-{d.randrange(100):02d}", lambda d: f"{d.randrange(10**4) / 100:.2f}", lambda d: f"A{d.randrange(10**7):07d}",
                lambda d: f"2021-0{d.randrange(1, 9)}-1{d.randrange(9)} 1{d.randrange(9)}:30:00", lambda d: d.choice(["oak", "elm", "Green Road", "May"]) + str(d.randrange(99)),
                lambda d: str(20230000000 + d.randrange(10**7)), lambda d: f"{d.randrange(16**12):012x}", lambda d: f"{d.randrange(10)}.{d.randrange(10)}.{d.randrange(40)}",
                lambda d: str(d.randrange(10**12, 10**13)),
            ]  # fmt: skip
            for make in makers if planted else clean:
                values = sorted({make(draw) for _ in range(60)})
                hits = [
                    h
                    for h in scan_values("x", pl.Series(values), pl.Series([1] * len(values)))
                    if h.kind != "web_address"
                ]
                tried += 1
                right += any(h.rows >= 0.8 * len(values) for h in hits) if planted else bool(hits)
        low, high = wilson(right, tried)
        lines.append(f"| {name} | {tried} | {right / tried:.3f} ({low:.3f} to {high:.3f}) |")
    return lines


def speed() -> str:
    batch = [
        f"{text.text} {seed}.{place}" for seed in range(2000, 2050) for place, text in enumerate(texts(seed, 2000))
    ]
    values = pl.Series(batch).unique().sort()
    start = time.perf_counter()
    scan_values("text", values, pl.Series([1] * values.len()))
    return f"{values.len():,} texts, nine in ten of which hold something, were scanned in {time.perf_counter() - start:.0f} s on one core."


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--presidio")
    parser.add_argument("files", nargs="*")
    options = parser.parse_args()
    sets = {f"generated, seed {seed}": texts(seed) for seed in SEEDS}
    methods = {"ours": ours}
    if options.presidio:
        methods["presidio, defaults"] = lambda batch: presidio(options.presidio, batch)
        methods["presidio, all countries"] = lambda batch: presidio(options.presidio, batch, "--all")
        methods["presidio, all, score 0.35"] = lambda batch: presidio(options.presidio, batch, "--all", "--low")
    scores: dict[str, list[float]] = {}
    totals: dict[str, dict[str, Counter[str]]] = {}
    for method, run in methods.items():
        everything = [text for batch in sets.values() for text in batch]
        found = run([text.text for text in everything])
        place, totals[method] = 0, {}
        for batch in sets.values():
            counted = count(batch, found[place : place + len(batch)])
            place += len(batch)
            scores.setdefault(method, []).append(f1(counted.get(kind, Counter()) for kind in SHARED))
            for kind, counts in counted.items():
                totals[method][kind] = totals[method].get(kind, Counter()) + counts
    print(
        f"Spans in {len(SEEDS)} generated sets of 400 texts each, kinds that both know: mean F1, and the middle 95 % of sets.\n"
    )
    print("| method | F1 | precision | recall |\n|---|---|---|---|")
    for method, values in scores.items():
        total = sum((totals[method].get(kind, Counter()) for kind in SHARED), Counter())
        low, high = np.quantile(values, [0.025, 0.975])
        precision, recall = (
            total["right"] / (total["right"] + total["wrong"]),
            total["right"] / (total["right"] + total["missed"]),
        )
        print(f"| {method} | {np.mean(values):.3f} ({low:.3f} to {high:.3f}) | {precision:.3f} | {recall:.3f} |")
    print(
        "\nBy kind, F1 over all sets (true spans):\n\n| kind | spans | "
        + " | ".join(methods)
        + " |\n|---|---|"
        + "---|" * len(methods)
    )
    for kind in (*SHARED, "date_of_birth", "token", "url_credentials"):
        true = totals["ours"][kind]["right"] + totals["ours"][kind]["missed"]
        cells = [
            f"{f1([totals[m].get(kind, Counter())]):.3f}" if m == "ours" or kind in SHARED else "" for m in methods
        ]
        print(f"| {kind} | {true} | " + " | ".join(cells) + " |")
    if len(options.files) == 2:
        _published(options.files, methods)
    print(
        "\nColumns of 60 values without a telling name: share in which something is reported.\n\n| columns | runs | reported (95 % interval) |\n|---|---|---|"
    )
    print("\n".join(columns()))
    print(f"\n{speed()}")


PUBLISHED = TYPES | {"US_SSN": "national_id"}


def _published(files: list[str], methods: dict) -> None:
    """F1 on texts with spans that somebody else wrote; nothing was chosen by them."""
    frame, spans = pl.read_parquet(files[0]), pl.read_parquet(files[1])
    known = spans.filter(pl.col("entity_type").is_in(list(PUBLISHED)))
    truth = []
    for doc, text in zip(frame["doc"], frame["text"], strict=True):
        of = known.filter(pl.col("doc") == doc)
        truth.append(Labelled(text, tuple((r["start"], r["end"], PUBLISHED[r["entity_type"]]) for r in of.to_dicts())))
    print(
        f"\nSpans in {len(truth)} texts that Presidio's authors generated, {known.height} of shared kinds; kept aside.\n\n| method | F1 | right | wrong | missed |\n|---|---|---|---|---|"
    )
    for method, run in methods.items():
        counted = count(truth, run([text.text for text in truth]))
        total = sum((counted.get(kind, Counter()) for kind in SHARED), Counter())
        print(f"| {method} | {f1([total]):.3f} | {total['right']} | {total['wrong']} | {total['missed']} |")


if __name__ == "__main__":
    main()
