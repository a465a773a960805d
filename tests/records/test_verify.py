"""verify: any changed byte of a source, snapshot, report or document is named, and an untouched workspace passes."""

from __future__ import annotations

import json
import random
import subprocess
from itertools import zip_longest
from pathlib import Path

import pytest
from fail_closed.measured import Measured

from governance.canonical import canonical_json, digest_of, digest_of_bytes
from governance.records.chain import verify
from governance.records.digests import digest_list


def chained(m: Measured) -> list[Path]:
    """Every generated or measured file of the chain."""
    found = [path for path in (m.root / "reports").rglob("*") if path.is_file() and path.stat().st_size]
    found += [path for name in ("trees", "plots") for path in (m.root / "build" / name / "snapshot").iterdir()]
    return sorted([*found, m.path("data/trees.csv"), m.path("data/plots.csv")])


def flip(path: Path, draw: random.Random) -> bytes:
    """Change one bit at a random position; returns what was there."""
    before = path.read_bytes()
    at = draw.randrange(len(before))
    path.write_bytes(before[:at] + bytes([before[at] ^ (1 << draw.randrange(8))]) + before[at + 1 :])
    return before


def test_an_untouched_workspace_passes(measured: Measured) -> None:
    chain = verify(measured.workspace)
    assert chain.mismatches == ()
    assert chain.checked >= 30
    said = measured.govern("verify")
    assert said.code == 0, said.text
    assert "accidents, not forgers" in said.text


def test_every_flipped_byte_is_named(measured: Measured) -> None:
    draw = random.Random(20)
    files = chained(measured)
    assert len(files) > 30
    # The two datasets know nothing of each other, so a file of each can be damaged at a time; the others hang together.
    trees, plots = ([path for path in files if name in (*path.parts, path.stem)] for name in ("trees", "plots"))
    assert min(len(trees), len(plots)) > 10
    assert not set(trees) & set(plots)
    alone = [path for path in files if path not in {*trees, *plots}]
    missed = []
    for together in [*zip_longest(trees, plots), *zip(alone, strict=True)]:
        kept = {path: flip(path, draw) for path in together if path}
        named = {one.path for one in verify(measured.workspace).mismatches}
        missed += [path for path in kept if path.relative_to(measured.root).as_posix() not in named]
        for path, before in kept.items():
            path.write_bytes(before)
    assert missed == []


def test_a_file_of_a_folder_is_named_from_the_cache_of_dvc(measured: Measured) -> None:
    from governance.hashing import folder_md5, hash_file

    folder = measured.path("data/many")
    folder.mkdir()
    for number in range(60):
        (folder / f"{number}.txt").write_text(str(number), encoding="utf-8")
    from governance.records.outputs import folder_problems

    sources = [hash_file(p, p.relative_to(measured.root).as_posix()) for p in sorted(folder.iterdir())]
    md5 = folder_md5(folder, sources, measured.root)
    assert list(folder_problems(measured.workspace, "data/many", md5)) == []
    (folder / "7.txt").write_text("8", encoding="utf-8")
    assert [path for path, _ in folder_problems(measured.workspace, "data/many", md5)] == ["data/many"]
    entries = [{"md5": s.md5, "relpath": Path(s.path).name} for s in sources]
    measured.write(f".dvc/cache/files/md5/{md5[:2]}/{md5[2:]}", json.dumps(entries))
    assert [path for path, _ in folder_problems(measured.workspace, "data/many", md5)] == ["data/many/7.txt"]


