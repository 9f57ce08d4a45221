"""Groups messages by meaning as they come in, the same way however many come at a time.

A message joins the nearest leader that is very like it, or else leads a group of its own. Groups that are alike on the average are then
joined to clusters (average linkage). Both thresholds were chosen on tests/bot/uncovered.yml without its held-out part.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from bot.encoder import DIMENSIONS, Vector

SAME: Final = 0.65  # cosine with the leader
ALIKE: Final = 0.325  # mean cosine of two groups' members
MOST_JOINED: Final = 2000  # of the largest groups; the time to join them grows with the square
_BLOCK: Final = 512


class Groups:
    """Holds one vector a group and one number a message. Not safe to share between threads that add."""

    def __init__(self) -> None:
        self._group_of: dict[int, int] = {}
        self._known: dict[int, int] = {}  # groups by the hash of a member's vector: most of what is asked was asked so before
        self._first: list[int] = []
        self._leaders = np.zeros((0, DIMENSIONS), dtype=np.float32)
        self._sums = np.zeros((0, DIMENSIONS), dtype=np.float32)
        self._sizes: list[int] = []
        self._clusters: dict[int, int] | None = None

    def __contains__(self, event: int) -> bool:
        return event in self._group_of

    @property
    def events(self) -> frozenset[int]:
        return frozenset(self._group_of)

    def add(self, events: Sequence[int], vectors: Vector) -> None:
        """Unit vectors of shape (n, 384) of messages that are not in yet, in the order in which they were said."""
        for start in range(0, len(events), _BLOCK):
            self._add(events[start : start + _BLOCK], vectors[start : start + _BLOCK])
        self._clusters = None

    def _add(self, events: Sequence[int], block: Vector) -> None:
        count = len(self._first)
        led = block @ self._leaders[:count].T if count else np.zeros((len(block), 0), dtype=np.float32)
        best = led.argmax(axis=1) if count else np.zeros(len(block), dtype=np.int64)
        within = block @ block.T
        new: list[int] = []  # rows of the block that lead
        for row, (event, vector) in enumerate(zip(events, block, strict=True)):
            key = hash(vector.tobytes())
            group = self._known.get(key)
            if group is None:
                old = float(led[row, best[row]]) if count else -1.0
                among = within[row, new] if new else np.zeros(0, dtype=np.float32)
                if len(among) and float(among.max()) > old:
                    group, likeness = count + int(among.argmax()), float(among.max())
                else:
                    group, likeness = int(best[row]), old
                if likeness < SAME:
                    group = self._lead(event, vector)
                    new.append(row)
                self._known[key] = group
            self._group_of[event] = group
            self._sums[group] += vector
            self._sizes[group] += 1

    def _lead(self, event: int, vector: Vector) -> int:
        number = len(self._first)
        if number == len(self._leaders):
            room = np.zeros((max(256, number), DIMENSIONS), dtype=np.float32)
            self._leaders, self._sums = np.vstack([self._leaders, room]), np.vstack([self._sums, room])
        self._leaders[number] = vector
        self._first.append(event)
        self._sizes.append(0)
        return number

    def clusters(self) -> dict[int, int]:
        """For every message its cluster, named by the event of the first message that led one of its groups."""
        if self._clusters is None:
            names = self._names()
            self._clusters = {event: names[group] for event, group in self._group_of.items()}
        return self._clusters

    def _names(self) -> list[int]:
        sizes = np.array(self._sizes, dtype=np.int64)
        largest = np.sort(np.argsort(-sizes, kind="stable")[:MOST_JOINED])
        names = list(self._first)
        if len(largest) > 1:
            joined = _joined(self._sums[largest] / sizes[largest, None])
            first: dict[int, int] = {}
            for group, cluster in zip(largest, joined, strict=True):
                names[group] = first.setdefault(int(cluster), self._first[group])
        return names


def _joined(means: Vector) -> npt.NDArray[np.int64]:
    """A number for each row, equal where rows belong together. The dot product of two groups' means is the mean of their cosines."""
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    apart = np.clip(1 - means @ means.T, 0, 2)
    np.fill_diagonal(apart, 0)
    tree = linkage(squareform(apart, checks=False), "average")
    return np.asarray(fcluster(tree, 1 - ALIKE, "distance"), dtype=np.int64)
