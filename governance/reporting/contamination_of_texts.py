"""Evaluation texts that stand in the data: as they are, as near copies, or by most or some of their runs of words.

Texts that were filled in to a few forms are near each other without being copies. Items are found where they are near the
data more often than the data's own texts are near each other; else that tells nothing, and is a note.
"""

from __future__ import annotations

from collections.abc import Iterable

from governance.reporting.contamination import Contamination

TEXT_OVERLAP = 0.7
"""Texts are near copies from this overlap (Jaccard) of their runs of five characters on."""


def in_texts(
    row_id: list[str], data: list[str], items: list[str], compared: tuple[str, ...], words: int
) -> Contamination:
    """Which of `items` stand in the texts `data` of rows `row_id`, whose columns are `compared`; by runs of `words`."""
    from governance.measures.similar_texts import similar_texts
    from governance.measures.words import plain
    from governance.reporting.contamination_runs import no_more_than_usual, shared_runs

    cleaned = [plain(text) for text in items]
    here = [plain(text) for text in data]
    known = [number for number, text in enumerate(cleaned) if text]
    where: dict[str, list[int]] = {}
    for position, text in enumerate(here):
        where.setdefault(text, []).append(position)
    exact = {number for number in known if cleaned[number] in where}
    rows = {position for number in exact for position in where[cleaned[number]]}
    left = [number for number in known if number not in exact]
    near: set[int] = set()
    near_rows: set[int] = set()
    near_here: set[str] = set()
    first, second, _ = similar_texts([*here, *(cleaned[number] for number in left)], overlap=TEXT_OVERLAP)
    for one, other in zip(first.tolist(), second.tolist(), strict=True):
        if one < len(here) <= other:
            near.add(left[other - len(here)])
            near_rows.add(one)
        elif other < len(here) and here[one] != here[other]:
            near_here |= {here[one], here[other]}
    asked = {number: cleaned[number] for number in left if number not in near}
    found = shared_runs(here, asked, (cleaned[number] for number in known), words, near_here)
    told: set[int] = set()
    alike: set[int] = set()
    alike_rows: set[int] = set()
    for some, held_by, usual in (
        (near, near_rows, no_more_than_usual(len(near), len(left), len(near_here), len(where))),
        (set(found.most), set(found.most_held_by), found.usual),
    ):
        (alike if usual else told).update(some)
        (alike_rows if usual else rows).update(held_by)
    return Contamination(
        len(known),
        len(exact),
        len(told),
        _sorted(row_id, rows),
        len(data),
        compared,
        False,
        len(found.part),
        _sorted(row_id, found.part_held_by),
        len(alike),
        _sorted(row_id, alike_rows),
    )


def _sorted(row_id: list[str], positions: Iterable[int]) -> tuple[str, ...]:
    return tuple(sorted(row_id[position] for position in positions))
