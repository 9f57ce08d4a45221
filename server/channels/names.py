"""Under which names messages and people of a vendor's are kept: keyed digests, so that neither can be told from the database."""

from __future__ import annotations

import hashlib
import hmac

from server.tokens import conversation_key

__all__ = ["conversation_key", "message_key"]


def message_key(secret: str, channel: str, name: str) -> str:
    """The id a message is kept under. Vendors' ids can be long, and some hold a person's."""
    return hmac.new(secret.encode(), f"message:{channel}:{name}".encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:32]
