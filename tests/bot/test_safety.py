"""Distress and emergencies are heard before anything else; ordinary work talk is not mistaken for them."""

from __future__ import annotations

import pytest

from bot.answer import Context
from bot.safety import Safety
from bot.settings import Settings
from bot.tutor import Tutor


@pytest.fixture(scope="session")
def safety(settings: Settings) -> Safety:
    return Safety.load(settings.knowledge)


@pytest.mark.parametrize(
    "text",
    [
        "i want to die",
        "I can't go on anymore",
        "i've been cutting myself",
        "everyone would be better off without me",
        "thinking about suicide a lot",
        "my boyfriend hits me",
        "I don’t want to be alive",
        "i feel so worthless",
    ],
)
def test_distress_gets_help_lines(tutor: Tutor, text: str) -> None:
    reply = tutor.asking.respond(text, Context()).reply
    assert reply.kind == "distress"
    for line in ("116 123", "85258", "999"):
        assert line in reply.text


@pytest.mark.parametrize(
    "text",
    [
        "I've got chest pains",
        "my mate has collapsed and isn't breathing",
        "she is unconscious",
        "i cant breathe",
        "my colleague is choking",
    ],
)
def test_an_emergency_names_999_and_111(tutor: Tutor, text: str) -> None:
    reply = tutor.asking.respond(text, Context()).reply
    assert "999" in reply.text
    assert "111" in reply.text


def test_a_customers_distress_is_about_the_customer(safety: Safety) -> None:
    assert safety.called_for("a customer on the phone said she wants to kill herself, what do I do") == "distress_customer"


@pytest.mark.parametrize(
    "text",
    [
        "the customer was dying to get a refund",
        "this unit is killing me",
        "is a toy with small parts a choking hazard that must be refunded",
        "how do I end a call politely",
        "what if the customer is hurt by a faulty kettle",
        "the deadline is killing my team",
        "a customer had a heart-shaped ring that broke",
    ],
)
def test_work_talk_is_not_an_emergency(safety: Safety, text: str) -> None:
    assert safety.called_for(text) is None
