"""Where an installation's keys stand in a Redis."""

from __future__ import annotations

from hashlib import blake2b


class KeySpace:
    """The same in every process that signs with the secret, another for any other installation. `prefix` begins all its keys."""

    def __init__(self, secret: str) -> None:
        self._key = blake2b(secret.encode()).digest()
        self.prefix = f"aftercare:{blake2b(b'key space', key=self._key, digest_size=6).hexdigest()}"

    def key_of(self, what: str, name: str) -> str:
        """The key for `name`, an address or a conversation, which whoever looks into Redis shall not read there."""
        return f"{self.prefix}:{what}:{blake2b(name.encode(), key=self._key, digest_size=16).hexdigest()}"
