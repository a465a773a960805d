"""What audits see of a manifest, beside the snapshot's Parquet files. Every stage opens it, so that it loads little."""

from __future__ import annotations

import json
from pathlib import Path

from governance.alike import spread
from governance.manifest import Manifest

VIEW = "view.json"
"""In the snapshot's folder."""


def view_of(manifest: Manifest) -> Manifest:
    """The part of a manifest that audits may depend on: data and roles, not where they came from."""
    return manifest.model_copy(
        update={
            "sources": (),
            "files": 0,
            "source_path": "",
            "source_md5": "",
            "declared": "",
            "seal": "",
            "parquet": {},
            "decisions": "",
            "quarantined": None,
        }
    )


def open_view(folder: Path) -> Manifest:
    """The manifest's view that lies beside the Parquet files."""
    return Manifest.model_validate(spread(json.loads((folder / VIEW).read_text(encoding="utf-8"))))
