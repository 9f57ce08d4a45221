"""What a scenario itself brings of data: said by a learner in its role, it is nobody's."""

from __future__ import annotations

from bot.content.scenarios import Scenario
from bot.privacy.personal import plain


def invented(scenario: Scenario) -> str:
    """All of it, as `personal` compares it."""
    brief = scenario.brief
    given = (*brief.screen, *scenario.identity.given, *scenario.opening, *brief.policy, *brief.may, brief.role)
    return " ".join(map(plain, (*given, *scenario.lines(), *(line.say for line in scenario.model))))
