"""Marks pressed buttons, so that the token never goes through guessing.

Channels know what was pressed and say so (`read_as_pressed`): then nothing is read at all. The component is for `rasa shell`, where a
button's token comes as text.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.reply import is_token

PRESS = {"name": "press", "confidence": 1.0}


def read_as_pressed(token: str) -> dict[str, Any]:
    """What Rasa's understanding of the token would be."""
    return {TEXT: token, INTENT: dict(PRESS), "entities": [], "intent_ranking": [dict(PRESS)]}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class ButtonTokens(GraphComponent):
    """Sets the intent `press` on messages that are a button's token; leaves all others alone."""

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> ButtonTokens:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if is_token(message.get(TEXT) or ""):
                message.set(INTENT, dict(PRESS), add_to_output=True)
                message.set("intent_ranking", [dict(PRESS)], add_to_output=True)
        return messages
