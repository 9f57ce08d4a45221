"""Decides which changes are written, and what the files hold afterwards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from typing import Final

from bot.improving.change import INTENT, PHRASING, Change, Refused
from bot.improving.ground import Ground
from bot.improving.reviewed import Reviewed
from bot.improving.wording import plain

ASK: Final = "ask"  # every question that is answered from the content has this intent


@dataclass(frozen=True)
class Plan:
    """`accepted` and `refused` in the order of a change file; `before` and `after` are the files' contents."""

    accepted: tuple[Change, ...]
    refused: tuple[Refused, ...]
    before: Reviewed
    after: Reviewed

    @property
    def files(self) -> dict[Path, str]:
        """New texts of the files that change, by path from the root."""
        old = self.before.files()
        return {path: text for path, text in self.after.files().items() if text != old[path]}

    @property
    def difference(self) -> str:
        """What would change in the files, as a unified diff; empty when nothing would."""
        old = self.before.files()
        changed = self.files.items()
        parts = (
            unified_diff(old[path].splitlines(), new.splitlines(), f"a/{path}", f"b/{path}", n=1, lineterm="") for path, new in changed
        )
        return "\n".join(line for part in parts for line in part)


def plan(changes: Sequence[Change], ground: Ground, reviewed: Reviewed) -> Plan:
    """What is taught already is not written twice; of two changes that contradict each other neither is written."""
    ordered = sorted(changes, key=lambda change: change.order)
    together: dict[str, list[Change]] = defaultdict(list)
    for change in ordered:
        together[plain(change.text)].append(change)
    accepted: list[Change] = []
    refused: list[Refused] = []
    after = reviewed
    for change in ordered:
        why = _why_not(change, together[plain(change.text)], ground)
        if why:
            refused.append(Refused(change, why))
            continue
        accepted.append(change)
        after = _with(after, change, ground)
    return Plan(tuple(accepted), tuple(refused), reviewed, after)


def why_not(change: Change, others: Sequence[Change], ground: Ground) -> str | None:
    """Why the change would not be written beside `others` that wait; None when it would."""
    same = [other for other in others if plain(other.text) == plain(change.text)]
    return _why_not(change, [*same, change], ground)


def _why_not(change: Change, together: Sequence[Change], ground: Ground) -> str | None:
    words = plain(change.text)
    if not words:
        return "It has no words to learn from."
    if words in ground.held_out:
        return "It is a question of the benchmark, which must stay unseen to be worth anything."
    known = ground.intents if change.kind == INTENT else ground.answers
    if change.target not in known:
        return f"There is no {'intent' if change.kind == INTENT else 'answer'} {change.target} any more."
    return _contradiction(change, together) or _taught_otherwise(change, words, ground)


def _contradiction(change: Change, together: Sequence[Change]) -> str | None:
    """Another change that waits and gives the same words something else to mean."""
    for other in together:
        if other.kind == change.kind and other.target != change.target:
            return f"{other.by} gave the same words to {other.target}. Withdraw one of the two."
        if other.kind != change.kind and _intent(other) != _intent(change):
            return f"{other.by} said that the same words mean {other.target}. Withdraw one of the two."
    return None


def _taught_otherwise(change: Change, words: str, ground: Ground) -> str | None:
    examples = ground.examples.get(words, frozenset()) - {_intent(change)}
    if examples:
        return f"The same words are an example of {', '.join(sorted(examples))} already. Take that out of data/nlu/ first."
    phrasings: set[str] = set(ground.phrasings.get(words, frozenset()))
    others = phrasings - {change.target} if change.kind == PHRASING else phrasings if _intent(change) != ASK else set()
    if others:
        return f"The same words ask for {', '.join(sorted(others))} already. Take that out of knowledge/ first."
    return None


def _intent(change: Change) -> str:
    return change.target if change.kind == INTENT else ASK


def _with(reviewed: Reviewed, change: Change, ground: Ground) -> Reviewed:
    taught: Mapping[str, object] = ground.examples if change.kind == INTENT else ground.phrasings
    known = plain(change.text) in taught
    if change.kind == INTENT:
        return reviewed.with_example(change.target, change.text, known)
    return reviewed.with_phrasing(change.target, change.text, known)
