"""Calls to vendors: with time limits, and with every failure told apart by what can be done about it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any, Final

import aiohttp

SECONDS: Final = 10.0
_REST_SECONDS: Final = 2.0
_LONG_REST_SECONDS: Final = 60.0
_LONGEST_REST_SECONDS: Final = 3600.0


class SendingError(Exception):
    """The vendor did not take a message. Its text names the vendor's reason, never an address, a token or what was said."""


class LaterError(SendingError):
    """It can be tried again after `seconds`."""

    def __init__(self, reason: str, seconds: float = _REST_SECONDS) -> None:
        super().__init__(reason)
        self.seconds = min(max(seconds, 0.1), _LONGEST_REST_SECONDS)


class RefusedError(SendingError):
    """Trying again would change nothing. `gone` when the person does not want to hear from us."""

    def __init__(self, reason: str, gone: bool = False) -> None:
        super().__init__(reason)
        self.gone = gone


class MisconfiguredError(LaterError):
    """The vendor does not know us: somebody has to correct the settings, and until then answers wait."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, _LONG_REST_SECONDS)


@dataclass(frozen=True)
class Response:
    """`body` is the response's JSON, None where it is none; `rest` how long the vendor asks us to wait, 0 where it does not."""

    status: int
    body: Any
    rest: float = 0.0


class Line:
    """One session for all calls of a channel, opened at the first."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def post(self, url: str, **call: Any) -> Response:
        """Raises LaterError when the vendor cannot be reached or is out of order."""
        return await self._call("POST", url, **call)

    async def get(self, url: str, **call: Any) -> Response:
        """The same with GET."""
        return await self._call("GET", url, **call)

    async def _call(self, method: str, url: str, **call: Any) -> Response:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SECONDS))
        try:
            async with self._session.request(method, url, allow_redirects=False, **call) as response:
                rest = _seconds(response.headers.get("Retry-After"))
                try:
                    body = await response.json(content_type=None)
                except ValueError:
                    body = None
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            raise LaterError(f"no connection ({type(error).__name__})") from None  # its text would show the address, and that a token
        if response.status >= 500:
            raise LaterError(f"status {response.status}", rest or _REST_SECONDS)
        return Response(response.status, body, rest)

    async def close(self) -> None:
        if self._session:
            await self._session.close()
            self._session = None


def _seconds(text: str | None) -> float:
    try:
        return max(0.0, float(text or 0))
    except ValueError:
        return 0.0
