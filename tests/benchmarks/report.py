"""`make benchmark`: our own benchmark beside baselines, written into docs/benchmarks.md with date and machine."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path

from rich.console import Console

from bot.answer.index import Index
from bot.gate import Outcome, answer_case, decline_case, misses_of, read_cases
from bot.opening import open_tutor
from bot.settings import ROOT, read_settings
from bot.tutor import Tutor
from server.gate import understanding
from server.model import train
from tests.benchmarks.baselines import Rank, bm25, encoder_alone
from tests.benchmarks.machine import machine
from tests.benchmarks.page import write_figures

HERE = Path(__file__).parent
PAGE = ROOT / "docs" / "benchmarks.md"


def main() -> int:
    console = Console(stderr=True)
    settings = read_settings()
    tutor, understand = open_tutor(settings), understanding(train(settings))
    questions, messages = read_cases(HERE / "questions.jsonl"), read_cases(HERE / "out_of_scope.jsonl")
    started = time.perf_counter()
    answered = [answer_case(tutor.asking, case, understand) for case in questions]
    seconds = time.perf_counter() - started
    declined = [decline_case(tutor.asking, case, understand) for case in messages]
    index = tutor.asking.answerer.index
    console.print("baselines")
    ranks = {
        "BM25 over answers": bm25([answerable.facet.say for answerable in index.answerables]),
        "BM25 over answers and ways of asking": bm25([_everything(index, number) for number in range(len(index.answerables))]),
        "The published encoder alone, over ways of asking": encoder_alone(index),
    }
    baselines = {name: _share_right(tutor, rank, questions) for name, rank in ranks.items()}
    write_figures(PAGE, "answering", f"{_page(answered, declined, baselines, seconds)}\n")
    console.print(PAGE.read_text(encoding="utf-8"), markup=False)
    return 0


def _everything(index: Index, number: int) -> str:
    asked = (phrasing.text for phrasing in index.phrasings if phrasing.answerable == number)
    return " ".join([index.answerables[number].facet.say, *asked])


def _share_right(tutor: Tutor, rank: Rank, questions: Sequence[dict]) -> float:  # type: ignore[type-arg]
    answerables = tutor.asking.library.answerables
    return sum(not misses_of(answerables[int(rank(case["text"])[0])].facet.say, case) for case in questions) / len(questions)


def _page(answered: Sequence[Outcome], declined: Sequence[Outcome], baselines: dict[str, float], seconds: float) -> str:
    right = sum(not outcome.failed for outcome in answered)
    rejected = sum(outcome.declined for outcome in answered)
    away = sum(not outcome.failed for outcome in declined)
    lengths = sorted(len(outcome.reply) for outcome in answered)
    lines = [
        f"Measured on {datetime.now(timezone.utc):%d %B %Y}, {machine()}.",
        "",
        "| | figure |",
        "|---|---|",
        f"| questions answered rightly | **{right / len(answered):.1%}** ({right} of {len(answered)}) |",
        f"| questions wrongly declined | {rejected / len(answered):.1%} ({rejected}) |",
        f"| messages from outside declined | **{away / len(declined):.1%}** ({away} of {len(declined)}) |",
        f"| length of a reply, median and longest | {lengths[len(lengths) // 2]} and {lengths[-1]} characters |",
        f"| seconds per question in this process, intent and answer | {seconds / len(answered):.3f} |",
        *(f"| {name}, questions right | {share:.1%} |" for name, share in baselines.items()),
        "",
        "Misses by style of question, and by kind of message from outside:",
        "",
        "| style | missed | of |",
        "|---|---|---|",
        *_by_style(answered, "style"),
        *_by_style(declined, "kind"),
    ]
    return "\n".join(lines)


def _by_style(outcomes: Sequence[Outcome], key: str) -> list[str]:
    total = Counter(outcome.case[key] for outcome in outcomes)
    missed = Counter(outcome.case[key] for outcome in outcomes if outcome.failed)
    return [f"| {style} | {missed[style]} | {count} |" for style, count in total.most_common()]


if __name__ == "__main__":
    sys.exit(main())
