"""After a practice: what went well, what to improve in the learner's own words, the law, and one thing to do next."""

from bot.debrief.debriefer import Debriefer
from bot.debrief.played import Given, Line, Played, Review
from bot.debrief.result import Debrief
from bot.debrief.telling import LONGEST, Teller

__all__ = ["LONGEST", "Debrief", "Debriefer", "Given", "Line", "Played", "Review", "Teller"]
