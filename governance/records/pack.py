"""A zip for somebody who audits without git, DVC or Python: documents, verdicts, rules, history, digests, a check.

It holds no raw data: reports show summaries only, and folders with data, predictions or reviews stay out. The same
commit and the same `since` give the same bytes.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import subprocess
import zipfile
from collections.abc import Mapping
from pathlib import Path

from markupsafe import Markup

from governance.config import Workspace
from governance.errors import EvidenceError, UsageError
from governance.files import write_atomic
from governance.records.digests import listed_files
from governance.records.history import Version, history
from governance.render import escape_html
from governance.verdict import read_verdict

_NOT_OUT = ("audits/", "evaluations/", "references/", "reviews/", "templates/", "dvc.lock")
"""Code, what was frozen from data, and single rows that people judged."""
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip can hold: entries carry no clock."""
SUMS = "SHA256SUMS"

VERIFY = """\
#!/bin/sh
# Checks that every file of this folder is the one that was exported. Needs a POSIX shell and sha256sum or shasum.
cd "$(dirname "$0")" || exit 4
if command -v sha256sum >/dev/null 2>&1; then sum="sha256sum"; else sum="shasum -a 256"; fi
failed=0
$sum -c SHA256SUMS >/dev/null 2>&1 || {
  failed=1
  $sum -c SHA256SUMS 2>/dev/null | grep -v ': OK$'
}
unlisted=$(find . -type f | sed 's|^\\./||' | while IFS= read -r file; do
  [ "$file" = SHA256SUMS ] || cut -c67- SHA256SUMS | grep -Fqx -- "$file" || echo "$file: is not in SHA256SUMS"
done)
if [ -n "$unlisted" ]; then
  echo "$unlisted"
  failed=1
fi
if [ "$failed" = 0 ]; then
  echo "All files are as exported. Compare this digest of SHA256SUMS with the one you were given:"
  $sum SHA256SUMS
else
  echo "Some files are not as exported."
  exit 4
fi
echo "Digests without a signature detect accidents, not forgers."
"""


def export(workspace: Workspace, since: datetime.date, out: Path) -> str:
    """Write the pack to `out`; returns the sha256 of its list of digests. Raises UsageError on what is not committed."""
    names = [name for name in listed_files(workspace) if not name.startswith(_NOT_OUT)]
    _require_committed(workspace.root, names)
    versions = {}
    for name in [*workspace.config.datasets, *workspace.config.models]:
        try:
            versions[name] = history(workspace, name, since.isoformat())
        except UsageError:
            versions[name] = ()
    files = {f"workspace/{name}": (workspace.root / name).read_bytes() for name in names}
    files["history.json"] = _json(versions)
    files["changes.txt"] = _changes(workspace.root, since)
    files["index.html"] = _index(workspace, since, versions, names).encode()
    files["verify.sh"] = VERIFY.encode()
    sums = "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files, key=str.encode))
    files[SUMS] = sums.encode()
    write_atomic(out, _zipped(files))
    return hashlib.sha256(sums.encode()).hexdigest()


def _require_committed(root: Path, names: list[str]) -> None:
    done = subprocess.run(["git", "status", "--porcelain", "-z", "--untracked-files=all", "--", *{n.split("/")[0] for n in names}],
                          cwd=root, capture_output=True, check=False)  # fmt: skip
    if done.returncode:
        raise UsageError("this is no git repository, and a pack holds what is committed")
    changed = [entry[3:] for entry in done.stdout.decode("utf-8", "replace").split("\0") if entry]
    if changed:
        shown = ", ".join(changed[:5]) + (f" and {len(changed) - 5} more" if len(changed) > 5 else "")
        raise UsageError(f"a pack holds what is committed, and this is not: {shown}.\n  Run: git commit")


