"""What a message of a finding is."""

from __future__ import annotations


def is_sentence(message: str) -> bool:
    """Whether `message` begins as a sentence does and ends as one."""
    return (message[0].isupper() or message[0].isdigit()) and message.endswith(".")
