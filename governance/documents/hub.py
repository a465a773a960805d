"""The head of a Hugging Face dataset card, and a validator of it that needs no network.

The library's own check posts the card to a server. What the server knows and this file needs is listed here, from
the Hub's documentation (huggingface/hub-docs: datasetcard.md, repositories-licenses.md).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from governance.canonical import DECIMALS
from governance.dataset import ColumnType, Modality, Task
from governance.documents.facts import DatasetFacts
from governance.render import shorten, visible, web_address

_LICENCES = """
apache-2.0 mit openrail bigscience-openrail-m creativeml-openrail-m bigscience-bloom-rail-1.0 bigcode-openrail-m afl-3.0
artistic-2.0 bsl-1.0 bsd bsd-2-clause bsd-3-clause bsd-3-clause-clear c-uda cc cc0-1.0 cc-by-2.0 cc-by-2.5 cc-by-3.0
cc-by-4.0 cc-by-sa-3.0 cc-by-sa-4.0 cc-by-nc-2.0 cc-by-nc-3.0 cc-by-nc-4.0 cc-by-nd-4.0 cc-by-nc-nd-3.0 cc-by-nc-nd-4.0
cc-by-nc-sa-2.0 cc-by-nc-sa-3.0 cc-by-nc-sa-4.0 cdla-sharing-1.0 cdla-permissive-1.0 cdla-permissive-2.0 wtfpl ecl-2.0
epl-1.0 epl-2.0 etalab-2.0 eupl-1.1 agpl-3.0 gfdl gpl gpl-2.0 gpl-3.0 lgpl lgpl-2.1 lgpl-3.0 isc lppl-1.3c ms-pl mpl-2.0
odc-by odbl openrail++ osl-3.0 postgresql ofl-1.1 ncsa unlicense zlib pddl lgpl-lr deepfloyd-if-license llama2 gemma
unknown other
"""
LICENCES = frozenset(_LICENCES.split())
"""Identifiers that the Hub knows."""
_GNU = re.compile(r"((?:a|l)?gpl-\d\.\d|gfdl)(-\d\.\d)?(-only|-or-later)?")
_SPDX_TO_HUB = {"odbl-1.0": "odbl", "odc-by-1.0": "odc-by", "pddl-1.0": "pddl", "c-uda-1.0": "c-uda"}
_SPDX = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*")

SIZES: tuple[str, ...] = (
    "n<1K",
    "1K<n<10K",
    "10K<n<100K",
    "100K<n<1M",
    "1M<n<10M",
    "10M<n<100M",
    "100M<n<1B",
    "1B<n<10B",
)
SIZES += ("10B<n<100B", "100B<n<1T", "n>1T")
MODALITIES = frozenset({"3d", "audio", "document", "geospatial", "image", "tabular", "text", "timeseries", "video"})
TASK_CATEGORIES: dict[tuple[Modality, Task], tuple[str, str]] = {
    (Modality.TABULAR, Task.CLASSIFICATION): ("tabular-classification", ""),
    (Modality.TABULAR, Task.MULTI_LABEL): ("tabular-classification", "tabular-multi-label-classification"),
    (Modality.TABULAR, Task.REGRESSION): ("tabular-regression", "tabular-single-column-regression"),
    (Modality.TEXT, Task.CLASSIFICATION): ("text-classification", ""),
    (Modality.TEXT, Task.MULTI_LABEL): ("text-classification", "multi-label-classification"),
    (Modality.TEXT, Task.REGRESSION): ("text-classification", "text-scoring"),
    (Modality.TEXT, Task.TOKEN_CLASSIFICATION): ("token-classification", ""),
    (Modality.TEXT, Task.RANKING): ("text-ranking", ""),
    (Modality.IMAGE, Task.CLASSIFICATION): ("image-classification", ""),
    (Modality.IMAGE, Task.MULTI_LABEL): ("image-classification", "multi-label-image-classification"),
    (Modality.IMAGE, Task.DETECTION): ("object-detection", ""),
}
TASKS = frozenset(category for category, _ in TASK_CATEGORIES.values())

_DTYPES = {
    ColumnType.INTEGER: "int64",
    ColumnType.NUMBER: "float64",
    ColumnType.BOOLEAN: "bool",
    ColumnType.CATEGORY: "string",
    ColumnType.STRING: "string",
    ColumnType.TEXT: "string",
    ColumnType.DATE: "date32",
    ColumnType.DATETIME: "timestamp[us]",
    ColumnType.IMAGE: "image",
}
KEYS = (
    *("pretty_name", "license", "license_name", "license_link", "language", "task_categories", "task_ids", "tags"),
    *("size_categories", "configs", "dataset_info"),
)
"""Keys of a card's head, in the order in which they are written."""
_BY_PATH = {
    "name": "",
    "struct": [
        {"name": name, "dtype": dtype} for name, dtype in (("path", "string"), ("sha256", "string"), ("size", "int64"))
    ],
}
MOST_FEATURES = 200
"""Of more columns the head does not name each: the Hub reads them in the Parquet files, and git holds less."""
_ROW_KEYS = (("row_id", "string"), ("source_file", "string"), ("source_row", "int64"), ("split", "string"))
"""What the snapshot's files hold beside the declared columns."""
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_TAG = re.compile(r"[^a-z0-9]+")
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./+<>-]*( [A-Za-z0-9_./+<>()-]+)*")
_NOT_TEXT = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"})
"""Words that YAML 1.1, which the Hub's library reads, takes for something else."""


