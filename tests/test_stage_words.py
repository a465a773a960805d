"""`govern stage` says what is wrong when a person calls it, as DVC does, too early or with too few words."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_workspace import build

from governance.cli import main


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["audit", "trees"], "govern stage audit takes: name, audit_name"),
        (["audit", "trees", "summary"], "inputs/summary.json is not there, as the stage that writes it has not run; run: dvc repro"),
    ],
)  # fmt: skip
def test_a_stage_called_by_hand_says_what_it_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    build(tmp_path)
    (tmp_path / "build" / "trees" / "inputs" / "summary.json").unlink(missing_ok=True)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        main(["stage", *words])
    assert ended.value.code == 2
    assert said in capsys.readouterr().err
