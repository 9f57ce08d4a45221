"""Side by side with stock Rasa: the same data, machine and run, this project's `config.yml` against what `rasa init` sets up.

    python -m tests.benchmarks.stock            # about twenty minutes on a quiet machine; writes docs/benchmarks.md
    python -m tests.benchmarks.stock --quick    # one epoch, 30 texts; shows the figures and writes nothing

Both sides go through Rasa's own commands in folders of their own: `rasa train`, then `rasa run --enable-api` on loopback.
Imports are compiled and read once before anything is timed, so that whichever side comes first does not pay for the other.
Needs Linux, for /proc.
"""

from __future__ import annotations

import argparse
import http.client
import importlib.util
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import yaml
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from bot.gate import read_cases
from bot.settings import ROOT
from tests.benchmarks.machine import measured_on
from tests.benchmarks.page import BenchmarkError, out, run_and_show, write_figures
from tests.ports import free_port

BENCHMARKS = Path(__file__).parent
DOCS = ROOT / "docs" / "benchmarks.md"
NEW_FILE = """# Benchmarks

Figures that the benchmarks in `tests/benchmarks` wrote here. They are measured, not edited: run the target again to renew them.
"""
SECTION = "\n## Side by side with stock Rasa\n"

SEED = 42
HELD_OUT = 5  # one in so many examples of each intent
STARTS = 3  # the median of so many start-ups counts
QUICK_TEXTS = 30
PATIENCE = 600  # seconds that a server may take to answer
FIRST_TEXT = "Is anybody there yet?"  # in no data file: must not fill a cache for a text that is timed

TURNED_AWAY = {"out_of_scope", "nlu_fallback"}
NOT_ANSWERED = TURNED_AWAY | {"distress", "emergency", "other_person"}


@dataclass(frozen=True)
class Case:
    """A text, the intent it is meant to have, and whether it was held out of `data/nlu` or comes from a question file."""

    text: str
    intent: str
    held_out: bool


@dataclass(frozen=True)
class Side:
    """One of the two pipelines and the folder it is trained and served in."""

    name: str
    config: dict[str, Any]
    folder: Path

    @property
    def log(self) -> Path:
        return self.folder / "log.txt"


@dataclass(frozen=True)
class Training:
    """What one training process used: seconds by the clock and on the processors, peak MiB."""

    seconds: float
    processor_seconds: float
    peak: float


@dataclass(frozen=True)
class Serving:
    """One server's start-up seconds (median), MiB resident when first answering and after all texts, and each case's intent and seconds."""

    start: float
    first_resident: float
    last_resident: float
    answers: list[tuple[Case, str, float]]


@dataclass(frozen=True)
class Result:
    """Everything measured on one side."""

    side: Side
    training: Training
    serving: Serving


# Data


def split_examples(folder: Path, avoid: set[str]) -> tuple[dict[str, Any], list[Case], int]:
    """Training file, held-out cases, and how many examples were dropped.

    Every fifth example of each intent is held out, after a seeded shuffle. Training examples that stand word for word in
    `avoid` (the question files, in small letters) are dropped: neither side may learn what it is asked.
    """
    shuffle = random.Random(SEED).shuffle
    kept, held_out, dropped = [], [], 0
    for intent, examples in sorted(_read_examples(folder).items()):
        shuffle(examples)
        count = round(len(examples) / HELD_OUT)
        held_out += [Case(text, intent, True) for text in examples[:count]]
        training = [text for text in examples[count:] if text.casefold() not in avoid]
        dropped += len(examples) - count - len(training)
        kept.append({"intent": intent, "examples": "".join(f"- {text}\n" for text in training)})
    return {"version": "3.1", "nlu": kept}, held_out, dropped


