from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from time import perf_counter

from hypothesis import given
from hypothesis import strategies as st

from bot.quiz.memory.pick import choose, interleaved, often_wrong, weakest_topics
from bot.quiz.memory.schedule import Card, Outcome, is_due, recall, reviewed
from tests.bot.quiz.memory.bank import HISTORIES, START, Item, bank_of, by_id, lived

BANK = bank_of(topics=4, each=6)
TOPICS = {item.id: item.topic for item in BANK}
CARDS = st.dictionaries(st.sampled_from([item.id for item in BANK] + ["gone"]), HISTORIES).map(
    lambda histories: {item_id: lived(item_id, history) for item_id, history in histories.items()}
)
LATER = START + timedelta(days=200)


@dataclass(frozen=True)
class Case:
    cards: dict[str, Card]
    count: int
    most_due: int
    seed: int

    def chosen(self, **filters: Sequence[str]) -> tuple[str, ...]:
        return choose(BANK, self.cards, LATER, self.count, self.most_due, random.Random(self.seed), **filters)


CASES = st.builds(Case, CARDS, st.integers(0, 30), st.integers(0, 30), st.integers())


@given(CASES)
def test_none_is_asked_twice_and_each_is_in_the_bank(case: Case) -> None:
    chosen = case.chosen()
    assert len(chosen) == len(set(chosen)) <= case.count
    assert set(chosen) <= set(TOPICS)


@given(CASES)
def test_what_is_due_comes_first_the_most_forgotten_of_it_within_the_day_s_limit(case: Case) -> None:
    chosen = case.chosen()
    due = [is_due(case.cards[item_id], LATER) if item_id in case.cards else False for item_id in chosen]
    waiting = {item_id: recall(card, LATER) for item_id, card in case.cards.items() if item_id in TOPICS and is_due(card, LATER)}
    assert due == sorted(due, reverse=True)
    today = sum(card.reps > 1 and card.last_review.date() == LATER.date() for card in case.cards.values())
    assert sum(due) == min(case.count, max(0, case.most_due - today), len(waiting))
    if sum(due):
        left = [chance for item_id, chance in waiting.items() if item_id not in chosen]
        assert max(waiting[item_id] for item_id in chosen[: sum(due)]) <= min(left, default=1)


@given(CASES, st.sets(st.sampled_from(["topic0", "topic1", "topic9"])), st.sets(st.sampled_from(["0-0", "1-1", "2-2", "gone"])))
def test_filters_are_kept_to(case: Case, topics: set[str], only: set[str]) -> None:
    assert {TOPICS[item_id] for item_id in case.chosen(topics=sorted(topics))} <= topics
    assert set(case.chosen(only=sorted(only))) <= only


@given(CASES)
def test_the_same_dice_choose_the_same_and_global_chance_is_left_alone(case: Case) -> None:
    before = random.getstate()
    assert case.chosen() == case.chosen()
    assert random.getstate() == before


def test_other_dice_choose_other_new_items_of_equal_difficulty() -> None:
    assert len({choose(BANK, {}, START, 4, 10, random.Random(seed)) for seed in range(20)}) > 10


def test_reviews_of_the_same_day_count_towards_the_limit_and_first_answers_do_not() -> None:
    cards = by_id(lived(item.id, [(0, Outcome.RIGHT)]) for item in BANK[:12])
    now = START + timedelta(days=5)
    for item in BANK[:3]:
        cards[item.id] = reviewed(cards[item.id], item.id, Outcome.RIGHT, now)
    cards["3-0"] = reviewed(None, "3-0", Outcome.RIGHT, now)
    chosen = choose(BANK, cards, now, 20, 5, random.Random(1))
    assert sum(item_id in cards and is_due(cards[item_id], now) for item_id in chosen) == 2


def test_after_what_is_due_come_unseen_items_of_weak_topics_easier_ones_first() -> None:
    cards = by_id([lived("1-0", [(0, Outcome.WRONG)]), lived("2-0", [(0, Outcome.RIGHT)])])
    chosen = choose(BANK, cards, START, 8, 10, random.Random(1))
    assert [TOPICS[item_id] for item_id in chosen].count("topic1") == 5
    assert not {"1-0", "2-0"} & set(chosen)
    easiest = choose(BANK, {}, START, 8, 10, random.Random(1))
    assert all(item.difficulty == 1 for item in BANK if item.id in easiest)


def test_when_nothing_is_due_or_new_the_most_forgotten_are_asked_early() -> None:
    cards = by_id(lived(item.id, [(0, Outcome.RIGHT), (24 * 10, Outcome.RIGHT)]) for item in BANK)
    cards["0-0"] = lived("0-0", [(0, Outcome.RIGHT), (24 * 8, Outcome.RIGHT)])
    assert "0-0" in choose(BANK, cards, START + timedelta(days=12), 3, 10, random.Random(1))


def test_only_what_goes_wrong_can_be_asked_for() -> None:
    right, wrong = Outcome.RIGHT, Outcome.WRONG
    cards = by_id(
        [lived("0-0", [(0, wrong)]), lived("1-0", [(0, right), (99, wrong), (99, right)]), lived("2-0", [(0, wrong), (99, right)])]
    )
    only = often_wrong(cards.values())
    assert only == {"0-0", "1-0"}
    assert set(choose(BANK, cards, LATER, 10, 10, random.Random(1), only=only)) == only


@given(st.lists(st.sampled_from("abcde"), max_size=25), st.sampled_from("abc"))
def test_neighbours_differ_in_topic_wherever_that_is_possible(topics: list[str], before: str) -> None:
    items = [Item(str(number), topic) for number, topic in enumerate(topics)]
    order = [item.topic for item in interleaved(items, before)]
    assert sorted(order) == sorted(topics)
    same = sum(one == other for one, other in zip([before, *order], order, strict=False))
    room = [len(topics) - topics.count(topic) + (topic != before) for topic in set(topics)]
    most = [topics.count(topic) for topic in set(topics)]
    assert same == max([count - places for count, places in zip(most, room, strict=True)] + [0])


def test_weakest_topics_are_those_with_cards_that_are_known_least() -> None:
    cards = by_id([lived("0-0", [(0, Outcome.RIGHT)]), lived("1-0", [(0, Outcome.WRONG)]), lived("2-0", [(-24 * 60, Outcome.RIGHT)])])
    assert weakest_topics(BANK, cards, START) == ("topic1", "topic2")


def test_choosing_costs_no_more_after_many_answers() -> None:
    bank = bank_of(topics=20, each=15)

    def seconds(answers: int) -> float:
        dice, cards = random.Random(1), dict[str, Card]()
        for number in range(answers):
            item = bank[number % len(bank)]
            cards[item.id] = reviewed(cards.get(item.id), item.id, dice.choice(list(Outcome)), START + timedelta(minutes=12 * number))
        return min(_timed(lambda: choose(bank, cards, LATER, 10, 20, dice)) for _ in range(15))

    assert seconds(10_000) < 3 * seconds(600)


def _timed(choosing: Callable[[], tuple[str, ...]]) -> float:
    begun = perf_counter()
    assert len(choosing()) == 10
    return perf_counter() - begun
