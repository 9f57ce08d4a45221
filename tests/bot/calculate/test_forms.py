"""The kinds of ways in which learners put sums: times in parts, ratios, parts of a total, nothing to divide by, claims, last days."""

from __future__ import annotations

import re
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calculate import Outcome, Templates, calculate, load_templates, words
from bot.calculate.dates import MONTHS
from bot.calculate.display import percent
from bot.calculate.durations import in_parts

from .forms import EXPLAIN, FORMS, LAST_DAYS, TEMPLATES

ROOT = Path(__file__).resolve().parents[3]
WEEKDAYS = re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b")


@pytest.fixture(scope="module")
def templates() -> Templates:
    return load_templates(ROOT / "knowledge" / "calculators.yml")


@pytest.mark.parametrize(("text", "topic", "metric", "result"), FORMS)
def test_each_form_is_understood(text: str, topic: str | None, metric: str, result: str) -> None:
    calculation = calculate(text, topic=topic)
    assert calculation is not None
    shown = calculation.values.get("in_parts", calculation.values.get("result"))
    assert (calculation.metric, calculation.outcome, shown) == (metric, Outcome.ANSWER, result)


@pytest.mark.parametrize(("text", "topic", "template"), TEMPLATES)
def test_what_cannot_be_is_said_to_be_so(text: str, topic: str | None, template: str) -> None:
    calculation = calculate(text, topic=topic)
    assert calculation is not None
    assert calculation.template == template


@pytest.mark.parametrize(("text", "template", "result"), LAST_DAYS)
def test_last_days_are_counted_from_the_right_day(text: str, template: str, result: str) -> None:
    calculation = calculate(text)
    assert calculation is not None
    assert (calculation.template, calculation.values.get("result", "")) == (template, result)


@pytest.mark.parametrize("text", EXPLAIN)
def test_a_wish_for_an_explanation_is_no_sum(text: str) -> None:
    assert calculate(text) is None


@pytest.mark.parametrize(
    ("text", "topic"), [*((case[0], case[1]) for case in (*FORMS, *TEMPLATES)), *((case[0], None) for case in LAST_DAYS)]
)
def test_every_form_has_words(text: str, topic: str | None, templates: Templates) -> None:
    calculation = calculate(text, topic=topic)
    assert calculation is not None
    said = words(calculation, templates)
    assert said and "{" not in said and "?" not in re.sub(r"\?(?=\s|$)", "", said)
    assert len(said) <= 900


@pytest.mark.parametrize(("text", "template", "result"), LAST_DAYS)
def test_a_last_day_names_its_law_and_that_it_is_teaching_material(text: str, template: str, result: str, templates: Templates) -> None:
    calculation = calculate(text)
    assert calculation is not None
    said = words(calculation, templates)
    if result:
        assert re.search(r"Regulations 2013, regulation (?:30|34)\b|Act 2015, section 22\b", said)
        assert "Teaching material" in said and "day 0" in said and result in said


@pytest.mark.parametrize("text", ["nobody replied, what is our nps?", "0 cases this week, so what is our fcr?"])
def test_nothing_to_divide_by_is_explained(text: str, templates: Templates) -> None:
    calculation = calculate(text)
    assert calculation is not None
    said = words(calculation, templates)
    assert "divided by zero" in said and "at least one" in said


def test_a_retention_over_a_hundred_names_the_new_customers_and_what_is_lacking(templates: Templates) -> None:
    calculation = calculate("started with 200 customers and ended with 210 so retention is 105%?")
    assert calculation is not None
    said = words(calculation, templates)
    assert "105%" in said and "New customers" in said and "still need how many of the customers at the end were new" in said


def test_the_working_of_a_ratio_shows_the_ratio() -> None:
    calculation = calculate("two thirds of customers were satisfied. what is csat")
    assert calculation is not None
    assert calculation.values["working"] == "2 ÷ 3 × 100 = 66.7%"


def test_how_colons_were_read_is_said(templates: Templates) -> None:
    for text, read_as in (
        ("average call time: 1:45, 2:15", "minutes and seconds"),
        ("average repair time: 1:45, 2:15", "hours and minutes"),
    ):
        calculation = calculate(text)
        assert calculation is not None
        assert f"read as {read_as}" in words(calculation, templates)


lengths = st.lists(st.tuples(st.integers(0, 59), st.integers(0, 59)), min_size=2, max_size=8)
_STYLES = st.sampled_from(["{m} min {s:02}", "{m}m{s:02}", "{m} min {s} sec", "{m} mins and {s} seconds"])


@given(lengths, _STYLES)
def test_the_mean_of_minutes_and_seconds_is_exact_however_they_are_written(times: list[tuple[int, int]], style: str) -> None:
    calculation = calculate("average handling time: " + ", ".join(style.format(m=m, s=s) for m, s in times))
    assert calculation is not None
    mean = Fraction(sum(60 * m + s for m, s in times), 60 * len(times))
    assert calculation.values["in_parts"] == in_parts(mean, "min")


@given(st.integers(0, 100), st.integers(2, 100), st.sampled_from(["in every", "out of every", "in"]))
def test_a_ratio_is_part_and_whole_or_not_answered_with_more_than_a_hundred(part: int, whole: int, joint: str) -> None:
    calculation = calculate(f"{part} {joint} {whole} calls were resolved first time, fcr?")
    if part <= whole:
        assert calculation is not None and calculation.values["result"] == percent(Fraction(part, whole))
    elif calculation is not None and calculation.outcome is Outcome.ANSWER:
        assert float(calculation.values["result"].rstrip("%")) <= 100


@given(st.integers(1, 2000), st.integers(0, 2000))
def test_so_many_of_them_are_a_part_of_the_total(answered: int, easy: int) -> None:
    calculation = calculate(f"{answered} answered, {easy} of them scored 5, 6 or 7. ces % easy?")
    assert calculation is not None
    if easy <= answered:
        assert calculation.values["result"] == percent(Fraction(easy, answered))
    else:
        assert calculation.template == "ces.impossible.part-greater"


days = st.dates(date(2015, 10, 1), date(2099, 10, 1))
_WRITTEN = st.sampled_from(["{d} {name} {y}", "{d}/{m:02}/{y}", "{d:02}.{m:02}.{y}", "{name} {d}, {y}", "{y}-{m:02}-{d:02}"])
_LAWS = st.sampled_from(
    [
        ("bought online, delivered on {}. last day to cancel?", 14),
        ("delivered on {}, last day of the short-term right to reject?", 30),
        ("the goods came back to us on {}, by what date must we refund?", 14),
    ]
)


@given(days, _WRITTEN, _LAWS)
def test_last_days_agree_with_the_calendar(day: date, written: str, law: tuple[str, int]) -> None:
    text, count = law
    calculation = calculate(text.format(written.format(d=day.day, m=day.month, y=day.year, name=MONTHS[day.month - 1])))
    last = day + timedelta(days=count)
    assert calculation is not None
    assert calculation.values["result"] == f"{last:%A} {last.day} {MONTHS[last.month - 1]} {last.year}"


@given(days, _LAWS)
def test_without_a_year_no_weekday_and_no_year_is_named(day: date, law: tuple[str, int]) -> None:
    text, count = law
    calculation = calculate(text.format(f"{day.day} {MONTHS[day.month - 1]}"))
    assert calculation is not None
    last = day + timedelta(days=count)
    assert f"{last.day} {MONTHS[last.month - 1]}" in calculation.values["result"]
    said = calculation.values["result"] + calculation.values["working"]
    assert not WEEKDAYS.search(said) and not re.search(r"\b20[0-9]{2}\b", said)
