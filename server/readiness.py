"""Whether this process can answer learners, for a proxy or a supervisor that asks."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import sqlalchemy as sa
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from bot.records.engine import reading
from server.database import Database

Check = Callable[[], Awaitable[None]]
PATIENCE_SECONDS = 3.0
_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def add_readiness(app: Sanic, checks: Mapping[str, Check]) -> None:
    """`GET /livez`: the process answers at all. `GET /readyz`: everything that a reply needs answers too; 503 with what does not."""

    async def live(_: Request) -> HTTPResponse:
        return json_response({"status": "ok"}, headers=_HEADERS)

    async def ready(request: Request) -> HTTPResponse:
        found = {"model": "ok" if request.app.ctx.agent and request.app.ctx.agent.is_ready() else "away"}
        found.update(zip(checks, await asyncio.gather(*map(_asked, checks.values())), strict=True))
        well = all(state == "ok" for state in found.values())
        return json_response({"status": "ok" if well else "away", **found}, status=200 if well else 503, headers=_HEADERS)

    app.add_route(live, "/livez", name="livez")
    app.add_route(ready, "/readyz", name="readyz")


async def _asked(check: Check) -> str:
    try:
        await asyncio.wait_for(check(), PATIENCE_SECONDS)
    except Exception:  # whatever it is: it cannot be relied on now; the log has the cause from those who needed it
        return "away"
    return "ok"


def database_check(database: Database) -> Check:
    """Raises RecordsAwayError while the database does not answer."""

    def select() -> None:
        with reading(database.engine) as connection:
            connection.execute(sa.text("SELECT version_num FROM alembic_version"))

    async def look() -> None:
        await database.run(select)

    return look
