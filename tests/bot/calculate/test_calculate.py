"""What learners get for the sums they type."""

# ruff: noqa: SIM905 - word lists read better as words

from __future__ import annotations

import re
import time
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.calculate import Outcome, Templates, calculate, load_templates, words
from bot.calculate.display import percent, plain, signed
from bot.calculate.numbers import Kind, read_numbers
from bot.calculate.roles import LEXICONS
from bot.calculate.spelling import plain_text

from .everyday import EVERYDAY, QUIET
from .golden import ANSWERS, UNSEEN, UNSEEN_AGAIN
from .problems import PROBLEMS
from .silence import SILENT

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def templates() -> Templates:
    return load_templates(ROOT / "knowledge" / "calculators.yml")


@pytest.mark.parametrize(("text", "topic", "metric", "result"), [*ANSWERS, *UNSEEN, *UNSEEN_AGAIN, *EVERYDAY])
def test_answers(text: str, topic: str | None, metric: str, result: str) -> None:
    calculation = calculate(text, topic=topic)
    assert calculation is not None
    assert (calculation.metric, calculation.outcome, calculation.values["result"]) == (metric, Outcome.ANSWER, result)


@pytest.mark.parametrize("text", [*SILENT, *QUIET])
def test_stays_silent(text: str) -> None:
    assert calculate(text) is None


@pytest.mark.parametrize(("text", "topic", "template"), PROBLEMS)
def test_problems(text: str, topic: str | None, template: str) -> None:
    calculation = calculate(text, topic=topic)
    assert calculation is not None
    assert calculation.template == template


@pytest.mark.parametrize("text", [case[0] for case in (*ANSWERS, *UNSEEN, *UNSEEN_AGAIN, *EVERYDAY)] + [case[0] for case in PROBLEMS])
def test_every_calculation_has_words(text: str, templates: Templates) -> None:
    calculation = calculate(text, topic="csat" if text.startswith("what about 45") else "nps")
    assert calculation is not None
    said = words(calculation, templates)
    assert said and "?" not in re.sub(r"\?(?=\s|$)", "", said) and "{" not in said
    assert len(said) <= 900


def test_nps_answers_carry_no_percent_sign_on_the_score(templates: Templates) -> None:
    calculation = calculate("nps: 112 promoters, 50 passives, 38 detractors")
    assert calculation is not None and "NPS is +37." in words(calculation, templates)


def test_the_target_says_how_many_short() -> None:
    calculation = calculate("1,150 of 1,250 within 24 hours, target 95%, how many short? sla")
    assert calculation is not None
    assert (calculation.values["needed"], calculation.values["short"]) == ("1,188", "38")


def test_net_and_gross_fcr_are_both_given() -> None:
    calculation = calculate("500 issues, 365 settled first time, leave out 60 that first line could never settle. fcr?")
    assert calculation is not None
    assert (calculation.values["gross"], calculation.values["result"]) == ("73.0%", "83.0%")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("forty-five", 45),
        ("one thousand two hundred", 1200),
        ("a dozen", 12),
        ("1.2k", 1200),
        ("1,200", 1200),
        ("1 200", 1200),
        ("a hundred and five", 105),
        ("fourty", 40),
    ],
)
def test_number_words(text: str, value: int) -> None:
    numbers = read_numbers(plain_text(f"there were {text} promoters"))
    assert [(number.value, number.kind) for number in numbers] == [(value, Kind.COUNT)]


@pytest.mark.parametrize("text", ["in February 2026", "on 12/03/2026", "at 10:30", "24/7", "unit 301", "order #12345", "call 07700900123"])
def test_plainly_not_data(text: str) -> None:
    assert read_numbers(plain_text(text)) == ()


def test_every_metric_has_its_words(templates: Templates) -> None:
    for metric in LEXICONS:
        assert f"{metric}.answer" in templates and f"{metric}.name" in templates


def test_a_message_without_numbers_is_quick() -> None:
    text = "how do I deal with a customer who is very upset about a late delivery and wants to speak to somebody " * 3
    started = time.perf_counter()
    for _ in range(100):
        calculate(text)
    assert (time.perf_counter() - started) / 100 < 0.002


counts = st.integers(0, 5000)


@given(counts, counts, counts)
def test_nps_lies_between_its_bounds(promoters: int, passives: int, detractors: int) -> None:
    calculation = calculate(f"NPS for {promoters} promoters, {passives} passives and {detractors} detractors")
    assert calculation is not None
    total = promoters + passives + detractors
    if total == 0:
        assert calculation.outcome is Outcome.IMPOSSIBLE
    else:
        assert calculation.values["result"] == signed(Fraction((promoters - detractors) * 100, total))
        assert -100 <= int(calculation.values["result"]) <= 100


@given(counts, counts)
def test_csat_is_a_percentage_or_impossible(part: int, whole: int) -> None:
    calculation = calculate(f"csat: {part} satisfied out of {whole} customers")
    assert calculation is not None
    if whole > 0 and part <= whole:
        assert calculation.values["result"] == percent(Fraction(part, whole))
        assert 0 <= float(calculation.values["result"].rstrip("%")) <= 100
    else:
        assert calculation.outcome is Outcome.IMPOSSIBLE


@given(st.lists(st.integers(0, 10), min_size=4, max_size=30))
def test_score_lists_agree_with_counts(scores: list[int]) -> None:
    promoters, detractors = sum(score >= 9 for score in scores), sum(score <= 6 for score in scores)
    calculation = calculate("nps for these scores: " + ", ".join(map(str, scores)))
    assert calculation is not None
    assert calculation.values["result"] == signed(Fraction((promoters - detractors) * 100, len(scores)))


@given(st.integers(1, 3000), st.integers(0, 3000))
def test_retention_and_churn_make_a_hundred(start: int, left: int) -> None:
    calculation = calculate(f"retention: started with {start} customers and lost {left}")
    assert calculation is not None
    if left <= start:
        both = [Fraction(calculation.values[name].rstrip("%")) for name in ("result", "churn")]
        assert abs(sum(both) - 100) <= Fraction(1, 10)


_PIECES = st.sampled_from(
    "nps csat fcr promoters detractors passives 9-10 6 0 -5 120 50% out of half the rest what is calculate retention start "
    "new sla target 95% "
    "£40 twice a year 3 hours , . ? and average 1h30 1/0 0/0 5s gave 11 : x = in 2026 10:30 "
    "1,000,000 nobody surveys sent replied complaints per".split(" ")
)


@settings(max_examples=300)
@given(st.one_of(st.text(max_size=300), st.lists(_PIECES, max_size=40).map(" ".join)), st.sampled_from([None, "nope", *LEXICONS]))
def test_never_raises_and_repeats_itself(text: str, topic: str | None) -> None:
    first = calculate(text, topic=topic)
    assert first == calculate(text, topic=topic)
    if first and first.outcome is Outcome.ANSWER and first.values["result"].endswith("%"):
        assert 0 <= float(first.values["result"].rstrip("%").replace(",", "")) <= 100


@given(st.fractions(-10_000_000, 10_000_000))
def test_formatting_round_trip(value: Fraction) -> None:
    shown = plain(value)
    assert abs(Fraction(shown.replace(",", "")) - value) <= Fraction(1, 200)
    assert read_numbers(plain_text(f"there were {plain(abs(value))} promoters"))[0].value == abs(Fraction(shown.replace(",", "")))
