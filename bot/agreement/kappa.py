"""Cohen's kappa: agreement of two markers beyond what their own habits would bring about by chance.

kappa = (observed - expected) / (1 - expected), where `observed` is the share of pairs that agree and `expected` the sum over all marks of
the product of how often each marker gives that mark. Source: J. Cohen, A coefficient of agreement for nominal scales, Educational and
Psychological Measurement 20 (1960), 37-46. Marks are names without order: met, not met and not applicable are three of them.

Where both markers gave one and the same mark throughout, `expected` is 1 and kappa is 0/0: it cannot be told, and nothing speaks against
the criterion. Where pairs come from more than two tutors, kappa is that of the pooled pairs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

LEAST: Final = 0.6  # a kappa below it makes a criterion advisory
ENOUGH: Final = 20  # from so many pairs on
_NEARLY_ONE: Final = 1 - 1e-12


@dataclass(frozen=True)
class Agreement:
    """`pairs` of marks, `same` of them equal. `kappa` is from -1 to 1; None without pairs, or where both gave one and the same mark."""

    pairs: int
    same: int
    kappa: float | None

    @property
    def share(self) -> float | None:
        """Of pairs that agree, from 0 to 1; None without pairs."""
        return self.same / self.pairs if self.pairs else None

    @property
    def is_poor(self) -> bool:
        """Whether there are enough pairs to say that markers agree too little."""
        return self.pairs >= ENOUGH and self.kappa is not None and self.kappa < LEAST


def agreement(pairs: Sequence[tuple[Hashable, Hashable]]) -> Agreement:
    """Of two markers' marks on the same things."""
    count = len(pairs)
    same = sum(one == other for one, other in pairs)
    if not count:
        return Agreement(0, 0, None)
    first, second = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    expected = sum(first[mark] * second[mark] for mark in first) / count**2
    return Agreement(count, same, None if expected > _NEARLY_ONE else (same / count - expected) / (1 - expected))


def is_advisory(found: Iterable[Agreement]) -> Agreement | None:
    """The worst of those that are poor, which makes a criterion advisory; None where none is."""
    return min((one for one in found if one.is_poor), key=lambda one: one.kappa or 0.0, default=None)
