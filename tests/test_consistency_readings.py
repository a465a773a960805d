from __future__ import annotations

from dataclasses import replace

import numpy as np

from governance.dataset import Role
from governance.evidence import Level
from governance.measures.conditional_association import alike
from governance.measures.label_noise import standardised_residuals
from governance.measures.setting_aside import compare_in_steps
from governance.measures.turned_labels import expected_labels
from governance.reporting.consistency_finding import finding
from governance.reporting.consistency_readings import both_readings
from governance.reporting.consistency_report import Asked
from governance.reporting.consistency_tests import Judged
from governance.reporting.label_factors import Factor

NONE = np.zeros(0, dtype=np.int64)


def judged(label, residual, tested, issue, strata, flagged_from=0.0):
    names = [str(row) for row in range(issue.size)]
    return Judged(names, label, NONE, residual, tested, issue, flagged_from, strata, (), names, np.zeros(issue.size))


def told(seed, role=Role.SENSITIVE, too_sure=1.0, turned=0.0, neighbours=None, rows=900):
    """What is said of likely errors, without and with both readings, where a model is too sure in one of five groups."""
    random = np.random.default_rng(seed)
    group, true = random.choice(5, rows, p=[0.4, 0.25, 0.15, 0.1, 0.1]), random.integers(0, 2, rows)
    apart = np.where((group == 3) & (too_sure > 1), 1.0, 5.0)
    odds = np.where(true == 1, apart, -apart) + random.normal(size=rows) * np.sqrt(2 * apart)
    chance = 1 / (1 + np.exp(-odds * np.where(group == 3, too_sure, 1.0)))
    label = np.where((group == 3) & (true == 0) & (random.random(rows) < turned), 1, true)
    chances = np.clip(np.column_stack([1 - chance, chance]), 1e-6, 1)
    issue = chances[np.arange(rows), label] < 0.2
    data = judged(label, np.eye(2)[label] - chances, expected_labels(label, chances), issue, alike(chances))
    found = compare_in_steps(issue[:, None] * 1.0, group, data.strata, levels=5, alpha=0.05, draws=199, faults=True)
    p_value = float(found.adjusted.min())
    factor = Factor("place", role, group, tuple("abcde"))
    asked = Asked("label_issues", factor, found, ("",), "share", 0.05, p_value=p_value)
    unsure = both_readings(asked, neighbours, data, 0.05) if p_value <= 0.05 else frozenset()
    return [finding(one, ("kind", "place"), 0.05, "d") for one in (asked, replace(asked, unsure=unsure))]


def warned(findings):
    return [sum(one is not None and one.level is Level.WARNING for one in side) for side in zip(*findings, strict=True)]


def test_a_group_in_which_the_model_is_too_sure_is_a_note_that_gives_both_readings():
    findings = [told(seed, too_sure=3.0) for seed in range(40)]
    before, after = warned(findings)
    assert before > 30
    assert after <= 4
    noted = next(one for _, one in findings if one is not None)
    assert noted.level is Level.NOTE
    assert "Models may as well know less of these rows than of others" in noted.message
    assert "before anybody labels anew" in noted.remedy


def test_turned_labels_in_a_group_stay_a_finding_whichever_reading_it_gives():
    findings = [told(seed, turned=0.4) for seed in range(20)]
    assert warned(findings)[0] == 20
    assert all(after is not None and " d differs most" in after.message for _, after in findings)


def test_rows_like_all_others_give_a_model_no_reason_to_know_less():
    anybody = np.random.default_rng(0).integers(0, 900, (900, 5))
    before, after = warned([told(seed, Role.SOURCE, 3.0, neighbours=anybody) for seed in range(10)])
    assert before > 5
    assert after >= before - 2


def test_large_errors_of_a_group_whose_values_spread_more_are_no_errors():
    readings = []
    for wild in (False, True):
        random = np.random.default_rng(4)
        group = random.integers(0, 4, 1200)
        error = random.normal(size=1200) * np.where((group == 2) & (not wild), 4.0, 1.0)
        error[(group == 2) & (random.random(1200) < 0.1 * wild)] += 20
        made = standardised_residuals(error, random.normal(size=1200) * 3)
        data = judged(NONE, made.standardised[:, None], None, made.flagged, NONE, made.threshold)
        zeros = np.zeros(1200, dtype=np.int64)
        found = compare_in_steps(made.flagged[:, None] * 1.0, group, zeros, levels=4, alpha=0.05, draws=99, faults=True)
        factor = Factor("place", Role.SENSITIVE, group, tuple("abcd"))
        asked = Asked("label_issues", factor, found, ("",), "share", 0.05, p_value=0.01)
        assert found.adjusted[2] <= 0.05
        readings.append(both_readings(asked, None, data, 0.05))
    assert readings == [frozenset({2}), frozenset()]
