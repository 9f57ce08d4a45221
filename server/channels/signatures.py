"""How vendors sign what they send. Every comparison takes the same time whatever is wrong."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from typing import Final

SLACK_SECONDS: Final = 300  # older than this, or from so far ahead, and a request may be a recording


def is_same(expected: str, given: str | None) -> bool:
    """Whether what was given is what was expected; never when nothing is expected."""
    return bool(expected) and hmac.compare_digest(expected.encode(), (given or "").encode("utf-8", "surrogateescape"))


def is_slacks(secret: str, timestamp: str | None, signature: str | None, body: bytes, now: float) -> bool:
    """`v0=` and the HMAC-SHA256 of version, time and body."""
    stamp = timestamp or ""
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 15) or abs(now - int(stamp)) > SLACK_SECONDS:
        return False
    signed = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return is_same(f"v0={signed}", signature)


def is_metas(secret: str, signature: str | None, body: bytes) -> bool:
    """X-Hub-Signature-256: `sha256=` and the HMAC-SHA256 of the body."""
    return is_same(f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}", signature)


def twilios(token: str, url: str, fields: Sequence[tuple[str, str]]) -> str:
    """X-Twilio-Signature: the HMAC-SHA1, in base64, of the address and every field in order of its name."""
    signed = url + "".join(f"{name}{value}" for name, value in sorted(set(fields)))
    return base64.b64encode(hmac.new(token.encode(), signed.encode("utf-8", "surrogatepass"), hashlib.sha1).digest()).decode()
