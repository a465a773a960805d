"""Evidence that is missing, damaged, edited, or about something else."""

from __future__ import annotations

import json
import shutil

from fail_closed.faults import Register
from fail_closed.measured import Measured
from fail_closed.sources import TREES

from governance.evidence import Finding, Level

FAULTS = Register()
SUMMARY = "reports/datasets/trees/evidence/summary.json"


@FAULTS(4, "summary.json cannot be read")
def truncated(m: Measured) -> None:
    path = m.path(SUMMARY)
    path.write_bytes(path.read_bytes()[:700])


@FAULTS(4, "summary.json cannot be read")
def empty(m: Measured) -> None:
    m.write(SUMMARY, "")


@FAULTS(4, "summary.json has schema version")
def an_empty_object(m: Measured) -> None:
    m.write(SUMMARY, "{}\n")


@FAULTS(4, "summary.json has schema version")
def a_list_in_its_place(m: Measured) -> None:
    m.write(SUMMARY, "[]\n")


@FAULTS(4, "summary.json cannot be read")
def a_folder_in_its_place(m: Measured) -> None:
    m.path(SUMMARY).unlink()
    m.path(SUMMARY).mkdir()


@FAULTS(4, "summary.json is missing")
def deleted(m: Measured) -> None:
    m.path(SUMMARY).unlink()


@FAULTS(4, "evidence/ holds no evidence")
def all_of_it_deleted(m: Measured) -> None:
    shutil.rmtree(m.path(SUMMARY).parent)


@FAULTS(4, "was changed after it was written")
def edited_by_hand(m: Measured) -> None:
    m.edit(SUMMARY, '"evaluated": 120', '"evaluated": 121')


@FAULTS(4, "was changed after it was written")
def outcome_edited(m: Measured) -> None:
    m.edit_json(SUMMARY, outcome="not_applicable", code="no_target", reason="nothing to see")


@FAULTS(4, "not what policy, waivers and evidence say")
def edited_and_sealed_again(m: Measured) -> None:
    evidence = m.evidence("summary").model_copy(update={"title": "Summarised"}).sealed()
    m.write(SUMMARY, evidence.to_json())


@FAULTS(4, "rendered from another verdict")
def edited_and_sealed_again_with_its_verdict(m: Measured) -> None:
    edited_and_sealed_again(m)
    m.stage("verdict", "trees")


@FAULTS(4, "was made from another snapshot")
def of_another_snapshot(m: Measured) -> None:
    before = m.path(SUMMARY).read_bytes()
    m.source(TREES + "11.5,3.5,elm\n")
    m.measure()
    m.path(SUMMARY).write_bytes(before)


@FAULTS(4, "is evidence of summary on plots")
def of_another_dataset(m: Measured) -> None:
    shutil.copy(m.evidence_path("summary", "plots"), m.path(SUMMARY))


@FAULTS(4, "is evidence of duplicates on trees")
def of_another_audit(m: Measured) -> None:
    shutil.copy(m.evidence_path("duplicates"), m.path(SUMMARY))


@FAULTS(4, "was made from another code")
def of_other_code(m: Measured) -> None:
    evidence = m.evidence("summary")
    inputs = evidence.inputs | {"code": "sha256:0"}
    m.write(SUMMARY, evidence.model_copy(update={"inputs": inputs}).sealed().to_json())


@FAULTS(4, "has schema version 0")
def of_an_old_version(m: Measured) -> None:
    m.edit_json(SUMMARY, schema_version=0)


@FAULTS(4, "has schema version 2")
def of_a_future_version(m: Measured) -> None:
    m.edit_json(SUMMARY, schema_version=2)


@FAULTS(4, "symbolic link")
def a_link_to_a_copy(m: Measured) -> None:
    elsewhere = m.root.parent / "elsewhere.json"
    m.path(SUMMARY).rename(elsewhere)
    m.path(SUMMARY).symlink_to(elsewhere)


