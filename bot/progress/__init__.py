"""What a learner has done and what they know now."""

from bot.progress.progress import Progress

__all__ = ["Progress"]
