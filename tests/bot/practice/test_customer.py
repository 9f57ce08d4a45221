"""How the customer behaves, line by line, as a learner sees it."""

from __future__ import annotations

import itertools

import pytest

from bot.content.scenarios import said_at
from bot.practice import Heard, Practice
from tests.bot.practice.opened import practice, right_offer, through

MONITOR = practice().scenarios["faulty-baby-monitor"]
PARCEL = practice().scenarios["late-birthday-parcel"]
MOTHER = practice().scenarios["account-of-another"]
SOFA = practice().scenarios["written-sofa-complaint"]
REFUND = Heard(("resolve",), remedy="refund")
SORRY = Heard(("apologise",))


def shared(situation: str) -> list[str]:
    """The shared lines of a situation, in any mood, up to their first placeholder."""
    lines = practice().tables.lines
    found = [line for mood in ("angry", "upset", "calm") for line in said_at(lines.lines, situation, mood)]
    for says in lines.tempers.values():
        found += [line for mood in ("angry", "upset", "calm") for line in said_at(says, situation, mood)]
    return found


def says(text: str, lines: list[str]) -> bool:
    """Whether the text holds one of the lines, whatever filled its placeholders."""
    return any(all(part.strip() in text for part in line.replace("{", "\0").replace("}", "\0").split("\0")[::2]) for line in lines)


def test_a_fact_is_told_when_asked_and_pointed_out_when_asked_again() -> None:
    proof = next(fact for fact in MONITOR.facts if fact.id == "proof")
    state, replies = through(MONITOR, [Heard(("probe",), facts=("proof",)), Heard(("probe",), facts=("proof",))])
    assert says(replies[1].text, list(proof.tells))
    assert says(replies[2].text, list(proof.again))
    assert replies[2].anger > replies[1].anger
    assert state.facts == ("proof",)


def test_the_right_remedy_is_taken_coldly_until_somebody_says_sorry() -> None:
    state, replies = through(MONITOR, [Heard(("probe",), facts=("bought-when", "what-it-does")), REFUND, SORRY])
    assert says(replies[2].text, shared("cold"))
    assert "a full refund" in replies[2].text.lower()
    assert [shift.cause for shift in replies[3].shifts] == ["apologise", "warmed"]
    assert state.agreed == "refund"


def test_with_an_apology_first_it_is_welcome() -> None:
    _, replies = through(MONITOR, [SORRY, Heard(("probe",), facts=("bought-when", "what-it-does")), REFUND])
    assert says(replies[3].text, list(MONITOR.remedy("refund").lines))


def test_less_than_owed_is_refused_then_taken_with_a_grudge() -> None:
    part = Heard(("resolve",), remedy="refund", less=True)
    state, replies = through(MONITOR, [SORRY, part, part, Heard(("check",)), Heard(("follow_up",))])
    assert says(replies[2].text, shared("less"))
    assert says(replies[3].text, shared("settles"))
    assert state.ended == "grudging"


def test_all_that_is_owed_replaces_the_part_that_was_settled_for() -> None:
    part = Heard(("resolve",), remedy="voucher")
    state, _ = through(MONITOR, [SORRY, part, part, REFUND])
    assert (state.agreed, state.settled) == ("refund", False)


def test_a_question_passed_over_is_pressed_once() -> None:
    state, _ = practice().begin(PARCEL.id, 1, 1)
    seen = []
    for move in ("thank", "empathise", "listen", "check", "thank"):
        before = state
        state, reply = practice().hear(state, Heard((move,)))
        seen.append((bool(before.asked), any(shift.cause == "ignored" for shift in reply.shifts)))
    assert (True, True) in seen
    pressed = [at for at, (_, ignored) in enumerate(seen) if ignored]
    assert all(later - earlier > 1 for earlier, later in itertools.pairwise(pressed))


@pytest.mark.parametrize("heard", [Heard(("explain",)), Heard(answered=("where-is-it",))], ids=["by a move", "by words"])
def test_an_answer_is_not_called_ignoring(heard: Heard) -> None:
    state, _ = practice().begin(PARCEL.id, 1)
    while state.asked != "where-is-it":
        state, _ = practice().hear(state, Heard(("listen", "thank"), touches=("s0",)))
    _, reply = practice().hear(state, heard)
    assert not any(shift.cause == "ignored" for shift in reply.shifts)


def test_a_promise_is_referred_to() -> None:
    _, replies = through(MONITOR, [SORRY, Heard(("follow_up",), promise="on Monday at ten")])
    assert "on monday at ten" in replies[2].text.lower()


def test_the_third_sorry_irritates() -> None:
    _, replies = through(MONITOR, [SORRY, SORRY, SORRY])
    assert replies[1].anger < replies[0].anger
    assert replies[3].anger > replies[2].anger
    assert says(replies[3].text, shared("wearing"))


def test_they_warn_before_they_go() -> None:
    _, replies = through(MONITOR, [Heard(("rude",))] * 10)
    assert says(replies[-2].text, shared("warn_leave"))
    assert replies[-1].ending == "walked_out"


def test_a_warning_can_be_answered() -> None:
    lines = [Heard(("rude",))]
    while through(MONITOR, lines)[0].warned == "":
        lines.append(Heard(("rude",)))
    state, _ = through(MONITOR, [*lines, Heard(("apologise", "empathise")), Heard(("listen",))])
    assert not state.ended


