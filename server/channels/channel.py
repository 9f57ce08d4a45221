"""What all messaging channels do: believe only what is signed, acknowledge once it is kept, answer after that."""

from __future__ import annotations

import logging
from abc import abstractmethod
from collections.abc import Mapping
from typing import Any

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty

from bot.content.files import read
from bot.records import Delivery
from bot.rendering import Part, Renderer, Surface, load_words
from bot.reply import ReplyFile
from bot.settings import Settings
from server.channels.courier import NOTICE, Courier
from server.channels.heard import Gone, Heard
from server.channels.names import conversation_key, message_key
from server.channels.sending import Line
from server.database import Database, RecordsAwayError
from server.inbox import Inbox, OnMessage
from server.limits import limits_for
from server.turns import turns_for
from server.typed_text import typed_text

logger = logging.getLogger("aftercare.channels")


class MessagingChannel(InputChannel):
    """Mounted at `/webhooks/<name>/webhook`."""

    surface: Surface

    def __init__(self, settings: Settings, opened: Database) -> None:
        self._settings = settings
        self.line = Line()
        replies = read(settings.knowledge / "replies.yml", ReplyFile)
        words = load_words(settings.knowledge)
        self._words = replies.replies
        welcome = [{"title": button.title, "token": button.token} for button in replies.welcome]
        self._notices: dict[str, dict[str, Any]] = {
            "welcome": {"kind": "greet", "text": self._words["welcome"], "buttons": welcome},
            "empty": _notice("empty", self._words["empty"]),
            "too_long": _notice("too_long", self._words["too_long"].format(limit=settings.message_characters)),
            **{name: _notice(name, text) for name, text in words.notices.items()},
        }
        inbox = Inbox(opened, self._words["failed"], turns_for(settings.redis_url, settings.secret, opened))
        self.courier = Courier(self.name(), opened, inbox, Renderer(self.surface, words, settings.vendors.site), self.send)
        self._per_conversation = limits_for(settings.redis_url, settings.secret).messages(settings)

    @abstractmethod
    def is_genuine(self, request: Request) -> bool:
        """Whether the vendor sent it. Nothing of a request is looked at before this."""

    @abstractmethod
    def read(self, request: Request) -> list[Heard | Gone]:
        """What it says, in order. Never raises on any JSON or form."""

    @abstractmethod
    async def send(self, address: str, part: Part) -> None:
        """Raises a SendingError."""

    @abstractmethod
    async def check(self) -> str:
        """Who we are at the vendor's, in words. Raises a SendingError."""

    async def connect(self) -> str:
        """Tell the vendor where messages go, where it can be told; in words what was done or is to be done. Raises a SendingError."""
        return f"enter {self.webhook} on the vendor's pages (docs/channels.md)"

    @property
    def webhook(self) -> str:
        return f"{self._settings.vendors.site}/webhooks/{self.name()}/webhook"

    def acknowledgement(self) -> HTTPResponse:
        return empty(status=200)

    def blueprint(self, on_new_message: OnMessage) -> Blueprint:
        blueprint = Blueprint(f"{self.name()}_channel")

        @blueprint.post("/webhook")
        async def receive(request: Request) -> HTTPResponse:
            return await self.receive(request)

        async def start(*_: Any) -> None:
            self.courier.start(on_new_message)

        async def stop(*_: Any) -> None:
            await self.courier.close()
            await self.line.close()

        blueprint.listener("after_server_start")(start)
        blueprint.listener("before_server_stop")(stop)
        return blueprint

    async def receive(self, request: Request) -> HTTPResponse:
        if not self.is_genuine(request):
            return empty(status=403)
        try:
            for heard in self.read(request):
                await self._take(heard)
        except RecordsAwayError:
            return empty(status=503)  # the vendor sends it again
        return self.acknowledgement()

    async def _take(self, heard: Heard | Gone) -> None:
        sender_id = conversation_key(self._settings.secret, self.name(), heard.person)
        if isinstance(heard, Gone):
            return await self.courier.forget(sender_id)
        said = typed_text(heard.said)
        name = heard.notice or self._wrong_with(said, heard.press)
        notice = self._notices[name] if name else await self._too_fast(sender_id)
        if name and name != "welcome":
            said = ""
        number = message_key(self._settings.secret, self.name(), heard.id)
        delivery = Delivery(self.name(), number, sender_id, said, None if notice else heard.press)
        await self.courier.take(delivery, heard.address, [notice] if notice else ())

    def _wrong_with(self, said: str, press: str | None) -> str | None:
        if press:
            return None
        return "empty" if not said else "too_long" if len(said) > self._settings.message_characters else None

    async def _too_fast(self, sender_id: str) -> Mapping[str, Any] | None:
        wait = await self._per_conversation.wait(sender_id)
        if not wait:
            return None
        seconds = max(1, round(wait + 0.5))
        return _notice("too_fast", self._words["too_fast"].format(wait=f"{seconds} second{'s' if seconds > 1 else ''}"))


def _notice(name: str, text: str) -> dict[str, Any]:
    return {"kind": f"{NOTICE}{name}", "text": text, "buttons": []}
