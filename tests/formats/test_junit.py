"""JUnit XML: valid against the schema beside this file, counts that add up, exit codes told apart."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from governance.config import Workspace
from governance.formats.junit import as_junit
from governance.judging import Judged


def test_counts_add_up(judged: Judged, workspace: Workspace) -> None:
    root = ET.fromstring(as_junit(judged, workspace))
    assert [suite.get("name") for suite in root] == ["dataset toy", "dataset other"]
    for suite in (root, *root):
        for name, element in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert suite.get(name) == str(len(suite.findall(f".//{element}")))
        assert suite.get("tests") == str(len(suite.findall(".//testcase")))


def test_policy_is_a_failure_and_evidence_an_error(judged: Judged, workspace: Workspace) -> None:
    root = ET.fromstring(as_junit(judged, workspace))
    kinds = {
        kind: sorted(
            {case.get("name", "").split(" ")[0] for case in root.iter("testcase") if case.find(kind) is not None}
        )
        for kind in ("failure", "error", "skipped")
    }
    assert kinds == {
        "failure": ["duplicates/exact", "schema/check"],
        "error": ["evidence/unusable", "required/label_issues"],
        "skipped": ["duplicates/near"],
    }


def test_characters_that_xml_cannot_hold_stay_visible(judged: Judged, workspace: Workspace) -> None:
    text = as_junit(judged, workspace)
    assert "\\u0000" in text
    assert "\\u001b" in text
    assert "\\ufffe" in text


def test_names_are_unique_within_a_suite(judged: Judged, workspace: Workspace) -> None:
    for suite in ET.fromstring(as_junit(judged, workspace)):
        names = [case.get("name") for case in suite.iter("testcase")]
        assert len(names) == len(set(names))


@pytest.mark.parametrize("which", ["judged", "passed", "nothing"])
def test_it_is_valid(which: str, request: pytest.FixtureRequest, workspace: Workspace) -> None:
    import xmlschema

    schema = xmlschema.XMLSchema(Path(__file__).with_name("junit.xsd"))
    schema.validate(as_junit(request.getfixturevalue(which), workspace))
    with pytest.raises(xmlschema.XMLSchemaValidationError):
        schema.validate('<testsuites name="x" tests="0" failures="0" errors="0" skipped="0"/>')