def test_turned_away_again_and_again_they_ask_for_somebody_senior() -> None:
    assert through(MONITOR, [Heard(("dismissive",))] * 10)[0].ended == "escalated"


def test_a_handover_is_questioned_first() -> None:
    handover = Heard(("escalate",))
    assert not through(MONITOR, [handover])[0].ended
    assert through(MONITOR, [handover, handover])[0].ended == "escalated"


@pytest.mark.parametrize("move", ["resolve", "escalate"])
def test_agreed_only_the_same_remedy_is_called_a_repeat(move: str) -> None:
    agreed = [SORRY, Heard(("probe",), facts=("bought-when", "what-it-does")), REFUND]
    other = next(remedy for remedy in MONITOR.remedies if remedy.id == "replacement")
    assert says(through(MONITOR, [*agreed, REFUND])[1][-1].text, shared("offered_again"))
    scenario = MONITOR.copy(
        update={"remedies": tuple(each.copy(update={"move": move}) if each is other else each for each in MONITOR.remedies)}
    )
    played = Practice({scenario.id: scenario}, practice().tables, practice().reader)
    state, _ = played.begin(scenario.id, 1)
    for heard in [*agreed, Heard((move,), remedy="replacement")]:
        state, reply = played.hear(state, heard)
    assert not says(reply.text, shared("offered_again"))
    assert says(reply.text, [*shared("besides"), *other.lines])
    assert (state.agreed, state.ended) == ("refund", "")


def test_all_that_is_owed_replaces_a_part_of_the_same_remedy() -> None:
    part = Heard(("resolve",), remedy="refund", less=True)
    state, _ = through(MONITOR, [SORRY, part, part, REFUND])
    assert (state.agreed, state.settled) == ("refund", False)


def test_a_handover_once_agreed_neither_ends_it_nor_starts_it_again() -> None:
    handover = Heard(("escalate",))
    state, replies = through(MONITOR, [SORRY, REFUND, handover, handover])
    assert state.ended in ("", "satisfied", "grudging")
    assert says(replies[3].text, shared("escalate_late"))
    assert through(MONITOR, [SORRY, handover, Heard(("resolve", "escalate"), remedy="refund")])[0].ended == ""


def test_nothing_may_be_told_before_the_check_and_the_order_may_after_it() -> None:
    told = Heard(("explain",), secret=True)
    assert through(PARCEL, [told])[0].ended == "unsafe"
    assert not through(PARCEL, [Heard(("verify",)), told])[0].ended
    assert through(PARCEL, [Heard(("verify",)), Heard(forbidden=True)])[0].ended == "unsafe"


def test_a_check_answered_without_authority_opens_nothing() -> None:
    state, _ = through(MOTHER, [Heard(("verify",))])
    assert not state.verified
    assert through(MOTHER, [Heard(("verify",)), Heard(("explain",), secret=True)])[0].ended == "unsafe"


def test_an_explanation_that_names_the_cause_ends_the_blaming() -> None:
    state, replies = through(PARCEL, [Heard(("verify",)), Heard(("explain",), cause=True)])
    assert state.shifted
    assert says(replies[2].text, list(PARCEL.cause.lines))


def test_a_letter_is_answered_once() -> None:
    everything = Heard(("listen", "apologise", "thank", "empathise", "explain", "resolve", "follow_up", "check"), remedy="refund")
    assert through(SOFA, [everything])[0].ended == "satisfied"
    assert through(SOFA, [right_offer(SOFA)])[0].ended == "grudging"
    assert through(SOFA, [Heard(("apologise", "empathise"))])[0].ended == "escalated"
    assert through(SOFA, [Heard(("rude",))])[0].ended == "walked_out"


def test_agreed_is_closed_by_a_check_and_a_follow_up_or_a_goodbye() -> None:
    agreed = [SORRY, Heard(("listen", "empathise")), REFUND]
    assert not through(MONITOR, agreed)[0].ended
    assert through(MONITOR, [*agreed, Heard(("check", "follow_up"))])[0].ended == "satisfied"
    assert through(MONITOR, [*agreed, Heard(farewell=True)])[0].ended == "satisfied"
    assert not through(MONITOR, [SORRY, Heard(farewell=True)])[0].ended


def test_after_the_end_nothing_is_said() -> None:
    state, _ = through(MONITOR, [Heard(("disclose",))])
    again, reply = practice().hear(state, SORRY)
    assert (again, reply.text, reply.ending) == (state, "", "unsafe")


def test_harder_is_angrier_and_slower_to_calm() -> None:
    easy, hard = (through(MONITOR, [SORRY, Heard(("empathise",))], difficulty=level)[1] for level in (1, 3))
    assert easy[0].anger < hard[0].anger
    assert easy[0].anger - easy[-1].anger > hard[0].anger - hard[-1].anger


def test_the_dice_change_the_words_and_not_the_outcome() -> None:
    lines = [SORRY, Heard(("empathise",)), Heard(("thank",)), Heard(("probe",), facts=("proof",))]
    runs = [through(MONITOR, lines, seed)[1] for seed in range(6)]
    assert len({tuple(reply.text for reply in replies) for replies in runs}) > 1
