"""The short cuts of our message processor come to what Rasa's own way comes to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.shared.core.events import ActionExecuted, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from server.turn_processor import LINE, TurnProcessor

IN_PRACTICE = "practice:start.faulty-baby-monitor"


@pytest.fixture(scope="module")
def processor(model: Path) -> TurnProcessor:
    return TurnProcessor(str(model), None, None, None)


@pytest.fixture
def tracker(processor: TurnProcessor) -> Callable[..., DialogueStateTracker]:
    """A conversation of these events after its beginning."""

    def made(*events: Event) -> DialogueStateTracker:
        return DialogueStateTracker.from_events("somebody", [ActionExecuted("action_listen"), *events], processor.domain.slots)

    return made


def said(intent: str, text: str = "something") -> UserUttered:
    return UserUttered(text, {"name": intent, "confidence": 0.9})


def read(prediction: PolicyPrediction) -> tuple[Any, ...]:
    events = [{**event.as_dict(), "timestamp": 0} for event in prediction.events]
    return prediction.probabilities, prediction.policy_name, prediction.max_confidence_index, events


def test_every_intent_leads_where_the_policies_lead_whatever_was_before(
    processor: TurnProcessor, tracker: Callable[..., DialogueStateTracker]
) -> None:
    before = [
        [],
        [said("ask"), ActionExecuted("action_answer"), ActionExecuted("action_listen")],
        [SlotSet("practice", {"id": "1", "phase": "over"}), SlotSet("quiz", {"item": "x"})],
    ]
    intents = [*processor.domain.intents, "an intent that is not in the domain"]
    for events in before:
        for intent in intents:
            for _ in range(2):
                quick = processor._predict_next_with_tracker(tracker(*events, said(intent)))
                assert read(quick) == read(MessageProcessor._predict_next_with_tracker(processor, tracker(*events, said(intent))))


def test_what_a_prediction_leaves_in_a_conversation_bears_the_time_of_the_turn(
    processor: TurnProcessor, tracker: Callable[..., DialogueStateTracker]
) -> None:
    first, second = (processor._predict_next_with_tracker(tracker(said("ask"))).events for _ in range(2))
    assert [event.timestamp for event in first] < [event.timestamp for event in second]


def test_lines_of_a_practice_are_not_understood_and_everything_else_is(
    processor: TurnProcessor, tracker: Callable[..., DialogueStateTracker], playing: dict[str, Any]
) -> None:
    def intent(text: str, *events: Event) -> dict[str, Any]:
        return asyncio.run(processor.parse_message(UserMessage(text), tracker(*events)))["intent"]

    role = SlotSet("practice", playing)
    assert intent("I am so sorry, that must have been frightening.", role) == LINE
    assert intent("quiz me on complaints", role)["name"] == "quiz"
    assert intent("hiya")["name"] == "greet"


@pytest.fixture
def playing() -> dict[str, Any]:
    """The slot of a practice that has just begun."""
    from datetime import datetime, timezone
    from random import Random

    from actions.turn import tutor
    from bot.conversation import Message, State
    from bot.quiz import Learner

    learner = Learner("somebody", None, datetime.now(timezone.utc), Random(1))  # type: ignore[arg-type]
    slot = tutor().respond(Message(IN_PRACTICE), State(), learner).state.to_slots()["practice"]
    assert slot
    return slot
