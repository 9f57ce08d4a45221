"""WhatsApp through Twilio: signed forms at a webhook, answers through the Messages resource."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import parse_qsl

import aiohttp
from sanic.request import Request
from sanic.response import HTTPResponse, raw

from bot.rendering import Part, whatsapp
from bot.settings import Settings
from bot.vendors import WhatsApp
from server.channels.channel import MessagingChannel
from server.channels.heard import Gone, Heard, at, text_at
from server.channels.sending import LaterError, MisconfiguredError, RefusedError, Response, SendingError
from server.channels.signatures import is_same, twilios
from server.database import Database

_PREFIX: Final = "whatsapp:"
_FIELDS: Final = 200
_NOTHING_TO_ADD: Final = b'<?xml version="1.0" encoding="UTF-8"?><Response></Response>'
_FOR_LATER: Final = frozenset({14107, 20429, 63018, 63038})
_OURS_TO_MEND: Final = frozenset({20003, 20008, 21212, 21603, 21606, 63007})
_GONE: Final = frozenset({21610, 63024})  # they said STOP, or have no WhatsApp any more


class WhatsAppChannel(MessagingChannel):
    """One person, one number; numbers stand in `addresses` and nowhere else."""

    surface = whatsapp.SURFACE

    @classmethod
    def name(cls) -> str:
        return "whatsapp"

    def __init__(self, settings: Settings, opened: Database, account: WhatsApp) -> None:
        super().__init__(settings, opened)
        self._account = account

    def is_genuine(self, request: Request) -> bool:
        """Signed over the address that Twilio was given, which a proxy may have hidden from us."""
        query = f"?{request.query_string}" if request.query_string else ""
        expected = twilios(self._account.token, f"{self._settings.vendors.site}{request.path}{query}", _fields(request))
        return is_same(expected, request.headers.get("X-Twilio-Signature"))

    def acknowledgement(self) -> HTTPResponse:
        return raw(_NOTHING_TO_ADD, content_type="text/xml")

    def read(self, request: Request) -> list[Heard | Gone]:
        fields = dict(_fields(request))
        number, person = fields.get("MessageSid", ""), fields.get("From", "")
        if not number or not person.startswith(_PREFIX) or "MessageStatus" in fields:  # a receipt
            return []
        said = fields.get("Body", "")
        return [Heard(number, person, person, said, notice=None if said.strip() else "unsupported")]

    async def send(self, address: str, part: Part) -> None:
        form = {"From": f"{_PREFIX}{self._account.number}", "To": address, **whatsapp.message(part)}
        await self._call("post", "/Messages.json", data=form)

    async def _call(self, method: str, path: str, **call: Any) -> Any:
        url = f"{self._account.api}/2010-04-01/Accounts/{self._account.account}{path}"
        sign = aiohttp.BasicAuth(self._account.account, self._account.token)
        response: Response = await getattr(self.line, method)(url, auth=sign, **call)
        if response.status in (200, 201):
            return response.body
        raise _refusal(response)

    async def check(self) -> str:
        account = await self._call("get", ".json")
        return f"{text_at(account, 'friendly_name')} ({text_at(account, 'status')}), as {self._account.number}"


def _fields(request: Request) -> list[tuple[str, str]]:
    try:
        return parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_FIELDS)
    except ValueError:
        return []


def _refusal(response: Response) -> SendingError:
    """Twilio's own sentence names the telephone number, so only its code is told."""
    code = at(response.body, "code")
    reason = f"Twilio: {response.status}, error {code}"
    if response.status == 429 or code in _FOR_LATER:
        return LaterError(reason, response.rest or 5.0)
    if code in _GONE:
        return RefusedError(reason, gone=True)
    return MisconfiguredError(reason) if response.status in (401, 403) or code in _OURS_TO_MEND else RefusedError(reason)
