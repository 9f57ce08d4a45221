"""Rasa's message processor, short-cut where our rules leave nothing to ask."""

from __future__ import annotations

from rasa.core.channels.channel import OutputChannel
from rasa.core.processor import MessageProcessor
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted
from rasa.shared.core.trackers import DialogueStateTracker


class TurnProcessor(MessageProcessor):
    """Every rule of ours is one intent and one action, then listening: the policies are asked for the action only.

    `tests/test_consistency.py` holds the rules to that. Any other rule needs Rasa's own loop.
    """

    async def _run_prediction_loop(self, output_channel: OutputChannel, tracker: DialogueStateTracker) -> None:
        if not self._should_handle_message(tracker):
            return
        action, prediction = self.predict_next_with_tracker_if_should(tracker)
        if await self._run_action(action, tracker, output_channel, self.nlg, prediction):
            tracker.update(ActionExecuted(ACTION_LISTEN_NAME), self.domain)
