"""What the gate promises under other circumstances, and what it cannot notice: both are said in docs/fail-closed.md."""

from __future__ import annotations

import pytest
from fail_closed.measured import Measured

SURROUNDINGS = {
    "turkish": {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"},
    "ascii": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "kiritimati": {"TZ": "Pacific/Kiritimati"},
    "hash seed": {"PYTHONHASHSEED": "12345"},
    "optimised": {"PYTHONOPTIMIZE": "1"},
}


@pytest.mark.parametrize("name", SURROUNDINGS)
def test_the_verdict_does_not_hang_on_the_surroundings(measured: Measured, name: str) -> None:
    measured.write("data/größe.csv", "a\n1\n")  # a name that is not ASCII, beside the data
    measured.commit()
    measured.evidence_path("summary").unlink()
    ended = measured.govern("gate", **SURROUNDINGS[name])
    assert ended == measured.gate(), "as this process says, whose surroundings are none of these"
    assert ended.code == 4
    measured.git("checkout", "-q", "--", "reports")
    assert measured.govern("gate", **SURROUNDINGS[name]).code == 0


def test_a_forger_who_recomputes_every_digest_is_not_noticed(measured: Measured) -> None:
    evidence = measured.evidence("summary").model_copy(update={"title": "Forged"}).sealed()
    path = measured.evidence_path("summary")
    path.write_text(evidence.to_json(), encoding="utf-8")
    assert measured.gate().code == 4  # the careless one is
    measured.judge()
    assert measured.gate().code == 0
