"""What the item bank is made of: how many items of which sort, what they test, and whether the form of an item gives its key away."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.content.questions import Item, Single, TrueFalse


@dataclass(frozen=True)
class Share:
    """`part` out of `whole`."""

    part: int
    whole: int

    @property
    def percent(self) -> float:
        """0 to 100; 0 of an empty whole."""
        return 100 * self.part / self.whole if self.whole else 0.0


@dataclass(frozen=True)
class Statistics:
    """Counts over a bank.

    `tested` has the rows of each area of coverage.yml that an item tests; `untested` lists the others. `key_positions` counts where
    the right choice of single items stands as written, from 1. `longest_is_right` counts single items whose right choice is strictly
    the longest: by chance a quarter to a third are.
    """

    items: int
    by_topic: Mapping[str, int]
    by_kind: Mapping[str, int]
    by_difficulty: Mapping[int, int]
    tested: Mapping[str, Share]
    untested: tuple[str, ...]
    key_positions: Mapping[int, int]
    true: Share
    longest_is_right: Share
    longest_is_right_by_topic: Mapping[str, Share]


def statistics(items: Sequence[Item], rows: Mapping[str, tuple[str, ...]]) -> Statistics:
    """Counts over `items`. `rows` are the rows that must be taught, by area."""
    tested = {row for item in items for row in item.tests}
    singles = [item for item in items if isinstance(item, Single)]
    statements = [item for item in items if isinstance(item, TrueFalse)]
    return Statistics(
        items=len(items),
        by_topic=_counted(item.topic for item in items),
        by_kind=_counted(item.kind for item in items),
        by_difficulty=dict(sorted(Counter(int(item.difficulty) for item in items).items())),
        tested={area: Share(len(tested & set(names)), len(names)) for area, names in rows.items()},
        untested=tuple(name for names in rows.values() for name in names if name not in tested),
        key_positions=dict(sorted(Counter(key_position(item) for item in singles).items())),
        true=Share(sum(item.true for item in statements), len(statements)),
        longest_is_right=_longest(singles),
        longest_is_right_by_topic={topic: _longest(group) for topic, group in by_topic(singles).items()},
    )


def key_position(item: Single) -> int:
    """Where the right choice stands as written, from 1."""
    return 1 + next(place for place, choice in enumerate(item.choices) if choice.right)


def longest_is_right(item: Single) -> bool:
    """Whether every wrong choice is shorter than the right one."""
    right = next(choice for choice in item.choices if choice.right)
    return all(len(choice.text) < len(right.text) for choice in item.choices if not choice.right)


def by_topic(singles: Iterable[Single]) -> dict[str, list[Single]]:
    """Single items under the id of their topic, in alphabetical order."""
    groups: dict[str, list[Single]] = defaultdict(list)
    for item in singles:
        groups[item.topic].append(item)
    return dict(sorted(groups.items()))


def _longest(singles: Sequence[Single]) -> Share:
    return Share(sum(map(longest_is_right, singles)), len(singles))


def _counted(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items()))
