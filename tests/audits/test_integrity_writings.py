"""What machines write, and what a maker writes in letters of its own, has no capitals to correct; lost ones are found."""

import random
import string

import polars as pl

from governance.asking import ask
from governance.audits.integrity import Integrity
from governance.evidence import Level
from governance.testing import make_snapshot

LETTERS = string.ascii_letters + string.digits


def games():
    draw = random.Random(5)
    rows = 600
    return pl.DataFrame(
        {
            "site": [f"https://games.example.org/{''.join(draw.choices(LETTERS, k=8))}" for _ in range(rows)],
            "page": draw.choices(["/Login", "/login", "/Search", "/About"], [60, 9, 30, 30], k=rows),
            "publisher": draw.choices(["Hanser", "Penguin", "Reclam", "Wiley", "dtv"], [40, 30, 20, 10, 8], k=rows),
            "box": draw.choices(["20GP", "40GP", "40HC", "20RF", "22G1"], [30, 20, 40, 2, 3], k=rows),
            "base": draw.choices(["A", "C", "G", "T", "-", "AT"], [30, 30, 30, 30, 2, 1], k=rows),
            "shop": draw.choices(["North 1", "North 2", "Market"], k=rows),
        }
    )


def told(folder, frame):
    answer = ask(Integrity(), make_snapshot(folder, frame))
    return {(one.rule.split("/")[1], one.columns[0], one.level) for one in answer.findings}


def test_honest_writings_raise_no_warning(tmp_path):
    assert told(tmp_path, games()) == {
        ("case_variant", "page", Level.NOTE),
        ("rare_form", "box", Level.NOTE),
        ("null_coding", "base", Level.NOTE),
    }


def test_damage_beside_them_is_found(tmp_path):
    frame = games()
    damage = {"publisher": "hanser", "box": "20 Q", "base": "?", "shop": "missing"}
    for column, value in damage.items():
        frame = frame.with_columns(pl.Series(column, [value, value, *frame[column].to_list()[2:]]))
    assert told(tmp_path, frame) >= {
        ("case_variant", "publisher", Level.WARNING),
        ("odd_shape", "box", Level.WARNING),
        ("null_coding", "base", Level.WARNING),
        ("null_coding", "shop", Level.WARNING),
    }
