"""One case of the benchmark: a question with what its reply must hold, or a message that is not for us."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.answer import Context
from bot.asking import Asking

DECLINES = re.compile(r"outside what I (?:cover|teach)", re.I)
REPHRASE = re.compile(r"in other words|rephrase", re.I)
LONGEST = 1200
Understand = Callable[[str], tuple[str, float]]


@dataclass(frozen=True)
class Outcome:
    """How one case went; `failed` lists the checks that the reply did not pass."""

    case: dict[str, Any]
    reply: str
    failed: tuple[str, ...]

    @property
    def declined(self) -> bool:
        return bool(DECLINES.search(self.reply))


def answer_case(asking: Asking, case: dict[str, Any], understand: Understand) -> Outcome:
    """Ask in a fresh conversation, after the messages of `before`."""
    context, reply = Context(), ""
    for message in [*case.get("before", []), case["text"]]:
        turn = asking.respond(message, context, *understand(message))
        context, reply = turn.context, turn.reply.text
    return Outcome(case, reply, tuple(_misses(reply, case)))


def decline_case(asking: Asking, case: dict[str, Any], understand: Understand) -> Outcome:
    """Whether a message that is not for us is turned away."""
    reply = asking.respond(case["text"], Context(), *understand(case["text"])).reply.text
    if "must" in case:
        return Outcome(case, reply, tuple(misses_of(reply, case)))
    fine = DECLINES.search(reply) or (case.get("kind") in {"nonsense", "gibberish"} and REPHRASE.search(reply))
    return Outcome(case, reply, () if fine else ("did not decline",))


def misses_of(reply: str, case: dict[str, Any]) -> list[str]:
    """The checks of `must` and `must_not` that a text does not pass."""
    wanted = [" | ".join(group) for group in case.get("must", []) if not any(re.search(p, reply, re.I) for p in group)]
    return wanted + [f"NOT {pattern}" for pattern in case.get("must_not", []) if re.search(pattern, reply, re.I)]


def _misses(reply: str, case: dict[str, Any]) -> list[str]:
    declined = ["declined"] if DECLINES.search(reply) else []
    return misses_of(reply, case) + declined + ([f"{len(reply)} characters"] if len(reply) > LONGEST else [])


def read_cases(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
