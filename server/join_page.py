"""The page at `/join/CODE`: which group it is, who can read what, and a button that says so in the chat.

Nothing is joined here: the chat asks for a name first. With scripts the button puts the message into the outbox that the chat page sends
from; without them, and where the browser keeps nothing, it posts the message to the plain chat.
"""

from __future__ import annotations

import re
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, html, raw

from bot.groups.catalogue import Catalogue
from bot.groups.words import CODE_LENGTH, GroupWords
from bot.records.groups import LearnerGroups
from server.database import Database, RecordsAwayError
from server.web_errors import WebError
from server.web_headers import PAGE_HEADERS

if TYPE_CHECKING:
    from server.web_channel import WebChannel

_FOLDER = Path(__file__).parent / "web"
_CODE = re.compile(rf"[A-Z0-9]{{{CODE_LENGTH}}}")


class JoinPage:
    """`database` is where groups are looked up."""

    def __init__(self, channel: WebChannel, database: Database) -> None:
        self._channel = channel
        self._database = database
        self._groups = LearnerGroups(database.engine)
        self._words = GroupWords.load(channel.settings.knowledge, Catalogue({}, {}, {}))
        pages = Environment(loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
        self._page = pages.get_template("join.html")
        self._script = (_FOLDER / "join.js").read_bytes()

    def add_to(self, blueprint: Blueprint) -> None:
        @blueprint.get("/join/<code:str>", name="join")
        async def show(request: Request, code: str) -> HTTPResponse:
            try:
                await self._channel.hold_back_address(request)
                return await self._show(code)
            except WebError as error:
                return self._rendered(error.status, problem=str(error))
            except RecordsAwayError:
                return self._rendered(503, problem=self._channel.words["records_away"])

        @blueprint.get("/join.js", name="join_script")
        async def script(_: Request) -> HTTPResponse:
            return raw(self._script, content_type="text/javascript; charset=utf-8", headers=PAGE_HEADERS)

    async def _show(self, code: str) -> HTTPResponse:
        plain = re.sub(r"[\s-]|%20", "", code).upper()
        group = await self._database.run(lambda: self._groups.open_group(plain)) if _CODE.fullmatch(plain) else None
        if group is None:
            return self._rendered(404, problem=self._words.say("code_unknown"))
        readers = self._words.readers([group])
        return self._rendered(200, group=group, tutors=self._words.tutors([group]), readers=readers, code=plain)

    def _rendered(self, status: int, **values: object) -> HTTPResponse:
        page = self._page.render(**{"group": None, "problem": "", **values}, message_id=uuid.uuid4())
        return html(page, status=status, headers={**PAGE_HEADERS, "Cache-Control": "no-store"})
