"""Starts quizzes and tells how they went; a quiz in progress takes every message, whichever action it comes by."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import take_turn


class ActionQuiz(Action):
    def name(self) -> str:
        return "action_quiz"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        return await take_turn(dispatcher, tracker)
