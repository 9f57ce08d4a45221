"""Who is talking: signed tokens of web conversations, and the names under which conversations are kept."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass

import jwt

AUDIENCE = "aftercare-web"
LIFETIME_SECONDS = 90 * 24 * 3600
_ALGORITHM = "HS256"


class TokenRefusedError(Exception):
    """The token is missing, forged, of another kind or too old."""


@dataclass(frozen=True)
class Token:
    """What a client holds, and when it ends (seconds since 1970)."""

    text: str
    ends: int


def new_conversation() -> str:
    """An unguessable name: 128 random bits."""
    return secrets.token_hex(16)


def conversation_key(secret: str, channel: str, name: str) -> str:
    """The name a conversation is stored under: a keyed digest, so that what a channel calls its people is not in the database."""
    return hmac.new(secret.encode(), f"conversation:{channel}:{name}".encode(), hashlib.sha256).hexdigest()[:32]


def issue(secret: str, conversation: str, now: float) -> Token:
    """A token for the conversation with this key."""
    ends = int(now) + LIFETIME_SECONDS
    claims = {"aud": AUDIENCE, "sub": conversation, "iat": int(now), "exp": ends}
    return Token(jwt.encode(claims, _signing_key(secret), algorithm=_ALGORITHM), ends)


def conversation_of(secret: str, token: str) -> str:
    """The conversation that the token was issued for. Raises TokenRefusedError."""
    try:
        claims = jwt.decode(
            token, _signing_key(secret), algorithms=[_ALGORITHM], audience=AUDIENCE, options={"require": ["aud", "sub", "iat", "exp"]}
        )
    except (jwt.InvalidTokenError, ValueError) as error:
        raise TokenRefusedError from error
    if not isinstance(claims["sub"], str):
        raise TokenRefusedError
    return claims["sub"]


def _signing_key(secret: str) -> bytes:
    """A key of its own for tokens, 256 bits however long the secret is."""
    return hmac.new(secret.encode(), b"web tokens", hashlib.sha256).digest()