@FAULTS(4, "symbolic link")
def its_folder_is_a_link(m: Measured) -> None:
    folder = m.path(SUMMARY).parent
    folder.rename(m.root.parent / "elsewhere")
    folder.symlink_to(m.root.parent / "elsewhere")


@FAULTS(4, "summary.json")
def holds_not_a_number(m: Measured) -> None:
    content = json.loads(m.path(SUMMARY).read_text(encoding="utf-8"))
    content["tables"][0]["rows"][0][-1] = float("nan")
    m.write(SUMMARY, json.dumps(content, sort_keys=True, indent=1))


@FAULTS(4, "not finite")
def a_metric_is_infinite(m: Measured) -> None:
    content = json.loads(m.path(SUMMARY).read_text(encoding="utf-8"))
    content["metrics"][0]["value"] = float("inf")
    m.write(SUMMARY, json.dumps(content, sort_keys=True, indent=1))


@FAULTS(4, "larger than")
def huge(m: Measured) -> None:
    text = m.path(SUMMARY).read_text(encoding="utf-8")
    m.write(SUMMARY, text + " " * 20_000_000)


@FAULTS(4, "summary.json")
def nested_ever_deeper(m: Measured) -> None:
    m.write(SUMMARY, '{"schema_version": 1, "settings": ' + "[" * 200_000 + "]" * 200_000 + "}")


@FAULTS(4, "summary.json")
def half_a_character(m: Measured) -> None:
    m.edit(SUMMARY, '"title": "', '"title": "\\ud800')


@FAULTS(4, "other bytes")
def a_key_stands_there_twice(m: Measured) -> None:
    # A reader of the file meets the first, a parser takes the last: the digest agrees with the last.
    m.edit(SUMMARY, ' "outcome": "assessed"', ' "outcome": "failed",\n "outcome": "assessed"')


@FAULTS(4, "other bytes")
def line_ends_converted(m: Measured) -> None:
    # What git's autocrlf does on checkout. Documents are compared by their bytes, so evidence is too.
    path = m.path(SUMMARY)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


@FAULTS(4, "other bytes")
def formatted_by_an_editor(m: Measured) -> None:
    m.write(SUMMARY, json.dumps(json.loads(m.path(SUMMARY).read_text(encoding="utf-8")), indent=4))


@FAULTS(4, "summary.json cannot be read")
def a_byte_order_mark(m: Measured) -> None:
    path = m.path(SUMMARY)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())


@FAULTS(4, "summary.json cannot be read")
def in_another_encoding(m: Measured) -> None:
    path = m.path(SUMMARY)
    path.write_bytes(path.read_text(encoding="utf-8").encode("utf-16"))


@FAULTS(4, "summary.json cannot be read")
def conflict_markers(m: Measured) -> None:
    text = m.path(SUMMARY).read_text(encoding="utf-8")
    m.write(SUMMARY, f"<<<<<<< ours\n{text}=======\n{text}>>>>>>> theirs\n")


@FAULTS(4, "fingerprints are not theirs")
def a_finding_under_the_name_of_a_waived_one(m: Measured) -> None:
    finding = Finding(
        rule="summary/constant", level=Level.ERROR, message="One value.", remedy="Drop it.", fingerprint="0" * 16
    )
    evidence = m.evidence("summary").model_copy(update={"findings": (finding,)})
    m.write(SUMMARY, evidence.model_copy(update={"digest": evidence.content_digest()}).to_json())


@FAULTS(4, "performance.json is missing")
def of_a_model_deleted(m: Measured) -> None:
    m.path("reports/models/trees_logistic/evidence/performance.json").unlink()


@FAULTS(4, "is evidence of performance on trees_logistic")
def of_a_model_given_to_another(m: Measured) -> None:
    m.edit(
        "params.yaml",
        "models:\n",
        "models:\n  twin:\n    dataset: trees\n    estimator: sklearn.linear_model.LogisticRegression\n",
    )
    shutil.copytree(m.path("reports/models/trees_logistic"), m.path("reports/models/twin"))
