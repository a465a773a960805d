"""Croissant 1.1: a dataset's description as JSON-LD that programs read records by.

Plain JSON is written here and nothing is left to a library: the names of responsible-AI properties differ between the
specification and its library, and a library's objects would drop what they do not know. Sources: MLCommons Croissant
format 1.1 (2026) and Croissant RAI 1.0 (2024).

The files that it names lie where the pipeline keeps the snapshot, so that a reader who has this repository and its
data reads records from here. Nothing but names, types, counts and digests of them stands in the document.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from governance.dataset import ColumnType, Role
from governance.documents.croissant_rai import responsible_ai
from governance.documents.facts import DatasetFacts
from governance.documents.wording import plural
from governance.manifest import SnapshotColumn
from governance.render import shorten, visible, web_address

CONFORMS_TO = ("http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0")
ROWS_IRI = "http://www.wikidata.org/entity/Q4049983"
"""Number of rows, in the specification's own example."""
MOST_FIELDS = 80
"""Fields over all record sets; columns beyond are in the files and not described, so that the document stays small."""
PARQUET = "application/x-parquet"
"""Not the registered media type: the reference reader opens no file by that name."""

_ALIASES = (
    *("annotation", "arrayShape", "citeAs", "column", "containedIn", "equivalentProperty", "excludes", "extract"),
    *("field", "fileProperty", "fileObject", "fileSet", "format", "includes", "isArray", "isLiveDataset", "jsonPath"),
    *("key", "md5", "parentField", "path", "recordSet", "references", "regex", "repeated", "replace", "readLines"),
    *("samplingRate", "sdVersion", "separator", "source", "subField", "transform", "unArchive", "value"),
)
CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",  # the specification prints http, which the reference reader refuses
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "wd": "https://www.wikidata.org/wiki/",
    **{name: f"cr:{name}" for name in _ALIASES},
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
}

TYPES = {
    ColumnType.INTEGER: "sc:Integer",
    ColumnType.NUMBER: "sc:Float",
    ColumnType.BOOLEAN: "sc:Boolean",
    ColumnType.CATEGORY: "sc:Text",
    ColumnType.STRING: "sc:Text",
    ColumnType.TEXT: "sc:Text",
    ColumnType.DATE: "sc:Date",
    ColumnType.DATETIME: "sc:DateTime",
    ColumnType.IMAGE: "sc:ImageObject",
}
_PLACE = (
    ("row_id", "sc:Text", "Names the row: a hash of what it holds."),
    ("source_file", "sc:Text", "The file that the row was read from."),
    ("source_row", "sc:Integer", "The row's place in that file, from 0."),
)
_BY_PATH = "Path of the image file in the workspace; sha256 and size in bytes stand beside it"
_SPLITS = {"train": "cr:TrainingSplit", "validation": "cr:ValidationSplit", "test": "cr:TestSplit"}
_SEMVER = re.compile(r"(0|[1-9]\d*)(\.(?:0|[1-9]\d*))?(\.(?:0|[1-9]\d*))?")
_SPDX = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*")
_PLAIN_ID = re.compile(r"[A-Za-z0-9_.-]+")


def croissant_text(facts: DatasetFacts) -> str:
    """The document: JSON in a stable order, one field a line. What nobody can see is spelt as an escape."""
    text = _json(croissant_data(facts), "") + "\n"
    return "".join(character if _harmless(character) else _escaped(character) for character in text)


def croissant_data(facts: DatasetFacts) -> dict[str, Any]:
    """The document as plain values, in a fixed order. What is not declared is left out, and nothing is made up."""
    about = facts.dataset.about
    data: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": list(CONFORMS_TO),
        "name": facts.title,
        "description": about.description,
        "url": web_address(about.url) or "",
        "license": _licences(about.licence, about.licence_url),
        "creator": [{"@type": "sc:Person", "name": name} for name in about.creators],
        "publisher": [{"@type": "sc:Organization", "name": name} for name in about.curators],
        "datePublished": about.published,
        "version": version(about.version, facts.manifest.digest),
        "citeAs": about.citation,
        "keywords": list(about.keywords),
        "inLanguage": list(about.language),
        "identifier": facts.manifest.digest,
        **responsible_ai(facts),
    }
    if facts.readable and facts.kept:
        data["distribution"] = [_file(facts, split) for split in facts.splits]
        data["recordSet"] = [_splits(facts), *(_records(facts, split) for split in facts.splits)]
    return {key: value for key, value in data.items() if value}


def version(declared: str, digest: str) -> str:
    """`declared` as MAJOR.MINOR.PATCH: `2.1` becomes `2.1.0`. Words such as `November 1995` are no version number:
    then 0.0.0 with the digest's first digits as build metadata, which claims nothing."""
    found = _SEMVER.fullmatch(declared.strip())
    if found:
        return f"{found[1]}{found[2] or '.0'}{found[3] or '.0'}"
    known = re.fullmatch(r"sha256:([0-9a-f]{12})[0-9a-f]*", digest)
    return f"0.0.0+{known[1]}" if known else ""


