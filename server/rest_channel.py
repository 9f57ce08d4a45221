"""The `rest` channel, hardened: checks what it is given, never answers with nothing, never logs what was said.

Same address and shapes as Rasa's own (`POST /webhooks/rest/webhook`, `{"sender", "message"}` in, a list of messages out).
It has no authentication, so it answers callers on this machine only, unless AFTERCARE_REST=yes.
"""

from __future__ import annotations

import ipaddress
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from bot.content.files import read
from bot.records import Delivery
from bot.reply import ReplyFile, is_token
from bot.settings import Settings, read_settings
from server.database import Database, RecordsAwayError, database
from server.inbox import Inbox
from server.tokens import conversation_key
from server.turns import turns_for
from server.typed_text import typed_text
from server.web_errors import WebError
from server.web_request import check_size, json_of

BODY_BYTES = 64 * 1024
SENDER_CHARACTERS = 200


class RestChannel(InputChannel):
    """Serves tests and integrations on the same machine."""

    @classmethod
    def name(cls) -> str:
        return "rest"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InputChannel:
        settings = read_settings()
        return cls(settings, database(settings.database_url))

    def __init__(self, settings: Settings, opened: Database) -> None:
        self._settings = settings
        self._words = read(settings.knowledge / "replies.yml", ReplyFile).replies
        self._inbox = Inbox(opened, self._words["failed"], turns_for(settings.redis_url, settings.secret, opened))

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        blueprint = Blueprint("rest_channel")

        @blueprint.get("/")
        async def health(_: Request) -> HTTPResponse:
            return json_response({"status": "ok"})

        @blueprint.post("/webhook")
        async def receive(request: Request) -> HTTPResponse:
            try:
                sender, text = self._read(request)
            except WebError as refused:
                return json_response({"error": str(refused)}, status=refused.status)
            return json_response(await self._answer(sender, text, on_new_message))

        return blueprint

    def _read(self, request: Request) -> tuple[str, str]:
        """Sender and message of a request. Raises WebError."""
        if not (self._settings.rest_everywhere or _on_this_machine(request.ip)):
            raise WebError(403, "elsewhere", "This address answers callers on the same machine only.")
        check_size(request, BODY_BYTES)
        body = json_of(request)
        if not isinstance(body, dict) or not isinstance(body.get("message"), str):
            raise WebError(400, "bad_request", 'Send a JSON object with the text in "message" and a name for the conversation in "sender".')
        sender = body.get("sender") or f"anonymous-{uuid.uuid4().hex}"
        if not isinstance(sender, str) or len(sender) > SENDER_CHARACTERS:
            raise WebError(400, "bad_request", f'"sender" is a text of at most {SENDER_CHARACTERS} characters.')
        return sender, body["message"]

    async def _answer(self, sender: str, text: str, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> list[dict[str, Any]]:
        typed = typed_text(text)
        if not typed:
            return [{"recipient_id": sender, "text": self._words["empty"]}]
        if len(typed) > self._settings.message_characters:
            too_long = self._words["too_long"].format(limit=self._settings.message_characters)
            return [{"recipient_id": sender, "text": too_long}]
        # Callers of this channel have no message ids of their own: every request is a message.
        key = conversation_key(self._settings.secret, self.name(), sender)
        delivery = Delivery(self.name(), uuid.uuid4().hex, key, typed, typed if is_token(typed) else None)
        try:
            stored = await self._inbox.answer(delivery, on_new_message)
        except RecordsAwayError:
            return [{"recipient_id": sender, "text": self._words["records_away"]}]
        return [_rasa_shape(sender, reply) for reply in stored.replies]


def _rasa_shape(sender: str, reply: dict[str, Any]) -> dict[str, Any]:
    """A reply as Rasa's own rest channel would put it."""
    buttons = [{"title": button["title"], "payload": button["token"]} for button in reply["buttons"]]
    return {"recipient_id": sender, "text": reply["text"], **({"buttons": buttons} if buttons else {})}


def _on_this_machine(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
