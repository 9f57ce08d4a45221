"""The figures as one Markdown table, with when, where and how they were measured."""

from __future__ import annotations

from collections.abc import Sequence

from tests.benchmarks.load.figures import Figures, Plan
from tests.benchmarks.load.phase import Phase
from tests.benchmarks.machine import measured_on


def as_markdown(figures: Sequence[Figures], plan: Plan, circumstances: str) -> str:
    """A paragraph, then a column for each side."""
    columns = [_rows(one, plan) for one in figures]
    lines = ["| | " + " | ".join(one.side for one in figures) + " |", "|---|" + "---:|" * len(figures)]
    lines += [f"| {name} | {' | '.join(column[name] for column in columns)} |" for name in columns[0]]
    return "\n".join([circumstances, "", *lines, *_same_replies(figures)]) + "\n"


def _rows(figures: Figures, plan: Plan) -> dict[str, str]:
    """One side's figures by the name of their row."""
    one = plan.levels[0]
    busy = [level for level in plan.levels if level > 1]
    rows = {"Typed, 1 client, p50 / p95 / p99": _latency(figures.typed[one])}
    rows |= {f"Typed, {level} clients, p50 / p95 / p99": _latency(figures.typed[level]) for level in busy}
    rows |= {"Pressed, 1 client, p50 / p95 / p99": _latency(figures.pressed[one])}
    rows |= {f"Pressed, {level} clients, p50 / p95 / p99": _latency(figures.pressed[level]) for level in busy}
    rows |= {"Quiz answers, 1 client, p50 / p95 / p99": _latency(figures.quiz)}
    rows |= {"Practice lines, 1 client, p50 / p95 / p99": _latency(figures.practice)}
    rows |= {f"Typed, p50 at turn {turn} of one conversation": f"{_ms(seconds)} ms" for turn, seconds in figures.turns.items()}
    rows |= {f"Typed a second, fresh conversations, {_clients(level)}": _rate(figures.typed[level]) for level in plan.levels}
    rows |= {f"Pressed a second, fresh conversations, {_clients(level)}": _rate(figures.pressed[level]) for level in plan.levels}
    return rows | {
        f"Typed a second, from turn {plan.deep_turn} on, {_clients(plan.deep_clients)}": _rate(figures.deep),
        "HTTP floor, p50": f"{_ms(figures.floor)} ms",
        "Server time, typed, 1 client, p50 less floor": f"{_ms(figures.typed[one].median - figures.floor)} ms",
        "Server time, pressed, 1 client, p50 less floor": f"{_ms(figures.pressed[one].median - figures.floor)} ms",
        "Server time, quiz answers, p50 less floor": f"{_ms(figures.quiz.median - figures.floor)} ms",
        "Server time, practice lines, p50 less floor": f"{_ms(figures.practice.median - figures.floor)} ms",
        "Processor seconds for 1,000 typed, 1 client": _processor(figures.typed[one]),
        "Processor seconds for 1,000 pressed, 1 client": _processor(figures.pressed[one]),
        f"Processor seconds for 1,000 typed, from turn {plan.deep_turn} on": _processor(figures.deep),
        "Start-up, from the command to the first answered message": f"{figures.start:.1f} s",
        "Memory of all processes (PSS), first answer": f"{figures.first_memory:,.0f} MiB",
        "Memory of all processes (PSS), after all messages": f"{figures.last_memory:,.0f} MiB",
        "Messages without a reply": str(sum(phase.unanswered for phase in _phases(figures))),
    }


def _phases(figures: Figures) -> list[Phase]:
    return [*figures.typed.values(), *figures.pressed.values(), figures.quiz, figures.practice, figures.deep]


def _clients(count: int) -> str:
    return f"{count} client{'s' if count > 1 else ''}"


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:.1f}"


def _latency(phase: Phase) -> str:
    return " / ".join(f"{1000 * phase.percentile(percent):.0f}" for percent in (50, 95, 99)) + " ms"


def _rate(phase: Phase) -> str:
    return f"{phase.rate:.1f}"


def _processor(phase: Phase) -> str:
    return f"{phase.processor_per_thousand:.1f} s"


def _same_replies(figures: Sequence[Figures]) -> list[str]:
    """Whether the sides did the same work: their replies to the same messages, as one client sent them."""
    if len(figures) < 2:
        return []
    ours, stock = (next(iter(one.typed.values())).answers for one in figures)
    same = sum(a.text == b.text for a, b in zip(ours, stock, strict=True))
    return ["", f"Both sides gave the same reply, word for word, to {same} of the {len(ours)} typed messages of one client."]


SMALLER = " Fewer messages than in a whole run; stock Rasa was trained for one epoch: its answers are worse, its speed no different."


def circumstances(command: str, load: float, quick: bool) -> str:
    """When, where, with what."""
    return measured_on(command, load, ("rasa", "sanic", "sqlalchemy", "onnxruntime", "tensorflow")) + (SMALLER if quick else "")
