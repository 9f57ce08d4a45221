"""Filters that put moments and replies into words in templates. Times are those of the United Kingdom."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

from flask import Flask
from markupsafe import Markup, escape

from bot.quiz.sums import without_numbers
from review.desk import desk

_HERE = ZoneInfo("Europe/London")
_BOLD = re.compile(r"\*\*([^*\n]+)\*\*")
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


def day(seconds: float) -> str:
    """For example 4 December 2026."""
    moment = _local(seconds)
    return f"{moment.day} {moment:%B %Y}"


def weekday(seconds: float) -> str:
    """For example Friday 4 December."""
    moment = _local(seconds)
    return f"{moment:%A} {moment.day} {moment:%B}"


def minute(seconds: float) -> str:
    """For example 4 December 2026, 14:05."""
    return f"{day(seconds)}, {_local(seconds):%H:%M}"


def iso(seconds: float) -> str:
    """For the datetime attribute of <time>."""
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat(timespec="seconds")


def ago(seconds: float) -> str:
    """How long it is since, in words."""
    passed = desk().seconds - seconds
    if passed < 2 * _MINUTE:
        return "just now"
    if passed < 2 * _HOUR:
        return f"{round(passed / _MINUTE)} minutes ago"
    if passed < 2 * _DAY:
        return f"{round(passed / _HOUR)} hours ago"
    if passed < 60 * _DAY:
        return f"{round(passed / _DAY)} days ago"
    return day(seconds)


def strong(text: str) -> Markup:
    """The text, safe to show, with what stands between double asterisks in bold, as the chat shows it."""
    return Markup(_BOLD.sub(r"<strong>\1</strong>", str(escape(text))))  # noqa: S704 - escaped just before


def add_filters(app: Flask) -> None:
    for name in (day, weekday, minute, iso, ago, strong, without_numbers):
        app.add_template_filter(name)


def _local(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, _HERE)
