"""`govern` in this process: its start-up, which loads libraries, is spared each time. What it starts are processes still.

What those print does not come here, so commands whose point it is, such as `govern repro`, are run as processes.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from pathlib import Path

from governance.cli import main


def govern(folder: Path, *words: str) -> tuple[int, str]:
    """Exit code and what was said, called in `folder`; the environment is afterwards what it was."""
    said = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    before = dict(os.environ)
    os.environ["PATH"] = f"{Path(sys.executable).parent}:{os.environ['PATH']}"  # where `dvc` is
    code = 0
    try:
        with contextlib.chdir(folder), contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            main(list(words))
    except SystemExit as end:
        code = int(end.code or 0)
    finally:
        os.environ.clear()
        os.environ.update(before)
    said.seek(0)
    return code, said.read()


def governed(folder: Path, *words: str, code: int = 0) -> str:
    """What was said; it must end with `code`."""
    ended, said = govern(folder, *words)
    assert ended == code, f"govern {' '.join(words)} ended with {ended}:\n{said[-4000:]}"
    return said
