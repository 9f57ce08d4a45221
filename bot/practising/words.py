"""Puts words on what happens around a practice."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bot.content.files import read
from bot.content.scenarios import Scenario
from bot.content.schema import Strict
from bot.practice import Reply as Spoken
from bot.reply import Button, Meter, Reply

_HOTTEST = 100


class PractisingFile(Strict):
    """knowledge/practising.yml."""

    asks: tuple[str, ...]
    commands: dict[str, tuple[str, ...]]
    signs: dict[str, str]
    back: str
    rewind: str
    aside: str
    study: str
    hides: str
    study_topics: tuple[str, ...]
    replies: dict[str, str]
    mood: str
    labels: dict[str, str]


class PracticeWords:
    """The only place where the frame of a practice becomes text; the customer's own words are in scenarios."""

    def __init__(self, file: PractisingFile) -> None:
        self.file = file

    @classmethod
    def load(cls, knowledge: Path) -> PracticeWords:
        return cls(read(knowledge / "practising.yml", PractisingFile))

    def say(self, reply: str, /, **values: object) -> str:
        return self.file.replies[reply].format(**values)

    def reply(self, reply: str, buttons: Sequence[Button] = (), /, **values: object) -> Reply:
        return Reply(f"practice_{reply}", self.say(reply, **values), tuple(buttons))

    def button(self, label: str, token: str) -> Button:
        return Button(self.file.labels[label], f"practice:{token}")

    def brief(self, scenario: Scenario) -> Reply:
        """What the learner knows before the customer speaks."""
        brief = scenario.brief
        how = self.say("how_writing" if scenario.writing else "how")
        may, policy, screen = (_listed(points) for points in (brief.may, brief.policy, brief.screen))
        return self.reply("brief", title=scenario.title, role=brief.role, may=may, policy=policy, screen=screen, how=how)

    def customer(self, scenario: Scenario, spoken: Spoken, hidden: bool, buttons: Sequence[Button] = ()) -> Reply:
        """The customer's line with the mood, which a writing scenario does not have."""
        return self._line(scenario, spoken.text, buttons, None if hidden or scenario.writing else self._meter(spoken))

    def line_again(self, scenario: Scenario, line: str, lead: str) -> Reply:
        """The customer's last line once more, after `lead`."""
        again = self._line(scenario, line)
        return Reply(again.kind, f"{lead}\n\n{again.text}", (self.button("hint", "hint"), self.button("pause", "pause")))

    def _line(self, scenario: Scenario, line: str, buttons: Sequence[Button] = (), meter: Meter | None = None) -> Reply:
        return Reply("customer", self.say("customer", name=scenario.customer.name, line=line), tuple(buttons), meter)

    def _meter(self, spoken: Spoken) -> Meter:
        return Meter(self.file.mood, spoken.anger / _HOTTEST, spoken.mood)


def _listed(points: Sequence[str]) -> str:
    return "\n".join(f"- {point}" for point in points)
