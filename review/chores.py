"""What the desk keeps up to date in the background."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from review import inbox, marking, uncovered
from review.desk import desk


def chores(app: Flask) -> tuple[Callable[[], bool], ...]:
    """Reading what was said, following changed marks, and what declined questions mean. Each says whether more of it waits."""

    def within(chore: Callable[[], bool]) -> Callable[[], bool]:
        def done() -> bool:
            with app.app_context():
                return chore()

        return done

    return within(inbox.read_on), within(lambda: marking.bands_again(desk())), within(uncovered.read_meanings)
