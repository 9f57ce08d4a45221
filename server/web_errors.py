"""What the web channel says when it cannot do what was asked: a status, a code for programs, words for people."""

from __future__ import annotations

from math import ceil

from sanic.response import HTTPResponse
from sanic.response import json as json_response


class WebError(Exception):
    """`wait` in seconds goes into Retry-After."""

    def __init__(self, status: int, code: str, message: str, wait: float | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.wait = status, code, wait

    def response(self) -> HTTPResponse:
        headers = {"Retry-After": str(max(1, ceil(self.wait)))} if self.wait is not None else {}
        return json_response({"error": {"code": self.code, "message": str(self)}}, status=self.status, headers=headers)
