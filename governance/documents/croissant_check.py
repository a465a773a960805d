"""Whether a Croissant document is complete: what the specification demands, and its reference validator lets pass.

That validator accepts a file without name, address, description or creator, a wrong digest and a column that does not
exist. It is run in the tests beside this one; this one needs no library and no data, and is run wherever the document is
rendered.
"""

from __future__ import annotations

import datetime
import posixpath
import re
from collections.abc import Mapping
from typing import Any

from governance.documents.croissant import CONFORMS_TO, PARQUET, fields_shown, type_of
from governance.documents.croissant_rai import NAMES
from governance.documents.facts import DatasetFacts
from governance.documents.registry import Lacks
from governance.render import web_address

DECLARED = {
    "description": "description",
    "url": "url",
    "license": "licence",
    "creator": "creators",
    "datePublished": "published",
    "citeAs": "citation",
}
"""Required (and one recommended) property to the key of `about` in params.yaml that gives it."""
_VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)([-+][0-9A-Za-z.+-]+)?")
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


def undeclared(facts: DatasetFacts) -> tuple[str, ...]:
    """Keys of `about` in params.yaml without which the document is incomplete, in a fixed order."""
    about = facts.dataset.about
    return tuple(
        key for key in DECLARED.values()
        if _blank(getattr(about, key)) or (key == "url" and not web_address(about.url))
    )  # fmt: skip


def problems_with(data: Mapping[str, Any], facts: DatasetFacts) -> list[str]:
    """What is missing in a document, wrong, or not what was counted; empty when it is complete.

    What a declaration mends is a `Lacks`.
    """
    found = [f"{key}: missing" for key in ("@context", "@type", "conformsTo", "name") if _blank(data.get(key))]
    lacking = undeclared(facts)
    for key, declared in DECLARED.items():
        if _blank(data.get(key)):
            words = f"{key}: missing; declare about.{declared} in params.yaml"
            found.append(Lacks(words) if declared in lacking else words)
    if not _blank(url := data.get("url")) and not web_address(str(url)):
        found.append(f"url: {url!r} is no address")
    for key, declared in (("creator", "creators"), ("publisher", "curators")):
        if any(_blank(one.get("name")) for one in data.get(key, ())):
            nameless = any(map(_blank, getattr(facts.dataset.about, declared)))
            words = f"{key}: one has no name"
            found.append(Lacks(f"{words}; correct about.{declared} in params.yaml") if nameless else words)
    conforms = data.get("conformsTo", [])
    found += [f"conformsTo: {version} is not named" for version in CONFORMS_TO if version not in conforms]
    if not _VERSION.fullmatch(str(data.get("version", ""))):
        found.append(f"version: {data.get('version')!r} is not MAJOR.MINOR.PATCH")
    if data.get("datePublished") and not _is_date(str(data["datePublished"])):
        found.append(f"datePublished: {data['datePublished']!r} is no date")
    found += [
        f"{key}: no such property of Croissant RAI" for key in data if key.startswith("rai:") and key not in NAMES
    ]
    if not facts.readable:
        return [*found, Lacks("distribution: there is no snapshot to describe")]
    if not facts.kept:
        return [*found, Lacks("distribution: a scan keeps no files")]
    found += _files(data, facts)
    for split, rows in facts.splits.items():
        found += _records(data, facts, split, rows)
    return found


def _blank(value: Any) -> bool:
    """Whether nothing stands there that could be read."""
    if isinstance(value, str):
        return not value.strip()
    return not value or (isinstance(value, list | tuple) and all(map(_blank, value)))


def _is_date(text: str) -> bool:
    if not _DATE.fullmatch(text):
        return False
    try:  # a year, or a month, stands for its first day
        datetime.date.fromisoformat(text + "-01-01"[len(text) - 4 :])
    except ValueError:
        return False
    return True


def _files(data: Mapping[str, Any], facts: DatasetFacts) -> list[str]:
    listed = data.get("distribution", [])
    files = {file.get("@id"): file for file in listed}
    found = ["distribution: two files have one @id"] if len(files) != len(listed) else []
    for split in facts.splits:
        file = files.get(f"{split}.parquet")
        if file is None:
            found.append(f"distribution: no file for split {split}")
            continue
        if file.get("encodingFormat") != PARQUET:
            found.append(f"{split}.parquet: encodingFormat is {file.get('encodingFormat')!r}, not {PARQUET}")
        if _blank(file.get("contentUrl")):
            found.append(f"{split}.parquet: no contentUrl")
        elif _place(facts, str(file["contentUrl"])) != f"build/{facts.name}/snapshot/{split}.parquet":
            found.append(f"{split}.parquet: contentUrl {file['contentUrl']!r} leads to no file of the snapshot")
        known = facts.manifest.parquet.get(split, "").removeprefix("sha256:")
        if not known or file.get("sha256") != known:
            found.append(f"{split}.parquet: sha256 is not the one in the manifest")
    return found


def _place(facts: DatasetFacts, address: str) -> str:
    """Where `address` leads from the folder of the report, below the workspace."""
    return posixpath.normpath(posixpath.join("reports", "datasets", facts.name, address))


def _records(data: Mapping[str, Any], facts: DatasetFacts, split: str, rows: int) -> list[str]:
    records = next((item for item in data.get("recordSet", []) if item.get("@id") == split), None)
    if records is None:
        return [f"recordSet: none for split {split}"]
    found = []
    if records.get("annotation", {}).get("value") != rows:
        found.append(f"{split}: the row count is not the {rows} that were counted")
    fields = {field.get("name"): field for field in records.get("field", [])}
    if len(fields) != len(records.get("field", [])):
        found.append(f"{split}: two fields have one name")
    if len({field.get("@id") for field in fields.values()}) != len(fields):
        found.append(f"{split}: two fields have one @id")
    for name, field in fields.items():
        file = field.get("source", {}).get("fileObject", {}).get("@id")
        if file != f"{split}.parquet":
            found.append(f"{split}: field {name!r} is read from {file!r}, not from {split}.parquet")
    if records.get("key", {}).get("@id") not in {field.get("@id") for field in fields.values()}:
        found.append(f"{split}: its key is none of its fields")
    for column in fields_shown(facts):
        field = fields.get(column.name, {})
        kinds = field.get("dataType", [])
        kinds = kinds if isinstance(kinds, list) else [kinds]
        extracted = field.get("source", {}).get("extract", {}).get("column")
        if type_of(column, facts.manifest.outside is not None) not in kinds or extracted != column.name:
            found.append(f"{split}: column {column.name!r} is not described as the snapshot holds it")
    return found
