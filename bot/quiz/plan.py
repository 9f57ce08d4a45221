"""Which items a quiz is made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.content.questions import Item
from bot.quiz.bank import Bank
from bot.quiz.learner import Learner
from bot.quiz.memory.pick import choose, often_wrong
from bot.quiz.memory.schedule import is_due
from bot.quiz.request import Wanted

USUAL = 10
MOCK_ITEMS = 20


@dataclass(frozen=True)
class Plan:
    """Item ids in the order to ask; `note` names a reply of knowledge/quiz.yml where it is not quite what was wanted."""

    items: tuple[str, ...]
    what: str
    note: str | None = None


def plan(bank: Bank, wanted: Wanted, learner: Learner, most_due: int) -> Plan:
    """Due items first, then weak topics, then new ones, among what is wanted; never empty while the bank is not."""
    cards = learner.cards
    only: frozenset[str] | None = None
    what, note = wanted.what or bank.file.names["mix"], None
    if wanted.mode == "due":
        only = frozenset(name for name, card in cards.items() if is_due(card, learner.now))
        what, note = (bank.file.names["due"], None) if only else (bank.file.names["mix"], "none_due")
    elif wanted.mode == "wrong":
        only = often_wrong(cards.values())
        what, note = (bank.file.names["wrong"], None) if only else (bank.file.names["mix"], "none_wrong")
    count = wanted.count or USUAL

    def chosen(items: Sequence[Item], topics: frozenset[str] | None, only: frozenset[str] | None) -> tuple[str, ...]:
        return choose(items, cards, learner.now, count, most_due, learner.dice, topics, only)

    items = chosen(_of_kind(bank.for_practice, wanted), wanted.topics, only or None)
    if items:
        return Plan(items, what, note)
    wider = chosen(bank.for_practice, wanted.topics, None) or chosen(bank.for_practice, None, None)
    return Plan(wider, wanted.what or bank.file.names["mix"], "none_found")


def mock(bank: Bank, learner: Learner) -> tuple[str, ...]:
    """Items drawn evenly over the areas."""
    waiting = [_shuffled([item for item in bank.for_practice if bank.area_of[item.topic] == area], learner) for area in bank.file.areas]
    learner.dice.shuffle(waiting)
    drawn: list[str] = []
    while any(waiting) and len(drawn) < MOCK_ITEMS:
        drawn += [items.pop().id for items in waiting if items]
    return tuple(drawn[:MOCK_ITEMS])


def _of_kind(items: Sequence[Item], wanted: Wanted) -> list[Item]:
    tests: list[Callable[[Item], bool]] = []
    if wanted.kinds:
        kinds = wanted.kinds
        tests.append(lambda item: item.kind in kinds)
    if wanted.level:
        tests.append(lambda item: item.difficulty == wanted.level)
    return [item for item in items if all(test(item) for test in tests)]


def _shuffled(items: list[Item], learner: Learner) -> list[Item]:
    learner.dice.shuffle(items)
    return items
