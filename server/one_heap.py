"""One heap for all threads of the serving process."""

from __future__ import annotations

import ctypes

_M_ARENA_MAX = -8  # glibc's malloc.h


def use_one_heap() -> None:
    """Call before threads begin. glibc gives each thread a heap of its own, and what was freed in one is not used by another: the process
    would grow for hours while it holds no more than before. Does nothing where the C library has no such setting.
    """
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    if set_option:
        set_option(_M_ARENA_MAX, 1)
