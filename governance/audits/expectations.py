"""Do the data meet their Great Expectations suite?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from governance.audit import Answer, Audit
from governance.errors import ConfigError, DataError
from governance.evidence import Finding, Level, Metric, Reach, Table

if TYPE_CHECKING:
    import polars as pl

    from governance.measures.agreement import Agreement
    from governance.rule_results import RuleResult
    from governance.snapshot import Snapshot

REMEDIES = {
    "": "Look at the rows in build/{dataset}/rows/expectations.parquet; mend the data, or correct the expectation in the suite.",
    "not_evaluated": "Correct the expectation in the suite so that it can be evaluated on these columns.",
}
_SAID = {
    "not_null": "no missing value",
    "unique": "no value twice",
    "range": "a range",
    "in_set": "a set of allowed values",
    "not_in_set": "a set of forbidden values",
    "regex": "a pattern",
    "type": "a type",
}


class Expectations(Audit):
    """Runs the dataset's Great Expectations suite as it is, every expectation of it.

    What it measures:
        For each expectation of the suite, on how many rows or values it was evaluated and how many are unexpected.
        Where the Pandera model asserts the same of a column (no missing value, no value twice, a range, a set, a
        pattern, a type), the counts of both engines are compared.

    Why it matters:
        A suite is what a team agreed to rely on. An engine that skips a rule in silence is worse than no engine.

    How to read it:
        An unmet expectation is a finding: `critical` is an error, `warning` a warning, `info` a note. An expectation
        that raised makes the answer `failed`, one that met only missing values makes it `inconclusive`: neither is a
        pass. Where the two engines disagree, one of the two contracts says something else than its author meant.

    Limits:
        It finds what the suite declares and nothing else. Expectations that need a database, another table or code of
        your own cannot be evaluated, and fail. Values that were met are never reported, only counts and rows.

    References:
        - S. Schelter et al. Automating Large-Scale Data Quality Verification. VLDB 11(12), 2018.
    """

    title: ClassVar[str] = "Expectations"
    question: ClassVar[str] = "Do the data meet the expectations of their suite?"
    section: ClassVar[str] = "composition"
    needs: ClassVar[frozenset[str]] = frozenset({"schema", "suite"})
    reach: ClassVar[Reach] = Reach(
        looked_for="rows and columns that do not meet an expectation of the suite",
        would_notice="every row that breaks an expectation about rows, and every unmet statement about a column",
        measured="exact: every row is counted, nothing is estimated",
        cannot_see="whatever no expectation speaks of",
    )

    def run(self, snapshot: Snapshot) -> Answer:
        """Every expectation of the suite, evaluated on all rows of the snapshot."""
        from governance.adapters.great_expectations import validate
        from governance.adapters.great_expectations_suite import mentioned_columns, needed_columns, read_suite
        from governance.reporting.rule_report import answer, checked_frame, contract_file

        location = contract_file(snapshot, "suite.json")
        if location is None:
            where = f"expectations/{snapshot.name}/suite.json"
            reason = f"there is no suite {where}; run `govern draft {snapshot.name}` to have one drafted"
            return self.not_applicable("no_contract", reason)
        try:
            suite = read_suite(location, snapshot.workspace)
        except ConfigError as error:
            return self.failed("contract_unreadable", "; ".join(error.problems))
        if not suite.entries:
            return self.failed("no_rules", "the suite holds no expectation, so nothing was checked")
        if snapshot.rows == 0:
            return self.inconclusive("no_rows", "the snapshot has no rows, so no expectation was evaluated")
        names = [column.name for column in snapshot.columns]
        private = {column.name for column in snapshot.columns if column.private}
        frame = checked_frame(snapshot, mentioned_columns(suite, names))
        try:
            results = validate(suite, frame.select(needed_columns(suite, names)), private)
        except DataError as error:
            return self.failed("engine_unavailable", str(error))
        compared, note = _compare(snapshot, results, private)
        return answer(
            self,
            "expectations",
            snapshot,
            results,
            remedies=REMEDIES,
            findings=_disagreements(compared),
            metrics=[
                Metric(
                    name="assertions_compared",
                    value=len(compared),
                    unit="rules",
                    meaning="assertions about a column that stand in both contracts and were compared",
                    note=note,
                )
            ],
            tables=[_table(compared)] if compared else [],
        )


def _compare(snapshot: Snapshot, results: Sequence[RuleResult], private: set[str]) -> tuple[tuple[Agreement, ...], str]:
    """Assertions that the Pandera model makes too, and why there are none when there are none."""
    from governance.adapters.pandera import named_columns, validate
    from governance.adapters.pandera_model import load_model
    from governance.measures.agreement import compare
    from governance.reporting.rule_report import checked_frame, contract_file

    if not any(result.assertion for result in results):
        return (), "no expectation has a counterpart in Pandera"
    location = contract_file(snapshot, "schema.py")
    if location is None:
        return (), "there is no Pandera model to compare with"
    try:
        model = load_model(location, snapshot.workspace)
        names = [column.name for column in snapshot.columns]
        frame: pl.DataFrame = checked_frame(snapshot, named_columns(model, names))
        return compare(validate(model, frame, private).results, results), ""
    except (ConfigError, DataError):
        return (), "the Pandera model cannot be evaluated; the audit `schema` says why"


def _disagreements(compared: Sequence[Agreement]) -> list[Finding]:
    findings = []
    for item in compared:
        if item.agree:
            continue
        same = [other for other in compared if not other.agree and _key(other) == _key(item)]
        number = f" ({same.index(item) + 1})" if len(same) > 1 else ""
        findings.append(
            Finding(
                rule="expectations/engines_disagree",
                level=Level.ERROR,
                message=f"Both contracts assert {_SAID[item.assertion.kind]} of {item.assertion.column}: "
                f"Pandera counts {item.first} rows that break it, Great Expectations {item.second}.",
                remedy="Find out which of the two contracts says what was meant, and correct the other.",
                columns=(item.assertion.column,),
                subject=_SAID[item.assertion.kind] + number,
                count=abs(item.first - item.second),
            )
        )
    return findings


def _key(item: Agreement) -> tuple[str, str]:
    return item.assertion.column, item.assertion.kind


def _table(compared: Sequence[Agreement]) -> Table:
    return Table(
        name="agreement",
        caption="Rows that break what both contracts assert, as each engine counts them",
        columns=("column", "assertion", "Pandera", "Great Expectations", "agree"),
        rows=tuple(
            (item.assertion.column, _SAID[item.assertion.kind], item.first, item.second, item.agree)
            for item in compared
        ),
    )
