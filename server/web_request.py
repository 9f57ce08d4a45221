"""Reads what web clients send, strictly: every field's type and size, or a WebError that says what is wrong."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sanic.request import Request

from bot.reply import is_token
from bot.settings import Settings
from server.tokens import TokenRefusedError, conversation_of
from server.typed_text import typed_text
from server.web_errors import WebError

BODY_BYTES = 16 * 1024
LABEL_CHARACTERS = 120
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_CODE = re.compile(r"[0-9A-Za-z -]{4,20}")


@dataclass(frozen=True)
class Sent:
    """A message from a client: its id, the words or the button's label, the button's token."""

    id: str
    said: str
    press: str | None


def body_of(request: Request) -> dict[str, Any]:
    """The JSON object in the body; an empty body counts as {}."""
    check_size(request, BODY_BYTES)
    if not request.body:
        return {}
    if not (request.headers.get("content-type") or "").lower().startswith("application/json"):
        raise WebError(415, "not_json", "Send JSON, with the content type application/json.")
    body = json_of(request)
    if not isinstance(body, dict):
        raise WebError(400, "bad_request", "Send a JSON object.")
    return body


def check_size(request: Request, most: int) -> None:
    """Raises WebError when the body has more than `most` bytes."""
    if len(request.body) > most:
        raise WebError(413, "too_large", f"The request is larger than {most} bytes.")


def json_of(request: Request) -> Any:
    """The body as JSON, whatever it holds. Raises WebError for what is none: broken, badly encoded, nested too deeply."""
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise WebError(400, "bad_request", "The request is not valid JSON.") from error


def message_of(body: dict[str, Any], longest: int, too_long: str, empty: str) -> Sent:
    """The message in a body. `too_long` and `empty` are what a person reads whose message is that."""
    number, text, press, label = (body.get(name) for name in ("id", "text", "press", "label"))
    if not isinstance(number, str) or not _UUID.fullmatch(number.lower()):
        raise WebError(400, "bad_request", 'Give each message a UUID of its own in "id".')
    if (text is None) == (press is None):
        raise WebError(400, "bad_request", 'Send either "text" or "press".')
    if press is not None:
        if not isinstance(press, str) or not is_token(press) or not isinstance(label, str) or len(label) > LABEL_CHARACTERS:
            raise WebError(400, "bad_request", '"press" is a token that came with a button, "label" the button\'s title.')
        return Sent(number.lower(), typed_text(label) or press, press)
    if not isinstance(text, str):
        raise WebError(400, "bad_request", '"text" is a text.')
    said = typed_text(text)
    if not said:
        raise WebError(400, "empty", empty)
    if len(said) > longest:
        raise WebError(400, "too_long", too_long)
    return Sent(number.lower(), said, None)


def code_of(body: dict[str, Any]) -> str | None:
    """The resume code in a body, if there is one."""
    code = body.get("code")
    if code is None:
        return None
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        raise WebError(400, "bad_request", "A code has eight letters and digits, such as K7QM-2FXA.")
    return code


def after_of(request: Request) -> int:
    """The number of the last turn that the client has."""
    after = request.args.get("after") or "0"
    if not re.fullmatch(r"\d{1,15}", after, re.ASCII):
        raise WebError(400, "bad_request", '"after" is the number of a turn.')
    return int(after)


def conversation_in(request: Request, secret: str) -> str:
    """The conversation of the bearer token."""
    scheme, _, token = (request.headers.get("authorization") or "").partition(" ")
    try:
        if scheme.lower() != "bearer":
            raise TokenRefusedError
        return conversation_of(secret, token.strip())
    except TokenRefusedError as error:
        raise WebError(401, "session_expired", "This conversation has ended. Start a new one to go on.") from error


def check_origin(request: Request, settings: Settings) -> str | None:
    """The foreign origin that may read the response; None for our own pages and for programs. Raises WebError for any other."""
    origin = request.headers.get("origin")
    if origin is None or same_host(origin, request):
        return None
    if origin in settings.origins:
        return origin
    raise WebError(403, "origin_refused", "This website is not allowed to use the tutor. Its owner can add it to AFTERCARE_ORIGINS.")


def same_host(origin: str, request: Request) -> bool:
    """Whether the origin is this server's own."""
    try:
        return urlsplit(origin).netloc.lower() == request.host.lower()
    except ValueError:
        return False
