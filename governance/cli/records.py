"""`govern verify`, `govern history` and `govern export`."""

from __future__ import annotations

import datetime
import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from governance.config import Workspace


def register(app: typer.Typer) -> None:
    """Add this group's commands."""
    app.command("verify")(verify)
    app.command("history")(history)
    app.command("export")(export)


def verify(
    json_: Annotated[bool, typer.Option("--json", help="For programs, with the list of digests.")] = False,
    list_: Annotated[
        bool, typer.Option("--list", help="Print the list of digests that a signature can be made over, and stop.")
    ] = False,
) -> None:
    """Check the chain source, snapshot, evidence, verdict, documents by digest, and name what does not match.

    Exits 0, or 4 when something does not match. Digests without a signature detect accidents, not forgers.
    """
    from governance.records.digests import digest_list

    workspace = Workspace.find()
    if list_:
        sys.stdout.write(digest_list(workspace))
        return
    from governance.canonical import digest_of_bytes
    from governance.formats.entries import printable
    from governance.records.chain import CAVEAT
    from governance.records.chain import verify as verified

    chain = verified(workspace)
    if json_:
        listed = digest_list(workspace)
        content = {
            "checked": chain.checked,
            "mismatches": [{"path": one.path, "why": one.why} for one in chain.mismatches],
            "notes": list(chain.notes),
            "digests": {line.split("  ", 1)[1]: line.split("  ", 1)[0] for line in listed.splitlines()},
            "digest": digest_of_bytes(listed.encode()),
            "caveat": CAVEAT,
        }
        print(json.dumps(content, indent=1))
    else:
        for one in chain.mismatches:
            print(f"{printable(one.path)}: {printable(one.why)}")
        for note in chain.notes:
            print(f"note: {printable(note)}")
        count = len({one.path for one in chain.mismatches})
        print(f"{chain.checked} files compared, {count} do not match. {CAVEAT}")
    sys.exit(4 if chain.mismatches else 0)


def history(
    name: Annotated[str, typer.Argument(help="A dataset or model.")],
    json_: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Print every version in git, newest first: digest of the data, verdict, approvals, and what changed."""
    from governance.formats.entries import printable
    from governance.records.history import history as versions

    found = versions(Workspace.find(), name)
    if json_:
        print(json.dumps([vars(one) for one in found], indent=1, ensure_ascii=False))
        return
    for one in found:
        verdict = f"{one.result} (tier {one.tier})" if one.result else "no verdict"
        rows = f", {one.rows:,} rows" if one.rows is not None else ""
        print(f"{one.date} {one.commit[:10]} {printable(one.author)}: {printable(one.subject)}")
        print(f"  data {one.digest[:19] or 'none'}{rows}; {verdict}")
        for approval in one.approvals:
            print(f"  approval: {printable(approval)}")
        for change in one.changed:
            print(f"  - {printable(change)}")


def export(
    since: Annotated[str, typer.Option(help="First day whose changes count: 2026-01-31.")],
    out: Annotated[Path, typer.Option(help="The zip file to write.")],
) -> None:
    """Write a zip for an auditor without git, DVC or Python: documents, verdicts, rules, history, digests, a check.

    It holds no raw data and what is committed only. The same commit gives the same bytes.
    """
    from governance.errors import UsageError
    from governance.records.pack import export as packed

    try:
        day = datetime.date.fromisoformat(since)
    except ValueError:
        raise UsageError(f"--since {since!r} is no date; write it as 2026-01-31") from None
    if not out.resolve().parent.is_dir():
        raise UsageError(f"there is no folder {out.parent}")
    digest = packed(Workspace.find(), day, out)
    print(f"{out}: written. Hand this digest of its SHA256SUMS over another way:\n{digest}")
