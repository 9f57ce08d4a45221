"""The web channel: what the chat page, the widget and `openapi.yml` speak. Sessions are bearer tokens, so it needs no cookie."""

from __future__ import annotations

import secrets
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timezone
from functools import wraps
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty
from sanic.response import json as json_response

from bot.content.files import read
from bot.records import Delivery, Practices, ResumeCodes, Status, Stored
from bot.records.deliveries import NOBODY, RESTART
from bot.records.learner_data import LearnerData
from bot.records.resume_codes import ALPHABET, LENGTH
from bot.reply import ReplyFile
from bot.settings import Settings, read_settings
from server.data_page import add_data
from server.database import Database, RecordsAwayError, database
from server.evidence_page import add_evidence
from server.inbox import Inbox
from server.join_page import JoinPage
from server.limits import Limit, limits_for
from server.plain_chat import PlainChat
from server.readiness import database_check
from server.tokens import issue, new_conversation
from server.turns import turns_for
from server.warm_start import hold_on_to_database
from server.web_errors import WebError
from server.web_request import Sent, after_of, body_of, check_origin, code_of, conversation_in, message_of

CHANNEL = "web"
TURNS_SHOWN = 200
_CROSS_ORIGIN = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type",
    "Access-Control-Expose-Headers": "Retry-After",
    "Access-Control-Max-Age": "600",
}
Handler = Callable[[Request], Awaitable[HTTPResponse]]


