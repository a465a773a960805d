"""history: every version that git holds, with what changed; export: a pack that anybody can check."""

from __future__ import annotations

import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from fail_closed.measured import Measured, approval
from fail_closed.sources import PLOTS

from governance.records.history import history


@pytest.fixture
def grown(measured: Measured) -> Measured:
    """Three versions of plots: as it was, with fewer rows, approved."""
    m = measured
    lines = PLOTS.splitlines()
    m.write("data/plots.csv", "\n".join(lines[:-10]) + "\n")
    m.git("add", "-A")
    m.measure("plots")
    m.commit("ten rows less")
    m.write("README.md", "nothing of it\n")
    m.commit("a word")
    digest = json.loads(m.path("reports/datasets/plots/manifest.json").read_text())["digest"].removeprefix("sha256:")
    m.write("approvals/plots.yaml", "approvals:\n" + approval(digest, "Ada") + approval("a" * 64, "Eve"))
    m.commit("approved")
    return m


def test_versions_newest_first_with_what_changed(grown: Measured) -> None:
    found = history(grown.workspace, "plots")
    assert [one.subject for one in found] == ["approved", "ten rows less", "measured"]
    assert [one.rows for one in found] == [50, 50, 60]
    assert found[0].changed == ("approved: Ada data_owner 2026-03-01", "approved: Eve data_owner 2026-03-01")
    assert "other data: 60 rows became 50" in found[1].changed
    assert found[2].changed == ("first version",)
    assert found[0].approvals == ("Ada data_owner 2026-03-01",)  # Eve approved other data
    assert found[1].digest == found[0].digest != found[2].digest
    assert {one.result for one in found} == {"passed"}
    assert [one.subject for one in history(grown.workspace, "trees_logistic")] == ["measured"]


def test_the_command(grown: Measured) -> None:
    said = grown.govern("history", "plots")
    assert said.code == 0
    assert "ten rows less" in said.text
    assert len(json.loads(grown.govern("history", "plots", "--json").text)) == 3
    unknown = grown.govern("history", "nothing")
    assert unknown.code == 2
    assert "Traceback" not in unknown.text


def test_other_findings_and_policy_are_told(measured: Measured) -> None:
    measured.edit("params.yaml", "tier: internal", "tier: prototype")
    measured.judge("plots")
    measured.commit("looser")
    changed = history(measured.workspace, "plots")[0].changed
    assert "tier: internal became prototype" in changed
    assert "another policy" in changed


def packed(m: Measured, place: Path, name: str = "pack.zip") -> Path:
    said = m.govern("export", "--since", "2000-01-01", "--out", str(place / name))
    assert said.code == 0, said.text
    return place / name


def test_a_pack_has_no_raw_data_and_the_same_bytes(grown: Measured, tmp_path: Path) -> None:
    first, second = packed(grown, tmp_path), packed(grown, tmp_path, "again.zip")
    assert first.read_bytes() == second.read_bytes()
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", grown.root, clone], check=True)
    assert packed(Measured(clone), tmp_path, "clone.zip").read_bytes() == first.read_bytes()
    with zipfile.ZipFile(first) as archive:
        names = archive.namelist()
        everything = b"\n".join(archive.read(name) for name in names)
    assert not [name for name in names if "data/" in name or "build/" in name or name.endswith(".parquet")]
    for row in grown.path("data/trees.csv").read_text(encoding="utf-8").splitlines()[1:]:
        assert row.encode() not in everything
    assert {"index.html", "verify.sh", "SHA256SUMS", "history.json", "changes.txt", "workspace/params.yaml",
            "workspace/waivers.yaml", "workspace/approvals/plots.yaml"} <= set(names)  # fmt: skip
    assert "workspace/reports/datasets/trees/datasheet.html" in names


def checked(folder: Path) -> tuple[int, str]:
    """The script, with nothing on PATH but the usual tools of a system."""
    env = {"PATH": "/usr/bin:/bin"}
    done = subprocess.run(["/bin/sh", folder / "verify.sh"], env=env, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_the_script_checks_the_pack(grown: Measured, tmp_path: Path) -> None:
    path = packed(grown, tmp_path)
    said = grown.govern("export", "--since", "2000-01-01", "--out", str(path)).text
    folder = tmp_path / "with spaces"
    shutil.unpack_archive(path, folder)
    code, text = checked(folder)
    assert code == 0, text
    assert said.split()[-1] in text  # the digest that was handed over
    victim = folder / "workspace/reports/datasets/trees/verdict.json"
    before = victim.read_bytes()
    victim.write_bytes(before.replace(b"passed", b"Passed", 1))
    code, text = checked(folder)
    assert code == 4
    assert "verdict.json" in text
    victim.write_bytes(before)
    (folder / "extra.txt").write_text("x", encoding="utf-8")
    code, text = checked(folder)
    assert (code, "extra.txt: is not in SHA256SUMS" in text) == (4, True)
    (folder / "extra.txt").unlink()
    (folder / "history.json").unlink()
    code, text = checked(folder)
    assert (code, "history.json" in text) == (4, True)


def test_a_pack_is_of_what_is_committed(grown: Measured, tmp_path: Path) -> None:
    grown.write("waivers.yaml", "waivers: []\n# later\n")
    said = grown.govern("export", "--since", "2026-01-01", "--out", str(tmp_path / "x.zip"))
    assert said.code == 2
    assert "waivers.yaml" in said.text
    assert not (tmp_path / "x.zip").exists()
    assert grown.govern("export", "--since", "January", "--out", "x.zip").code == 2


def test_text_of_people_does_nothing_in_the_index(measured: Measured, tmp_path: Path) -> None:
    measured.write("approvals/plots.yaml", "approvals:\n" + approval("a" * 64, "<script>alert(1)</script>"))
    measured.commit("<img src=x onerror=alert(1)>")
    with zipfile.ZipFile(packed(measured, tmp_path)) as archive:
        page = archive.read("index.html").decode()
    assert "<script" not in page
    assert "&lt;script&gt;" in page
