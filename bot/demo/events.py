"""A turn as the rows that the tracker store keeps of it: what was said, what was done, the replies, the slots that changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from bot.conversation import Turn
from bot.demo.said import Said
from bot.reply import Reply

_ABOUT: Final = {"model_id": "demo", "assistant_id": "aftercare"}
_STEP: Final = timedelta(milliseconds=2)
_TALK: Final = frozenset(
    {"greet", "goodbye", "thank", "affirm", "deny", "help", "capabilities", "bot_challenge", "start_again", "insult"}
    | {"my_data", "other_person"}
)
_ACTIONS: Final = {
    **dict.fromkeys(_TALK, "action_talk"),
    "distress": "action_support",
    "emergency": "action_support",
    "quiz": "action_quiz",
    "progress": "action_quiz",
    "practice": "action_practice",
}
_DRAWING: Final = "web"  # the channel that shows pictures; others get them in words

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Told:
    """One turn of a conversation, as it is about to be kept. `before` and `after` are slot values by slot name."""

    said: Said
    turn: Turn
    before: Values
    after: Values
    at: datetime
    channel: str
    message: str

    def events(self, begins: bool) -> list[dict[str, Any]]:
        """The events with their times, in order; `begins` when a session starts with this turn."""
        found = [*(self._session() if begins else ()), *self._taken()]
        return [{**event, "timestamp": (self.at + number * _STEP).timestamp()} for number, event in enumerate(found)]

    def replies(self) -> list[dict[str, Any]]:
        """The replies as the inbox of deliveries keeps them."""
        return [
            {
                "kind": reply.kind,
                "text": self._text(reply),
                "buttons": [{"title": button.title, "token": button.token} for button in reply.buttons],
                **self._picture(reply),
            }
            for reply in self.turn.replies
        ]

    def _session(self) -> Iterator[dict[str, Any]]:
        yield _action("action_session_start", None)
        yield {"event": "session_started", "metadata": _ABOUT}
        yield from (_slot(name, value) for name, value in self.before.items() if value is not None)
        yield _action("action_listen", None)

    def _taken(self) -> Iterator[dict[str, Any]]:
        yield self._user()
        yield _action(_ACTIONS.get(self.said.intent, "action_answer"), "RulePolicy")
        yield from map(self._bot, self.turn.replies)
        yield from (_slot(name, value) for name, value in self.after.items() if value != self.before.get(name))
        yield _action("action_listen", None)

    def _user(self) -> dict[str, Any]:
        intent = {"name": self.said.intent, "confidence": self.said.confidence}
        read = {"intent": intent, "entities": [], "text": self.said.text, "message_id": self.message, "metadata": {}}
        return {
            "event": "user",
            "metadata": _ABOUT,
            "text": self.said.text,
            "parse_data": {**read, "intent_ranking": [intent]},
            "input_channel": self.channel,
            "message_id": self.message,
        }

    def _bot(self, reply: Reply) -> dict[str, Any]:
        buttons = [{"title": button.title, "payload": button.token} for button in reply.buttons] or None
        data = {"elements": None, "quick_replies": None, "buttons": buttons, "attachment": None, "image": None, "custom": None}
        return {
            "event": "bot",
            "metadata": {"kind": reply.kind, **self._picture(reply), **_ABOUT},
            "text": self._text(reply),
            "data": data,
        }

    def _text(self, reply: Reply) -> str:
        return reply.text if self.channel == _DRAWING else reply.in_words

    def _picture(self, reply: Reply) -> dict[str, Any]:
        return {"picture": reply.picture.to_dict()} if reply.picture and self.channel == _DRAWING else {}


def _action(name: str, policy: str | None) -> dict[str, Any]:
    confidence = 1.0 if policy or name == "action_session_start" else None
    return {
        "event": "action",
        "metadata": _ABOUT,
        "name": name,
        "policy": policy,
        "confidence": confidence,
        "action_text": None,
        "hide_rule_turn": policy is not None,
    }


def _slot(name: str, value: Any) -> dict[str, Any]:
    return {"event": "slot", "metadata": _ABOUT, "name": name, "value": value}
