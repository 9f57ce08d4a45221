"""What went well in a run, line by line, the lines that eased the customer most first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from bot.assess.labels import GOOD
from bot.content.scenarios import Scenario
from bot.debrief.marks import is_premature, makes
from bot.debrief.quotes import Quoter
from bot.debrief.result import Quote, Strength
from bot.debrief.talk import Said
from bot.debrief.words import DebriefFile

_MOST_NAMED = 3  # of one line
_STAYED = 3  # turns
_NOTABLE = 8  # by how much anger has to fall to be told


def strengths_of(
    words: DebriefFile, quoter: Quoter, talk: Sequence[Said], names: dict[str, str], denied: frozenset[str] = frozenset()
) -> tuple[Strength, ...]:
    """At least one: where no move stands out, the first of `at_least` that holds. Every line's best stands before any line's second.

    `denied` are moves that a tutor did not see.
    """
    of_line = partial(_of_line, words, quoter, names, denied)
    lines = sorted((said for said in talk if said.clean), key=lambda said: (-said.eased, said.turn))
    ranked = [(place, strength) for said in lines for place, strength in enumerate(of_line(said))]
    found = tuple(strength for _, strength in sorted(ranked, key=lambda one: one[0]))
    return found or (_least(words, quoter, talk, names),)


def _of_line(words: DebriefFile, quoter: Quoter, names: dict[str, str], denied: frozenset[str], said: Said) -> Iterator[Strength]:
    """By the words quoted: what the same words do is told together."""
    good = _good(quoter.scenario, said) - denied
    by_words: dict[Quote, list[str]] = {}
    for name in words.strengths:
        quote = _quote(quoter, said, name) if name in good else None
        if quote:
            by_words.setdefault(quote, []).append(name)
    for place, (quote, names_of) in enumerate(by_words.items()):
        first, *others = (words.strengths[name] for name in names_of[:_MOST_NAMED])
        # "You apologised and you thanked" says "you" once.
        text = words.listed([first, *(other.removeprefix("you ") for other in others)]) + "."
        if place == 0:
            text += _eased(words, quoter.scenario, said, names)
        yield Strength(tuple(names_of), quote, text)


def _eased(words: DebriefFile, scenario: Scenario, said: Said, names: dict[str, str]) -> str:
    start, end = said.moods
    if said.eased < _NOTABLE or start == end or scenario.writing:
        return ""
    return " " + words.say["eased"].format(**{**names, "start": start, "end": end})


def _good(scenario: Scenario, said: Said) -> set[str]:
    """The moves of the line that helped, and what it did besides."""
    events, heard = said.events, said.heard
    good = {name for name in GOOD if makes(scenario, said, name)} - {"escalate"}
    spoilt = {
        "verify": "needless" in events,
        "probe": "told_again" in events,
        "follow_up": not heard.promise,
        "resolve": bool({"partial", "vague", "settles"} & events) or is_premature(scenario, said),
    }
    good -= {name for name, is_spoilt in spoilt.items() if is_spoilt}
    if "wearing" in events:
        good -= {"apologise", "thank", "empathise"}
    remedy = scenario.remedy(heard.remedy)
    if said.has("escalate") and remedy and remedy.move == "escalate":
        good = (good - {"resolve"}) | {"escalate"}
    if "cause" in events:
        good.add("cause")
    if any(touch.startswith("s") for touch in heard.touches) and good:
        good.add("soothed")
    return good


def _quote(quoter: Quoter, said: Said, name: str) -> Quote | None:
    scenario = quoter.scenario
    if name == "cause":
        return quoter.with_cues(said, scenario.cause.cues)
    if name == "soothed":
        return quoter.with_cues(
            said, [cue for touch in said.heard.touches if touch[0] == "s" for cue in scenario.soothes[int(touch[1:])].cues]
        )
    return quoter.of_move(said, name)


def _least(words: DebriefFile, quoter: Quoter, talk: Sequence[Said], names: dict[str, str]) -> Strength:
    if quoter.scenario.identity.kind != "none" and not any(said.unsafe for said in talk):
        name = "kept"
    elif len(talk) >= _STAYED:
        name = "stayed"
    else:
        quote = next((quote for said in talk if said.clean and (quote := quoter.whole(said))), None)
        if quote:
            return Strength(("began",), quote, words.at_least["began"])
        name = "started"
    return Strength((name,), None, words.at_least[name].format(**names))
