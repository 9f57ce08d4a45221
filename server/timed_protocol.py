"""HTTP connections on which a request must arrive whole in REQUEST_TIMEOUT seconds, however its bytes come."""

from __future__ import annotations

import time

from sanic.exceptions import RequestTimeout
from sanic.http import Http, Stage
from sanic.server.protocols.http_protocol import HttpProtocol

GOODBYE_SECONDS = 1.0  # for the answer to be read before the connection is closed


class TimedProtocol(HttpProtocol):
    """Sanic counts anew with every byte, so that a byte a second holds a connection for ever. Here only a request's first byte counts."""

    def data_received(self, data: bytes) -> None:
        began, more = self._time, self._in_a_request()
        super().data_received(data)
        if more:
            self._time = began

    def _in_a_request(self) -> bool:
        """Whether a request has begun, or the rest of a body still comes that nobody wants."""
        http = self._connection()
        return http is not None and (http.stage is not Stage.IDLE or _body_is_missing(http))

    def _connection(self) -> Http | None:
        """None before the first byte and after the last."""
        return getattr(self, "_http", None)

    def check_timeouts(self) -> None:
        """As Sanic's, which runs itself again and again, and for bodies as for headers."""
        http = self._connection()
        late = self._task and http is not None and _body_is_missing(http) and time.monotonic() - self._time > self.request_timeout
        if not late:
            super().check_timeouts()
            return
        if http.stage is Stage.HANDLER:  # else it is answered already, and the rest of its body is still awaited
            http.exception = RequestTimeout("Request Timeout")
        self._task.cancel()
        self.loop.call_later(GOODBYE_SECONDS, self.close)


def _body_is_missing(http: Http) -> bool:
    return bool(getattr(http, "request_body", None))
