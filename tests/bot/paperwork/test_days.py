"""Days as they are said in Britain, seen from Tuesday 1 December 2026."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.paperwork.days import in_working_days, read_day
from tests.bot.paperwork.filed import TODAY

AHEAD = {
    "today": 1, "tomorrow": 2, "tomorow morning": 2, "the day after tomorrow": 3, "Friday": 4, "on friday at 10": 4, "by Fri": 4,
    "this Thursday": 3, "next Thursday": 10, "next Tuesday": 8, "Tuesday": 8, "Tuesday week": 15, "a week on Friday": 11,
    "a week today": 8, "a week tomorrow": 9, "in 5 working days": 8, "within five working days": 8, "in 3 days": 4, "in 3 days' time": 4,
    "in a week": 8, "in two weeks": 15, "in a fortnight": 15, "3-5 days": 6, "2 to 3 working days": 4, "within 48 hours": 3,
    "end of the week": 4, "end of the month": 31, "the 9th": 9, "on the 23rd": 23, "4 December": 4, "Dec 14": 14, "14/12/2026": 14,
    "I ring her on Wendesday": 2, "ring about the fridge on Saturday": 5, "a couple of days": 3, "Monday 7 December": 7,
}  # fmt: skip
BEHIND = {
    "today": date(2026, 12, 1), "yesterday": date(2026, 11, 30), "last Friday": date(2026, 11, 27), "Friday": date(2026, 11, 27),
    "Tuesday": date(2026, 11, 24), "3 days ago": date(2026, 11, 28), "two weeks ago": date(2026, 11, 17), "4 December": date(2025, 12, 4),
    "28 November": date(2026, 11, 28), "the 24th": date(2026, 11, 24), "yesterday at the counter": date(2026, 11, 30),
}  # fmt: skip


@pytest.mark.parametrize(("text", "day"), AHEAD.items())
def test_days_to_come(text, day):
    found = read_day(text, TODAY, ahead=True)
    assert found is not None and found.day == date(2026, 12, day)


@pytest.mark.parametrize(("text", "day"), BEHIND.items())
def test_days_gone_by(text, day):
    found = read_day(text, TODAY, ahead=False)
    assert found is not None and found.day == day


def test_a_day_without_a_year_is_the_next_one():
    found = read_day("3 February", TODAY, ahead=True)
    assert found is not None and found.day == date(2027, 2, 3)


@pytest.mark.parametrize("text", ["next week", "in a few days", "soon", "as soon as possible", "next month"])
def test_a_time_that_is_no_single_day(text):
    found = read_day(text, TODAY, ahead=True)
    assert found is not None and found.day is None and found.exists


@pytest.mark.parametrize("text", ["", "I will ring", "the fridge", "order 48213", "one lamp"])
def test_no_day_at_all(text):
    assert read_day(text, TODAY, ahead=True) is None


@pytest.mark.parametrize("text", ["31 November", "30/02/2027", "29 February 2027"])
def test_days_that_no_calendar_has(text):
    found = read_day(text, TODAY, ahead=True)
    assert found is not None and found.day is None and not found.exists


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(0, 60))
def test_working_days_leave_weekends_out(today, count):
    day = in_working_days(today, count)
    between = [today + timedelta(days=step) for step in range(1, (day - today).days + 1)]
    assert sum(one.weekday() < 5 for one in between) == count
    assert count == 0 or day.weekday() < 5


@given(st.text(max_size=80), st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.booleans())
def test_no_text_breaks_it(text, today, ahead):
    read_day(text, today, ahead)


PIECES = (
    "in",
    "next",
    "a",
    "week",
    "days",
    "working",
    "5",
    "999",
    "0",
    "31",
    "feb",
    "29",
    "tuesday",
    "the",
    "1st",
    "32nd",
    "months",
    "ago",
    "of",
    "end",
    "month",
    "/",
    "-",
    "2027",
)


@given(st.lists(st.sampled_from(PIECES), max_size=7).map(" ".join), st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.booleans())
def test_no_jumble_of_days_breaks_it(text, today, ahead):
    read_day(text, today, ahead)
