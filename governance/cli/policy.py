"""`govern policy test` and `govern policy show`: what a policy says, and whether it says what a team meant."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from governance.config import Workspace


def register(app: typer.Typer) -> None:
    """Add this group's commands."""
    group = typer.Typer(help="What the policy says, and whether it says what was meant.", no_args_is_help=True)
    group.command("test")(test)
    group.command("show")(show)
    app.add_typer(group, name="policy")


def test(file: Annotated[Path, typer.Argument(help="YAML with `cases:`; docs/gate.md describes it.")]) -> None:
    """Judge made-up findings, metrics and outcomes by the policy of params.yaml, and compare with what was expected.

    Exit codes: 0 all as expected, 2 the file makes no sense or has no case, 3 the policy says otherwise in some case.
    """
    from governance.formats.entries import printable
    from governance.policy_cases import differences, parse_cases
    from governance.yaml_files import read_yaml

    policy = Workspace.find().config.policy.resolved()
    cases = parse_cases(read_yaml(file, str(file)), str(file))
    failed = 0
    for case in cases:
        found = differences(policy, case)
        failed += bool(found)
        for difference in found:
            print(printable(f"{case.name}: {difference}"))
    print(f"{len(cases)} cases, " + (f"{failed} not as expected." if failed else "all as expected."))
    sys.exit(3 if failed else 0)


def show() -> None:
    """Print the policy as the gate applies it, with the tier's defaults filled in."""
    print(json.dumps(Workspace.find().config.policy.resolved().model_dump(mode="json"), indent=1))
