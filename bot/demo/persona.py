"""Who the made-up learners are: how able, how diligent, how they type."""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random
from typing import Final

_STYLES: Final = ("tidy", "quick", "quick", "chatty")
_SHORT: Final = {"you": "u", "please": "pls", "because": "cos", "what": "wot", "are": "r", "your": "ur"}
_AROUND: Final = ("hiya ", "sorry but ", "ok so ", "quick one, ")


@dataclass(frozen=True)
class Persona:
    """`ability` is on the scale of item difficulties, around 0; `diligence` from 0 to 1; `group` is the group's place in the material."""

    number: int
    name: str
    sender: str
    channel: str
    group: int
    ability: float
    diligence: float
    style: str

    def typed(self, text: str, dice: Random) -> str:
        """The text as this learner would type it."""
        if self.style == "tidy":
            return text if text[:1].isupper() or text.endswith((".", "!", "?")) else f"{text[:1].upper()}{text[1:]}?"
        plain = text.rstrip(".").replace("’", "'")
        if self.style == "chatty":
            return f"{dice.choice(_AROUND)}{plain[:1].lower()}{plain[1:]}" if dice.random() < 0.2 else plain
        plain = plain.lower().replace("'", "")
        return re.sub(r"[a-z]+", lambda word: _SHORT[word[0]] if word[0] in _SHORT and dice.random() < 0.4 else word[0], plain)

    def spoken(self, text: str, dice: Random) -> str:
        """The same, as it would be said to a customer: nobody shortens their words there, but some leave out capitals."""
        return text.lower().rstrip(".") if self.style == "quick" and dice.random() < 0.7 else text


def personas(names: tuple[str, ...], groups: int, dice: Random) -> tuple[Persona, ...]:
    """One for each name, dealt out to the groups in turn. Their last one in twenty comes by the REST channel."""
    made = []
    for number, name in enumerate(names):
        sender = f"{dice.getrandbits(128):032x}"
        channel = "rest" if number % 20 == 19 else "web"
        ability, diligence = dice.gauss(0.2, 0.9), min(1.0, dice.uniform(0.25, 1.1))
        made.append(Persona(number, name, sender, channel, number % groups, ability, diligence, dice.choice(_STYLES)))
    return tuple(made)
