"""How many planted near copies the audit `duplicates` finds, and how many of what it finds are planted.

    python benchmarks/detection/duplicates.py [texts] [records] [images] [many] [tables] [mixed] [cells] > benchmarks/detection/results/duplicates.md

Texts, records and images are made, and some are copied with edits; truth is the planted pairs that still share 0.8 of
their runs (Jaccard). The peer for texts is datasketch's MinHashLSH (128 permutations, the same runs, threshold 0.7,
its own choice of bands), when it is installed; its pairs are not verified, as its documentation has it. For images it is
the perceptual hash of 64 bits with a distance of 8 or less, and for records equality of all fields but one. Tables of
numbers, of short records (`duplicates_tables.py`) and of categories and numbers (`duplicates_mixed.py`) are asked with
near copies and without any. Thresholds were set on
seeds 0 to 99 and above 800,000; these are others.
"""

from __future__ import annotations

import io
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parent))
from duplicates_cells import CLEAN, PLANTED, cell_set, own_cells
from duplicates_mixed import MIXED, mixed_set, own_mixed
from duplicates_tables import NUMBERS, RECORDS, persons, replaced

from governance.adapters.faiss import nearest
from governance.adapters.pillow import pixels
from governance.measures.image_views import view_hashes
from governance.measures.intervals import mean_interval, wilson
from governance.measures.near_duplicates import near_pairs
from governance.measures.perceptual_hash import DIFFERING_BITS, SIDE, differing_bits, luminance, perceptual_hash
from governance.measures.record_linkage import field, linked
from governance.measures.similar_texts import similar_texts
from governance.measures.words import plain
from governance.signals.changed_images import changed_copies
from governance.signals.near_images import cut_copies, near_signatures

SEEDS = range(1000, 1020)
CLEAN_SEED, CLEAN_NUMBERS, CLEAN_RECORDS = 500_000, 25, 20
Rng = np.random.Generator
Found = set[tuple[int, int]]


class Score(NamedTuple):
    """Of one set."""

    recall: float
    """Of planted pairs with an overlap of 0.8 or more."""
    precision: float
    """Of found pairs, those that were planted, whatever their overlap."""


def scored(found: Found, planted: dict[tuple[int, int], float]) -> Score:
    wanted = {pair for pair, overlap in planted.items() if overlap >= 0.8}
    return Score(len(found & wanted) / max(len(wanted), 1), len(found & planted.keys()) / max(len(found), 1))


def letters(text: str) -> frozenset[str]:
    padded = f" {plain(text)} "
    return frozenset(padded[i : i + 5] for i in range(max(len(padded) - 4, 1)))


def words(text: str) -> frozenset[str]:
    listed = plain(text).split(" ")
    return frozenset(" ".join(listed[i : i + 3]) for i in range(max(len(listed) - 2, 1)))


def overlap(first: frozenset[str], second: frozenset[str]) -> float:
    return len(first & second) / max(len(first | second), 1)


def vocabulary(rng: Rng, size: int) -> NDArray[np.object_]:
    return np.array(["".join(rng.choice(list("abcdefghilmnoprstu"), rng.integers(2, 10))) for _ in range(size)], object)


