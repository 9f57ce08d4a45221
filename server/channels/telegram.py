"""Telegram: updates at a webhook with a secret token, answers through the Bot API."""

from __future__ import annotations

import re
from typing import Any, Final

from sanic.request import Request

from bot.rendering import ALIAS, Part, telegram
from bot.reply import is_token
from bot.settings import Settings
from bot.vendors import Telegram
from server.channels.channel import MessagingChannel
from server.channels.heard import Gone, Heard, at, list_at, text_at
from server.channels.sending import LaterError, MisconfiguredError, RefusedError, Response, SendingError
from server.channels.signatures import is_same
from server.database import Database
from server.web_errors import WebError
from server.web_request import json_of

_COMMAND: Final = re.compile(r"^/([A-Za-z0-9_]+)(?:@\w+)?")
_START: Final = re.compile(r"/start(?:@\w+)?(?:\s+([A-Za-z0-9_-]{1,64}))?\s*")
# What a person sends that is not text; anything else without text is Telegram telling of the chat itself.
_UNREADABLE: Final = (
    *("photo", "sticker", "voice", "audio", "video", "video_note", "animation", "document", "location", "venue", "contact", "poll"),
    *("dice", "game", "story", "paid_media", "checklist"),
)
UPDATES: Final = ("message", "callback_query", "my_chat_member")


class TelegramChannel(MessagingChannel):
    """Private chats alone: what a learner does is nobody else's to read."""

    surface = telegram.SURFACE

    @classmethod
    def name(cls) -> str:
        return "telegram"

    def __init__(self, settings: Settings, opened: Database, account: Telegram) -> None:
        super().__init__(settings, opened)
        self._account = account

    def is_genuine(self, request: Request) -> bool:
        return is_same(self._account.secret, request.headers.get("X-Telegram-Bot-Api-Secret-Token"))

    def read(self, request: Request) -> list[Heard | Gone]:
        try:
            update = json_of(request)
        except WebError:
            return []
        number = at(update, "update_id")
        if not isinstance(number, int):
            return []
        if at(update, "callback_query") is not None:
            return self._pressed(str(number), update["callback_query"])
        if at(update, "my_chat_member") is not None:
            return _member(update["my_chat_member"])
        return _message(str(number), at(update, "message"))

    def _pressed(self, number: str, query: Any) -> list[Heard | Gone]:
        token, person = text_at(query, "data"), at(query, "from", "id")
        if at(query, "id"):
            self.courier.do(self._stop_waiting(at(query, "id")))
        if not isinstance(person, int) or not (is_token(token) or token.startswith(ALIAS)):
            return []
        chat = at(query, "message", "chat", "id")
        if at(query, "message", "chat", "type") not in (None, "private"):
            return []
        address = str(chat if isinstance(chat, int) else person)
        return [Heard(number, str(person), address, _label(query, token), token)]

    async def _stop_waiting(self, query: Any) -> None:
        """The button stops showing that it waits. Nothing is lost where this fails."""
        try:
            await self.call("answerCallbackQuery", callback_query_id=str(query))
        except SendingError:
            return

    async def send(self, address: str, part: Part) -> None:
        await self.call("sendMessage", chat_id=int(address), **telegram.message(part))

    async def call(self, method: str, **fields: Any) -> Any:
        """The result of a method of the Bot API. Raises a SendingError."""
        response = await self.line.post(f"{self._account.api}/bot{self._account.token}/{method}", json=fields)
        if response.status == 200 and at(response.body, "ok") is True:
            return at(response.body, "result")
        raise _refusal(response, self._account.token)

    async def check(self) -> str:
        me = await self.call("getMe")
        hook = await self.call("getWebhookInfo")
        told = text_at(hook, "url") or "no webhook is set"
        problem = text_at(hook, "last_error_message")
        return f"@{text_at(me, 'username')}; webhook: {told}{f'; last problem: {problem}' if problem else ''}"

    async def connect(self) -> str:
        await self.call("setWebhook", url=self.webhook, secret_token=self._account.secret, allowed_updates=list(UPDATES))
        return f"updates go to {self.webhook}"


def _message(number: str, message: Any) -> list[Heard | Gone]:
    person, chat = at(message, "from", "id"), at(message, "chat", "id")
    if not isinstance(person, int) or not isinstance(chat, int) or at(message, "from", "is_bot") is True:
        return []
    said = text_at(message, "text") or text_at(message, "caption")
    if at(message, "chat", "type") != "private":
        speaks_to_us = said.startswith("/") or at(message, "reply_to_message", "from", "is_bot") is True
        return [Heard(number, f"chat {chat}", str(chat), notice="private")] if speaks_to_us else []
    start = _START.fullmatch(said)
    if start:
        # A code in a link that was followed is as good as typed.
        return [Heard(number, str(person), str(chat), start[1] or "start", notice=None if start[1] else "welcome")]
    if said:
        return [Heard(number, str(person), str(chat), _COMMAND.sub(r"\1", said, count=1) if said.startswith("/") else said)]
    unreadable = any(kind in message for kind in _UNREADABLE)
    return [Heard(number, str(person), str(chat), notice="unsupported")] if unreadable else []


def _member(changed: Any) -> list[Heard | Gone]:
    """Somebody blocked the bot, or let it in again, which needs nothing."""
    person = at(changed, "from", "id")
    left = at(changed, "new_chat_member", "status") in ("kicked", "left") and at(changed, "chat", "type") == "private"
    return [Gone(str(person))] if left and isinstance(person, int) else []


def _label(query: Any, token: str) -> str:
    rows = list_at(query, "message", "reply_markup", "inline_keyboard")
    buttons = [button for row in rows if isinstance(row, list) for button in row]
    return next((text_at(button, "text") for button in buttons if at(button, "callback_data") == token), "") or token


def _refusal(response: Response, token: str) -> SendingError:
    """A proxy in between may name the address that was called, and the token is part of that."""
    description = text_at(response.body, "description").replace(token, "…")
    reason = f"Telegram: {response.status} {description[:120]}".strip()
    if response.status == 429:
        rest = at(response.body, "parameters", "retry_after")
        return LaterError(reason, rest if isinstance(rest, (int, float)) else response.rest or 5.0)
    if response.status in (401, 404):
        return MisconfiguredError(reason)
    return RefusedError(reason, gone=response.status == 403)
