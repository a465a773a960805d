"""The one place that looks at the clock: what people sign, and what ends on a day, goes by the day in UTC."""

from __future__ import annotations

import datetime


def today() -> datetime.date:
    """The day now, UTC."""
    return datetime.datetime.now(tz=datetime.UTC).date()