def _read_examples(folder: Path) -> dict[str, list[str]]:
    """Examples by intent. Anything but plain intents would be lost in the split, so it is refused."""
    found: dict[str, list[str]] = {}
    for path in sorted(folder.rglob("*.yml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            lines = entry["examples"].splitlines()
            if entry.keys() != {"intent", "examples"} or not all(line.startswith("- ") for line in lines):
                raise BenchmarkError(f"{path}: only intents with one example a line can be split.")
            found.setdefault(entry["intent"], []).extend(line[2:].strip() for line in lines)
    return found


def question_cases() -> list[Case]:
    """The question files: what must be taken on, and what must not."""
    files = {"out_of_scope.jsonl": "out_of_scope", "questions.jsonl": "ask"}
    return [Case(case["text"], intent, False) for name, intent in files.items() for case in read_cases(BENCHMARKS / name)]


def some_of(cases: Sequence[Case], count: int) -> list[Case]:
    """About `count` cases, evenly spread, so that every source is among them."""
    return list(cases[:: max(1, -(-len(cases) // count))])


# The two pipelines


def stock_config() -> dict[str, Any]:
    """What a project made by `rasa init` is trained with.

    The template's `pipeline` and `policies` hold comments only. Rasa then takes its recipe's defaults and writes them into
    the file; the comments of 3.6's template are older than those defaults. So the defaults are read from where Rasa reads them.
    """
    spec = importlib.util.find_spec("rasa")
    if spec is None or spec.origin is None:
        raise BenchmarkError("Rasa is not installed here. Run make setup.")
    installed = Path(spec.origin).parent
    template = _read_yaml(installed / "cli/initial_project/config.yml")
    defaults = _read_yaml(installed / "engine/recipes/config_files/default_config.yml")
    return {key: defaults[key] if value is None else value for key, value in template.items()}


def one_epoch(config: dict[str, Any]) -> dict[str, Any]:
    """The same components, trained for one epoch where they count epochs."""
    lists = {key: [{**part, "epochs": 1} if "epochs" in part else part for part in config[key]] for key in ("pipeline", "policies")}
    return {**config, **lists}


def _read_yaml(path: Path) -> dict[str, Any]:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def lay_out(side: Side, nlu: dict[str, Any]) -> None:
    """A Rasa project with the side's configuration, the training share of the examples, and the project's domain and stories."""
    side.folder.mkdir()
    shutil.copytree(ROOT / "data" / "stories", side.folder / "data" / "stories")
    shutil.copy(ROOT / "domain.yml", side.folder)
    for name, content in {"config.yml": side.config, "data/nlu.yml": nlu, "credentials.yml": {"rest": None}}.items():
        (side.folder / name).write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=1000), encoding="utf-8")


# Processes


def environment(bytecode: Path) -> dict[str, str]:
    """Quiet, the same for both sides, this project importable, and compiled imports kept in the run's own folder."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("AFTERCARE_", "PYTHONDONTWRITEBYTECODE"))}
    quiet = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"}
    return {**inherited, **quiet, "PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(bytecode)}


@contextmanager
def running(side: Side, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A Python process in the side's folder, which has ended when the block ends, however it ends."""
    with side.log.open("ab") as log:
        child = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=side.folder,
            env=environment(side.folder.parent / "bytecode"),
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            yield child
        finally:
            stop(child)


def stop(child: subprocess.Popen[bytes]) -> None:
    """Ask to end, then insist."""
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(30)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def complaint(side: Side, what: str) -> BenchmarkError:
    """What went wrong, with the end of the process's own words."""
    tail = "\n".join(side.log.read_text(encoding="utf-8", errors="replace").splitlines()[-20:])
    return BenchmarkError(f"{side.name}: {what}. Its last words:\n{tail}")


def warm_up(sides: Sequence[Side]) -> None:
    """Compile and read everything that either side imports, so that no timed process does it for the others."""
    own = {part["name"].rpartition(".")[0] for side in sides for part in side.config["pipeline"] if "." in part["name"]}
    rasa = (
        "rasa.__main__",
        "rasa.engine.recipes.default_components",
        "rasa.model_training",
        "rasa.validator",
        "rasa.core.run",
        "rasa.server",
    )
    with running(sides[0], "-c", f"import {', '.join([*rasa, *sorted(own)])}") as child:
        if child.wait():
            raise complaint(sides[0], "its components cannot be imported")


# Measurements


def train(side: Side) -> Training:
    """Train in a process of its own. The kernel's account of that process is what `/usr/bin/time -v` shows."""
    started = time.perf_counter()
    with running(side, "-m", "rasa", "train", "--fixed-model-name", "model") as child:
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - started
    if child.returncode or not (side.folder / "models" / "model.tar.gz").exists():
        raise complaint(side, "training failed")
    return Training(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


@contextmanager
def served(side: Side) -> Iterator[tuple[Callable[[str], str], int, float]]:
    """A server that answers: a function from a text to its intent, the process's number, seconds until the first answer."""
    port = free_port()
    started = time.perf_counter()
    with running(side, "-m", "rasa", "run", "--enable-api", "-i", "127.0.0.1", "--port", str(port)) as child:
        await_answer(side, child, port)
        seconds = time.perf_counter() - started
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            yield partial(intent_of, connection), child.pid, seconds
        finally:
            connection.close()


def await_answer(side: Side, child: subprocess.Popen[bytes], port: int) -> None:
    """Ask until there is an answer."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if child.poll() is not None:
            raise complaint(side, "the server stopped")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            intent_of(connection, FIRST_TEXT)
            return
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)
        finally:
            connection.close()
    raise complaint(side, f"no answer within {PATIENCE} seconds")


def intent_of(connection: http.client.HTTPConnection, text: str) -> str:
    """The intent that the server gives a text. Anything but an answer is an HTTPException."""
    connection.request("POST", "/model/parse", json.dumps({"text": text}), {"Content-Type": "application/json"})
    response = connection.getresponse()
    body = response.read()
    if response.status != 200:
        raise http.client.HTTPException(f"status {response.status} for {text!r}")
    return str(json.loads(body)["intent"]["name"])


def serve(side: Side, cases: Sequence[Case], starts: int, advance: Callable[[], None]) -> Serving:
    """Start so many times; the last server is asked every text, one after the other."""
    seconds, answers = [], []
    for remaining in reversed(range(starts)):
        with served(side) as (understand, process, start):
            seconds.append(start)
            if not remaining:
                first = resident(process)
                for case in cases:
                    answers.append(timed(understand, case))
                    advance()
                return Serving(median(seconds), first, resident(process), answers)
    raise ValueError("at least one start is needed")


def timed(understand: Callable[[str], str], case: Case) -> tuple[Case, str, float]:
    started = time.perf_counter()
    return case, understand(case.text), time.perf_counter() - started


def resident(process: int) -> float:
    """MiB of a process that are in memory; Rasa's server is one process."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


# Figures


Answers = Sequence[tuple[Case, str, float]]


def share(answers: Answers, counts: Callable[[Case, str], bool]) -> str:
    """For example `91.5 % (184 of 201)`."""
    hits = sum(counts(case, intent) for case, intent, _ in answers)
    return f"{100 * hits / len(answers):.1f} % ({hits} of {len(answers)})" if answers else "none asked"


def milliseconds(answers: Answers, percent: int) -> str:
    """A percentile of the time that held-out texts took."""
    seconds = [taken for case, _, taken in answers if case.held_out]
    return f"{1000 * quantiles(seconds, n=100, method='inclusive')[percent - 1]:.1f} ms"


def rows(result: Result) -> dict[str, str]:
    """One side's figures by the name of their row."""
    training, serving = result.training, result.serving
    answers = serving.answers
    return {
        "Training": f"{training.seconds:.1f} s",
        "Training, processor time": f"{training.processor_seconds:.1f} s",
        "Training, peak memory": f"{training.peak:,.0f} MiB",
        "Start-up to first answer": f"{serving.start:.1f} s",
        "Resident memory, first answer": f"{serving.first_resident:,.0f} MiB",
        "Resident memory, after all texts": f"{serving.last_resident:,.0f} MiB",
        "Message, p50": milliseconds(answers, 50),
        "Message, p95": milliseconds(answers, 95),
        "Intent accuracy, held-out": share([a for a in answers if a[0].held_out], lambda case, intent: intent == case.intent),
        **by_source("Out-of-scope recall", answers, "out_of_scope", NOT_ANSWERED),
        **by_source("False rejection", answers, "ask", TURNED_AWAY),
    }


def by_source(label: str, answers: Answers, meant: str, intents: set[str]) -> dict[str, str]:
    """How often texts meant as one intent came back as one of some: together, and for each source."""
    asked = [answer for answer in answers if answer[0].intent == meant]
    sources = {"together": asked, "held-out": [a for a in asked if a[0].held_out], "question file": [a for a in asked if not a[0].held_out]}
    return {f"{label}, {source}": share(some, lambda _, intent: intent in intents) for source, some in sources.items()}


def as_markdown(results: Sequence[Result], circumstances: str) -> str:
    """A paragraph on how it was measured, then a column for each side."""
    columns = [rows(result) for result in results]
    lines = [" | ".join(["", *(result.side.name for result in results)]), "---|" + "---:|" * len(results)]
    table = [f"|{lines[0]} |", f"|{lines[1]}", *(f"| {name} | {' | '.join(column[name] for column in columns)} |" for name in columns[0])]
    return f"{circumstances}\n\n" + "\n".join(table) + f"\n\n{MEANING}\n"


MEANING = """Memory is that of the whole process. Start-up is the median of several, from the command to the first `/model/parse` \
answered. Message times are for one client on loopback over the held-out texts.

Out-of-scope recall is the share of messages that are not for the tutor (held-out `out_of_scope` examples, \
`tests/benchmarks/out_of_scope.jsonl`) that came back as `out_of_scope`, `distress`, `emergency`, `other_person` or `nlu_fallback`; \
false rejection is the share of questions (held-out `ask` examples, `tests/benchmarks/questions.jsonl`, each without what was said \
before it) that came back as `out_of_scope` or `nlu_fallback`. Both concern intents only: what the tutor then looks up is not counted. \
Stock Rasa starts from unseeded random weights, so its shares change a little from run to run. Its policies for stories \
(TED, UnexpecTED) and its response selector find nothing to learn in this data, which has rules and plain intents only, so its \
training time is nearly all the intent classifier's."""


def circumstances(examples: int, dropped: int, load: float, quick: bool) -> str:
    """When, where, with what."""
    command = f"python -m tests.benchmarks.stock{' --quick' if quick else ''}"
    return (
        f"{measured_on(command, load, ('rasa', 'tensorflow', 'scikit-learn', 'onnxruntime', 'numpy'))} Both sides were trained "
        f"with `rasa train` on the same {examples} examples: `data/nlu` without a seeded fifth of each intent, and without "
        f"{dropped} that stand word for word in the question files."
        + (" **A quick trial: one epoch and a few texts. These figures mean nothing.**" if quick else "")
    )


# The run


def measure(side: Side, cases: Sequence[Case], starts: int, progress: Progress) -> Result:
    """Train, then serve, one side; nothing else runs meanwhile."""
    task = progress.add_task(f"{side.name}: training", total=None)
    training = train(side)
    progress.update(task, description=f"{side.name}: starting and asking", total=len(cases))
    serving = serve(side, cases, starts, lambda: progress.advance(task))
    progress.update(task, description=f"{side.name}: done")
    return Result(side, training, serving)


def run(quick: bool, folder: Path) -> str:
    """The figures of one run, as Markdown; `folder` takes everything that is written meanwhile."""
    load = os.getloadavg()[0]
    questions = question_cases()
    nlu, held_out, dropped = split_examples(ROOT / "data" / "nlu", {case.text.casefold() for case in questions})
    cases = some_of([*held_out, *questions], QUICK_TEXTS) if quick else [*held_out, *questions]
    sides = [Side("Aftercare", _read_yaml(ROOT / "config.yml"), folder / "ours"), Side("Stock Rasa", stock_config(), folder / "stock")]
    if quick:
        sides = [replace(side, config=one_epoch(side.config)) for side in sides]
    for side in sides:
        lay_out(side, nlu)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=out) as progress:
        task = progress.add_task("Reading everything in", total=1)
        warm_up(sides)
        progress.advance(task)
        results = [measure(side, cases, 1 if quick else STARTS, progress) for side in sides]
    examples = sum(entry["examples"].count("\n") for entry in nlu["nlu"])
    return as_markdown(results, circumstances(examples, dropped, load, quick))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one epoch and 30 texts, to try the benchmark itself")
    parser.add_argument("--into", type=Path, help="file to write to; default docs/benchmarks.md, with --quick none")
    args = parser.parse_args()
    target = args.into or (None if args.quick else DOCS)

    def write(figures: str) -> None:
        if target:
            write_figures(target, "stock", figures, NEW_FILE, SECTION)

    return run_and_show("stock", partial(run, args.quick), write)


if __name__ == "__main__":
    sys.exit(main())
