"""`govern gate` and `govern status`."""

from __future__ import annotations

import datetime
import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from governance.config import Workspace

if TYPE_CHECKING:
    from governance.judging import Judged, Judgement


def register(app: typer.Typer) -> None:
    """Add this group's commands."""
    app.command("gate")(gate)
    app.command("status")(status)


def gate(
    format: Annotated[str, typer.Option(help="text or json")] = "text",
    dataset: Annotated[
        list[str] | None, typer.Option(help="Judge only this dataset or model; may be repeated.")
    ] = None,
) -> None:
    """Judge every dataset and model from git alone, and exit 0 only when all of it may be merged.

    Exit codes: 0 passed, 2 configuration, 3 blocked by policy, 4 evidence missing, stale, edited, or an audit that
    could not be evaluated.
    """
    from governance.judging import judge_workspace

    if format not in {"text", "json"}:
        raise typer.BadParameter(f"{format!r} is not a format; there are: text, json")
    workspace = Workspace.find()
    judged = judge_workspace(workspace, datetime.datetime.now(tz=datetime.UTC).date(), _chosen(workspace, dataset))
    print(as_json(judged) if format == "json" else as_text(judged))
    sys.exit(judged.exit_code)


def status(
    dataset: Annotated[list[str] | None, typer.Argument(help="Only these datasets or models.")] = None,
    json_: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Print the table of verdicts. Exits 0 whatever they are: `govern gate` is what judges."""
    from governance.judging import judge_workspace

    workspace = Workspace.find()
    judged = judge_workspace(workspace, datetime.datetime.now(tz=datetime.UTC).date(), _chosen(workspace, dataset))
    if json_:
        print(as_json(judged))
        return
    print_table(judged)
    if dataset:
        print(as_text(judged))
    elif judged.exit_code:
        print("Why: govern status NAME, or govern gate")


def _chosen(workspace: Workspace, names: list[str] | None) -> tuple[str, ...]:
    from governance.errors import UsageError

    known = {**workspace.config.datasets, **workspace.config.models}
    unknown = [name for name in names or () if name not in known]
    if unknown:
        raise UsageError(f"params.yaml has no dataset or model {', '.join(unknown)}; it has: {', '.join(known)}")
    return tuple(names or ())


def print_table(judged: Judged) -> None:
    """One line per dataset and model."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("name", "kind", "verdict", "errors", "warnings", "waived", "audits", "rows"):
        table.add_column(heading, justify="left" if heading in {"name", "kind", "verdict"} else "right")
    for one in judged.judgements:
        verdict = one.verdict
        colour = "green" if verdict.result == "passed" else "red"
        assessed = sum(1 for item in one.collected.evidence.values() if not isinstance(item, str) and item.units)
        manifest = one.collected.manifest
        table.add_row(
            one.name, one.kind, f"[{colour}]{verdict.result}[/{colour}]",
            *(str(len(verdict.with_effect(effect))) for effect in ("block", "warn", "waived")),
            f"{assessed}/{len(one.collected.evidence)}", f"{manifest.rows:,}" if manifest else "-",
        )  # fmt: skip
    Console(soft_wrap=True, highlight=False).print(table)


def as_text(judged: Judged) -> str:
    """Every decision that is not a plain pass, worst first, and one closing line."""
    lines = []
    for one in judged.judgements:
        lines.append(f"{one.name} ({one.kind}, tier {one.verdict.tier}): {one.verdict.result.upper()}")
        lines.extend(_line(decision) for decision in one.verdict.decisions if decision.effect not in {"pass", "note"})
        passes = len(one.verdict.with_effect("pass"))
        notes = len(one.verdict.with_effect("note"))
        lines.append(f"  {passes} requirements met, {notes} notes")
    lines.extend(f"note: {note}" for note in judged.notes)
    lines.append(_closing(judged))
    return "\n".join(lines)


def _line(decision: object) -> str:
    from governance.policy import Decision

    assert isinstance(decision, Decision)
    mark = f" [{decision.fingerprint}]" if decision.fingerprint else ""
    waiver = f"\n      waived: {decision.waiver}" if decision.effect == "waived" else ""
    return f"  {decision.effect:<6} {decision.rule}{mark}: {_visible(decision.message)}{waiver}"


def _visible(text: str) -> str:
    """Text from datasets without control characters, so that a column name cannot steer the terminal."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)


def _closing(judged: Judged) -> str:
    count = len(judged.judgements)
    blocked = sum(1 for one in judged.judgements if one.exit_code)
    if not count:
        return "Nothing to judge: params.yaml declares no dataset. Exit code 4. Run: govern add PATH --name NAME"
    words = "all passed" if not blocked else f"{blocked} of {count} blocked"
    return f"{count} judged, {words}. Exit code {judged.exit_code}."


def as_json(judged: Judged) -> str:
    """Everything, for programs."""

    def one(judgement: Judgement) -> dict[str, object]:
        return judgement.verdict.model_dump(mode="json") | {"exit_code": judgement.exit_code}

    content = {
        "exit_code": judged.exit_code,
        "notes": list(judged.notes),
        "verdicts": [one(judgement) for judgement in judged.judgements],
    }
    return json.dumps(content, indent=1, sort_keys=True)