def _json(versions: Mapping[str, tuple[Version, ...]]) -> bytes:
    plain = {name: [vars(one) for one in found] for name, found in versions.items()}
    return (json.dumps(plain, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def _changes(root: Path, since: datetime.date) -> bytes:
    """Commits since then that touched rules, contracts, waivers, approvals or reports, newest first."""
    paths = [
        "params.yaml",
        "waivers.yaml",
        "baseline.yaml",
        "approvals",
        "expectations",
        "answers",
        "govern.lock",
        "reports",
    ]
    command = ["git", "-c", "log.showSignature=false", "log", "--date=short", "--name-status", "--no-renames",
               "--format=%n%H %cd %an%n    %s", f"--since={since.isoformat()}T00:00:00Z", "--", *paths]  # fmt: skip
    text = subprocess.run(command, cwd=root, capture_output=True, check=True).stdout.decode("utf-8", "replace")
    return ("Commits on rules, contracts, waivers, approvals and reports, newest first.\n" + text).encode()


def _zipped(files: Mapping[str, bytes]) -> bytes:
    import io

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files, key=str.encode):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, wherever it is made
            entry.external_attr = (0o100755 if name.endswith(".sh") else 0o100644) << 16
            archive.writestr(entry, files[name])
    return buffer.getvalue()


def _index(
    workspace: Workspace, since: datetime.date, versions: Mapping[str, tuple[Version, ...]], names: list[str]
) -> str:
    rows = [_subject_row(workspace, name, names) for name in versions]
    history_rows = [_version_row(name, one) for name, found in versions.items() for one in found]
    waivers = [
        _row(w.expires.isoformat(), w.fingerprint, w.owner, w.reason)
        for w in sorted(workspace.waivers, key=lambda w: (w.expires, w.fingerprint))
    ]
    approvals = sorted(name for name in names if name.startswith("approvals/"))
    parts = [
        Markup('<!doctype html><html lang="en"><meta charset="utf-8"><title>Data governance: evidence pack</title>'
               "<style>body{{font:16px/1.5 sans-serif;max-width:70em;margin:2em auto;padding:0 1em}}table{{border-collapse:"
               "collapse}}td,th{{border:1px solid #999;padding:.3em .6em;text-align:left;vertical-align:top}}</style>").format(),
        Markup("<h1>Evidence pack</h1><p>Changes since {}. No raw data is in it. To check that all files are as they were "
               "exported, run <code>sh verify.sh</code> and compare the digest that it prints with the one that you were "
               "given another way. Digests without a signature detect accidents, not forgers.</p>").format(since.isoformat()),
        _table("Datasets and models", ("name", "kind", "verdict", "tier", "data", "documents"), rows),
        _table(f"Versions since {since.isoformat()}", ("name", "date", "commit", "verdict", "data", "approvals", "what changed"), history_rows),
        _table("Waivers by expiry", ("until", "finding", "owner", "reason"), waivers),
        Markup("<h2>Rules and records</h2><ul>{}</ul>").format(Markup().join(
            Markup('<li><a href="{0}">{0}</a></li>').format(name) for name in
            ["changes.txt", "history.json", SUMS, *(f"workspace/{n}" for n in names if "/" not in n), *(f"workspace/{n}" for n in approvals)])),
    ]  # fmt: skip
    return str(Markup("\n").join(parts)) + "\n"


def _subject_row(workspace: Workspace, name: str, names: list[str]) -> Markup:
    kind = "dataset" if name in workspace.config.datasets else "model"
    folder = f"reports/{kind}s/{name}"
    try:
        verdict = read_verdict(workspace.root / folder / "verdict.json")
        said = (str(verdict.result), str(verdict.tier), verdict.snapshot_digest[:19])
    except EvidenceError:
        said = ("no verdict", "", "")
    documents = [n for n in names if n.startswith(f"{folder}/") and n.endswith((".html", ".md")) and n.count("/") == 3]
    links = Markup(", ").join(
        Markup('<a href="workspace/{}">{}</a>').format(n, n.rsplit("/", 1)[1]) for n in sorted(documents)
    )
    return _row(name, kind, *said, links)


def _version_row(name: str, one: Version) -> Markup:
    verdict = f"{one.result} ({one.tier})" if one.result else "no verdict"
    return _row(
        name, one.date, one.commit[:12], verdict, one.digest[:19], "; ".join(one.approvals), "; ".join(one.changed)
    )


def _row(*cells: str | Markup) -> Markup:
    shown = (cell if isinstance(cell, Markup) else escape_html(cell) for cell in cells)
    return Markup("<tr>{}</tr>").format(Markup().join(Markup("<td>{}</td>").format(cell) for cell in shown))


def _table(title: str, headings: tuple[str, ...], rows: list[Markup]) -> Markup:
    if not rows:
        return Markup("<h2>{}</h2><p>None.</p>").format(title)
    head = Markup().join(Markup("<th>{}</th>").format(heading) for heading in headings)
    return Markup("<h2>{}</h2><table><tr>{}</tr>{}</table>").format(title, head, Markup("\n").join(rows))