class WebChannel(InputChannel):
    """Mounted at the root: `/api/...` for programs, `/chat` for browsers without JavaScript."""

    @classmethod
    def name(cls) -> str:
        return CHANNEL

    def url_prefix(self) -> str:
        return "/"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InputChannel:
        settings = read_settings()
        return cls(settings, database(settings.database_url))

    def __init__(self, settings: Settings, opened: Database) -> None:
        self._settings = settings
        self._database = opened
        file = read(settings.knowledge / "replies.yml", ReplyFile)
        self._words = file.replies
        self._greeting = [
            {
                "kind": "greet",
                "text": self._words["welcome"],
                "buttons": [{"title": button.title, "token": button.token} for button in file.welcome],
            }
        ]
        self._inbox = Inbox(opened, self._words["failed"], turns_for(settings.redis_url, settings.secret, opened))
        self._codes = ResumeCodes(opened.engine, settings.secret)
        limits = limits_for(settings.redis_url, settings.secret)
        self._per_conversation = limits.messages(settings)
        per_minute = settings.address_per_minute
        self._per_address = limits.limit("address", per_minute, per_minute)
        self._new_sessions = limits.limit("sessions", max(5, per_minute // 6), per_minute / 6)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        self._on_new_message = on_new_message
        blueprint = Blueprint("web_channel")
        for method, path, handler in (
            ("POST", "/api/sessions", self._open),
            ("GET", "/api/conversation", self._history),
            ("POST", "/api/messages", self._receive),
            ("POST", "/api/codes", self._code),
            ("GET", "/api/health", self._health),
        ):
            blueprint.add_route(self._guarded(handler), path, methods=[method], name=path.rpartition("/")[2])
            blueprint.add_route(self._guarded(_preflight), path, methods=["OPTIONS"], name=f"options_{path.rpartition('/')[2]}")
        PlainChat(self).add_to(blueprint)
        JoinPage(self, self._database).add_to(blueprint)
        add_evidence(blueprint, self._settings, Practices(self._database.engine))
        add_data(blueprint, self._settings, LearnerData(self._database.engine))
        blueprint.listener("after_server_start")(hold_on_to_database)
        blueprint.listener("before_server_stop")(self._finish)
        return blueprint

    async def _finish(self, *_: Any) -> None:
        await self._inbox.finish()

    def _guarded(self, handler: Handler) -> Handler:
        """Origin and address checked first; every refusal and failure told in one shape."""

        @wraps(handler)
        async def guarded(request: Request) -> HTTPResponse:
            allowed: str | None = None
            try:
                allowed = check_origin(request, self._settings)
                await self.hold_back_address(request)
                response = await handler(request)
            except WebError as error:
                response = error.response()
            except RecordsAwayError:
                response = WebError(503, "records_away", self._words["records_away"], wait=2).response()
            response.headers["Cache-Control"] = "no-store"
            response.headers["X-Content-Type-Options"] = "nosniff"
            response.headers["Vary"] = "Origin"
            if allowed:
                response.headers.update({"Access-Control-Allow-Origin": allowed, **_CROSS_ORIGIN})
            return response

        return guarded

    async def hold_back(self, limit: Limit, name: str) -> None:
        """Raises WebError when `name` has used up its limit."""
        wait = await limit.wait(name)
        if wait:
            seconds = max(1, round(wait + 0.5))
            words = self._words["too_fast"].format(wait=f"{seconds} second{'s' if seconds > 1 else ''}")
            raise WebError(429, "rate_limited", words, wait=seconds)

    async def hold_back_address(self, request: Request) -> None:
        await self.hold_back(self._per_address, _address(request))

    async def _open(self, request: Request) -> HTTPResponse:
        code = code_of(body_of(request))
        await self.hold_back(self._new_sessions, _address(request))
        conversation = await self._conversation_for(code) if code else new_conversation()
        token = issue(self._settings.secret, conversation, time.time())
        return json_response({"token": token.text, "expires_at": _iso(token.ends)}, status=201)

    async def _conversation_for(self, code: str) -> str:
        conversation = await self._database.run(lambda: self._codes.use(code, time.time()))
        if conversation is None:
            raise WebError(403, "code_unknown", self._words["code_unknown"])
        return conversation

    async def _history(self, request: Request) -> HTTPResponse:
        conversation = conversation_in(request, self._settings.secret)
        turns = await self.turns(conversation, after_of(request))
        return json_response({"greeting": self._greeting, "turns": [as_turn(stored) for stored in turns]})

    async def turns(self, conversation: str, after: int = 0) -> list[Stored]:
        return await self._inbox.history(conversation, after, TURNS_SHOWN)

    async def _receive(self, request: Request) -> HTTPResponse:
        conversation = conversation_in(request, self._settings.secret)
        return json_response(as_turn(await self.take(conversation, self.read_message(body_of(request)))))

    def read_message(self, body: dict[str, Any]) -> Sent:
        longest = self._settings.message_characters
        return message_of(body, longest, self._words["too_long"].format(limit=longest), self._words["empty"])

    async def take(self, conversation: str, sent: Sent) -> Stored:
        """The turn of a message. Raises WebError when it comes too fast or under another message's id, RecordsAwayError."""
        await self.hold_back(self._per_conversation, conversation)
        delivery = Delivery(CHANNEL, sent.id, conversation, sent.said, sent.press)
        stored = await self._inbox.answer(delivery, self._on_new_message)
        if not delivery.is_repeat_of(stored.delivery):
            raise WebError(409, "id_taken", 'Another message was sent under this "id".')
        return stored

    async def _code(self, request: Request) -> HTTPResponse:
        conversation = conversation_in(request, self._settings.secret)
        await self.hold_back(self._per_conversation, conversation)
        code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        ends = await self._database.run(lambda: self._codes.keep(code, conversation, time.time()))
        return json_response({"code": f"{code[:4]}-{code[4:]}", "expires_at": _iso(ends)}, status=201)

    async def _health(self, _: Request) -> HTTPResponse:
        await database_check(self._database)()
        return json_response({"status": "ok"})

    @property
    def settings(self) -> Settings:
        return self._settings

    @property
    def words(self) -> dict[str, str]:
        return self._words

    @property
    def greeting(self) -> list[dict[str, Any]]:
        """What stands at the top of every conversation, as replies."""
        return self._greeting


async def _preflight(_: Request) -> HTTPResponse:
    return empty()


def as_turn(stored: Stored) -> dict[str, Any]:
    """The turn as clients get it."""
    status = "waiting" if stored.status is Status.RECEIVED else stored.status.value
    return {
        "seq": stored.id,
        "id": stored.delivery.message_id,
        "at": _iso(stored.received_at),
        "said": {"text": stored.delivery.said, "press": stored.delivery.press},
        "status": status,
        "restart": stored.delivery.press == RESTART,
        "erased": stored.delivery.sender_id.startswith(NOBODY),
        "replies": list(stored.replies),
    }


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _address(request: Request) -> str:
    """Whom a request came from; behind a proxy, what the proxy says (AFTERCARE_PROXIES)."""
    return request.remote_addr or request.ip
