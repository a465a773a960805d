"""Whether the data is about people: what is declared, and while nothing is, what was found that speaks of them."""

from __future__ import annotations

from governance.dataset import Role
from governance.documents.facts import DatasetFacts
from governance.documents.wording import listed
from governance.evidence import Level, Outcome

_OF_PEOPLE = frozenset({"personal_data", "direct_identifier", "special_category"})
"""Second halves of rules, of whatever audit, by which a column holds facts of people."""
_MOST_COLUMNS = 4


def about_people(facts: DatasetFacts) -> str:
    """`yes`, `no`, or `not declared` with the columns in which personal data was found.

    A declared `no` that the evidence denies is a finding of its own, and blocks or warns by the policy.
    """
    declared = facts.dataset.about.people
    if declared is not None:
        return "yes" if declared else "no"
    found = columns_of_people(facts)
    return f"not declared; personal data was found in {listed(found, _MOST_COLUMNS)}" if found else "not declared"


def columns_of_people(facts: DatasetFacts) -> tuple[str, ...]:
    """Columns in which an audit found personal data, in their declared order.

    A note counts where the column is declared private: it is one because somebody has settled what it asks for.
    """
    private = {column.name for column in facts.with_role(Role.PRIVATE)}
    found = {
        column
        for item in facts.evidence
        if item.outcome is Outcome.ASSESSED
        for finding in item.findings
        if finding.rule.partition("/")[2] in _OF_PEOPLE
        for column in finding.columns
        if finding.level is not Level.NOTE or column in private
    }
    return tuple(column.name for column in facts.manifest.columns if column.name in found)
