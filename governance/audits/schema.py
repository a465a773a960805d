"""Do the data keep their Pandera contract?"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from governance.audit import Answer, Audit
from governance.errors import ConfigError, DataError
from governance.evidence import Finding, Level, Reach

if TYPE_CHECKING:
    from pathlib import Path

    from governance.snapshot import Snapshot

REMEDIES = {
    "": "Look at the rows in build/{dataset}/rows/schema.parquet; mend the data, or correct the rule in the Pandera model.",
    "missing_column": "Bring the column back, or take it out of the Pandera model.",
    "wrong_type": "Declare the same type in columns.yaml and in the Pandera model.",
    "extra_column": "Declare the columns in the Pandera model, or remove them from the source.",
    "column_order": "Put the columns into the declared order, or take `ordered` out of the Pandera model.",
    "not_evaluated": "Correct the rule in the Pandera model so that it can be evaluated on these columns.",
}


class Schema(Audit):
    """Validates the snapshot with the dataset's Pandera model, every rule of it.

    What it measures:
        For each rule that the model declares (a column is there, its type, no missing value, no value twice, each
        check, rules over several columns), on how many rows it was evaluated and how many break it. Pandera evaluates
        each rule by itself, so that a missing column or a wrong type hides nothing else; then the whole model, which
        must agree.

    Why it matters:
        A column that changes its type, unit or coding between two deliveries breaks a model without a message.

    How to read it:
        Each broken rule is a finding with its count. A rule that could not be evaluated makes the answer `failed`, a
        rule that met only missing values makes it `inconclusive`: neither is a pass. Checks declared with
        `raise_warning` are warnings.

    Limits:
        It finds what the model declares and nothing else. Data are judged as they are: defaults, parsers,
        `add_missing_columns` and `drop_invalid_rows` of a model are left out, and said so. A model for pandas is
        evaluated on columns converted without loss; rules about an index cannot be evaluated.

    References:
        - N. Bantilan. pandera: Statistical Data Validation of Pandas Dataframes. SciPy, 2020.
    """

    title: ClassVar[str] = "Schema"
    question: ClassVar[str] = "Do the data keep the rules of their Pandera model?"
    section: ClassVar[str] = "composition"
    needs: ClassVar[frozenset[str]] = frozenset({"schema"})
    reach: ClassVar[Reach] = Reach(
        looked_for="rows and columns that break a rule of the Pandera model",
        would_notice="every single row that breaks a declared rule",
        measured="exact: every row is counted, nothing is estimated",
        cannot_see="whatever no rule speaks of",
    )

    def run(self, snapshot: Snapshot) -> Answer:
        """Every rule of the model, evaluated on all rows of the snapshot."""
        from governance.adapters.pandera import named_columns, validate
        from governance.adapters.pandera_model import load_model
        from governance.reporting.rule_report import answer, checked_frame, contract_file

        location = contract_file(snapshot, "schema.py")
        if location is None:
            where = f"expectations/{snapshot.name}/schema.py"
            reason = f"there is no Pandera model {where}; run `govern draft {snapshot.name}` to have one drafted"
            return self.not_applicable("no_contract", reason)
        try:
            model = load_model(location, snapshot.workspace)
        except ConfigError as error:
            return self.failed("contract_unreadable", "; ".join(error.problems))
        if snapshot.rows == 0:
            return self.inconclusive("no_rows", "the snapshot has no rows, so no rule was evaluated")
        names = [column.name for column in snapshot.columns]
        private = {column.name for column in snapshot.columns if column.private}
        frame = checked_frame(snapshot, named_columns(model, names))
        try:
            validation = validate(model, frame, private)
        except DataError as error:
            return self.failed("validation_disabled", str(error))
        if not validation.results:
            return self.failed("no_rules", "the Pandera model declares no rule, so nothing was checked")
        return answer(
            self,
            "schema",
            snapshot,
            validation.results,
            remedies=REMEDIES | _types(snapshot, location, model.backend),
            problem=validation.problem,
            findings=[
                Finding(
                    rule="schema/setting_ignored",
                    level=Level.WARNING,
                    message=f"The {setting} would change data before they are checked; data were checked as they are.",
                    remedy="Change the data in the source or in a stage of your own, and take it out of the model.",
                    subject=setting,
                )
                for setting in validation.ignored
            ],
        )


def _types(snapshot: Snapshot, location: str | Path, backend: str) -> dict[str, str]:
    """For each column what to edit when the Pandera model asks for another type than the snapshot holds, and where."""
    from governance.adapters.pandera_model import ANNOTATIONS

    model = location if isinstance(location, str) else "expectations/{dataset}/schema.py"
    remedies = {}
    for column in snapshot.columns:
        annotation = ANNOTATIONS[column.type]
        written = f"`{annotation}` as its type" if backend == "polars" else f"the type for {column.type}"
        needs = " (with `import polars as pl`)" if annotation.startswith("pl.") and backend == "polars" else ""
        remedies[f"wrong_type:{column.name}"] = (
            f"A type stands in two files. Where {column.type} is right, give {column.name} {written} in {model}{needs}; "
            "where it is not, correct it in expectations/{dataset}/columns.yaml."
        )
    return remedies
