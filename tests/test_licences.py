"""No dependency, required or optional, has a licence that binds who offers a service or forbids commercial use."""

from __future__ import annotations

import re
import sys
import tomllib
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

PROJECT = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
REFUSED = re.compile(
    r"agpl|affero|busl|business source|\bbsl\b(?!-1\.0)|sspl|server side public|non-?commercial|\bcc-by(-\w+)*-nc|commons clause"
    r"|polyform|elastic licen[cs]e|educational use",
    re.IGNORECASE,
)
"""BSL-1.0 is Boost's licence in SPDX, which is none of them; Business Source is BUSL there and often BSL elsewhere."""
GPL = re.compile(r"(?<![al])gpl|(?<!lesser )(?<!affero )general public licen[cs]e", re.IGNORECASE)
ALLOWED = {
    "asyncssh": "EPL-2.0 is the other choice; dvc needs it through scmrepo",
    "dulwich": "Apache-2.0 is the other choice; dvc needs it through scmrepo",
    "grandalf": "EPLv1 is the other choice; dvc needs it",
    "pygit2": "its exception lets any program link it; dvc needs it through scmrepo",
}
"""What names the GPL and may be used all the same, and why."""
UNSAID = {
    "mlcroissant": "LICENSE.md of github.com/mlcommons/croissant has the terms of Apache-2.0; the tests need it, users do not"
}
"""What has no word of a licence in its wheel, and where it stands."""
HEADING = 300
"""Signs of a licence's whole text that say which it is; further on it may speak of others, and of what it bundles."""


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def closure(requirements: list[str]) -> tuple[dict[str, Distribution], set[str]]:
    """What the requirements bring here, by name, each with what it requires itself; and what is not installed."""
    extras: dict[str, set[str]] = {}
    found: dict[str, Distribution] = {}
    absent: set[str] = set()
    waiting = [Requirement(one) for one in requirements]
    while waiting:
        wanted = waiting.pop()
        name = normal(wanted.name)
        new = {"", *wanted.extras} - extras.setdefault(name, set())
        extras[name] |= new
        if not new:
            continue
        try:
            found[name] = distribution(wanted.name)
        except PackageNotFoundError:
            absent.add(name)
            continue
        for line in found[name].requires or []:
            further = Requirement(line)
            if further.marker is None or any(further.marker.evaluate({"extra": extra}) for extra in new):
                waiting.append(further)
    return found, absent


def said(one: Distribution) -> list[str]:
    """What the metadata say of the licence; where they say nothing, how the licence's file begins."""
    expression = one.metadata["License-Expression"]
    if expression:
        return [expression]
    field = (one.metadata["License"] or "").strip()
    words = [" ".join(field[:HEADING].split())] if field and field != "UNKNOWN" else []
    words += [line for line in one.metadata.get_all("Classifier") or [] if line.startswith("License ::")]
    if not [line for line in words if line != "License :: OSI Approved"]:
        files = [file for file in one.files or [] if re.match(r"(?i)licen[cs]e|copying", file.name)]
        words += [" ".join(file.read_text(encoding="utf-8")[:HEADING].split()) for file in files]
    return words


def refused(words: list[str]) -> list[str]:
    """Those that name a refused licence and leave no choice of another."""
    found = []
    for line in words:
        choices = [line] if "(" in line and " OR " in line else re.split(r"\s+OR\s+|\s+\|\s+", line)
        if all(REFUSED.search(choice) for choice in choices):
            found.append(line)
    return found


def every_requirement() -> list[str]:
    return [*PROJECT["dependencies"], *(line for lines in EXTRAS.values() for line in lines)]


def judged(requirements: list[str]) -> dict[str, list[str]]:
    """What is wrong, by distribution."""
    wrong = {}
    for name, one in sorted(closure(requirements)[0].items()):
        words = said(one)
        if not words:
            if name not in UNSAID:
                wrong[name] = ["says nothing of its licence"]
        elif bad := refused(words):
            wrong[name] = bad
        elif any(GPL.search(line) for line in words) and name not in ALLOWED:
            wrong[name] = [f"names the GPL: {'; '.join(words)}"]
    return wrong


def test_no_dependency_has_a_licence_that_is_refused() -> None:
    found, absent = closure(every_requirement())
    for name in sorted(set(ALLOWED) & set(found)):
        print(f"allowed: {name} ({'; '.join(said(found[name]))}): {ALLOWED[name]}")  # noqa: T201 - what is allowed is to be read
    for name in sorted(set(UNSAID) & set(found)):
        print(f"allowed: {name} (says nothing): {UNSAID[name]}")  # noqa: T201 - what is allowed is to be read
    print(f"{len(found)} distributions; not installed: {', '.join(sorted(absent)) or 'none'}")  # noqa: T201 - what is allowed is to be read
    for line in [*PROJECT["dependencies"], *EXTRAS["pipeline"]]:
        assert normal(Requirement(line).name) in found
    assert judged(every_requirement()) == {}


def test_what_is_allowed_is_still_there_and_still_names_the_gpl() -> None:
    found, _ = closure(every_requirement())
    assert {
        name for name in ALLOWED if name not in found or not any(GPL.search(line) for line in said(found[name]))
    } == set()
    assert {name for name in UNSAID if name not in found or said(found[name])} == set()


def plant(folder: Path, name: str, metadata: str, files: dict[str, str] | None = None) -> None:
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.4\nName: {name}\nVersion: 1.0\n{metadata}", encoding="utf-8")
    for file, text in (files or {}).items():
        (info / file).write_text(text, encoding="utf-8")
    (info / "RECORD").write_text("".join(f"{info.name}/{file},,\n" for file in files or {}), encoding="utf-8")


@pytest.mark.parametrize(
    ("metadata", "files"),
    [
        ("License-Expression: AGPL-3.0-or-later\n", {}),
        ("License-Expression: MIT AND (AGPL-3.0-only OR SSPL-1.0)\n", {}),
        ("License-Expression: BUSL-1.1\n", {}),
        ("License-Expression: GPL-3.0-only\n", {}),
        ("License: BSL\n", {}),
        ("License: SSPL\n", {}),
        ("License: CC-BY-NC-4.0\n", {}),
        ("License: CC BY-SA, for noncommercial use\n", {}),
        ("Classifier: License :: OSI Approved :: GNU Affero General Public License v3\n", {}),
        ("Classifier: License :: Free for non-commercial use\n", {}),
        ("License: UNKNOWN\n", {"LICENSE": "GNU AFFERO GENERAL PUBLIC LICENSE\nVersion 3\n"}),
        ("", {}),
    ],
)
def test_a_planted_distribution_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, metadata: str, files: dict[str, str]
) -> None:
    """Two steps away, and behind an extra."""
    plant(tmp_path, "planted", metadata, files)
    plant(
        tmp_path, "between", "License-Expression: MIT\nProvides-Extra: more\nRequires-Dist: planted; extra == 'more'\n"
    )
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    assert set(judged(["between[more]"])) == {"planted"}
    assert judged(["between"]) == {}


@pytest.mark.parametrize(
    "metadata",
    [
        "License-Expression: BSL-1.0\n",
        "License-Expression: Apache-2.0 OR AGPL-3.0-only\n",
        "License: GNU Lesser General Public License v3 (LGPLv3)\n",
        "License: MIT License\n\n",
    ],
)
def test_a_planted_distribution_that_may_be_used_is_not_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, metadata: str
) -> None:
    plant(tmp_path, "planted", metadata)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    assert judged(["planted"]) == {}
