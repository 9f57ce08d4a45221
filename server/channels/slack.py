"""Slack: events and pressed buttons at one webhook, signed; answers through chat.postMessage."""

from __future__ import annotations

import html
import json
import re
import time
from typing import Any, Final
from urllib.parse import parse_qs

from sanic.request import Request
from sanic.response import HTTPResponse, text

from bot.rendering import ALIAS, Part, slack
from bot.reply import is_token
from bot.settings import Settings
from bot.vendors import Slack
from server.channels.channel import MessagingChannel
from server.channels.heard import Gone, Heard, at, text_at
from server.channels.sending import LaterError, MisconfiguredError, RefusedError, Response, SendingError
from server.channels.signatures import is_slacks
from server.database import Database

_SPOKEN: Final = frozenset({"", "file_share", "thread_broadcast"})  # kinds of message that a person wrote just now
_MARKED: Final = re.compile(r"<(?:([@#!])[^>|]*(?:\|([^>]*))?|([^>|]+)(?:\|([^>]*))?)>")
_OURS_TO_MEND: Final = frozenset(
    {
        "invalid_auth",
        "not_authed",
        "account_inactive",
        "token_revoked",
        "token_expired",
        "missing_scope",
        "no_permission",
        "org_login_required",
    }
)
_FOR_LATER: Final = frozenset({"ratelimited", "rate_limited", "fatal_error", "internal_error", "service_unavailable", "request_timeout"})
_NOT_THERE: Final = frozenset({"channel_not_found", "is_archived", "user_disabled", "messages_tab_disabled"})


class SlackChannel(MessagingChannel):
    """Direct messages alone. Whoever mentions us in a channel is asked to write there."""

    surface = slack.SURFACE

    @classmethod
    def name(cls) -> str:
        return "slack"

    def __init__(self, settings: Settings, opened: Database, account: Slack) -> None:
        super().__init__(settings, opened)
        self._account = account

    def is_genuine(self, request: Request) -> bool:
        stamp, signature = request.headers.get("X-Slack-Request-Timestamp"), request.headers.get("X-Slack-Signature")
        return is_slacks(self._account.secret, stamp, signature, request.body, time.time())

    async def receive(self, request: Request) -> HTTPResponse:
        """Slack asks once, when the address is set up, for its challenge back."""
        if self.is_genuine(request) and text_at(challenge := _json(request.body), "type") == "url_verification":
            return text(text_at(challenge, "challenge")[:200], headers={"X-Content-Type-Options": "nosniff"})
        return await super().receive(request)

    def read(self, request: Request) -> list[Heard | Gone]:
        if (request.headers.get("content-type") or "").lower().startswith("application/x-www-form-urlencoded"):
            try:
                form = parse_qs(request.body.decode("utf-8", "replace"), max_num_fields=20)
            except ValueError:
                return []
            return _pressed(_json(form.get("payload", [""])[0]))
        return _event(_json(request.body))

    async def send(self, address: str, part: Part) -> None:
        channel, _, thread = address.partition("/")
        await self.call("chat.postMessage", channel=channel, **({"thread_ts": thread} if thread else {}), **slack.message(part))

    async def call(self, method: str, **fields: Any) -> Any:
        """The response of a method of the Web API. Raises a SendingError."""
        headers = {"Authorization": f"Bearer {self._account.token}"}
        response = await self.line.post(f"{self._account.api}/{method}", json=fields, headers=headers)
        if response.status == 200 and at(response.body, "ok") is True:
            return response.body
        raise _refusal(response)

    async def check(self) -> str:
        me = await self.call("auth.test")
        return f"{text_at(me, 'user')} in {text_at(me, 'team')}"


def _json(body: bytes | str) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _event(envelope: Any) -> list[Heard | Gone]:
    event, number, person = at(envelope, "event"), text_at(envelope, "event_id"), text_at(envelope, "event", "user")
    channel = text_at(event, "channel")
    is_ours = bool(at(event, "bot_id") or at(event, "bot_profile"))
    if text_at(envelope, "type") != "event_callback" or not (number and person and channel) or is_ours:
        return []
    if text_at(event, "type") == "app_mention":
        thread = text_at(event, "thread_ts") or text_at(event, "ts")
        return [Heard(number, f"channel {channel}", f"{channel}/{thread}", notice="private")]
    is_direct = text_at(event, "type") == "message" and text_at(event, "channel_type") == "im"
    if not is_direct or text_at(event, "subtype") not in _SPOKEN or at(event, "hidden") is True:
        return []
    said = unmarked(text_at(event, "text"))
    return [Heard(number, _person(text_at(envelope, "team_id"), person), channel, said, notice=None if said.strip() else "unsupported")]


def _pressed(payload: Any) -> list[Heard | Gone]:
    action, person, channel = at(payload, "actions", 0), text_at(payload, "user", "id"), text_at(payload, "channel", "id")
    token = text_at(action, "value")
    known = is_token(token) or token.startswith(ALIAS)
    # In a channel that others read there is never anything of ours to press.
    if text_at(payload, "type") != "block_actions" or not (person and channel.startswith("D") and known):
        return []
    # A press has no id of its own: the same is the same button of the same message at the same moment.
    number = ".".join((person, text_at(payload, "container", "message_ts"), text_at(action, "action_id"), text_at(action, "action_ts")))
    team = text_at(payload, "team", "id") or text_at(payload, "user", "team_id")
    return [Heard(number, _person(team, person), channel, html.unescape(text_at(action, "text", "text")) or token, token)]


def _person(team: str, person: str) -> str:
    return f"{team}:{person}"


def unmarked(said: str) -> str:
    """What was typed, without Slack's marks for people, channels and links."""

    def words(found: re.Match[str]) -> str:
        sign, name, link, label = found.groups()
        return (f"{'' if sign == '!' else sign}{name}" if name else "") if sign else label or link or ""

    return html.unescape(_MARKED.sub(words, said))


def _refusal(response: Response) -> SendingError:
    error = text_at(response.body, "error")[:60]
    reason = f"Slack: {response.status} {error}".strip()
    if response.status == 429 or error in _FOR_LATER:
        return LaterError(reason, response.rest or 3.0)
    if response.status in (401, 403) or error in _OURS_TO_MEND:
        return MisconfiguredError(reason)
    return RefusedError(reason, gone=error in _NOT_THERE)
