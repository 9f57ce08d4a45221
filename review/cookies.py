"""The session cookie: signed, out of reach of scripts and of other sites, and over HTTPS only wherever the page itself came over HTTPS."""

from __future__ import annotations

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface


class Cookies(SecureCookieSessionInterface):
    """On a college's own machine the desk may be opened over plain HTTP at 127.0.0.1; a proxy with HTTPS is told by its header."""

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure
