"""Short codes that carry a conversation to another device: used once, for a quarter of an hour."""

from __future__ import annotations

import hashlib
import hmac

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.records.tables import resume_codes

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without 0 and O, 1 and I
LENGTH = 8
LIFETIME_SECONDS = 15 * 60
_PURPOSE = "resume"


class ResumeCodes:
    """Keeps a keyed digest only, so that whoever reads the database cannot use a code. Times are seconds since 1970."""

    def __init__(self, engine: Engine, secret: str) -> None:
        self._engine = engine
        self._secret = secret

    def keep(self, code: str, sender_id: str, now: float) -> float:
        """Keep a fresh code for the conversation, its only one; returns when it ends."""
        ends = now + LIFETIME_SECONDS
        with self._engine.begin() as connection:
            old = (resume_codes.c.sender_id == sender_id) | (resume_codes.c.expires_at < now)
            connection.execute(sa.delete(resume_codes).where(old, resume_codes.c.purpose == _PURPOSE))
            values = {"digest": self._digest(code), "sender_id": sender_id, "expires_at": ends, "purpose": _PURPOSE}
            connection.execute(sa.insert(resume_codes).values(values))
        return ends

    def use(self, code: str, now: float) -> str | None:
        """The conversation of the code, which is then gone; None when it is wrong, used or too old."""
        digest = self._digest(code)
        with self._engine.begin() as connection:
            row = connection.execute(sa.select(resume_codes).where(resume_codes.c.digest == digest)).first()
            gone = connection.execute(sa.delete(resume_codes).where(resume_codes.c.digest == digest))
        return str(row.sender_id) if row and gone.rowcount == 1 and row.expires_at >= now else None

    def _digest(self, code: str) -> str:
        return digest_of(self._secret, _PURPOSE, code)


def digest_of(secret: str, purpose: str, code: str) -> str:
    """However the code is typed; a code for one purpose is none for another."""
    plain = "".join(character for character in code.upper() if character in ALPHABET)
    return hmac.new(secret.encode(), f"{purpose}:{plain}".encode(), hashlib.sha256).hexdigest()
