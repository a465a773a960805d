"""What libraries take along when they are imported, and what nothing here asks of them."""

import subprocess
import sys

import numpy

from governance.lean_imports import as_loaded


def test_the_functions_of_scipy_load_no_further_parts_of_numpy():
    code = (
        "import sys, numpy; parts = set(dir(numpy)), list(numpy.__all__)\n"
        "import governance.measures.special_functions as ours, scipy.special\n"
        "assert not {'numpy.f2py', 'numpy.testing'} & set(sys.modules)\n"
        "assert (set(dir(numpy)), list(numpy.__all__)) == parts\n"
        "assert all(getattr(ours, name) is getattr(scipy.special, name) for name in ours.__all__)\n"
        "assert numpy.f2py.__name__ == 'numpy.f2py'"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_module_lists_what_it_has_loaded_within_and_all_afterwards():
    every, names = set(dir(numpy)), list(numpy.__all__)
    with as_loaded(numpy):
        assert set(dir(numpy)) <= set(vars(numpy))
        assert set(numpy.__all__) <= set(vars(numpy))
        assert "array" in dir(numpy)
    assert set(dir(numpy)) == every
    assert list(numpy.__all__) == names