def fields_shown(facts: DatasetFacts) -> tuple[SnapshotColumn, ...]:
    """The columns that are described: as many as keep to MOST_FIELDS over all splits."""
    beside = len(_PLACE) + 1
    columns = [column for column in facts.manifest.columns if column.name != "split"]
    return tuple(columns[: max(1, MOST_FIELDS // max(1, len(facts.splits)) - beside)])


def _licences(licence: str, url: str) -> list[str]:
    """Addresses of the licence; its words where there is none."""
    name = licence.strip()
    spdx = f"https://spdx.org/licenses/{name}.html" if _SPDX.fullmatch(name) and ("-" in name or name.isupper()) else ""
    found = [address for address in (spdx, web_address(url)) if address]
    return found or ([name] if name else [])


def _file(facts: DatasetFacts, split: str) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": f"{split}.parquet",
        "name": f"{split}.parquet",
        "description": f"Split {split} of the snapshot {facts.manifest.digest}.",
        # From the folder of the report to that of the snapshot: `dvc pull` puts the file there.
        "contentUrl": f"../../../build/{facts.name}/snapshot/{split}.parquet",
        "encodingFormat": PARQUET,
        "sha256": facts.manifest.parquet.get(split, "").removeprefix("sha256:"),
    }


def _splits(facts: DatasetFacts) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": "splits",
        "name": "splits",
        "description": "The splits, and what each is for.",
        "dataType": "cr:Split",
        "key": {"@id": "splits/name"},
        "field": [
            {"@type": "cr:Field", "@id": "splits/name", "name": "name", "dataType": "sc:Text"},
            {"@type": "cr:Field", "@id": "splits/url", "name": "url", "dataType": ["sc:URL", "wd:Q3985153"]},
        ],
        "data": [{"splits/name": split, "splits/url": _SPLITS.get(split, f"cr:{split}")} for split in facts.splits],
    }


def _records(facts: DatasetFacts, split: str) -> dict[str, Any]:
    shown = fields_shown(facts)
    left_out = sum(column.name != "split" for column in facts.manifest.columns) - len(shown)
    more = f" {plural(left_out, 'column')} more are in the file." if left_out else ""
    rows = facts.splits[split]
    fields = [_field(split, name, name, kind, meaning) for name, kind, meaning in _PLACE]
    fields.append(
        _field(split, "split", "split", "sc:Text", "The split that the row belongs to.")
        | {"references": {"field": {"@id": "splits/name"}}}
    )
    first = split == next(iter(facts.splits))  # columns mean the same in every split, and are described once
    outside = facts.manifest.outside is not None
    fields += [_column(split, column, number, first, outside) for number, column in enumerate(shown, start=1)]
    return {
        "@type": "cr:RecordSet",
        "@id": split,
        "name": split,
        "description": f"{plural(rows, 'row')} of split {split}.{more}",
        "key": {"@id": f"{split}/row_id"},
        "annotation": {
            "@type": "cr:Field",
            "@id": f"{split}/rows",
            "name": "rows",
            "dataType": "sc:Integer",
            "equivalentProperty": ROWS_IRI,
            "value": rows,
        },
        "field": fields,
    }


def type_of(column: SnapshotColumn, outside: bool) -> str:
    """The type of a field: of images that stay `outside` the snapshot, that of their paths."""
    return "sc:Text" if outside and column.type is ColumnType.IMAGE else TYPES[column.type]


def _column(split: str, column: SnapshotColumn, number: int, described: bool, outside: bool) -> dict[str, Any]:
    by_path = outside and column.type is ColumnType.IMAGE
    plain = _PLAIN_ID.fullmatch(column.name) and column.name not in {name for name, _, _ in _PLACE} | {"rows"}
    kinds = [type_of(column, outside), *(["cr:Label"] if column.resolved_role is Role.TARGET else [])]
    said = [column.description, f"Unit: {column.unit}" if column.unit else ""]
    said.append(_BY_PATH if by_path else "")
    said.append(f"Treated as private: {column.private_because}" if column.private else "")
    meaning = (
        " ".join(f"{shorten(part.strip(), 100).rstrip('.')}." for part in said if part.strip()) if described else ""
    )
    identifier = column.name if plain else f"column_{number}"
    field = _field(split, identifier, column.name, kinds if len(kinds) > 1 else kinds[0], meaning)
    if by_path:  # the file holds path, sha256 and size of each image, and no image
        field["source"] = field["source"] | {"transform": {"jsonPath": "path"}}
    return field


def _field(split: str, identifier: str, column: str, kind: str | list[str], meaning: str) -> dict[str, Any]:
    field = {
        "@type": "cr:Field",
        "@id": f"{split}/{identifier}",
        "name": column,
        "description": meaning,
        "dataType": kind,
        "source": {"fileObject": {"@id": f"{split}.parquet"}, "extract": {"column": column}},
    }
    return {key: value for key, value in field.items() if value}


def _harmless(character: str) -> bool:
    """Whether it shows itself. Outside of strings JSON has only such characters; `<` could end a page's script."""
    return character == "\n" or (character != "<" and visible(character) == character)


def _escaped(character: str) -> str:
    return r"\u003c" if character == "<" else json.dumps(character)[1:-1]


def _json(value: Any, indent: str) -> str:
    """`value` as JSON; what has no structure worth a line of its own, and every field, stands on one line."""
    flat = json.dumps(value, ensure_ascii=False, allow_nan=False)
    inner = indent + " "
    if isinstance(value, Mapping) and value.get("@type") != "cr:Field" and len(flat) > 90:
        parts = [f"{inner}{json.dumps(key, ensure_ascii=False)}: {_json(item, inner)}" for key, item in value.items()]
        return "{\n" + ",\n".join(parts) + f"\n{indent}}}"
    if isinstance(value, list) and len(flat) > 90:
        return "[\n" + ",\n".join(inner + _json(item, inner) for item in value) + f"\n{indent}]"
    return flat
