"""What image files tell of people beside their pixels: where, by whom, with which camera."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.evidence import Finding, Level, Metric, Table

if TYPE_CHECKING:
    import polars as pl

    from governance.snapshot import Snapshot

_CHECKS = {
    "position": ("the place where they were taken", Level.WARNING),
    "person": ("the name of an artist or owner", Level.WARNING),
    "serial": ("the serial number of a camera or lens", Level.WARNING),
    "personal_text": ("a comment with personal data or secrets", Level.WARNING),
    "time": ("when they were taken", Level.NOTE),
}


def scan_images(snapshot: Snapshot) -> pl.DataFrame:
    """row_id, readable, and one boolean column per check, for every image that is there."""
    import polars as pl

    from governance.adapters.pillow_metadata import read_metadata
    from governance.measures.personal_data import find
    from governance.reporting.privacy_report import HARMLESS

    row_ids = snapshot.frame("row_id").select("row_id").collect()["row_id"]
    lines = []
    for row_id, content in zip(row_ids, snapshot.images(), strict=True):
        if content is None:
            continue
        told = read_metadata(content)
        texts = " \n ".join(told.texts) if told else ""
        personal = any(span.kind not in HARMLESS for span in find(texts)) if texts else False
        flags = (told.position, told.person, told.serial, personal, told.time) if told else (False,) * 5
        lines.append((row_id, told is not None, *flags))
    schema = {"row_id": pl.String, "readable": pl.Boolean, **dict.fromkeys(_CHECKS, pl.Boolean)}
    return pl.DataFrame(lines, schema=schema, orient="row")


def image_findings(found: pl.DataFrame, column: str) -> tuple[Finding, ...]:
    """One finding per check that any image fails."""
    read = int(found["readable"].sum())
    findings = []
    for check, (words, level) in _CHECKS.items():
        if count := int(found[check].sum()):
            findings.append(
                Finding(
                    rule="privacy/image_metadata",
                    level=level,
                    message=f"Image files tell {words}: {count:,} of {read:,} that could be read.",
                    remedy="Write the images again without EXIF and comments before they are used or passed on.",
                    columns=(column,),
                    subject=check,
                    count=count,
                    of=read,
                )
            )
    return tuple(findings)


def image_table(found: pl.DataFrame) -> Table:
    """Counts per check."""
    return Table(
        name="image_metadata",
        caption="What image files tell beside their pixels, by EXIF, XMP and text chunks",
        columns=("tells", "images", "of_images_read"),
        rows=tuple(
            (words, int(found[check].sum()), int(found["readable"].sum())) for check, (words, _) in _CHECKS.items()
        ),
    )


def image_metrics(found: pl.DataFrame) -> tuple[Metric, ...]:
    """The share of images that tell where they were taken."""
    from governance.measures.intervals import wilson

    read, placed = int(found["readable"].sum()), int(found["position"].sum())
    if not read:
        note = "no image could be read"
        return (Metric(name="images_with_position", value=None, unit="share", meaning=_POSITION, note=note),)
    low, high = wilson(placed, read)
    return (
        Metric(name="images_with_position", value=placed / read, unit="share", low=low, high=high, interval="95 % Wilson", n=read,
               better="lower", meaning=_POSITION),
    )  # fmt: skip


_POSITION = "share of image files that tell where they were taken"


def image_rows(found: pl.DataFrame) -> pl.DataFrame:
    """row_id, rule, score, flagged, suggestion of the images behind the warnings."""
    import polars as pl

    parts = []
    for check, (words, level) in _CHECKS.items():
        if level is not Level.NOTE:
            parts.append(
                found.filter(pl.col(check)).select(
                    "row_id",
                    rule=pl.lit("privacy/image_metadata"),
                    score=pl.lit(1.0),
                    flagged=pl.lit(True),
                    suggestion=pl.lit(f"the file tells {words}"),
                )
            )
    return pl.concat(parts)
