"""Writes what documentation can be read off the code: the audit reference, the command reference, the README's table.

`python docs/generate.py` writes, `--check` exits 1 when something is not current.
"""

from __future__ import annotations

import inspect
import json
import os
import re
import sys
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).parent.parent
START, END = "<!-- generated: {} -->", "<!-- end: {} -->"


def audit_reference(kind: str) -> str:
    """Every audit (or evaluation): its docstring, its settings, its reach."""
    from governance.audit import load, names
    from governance.testing import meanings

    parts = [
        f"# {kind.title()}",
        "",
        f"Written from the code by `docs/generate.py`. Each is a file in `governance/{kind}/`.",
        "",
    ]
    for name in names(kind):
        audit = load(name, kind)
        parts += [f"## {name}", "", f"**{audit.title}.** {audit.question}", ""]
        parts += [_as_markdown(inspect.getdoc(audit) or ""), ""]
        parts += [f"*Looked for:* {audit.reach.looked_for}", "", f"*Would notice:* {audit.reach.would_notice}", ""]
        parts += [f"*How well:* {audit.reach.measured}", ""]
        parts += [f"*Cannot see:* {audit.reach.cannot_see}", ""]
        needs = getattr(audit, "needs", frozenset())
        if needs:
            parts += [f"*Needs:* {', '.join(sorted(needs))}.", ""]
        if audit.model_fields:
            parts += ["| setting | default | meaning |", "|---|---|---|"]
            meant = meanings(audit)
            for field, info in audit.model_fields.items():
                meaning = meant[field]
                parts.append(
                    f"| `{field}` | `{json.dumps(info.get_default(call_default_factory=True), default=list)}` | {meaning} |"
                )
            parts.append("")
    return "\n".join(parts).rstrip() + "\n"


def dataset_reference() -> str:
    """What may stand under `datasets.<name>.data` and `signals` of params.yaml, with defaults and meanings."""
    from governance.dataset import DataConfig, Split
    from governance.read_options import ReadOptions
    from governance.signals.settings import SignalsConfig
    from governance.testing import meanings

    parts = ["# Datasets in params.yaml", "", "Written from the code by `docs/generate.py`.", ""]
    parts += [
        "`govern add` writes an entry, and finds most of `read` by itself. Any of it may be edited; the next `dvc repro` reads",
        "the data anew. Type and role of each column stand in `expectations/<name>/columns.yaml`.",
    ]
    example = ["datasets:", "  patients:", "    data:", "      path: data/patients.csv"]
    example += [
        '      read: {separator: ";", decimal: ",", date_format: "%d.%m.%Y", na_values: ["", n/a, "-", unbekannt]}'
    ]
    example += [
        "      split: {method: column, column: split}",
        "      task: classification",
        "      target: readmitted",
    ]
    parts += ["", "```yaml", *example, "```", ""]
    places = (("data", DataConfig), ("data.read", ReadOptions), ("data.split", Split))
    for place, kind in (*places, ("signals, beside datasets", SignalsConfig)):
        parts += [f"## {place}", "", (inspect.getdoc(kind) or "").partition("\n")[0], ""]
        parts += ["| key | default | meaning |", "|---|---|---|"]
        for field, meaning in meanings(kind).items():
            info = kind.model_fields[field]
            default = info.get_default(call_default_factory=True)
            simple = (
                ""
                if info.is_required()
                else f"`{json.dumps(default)}`"
                if not hasattr(default, "model_dump")
                else "`{}`"
            )
            parts.append(f"| `{info.alias or field}` | {simple} | {meaning.replace('|', chr(92) + '|')} |")
        parts.append("")
    return "\n".join(parts).rstrip() + "\n"


def _as_markdown(docstring: str) -> str:
    """Headings of the docstring in bold, on lines of their own; the text below them not indented, references listed."""
    from governance.asking import references_of

    docstring = re.sub(r"(?m)^    ", "", docstring)
    before, heading, references = docstring.partition("References:\n")
    listed = "".join(f"- {reference}\n" for reference in references_of(heading + references))
    docstring = f"{before}{heading}\n{listed}"
    return re.sub(r"(?m)^(What it measures|Why it matters|How to read it|Limits|References):", r"**\1.**", docstring)


