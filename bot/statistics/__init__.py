"""What answers and marks say about items, criteria, tests and learners: formulas on plain values, explained in docs/statistics.md."""

from bot.statistics.choices import Chosen, Picks, picks_of
from bot.statistics.discrimination import Discrimination, discrimination
from bot.statistics.flags import ENOUGH, Flag, flags_of
from bot.statistics.forms import Form, Position, form_of
from bot.statistics.guessing import guess_score
from bot.statistics.items import Answers, ItemFigures, item_figures
from bot.statistics.knowing import known_now
from bot.statistics.leaving import Ended, Stage, stages_of
from bot.statistics.moments import Moments, moments_of

__all__ = [
    "ENOUGH",
    "Answers",
    "Chosen",
    "Discrimination",
    "Ended",
    "Flag",
    "Form",
    "ItemFigures",
    "Moments",
    "Picks",
    "Position",
    "Stage",
    "discrimination",
    "flags_of",
    "form_of",
    "guess_score",
    "item_figures",
    "known_now",
    "moments_of",
    "picks_of",
    "stages_of",
]
