"""The gate for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from governance.judging import Judged, Judgement


def as_json(judged: Judged) -> str:
    """Every verdict with every decision, its exit code, and the exit code of all."""

    def one(judgement: Judgement) -> dict[str, object]:
        return judgement.verdict.model_dump(mode="json") | {"exit_code": judgement.exit_code}

    content = {
        "exit_code": judged.exit_code,
        "notes": list(judged.notes),
        "verdicts": [one(judgement) for judgement in judged.judgements],
    }
    return json.dumps(content, indent=1, sort_keys=True) + "\n"
