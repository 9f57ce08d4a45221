"""What is made once and served from any folder."""

from __future__ import annotations

from pathlib import Path

from bot.settings import read_settings

MADE = ("index", "assessor")


def share(var: Path) -> None:
    """Have a server that keeps its data in `var` use the index and the assessor of this checkout: no test writes them."""
    for name in MADE:
        if (read_settings().var / name).exists() and not (var / name).exists():
            (var / name).symlink_to(read_settings().var / name)
