"""The chat page at `/` and the widget at `/widget.js`: read once, with the headers that keep a page to itself."""

from __future__ import annotations

import json
import re
from pathlib import Path

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, raw

from server.web_headers import PAGE_HEADERS

FOLDER = Path(__file__).parent / "web"
STYLE_PLACE = '/* STYLE */ ""'
# The widget is for other websites too: any page may load the script, which holds nothing of anybody.
_WIDGET_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "public, max-age=300",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


def widget() -> bytes:
    """The widget's one file: the script with the stylesheet in it, without the comments and spaces that only its authors need."""
    script = re.sub(r"^\s*//.*\n|^\s+", "", (FOLDER / "widget.js").read_text(encoding="utf-8"), flags=re.MULTILINE)
    script = re.sub(r"(?<=[;,{(])\n", "", script)
    script = re.sub(r" (=>|&&|\|\|) ", r"\1", script).replace(") {", "){")  # none of these stands in its texts
    style = re.sub(r"/\*.*?\*/", "", (FOLDER / "widget.css").read_text(encoding="utf-8"), flags=re.DOTALL)
    style = re.sub(r"\s*([{};,])\s*", r"\1", style).replace(";}", "}")
    if script.count(STYLE_PLACE) != 1:
        raise ValueError("widget.js has no one place for its stylesheet")
    return script.replace(STYLE_PLACE, json.dumps(style, ensure_ascii=False)).encode()


def add_page(app: Sanic) -> None:
    """Registers the page's routes on Rasa's server."""
    page = {name: (FOLDER / name).read_bytes() for name in ("page.html", "page.css", "plain.css")}
    app.add_route(_serving(page["page.html"], "text/html; charset=utf-8", PAGE_HEADERS), "/", name="page")
    app.add_route(_serving(page["page.css"], "text/css; charset=utf-8", PAGE_HEADERS), "/page.css", name="page_style")
    app.add_route(_serving(page["plain.css"], "text/css; charset=utf-8", PAGE_HEADERS), "/plain.css", name="plain_style")
    app.add_route(_serving(widget(), "text/javascript; charset=utf-8", _WIDGET_HEADERS), "/widget.js", name="widget")


def _serving(body: bytes, kind: str, headers: dict[str, str]):  # type: ignore[no-untyped-def]
    async def serve(_: Request) -> HTTPResponse:
        return raw(body, content_type=kind, headers=headers)

    return serve
