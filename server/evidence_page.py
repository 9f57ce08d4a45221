"""The evidence page at a signed address, for learners."""

from __future__ import annotations

import asyncio
from datetime import datetime, timezone

import sqlalchemy as sa
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, html, text

from actions.turn import tutor
from bot.evidence import Gatherer, page
from bot.evidence.versions import versions_of
from bot.links import LinkRefusedError, sender_of
from bot.records import Practices
from bot.settings import Settings
from server.web_headers import PAGE_HEADERS

# The page carries its own style, and nothing else that runs or loads.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
HEADERS = {**PAGE_HEADERS, "Content-Security-Policy": _POLICY, "Cache-Control": "no-store"}


def add_evidence(blueprint: Blueprint, settings: Settings, practices: Practices) -> None:
    """Registers the route; whoever holds the address sees the page until it ends."""

    @blueprint.get("/evidence/<token:str>", name="evidence")
    async def show(_: Request, token: str) -> HTTPResponse:
        try:
            sender = sender_of(settings.secret, token)
            return html(await asyncio.to_thread(_made, settings, practices, sender), headers=HEADERS)
        except LinkRefusedError as error:
            return text(str(error), status=403, headers=HEADERS)
        except ValueError:
            return text("There is no finished practice to show yet. Play one, then ask for this page again.", status=404, headers=HEADERS)
        except sa.exc.OperationalError:
            return text("The records cannot be reached right now. Try again in a moment.", status=503, headers=HEADERS)


def _made(settings: Settings, practices: Practices, sender: str) -> str:
    skills = tutor()
    gatherer = Gatherer.load(settings.knowledge, skills.practising.debriefer, skills.quiz.bank)
    return page(gatherer.gather(sender[-8:], practices.runs(sender), versions_of(settings), datetime.now(timezone.utc).date()))
