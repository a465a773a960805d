"""`govern verify`, `govern history` and `govern export`."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from governance.config import Workspace


def register(app: typer.Typer) -> None:
    """Add this group's commands."""
    app.command("verify")(verify)


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
    from governance.evidence import digest_of_bytes
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