def texts(rng: Rng, count: int, low: int, high: int) -> list[str]:
    """Texts of frequent and rare words, a tenth of them from templates in which only some words differ."""
    listed = vocabulary(rng, 5000)
    share = 1 / np.arange(1, listed.size + 1)
    lengths = rng.integers(low, high, count)
    drawn = rng.choice(listed.size, int(lengths.sum()), p=share / share.sum())
    parts = np.split(drawn, np.cumsum(lengths)[:-1])
    templates = [rng.choice(listed.size, low, p=share / share.sum()) for _ in range(5)]
    made = []
    for number, part in enumerate(parts):
        if number % 10 == 0:  # half of the words are the template's: alike, and no copies
            part = np.where(np.arange(low) % 2 == 0, templates[number // 10 % 5], part[:low])
        made.append(" ".join(listed[part]))
    return made


def edit_text(rng: Rng, text: str) -> str:
    listed = text.split()
    for _ in range(int(rng.integers(1, max(2, len(listed) // 12 + 1)))):
        place = int(rng.integers(len(listed)))
        match int(rng.integers(4)):
            case 0:
                listed[place] = "changed"
            case 1:
                listed.insert(place, "added")
            case 2 if len(listed) > 3:
                del listed[place]
            case _:
                listed[place] = typo(rng, listed[place])
    return " ".join(listed)


def typo(rng: Rng, value: str) -> str:
    place, letter = (
        int(rng.integers(len(value))),
        str(rng.choice(list("0123456789" if value.isdigit() else "aeiounrst"))),
    )
    changed = [
        value[:place] + letter + value[place + 1 :],
        value[:place] + letter + value[place:],
        value[:place] + value[place + 1 :] if len(value) > 1 else value + letter,
        value[:place] + value[place : place + 2][::-1] + value[place + 2 :],
    ]
    return changed[int(rng.integers(4))]


def text_set(rng: Rng, count: int, low: int, high: int) -> tuple[list[str], list[tuple[int, int]]]:
    made = texts(rng, count, low, high)
    planted = [(row, count + row) for row in range(count // 20)]
    return [*made, *(edit_text(rng, made[row]) for row, _ in planted)], planted


def own_texts(made: Sequence[str]) -> Found:
    first, second, _ = similar_texts(made)
    return set(zip(first.tolist(), second.tolist(), strict=True))


def peer_texts(made: Sequence[str]) -> Found:
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=0.7, num_perm=128)
    sketches = MinHash.bulk([[run.encode() for run in letters(text)] for text in made], num_perm=128)
    found: Found = set()
    for number, sketch in enumerate(sketches):
        found |= {(int(other), number) for other in index.query(sketch)}
        index.insert(number, sketch)
    return found


def people(rng: Rng, count: int) -> list[list[str | None]]:
    """Records of people in households: members share surname, address, town and postcode."""
    syllables = [
        "ka",
        "lo",
        "mi",
        "ra",
        "ten",
        "sto",
        "vel",
        "dar",
        "be",
        "no",
        "shi",
        "ru",
        "ma",
        "el",
        "an",
        "or",
        "is",
    ]

    def name(length: int) -> str:
        return "".join(rng.choice(syllables, length))

    def frequent(size: int) -> NDArray[np.float64]:
        share = 1 / np.arange(1, size + 1) ** 0.7
        return np.asarray(share / share.sum())

    given, surnames = [name(2) for _ in range(200)], [name(3) for _ in range(800)]
    streets, towns = [name(3) for _ in range(600)], [name(3) for _ in range(150)]
    made: list[list[str | None]] = []
    while len(made) < count:
        surname, town = surnames[rng.choice(800, p=frequent(800))], int(rng.choice(150, p=frequent(150)))
        address = f"{rng.integers(1, 200)} {streets[rng.choice(600)]} street"
        for _ in range(int(rng.integers(1, 4))):
            born = f"19{rng.integers(30, 99)}-{rng.integers(1, 13):02d}-{rng.integers(1, 29):02d}"
            first = given[rng.choice(200, p=frequent(200))]
            made.append([first, surname, address, towns[town], str(1000 + 7 * town), born, str(rng.integers(20, 60))])
    return made[:count]


def record_set(rng: Rng, count: int) -> tuple[list[list[str | None]], dict[tuple[int, int], float]]:
    made = people(rng, count)
    planted = {}
    for row in range(count // 10):
        copy = list(made[row])
        for _ in range(int(rng.integers(1, 4))):
            column = int(rng.integers(len(copy)))
            value = copy[column]
            copy[column] = None if value is None or rng.random() < 0.1 else typo(rng, value)
        one, other = (letters(" ".join(value or "" for value in record)) for record in (made[row], copy))
        planted[row, len(made)] = overlap(one, other)
        made.append(copy)
    return made, planted


def own_records(made: list[list[str | None]]) -> Found:
    pairs = linked([field([record[c] for record in made], typed=True) for c in range(len(made[0]))])
    return set() if pairs is None else set(zip(pairs[0].tolist(), pairs[1].tolist(), strict=True))


def peer_records(made: list[list[str | None]]) -> Found:
    found: Found = set()
    for left_out in range(len(made[0])):
        seen: dict[tuple[str | None, ...], list[int]] = {}
        for row, record in enumerate(made):
            seen.setdefault(tuple(v for c, v in enumerate(record) if c != left_out), []).append(row)
        for rows in seen.values():
            found |= {(one, other) for one in rows for other in rows if one < other}
    return found


def image_set(rng: Rng, kind: str) -> tuple[list[bytes], dict[tuple[int, int], float]]:
    """Textured patches of scikit-learn's two photographs, and generated scenes; one in five copied with an edit."""
    from PIL import Image, ImageEnhance, ImageOps
    from sklearn.datasets import load_sample_images

    patches = []
    for photo in load_sample_images().images:
        starts = [(y, x) for y in range(0, 380, 44) for x in range(0, 590, 44)]
        patches += [Image.fromarray(photo[y : y + 44, x : x + 44]).resize((64, 64)) for y, x in starts]
    patches = [patch for patch in patches if np.asarray(patch.convert("L")).std() > 12]
    while len(patches) < 300:
        scene = np.kron(rng.uniform(0, 255, (8, 8, 3)), np.ones((8, 8, 1))) + rng.normal(0, 10, (64, 64, 3))
        patches.append(Image.fromarray(scene.clip(0, 255).astype(np.uint8)))
    edits: dict[str, Callable[[Any], Any]] = {
        "saved as JPEG, quality 50": lambda image: image,
        "shrunk to 40 pixels": lambda image: image.resize((40, 40)),
        "brighter by 20 %": lambda image: ImageEnhance.Brightness(image).enhance(1.2),
        "less contrast": lambda image: ImageEnhance.Contrast(image).enhance(0.8),
        "3 % cut off each side": lambda image: image.crop((2, 2, 62, 62)),
        "9 % cut off each side": lambda image: image.crop((6, 6, 58, 58)),
        "9 % cut off two sides": lambda image: image.crop((6, 6, 64, 64)),
        "in grey": lambda image: image.convert("L"),
        "mirrored": ImageOps.mirror,
        "turned by 5 degrees": lambda image: image.rotate(5, resample=Image.Resampling.BICUBIC),
    }
    chosen = rng.permutation(len(patches))[:60].tolist()
    made = [encoded(patch, "PNG") for patch in patches]
    planted = {(row, len(made) + number): 1.0 for number, row in enumerate(chosen)}
    return [
        *made,
        *(encoded(edits[kind](patches[row]), "JPEG" if "JPEG" in kind else "PNG") for row in chosen),
    ], planted


def encoded(image: Any, kind: str) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **({"quality": 50} if kind == "JPEG" else {}))
    return buffer.getvalue()


def own_images(made: list[bytes]) -> Found:
    values = pixels(made, SIDE, exact=True)
    grey = luminance(values.reshape(len(made), SIDE * SIDE, -1))
    signature = perceptual_hash(grey)
    hashed = near_signatures(signature)
    assert hashed is not None
    small = pixels(made)
    embedded = nearest((small - small.mean(axis=0)).astype(np.float32), 10, np.arange(len(made)))
    near = near_pairs(embedded.index, embedded.distance)
    first, second, score = (
        np.concatenate(both) for both in zip(hashed.pairs, (near.first, near.second, near.score), strict=True)
    )
    alike = differing_bits(signature, first, second) <= DIFFERING_BITS
    doubtful = first[~alike], second[~alike], score[~alike]
    at = grey.reshape(-1, SIDE, SIDE)
    cut = cut_copies(lambda rows: at[rows], doubtful, hashed.others)
    kept = first[alike], second[alike], score[alike]
    changed = changed_copies(lambda rows: at[rows], signature, view_hashes(grey).astype(np.float32), kept)
    assert changed is not None
    return {
        *zip(cut[0].tolist(), cut[1].tolist(), strict=True),
        *zip(changed[0].tolist(), changed[1].tolist(), strict=True),
    }


def peer_images(made: list[bytes]) -> Found:
    values = pixels(made, SIDE, exact=True)
    signature = perceptual_hash(values.reshape(len(made), SIDE * SIDE, -1).mean(axis=2))
    bits = signature > np.median(signature, axis=1, keepdims=True)
    distance = (bits[:, None] != bits[None]).sum(axis=2)
    first, second = np.nonzero(np.triu(distance <= 8, 1))
    return set(zip(first.tolist(), second.tolist(), strict=True))


def shown(scores: list[Score]) -> str:
    parts = []
    for values in zip(*scores, strict=True):
        low, high = mean_interval(np.array(values))
        parts.append(f"{np.mean(values):.3f} ({max(low, 0):.3f} to {min(high, 1):.3f})")
    return " | ".join(parts)


def own_numbers(made: NDArray[np.float64]) -> Found:
    scaled = (made - made.mean(axis=0)) / made.std(axis=0)
    graph = nearest(scaled.astype(np.float32), 10, np.arange(len(made)))
    near = near_pairs(graph.index, graph.distance)
    return set() if near.blind else set(zip(near.first.tolist(), near.second.tolist(), strict=True))


def number_set(rng: Rng, kind: str) -> tuple[NDArray[np.float64], dict[tuple[int, int], float]]:
    """600 rows of eight numbers, and 30 of them once more, each number moved by 1 % of its spread or so."""
    made = NUMBERS[kind](rng, 600, 8)
    moved = made[:30] + rng.normal(0, 0.01, (30, 8)) * made.std(axis=0)
    return np.concatenate([made, moved]), {(row, 600 + row): 1.0 for row in range(30)}


def tables() -> None:
    """Near copies in tables of numbers and in short records, and what is found where there are none."""
    print(f"Near copies in tables, means of {len(SEEDS)} seeds with 95 % intervals over seeds.\n")
    print("| table | recall | precision |\n|---|---|---|")
    for kind in NUMBERS:
        sets = [number_set(np.random.default_rng(seed), kind) for seed in SEEDS]
        found = [own_numbers(made) for made, _ in sets]
        told = shown([scored(own, truth) for own, (_, truth) in zip(found, sets, strict=True)])
        silent = sum(not own for own in found)
        print(
            f"| {kind}: 30 of 600 rows copied, moved by 1 % | {told if silent < len(sets) else '0.000 | none named'} |"
        )
    for rows in (300, 1000, 3000):
        draws = [np.random.default_rng(seed) for seed in SEEDS]
        records = [replaced(rng, persons(rng, rows), rows // 20) for rng in draws]
        scores = [scored(own_records(made), truth) for made, truth in records]
        print(f"| {rows:,} records of five fields: a twentieth copied, one field of another record | {shown(scores)} |")
    print(
        f"\nTables without copies (150 to 1,000 rows, 3 to 15 columns of numbers) in which any pair of unequal rows was named, seeds from {CLEAN_SEED} on.\n"
    )
    print("| clean tables | with any pair |\n|---|---|")
    alarms: list[bool] = []
    for name in [*NUMBERS, *RECORDS]:
        named = []
        for seed in range(CLEAN_SEED, CLEAN_SEED + (CLEAN_NUMBERS if name in NUMBERS else CLEAN_RECORDS)):
            rng = np.random.default_rng(seed)
            rows, columns = int(rng.integers(150, 1000)), int(rng.integers(3, 16))
            if name in NUMBERS:
                named.append(bool(own_numbers(NUMBERS[name](rng, rows, columns))))
            else:
                made = [list(record) for record in zip(*RECORDS[name](rng, rows), strict=True)]
                # Records that chance made equal are left to the exact check, as the audit does.
                named.append(any(made[one] != made[other] for one, other in own_records(made)))
        alarms += named
        print(f"| {name} | {counted(sum(named), len(named))} |", flush=True)
    print(f"| **all** | **{counted(sum(alarms), len(alarms))}** |")


def mixed_tables() -> None:
    """Rows of categories and numbers, copied with one edit; and such tables without copies."""
    print(
        "\nTables of categories and numbers, 3 % of the rows copied with a letter mistyped, another level, another number"
    )
    print(
        "or a value left out; the audit as it asks. The last column: tables without copies in which any pair was named.\n"
    )
    print("| table, 400 to 3,000 rows | recall | precision | clean |\n|---|---|---|---|")
    for kind in MIXED:
        scores, alarms = [], 0
        for seed in SEEDS:
            frame, planted = mixed_set(np.random.default_rng(seed), kind, 0.03)
            scores.append(scored(own_mixed(frame), dict.fromkeys(planted, 1.0)))
            clean, _ = mixed_set(np.random.default_rng(CLEAN_SEED + seed), kind, 0.0)
            alarms += bool(own_mixed(clean))
        print(f"| {kind} | {shown(scores)} | {counted(alarms, len(SEEDS))} |", flush=True)


def counted(count: int, of: int) -> str:
    low, high = wilson(count, of)
    return f"{count} of {of} ({low:.1%} to {high:.1%})"


def main() -> None:
    warnings.simplefilter("ignore")
    parts = {
        "texts": text_rows,
        "records": record_row,
        "images": image_rows,
        "many": many_texts,
        "tables": tables,
        "mixed": mixed_tables,
        "cells": changed_cells,
    }
    for name in sys.argv[1:] or list(parts):
        parts[name]()


def changed_cells() -> None:
    """Copies with one cell changed in tables of numbers alone."""
    print(
        "\nTables of numbers alone (300 to 1,500 rows), a thirtieth of the rows copied with one cell lost or replaced; and "
        f"tables without copies (150 to 1,500 rows, seeds from {CLEAN_SEED} on) in which any pair was named.\n"
    )
    print("| table | recall | precision | clean |\n|---|---|---|---|")
    alarms: list[bool] = []
    for kind in PLANTED | CLEAN:  # first those with copies
        told, named = " | ", ""
        if kind in PLANTED:
            sets = [cell_set(np.random.default_rng(seed), PLANTED[kind]) for seed in SEEDS]
            found = [own_cells(made) for made, _ in sets]
            told = shown([scored(own, truth) for own, (_, truth) in zip(found, sets, strict=True)])
            told = told if any(found) else "0.000 | none named"
        if kind in CLEAN:
            draws = [np.random.default_rng(CLEAN_SEED + seed) for seed in range(CLEAN_NUMBERS)]
            clean = [bool(own_cells(CLEAN[kind](rng, int(rng.integers(150, 1500))))) for rng in draws]
            alarms += clean
            named = counted(sum(clean), len(clean))
        print(f"| {kind} | {told} | {named} |", flush=True)
    print(f"| **all** | | | **{counted(sum(alarms), len(alarms))}** |")


def text_rows() -> None:
    """Near copies of texts; the head of the table of all contents comes with them."""
    try:
        import datasketch  # noqa: F401

        peer = True
    except ImportError:
        peer = False
    print(f"Near copies with an overlap of 0.8 or more, means of {len(SEEDS)} seeds with 95 % intervals over seeds.\n")
    print("| set | recall | precision | peer | its recall | its precision |\n|---|---|---|---|---|---|")
    for name, low, high in (("2,000 short texts (8 to 20 words)", 8, 20), ("2,000 texts (40 to 120 words)", 40, 120)):
        by: dict[str, list[Score]] = {"letters": [], "words": [], "peer": []}
        for seed in SEEDS:
            made, pairs = text_set(np.random.default_rng(seed), 2000, low, high)
            found = own_texts(made)
            for kind, runs in (("letters", letters), ("words", words)):
                truth = {pair: overlap(runs(made[pair[0]]), runs(made[pair[1]])) for pair in pairs}
                by[kind].append(scored(found, truth))
            if peer and seed < SEEDS[0] + 5:
                truth = {pair: overlap(letters(made[pair[0]]), letters(made[pair[1]])) for pair in pairs}
                by["peer"].append(scored(peer_texts(made), truth))
        others = f"datasketch, 5 seeds | {shown(by['peer'])}" if peer else "datasketch | not installed | "
        print(f"| {name}, overlap of runs of 5 letters | {shown(by['letters'])} | {others} |")
        print(f"| {name}, overlap of runs of 3 words | {shown(by['words'])} | | | |")


def record_row() -> None:
    records = [record_set(np.random.default_rng(seed), 2000) for seed in SEEDS]
    own, other = ([scored(find(made), truth) for made, truth in records] for find in (own_records, peer_records))
    print(
        f"| 2,000 records of people in households, 1 to 3 edits | {shown(own)} | all fields but one equal | {shown(other)} |"
    )


def image_rows() -> None:
    for kind in (
        "saved as JPEG, quality 50", "shrunk to 40 pixels", "brighter by 20 %", "less contrast", "in grey", "mirrored",
        "turned by 5 degrees", "3 % cut off each side", "9 % cut off each side", "9 % cut off two sides",
    ):  # fmt: skip
        sets = [image_set(np.random.default_rng(seed), kind) for seed in SEEDS]
        own, other = ([scored(find(made), truth) for made, truth in sets] for find in (own_images, peer_images))
        print(f"| 300 images, copies {kind} | {shown(own)} | 64 bits, distance 8 | {shown(other)} |")


def many_texts() -> None:
    made, pairs = text_set(np.random.default_rng(SEEDS[0]), 100_000, 8, 20)
    start = time.process_time()
    found = own_texts(made)
    seconds = time.process_time() - start
    truth = {pair: overlap(letters(made[pair[0]]), letters(made[pair[1]])) for pair in pairs}
    score = scored(found, truth)
    print(
        f"\n{len(made):,} short texts (8 to 20 words): {seconds:.0f} s of one core, recall {score.recall:.3f}, precision "
        f"{score.precision:.3f} ({sum(v >= 0.8 for v in truth.values()):,} planted pairs).\n"
    )


if __name__ == "__main__":
    main()
