"""Signed addresses that open one learner's page for a short while, for whoever has no session at hand: any channel can show them."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

import jwt

from bot.errors import AftercareError

LIFETIME = timedelta(minutes=15)
_ALGORITHM, _AUDIENCE = "HS256", "evidence"


class LinkRefusedError(AftercareError):
    """The link is not ours, has been altered, or is too old."""


def evidence_path(secret: str, sender: str, now: datetime) -> str:
    """The address, from this server's root, of the evidence page of whoever is behind the conversation."""
    claims = {"aud": _AUDIENCE, "sub": sender, "exp": int((now + LIFETIME).timestamp())}
    return f"/evidence/{jwt.encode(claims, _key(secret), algorithm=_ALGORITHM)}"


def sender_of(secret: str, token: str) -> str:
    """The conversation that the last part of the address was made for. Raises LinkRefusedError."""
    try:
        claims = jwt.decode(token, _key(secret), algorithms=[_ALGORITHM], audience=_AUDIENCE, options={"require": ["aud", "sub", "exp"]})
    except (jwt.InvalidTokenError, ValueError) as error:
        raise LinkRefusedError("This link is not valid, or older than fifteen minutes. Ask for a new one in the chat.") from error
    return str(claims["sub"])


def _key(secret: str) -> bytes:
    return hmac.new(secret.encode(), b"evidence links", hashlib.sha256).digest()
