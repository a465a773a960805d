"""What of an audit's tables evidence keeps, and where the rest is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, ClassVar

from evidence_samples import REACH

from governance.asking import DRAWN_ROWS, TABLE_ROWS, bind, references_of, write_tables
from governance.audit import Answer, Audit
from governance.evidence import Evidence, Figure, Outcome, Reach, Table, Units


class Long(Audit):
    """An audit."""

    title: ClassVar[str] = "Long"
    question: ClassVar[str] = "How long?"
    section: ClassVar[str] = "composition"
    reach: ClassVar[Reach] = REACH


def table(name: str, rows: int) -> Table:
    return Table(name=name, caption=name, columns=("place", "n"), rows=tuple((f"row {n}", n) for n in range(rows)))


def figure(name: str) -> Figure:
    return Figure(name=name, caption="c", alt="a", kind="bar", table=name, x="place", y=("n",))


def answer(*tables: Table, drawn: tuple[str, ...] = ()) -> Answer:
    return Answer(
        outcome=Outcome.ASSESSED, reach=REACH, units=Units(name="rows", declared=9, evaluated=9), tables=tables,
        figures=tuple(figure(name) for name in drawn),
    )  # fmt: skip


def kept(said: Answer) -> dict[str, tuple[int, int]]:
    evidence = bind(Long(), "toy", "long", said, {})
    assert Evidence.model_validate(json.loads(evidence.to_json())) == evidence
    return {one.name: (len(one.rows), one.left_out) for one in evidence.tables}


def test_long_tables_keep_their_first_rows_and_say_how_many_are_left_out() -> None:
    said = answer(table("short", TABLE_ROWS), table("long", TABLE_ROWS + 7))
    assert kept(said) == {"short": (TABLE_ROWS, 0), "long": (TABLE_ROWS, 7)}
    assert bind(Long(), "toy", "long", said, {}).tables[1].rows == table("long", TABLE_ROWS).rows


def test_what_is_drawn_keeps_more_and_all_that_is_drawn_together_is_bounded() -> None:
    said = answer(*(table(name, DRAWN_ROWS) for name in "abc"), drawn=("a", "b"))
    rest = DRAWN_ROWS - TABLE_ROWS
    assert kept(said) == {"a": (DRAWN_ROWS, 0), "b": (TABLE_ROWS, rest), "c": (TABLE_ROWS, rest)}


def test_the_data_folder_has_every_row(tmp_path: Path) -> None:
    write_tables(tmp_path / "tables" / "long.json", answer(table("short", 2), table("long", 500)))
    content: list[dict[str, Any]] = json.loads((tmp_path / "tables" / "long.json").read_text(encoding="utf-8"))
    assert {one["name"]: len(one["rows"]) for one in content} == {"short": 2, "long": 500}
    assert content[1]["rows"][-1] == ["row 499", 499]


def test_an_answer_without_tables_is_an_empty_list(tmp_path: Path) -> None:
    write_tables(tmp_path / "none.json", answer())
    assert json.loads((tmp_path / "none.json").read_text(encoding="utf-8")) == []


def test_a_reference_of_two_lines_is_one() -> None:
    listed = (
        "It.\n\n    References:\n        - A. One. The Supply\n          Chain. 2017.\n        - B. Two. 2018.\n    "
    )
    plain = "References:\n    A. One. The Supply\n        Chain. 2017.\n    B. Two. 2018.\n"
    assert references_of(listed) == references_of(plain) == ("A. One. The Supply Chain. 2017.", "B. Two. 2018.")
    assert references_of("It.") == references_of("References:\n") == ()
