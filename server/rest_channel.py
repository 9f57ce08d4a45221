"""The `rest` channel, hardened: checks what it is given, never answers with nothing, never logs what was said.

Same address and shapes as Rasa's own (`POST /webhooks/rest/webhook`, `{"sender", "message"}` in, a list of messages out).
It has no authentication, so it answers callers on this machine only, unless AFTERCARE_REST=yes.
"""

from __future__ import annotations

import ipaddress
import json
import logging
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from bot.content.files import read
from bot.reply import ReplyFile
from bot.settings import Settings, read_settings
from server.incident import report

logger = logging.getLogger(__name__)
BODY_BYTES = 64 * 1024
SENDER_CHARACTERS = 200


class RefusedError(Exception):
    """A request that cannot be taken; `status` and a message for whoever wrote the client."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class WholeReplies(CollectingOutputChannel):
    """Collects replies as they are: Rasa would split a text at every blank line."""

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        await self._persist_message(self._message(recipient_id, text=text))


class RestChannel(InputChannel):
    """Serves the plain chat page, the command line's tests and integrations on the same machine."""

    @classmethod
    def name(cls) -> str:
        return "rest"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InputChannel:
        return cls(read_settings())

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._words = read(settings.knowledge / "replies.yml", ReplyFile).replies

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        blueprint = Blueprint("rest_channel")

        @blueprint.get("/")
        async def health(_: Request) -> HTTPResponse:
            return json_response({"status": "ok"})

        @blueprint.post("/webhook")
        async def receive(request: Request) -> HTTPResponse:
            try:
                sender, text = self._read(request)
            except RefusedError as refused:
                return json_response({"error": str(refused)}, status=refused.status)
            return json_response(await self._answer(sender, text, on_new_message))

        return blueprint

    def _read(self, request: Request) -> tuple[str, str]:
        """Sender and message of a request. Raises RefusedError."""
        if not (self._settings.rest_everywhere or _on_this_machine(request.ip)):
            raise RefusedError(403, "This address answers callers on the same machine only.")
        if len(request.body) > BODY_BYTES:
            raise RefusedError(413, f"The request is larger than {BODY_BYTES} bytes.")
        try:
            body = json.loads(request.body)
        except (ValueError, RecursionError) as error:
            raise RefusedError(400, "The request is not valid JSON.") from error
        if not isinstance(body, dict) or not isinstance(body.get("message"), str):
            raise RefusedError(400, 'Send a JSON object with the text in "message" and a name for the conversation in "sender".')
        sender = body.get("sender") or f"anonymous-{uuid.uuid4().hex}"
        if not isinstance(sender, str) or len(sender) > SENDER_CHARACTERS:
            raise RefusedError(400, f'"sender" is a text of at most {SENDER_CHARACTERS} characters.')
        return sender, body["message"]

    async def _answer(self, sender: str, text: str, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> list[dict[str, Any]]:
        typed = typed_text(text)
        if not typed:
            return [{"recipient_id": sender, "text": self._words["empty"]}]
        if len(typed) > self._settings.message_characters:
            too_long = self._words["too_long"].format(limit=self._settings.message_characters)
            return [{"recipient_id": sender, "text": too_long}]
        collector = WholeReplies()
        try:
            await on_new_message(UserMessage(typed, collector, sender, input_channel=self.name()))
        except Exception as error:  # whatever it was, the learner hears of it and the server stays up
            report(logger, "a message could not be answered", error)
            collector.messages = []
        return collector.messages or [{"recipient_id": sender, "text": self._words["failed"]}]


def typed_text(text: str) -> str:
    """The text as a learner's words: control characters become spaces, and a leading slash, Rasa's mark for an intent, goes."""
    visible = "".join(character if character.isprintable() or character == "\n" else " " for character in text)
    return visible.strip().lstrip("/").strip()


def _on_this_machine(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
