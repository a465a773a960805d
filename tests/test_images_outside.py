"""Images that stay where they are: the same digest and evidence as held inside, and a change is noticed by all readers."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from PIL import Image
from small_workspace import build, git

import governance
from governance import stages
from governance.adapters.pillow import pixels
from governance.config import Workspace
from governance.dataset import DataConfig, Dataset
from governance.errors import EvidenceError, SourceChanged
from governance.ingestion.ingest import ingest
from governance.onboarding.drafting import draft_contract, observe
from governance.records.chain import verify
from governance.signals.compute import compute_signals
from governance.signals.settings import SignalsConfig
from governance.snapshot import Snapshot
from governance.versions.rows import compare_rows

PARAMS = """\
datasets:
  shapes:
    data:
      path: data/shapes
      images_inside_mib: {limit}
      split: {{method: ratio, test: 0.25, seed: 0}}
      task: classification
      target: label
audits: {audits}
signals: {{folds: 2}}
evaluations: {{}}
models: {{}}
policy:
  tier: prototype
"""
COLUMNS = """\
columns:
  - {name: image, type: image}
  - {name: label, type: category}
"""
KINDS = ("bar", "dot", "edge")
AUDITS = ("schema", "summary", "label_issues", "duplicates", "leakage", "poisoning", "drift", "privacy")
"""What the policy asks for, and all that look into images or at what the signals made of them."""


def images(folder: Path, each: int = 30) -> None:
    """Noisy shapes, one folder a kind, with copies, sizes, modes and metadata that readers treat differently."""
    draw = np.random.default_rng(3)
    for kind, name in enumerate(KINDS):
        (folder / name).mkdir(parents=True)
        for number in range(each):
            pixels = draw.integers(0, 60, (12, 12), dtype=np.uint8)
            pixels[2 + 3 * kind : 5 + 3 * kind, 1 + kind : 9] += 150
            image = Image.fromarray(pixels)
            if number == 0:
                image = image.convert("P")
            # No colour: with it the audit of poisoning has three times the pixels, and takes four times as long.
            if number == 1:
                image = image.convert("LA").resize((40, 30))
            exif = image.getexif()
            if number == 2:
                exif[315] = "Ada Example"  # the artist
            image.save(folder / name / f"{number:02}.png", exif=exif)
        shutil.copy(folder / name / "03.png", folder / name / "copy.png")


def workspace(root: Path, limit: int, audits: tuple[str, ...]) -> Workspace:
    """Measured, with all images inside the snapshot (1 MiB is enough) or outside (0), and the folder in DVC."""
    images(root / "data" / "shapes")
    git(root, "init", "-q")
    for words in (["init", "-q"], ["add", "-q", "data/shapes"]):
        subprocess.run([sys.executable, "-m", "dvc", *words], cwd=root, check=True, capture_output=True)
    config = {"path": "data/shapes", "images_inside_mib": limit, "task": "classification", "target": "label"}
    dataset = Dataset(data=DataConfig.model_validate(config))
    drafted = draft_contract(observe("shapes", dataset, root, root / "expectations/shapes"), dataset)
    configured = "{" + ", ".join(f"{audit}: {{}}" for audit in audits) + "}"
    changed = {
        "params.yaml": PARAMS.format(limit=limit, audits=configured),
        **{f"expectations/shapes/{file}": text for file, text in drafted.items()},
        "expectations/shapes/columns.yaml": COLUMNS,
        "answers/shapes.yaml": "answers: {}\n",
    }
    return build(root, **changed)


@pytest.fixture(scope="module")
def inside(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return workspace(tmp_path_factory.mktemp("inside"), 1, AUDITS)


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return workspace(tmp_path_factory.mktemp("outside"), 0, AUDITS)


@pytest.fixture
def changed(outside: Workspace, tmp_path: Path) -> Workspace:
    """A copy of which one image was replaced after it was measured."""
    root = Path(shutil.copytree(outside.root, tmp_path / "changed"))
    buffer = io.BytesIO()
    Image.fromarray(np.full((12, 12), 9, dtype=np.uint8)).save(buffer, "PNG")
    (root / "data/shapes/dot/05.png").write_bytes(buffer.getvalue())
    return Workspace(root)


def manifest(found: Workspace) -> dict[str, object]:
    text = (found.report("shapes") / "manifest.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def test_the_snapshot_names_images_and_holds_none(inside: Workspace, outside: Workspace) -> None:
    held, named = manifest(inside), manifest(outside)
    assert held["outside"] is None
    assert named["outside"] == {"files": 93, "size_bytes": sum(f.stat().st_size for f in sources(outside))}
    row = pl.read_parquet(outside.build("shapes") / "snapshot" / "train.parquet").row(0, named=True)
    assert row["image"]["path"] == f"data/shapes/{row['source_file']}"
    assert row["image"]["size"] == (outside.root / row["image"]["path"]).stat().st_size
    differing = {key for key in held if held[key] != named[key]}
    assert differing == {"outside", "parquet", "declared", "seal"}  # digest, columns and their counts are the same


def sources(found: Workspace) -> list[Path]:
    return sorted((found.root / "data/shapes").rglob("*.png"))


def test_row_ids_are_the_same(inside: Workspace, outside: Workspace) -> None:
    one, other = (
        stages.open_snapshot(found, "shapes").frame("image", "label").collect() for found in (inside, outside)
    )
    assert one.equals(other)


@pytest.mark.parametrize("audit", AUDITS)
def test_evidence_is_the_same_byte_for_byte(audit: str, inside: Workspace, outside: Workspace) -> None:
    one, other = ((found.report("shapes") / "evidence" / f"{audit}.json").read_bytes() for found in (inside, outside))
    assert json.loads(one)["outcome"] != "failed"
    assert one == other
    one, other = ((found.build("shapes") / "rows" / f"{audit}.parquet").read_bytes() for found in (inside, outside))
    assert one == other


@pytest.mark.parametrize(
    "file",
    ["build/{}/signals/signals.json", "build/{}/signals/embeddings.parquet", "reports/datasets/{}/sketch.json"],
)
def test_signals_and_sketch_are_the_same(file: str, inside: Workspace, outside: Workspace) -> None:
    one, other = ((found.root / file.format("shapes")).read_bytes() for found in (inside, outside))
    assert one == other


def test_pixels_and_signals_of_images_in_colour_are_the_same(tmp_path: Path) -> None:
    images(tmp_path / "data/shapes", each=10)
    with Image.open(tmp_path / "data/shapes/dot/01.png") as grey:
        grey.convert("RGB").point(lambda level: 255 - level).save(tmp_path / "data/shapes/dot/01.png")
    found = []
    for limit in (1, 0):
        config = {"path": "data/shapes", "images_inside_mib": limit, "task": "classification", "target": "label"}
        out = tmp_path / f"out{limit}"
        out.mkdir()
        data = Dataset(data=DataConfig.model_validate(config))
        made = ingest("shapes", data, tmp_path, out, tmp_path / "none", "")
        view = Snapshot(made, out, tmp_path / "none", workspace=tmp_path)
        found.append(
            (pixels(view.images()), compute_signals(view, tmp_path / f"signals{limit}", SignalsConfig(folds=2)))
        )
        assert (made.outside is None) == bool(limit)
    (one, signals_inside), (other, signals_outside) = found
    assert one.shape == (33, 16 * 16 * 3)
    assert np.array_equal(one, other)
    assert set(signals_inside.digests) >= {"predictions", "embeddings"}
    assert signals_inside == signals_outside


def test_findings_are_there_to_compare(outside: Workspace) -> None:
    rules = set()
    for audit in ("privacy", "duplicates"):
        text = (outside.report("shapes") / "evidence" / f"{audit}.json").read_text(encoding="utf-8")
        rules |= {finding["rule"] for finding in json.loads(text)["findings"]}
    assert {"privacy/image_metadata", "duplicates/exact_within_split"} <= rules


def test_load_gives_the_images(inside: Workspace, outside: Workspace) -> None:
    one, other = (governance.load("shapes", found.root) for found in (inside, outside))
    for split in one:
        assert one[split]["row_id"] == other[split]["row_id"]
        for left, right in zip(one[split], other[split], strict=True):
            assert np.array_equal(np.asarray(left["image"]), np.asarray(right["image"]))


def test_load_refuses_changed_images(changed: Workspace) -> None:
    with pytest.raises(EvidenceError, match=r"data/shapes/dot/05\.png is not the one that was judged(?s:.*)dvc repro"):
        governance.require("shapes", changed.root)
    (changed.root / "data/shapes/dot/05.png").unlink()
    with pytest.raises(EvidenceError, match=r"data/shapes/dot/05\.png is missing"):
        governance.load("shapes", changed.root)


@pytest.mark.parametrize("audit", ["summary", "privacy", "poisoning"])
def test_an_audit_that_meets_a_changed_image_fails_and_names_it(audit: str, changed: Workspace) -> None:
    stages.audit(changed, "shapes", audit)
    evidence = json.loads((changed.report("shapes") / "evidence" / f"{audit}.json").read_text(encoding="utf-8"))
    assert (evidence["outcome"], evidence["code"]) == ("failed", "source_changed")
    assert "data/shapes/dot/05.png changed after the snapshot was made" in evidence["reason"]
    assert evidence["reason"].endswith("run: dvc repro")
    assert (changed.build("shapes") / "snapshot" / stages.STALE).is_file()  # DVC makes the snapshot again


def test_signals_of_a_changed_image_are_absent_with_the_reason(changed: Workspace) -> None:
    (changed.root / "data/shapes/dot/05.png").unlink()
    stages.signals(changed, "shapes")
    signals = json.loads((changed.build("shapes") / "signals" / "signals.json").read_text(encoding="utf-8"))
    assert {absent["code"] for absent in signals["absent"].values()} == {"source_changed"}
    assert "data/shapes/dot/05.png is not here" in signals["absent"]["predictions"]["reason"]
    assert sorted(path.name for path in (changed.build("shapes") / "signals").iterdir()) == ["signals.json"]


def test_the_sketch_is_not_made_of_changed_images(changed: Workspace) -> None:
    with pytest.raises(SourceChanged, match=r"05\.png changed"):
        stages.sketch(changed, "shapes")


def test_few_rows_read_few_images(changed: Workspace) -> None:
    view: Snapshot = stages.open_snapshot(changed, "shapes")
    good = view.frame().filter(pl.col("source_file") == "dot/06.png").collect()
    assert good["image"][0] == (changed.root / "data/shapes/dot/06.png").read_bytes()
    assert view.frame("label").collect().height == 93  # no image is read for another column
    with pytest.raises(SourceChanged, match=r"05\.png changed"):
        view.frame("image").collect()
    assert view.frame("image", sha256=True).collect()["image"].str.len_bytes().unique().to_list() == [64]


def test_any_order_of_rows(inside: Workspace, outside: Workspace) -> None:
    for found in (inside, outside):
        view = stages.open_snapshot(found, "shapes")
        frame = view.frame("image").collect()
        back = frame["row_id"].to_list()[::-1][:70]
        expected = dict(frame.select("row_id", "image").iter_rows())
        assert list(view.images(back)) == [expected[row] for row in back]


def test_drafts_are_the_same(inside: Workspace, outside: Workspace) -> None:
    drafts = []
    for found in (inside, outside):
        dataset = found.dataset("shapes")
        drafts.append(draft_contract(observe("shapes", dataset, found.root, found.contract("shapes")), dataset))
    assert drafts[0] == drafts[1]


def test_versions_are_compared_across_both_ways(inside: Workspace, outside: Workspace) -> None:
    def files(found: Workspace) -> list[Path]:
        return sorted((found.build("shapes") / "snapshot").glob("t*.parquet"))

    same = compare_rows(files(inside), files(outside), identifier=None, target="label")
    assert (same.same, same.added, same.removed) == (93, 0, 0)


def test_a_relabelled_image_is_known_again(tmp_path: Path, inside: Workspace) -> None:
    images(tmp_path / "data/shapes")
    shutil.move(tmp_path / "data/shapes/bar/07.png", tmp_path / "data/shapes/dot/70.png")
    data = inside.dataset("shapes").data.model_copy(update={"images_inside_mib": 0})
    (tmp_path / "out").mkdir()
    ingest("shapes", Dataset(data=data), tmp_path, tmp_path / "out", tmp_path / "none", "")
    before = sorted((inside.build("shapes") / "snapshot").glob("t*.parquet"))
    after = sorted((tmp_path / "out").glob("t*.parquet"))
    assert compare_rows(before, after, identifier=None, target="label").relabelled == 1


def test_verify_names_the_changed_image(outside: Workspace, changed: Workspace) -> None:
    known = set(verify(outside).mismatches)
    assert {one.path for one in set(verify(changed).mismatches) - known} == {"data/shapes/dot/05.png"}


def test_readers_of_croissant_get_the_paths(outside: Workspace) -> None:
    import mlcroissant

    document = mlcroissant.Dataset(outside.report("shapes") / "croissant.json")
    assert not document.metadata.ctx.issues.errors
    record = next(iter(document.records("train")))
    assert record["train/image"].decode() == f"data/shapes/{record['train/source_file'].decode()}"


def test_the_card_says_what_the_files_hold(outside: Workspace) -> None:
    from datasets import Dataset as Loaded
    from datasets import Features
    from ruamel.yaml import YAML

    head = (outside.report("shapes") / "README.md").read_text(encoding="utf-8").split("---\n")[1]
    described = Features._from_yaml_list(YAML(typ="safe").load(head)["dataset_info"]["features"])
    file = outside.build("shapes") / "snapshot" / "train.parquet"
    held = Loaded.from_parquet(str(file), cache_dir=str(outside.root / "cache"), keep_in_memory=True).features
    kinds = {name: kind.dtype.removeprefix("large_") for name, kind in held["image"].items()}
    assert {name: kind.dtype for name, kind in described["image"].items()} == kinds


def test_memory_follows_one_image_and_not_all(tmp_path: Path) -> None:
    """24 MiB of images: held inside they all are in memory at once, outside a small part of them."""
    draw = np.random.default_rng(0)
    (tmp_path / "data/big/a").mkdir(parents=True)
    for number in range(24):
        Image.fromarray(draw.integers(0, 256, (600, 600, 3), dtype=np.uint8)).save(
            tmp_path / f"data/big/a/{number:02}.png", compress_level=0
        )
    peaks = []
    for limit in (1024, 0):
        config = DataConfig.model_validate({"path": "data/big", "images_inside_mib": limit})
        folder = tmp_path / f"out{limit}"
        folder.mkdir()
        tracemalloc.start()
        ingest("big", Dataset(data=config), tmp_path, folder, tmp_path / "none", "")
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    total = sum(path.stat().st_size for path in (tmp_path / "data/big").rglob("*.png"))
    assert peaks[0] > 0.9 * total
    assert peaks[1] < 0.25 * total
