"""Runs question files against the tutor in this process: what share is answered rightly, declined, and turned away wrongly.

    cd tests/benchmarks; python -m tests.benchmarks.answering --questions questions.jsonl --outside out_of_scope.jsonl --show 20

Intents come from the trained model when there is one (`--model`), else every message is looked up.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.gate import Outcome, answer_case, decline_case, read_cases
from bot.opening import open_asking
from bot.settings import read_settings
from server.gate import understanding


def always_ask(_: str) -> tuple[str, float]:
    return "ask", 1.0


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
    asking = open_asking(read_settings())
    understand = understanding(args.model) if args.model else always_ask
    questions = [answer_case(asking, case, understand) for path in args.questions for case in read_cases(path)]
    outside = [decline_case(asking, case, understand) for path in args.outside for case in read_cases(path)]
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
