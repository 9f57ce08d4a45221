"""A made-up college: learners who talk with the real tutor over weeks, so that there is something to look at."""

from bot.demo.college import College, Filled, Size

__all__ = ["College", "Filled", "Size"]
