"""Rasa's message processor, short-cut where our rules and our tutor leave nothing to ask."""

from __future__ import annotations

import copy
import time
from typing import Any, Final

from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import INTENT, TEXT

from actions.turn import tutor
from bot.conversation import State

LINE: Final = {"name": "practice", "confidence": 1.0}


class TurnProcessor(MessageProcessor):
    """Every rule of ours is one intent and one action, then listening: the policies are asked for the action only, once for each intent.

    `tests/test_consistency.py` holds the rules to that. Any other rule needs Rasa's own loop.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._predictions: dict[str | None, PolicyPrediction] = {}

    async def parse_message(
        self, message: UserMessage, tracker: DialogueStateTracker | None = None, only_output_properties: bool = True
    ) -> dict[str, Any]:
        """A line to a customer is read by the assessor: no intent is looked for in it."""
        if tracker is not None and _is_line(message.text or "", tracker):
            return {TEXT: message.text, INTENT: dict(LINE), "entities": [], "intent_ranking": [dict(LINE)]}
        return await super().parse_message(message, tracker, only_output_properties)

    async def _run_prediction_loop(self, output_channel: OutputChannel, tracker: DialogueStateTracker) -> None:
        if not self._should_handle_message(tracker):
            return
        action, prediction = self.predict_next_with_tracker_if_should(tracker)
        if await self._run_action(action, tracker, output_channel, self.nlg, prediction):
            tracker.update(ActionExecuted(ACTION_LISTEN_NAME), self.domain)

    def _predict_next_with_tracker(self, tracker: DialogueStateTracker) -> PolicyPrediction:
        if tracker.followup_action or tracker.latest_action_name != ACTION_LISTEN_NAME or tracker.latest_message is None:
            return super()._predict_next_with_tracker(tracker)
        intent = tracker.latest_message.intent_name
        if intent not in self._predictions:
            self._predictions[intent] = super()._predict_next_with_tracker(tracker)
        prediction = copy.copy(self._predictions[intent])
        prediction.events = [_now(event) for event in prediction.events]
        return prediction


def _is_line(text: str, tracker: DialogueStateTracker) -> bool:
    if not tracker.get_slot("practice"):
        return False
    return tutor().is_line(text, State.from_slots(tracker.current_slot_values()), time.time())


def _now(event: Any) -> Any:
    """The event as of this turn."""
    event = copy.copy(event)
    event.timestamp = time.time()
    return event
