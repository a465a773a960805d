"""The measured workspace of the fail-closed tests, for tests of its records."""

from fail_closed.conftest import measured, original

__all__ = ["measured", "original"]