@dataclass(frozen=True)
class CardView:
    """What the card's template prints beside the datasheet."""

    head: Markup
    """YAML between the two lines of dashes; in it, quoting does what escaping does elsewhere."""
    files: tuple[tuple[str, str], ...]
    """Split, and the file that holds it."""
    kept: bool
    """Whether there are files at all."""


def card_view(facts: DatasetFacts) -> CardView:
    """The card's head as YAML text, and the files that it names."""
    head = Markup(yaml_text(card_data(facts)).rstrip("\n"))  # noqa: S704 - YAML, quoted by the emitter
    files = tuple((s, f"{s}.parquet") for s in facts.splits) if facts.kept else ()
    return CardView(head, files, facts.kept)


def card_data(facts: DatasetFacts) -> dict[str, Any]:
    """The card's head as plain values, in a fixed order."""
    about, manifest = facts.dataset.about, facts.manifest
    data: dict[str, Any] = {"pretty_name": visible(facts.title), **licence_keys(about.licence, about.licence_url)}
    if languages := [code for code in about.language if _LANGUAGE.fullmatch(code)]:
        data["language"] = languages
    category, subtask = TASK_CATEGORIES.get((manifest.modality, facts.dataset.data.task), ("", ""))
    if category:
        data["task_categories"] = [category]
    if subtask:
        data["task_ids"] = [subtask]
    data["tags"] = list(dict.fromkeys([manifest.modality.value, *filter(None, map(_tag, about.keywords))]))
    if not facts.readable:
        return data
    data["size_categories"] = [size_category(manifest.rows)]
    if facts.kept:
        files = [{"split": split, "path": f"{split}.parquet"} for split in facts.splits]
        data["configs"] = [{"config_name": "default", "data_files": files, "default": True}]
    features: list[dict[str, Any]] = [
        {"name": name, "dtype": dtype}
        for name, dtype in (*_ROW_KEYS, *((c.name, _DTYPES[c.type]) for c in manifest.columns if c.name != "split"))
    ]
    if manifest.outside is not None:  # what the Parquet files hold in place of each image
        features = [_BY_PATH | {"name": one["name"]} if one["dtype"] == "image" else one for one in features]
    data["dataset_info"] = {
        **({"features": features} if len(features) <= MOST_FEATURES else {}),
        "splits": [{"name": split, "num_examples": rows} for split, rows in facts.splits.items()],
    }
    return data


def size_category(rows: int) -> str:
    """The Hub's band for `rows`: `1K<n<10K` from 1,000 rows on."""
    limit = 1000
    for band in SIZES[:-1]:
        if rows < limit:
            return band
        limit *= 10
    return SIZES[-1]


