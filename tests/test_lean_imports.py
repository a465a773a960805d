"""What libraries take along when they are imported, and what nothing here asks of them."""

import importlib
import subprocess
import sys

import numpy
import pytest

from governance.lean_imports import as_loaded, deferred


def in_a_fresh_process(code):
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_functions_of_scipy_load_no_further_parts_of_numpy():
    code = (
        "import sys, numpy; parts = set(dir(numpy)), list(numpy.__all__)\n"
        "import governance.measures.special_functions as ours, scipy.special\n"
        "assert not {'numpy.f2py', 'numpy.testing'} & set(sys.modules)\n"
        "assert (set(dir(numpy)), list(numpy.__all__)) == parts\n"
        "assert all(getattr(ours, name) is getattr(scipy.special, name) for name in ours.__all__)\n"
        "assert numpy.f2py.__name__ == 'numpy.f2py'"
    )
    in_a_fresh_process(code)


def test_sparse_matrices_load_no_further_parts_of_numpy():
    code = (
        "import sys, numpy as np\n"
        "from governance.measures.components import components\n"
        "components(np.array([0]), np.array([1]), 2)\n"
        "assert 'scipy.sparse' in sys.modules\n"
        "assert 'numpy.f2py' not in sys.modules"
    )
    in_a_fresh_process(code)


def test_a_table_is_read_without_parts_of_scipy(tmp_path):
    (tmp_path / "a.csv").write_text("x,y\n1,2\n")
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from governance.adapters.hugging_face import read_table\n"
        "from governance.dataset import Format\n"
        "from governance.read_options import ReadOptions\n"
        f"read_table(Path({str(tmp_path / 'a.csv')!r}), 'a.csv', Format.CSV, ReadOptions())\n"
        "assert 'datasets' in sys.modules\n"
        "assert not {'scipy.io', 'scipy.sparse'} & set(sys.modules)\n"
        "import scipy.io; scipy.io.loadmat"
    )
    in_a_fresh_process(code)


def test_a_module_lists_what_it_has_loaded_within_and_all_afterwards():
    every, names = set(dir(numpy)), list(numpy.__all__)
    with as_loaded(numpy):
        assert set(dir(numpy)) <= set(vars(numpy))
        assert set(numpy.__all__) <= set(vars(numpy))
        assert "array" in dir(numpy)
    assert set(dir(numpy)) == every
    assert list(numpy.__all__) == names


def test_distributions_are_run_when_one_of_their_functions_is_called():
    code = (
        "import sys\n"
        "from governance.adapters.scikit_learn import without_parts_of_scipy\n"
        "without_parts_of_scipy()\n"
        "import sklearn.linear_model, sklearn.ensemble, sklearn.metrics._ranking as ranking, numpy\n"
        "assert 'scipy.stats._stats_py' not in sys.modules\n"
        "assert ranking.rankdata([3, 1, 1], 'max').tolist() == [3, 2, 2]\n"
        "import scipy.stats\n"
        "assert 'scipy.stats._stats_py' in sys.modules\n"
        "assert type(scipy.stats) is type(sys)\n"
        "import sklearn.covariance._robust_covariance as covariance\n"
        "assert covariance.chi2(2).isf(0.5) == covariance.chi2.isf(0.5, 2) == scipy.stats.chi2.isf(0.5, 2)\n"
        "assert scipy.stats.rankdata is not ranking.rankdata\n"
        "once = scipy.stats.rankdata\n"
        "assert ranking.rankdata([3, 1, 1], 'max').tolist() == [3, 2, 2]\n"
        "assert scipy.stats.rankdata is once"
    )
    in_a_fresh_process(code)


def test_great_expectations_loads_without_what_draws_its_charts():
    code = (
        "import sys\n"
        "from governance.adapters.great_expectations import _library\n"
        "gx = _library()\n"
        "assert not {'altair.vegalite', 'jsonschema.validators', 'scipy.stats._stats_py'} & set(sys.modules)\n"
        "import altair, jsonschema\n"
        "assert altair.Chart.__name__ == 'Chart'\n"
        "jsonschema.validate(1, {'type': 'integer'})"
    )
    in_a_fresh_process(code)


