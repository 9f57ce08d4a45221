"""What made the marks of an evidence page: content, assessor and program."""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import Path

from bot.evidence.evidence import Versions
from bot.settings import Settings


def versions_of(settings: Settings) -> Versions:
    """Of the content and the assessor at hand, and of the program."""
    from bot.assess.kept import trained_file

    return Versions(content_version(settings.knowledge), trained_file(settings).stem, f"aftercare {version('aftercare')}")


def content_version(knowledge: Path) -> str:
    """SHA-256 over names and bytes of all content, in 16 digits: equal exactly when all that learners are told is equal."""
    digest = hashlib.sha256()
    for path in sorted(path for path in knowledge.rglob("*") if path.suffix in (".yml", ".jsonl")):
        digest.update(f"{path.relative_to(knowledge).as_posix()}\0".encode())
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
