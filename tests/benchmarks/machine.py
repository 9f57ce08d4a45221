"""What figures were measured on."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from datetime import datetime, timezone
from importlib.metadata import version
from pathlib import Path


def processor() -> str:
    """The processor's model, as Linux names it."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def machine() -> str:
    """The machine in a few words."""
    return f"{os.cpu_count()} cores of {processor()}, Python {platform.python_version()}, rasa {version('rasa')}"


def measured_on(command: str, load: float, packages: Sequence[str]) -> str:
    """When, by which command, on what, how busy beforehand, with which packages."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    return (
        f"Measured on {datetime.now(timezone.utc).date().isoformat()} by `{command}` on {processor()}, {os.cpu_count()} cores, "
        f"{memory:.0f} GiB, load {load:.1f} beforehand; {platform.system()}, Python {platform.python_version()}, {versions}."
    )
