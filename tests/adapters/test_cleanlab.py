import sys

import numpy as np
import pytest

from governance.adapters import cleanlab as adapter
from governance.adapters.cleanlab import CleanlabFailed, find_class_issues, value_quality


def separable(rows=400, flips=12):
    generator = np.random.default_rng(0)
    true = generator.integers(0, 3, rows)
    probabilities = np.full((rows, 3), 0.04)
    probabilities[np.arange(rows), true] = 0.92
    given = true.copy()
    given[:flips] = (given[:flips] + 1) % 3
    return given, probabilities


@pytest.mark.parametrize("rule", ["both", "prune_by_noise_rate", "confident_learning"])
def test_flipped_labels_are_found(rule):
    given, probabilities = separable()
    issues = find_class_issues(given, probabilities, rule)
    assert issues[:12].all()
    assert not issues[12:].any()


def test_clean_labels_are_left_alone():
    given, probabilities = separable(flips=0)
    issues = find_class_issues(given, probabilities)
    assert not issues.any()


def test_what_cleanlab_refuses_is_an_error_and_no_silence():
    given, probabilities = separable()
    with pytest.raises(CleanlabFailed, match="stopped with ValueError"):
        find_class_issues(given[:-1], probabilities)
    probabilities[3, 1] = np.nan
    with pytest.raises(CleanlabFailed, match="given probabilities that are not numbers"):
        find_class_issues(given, probabilities)


@pytest.mark.parametrize(
    ("module", "name", "result", "message"),
    [
        ("filter", "find_label_issues", None, "gave nothing back"),
        ("filter", "find_label_issues", np.zeros(3, dtype=bool), "were asked for"),
        ("filter", "find_label_issues", np.zeros(400, dtype=int), "no mask"),
    ],
)
def test_a_result_that_did_not_come_back_whole_is_an_error(monkeypatch, module, name, result, message):
    given, probabilities = separable()
    monkeypatch.setattr(adapter._imported(module), name, lambda *args, **kwargs: result)
    with pytest.raises(CleanlabFailed, match=message):
        find_class_issues(given, probabilities)


def test_larger_errors_have_lower_quality():
    quality = value_quality(np.array([0.0, 1.0, -4.0]), np.zeros(3))
    assert quality == pytest.approx(np.exp([0, -1, -4]))


def test_importing_the_adapter_imports_no_cleanlab():
    import subprocess

    code = "import sys, governance.adapters.cleanlab; assert not {'cleanlab', 'sklearn', 'numpy'} & set(sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_datasets_is_not_imported_for_cleanlab_and_can_be_afterwards():
    import subprocess

    code = (
        "import sys, numpy as np; from governance.adapters.cleanlab import find_class_issues\n"
        "find_class_issues(np.arange(40) % 2, np.full((40, 2), 0.5))\n"
        "assert 'cleanlab' in sys.modules and not {'datasets', 'cleanlab.datalab'} & sys.modules.keys()\n"
        "import datasets, cleanlab.datalab"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
