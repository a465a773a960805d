"""Manifests, verdicts and documents that are missing, edited, or of something else."""

from __future__ import annotations

import json
import shutil

from fail_closed.faults import Register
from fail_closed.measured import Measured
from fail_closed.sources import TREES

from governance.canonical import canonical_json, digest_of
from governance.manifest import read_manifest
from governance.verdict import Verdict, read_verdict

FAULTS = Register()
TREES_REPORT = "reports/datasets/trees"
MANIFEST = f"{TREES_REPORT}/manifest.json"
VERDICT = f"{TREES_REPORT}/verdict.json"
DOCUMENTS = f"{TREES_REPORT}/documents.json"


def list_documents(m: Measured, name: str = DOCUMENTS, **values: object) -> None:
    """documents.json with other values and a digest that fits them."""
    content = json.loads(m.path(name).read_text(encoding="utf-8")) | values
    content.pop("digest")
    m.write(name, canonical_json(content | {"digest": digest_of(content)}))


@FAULTS(4, "manifest.json was changed after it was written")
def manifest_edited(m: Measured) -> None:
    m.edit(MANIFEST, '"rows": 120', '"rows": 121')


@FAULTS(4, "manifest.json is missing")
def manifest_deleted(m: Measured) -> None:
    m.path(MANIFEST).unlink()


@FAULTS(4, "manifest.json is not a manifest")
def manifest_of_a_future_version(m: Measured) -> None:
    m.edit_json(MANIFEST, schema_version=2)


@FAULTS(4, "manifest.json is not a manifest")
def manifest_truncated(m: Measured) -> None:
    path = m.path(MANIFEST)
    path.write_bytes(path.read_bytes()[:300])


@FAULTS(4, "manifest.json is about plots")
def manifest_of_another_dataset(m: Measured) -> None:
    shutil.copy(m.path("reports/datasets/plots/manifest.json"), m.path(MANIFEST))


@FAULTS(4, "made from another snapshot")
def manifest_edited_and_sealed_again(m: Measured) -> None:
    manifest = read_manifest(m.path(MANIFEST)).model_copy(update={"digest": "sha256:0"})
    m.write(MANIFEST, manifest.sealed().to_json())


@FAULTS(4, "declare other data")
def manifest_without_its_declaration(m: Measured) -> None:
    manifest = read_manifest(m.path(MANIFEST)).model_copy(update={"declared": ""})
    m.write(MANIFEST, manifest.sealed().to_json())


@FAULTS(4, "other bytes")
def manifest_with_a_key_twice(m: Measured) -> None:
    m.edit(MANIFEST, ' "rows": 120', ' "rows": 120000,\n "rows": 120')


@FAULTS(4, "symbolic link")
def manifest_is_a_link(m: Measured) -> None:
    m.path(MANIFEST).rename(m.root.parent / "elsewhere.json")
    m.path(MANIFEST).symlink_to(m.root.parent / "elsewhere.json")


@FAULTS(4, "manifest.json")
def manifest_with_half_a_character(m: Measured) -> None:
    m.edit(MANIFEST, '"reason": "', '"reason": "\\ud800')


@FAULTS(4, "verdict.json was changed after it was written")
def verdict_edited(m: Measured) -> None:
    m.edit(VERDICT, '"tier": "internal"', '"tier": "regulated"')


@FAULTS(4, "verdict.json is missing")
def verdict_deleted(m: Measured) -> None:
    m.path(VERDICT).unlink()


@FAULTS(4, "verdict.json is not what")
def verdict_of_another_dataset(m: Measured) -> None:
    shutil.copy(m.path("reports/datasets/plots/verdict.json"), m.path(VERDICT))


@FAULTS(4, "verdict.json is not a verdict")
def verdict_of_a_future_version(m: Measured) -> None:
    m.edit_json(VERDICT, schema_version=2)


@FAULTS(4, "verdict.json")
def verdict_with_half_a_character(m: Measured) -> None:
    m.edit(VERDICT, '"message": "', '"message": "\\ud800')


@FAULTS(4, "summary.json is missing")
def verdict_says_passed_and_evidence_is_gone(m: Measured) -> None:
    passed = read_verdict(m.path(VERDICT))
    m.path(f"{TREES_REPORT}/evidence/summary.json").unlink()
    m.stage("verdict", "trees")
    forged = passed.model_copy(update={"evidence": {}})
    m.write(VERDICT, Verdict.model_validate(forged.model_dump()).sealed().to_json())


@FAULTS(4, "not as they were rendered: datasheet.md")
def datasheet_edited(m: Measured) -> None:
    m.edit(f"{TREES_REPORT}/datasheet.md", "Trees", "Treees")


@FAULTS(4, "not as they were rendered: README.md")
def dataset_card_deleted(m: Measured) -> None:
    m.path(f"{TREES_REPORT}/README.md").unlink()


@FAULTS(4, "not as they were rendered: figures/")
def figure_deleted(m: Measured) -> None:
    sorted(m.path(f"{TREES_REPORT}/figures").glob("*.svg"))[0].unlink()


@FAULTS(4, "symbolic link")
def figures_are_a_link(m: Measured) -> None:
    m.path(f"{TREES_REPORT}/figures").rename(m.root.parent / "elsewhere")
    m.path(f"{TREES_REPORT}/figures").symlink_to(m.root.parent / "elsewhere")


@FAULTS(4, "not as they were rendered: model_card.md")
def model_card_edited(m: Measured) -> None:
    path = m.path("reports/models/trees_logistic/model_card.md")
    path.write_bytes(path.read_bytes() + b"Approved.\n")


@FAULTS(4, "documents.json cannot be read")
def document_list_deleted(m: Measured) -> None:
    m.path(DOCUMENTS).unlink()


@FAULTS(4, "documents.json cannot be read")
def document_list_is_no_mapping(m: Measured) -> None:
    m.write(DOCUMENTS, "[1]\n")


@FAULTS(4, "documents.json cannot be read")
def document_list_names_no_files(m: Measured) -> None:
    list_documents(m, files=["datasheet.md"])


@FAULTS(4, "documents.json does not list")
def document_list_emptied(m: Measured) -> None:
    m.path(f"{TREES_REPORT}/datasheet.md").unlink()
    list_documents(m, files={})


@FAULTS(4, "leads out of")
def document_list_names_a_file_elsewhere(m: Measured) -> None:
    files = json.loads(m.path(DOCUMENTS).read_text(encoding="utf-8"))["files"]
    digest = digest_of("x")
    list_documents(m, files=files | {"../../../../../../etc/hostname": digest})


@FAULTS(4, "rendered from another verdict")
def document_list_of_another_dataset(m: Measured) -> None:
    shutil.copy(m.path("reports/datasets/plots/documents.json"), m.path(DOCUMENTS))


@FAULTS(4, "manifest.json is missing")
def reports_of_a_dataset_deleted(m: Measured) -> None:
    shutil.rmtree(m.path(TREES_REPORT))


@FAULTS(4, "is not the version that was audited")
def reports_of_an_older_commit(m: Measured) -> None:
    m.source(TREES + "11.5,3.5,elm\n")
    m.measure()
    m.model()
    m.commit("more trees")
    m.git("checkout", "-q", "HEAD~1", "--", "reports")
