"""A disk of a few megabytes, which is soon full."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path


class SmallDisk:
    """Mounted on the folder until its block is left. Only root may mount."""

    def __init__(self, folder: Path, megabytes: int) -> None:
        self.folder = folder
        self._filler = folder / "filler"
        folder.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "none", str(folder)], check=True)

    def fill(self) -> None:
        """To the last byte."""
        with self._filler.open("ab", buffering=0) as file:
            for size in (65536, 4096, 1):
                try:
                    while file.write(b"\0" * size):
                        pass
                except OSError:
                    continue

    def free(self) -> None:
        self._filler.unlink()

    def __enter__(self) -> SmallDisk:
        return self

    def __exit__(self, *_: object) -> None:
        subprocess.run(["umount", "-l", str(self.folder)], check=True)


def may_mount(folder: Path) -> bool:
    """Whether this account, here, can have a disk of its own."""
    if os.geteuid() != 0:
        return False
    try:
        with SmallDisk(folder, 1):
            return True
    except (OSError, subprocess.CalledProcessError):
        return False
