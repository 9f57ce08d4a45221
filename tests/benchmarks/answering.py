"""Runs question files against the tutor in this process: what share is answered rightly, declined, and turned away wrongly.

    cd tests/benchmarks; python -m tests.benchmarks.answering --questions questions.jsonl --outside out_of_scope.jsonl --show 20

Intents come from the trained model when there is one (`--model`), else every message is looked up.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.answer import Context
from bot.settings import read_settings
from bot.tutor import Tutor, open_tutor

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


def answer_case(tutor: Tutor, case: dict[str, Any], understand: Understand) -> Outcome:
    """Ask in a fresh conversation, after the messages of `before`."""
    context, reply = Context(), ""
    for message in [*case.get("before", []), case["text"]]:
        turn = tutor.asking.respond(message, context, *understand(message))
        context, reply = turn.context, turn.reply.text
    return Outcome(case, reply, tuple(_misses(reply, case)))


def decline_case(tutor: Tutor, case: dict[str, Any], understand: Understand) -> Outcome:
    """Whether a message that is not for us is turned away."""
    reply = tutor.asking.respond(case["text"], Context(), *understand(case["text"])).reply.text
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


def always_ask(_: str) -> tuple[str, float]:
    return "ask", 1.0


def from_model(model: Path) -> Understand:
    """Intents of a trained model."""
    import asyncio

    from server.incident import configure_logging

    configure_logging()
    from rasa.core.agent import Agent

    agent = Agent.load(str(model))

    def understand(text: str) -> tuple[str, float]:
        parsed = asyncio.run(agent.parse_message(text))["intent"]
        return parsed["name"] or "ask", parsed["confidence"]

    return understand


def summary(questions: Sequence[Outcome], outside: Sequence[Outcome]) -> dict[str, Any]:
    """Rates from 0 to 1."""
    counted: dict[str, Any] = {}
    if questions:
        right = sum(not outcome.failed for outcome in questions)
        counted["questions"] = {
            "right": round(right / len(questions), 3),
            "declined": round(sum(outcome.declined for outcome in questions) / len(questions), 3),
            "of": len(questions),
        }
    if outside:
        counted["outside"] = {"declined": round(sum(not outcome.failed for outcome in outside) / len(outside), 3), "of": len(outside)}
    return counted


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=Path, nargs="*", default=[])
    parser.add_argument("--outside", type=Path, nargs="*", default=[])
    parser.add_argument("--model", type=Path)
    parser.add_argument("--show", type=int, default=0, help="print this many misses of each kind")
    args = parser.parse_args()
    tutor = open_tutor(read_settings())
    understand = from_model(args.model) if args.model else always_ask
    questions = [answer_case(tutor, case, understand) for path in args.questions for case in read_cases(path)]
    outside = [decline_case(tutor, case, understand) for path in args.outside for case in read_cases(path)]
    for group in (questions, outside):
        for outcome in [outcome for outcome in group if outcome.failed][: args.show]:
            before = outcome.case.get("before") or ""
            line = f"--- {outcome.case['id']} {outcome.case.get('style') or outcome.case.get('kind')}: {before} {outcome.case['text']}"
            sys.stdout.write(f"{line}\n    missed: {outcome.failed}\n    reply : {outcome.reply[:300]!r}\n")
    misses = Counter(str(outcome.case.get("style") or outcome.case.get("kind")) for outcome in [*questions, *outside] if outcome.failed)
    sys.stdout.write(f"misses by style: {dict(misses.most_common())}\n{json.dumps(summary(questions, outside))}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