def test_a_deferred_module_is_run_once_however_often_its_function_is_called(tmp_path, monkeypatch):
    package = tmp_path / "counted_package"
    package.mkdir()
    (package / "__init__.py").write_text(
        "with open(__file__ + '.runs', 'a') as runs:\n    runs.write('x')\n\n\ndef answer():\n    return 42\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    deferred("counted_package", taken=("answer",))
    from counted_package import answer

    runs = package / "__init__.py.runs"
    assert not runs.exists()
    assert [answer(), answer()] == [42, 42]
    assert runs.read_text() == "x"
    del sys.modules["counted_package"]


def test_a_part_of_a_deferred_package_is_imported_after_the_package_and_once(tmp_path, monkeypatch):
    package = tmp_path / "slow_package"
    package.mkdir()
    (package / "__init__.py").write_text("from slow_package.first import answer\nready = True\n")
    (package / "first.py").write_text("answer = []\n")
    (package / "second.py").write_text("from slow_package import answer, ready\nassert ready\n")
    monkeypatch.syspath_prepend(tmp_path)
    for part in ("first", "second"):
        deferred("slow_package")
        found = importlib.import_module(f"slow_package.{part}")
        import slow_package

        assert found.answer is slow_package.answer
        assert found is sys.modules[f"slow_package.{part}"] is getattr(slow_package, part)
        assert found.__spec__.origin == str(package / f"{part}.py")
        for name in [name for name in sys.modules if name.startswith("slow_package")]:
            del sys.modules[name]


def test_parts_of_statistics_can_be_imported_by_themselves():
    code = (
        "from governance.adapters.scikit_learn import without_parts_of_scipy\n"
        "without_parts_of_scipy()\n"
        "from scipy.stats.mstats import mquantiles\n"
        "import scipy.stats\n"
        "assert scipy.stats.mstats.mquantiles is mquantiles"
    )
    in_a_fresh_process(code)


def test_a_deferred_module_is_run_when_something_of_it_is_asked_for(tmp_path, monkeypatch):
    (tmp_path / "slow_to_load.py").write_text("runs = []\nruns.append(1)\nanswer = 42\n")
    monkeypatch.syspath_prepend(tmp_path)
    deferred("slow_to_load")
    import slow_to_load

    assert "answer" not in vars(slow_to_load)
    from slow_to_load import answer

    assert answer == 42
    assert slow_to_load.runs == [1]
    deferred("slow_to_load")  # which is loaded
    assert slow_to_load.runs == [1]
    with pytest.raises(AttributeError, match="no attribute 'other'"):
        slow_to_load.other  # noqa: B018
    deferred("no_such_module_anywhere")
    assert "no_such_module_anywhere" not in sys.modules
    del sys.modules["slow_to_load"]


def test_a_stage_that_measures_loads_nothing_that_judges_or_writes_documents():
    code = (
        "import sys\n"
        "from governance.stages import stage\n"
        "assert stage('audit').__module__ == 'governance.stages.datasets'\n"
        "loaded = {'governance.collect', 'governance.documents.answers', 'governance.contradictions', 'governance.ingestion.ingest'}\n"
        "assert not loaded & sys.modules.keys(), loaded & sys.modules.keys()\n"
        "stage('verdict')\n"
        "assert 'governance.collect' in sys.modules"
    )
    in_a_fresh_process(code)


def test_cleanlab_judges_labels_without_loading_pandas_which_is_there_when_it_is_used():
    code = (
        "import sys, numpy as np\n"
        "from governance.adapters.cleanlab import find_class_issues, value_quality\n"
        "label, sure = np.arange(40) % 2, np.full((40, 2), 0.1)\n"
        "sure[np.arange(40), label] = 0.9\n"
        "label[3] = 0\n"
        "assert find_class_issues(label, sure).nonzero()[0].tolist() == [3]\n"
        "assert value_quality(label.astype(float), sure[:, 0]).shape == (40,)\n"
        "assert 'pandas.core' not in sys.modules\n"
        "import cleanlab.internal.validation as validation\n"
        "kind = validation.pd.DataFrame\n"
        "assert not isinstance(label, kind) and not issubclass(int, kind) and issubclass(kind, kind)\n"
        "frame = kind({'a': [1]})\n"
        "import pandas\n"
        "assert type(frame) is pandas.DataFrame and isinstance(frame, kind) and issubclass(pandas.DataFrame, kind)\n"
        "assert kind.from_records([(1,)]).shape == (1, 1) and validation.pd.DataFrame is pandas.DataFrame\n"
        "assert validation.labels_to_array(pandas.Series([1, 2])).tolist() == [1, 2]\n"
    )
    in_a_fresh_process(code)


def test_models_load_no_integrals_splines_and_transforms_which_are_there_when_they_are_asked_for():
    code = (
        "import sys, numpy as np\n"
        "from governance.adapters.scikit_learn import text_features\n"
        "text_features(['one two', 'two three'] * 9)\n"
        "import sklearn.linear_model, sklearn.ensemble, sklearn.metrics._ranking as ranking\n"
        "parts = {'scipy.fft._basic', 'scipy.integrate._quadrature', 'scipy.interpolate._bsplines', 'rich'}\n"
        "assert not parts & set(sys.modules)\n"
        "assert ranking.auc([0, 1, 2], [0, 1, 1]) == 1.5\n"
        "from sklearn.preprocessing import SplineTransformer\n"
        "made = SplineTransformer(n_knots=3).fit(np.arange(9.0)[:, None])\n"
        "from scipy.interpolate import BSpline as real\n"
        "from sklearn.preprocessing._polynomial import BSpline as taken\n"
        "assert isinstance(made.bsplines_[0], taken) and type(made.bsplines_[0]) is real\n"
        "import scipy.stats, scipy.signal, rich\n"
        "from scipy.linalg.interpolative import estimate_rank\n"
        "assert estimate_rank(np.eye(9)[:4].T @ np.eye(9)[:4], 0.1) >= 4"
    )
    in_a_fresh_process(code)
