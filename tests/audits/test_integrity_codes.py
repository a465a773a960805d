import numpy as np
import polars as pl
import pytest

from governance.asking import ask
from governance.audits.integrity import Integrity
from governance.evidence import Level
from governance.testing import make_snapshot


@pytest.mark.parametrize(
    ("written", "level"),
    [
        ({"SE": "Sweden", "FI": "Finland"}, Level.WARNING),
        ({"SE": "SWE", "FI": "FIN"}, Level.WARNING),
        ({"SE": "S-2"}, Level.NOTE),
    ],
)
def test_what_is_no_code_among_codes_of_one_length(tmp_path, written, level):
    country = np.random.default_rng(2).choice(["SE", "FI", "AT", "CH", "BE", "PT"], 900).astype(object)
    rows = np.flatnonzero(np.isin(country, list(written)))[:8]
    country[rows] = [written[code] for code in country[rows]]
    answer = ask(Integrity(), make_snapshot(tmp_path, pl.DataFrame({"country": country.tolist()})))
    (finding,) = answer.findings
    assert (finding.rule, finding.level, finding.count) == ("integrity/odd_shape", level, rows.size)
    assert set(answer.rows["source_row"]) == set(rows.tolist())
