"""What a learner has practised, as one page for a portfolio."""

from bot.evidence.evidence import Evidence, Gatherer, Kept, Run, Versions
from bot.evidence.page import page

__all__ = ["Evidence", "Gatherer", "Kept", "Run", "Versions", "page"]
