"""What learners ask that is not covered, as a tutor reads it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.improving.wording import plain


@dataclass(frozen=True)
class Asked:
    """A declined message; `at` in seconds since 1970. `who` is the learner, or the conversation where the learner is not known."""

    event: int
    sender: str
    who: str
    at: float
    text: str


@dataclass(frozen=True)
class Wording:
    """One way in which it was asked, how often, and one message that says so."""

    text: str
    times: int
    asked: Asked


@dataclass(frozen=True)
class Cluster:
    """Messages that mean alike, in the order in which they were said; `name` is stable while the desk runs."""

    name: int
    asked: tuple[Asked, ...]

    @cached_property
    def learners(self) -> int:
        return len({one.who for one in self.asked})

    @cached_property
    def last_at(self) -> float:
        return max(one.at for one in self.asked)

    @cached_property
    def wordings(self) -> tuple[Wording, ...]:
        """The most frequent first, then the latest; each is shown as it was said last."""
        times = Counter(plain(one.text) for one in self.asked)
        last = {plain(one.text): one for one in self.asked}
        order = sorted(last, key=lambda words: (-times[words], -last[words].event))
        return tuple(Wording(last[words].text, times[words], last[words]) for words in order)


def clusters(asked: Sequence[Asked], name_of: Mapping[int, int]) -> tuple[Cluster, ...]:
    """The most frequent first, then by learners, then the latest. Messages without a name are left out."""
    members: dict[int, list[Asked]] = defaultdict(list)
    for one in asked:
        if one.event in name_of:
            members[name_of[one.event]].append(one)
    made = (Cluster(name, tuple(own)) for name, own in members.items())
    return tuple(sorted(made, key=lambda cluster: (-len(cluster.asked), -cluster.learners, -cluster.last_at, cluster.name)))
