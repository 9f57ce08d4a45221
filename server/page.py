"""The plain chat page at `/`: three files, read once, with the headers that keep a page to itself."""

from __future__ import annotations

from pathlib import Path

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, raw

_FILES = {"/": ("chat.html", "text/html; charset=utf-8"), "/chat.css": ("chat.css", "text/css"), "/chat.js": ("chat.js", "text/javascript")}
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


def add_page(app: Sanic) -> None:
    """Registers the page's routes on Rasa's server."""
    for path, (name, kind) in _FILES.items():
        app.add_route(_serving((Path(__file__).with_name(name)).read_bytes(), kind), path, name=name.replace(".", "_"))


def _serving(body: bytes, kind: str):  # type: ignore[no-untyped-def]
    async def page(_: Request) -> HTTPResponse:
        return raw(body, content_type=kind, headers=HEADERS)

    return page
