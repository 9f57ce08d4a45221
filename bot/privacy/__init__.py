"""What of a learner's words may be kept, and what learners can ask of what is."""

from bot.privacy.invented import invented
from bot.privacy.mask import Mask
from bot.privacy.personal import KINDS, Personal, hidden, personal, plain

__all__ = ["KINDS", "Mask", "Personal", "hidden", "invented", "personal", "plain"]
