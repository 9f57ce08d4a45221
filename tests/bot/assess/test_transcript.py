"""Criteria and bands follow the assessors' rules, whichever lines earned them."""

from __future__ import annotations

import pytest

from bot.assess import Assessor
from bot.assess.transcript import CRITERIA, Turn, assess, band_of

ALL = dict.fromkeys(CRITERIA, True) | {"disclosed_data": False, "defensive": False}


def talk(*lines: str) -> list[Turn]:
    """Customer and agent in turn, the customer first."""
    return [Turn("agent" if number % 2 else "customer", line) for number, line in enumerate(lines)]


GOOD = talk(
    "You've sent me the wrong lamp twice and my dad's birthday is on Saturday.",
    "Twice the wrong lamp, with your dad's birthday on Saturday. I'm so sorry, that must be really upsetting. Thank you for telling us.",
    "So what now?",
    "Before I open the order, could I take your full name, postcode and the email on it?",
    "Ann Reid, LS1 4AA, ann@example.com.",
    "Thank you, that's matched. The two lamps share a shelf code, which is why the wrong one was picked. "
    "As it isn't what you ordered you can have your money back or the right lamp by courier tomorrow.",
    "The lamp, please.",
    "It will be with you tomorrow before noon, and I'll ring you at one o'clock tomorrow to make sure. Are you happy with that?",
    "Yes.",
)


def test_a_talk_with_every_step_is_a_distinction(assessor: Assessor) -> None:
    found = assess(assessor, GOOD)
    assert found.band == "distinction"
    assert all(found.criteria[name] for name in ("listen", "apologise", "thank", "empathise", "explain", "resolve", "follow_up", "check"))
    assert found.criteria["verify"] is True


def test_every_turn_has_its_moves_and_the_customers_have_none(assessor: Assessor) -> None:
    found = assess(assessor, GOOD)
    assert len(found.turns) == len(GOOD)
    assert all(bool(moves) <= (turn.who == "agent") for turn, moves in zip(GOOD, found.turns, strict=True))


def test_giving_away_somebody_elses_details_fails_however_good_the_rest_is(assessor: Assessor) -> None:
    spoilt = [*GOOD, Turn("agent", "By the way, your lamp went to Mrs Doyle at 14 Elm Road, her number is 07700 900456.")]
    found = assess(assessor, spoilt)
    assert found.criteria["disclosed_data"] is True
    assert found.band == "fail"


def test_a_remedy_without_the_check_that_the_scenario_calls_for(assessor: Assessor) -> None:
    turns = talk("You charged me twice, £40.", "I'm sorry. I've refunded the second £40 to your card just now.")
    assert assess(assessor, turns, "Agents refund a duplicate after a security check.").criteria["verify"] is False
    assert assess(assessor, turns, "A customer was charged twice at the till.").criteria["verify"] is None


def test_details_after_the_check_are_not_details_before_it(assessor: Assessor) -> None:
    early = talk("What's on my account?", "Your account shows a balance of £212 and the address 4 Hill Street.")
    assert assess(assessor, early).criteria["verify"] is False


@pytest.mark.parametrize(
    ("changes", "band"),
    [
        ({}, "distinction"),
        ({"verify": None}, "distinction"),
        ({"check": False}, "merit"),
        ({"thank": False}, "merit"),
        ({"thank": False, "listen": False, "empathise": False}, "pass"),
        ({"follow_up": False}, "pass"),
        ({"verify": False}, "pass"),
        ({"resolve": False}, "fail"),
        ({"defensive": True}, "fail"),
        ({"disclosed_data": True}, "fail"),
        ({"apologise": False, "empathise": False}, "fail"),
        ({"apologise": False}, "merit"),
    ],
)
def test_bands(assessor: Assessor, changes: dict[str, bool | None], band: str) -> None:
    turns = [Turn("agent", "I'll ring you on Friday at ten.")]
    moves = [[move for move in assessor.moves("", turns[0].text) if move.name == "follow_up"]]
    criteria = {**ALL, **changes}
    if not criteria["follow_up"]:
        moves = [[]]
    assert band_of(criteria, turns, moves, assessor) == band


def test_a_promise_without_a_time_is_no_distinction(assessor: Assessor) -> None:
    timed, moves = Turn("agent", "I'll ring you on Friday at ten."), assessor.moves("", "I'll ring you on Friday at ten.")
    open_ended = Turn("agent", "I'll ring you once the part has come.")
    assert band_of(ALL, [timed], [moves], assessor) == "distinction"
    assert band_of(ALL, [open_ended], [moves], assessor) == "merit"


def test_a_talk_without_an_agent_fails(assessor: Assessor) -> None:
    assert assess(assessor, [Turn("customer", "Hello? Is anybody there?")]).band == "fail"
    assert assess(assessor, []).band == "fail"
