"""All checks of what is taught, as one report."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from bot.content import load
from bot.content.check import Report
from bot.content.check import check as check_content
from bot.content.check_questions import check_questions
from bot.quiz.bank import Bank
from bot.quiz.check import check_bank
from bot.triage.words import ReasonWords


def check_everything(folder: Path, today: date, originals: Path | None = None) -> Report:
    """Topics, items, quizzes, scenarios and their words, the desk's reasons; every scenario is played. Raises ContentError.

    `originals` is a folder of texts whose wording must not be repeated.
    """
    library, bank = load(folder), Bank.load(folder)
    ReasonWords.load(folder)
    report = check_content(library, today, originals)
    found = check_questions(tuple(bank.items.values()), library, today, originals)
    return replace(report, errors=(*report.errors, *found.errors, *check_bank(bank, library)), warnings=(*report.warnings, *found.warnings))
