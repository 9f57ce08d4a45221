"""The upset customer: a deterministic machine that plays the scenarios of knowledge/scenarios/."""

from bot.practice.customer import Reply
from bot.practice.heard import Heard
from bot.practice.practice import Practice, open_practice
from bot.practice.state import State

__all__ = ["Heard", "Practice", "Reply", "State", "open_practice"]
