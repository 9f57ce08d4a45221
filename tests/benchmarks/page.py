"""Pages under docs/ that hold figures: what stands between two markers is measured, the rest is written by people."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

out = Console(stderr=True)


class BenchmarkError(Exception):
    """Something could not be measured or written; the message says why."""


def figures_on(page: Path, name: str) -> str:
    """What stands between the markers of that name. Raises BenchmarkError when they do not both stand there, in this order."""
    return _parted(page.read_text(encoding="utf-8"), page, name, "")[1]


def write_figures(page: Path, name: str, figures: str, begun: str = "", section: str | None = None) -> None:
    """Replace what stands between the markers and nothing else. `figures` end with a line feed.

    A page that is not there yet begins with `begun`; where neither marker stands, `section` is what introduces them at its end.
    Raises BenchmarkError, with the figures, when the markers are not both there, in this order.
    """
    begin, end = _markers(name)
    text = page.read_text(encoding="utf-8") if page.exists() else begun
    if begin not in text and end not in text and (section is not None or not page.exists()):
        text = f"{text.rstrip()}\n{section or ''}\n{begin}\n{end}\n".lstrip()
    before, _, after = _parted(text, page, name, figures)
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(f"{before}{begin}\n{figures}{end}{after}", encoding="utf-8")


def _parted(text: str, page: Path, name: str, figures: str) -> tuple[str, str, str]:
    begin, end = _markers(name)
    before, found, rest = text.partition(begin)
    between, ended, after = rest.partition(end)
    if not (found and ended):
        raise BenchmarkError(f"{page}: the lines {begin} and {end} must both stand there, in this order. The figures:\n\n{figures}")
    return before, between, after


def _markers(name: str) -> tuple[str, str]:
    return f"<!-- {name}: begin -->", f"<!-- {name}: end -->"


def run_and_show(name: str, measure: Callable[[Path], str], write: Callable[[str], None]) -> int:
    """Measure in a folder that goes afterwards, write, show; an exit status. What cannot be done is one message."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that processes and folders are cleared away then, too
    try:
        with TemporaryDirectory(prefix=f"aftercare-{name}-") as folder:
            figures = measure(Path(folder))
        write(figures)
    except BenchmarkError as error:
        out.print(str(error), style="red", markup=False, highlight=False, soft_wrap=True)
        return 1
    sys.stdout.write(figures)
    return 0


@dataclass(frozen=True)
class Place:
    """Where figures stand: the page, the name of their markers, and what introduces them."""

    page: Path
    name: str
    section: str


def quick_or_written(about: str, place: Place, measure: Callable[[Path, bool], str]) -> int:
    """A benchmark's command line; an exit status. With `--quick` a few messages are measured and nothing is written."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick

    def write(figures: str) -> None:
        if not quick:
            write_figures(place.page, place.name, figures, section=place.section)

    return run_and_show(place.name, lambda folder: measure(folder, quick), write)
