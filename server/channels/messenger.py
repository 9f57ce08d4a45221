"""Facebook Messenger: signed webhooks that can hold many messages, answers through the Send API."""

from __future__ import annotations

from typing import Any, Final

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty, text

from bot.rendering import ALIAS, Part, messenger
from bot.reply import is_token
from bot.settings import Settings
from bot.vendors import Messenger
from server.channels.channel import MessagingChannel
from server.channels.heard import Gone, Heard, at, list_at, text_at
from server.channels.sending import LaterError, MisconfiguredError, RefusedError, Response, SendingError
from server.channels.signatures import is_metas, is_same
from server.database import Database
from server.inbox import OnMessage
from server.web_errors import WebError
from server.web_request import json_of

GET_STARTED: Final = "GET_STARTED"  # what the button before the first message sends
_FOR_LATER: Final = frozenset({1, 2, 4, 17, 32, 613, 1200})  # out of order for a moment, or too many calls
_OURS_TO_MEND: Final = frozenset({3, 10, 102, 190, 200})  # token or permissions
_GONE_SUBCODES: Final = frozenset({1545041, 2018108})  # the person is not available, or does not want to hear from the page


class MessengerChannel(MessagingChannel):
    """Messages to the page. What the page itself says, receipts and reactions are left alone."""

    surface = messenger.SURFACE

    @classmethod
    def name(cls) -> str:
        return "messenger"

    def __init__(self, settings: Settings, opened: Database, account: Messenger) -> None:
        super().__init__(settings, opened)
        self._account = account

    def blueprint(self, on_new_message: OnMessage) -> Blueprint:
        blueprint = super().blueprint(on_new_message)

        @blueprint.get("/webhook")
        async def verify(request: Request) -> HTTPResponse:
            """Meta asks, when the webhook is set up, for its challenge back."""
            asked = request.args.get("hub.mode") == "subscribe"
            if not asked or not is_same(self._account.verify, request.args.get("hub.verify_token")):
                return empty(status=403)
            return text((request.args.get("hub.challenge") or "")[:200], headers={"X-Content-Type-Options": "nosniff"})

        return blueprint

    def is_genuine(self, request: Request) -> bool:
        return is_metas(self._account.secret, request.headers.get("X-Hub-Signature-256"), request.body)

    def read(self, request: Request) -> list[Heard | Gone]:
        try:
            body = json_of(request)
        except WebError:
            return []
        if text_at(body, "object") != "page":
            return []
        events = [event for entry in list_at(body, "entry") for event in list_at(entry, "messaging")]
        return [heard for event in events if (heard := _heard(event))]

    async def send(self, address: str, part: Part) -> None:
        body = {"recipient": {"id": address}, "messaging_type": "RESPONSE", "message": messenger.message(part)}
        await self._call("post", "me/messages", json=body)

    async def _call(self, method: str, path: str, **call: Any) -> Any:
        url, token = f"{self._account.api}/{path}", {"access_token": self._account.token}
        response: Response = await getattr(self.line, method)(url, params=token, **call)
        if response.status == 200 and at(response.body, "error") is None:
            return response.body
        raise _refusal(response)

    async def check(self) -> str:
        return text_at(await self._call("get", "me"), "name") or "a page without a name"

    async def connect(self) -> str:
        """Gives the page its button for beginners; the webhook itself is set up on Meta's pages."""
        await self._call("post", "me/messenger_profile", json={"get_started": {"payload": GET_STARTED}})
        return f"the button for beginners is there; {await super().connect()}"


def _heard(event: Any) -> Heard | None:
    person = text_at(event, "sender", "id")
    if not person:
        return None
    if at(event, "postback") is not None:
        return _postback(event, person)
    message, number = at(event, "message"), text_at(event, "message", "mid")
    if message is None or not number or at(message, "is_echo") is True or at(message, "is_deleted") is True:
        return None
    said, token = text_at(message, "text"), text_at(message, "quick_reply", "payload")
    if is_token(token) or token.startswith(ALIAS):
        return Heard(number, person, person, said or token, token)
    return Heard(number, person, person, said, notice=None if said.strip() else "unsupported")


def _postback(event: Any, person: str) -> Heard | None:
    token = text_at(event, "postback", "payload")
    number = text_at(event, "postback", "mid") or f"{person}.{at(event, 'timestamp')}.{token}"
    said = text_at(event, "postback", "title") or token
    if token == GET_STARTED:
        return Heard(number, person, person, said, notice="welcome")
    known = is_token(token) or token.startswith(ALIAS)
    return Heard(number, person, person, said, token) if known else None


def _refusal(response: Response) -> SendingError:
    """Meta's own sentence can quote the request, so only its numbers are told."""
    code, subcode = at(response.body, "error", "code"), at(response.body, "error", "error_subcode")
    reason = f"Messenger: {response.status}, error {code}{f'/{subcode}' if subcode else ''}"
    if response.status == 429 or code in _FOR_LATER:
        return LaterError(reason, response.rest or 5.0)
    if subcode in _GONE_SUBCODES:
        return RefusedError(reason, gone=True)
    if code == 10 and subcode == 2018278:  # outside the 24 hours
        return RefusedError(reason)
    return MisconfiguredError(reason) if response.status == 401 or code in _OURS_TO_MEND else RefusedError(reason)
