"""Who is reminded when, and why not; and how learners arrange it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from bot.records.channel_tables import addresses
from bot.records.reminders import Reminders
from bot.reminding.due import FIRST_HOUR, HERE, LAST_HOUR, LIFETIME, Remind, Standing, Why, decide, usual_hour
from bot.reminding.words import ReminderWords
from bot.settings import Settings
from tests.bot.talk import Talk

NOW = datetime(2026, 11, 30, 18, 30, tzinfo=HERE)
EVENINGS = tuple(datetime(2026, 11, day, 18, 5, tzinfo=HERE) for day in range(20, 30))
STANDING = Standing(True, None, None, "telegram", NOW - timedelta(days=3), 4, EVENINGS)


def test_what_is_due_is_told_at_the_usual_hour() -> None:
    assert decide(STANDING, NOW) == Remind(4)
    assert decide(STANDING, NOW.replace(hour=17, minute=59)) is Why.EARLY
    assert decide(STANDING, NOW.replace(hour=19, minute=40)) == Remind(4), "and later, where the timer was late"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"is_on": False}, Why.OFF),
        ({"paused_until": NOW + timedelta(seconds=1)}, Why.PAUSED),
        ({"channel": None}, Why.UNREACHABLE),
        ({"heard_at": None}, Why.UNREACHABLE),
        ({"due": 0}, Why.NOTHING_DUE),
        ({"last_at": NOW.replace(hour=9)}, Why.TODAY),
        ({"channel": "whatsapp"}, Why.WINDOW_OVER),
        ({"channel": "messenger", "heard_at": NOW - timedelta(hours=24)}, Why.WINDOW_OVER),
        ({"channel": "whatsapp", "heard_at": NOW - timedelta(hours=23, minutes=50)}, Why.WINDOW_OVER),
        ({"channel": "whatsapp", "heard_at": NOW - timedelta(hours=23, minutes=49)}, Remind(4)),
        ({"channel": "slack"}, Remind(4)),
        ({"paused_until": NOW}, Remind(4)),
        ({"last_at": NOW - timedelta(hours=20)}, Remind(4)),
        ({"active": ()}, Remind(4)),
    ],
)
def test_why_not(changes: dict[str, object], why: object) -> None:
    assert decide(replace(STANDING, **changes), NOW) == why  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("month", "hour", "is_quiet"),
    [(11, 8, True), (11, 9, False), (11, 19, False), (11, 20, True), (7, 7, True), (7, 8, False), (7, 18, False), (7, 19, True)],
)
def test_quiet_hours_are_those_of_the_united_kingdom_in_summer_and_winter(month: int, hour: int, is_quiet: bool) -> None:
    now = datetime(2026, month, 10, hour, 30, tzinfo=timezone.utc)
    decided = decide(replace(STANDING, heard_at=now, active=(now.replace(hour=4),)), now)
    assert decided == (Why.QUIET if is_quiet else Remind(4))


def test_none_is_queued_that_could_come_in_quiet_hours() -> None:
    assert decide(STANDING, NOW.replace(hour=19, minute=49)) == Remind(4)
    assert decide(STANDING, NOW.replace(hour=19, minute=50)) is Why.QUIET


MOMENTS = st.integers(1_767_225_600, 1_798_761_600).map(lambda seconds: datetime.fromtimestamp(seconds, timezone.utc))  # 2026


@given(st.lists(MOMENTS, max_size=20), MOMENTS)
def test_whoever_is_reminded_is_awake(active: list[datetime], now: datetime) -> None:
    assert FIRST_HOUR <= usual_hour(active) < LAST_HOUR
    if isinstance(decide(replace(STANDING, active=active), now), Remind):
        assert now.astimezone(HERE).hour >= FIRST_HOUR
        assert (now + LIFETIME).astimezone(HERE).hour < LAST_HOUR


def test_the_usual_hour_is_that_of_most_days() -> None:
    busy = [datetime(2026, 11, 3, 12, minute, tzinfo=HERE) for minute in range(50)]
    assert usual_hour([*busy, *EVENINGS]) == 18
    assert usual_hour([datetime(2026, 11, 3, 23, tzinfo=HERE)]) == 19
    assert usual_hour([datetime(2026, 11, 3, 5, tzinfo=HERE)]) == 9


# The conversation


@pytest.fixture
def reached(talk: Talk) -> Talk:
    """On a channel that can be written to."""
    with talk.engine.begin() as connection:
        row = {"sender_id": talk.sender, "channel": "telegram", "address": "1", "heard_at": talk.now.timestamp()}
        connection.execute(sa.insert(addresses).values(row))
    return talk


def is_on(talk: Talk) -> bool:
    return Reminders(talk.engine).arranged(talk.sender).is_on


def test_on_the_web_nobody_can_be_reminded_and_is_told_so(talk: Talk) -> None:
    said = talk.say("remind me")
    assert "cannot remind you here" in said and "Telegram" in said
    assert not is_on(talk)


@pytest.mark.parametrize("words", ["stop reminding me", "STOP", "stop", "unsubscribe", "do:remind_off"])
def test_asked_for_and_stopped(reached: Talk, words: str) -> None:
    assert "at most once a day" in reached.say("Remind me")
    assert is_on(reached)
    reached.say(words)
    assert reached.kinds == ["remind_off"] and not is_on(reached)
    assert reached.say("are reminders on?") and reached.kinds == ["remind_is_off"]


def test_stop_is_for_what_is_open_but_in_capitals_for_reminders_too(reached: Talk) -> None:
    reached.say("remind me")
    reached.say("quiz:start")
    reached.say("STOP")
    assert reached.kinds[0] == "remind_off" and reached.kinds[1].startswith("quiz")
    reached.say("remind me")
    reached.say("link")
    reached.say("i have a link code")
    reached.say("stop")
    assert is_on(reached) and reached.kinds[0] == "link_kept", "that was for the question"
    reached.say("quiz:start")
    reached.say("stop")
    assert is_on(reached) and not reached.kinds[0].startswith("remind")


def test_stop_means_what_it_meant_where_reminders_are_off(reached: Talk) -> None:
    for text in ("STOP", "holiday", "I'm back"):
        reached.say(text)
        assert not reached.kinds[0].startswith("remind"), text


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("holiday until 5 January", (2027, 1, 5)),
        ("I'm on holiday until 5th of January 2027", (2027, 1, 5)),
        ("On holiday till 12/12", (2026, 12, 12)),
        ("holiday", (2026, 12, 14)),
        ("holiday until 30 November", (2027, 11, 30)),
    ],
)
def test_a_holiday_pauses(reached: Talk, said: str, day: tuple[int, int, int]) -> None:
    reached.say("remind me")
    reached.say(said)
    assert reached.kinds == ["remind_paused"]
    until = Reminders(reached.engine).arranged(reached.sender).paused_until
    assert until and (until.astimezone(HERE).year, until.astimezone(HERE).month, until.astimezone(HERE).day) == day
    reached.say("I'm back")
    arranged = Reminders(reached.engine).arranged(reached.sender)
    assert arranged.is_on and arranged.paused_until is None


@pytest.mark.parametrize("said", ["holiday until 31 February", "holiday until the cows come home", "holiday until 5 January 2020"])
def test_a_day_that_cannot_be_is_asked_for_again(reached: Talk, said: str) -> None:
    reached.say("remind me")
    reached.say(said)
    assert reached.kinds == ["remind_which_day"] and is_on(reached)


def test_what_is_about_something_else(settings: Settings) -> None:
    words = ReminderWords.load(settings.knowledge)
    for text in (
        "the customer booked a holiday until May",
        "what are the holiday rules?",
        "remind me what NPS is",
        "remind me of the LATER model",
    ):
        assert words.command(text) is None, text