def command_reference() -> str:
    """Every command's help, as the terminal shows it."""
    import typer
    from typer.testing import CliRunner

    from governance.cli import GROUPS

    os.environ["COLUMNS"] = "100"
    os.environ["TERMINAL_WIDTH"] = "100"
    app = typer.Typer(rich_markup_mode=None, add_completion=False)
    for group in GROUPS:
        import_module(f"governance.cli.{group}").register(app)
    parts = ["# Commands", "", "Written from the code by `docs/generate.py`.", ""]
    names = sorted(command.name or "" for command in app.registered_commands)
    runner = CliRunner()
    for name in names:
        shown = runner.invoke(app, [name, "--help"], prog_name="govern", terminal_width=100).output
        body = "\n".join(line.rstrip() for line in shown.strip().splitlines())
        parts += [f"## govern {name}", "", "```", body, "```", ""]
    return "\n".join(parts).rstrip() + "\n"


def audit_table() -> str:
    """The README's table of audits and evaluations."""
    from governance.audit import load, names

    rows = ["| audit | question | of |", "|---|---|---|"]
    for kind, subject in (("audits", "data"), ("evaluations", "model")):
        rows += [
            f"| [`{name}`](docs/{kind}.md#{name}) | {load(name, kind).question} | {subject} |" for name in names(kind)
        ]
    return "\n".join(rows)


def detection_page() -> str:
    """What each audit finds and how often it is wrong, as the committed benchmarks measured it."""
    folder = ROOT / "benchmarks" / "detection"
    parts = ["# What the audits find, and how often they are wrong", ""]
    parts += [
        "Put together by `docs/generate.py` from `benchmarks/detection/results/`: each table is what the script of that",
        "name printed, our measure and its peer in one run, on planted faults whose truth is known and on clean data.",
        "Thresholds were chosen on other seeds than those that score. An audit's *Limits* in [audits.md](audits.md) say",
        "what it cannot do. *Measured* is made from the tables below it by `benchmarks/detection/measured.py`, and is what every",
        'document says of the audit (`reach.measured`); its "at most" is the upper end of a 95 % interval. Audits without',
        "a table here count every row, so nothing is estimated, or say that they were not measured.",
        "",
    ]
    for path in sorted((folder / "results").glob("*.md")):
        text = path.read_text(encoding="utf-8").strip()
        parts += [f"## {path.stem}", "", f"`python benchmarks/detection/{path.stem}.py`", "", _below(text), ""]
    return "\n".join(parts).rstrip() + "\n"


def _below(text: str) -> str:
    """Headings two levels further down, below the audit's own."""
    return re.sub(r"(?m)^(#{1,4}) ", r"\1## ", text)


def with_block(text: str, name: str, content: str) -> str:
    """`text` with the block between its two markers replaced."""
    start, end = START.format(name), END.format(name)
    before, _, rest = text.partition(start)
    _, found, after = rest.partition(end)
    if not found:
        raise SystemExit(f"README.md has no block {start} ... {end}")
    return f"{before}{start}\n{content}\n{end}{after}"


def main() -> int:
    readme = ROOT / "README.md"
    wanted = {
        ROOT / "docs" / "audits.md": audit_reference("audits"),
        ROOT / "docs" / "evaluations.md": audit_reference("evaluations"),
        ROOT / "docs" / "commands.md": command_reference(),
        ROOT / "docs" / "datasets.md": dataset_reference(),
        ROOT / "docs" / "detection.md": detection_page(),
        readme: with_block(readme.read_text(encoding="utf-8"), "audits", audit_table()),
    }
    stale = [path for path, text in wanted.items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    if "--check" in sys.argv:
        for path in stale:
            sys.stderr.write(f"{path.relative_to(ROOT)} is not current; run: python docs/generate.py\n")
        return 1 if stale else 0
    for path in stale:
        path.write_text(wanted[path], encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