def test_a_number_edited_by_hand_is_shown_also_when_the_digest_was_mended(measured: Measured) -> None:
    name = "reports/datasets/trees/datasheet.md"
    measured.edit(name, "| 120 ", "| 121 ") if "| 120 " in measured.path(name).read_text() else measured.edit(
        name, "120", "121"
    )
    path = measured.path("reports/datasets/trees/documents.json")
    content = json.loads(path.read_text(encoding="utf-8"))
    content.pop("digest")
    content["files"]["datasheet.md"] = digest_of_bytes(measured.path(name).read_bytes())
    path.write_text(canonical_json(content | {"digest": digest_of(content)}), encoding="utf-8")
    assert measured.gate().code == 0  # by digest alone all is well
    found = {one.path: one.why for one in verify(measured.workspace).mismatches}
    assert list(found) == [name]
    assert "120 became 121" in found[name]


@pytest.mark.parametrize(
    ("file", "old", "new", "named"),
    [
        ("answers/trees.yaml", "answers:", "# a word\nanswers:", "reports/datasets/trees/documents.json"),
        ("params.yaml", "title: Trees", "title: Woods", "reports/datasets/trees/README.md"),
        ("params.yaml", "tier: internal", "tier: regulated", "reports/datasets/trees/verdict.json"),
        ("expectations/trees/suite.json", "100", "101", "reports/datasets/trees/evidence/expectations.json"),
    ],
)
def test_what_is_stale_is_named(measured: Measured, file: str, old: str, new: str, named: str) -> None:
    measured.edit(file, old, new)
    paths = {one.path for one in verify(measured.workspace).mismatches}
    assert named in paths


def test_a_file_that_nobody_lists_is_named(measured: Measured) -> None:
    measured.write("reports/datasets/trees/figures/extra.svg", "<svg/>")
    measured.write("build/trees/snapshot/extra.parquet", "x")
    paths = {one.path for one in verify(measured.workspace).mismatches}
    assert paths == {"reports/datasets/trees/figures/extra.svg", "build/trees/snapshot/extra.parquet"}


def test_the_list_is_what_sha256sum_reads(measured: Measured) -> None:
    listed = digest_list(measured.workspace)
    assert listed == digest_list(measured.workspace)
    check = ["sha256sum", "--strict", "--quiet", "-c", "-"]
    assert subprocess.run(check, cwd=measured.root, input=listed, text=True, check=False).returncode == 0
    said = measured.govern("verify", "--json")
    content = json.loads(said.text)
    assert content["digest"] == digest_of_bytes(listed.encode())
    assert measured.govern("verify", "--list").text == listed
    measured.edit("waivers.yaml", "[]", "[ ]")
    done = subprocess.run(check, cwd=measured.root, input=listed, text=True, check=False, capture_output=True)
    assert "waivers.yaml" in done.stdout + done.stderr


def test_exit_code_4_names_the_file(measured: Measured) -> None:
    path = measured.path("reports/datasets/plots/figures")
    victim = next(p for p in sorted(path.iterdir()) if p.stat().st_size)
    victim.write_bytes(victim.read_bytes() + b" ")
    said = measured.govern("verify")
    assert said.code == 4
    assert victim.name in said.text


def test_documents_that_a_reader_of_their_format_would_refuse_are_named(
    measured: Measured, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from governance import stages
    from governance.documents import hub
    from governance.documents.dataset_formats import croissant_metadata, hub_card

    notes = verify(measured.workspace).notes
    assert any("trees/croissant.json is incomplete: description: missing; declare about." in note for note in notes)
    data = croissant_metadata.croissant_data
    monkeypatch.setattr(croissant_metadata, "croissant_data", lambda facts: data(facts) | {"name": " "})
    monkeypatch.setattr(hub_card, "card_data", lambda facts: hub.card_data(facts) | {"tags": []})
    found = {(one.path, one.why.partition(";")[0]) for one in verify(measured.workspace).mismatches}
    assert ("reports/datasets/trees/croissant.json", "name: missing") in found
    assert any(
        path == "reports/datasets/trees/README.md" and why.startswith("tags: no modality") for path, why in found
    )
    stages.documents(measured.workspace, "trees")
    said = capsys.readouterr().err
    assert "trees: croissant.json: name: missing" in said
    assert "trees: README.md: tags: no modality" in said
    assert "declare about." not in said
