"""Signed addresses that open one learner's page for a short while, for whoever has no session at hand: any channel can show them."""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import datetime, timedelta

import jwt

from bot.errors import AftercareError

LIFETIME = timedelta(minutes=15)
LINK = re.compile(r"/(data|evidence)/eyJ[\w.-]+")  # in a text
_ALGORITHM = "HS256"
_EVIDENCE, _DATA = "evidence", "data"


_CODE = re.compile(r"\b[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}\b")  # a link code as it is shown


def without_keys(text: str) -> str:
    """A reply without the addresses and codes in it: whoever reads the conversation later shall not open or join anything with them."""
    return _CODE.sub("…", LINK.sub(r"/\1/…", text))


class LinkRefusedError(AftercareError):
    """The link is not ours, has been altered, or is too old."""


def evidence_path(secret: str, sender: str, now: datetime) -> str:
    """The address, from this server's root, of the evidence page of whoever is behind the conversation."""
    return f"/evidence/{_token(_EVIDENCE, secret, sender, now)}"


def data_path(secret: str, sender: str, now: datetime) -> str:
    """The address, from this server's root, of the page with all that is kept of whoever is behind the conversation."""
    return f"/data/{_token(_DATA, secret, sender, now)}"


def sender_of(secret: str, token: str) -> str:
    """The conversation that the last part of an evidence page's address was made for. Raises LinkRefusedError."""
    return _sender(_EVIDENCE, secret, token)


def sender_of_data(secret: str, token: str) -> str:
    """The same for the page of the learner's data: neither address opens the other's page. Raises LinkRefusedError."""
    return _sender(_DATA, secret, token)


def _token(audience: str, secret: str, sender: str, now: datetime) -> str:
    claims = {"aud": audience, "sub": sender, "exp": int((now + LIFETIME).timestamp())}
    return jwt.encode(claims, _key(secret), algorithm=_ALGORITHM)


def _sender(audience: str, secret: str, token: str) -> str:
    try:
        claims = jwt.decode(token, _key(secret), algorithms=[_ALGORITHM], audience=audience, options={"require": ["aud", "sub", "exp"]})
    except (jwt.InvalidTokenError, ValueError) as error:
        raise LinkRefusedError("This link is not valid, or older than fifteen minutes. Ask for a new one in the chat.") from error
    return str(claims["sub"])


def _key(secret: str) -> bytes:
    return hmac.new(secret.encode(), b"evidence links", hashlib.sha256).digest()
