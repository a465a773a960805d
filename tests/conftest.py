"""What all tests share: no network, fixed threads, and golden files that one flag rewrites."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

from governance.process import settle

settle()
os.environ.update(
    GIT_AUTHOR_NAME="Test",
    GIT_AUTHOR_EMAIL="test@example.org",
    GIT_COMMITTER_NAME="Test",
    GIT_COMMITTER_EMAIL="test@example.org",
)

# No deadline: a shared machine pauses, and a pause is no bug.
settings.register_profile("project", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
settings.load_profile("project")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that start DVC or a browser come first: one of them at the end would run alone, which costs half a minute."""
    long = {item.path for item in items if item.get_closest_marker("pipeline") or item.get_closest_marker("browser")}
    items.sort(key=lambda item: item.path not in long)  # a stable sort: the order of their names otherwise


def pytest_runtest_setup() -> None:
    """Every test runs without a network; local sockets of the event loop and of browsers stay allowed."""
    from pytest_socket import disable_socket

    disable_socket(allow_unix_socket=True)


@pytest.fixture(autouse=True)
def _restore_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that changes the working directory does not move the next one."""
    monkeypatch.chdir(os.getcwd())  # noqa: PTH109 - monkeypatch restores what os reports
