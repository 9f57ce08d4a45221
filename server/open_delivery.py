"""The delivery being answered in this task: the tracker store stores its reply together with the turn's events."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel

from bot.records import Unit
from server.database import RecordsAwayError


class WholeReplies(CollectingOutputChannel):
    """Collects replies as they are: Rasa would split a text at every blank line and drop what `kind` of reply it is."""

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        buttons = [{"title": button["title"], "token": button["payload"]} for button in message.get("buttons") or []]
        picture = {"picture": message["picture"]} if message.get("picture") else {}
        self.messages.append({"kind": message.get("kind") or "answer", "text": message.get("text") or "", "buttons": buttons, **picture})


class AnsweredElsewhereError(Exception):
    """Another process took the delivery over and was quicker. Nothing of this turn has been stored."""


class ErasedMeanwhileError(Exception):
    """The conversation was erased while this turn was being made. Nothing of it has been stored: it began from what is gone."""


class OvertakenError(Exception):
    """Somebody else wrote to the conversation after this turn had begun. Nothing of the turn has been stored."""


class NoReplyError(Exception):
    """Nothing was said to a message, mostly because an action failed and Rasa went on. Nothing of this turn has been stored."""


@dataclass
class OpenDelivery:
    """Which row of the inbox is being answered, what was said, the replies so far, what the turn leaves to be stored with them, why
    nothing could be made of it where the database was away. `stored` once all is in the database; `said` is then what is kept of the
    words, and `is_erased` that nothing is, as the learner wished.
    """

    id: int
    output: WholeReplies
    stored: bool = False
    unit: Unit = field(default_factory=Unit)
    said: str = ""
    is_erased: bool = False
    away: RecordsAwayError | None = None


current_delivery: ContextVar[OpenDelivery | None] = ContextVar("current_delivery", default=None)
