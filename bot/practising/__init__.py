"""Practice as a learner lives it: choosing a scenario, talking to the customer, leaving the role and coming back, the debrief."""

from bot.practising.practising import Practising
from bot.practising.run import Run

__all__ = ["Practising", "Run"]
