"""A workspace whose every word is hostile: columns, classes, the file's name, declarations, answers; and a model on it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from small_workspace import build

from governance import stages
from governance.config import Workspace

HOSTILE = {
    "script": "<script>document.title='owned'</script>",
    "image": "<img src=x onerror=document.title='owned'>",
    "svg": "</text></svg><svg onload=document.title='owned'>",
    "attribute": "\" onmouseover=\"document.title='owned'\" autofocus onfocus=\"document.title='owned'",
    "link": "[click](javascript:document.title='owned')",
    "picture": "![x](http://pictures.example.org/x.png)",
    "table": "a | b |\n|---|---|",
    "code": "`` ` ``` ~~~",
    "template": "{{ 7 * 7 }}{% for x in y %}",
    "ansi": "\x1b[31mred\x1b]0;owned\x07",
    "direction": "abc\u202egnp.exe\u2066",
    "invisible": "ze\u200bro\u200d\ufeff",
    "formula": '=HYPERLINK("http://pictures.example.org";"x")',
    "style": "</style><style>body{display:none}",
    "comment": "--><!-- <h1>owned</h1>",
    "embed": "<iframe src=//pictures.example.org></iframe><base href=//pictures.example.org>",
    "wide": "W" * 120,
    "unbroken": "very\u00a0long\u00a0word\u00a0" * 10,
}
MODEL = "trees_logistic"
ROWS = 360
CLASSES = ("script", "wide", "unbroken")


def workspace_of(root: Path) -> Workspace:
    """The workspace at `root`, measured, with one model trained, judged and documented."""
    names = list(HOSTILE.values())
    classes = [HOSTILE[name] for name in CLASSES]
    rows = [
        {name: f"{name}{i % 2}" if i % 3 else name for name in names}
        | {"size": i % 3 + i / 100, "kind": classes[i % 3]}
        for i in range(ROWS)
    ]
    columns = [{"name": name, "type": "category", "public": True, "description": name, "unit": name} for name in names]
    columns += [{"name": "size", "type": "number"}, {"name": "kind", "type": "category", "public": True}]
    words = "".join(HOSTILE[name] for name in ("script", "image", "link", "template", "comment", "embed", "wide"))
    about = dict.fromkeys(("title", "description", "licence", "citation", "version", "contact"), words)
    path = "data/<img src=x onerror=document.title='owned'>.jsonl"
    data = {"path": path, "split": {"method": "ratio", "test": 0.25},
            "task": "classification", "target": "kind", "roles": {"sensitive": [names[0], HOSTILE["wide"]]}}  # fmt: skip
    card: dict[str, Any] = about | dict.fromkeys(("intended_use", "out_of_scope", "ethical_considerations"), words)
    # What people write may hold an address, and it becomes a link: not these.
    card |= {key: [name for name in names if "://" not in name] for key in ("developers", "factors", "caveats")}
    params = {
        "datasets": {"trees": {"data": data, "about": about | {"source": words}}},
        "audits": {"summary": {}, "duplicates": {}, "label_issues": {}, "outliers": {}, "expectations": {}},
        "signals": {"folds": 5},
        "evaluations": {"performance": {}, "calibration": {}, "slices": {}},
        "models": {
            MODEL: {"dataset": "trees", "estimator": "sklearn.linear_model.LogisticRegression", "about": card}
        },
        "policy": {"tier": "prototype"},
    }  # fmt: skip
    expectations = [
        {"type": "expect_column_values_to_be_in_set", "kwargs": {"column": name, "value_set": ["none of these"]},
         "severity": "warning", "meta": {"why": words}}
        for name in names
    ]  # fmt: skip
    workspace = build(
        root,
        **{
            "params.yaml": json.dumps(params),
            "expectations/trees/columns.yaml": json.dumps({"columns": columns}),
            "expectations/trees/suite.json": json.dumps({"name": words, "meta": {}, "expectations": expectations}),
            "answers/trees.yaml": json.dumps(
                {"answers": {"motivation.purpose": {"answer": words, "by": words, "on": "2026-11-20"}}}
            ),
            path: "".join(json.dumps(row) + "\n" for row in rows),
        },
    )
    _model(workspace)
    return workspace


def _model(workspace: Workspace) -> None:
    stages.model_settings(workspace, MODEL)
    stages.train(workspace, MODEL)
    stages.model_inputs(workspace, MODEL)
    for evaluation in workspace.config.evaluations:
        stages.evaluate(workspace, MODEL, evaluation)
    stages.model_verdict(workspace, MODEL)
    stages.model_documents(workspace, MODEL)
