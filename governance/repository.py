"""What git and DVC say a path holds, read from their own files: no data, no DVC import, no network."""

from __future__ import annotations

import datetime
import hashlib
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from governance.errors import ConfigError, UsageError
from governance.yaml_files import read_yaml


@dataclass(frozen=True)
class Known:
    """How the repository knows a path."""

    by: str
    """`<file>.dvc`, `dvc.lock of stage X`, `git`, or `disk`."""
    md5: str = ""
    """DVC's hash; empty when git knows the path instead."""
    also: tuple[tuple[str, str], ...] = ()
    """(by, md5) of everybody else who names the path, as after a merge that kept both sides."""
    git_blobs: tuple[tuple[str, str], ...] = ()
    """(path relative to the workspace, blob) of each file that git tracks there."""


class Repository:
    """The git repository around a workspace, or only the folder when there is none."""

    def __init__(self, workspace: Path) -> None:
        self.workspace = workspace.resolve()

    @cached_property
    def top(self) -> Path | None:
        """Top folder of the git repository, None when there is none."""
        result = self._git("rev-parse", "--show-toplevel")
        return Path(result.strip()).resolve() if result is not None else None

    def _git(self, *arguments: str) -> str | None:
        try:
            # Git speaks UTF-8 in names whatever the locale; a name that is none must not end the gate.
            done = subprocess.run(
                ["git", *arguments], cwd=self.workspace, capture_output=True, check=False,
                encoding="utf-8", errors="surrogateescape",
            )  # fmt: skip
        except FileNotFoundError:
            raise UsageError("git is not installed, and govern reads from it what a commit holds") from None
        return done.stdout if done.returncode == 0 else None

    @cached_property
    def _stage_files(self) -> tuple[Path, ...]:
        """All dvc.lock files of the repository: on disk, outside build folders."""
        root = self.top or self.workspace
        where = ("--cached", "--others", "--exclude-standard")
        listed = self._git("-C", str(root), "ls-files", "-z", *where, "--", "*dvc.lock")
        names = (
            [name for name in listed.split("\0") if name]
            if listed is not None
            else [p.relative_to(root).as_posix() for p in root.rglob("dvc.lock")]
        )
        # A set: a file in conflict is listed once per side.
        return tuple(sorted({root / name for name in names if Path(name).name == "dvc.lock"}))

    @cached_property
    def _locked_outputs(self) -> dict[Path, list[tuple[str, str]]]:
        """Absolute path of each stage output to everybody who names it: (who, md5). Raises ConfigError."""
        outputs: dict[Path, list[tuple[str, str]]] = {}
        for file in self._stage_files:
            content = _plain(file)
            try:
                for stage, entry in ((content or {}).get("stages") or {}).items():
                    for out in entry.get("outs") or []:
                        path = (file.parent / out["path"]).resolve()
                        outputs.setdefault(path, []).append((f"dvc.lock (stage {stage})", str(out.get("md5", ""))))
            except (AttributeError, KeyError, TypeError):
                shown = file.relative_to(self.top or self.workspace).as_posix()
                raise ConfigError([f"{shown} is not a lock file of DVC; run: dvc repro"]) from None
        return outputs

    def cut_short(self) -> tuple[str, ...]:
        """Files of DVC in the workspace, paths relative to it, that a kill left cut short in the instant in which DVC rewrites them.

        A `.dvc` file is then empty, and later runs of DVC pass over it; of a lock file, which DVC ends with a line's end, a
        part is missing. Only files that git tracks are looked at.
        """
        listed = (self._git("ls-files", "-z", "--", "*.dvc", "*dvc.lock") or "").split("\0")
        names = sorted({name for name in listed if name.endswith(".dvc") or Path(name).name == "dvc.lock"})
        cut = []
        for name in names:
            path = self.workspace / name
            if path.is_file():
                content = path.read_bytes()
                if not content.strip() or (path.name == "dvc.lock" and not content.endswith(b"\n")):
                    cut.append(name)
        return tuple(cut)

    def restore(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Take files from git again; those that now hold something."""
        for name in names:
            self._git("checkout", "--", name)
        cut = self.cut_short()
        return tuple(name for name in names if name not in cut)

    def known(self, path: str) -> Known | None:
        """How git or DVC knows `path` (relative to the workspace); None when neither does.

        A `.dvc` file comes first, then the lock of the stage that makes the path, then git.
        """
        absolute = (self.workspace / path).resolve()
        pointer = absolute.with_name(absolute.name + ".dvc")
        if pointer.is_file():
            md5 = recorded_md5(_plain(pointer), path)
            return Known(f"{path}.dvc", md5=md5, also=tuple(self._locked_outputs.get(absolute, ())))
        if absolute in self._locked_outputs:
            (by, md5), *others = self._locked_outputs[absolute]
            return Known(by, md5=md5, also=tuple(others))
        blobs = self._blobs(path)
        return Known("git", git_blobs=blobs) if blobs else None

    def _blobs(self, path: str) -> tuple[tuple[str, str], ...]:
        listed = self._git("ls-files", "-s", "-z", "--", path)
        if not listed:
            return ()
        entries = []
        for line in listed.split("\0"):
            if line:
                meta, name = line.split("\t", 1)
                entries.append((name, meta.split()[1]))
        return tuple(sorted(entries))

    def fetch(self, what: str) -> str:
        """The command that brings `what` here: from DVC's remote, or from its cache where there is no remote."""
        import configparser

        folders = (folder for folder in (self.workspace, *self.workspace.parents) if (folder / ".dvc").is_dir())
        if (above := next(folders, None)) is not None:
            parser = configparser.ConfigParser(strict=False, interpolation=None)
            try:
                parser.read([above / ".dvc" / name for name in ("config", "config.local")], encoding="utf-8")
            except (configparser.Error, UnicodeDecodeError):
                return f"dvc pull {what}"  # DVC will say what is wrong with its configuration
            if any("remote " in section for section in parser.sections()):
                return f"dvc pull {what}"
        return f"dvc checkout {what}"

    def ignoring(self, path: str) -> str:
        """The rule of git that ignores `path` (relative to the workspace), as `.gitignore:1: data/`; empty when none does."""
        told = self._git("check-ignore", "--verbose", "--", path)
        if not told:
            return ""
        file, line, rule = told.partition("\t")[0].split(":", 2)
        return "" if rule.startswith("!") else f"{file}:{line}: {rule}"

    def date_of_head(self) -> datetime.date | None:
        """Day on which HEAD was committed (UTC), None without git or commits."""
        result = self._git("log", "-1", "--format=%ct")
        return datetime.datetime.fromtimestamp(int(result), tz=datetime.UTC).date() if result else None

    def author_of_head(self) -> str | None:
        """E-mail of the author of HEAD, None without git or commits."""
        result = self._git("log", "-1", "--format=%ae")
        return result.strip() if result else None

    def author_of(self, path: str) -> tuple[tuple[str, ...], tuple[str, ...], str]:
        """(names, addresses, why nobody can tell) of who made `path` (relative to the workspace) what it is.

        By the last commit that touched it, co-authors included. A change that is not committed has no author yet, and
        a shallow clone shows its oldest commit as the author of everything.
        """
        if self._git("rev-parse", "--is-shallow-repository") == "true\n":
            return (), (), "this clone is shallow; fetch all of it (fetch-depth: 0, or git fetch --unshallow)"
        if self._git("status", "--porcelain", "--", path) != "":
            return (), (), f"{path} is not committed as it is here; commit it"
        fields = "%an%x00%ae%x00%(trailers:key=Co-authored-by,valueonly,separator=%x00)"
        told = self._git("log", "-1", f"--format={fields}", "--", path)
        if not told:
            return (), (), f"{path} is in no commit; commit it"
        name, email, *others = told.rstrip("\n").split("\0")
        pairs = [other.rpartition("<") for other in others if other]
        names = (name, *(before.strip() or other.strip() for before, _, other in pairs))
        return names, (email, *(address.strip(" >") for _, mark, address in pairs if mark)), ""


def blobs_match(path: Path, blob: str) -> bool | None:
    """Whether the file on disk has git blob `blob`; None when it is not there."""
    if not path.is_file():
        return None
    digest = hashlib.sha1(f"blob {path.stat().st_size}\0".encode(), usedforsecurity=False)
    with path.open("rb") as handle:
        while block := handle.read(1 << 20):
            digest.update(block)
    return digest.hexdigest() == blob


def recorded_md5(content: Any, path: str) -> str:
    """The md5 in the content of the `.dvc` file of `path`. Raises ConfigError where it holds none."""
    try:
        md5 = str(content["outs"][0]["md5"] or "")
    except (KeyError, IndexError, TypeError):
        md5 = ""
    if not md5:
        raise ConfigError([f"{path}.dvc holds no md5; run: git checkout -- {path}.dvc, or dvc add {path}"])
    return md5


def _plain(path: Path) -> Any:
    return read_yaml(path, path.name)
