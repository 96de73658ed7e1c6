"""Times as people here read them: China has one time for the whole country."""

from datetime import datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8))


def now() -> datetime:
    """Return the time of day in China."""
    return datetime.now(CHINA)