def hub_licence(licence: str) -> str | None:
    """The Hub's identifier for an SPDX identifier; None for a licence or sentence that it has no identifier for."""
    name = licence.strip().lower()
    name = _SPDX_TO_HUB.get(name, name)
    if gnu := _GNU.fullmatch(name):
        name = gnu.group(1)
    return name if name in LICENCES - {"other"} else None


def licence_keys(licence: str, url: str) -> dict[str, str]:
    """The keys of a card that say under which licence it is: the Hub's identifier, or the licence's name and address."""
    if not licence.strip():
        return {"license": "unknown"}
    known = hub_licence(licence)
    if known:
        return {"license": known}
    address = web_address(url)
    if not _SPDX.fullmatch(licence.strip()) and not address:
        return {"license": "unknown"}  # a sentence without terms to link to; the card's text quotes it
    other = {"license": "other", "license_name": shorten(visible(licence.strip()), 80)}
    return other | {"license_link": address} if address else other


def _tag(keyword: str) -> str:
    return _TAG.sub("-", keyword.lower()).strip("-")[:64]


def yaml_text(value: Mapping[str, Any]) -> str:
    """`value` as YAML that readers of versions 1.1 and 1.2 understand alike: text is quoted whenever in doubt."""
    return "\n".join(_yaml_mapping(value, "")) + "\n"


def _yaml_mapping(value: Mapping[str, Any], indent: str) -> list[str]:
    lines: list[str] = []
    for key, item in value.items():
        if isinstance(item, Mapping):
            lines += [f"{indent}{_scalar(key)}:", *_yaml_mapping(item, indent + "  ")]
        elif isinstance(item, list):
            lines += [f"{indent}{_scalar(key)}:", *_yaml_list(item, indent)]
        else:
            lines.append(f"{indent}{_scalar(key)}: {_scalar(item)}")
    return lines


def _yaml_list(items: Sequence[Any], indent: str) -> list[str]:
    lines: list[str] = []
    for item in items:
        if isinstance(item, Mapping):
            first, *rest = _yaml_mapping(item, indent + "  ")
            lines += [f"{indent}- {first.strip()}", *rest]
        else:
            lines.append(f"{indent}- {_scalar(item)}")
    return lines


def _scalar(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".") if value % 1 else f"{value:.1f}"  # never an exponent
    text = visible(str(value))
    if _PLAIN.fullmatch(text) and text.lower() not in _NOT_TEXT:
        return text
    return json.dumps(text, ensure_ascii=False)


def problems_with(data: Mapping[str, Any], facts: DatasetFacts) -> list[str]:
    """What the Hub, or a reader who compares it with the data, would object to in a card's head."""
    found = []
    found += [f"{key}: not a key that this project writes" for key in data if key not in KEYS]
    if data.get("license") not in LICENCES:
        found.append(f"license: {data.get('license')!r} is no identifier of the Hub")
    if data.get("license") == "other" and not data.get("license_name"):
        found.append("license: other needs license_name")
    languages, tasks, sizes = (data.get(key, []) for key in ("language", "task_categories", "size_categories"))
    found += [f"language: {code!r} is no language code" for code in languages if not _LANGUAGE.fullmatch(code)]
    found += [f"task_categories: {name!r} is unknown" for name in tasks if name not in TASKS]
    found += [f"size_categories: {name!r} is unknown" for name in sizes if name not in SIZES]
    if not MODALITIES & set(data.get("tags", [])):
        found.append(f"tags: no modality; one of {', '.join(sorted(MODALITIES))}")
    info = data.get("dataset_info", {})
    counts = {split["name"]: split["num_examples"] for split in info.get("splits", [])}
    if facts.readable and counts != facts.manifest.splits:
        found.append(f"dataset_info.splits: {counts} is not what was counted: {facts.manifest.splits}")
    names = [feature["name"] for feature in info.get("features", [])]
    keys = [key for key, _ in _ROW_KEYS]  # a column that divides the rows may be the key `split` itself
    columns = [*keys, *(visible(c.name) for c in facts.manifest.columns if c.name not in keys)]
    if facts.readable and names != (columns if len(columns) <= MOST_FEATURES else []):
        found.append("dataset_info.features: not the columns of the snapshot")
    return found
