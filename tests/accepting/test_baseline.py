"""`govern baseline` on a real workspace: day one on data that breaks its contract, and every day after."""

from __future__ import annotations

import datetime
from pathlib import Path

from accepting.place import BAD, Place
from small_workspace import TABLE

from governance.clock import today


def record(place: Place, *words: str) -> tuple[int, str]:
    return place.govern("baseline", "--name", "Bob Baker", *words)


def recorded(place: Place) -> None:
    assert record(place)[0] == 0
    place.judge()


def data(place: Place, text: str) -> None:
    place.write("data/trees.csv", text)
    place.measure()
    place.commit()


def test_data_that_breaks_its_contract_passes_from_day_one(place: Place) -> None:
    assert place.govern("gate")[0] == 3
    code, text = record(place)
    assert (code, "1 new, 0 worse" in text) == (0, True), text
    assert place.govern("gate")[0] == 4, "verdict.json does not know it yet"
    place.judge()
    code, text = place.govern("gate")
    assert code == 0, text
    assert "1 in the baseline" in text


def test_new_and_worse_findings_block(place: Place) -> None:
    recorded(place)
    data(place, BAD.replace(",9.4,", ",904,"))
    code, text = place.govern("gate")
    assert code == 3
    assert "worse than in the baseline" in text
    data(place, BAD.replace(",oak\n", ",ash\n", 1))
    code, text = place.govern("gate")
    assert code == 3
    assert "kind" in text
    assert "width" not in text


def test_what_is_repaired_leaves_by_itself_and_may_not_come_back(place: Place) -> None:
    recorded(place)
    data(place, TABLE)
    assert "fingerprint" not in place.read("baseline.yaml")
    assert place.govern("gate")[0] == 0
    data(place, BAD)
    assert place.govern("gate")[0] == 3


def test_an_entry_that_was_put_back_is_found(place: Place) -> None:
    recorded(place)
    before = place.read("baseline.yaml")
    data(place, TABLE)
    place.write("baseline.yaml", before)
    code, text = place.govern("gate")
    assert code == 4
    assert "lets through more than there is: 1 repaired" in text
    assert "govern baseline --prune" in text
    assert place.govern("baseline", "--prune") == (0, "1 entries left baseline.yaml or sank.\n")
    assert place.govern("gate")[0] == 0
    assert place.govern("baseline", "--prune") == (0, "Nothing in baseline.yaml is repaired.\n")


def test_to_let_through_more_needs_a_reason(place: Place) -> None:
    recorded(place)
    before = place.read("baseline.yaml")
    data(place, BAD.replace(",9.4,", ",904,"))
    code, text = record(place)
    assert code == 2
    assert "0 new and 1 worse" in text
    assert place.read("baseline.yaml") == before
    code, text = record(place, "--reason", "short")
    assert code == 2
    assert place.read("baseline.yaml") == before
    code, text = record(place, "--reason", "A second survey in millimetres came in.")
    assert (code, "0 new, 1 worse" in text) == (0, True), text
    assert "A second survey in millimetres came in." in place.read("baseline.yaml")
    assert place.read("baseline.yaml").count("reason:") == 2, "the first recording stays on record"
    place.judge()
    assert place.govern("gate")[0] == 0


def test_recording_again_without_a_change_writes_nothing(place: Place) -> None:
    recorded(place)
    before = place.read("baseline.yaml")
    assert record(place) == (0, "baseline.yaml: no finding is new, worse or repaired.\nNext: dvc repro, then commit.\n")
    assert place.read("baseline.yaml") == before


def test_a_check_that_is_lost_blocks_until_somebody_says_why(place: Place) -> None:
    recorded(place)
    place.edit("expectations/trees/schema.py", "    length: float = pa.Field(ge=0, le=100)\n", "    length: float\n")
    place.measure("schema")
    place.commit()
    code, text = place.govern("gate")
    assert code == 4
    assert "schema evaluated 12 of 12 rules; when the baseline was recorded it evaluated 14 of 14 rules" in text
    code, text = record(place)
    assert code == 2
    assert "1 audits that look at less" in text
    assert record(place, "--reason", "Lengths are checked at the scale.")[0] == 0
    place.judge()
    assert place.govern("gate")[0] == 0


def test_what_cannot_be_judged_is_not_forgiven_unseen(place: Place) -> None:
    place.write("reports/datasets/trees/evidence/schema.json", "{")
    code, text = record(place)
    assert code == 4
    assert "what cannot be judged cannot be recorded" in text
    assert not (place.root / "baseline.yaml").exists()


def test_a_finding_that_is_waived_is_not_recorded(place: Place) -> None:
    _, text = place.govern("gate")
    fingerprint = text.partition("check_failed [")[2][:16]
    until = today() + datetime.timedelta(days=30)
    entry = f"{{fingerprint: '{fingerprint}', owner: Ada, reason: Measured in millimetres., expires: {until}}}"
    place.write("waivers.yaml", f"waivers:\n  - {entry}\n")
    place.judge()
    assert record(place)[0] == 0
    assert "fingerprint" not in place.read("baseline.yaml")


def test_a_dataset_that_params_names_no_more_is_pruned(place: Place) -> None:
    recorded(place)
    text = place.read("baseline.yaml").replace(
        "datasets:\n", "datasets:\n  gone:\n    findings: []\n    coverage: {}\n"
    )
    place.write("baseline.yaml", text)
    assert place.govern("baseline", "--prune")[0] == 0
    assert "gone" not in place.read("baseline.yaml")


def test_a_link_is_refused(place: Place, tmp_path: Path) -> None:
    elsewhere = tmp_path / "baseline.yaml"
    elsewhere.write_text("recordings: []\n", encoding="utf-8")
    (place.root / "baseline.yaml").symlink_to(elsewhere)
    code, text = place.govern("gate")
    assert code == 4
    assert "baseline.yaml is, or lies below, a symbolic link" in text
    code, _ = record(place)
    assert code == 4
    assert elsewhere.read_text(encoding="utf-8") == "recordings: []\n"
