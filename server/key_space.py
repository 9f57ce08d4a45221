"""Where an installation's keys stand in a Redis."""

from __future__ import annotations

from hashlib import blake2b


def key_space(secret: str) -> str:
    """What begins all of them: the same in every process that signs with the secret, another for any other installation."""
    return f"aftercare:{blake2b(b'key space', key=blake2b(secret.encode()).digest(), digest_size=6).hexdigest()}"
