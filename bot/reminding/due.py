"""Whether a learner is reminded now, and if not, why not: the rule, on values alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Final
from zoneinfo import ZoneInfo

HERE: Final = ZoneInfo("Europe/London")
FIRST_HOUR, LAST_HOUR = 9, 20  # reminders go out from the first and before the last
USUAL: Final = 17  # of whoever has no usual hour yet
# A reminder that could not be sent for so long is not sent at all; what may not be late therefore ends so much earlier.
LIFETIME: Final = timedelta(minutes=10)
WINDOW: Final = timedelta(hours=24)
WINDOWED: Final = frozenset({"whatsapp", "messenger"})  # where only who wrote within the window may be written to in free form


class Why(str, Enum):
    """Why a learner is not reminded."""

    OFF = "not asked for"
    PAUSED = "on holiday"
    UNREACHABLE = "no channel that can be written to"
    NOTHING_DUE = "nothing is due"
    QUIET = "quiet hours"
    TODAY = "reminded today"
    EARLY = "before the usual hour"
    WINDOW_OVER = "last message more than 24 hours ago"


@dataclass(frozen=True)
class Remind:
    """They are reminded of so many items."""

    due: int


@dataclass(frozen=True)
class Standing:
    """What is known of a conversation's learner. Moments are aware. `channel` None where the person cannot be written to; `last_at` is
    when they were reminded last, in whichever conversation, `heard_at` when they wrote last here, `active` when they wrote lately.
    """

    is_on: bool
    paused_until: datetime | None
    last_at: datetime | None
    channel: str | None
    heard_at: datetime | None
    due: int
    active: Sequence[datetime] = ()


def decide(standing: Standing, now: datetime) -> Remind | Why:
    """At most once a day, from the learner's usual hour on, when something is due and may be said."""
    here, latest = now.astimezone(HERE), (now + LIFETIME).astimezone(HERE)
    heard, windowed = standing.heard_at, standing.channel in WINDOWED
    against = {
        Why.OFF: not standing.is_on,
        Why.PAUSED: standing.paused_until is not None and now < standing.paused_until,
        Why.UNREACHABLE: standing.channel is None or heard is None,
        Why.TODAY: standing.last_at is not None and standing.last_at.astimezone(HERE).date() >= here.date(),
        Why.QUIET: here.hour < FIRST_HOUR or latest.hour >= LAST_HOUR or latest.date() != here.date(),
        Why.WINDOW_OVER: windowed and (heard is None or now + LIFETIME >= heard + WINDOW),
        Why.NOTHING_DUE: not standing.due,
        Why.EARLY: here.hour < usual_hour(standing.active),
    }
    return next((why for why, holds in against.items() if holds), None) or Remind(standing.due)


def usual_hour(active: Sequence[datetime]) -> int:
    """The hour in the United Kingdom in which somebody wrote on the most days, within the hours for reminders."""
    times = {(moment.date(), moment.hour) for moment in (one.astimezone(HERE) for one in active)}
    hours = Counter(hour for _, hour in times)
    if not hours:
        return USUAL
    best = min(hours, key=lambda hour: (-hours[hour], hour))
    return min(max(best, FIRST_HOUR), LAST_HOUR - 1)
