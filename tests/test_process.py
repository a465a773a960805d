"""What every process of `govern` is set to before a library is imported."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_no_plugin_of_pydantic_sees_what_is_validated(tmp_path: Path) -> None:
    """One that is installed beside the package, as one that sends away what it sees."""
    (tmp_path / "listener.py").write_text("print('LISTENING')\n\nclass Plugin:\n    pass\n\nplugin = Plugin()\n")
    about = tmp_path / "listener-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: listener\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[pydantic]\nlistener = listener:plugin\n")
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])}
    env.pop("PYDANTIC_DISABLE_PLUGINS", None)
    model = "import pydantic\nclass Model(pydantic.BaseModel):\n    x: int = 0\n"

    def said(code: str) -> str:
        done = subprocess.run([sys.executable, "-c", code], env=env, text=True, capture_output=True, check=False)
        return done.stdout + done.stderr

    assert "LISTENING" in said(model), "the plugin works where nobody keeps it out"
    assert "LISTENING" not in said(f"from governance.process import settle\nsettle()\n{model}")
    assert "LISTENING" not in said("from governance.cli import main\nmain(['policy', '--help'])")


def test_a_process_that_leaves_has_done_what_was_left_for_its_end(tmp_path: Path) -> None:
    """What is printed is written, also into a pipe, and what libraries registered has run."""
    code = (
        "import atexit, tempfile\nfrom governance.process import leave\n"
        f"kept = tempfile.TemporaryDirectory(dir={str(tmp_path)!r})\n"
        "atexit.register(print, 'registered')\nprint('printed', end=' ')\nleave()\nprint('never')\n"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], env=env, text=True, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "printed registered\n", "")
    assert not list(tmp_path.iterdir())
