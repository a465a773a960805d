"""Writes the data of the cases of `label_consistency`: `python tests/cases/label_consistency/make.py`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from governance.yaml_files import write_yaml

HERE = Path(__file__).parent
ROWS = 320
TYPES = {"length": "number", "width": "number", "who": "category", "site": "category", "kind": "category"}
TASK = {"task": "classification", "target": "kind", "roles": {"annotator": ["who"], "source": ["site"]}}


def write(case: str, frame: pl.DataFrame, types: dict[str, str], **entries: Any) -> None:
    folder = HERE / case
    folder.mkdir(parents=True, exist_ok=True)
    frame.write_csv(folder / "data.csv")
    write_yaml(folder / "case.yaml", {"types": types, **entries})


def trees() -> pl.DataFrame:
    random = np.random.default_rng(13)
    oak = np.arange(ROWS) % 2 == 1
    return pl.DataFrame(
        {
            "length": np.round(random.normal(10 + 3 * oak, 1.2), 3),
            "width": np.round(random.normal(4 - 2 * oak, 0.8), 3),
            "who": random.choice(["ann", "bob", "cleo", "dan"], ROWS),
            "site": random.choice(["hill", "shore"], ROWS),
            "kind": np.where(oak, "oak", "elm"),
        }
    )


def main() -> None:
    frame = trees()
    write("clean", frame, TYPES, **TASK, expect={"outcome": "assessed", "rules": []})
    random = np.random.default_rng(12)
    turned = (frame["who"] == "bob").to_numpy() & (frame["kind"] == "elm").to_numpy() & (random.random(ROWS) < 0.6)
    biased = frame.with_columns(pl.when(pl.Series(turned)).then(pl.lit("oak")).otherwise("kind").alias("kind"))
    write("planted_annotator", biased, TYPES, **TASK, expect={
        "outcome": "assessed", "rules": ["label_consistency/label_issues_differ", "label_consistency/labels_differ"]})  # fmt: skip
    kind = frame["kind"].to_numpy()
    other = np.where(kind == "oak", "elm", "oak")
    votes = {f"vote_{name}": np.where(random.random(ROWS) < 0.06, other, kind) for name in ("a", "b", "c")}
    votes["vote_d"] = np.where((kind == "elm") & (random.random(ROWS) < 0.5), "oak", kind)
    wrong = [4, 9, 40]
    given = kind.copy()
    given[wrong] = other[wrong]
    wide = frame.drop("who", "site").with_columns(
        pl.Series("kind", given), *[pl.Series(name, v) for name, v in votes.items()]
    )
    types = {"length": "number", "width": "number", "kind": "category", **dict.fromkeys(votes, "category")}
    write("planted_votes", wide, types, task="classification", target="kind", roles={"ignored": sorted(votes)}, settings={"annotations": sorted(votes)},
          expect={"outcome": "assessed", "rules": [
              "label_consistency/annotations_differ", "label_consistency/contradicted", "label_consistency/low_agreement"], "flagged": wrong})  # fmt: skip


if __name__ == "__main__":
    main()
