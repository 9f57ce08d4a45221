"""A learner hears once that a tutor looked again at a mark, and finds it in what they are shown from then on."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from bot.records.marking import Criterion, Ruling, change_answer, change_criterion
from bot.records.tables import attempts, practices
from tests.bot.talk import Talk

REASON = "You did say sorry, in your second line."


def practise_and_change(talk: Talk) -> None:
    """A practice, one of whose marks a tutor changes."""
    talk.say("practice:start.late-birthday-parcel")
    talk.say("Hello, what seems to be the matter?")
    talk.say("Right. And your order number?")
    talk.say("stop")
    debriefer = talk.tutor.practising.debriefer
    with talk.engine.connect() as connection:
        practice = int(connection.execute(sa.select(practices.c.id)).scalar_one())
    ruling = Ruling("Lena", REASON, talk.now.timestamp())
    change_criterion(talk.engine, Criterion(practice, "apologise", 0), True, ruling, lambda played: debriefer.debrief(played).band)


def test_whoever_comes_back_from_a_practice_that_was_left_is_told_once(talk: Talk) -> None:
    practise_and_change(talk)
    talk.say("practice:start.faulty-baby-monitor")
    talk.say("Hello, what has happened?")
    talk.now += timedelta(days=20)
    told = talk.say("hello", intent="greet")
    assert talk.kinds[0] == "greet"
    assert told.count(REASON) == 1


def test_a_changed_criterion_is_told_once_and_stands_in_more_detail(talk: Talk) -> None:
    practise_and_change(talk)
    told = talk.say("hello", intent="greet")
    assert f"“apologised”: met. Reason: {REASON}" in told
    assert REASON not in talk.say("how am I doing?", intent="progress"), "once"
    more = talk.say("practice:debrief.more")
    assert f"Your tutor looked again at “apologised” and marked it met. Reason: {REASON}" in more
    assert "Apologise: met, as your tutor marked it" in more


def test_a_changed_answer_is_told_with_what_is_due(talk: Talk) -> None:
    talk.ask_only("service-level-agreement-in-own-words")
    talk.say("it is something about money")
    talk.say("quiz:start")
    with talk.engine.connect() as connection:
        found = connection.execute(sa.select(attempts)).first()
    assert found
    assert change_answer(talk.engine, found.id, found.verdict, "right", Ruling("Lena", REASON, talk.now.timestamp())) is None
    talk.say("stop")
    told = talk.say("do:progress")
    assert f"it counts as right. Reason: {REASON}" in told
    assert talk.kinds == ["marks_changed", "progress"]
    talk.say("do:progress")
    assert talk.kinds == ["progress"]
