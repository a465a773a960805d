"""Whether a table tells that it is about people: by roles, by what its columns are called, and by what they hold.

Tiles of land, devices and shops have regions, ages and addresses as well; nothing of them is said of a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from governance.dataset import Role
from governance.measures.column_evidence import named, snake

if TYPE_CHECKING:
    from governance.manifest import SnapshotColumn
    from governance.reporting.personal_scan import Hits

_SOMEBODY = (
    r"patients?|persons?|people|participants?|respondents?|customers?|clients?|users?|members?|employees?|students?|pupils?"
    r"|child(?:ren)?|inmates?|applicants?|borrowers?|voters?|drivers?|passengers?|residents?|donors?|subjects?|annotators?"
)
_OF_PEOPLE = re.compile(
    rf"^(?:{_SOMEBODY})(?:_?(?:id|ids|uuid|nr|no|num|number|code|key|ref))?$"
    rf"|^(?:(?:{_SOMEBODY})_)?age(?:_(?:years?|in_years|group|band|class|bracket|range|at_\w+))?$"
    r"|(?:^|_)(?:sex|gender|race|ethnicity|ethnic_group|nationality|citizenship|religion|marital_status|civil_status|marital"
    r"|native_country|country_of_birth|occupation|profession|job_title|geschlecht|beruf|birth_?(?:date|day|year|place)"
    r"|year_of_birth|date_of_birth|dob|yob)(?:_|$)|^alter$"
)
"""Names, in snake case, of columns that only tables of people have; the age of a house and a device's region are none."""
_KINDS = frozenset({"person_name", "date_of_birth", "email", "national_id", "record_number", "document_number"})
"""Kinds of personal data that name a person. Telephones, addresses, places and accounts are of shops and devices as well."""


def tells_of_people(columns: Iterable[SnapshotColumn], hits: Iterable[Hits]) -> bool:
    """Whether any of `columns`, or of the `hits` in at least half of a column's cells, says that the table is about people.

    The role `special_category` does (Article 9 GDPR knows it of natural persons only). Quasi-identifiers and protected
    attributes are declared of shops and regions as well.
    """
    return any(map(_tells, columns)) or any(
        2 * hit.rows >= hit.scanned and (hit.kind in _KINDS or hit.kind in _numbers()) for hit in hits
    )


def _tells(column: SnapshotColumn) -> bool:
    rule = named(column.name)
    return (
        column.resolved_role is Role.SPECIAL_CATEGORY
        or (rule is not None and rule.kind in _KINDS)
        or _OF_PEOPLE.search(snake(column.name)) is not None
    )


def _numbers() -> frozenset[str]:
    from governance.measures.national_ids import NATIONAL_IDS

    return frozenset(rule.name for rule in NATIONAL_IDS)
