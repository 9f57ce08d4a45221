"""The chat as a plain HTML form at `/chat`, for browsers without JavaScript. The conversation's token travels in a cookie of this path."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, html, redirect

from server.database import RecordsAwayError
from server.tokens import LIFETIME_SECONDS, TokenRefusedError, conversation_of, issue, new_conversation
from server.web_errors import WebError
from server.web_headers import PAGE_HEADERS
from server.web_request import same_host

if TYPE_CHECKING:
    from server.web_channel import WebChannel

COOKIE = "aftercare_chat"
_STRESSED = re.compile(r"\*\*([^*]+)\*\*|\*([^\s*](?:[^*]*[^\s*])?)\*|(/(?:data|evidence)/eyJ[\w.-]+)")


class PlainChat:
    """Shows the conversation and takes one message at a time; after each it redirects, so that a reload sends nothing."""

    def __init__(self, channel: WebChannel) -> None:
        self._channel = channel
        folder = FileSystemLoader(Path(__file__).parent / "web")
        pages = Environment(loader=folder, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
        pages.filters["spans"] = spans
        self._page = pages.get_template("plain.html")

    def add_to(self, blueprint: Blueprint) -> None:
        @blueprint.get("/chat", name="plain_chat")
        async def show(request: Request) -> HTTPResponse:
            return await self._guarded(self._show, request)

        @blueprint.post("/chat", name="plain_chat_take")
        async def take(request: Request) -> HTTPResponse:
            return await self._guarded(self._take, request)

    async def _guarded(self, handler: Callable[[Request], Awaitable[HTTPResponse]], request: Request) -> HTTPResponse:
        try:
            await self._channel.hold_back_address(request)
            return await handler(request)
        except WebError as error:
            return self._problem(str(error), error.status)
        except RecordsAwayError:
            return self._problem(self._channel.words["records_away"], 503)

    async def _show(self, request: Request) -> HTTPResponse:
        """With the cookie from the start: a first message that is sent twice must find one conversation."""
        conversation = self._conversation(request)
        page = await self._shown(conversation)
        return page if conversation else self._with_cookie(page, request, new_conversation())

    async def _shown(self, conversation: str | None, problem: str = "", draft: str = "", status: int = 200) -> HTTPResponse:
        turns = await self._channel.turns(conversation) if conversation else []
        return self._rendered(status, greeting=self._channel.greeting, turns=turns, problem=problem, draft=draft)

    def _problem(self, words: str, status: int, draft: str = "") -> HTTPResponse:
        return self._rendered(status, greeting=[], turns=[], problem=words, draft=draft)

    def _rendered(self, status: int, **values: object) -> HTTPResponse:
        longest = self._channel.settings.message_characters
        page = self._page.render(message_id=uuid.uuid4(), longest=longest, **values)
        return html(page, status=status, headers={**PAGE_HEADERS, "Cache-Control": "no-store"})

    async def _take(self, request: Request) -> HTTPResponse:
        conversation = self._conversation(request) or new_conversation()
        draft = ""
        try:
            self._check_origin(request)
            sent = self._channel.read_message(_fields(request))
            draft = "" if sent.press else sent.said
            await self._channel.take(conversation, sent)
        except RecordsAwayError:
            return self._problem(self._channel.words["records_away"], 503, draft)
        except WebError as error:
            return await self._shown(conversation, str(error), draft, error.status)
        return self._with_cookie(redirect("/chat#end", status=303), request, conversation)

    def _with_cookie(self, response: HTTPResponse, request: Request, conversation: str) -> HTTPResponse:
        response.cookies[COOKIE] = issue(self._channel.settings.secret, conversation, time.time()).text
        response.cookies[COOKIE].update({"path": "/chat", "httponly": True, "samesite": "Strict", "max-age": LIFETIME_SECONDS})
        if request.scheme == "https":
            response.cookies[COOKIE]["secure"] = True
        return response

    def _check_origin(self, request: Request) -> None:
        """Forms of other websites may not write into a learner's conversation; SameSite says so to new browsers, this to all."""
        origin = request.headers.get("origin")
        # "null" is what browsers send from our own page too, because of its Referrer-Policy: new ones say more in Sec-Fetch-Site.
        foreign = origin not in (None, "null") and not same_host(origin, request)
        if foreign or request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            raise WebError(403, "origin_refused", "Please use the form on this page.")

    def _conversation(self, request: Request) -> str | None:
        try:
            return conversation_of(self._channel.settings.secret, request.cookies.get(COOKIE) or "")
        except TokenRefusedError:
            return None


def spans(text: str) -> list[tuple[str, str]]:
    """The parts of a paragraph in order, each with its HTML element: `strong` for **bold**, `em` for *italic*, `a` for the address of a
    page of the learner's own, none for the rest.
    """
    return [(("", "strong", "em", "a")[place % 4], part) for place, part in enumerate(_STRESSED.split(text)) if part]


def _fields(request: Request) -> dict[str, str | None]:
    """The form's fields as the JSON channel knows them. A button's value holds its token and, after a space, its title."""
    token, _, label = (request.form.get("press") or "").partition(" ")
    text = None if token else (request.form.get("text") or "").replace("\r\n", "\n")
    return {"id": request.form.get("id"), "text": text, "press": token or None, "label": label or None}
