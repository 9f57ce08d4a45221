"""Which scenario a learner means: "something about refunds", "a hard one", "the one I failed", "you choose"."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Literal

from bot.answer.wording import stems
from bot.content.files import read
from bot.content.scenarios import Scenario
from bot.content.schema import Strict
from bot.practice.phrases import holds
from bot.practice.phrases import stems as all_stems

FAILED = frozenset({"escalated", "walked_out", "unsafe", "fail"})
_HOT = 55  # the starting anger from which a customer counts as angry
_TAG, _TITLE, _REST = 3.0, 2.0, 1.0
_CLEAR = 1.5  # the best subject is meant when it scores this many times the next


class PickFile(Strict):
    """knowledge/practice/picks.yml."""

    choose: tuple[str, ...]
    failed: tuple[str, ...]
    fresh: tuple[str, ...]
    hard: tuple[str, ...]
    easy: tuple[str, ...]
    angry: tuple[str, ...]
    channels: dict[Literal["phone", "chat", "counter", "email", "social"], tuple[str, ...]]
    unsaid: tuple[str, ...]


@dataclass(frozen=True)
class Picked:
    """Scenario ids, best first. `sure` means start the first at once; otherwise offer them. Empty when nothing fits."""

    ids: tuple[str, ...] = ()
    sure: bool = False


class Picker:
    """`names` are a topic's title and other names by its id, so that scenarios are found by what they teach."""

    def __init__(self, scenarios: Mapping[str, Scenario], words: PickFile, names: Mapping[str, Sequence[str]] | None = None) -> None:
        self._scenarios, self._words = scenarios, words
        wishes = (*words.choose, *words.failed, *words.fresh, *words.hard, *words.easy, *words.angry, *words.unsaid)
        self._unsaid = {stem for cue in (*wishes, *(cue for cues in words.channels.values() for cue in cues)) for stem in stems(cue)}
        self._terms = {id: self._of(scenario, names or {}) for id, scenario in scenarios.items()}

    @classmethod
    def load(cls, knowledge: Path, scenarios: Mapping[str, Scenario], names: Mapping[str, Sequence[str]] | None = None) -> Picker:
        return cls(scenarios, read(knowledge / "practice" / "picks.yml", PickFile), names)

    def pick(self, text: str, results: Mapping[str, str], dice: int, lapsed: Collection[str] = ()) -> Picked:
        """What the text asks for. `results` are the last outcomes by scenario id, oldest first; `lapsed` topics come up more often."""
        said, words = all_stems(text), self._words
        if text.strip().lower() in self._scenarios:
            return Picked((text.strip().lower(),), sure=True)
        if holds(said, words.failed):
            failed = tuple(id for id, outcome in results.items() if outcome in FAILED and id in self._scenarios)
            return Picked(failed[::-1], sure=bool(failed))
        pool = self._narrowed(said, results)
        ranked = self._by_subject(text, pool)
        if ranked:
            best = ranked[0][1]
            return Picked(tuple(id for id, _ in ranked), sure=len(ranked) == 1 or best >= _CLEAR * ranked[1][1])
        if pool != list(self._scenarios) or holds(said, (*words.choose, *words.angry, *words.fresh)):
            return self.choose(results, dice, lapsed, pool)
        return replace(self.choose(results, dice, lapsed), sure=False) if not set(stems(text)) - self._unsaid else Picked()

    def choose(self, results: Mapping[str, str], dice: int, lapsed: Collection[str] = (), among: Sequence[str] | None = None) -> Picked:
        """One by the dice: what was not played, was failed, or practises a lapsed topic has more sides."""
        pool = list(self._scenarios if among is None else among)
        pool = [id for id in pool if not self._scenarios[id].writing] or pool  # a letter is played when it is asked for
        weights = {id: self._weight(id, results, lapsed) for id in pool}
        sides = [id for side in range(max(weights.values(), default=0)) for id in pool if weights[id] > side]
        if not sides:
            return Picked()
        chosen = sides[dice % len(sides)]
        return Picked((chosen, *(id for id in pool if id != chosen)), sure=True)

    def _weight(self, id: str, results: Mapping[str, str], lapsed: Collection[str]) -> int:
        unplayed = id not in results
        return 1 + 2 * unplayed + (results.get(id) in FAILED) + 3 * bool(set(lapsed).intersection(self._scenarios[id].topics))

    def _narrowed(self, said: Sequence[str], results: Mapping[str, str]) -> list[str]:
        """The scenarios that fit what was said about difficulty, channel, temper and novelty, as far as any do."""
        words, pool = self._words, list(self._scenarios)
        wishes: list[tuple[tuple[str, ...], Callable[[Scenario], bool]]] = [
            (words.hard, lambda s: s.difficulty == max(self._scenarios[id].difficulty for id in self._scenarios)),
            (words.easy, lambda s: s.difficulty == min(self._scenarios[id].difficulty for id in self._scenarios)),
            (words.angry, lambda s: s.customer.temperament == "fiery" or (s.customer.anger or 0) >= _HOT),
            (words.fresh, lambda s: s.id not in results),
            *((cues, partial(_is_on, channel)) for channel, cues in words.channels.items()),
        ]
        for cues, fits in wishes:
            if holds(said, cues):
                pool = [id for id in pool if fits(self._scenarios[id])] or pool
        return pool

    def _by_subject(self, text: str, pool: Sequence[str]) -> list[tuple[str, float]]:
        asked = set(stems(text)) - self._unsaid
        scored = [(id, sum(self._terms[id].get(stem, 0.0) for stem in asked)) for id in pool]
        return sorted(((id, score) for id, score in scored if score), key=lambda pair: -pair[1])

    def _of(self, scenario: Scenario, names: Mapping[str, Sequence[str]]) -> dict[str, float]:
        """The scenario's stems with their weights: tags say most, then the title, then what it teaches and is about."""
        rest = [scenario.phrases.product, scenario.phrases.problem, *scenario.topics]
        for topic in scenario.topics:
            rest += names.get(topic, ())
        terms: dict[str, float] = {}
        for weight, texts in ((_REST, rest), (_TITLE, [scenario.title]), (_TAG, scenario.tags)):
            terms.update({stem: weight for text in texts for stem in stems(text.replace("-", " ")) if stem not in self._unsaid})
        return terms


def _is_on(channel: str, scenario: Scenario) -> bool:
    return scenario.channel == channel
