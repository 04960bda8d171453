"""Moments on a practice's clock."""

from datetime import datetime
from zoneinfo import ZoneInfo


def stamp(moment: datetime | None, time_zone: str) -> str:
    """`03/04/2026 14:05`, or nothing."""
    return "" if moment is None else f"{moment.astimezone(ZoneInfo(time_zone)):%m/%d/%Y %H:%M}"
