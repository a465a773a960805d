"""Evidence in words: values rounded to what they rest on, names and outcomes as a reader would say them."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from governance.consequence import rank
from governance.evidence import Evidence, Finding, Metric, Outcome
from governance.render import number, shorten

_OUTCOMES = {
    Outcome.ASSESSED: "assessed",
    Outcome.NOT_APPLICABLE: "not applicable",
    Outcome.INCONCLUSIVE: "cannot tell",
    Outcome.FAILED: "could not be checked",
}
_CODE = re.compile("`([^`]+)`")
_FEW = 3
"""So many reasons fit into one sentence."""
_MOST_DECIMALS = 4
"""Of a share given in percent. Reference figures in a report are not read further."""
_BETWEEN_0_AND_1 = frozenset({"area", "distance"})
"""Units of values such as the area under a curve: numbers without a unit to any reader, and no percentages."""
_PART = "share of "
"""Begins a unit that says what the value is a share of."""
_ONE = {
    "columns": "column",
    "groups": "group",
    "rows": "row",
    "rules": "rule",
    "cells": "cell",
    "classes": "class",
    "tests": "test",
    "people": "person",
}
"""Units of counts, of one."""
_LONG_WORD = 60
_SHORT_DIGEST = len("sha256:") + 10


_ABBREVIATIONS = {
    word.lower(): word for word in ("AUC", "CI", "F1", "IP", "IQR", "KS", "MAE", "MMD", "PSI", "RMSE", "ROC")
}


def spoken(name: str) -> str:
    """`label_error_rate` as `label error rate`, `roc_auc` as `ROC AUC`."""
    return " ".join(_ABBREVIATIONS.get(word, word) for word in name.split("_"))


def cut_at_word(text: str, limit: int) -> str:
    """Prose of at most `limit` characters that ends with a whole word, unless that word is long."""
    short = shorten(text, limit)
    if short == text or text[len(short) - 1 : len(short)].isspace():
        return short
    whole = short[:-1].rpartition(" ")[0].rstrip(" ,;:(")
    return f"{whole}…" if len(whole) > limit - _LONG_WORD else short


def plural(count: int, noun: str, many: str = "") -> str:
    """`1 row`, `569 rows`."""
    return f"{number(count)} {noun if count == 1 else many or noun + 's'}"


def listed(items: Iterable[str], limit: int = 12) -> str:
    """`a, b and c`; beyond `limit`, `a, b and 7 more`."""
    words = list(items)
    if len(words) > limit:
        words = [*words[:limit], f"{number(len(words) - limit)} more"]
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)


def percent(part: float, whole: float) -> str:
    """`part` of `whole` in percent, to as many decimals as `whole` can tell apart. A little is never 0, nor all."""
    if whole <= 0:
        return "–"
    decimals = decimals_of_count(int(whole))
    text = f"{100 * part / whole:.{decimals}f}"
    smallest = f"{10**-decimals:.{decimals}f}"
    if 0 < part < whole and float(text) == 0:
        return f"less than {smallest} %"
    if 0 < part < whole and float(text) == 100:
        return f"more than {100 - 10**-decimals:.{decimals}f} %"
    return f"{text} %"


def short_digest(digest: str) -> str:
    """`sha256:197ad7d0ed…`, enough to tell versions apart; in full under provenance."""
    return digest if len(digest) <= _SHORT_DIGEST else f"{digest[:_SHORT_DIGEST]}…"


def metric_value(metric: Metric) -> str:
    """The value with its unit, rounded to what its interval or its n supports; `cannot tell` when there is none."""
    return "cannot tell" if metric.value is None else _with_unit(metric, metric.value)


def metric_interval(metric: Metric) -> str:
    """`2.0 to 4.9 %`, or a dash."""
    if metric.low is None or metric.high is None:
        return "–"
    return f"{_rounded(metric, metric.low)} to {_with_unit(metric, metric.high)}"


def metric_n(metric: Metric) -> str:
    """What the value rests on."""
    if metric.n is None:
        return "–"
    if metric.independent_units is not None and metric.independent_units != metric.n:
        return f"{number(metric.n)} ({number(metric.independent_units)} independent)"
    return number(metric.n)


def _with_unit(metric: Metric, value: float) -> str:
    text, unit = _rounded(metric, value), metric.unit
    if unit == "share" or unit.startswith(_PART):
        unit = f"% of {unit.removeprefix(_PART)}" if unit.startswith(_PART) else "%"
    elif unit in _BETWEEN_0_AND_1:
        unit = ""
    elif text == "1":
        unit = _ONE.get(unit, unit)
    return f"{text} {unit}".strip()


def _rounded(metric: Metric, value: float) -> str:
    scale = 100 if metric.unit == "share" or metric.unit.startswith(_PART) else 1
    decimals = _decimals(metric, scale)
    if decimals is None:
        return number(value * scale)
    text = f"{value * scale:,.{decimals}f}"
    return text[1:] if text.startswith("-") and float(text.replace(",", "")) == 0 else text


def _decimals(metric: Metric, scale: int) -> int | None:
    """Decimals that the interval supports, else the count; None: no clue."""
    if metric.low is not None and metric.high is not None and metric.high > metric.low:
        return decimals_of_interval(scale * metric.low, scale * metric.high)
    if metric.unit == "share" and metric.n:
        return decimals_of_count(metric.n)
    if metric.unit in _BETWEEN_0_AND_1 and metric.n:
        return decimals_of_count(metric.n) + 2
    return None


def decimals_of_interval(low: float, high: float) -> int:
    """Decimals that show one digit of the half width from `low` to `high`, two when it starts with 1 or 2."""
    half = (high - low) / 2
    exponent = math.floor(math.log10(half))
    leading = half / 10**exponent
    return min(max(-exponent + int(leading < 3), 0), 6)


def decimals_of_count(count: int) -> int:
    """Decimals of a percentage of `count` things: 0 below 100, 1 below 10,000, then one more per factor of ten."""
    if count < 100:
        return 0
    return min(max(math.ceil(math.log10(count)) - 3, 1), _MOST_DECIMALS)


def outcome_word(outcome: Outcome) -> str:
    """The outcome as a reader would say it."""
    return _OUTCOMES[outcome]


def _quoted(text: str) -> str:
    """Code spans of `text` in quotation marks."""
    return _CODE.sub(r"“\1”", text)


def headline(evidence: Evidence) -> str:
    """What came of the question, in one sentence. Never a claim that there is nothing."""
    if evidence.outcome is not Outcome.ASSESSED:
        said = outcome_word(evidence.outcome)
        return f"{said[0].upper()}{said[1:]}: {_quoted(evidence.reason)}"
    on = f" on {assessed_on(evidence)}" if evidence.units is not None else ""
    if not evidence.findings:
        return f"Assessed{on}. Nothing reached the level of a finding."
    return f"Assessed{on}. {tally(evidence.findings)}."


def assessed_on(evidence: Evidence) -> str:
    """`569 rows`, `1 column`, `2 of 7 checks`: what was looked at, and of how much; empty when it is not counted."""
    units = evidence.units
    if units is None:
        return ""
    of = f" of {number(units.declared)}" if units.declared != units.evaluated else ""
    name = _ONE.get(units.name, units.name) if units.declared == 1 else units.name
    return f"{number(units.evaluated)}{of} {name}"


def tally(findings: Sequence[Finding]) -> str:
    """`3 findings: 1 error, 2 warnings`, worst first; `2 findings, all notes`; `0 findings` when there are none."""
    if not findings:
        return "0 findings"
    counts = {level: sum(f.level == level for f in findings) for level in ("error", "warning", "note")}
    parts = [plural(count, level) for level, count in counts.items() if count]
    total = plural(len(findings), "finding")
    if len(parts) > 1:
        return f"{total}: {', '.join(parts)}"
    level = findings[0].level.value
    return f"{total}, {'an' if level == 'error' else 'a'} {level}" if len(findings) == 1 else f"{total}, all {level}s"


def checked(evidence: Sequence[Evidence], missing: Sequence[str], noun: str) -> str:
    """`12 of 14 audits were assessed; not applicable: Drift (there is one split)`: how much stands behind a verdict.

    Why one is not applicable stands with it, where they are few.
    """
    total = len(evidence) + len(missing)
    assessed = [item for item in evidence if item.outcome is Outcome.ASSESSED]
    parts = [f"{len(assessed)} of {plural(total, noun)} {'was' if total == 1 else 'were'} assessed"]
    for outcome in (Outcome.FAILED, Outcome.INCONCLUSIVE, Outcome.NOT_APPLICABLE):
        of = [item for item in evidence if item.outcome is outcome]
        told = outcome is Outcome.NOT_APPLICABLE and len(of) <= _FEW
        named = [f"{item.title} ({_quoted(item.reason)})" if told else item.title for item in of]
        parts += [f"{outcome_word(outcome)}: {listed(named)}"] if named else []
    parts += [f"without evidence: {listed(missing)}"] if missing else []
    return "; ".join(parts)


def most_serious(findings: Iterable[tuple[Finding, str]]) -> list[tuple[Finding, str]]:
    """Pairs of a finding and its effect (`block`, `warn`, `baselined`, `waived`, `note` or empty), worst first.

    What blocks comes first, then level; of one level what nobody has accepted, what weighs most for whoever uses the data
    (`consequence`), and confidence. Among those the worst of each rule comes before the second of any, so that one rule with many columns hides no other, and among the worst of
    each rule the first of each audit before the second of any, so that an audit with many rules hides no other; then the
    share of units affected; ties by rule and fingerprint.
    """
    sureness = {"high": 0, "medium": 1, "low": 2}

    def grade(pair: tuple[Finding, str]) -> tuple[bool, int, bool, int, int]:
        finding, effect = pair
        accepted = effect in {"baselined", "waived"}
        return (effect != "block", -finding.level.rank, accepted, rank(finding.rule), sureness[finding.confidence])

    def badness(pair: tuple[Finding, str]) -> tuple[float, str, str]:
        finding, _ = pair
        share = (finding.count or 0) / finding.of if finding.of else 0.0
        return (-share, finding.rule, finding.fingerprint)

    seen: Counter[tuple[object, ...]] = Counter()
    turns = []
    for pair in sorted(findings, key=lambda pair: (grade(pair), badness(pair))):
        rule = pair[0].rule
        of_rule = (grade(pair), rule)
        of_audit = (grade(pair), seen[of_rule], rule.partition("/")[0])
        turns.append(((grade(pair), seen[of_rule], seen[of_audit], badness(pair)), pair))
        seen.update((of_rule, of_audit))
    return [pair for _, pair in sorted(turns, key=lambda turn: turn[0])]
