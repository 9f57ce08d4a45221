"""All that is kept of a learner, at a signed address that they were given in the chat."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timezone
from functools import wraps
from typing import Any

import sqlalchemy as sa
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, html, text
from sanic.response import json as json_response

from bot.links import LinkRefusedError, sender_of_data
from bot.privacy.page import page
from bot.records.learner_data import LearnerData
from bot.settings import Settings
from server.evidence_page import HEADERS

Show = Callable[[dict[str, Any], str], HTTPResponse]


def add_data(blueprint: Blueprint, settings: Settings, data: LearnerData) -> None:
    """Registers the routes; whoever holds the address sees the page until it ends."""

    def shown(show: Show) -> Callable[[Request, str], Awaitable[HTTPResponse]]:
        @wraps(show)
        async def handler(_: Request, token: str) -> HTTPResponse:
            try:
                sender = sender_of_data(settings.secret, token)
                return show(await asyncio.to_thread(data.everything, sender, datetime.now(timezone.utc)), token)
            except LinkRefusedError as error:
                return text(str(error), status=403, headers=HEADERS)
            except (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError):
                return text("The records cannot be reached right now. Try again in a moment.", status=503, headers=HEADERS)

        return handler

    def as_page(found: dict[str, Any], token: str) -> HTTPResponse:
        return html(page(found, f"/data/{token}/json"), headers=HEADERS)

    def as_json(found: dict[str, Any], _: str) -> HTTPResponse:
        name = {"Content-Disposition": 'attachment; filename="my-aftercare-data.json"'}
        return json_response(found, headers={**HEADERS, **name}, ensure_ascii=False)

    blueprint.add_route(shown(as_page), "/data/<token:str>", name="data")
    blueprint.add_route(shown(as_json), "/data/<token:str>/json", name="data_json")
