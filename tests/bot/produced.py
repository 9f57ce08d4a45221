"""Every reply that the content can produce, one kind after another."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, pairwise
from typing import Any

import yaml

from bot.content.questions import Multiple, Numeric, Single, TrueFalse
from bot.content.scenarios import all_said
from bot.practice import Reply as Spoken
from bot.practising.words import PracticeWords
from bot.quiz.given import Amount, OwnWords, Places
from bot.quiz.mark import Mark, Verdict, mark
from bot.quiz.session import Mode, Session
from bot.quiz.shown import Shown, show
from bot.reply import Button, Reply
from bot.settings import ROOT
from bot.tutor import Tutor
from tests.bot.debrief.played import of_script, practice, scenarios, teller

SEEDS = (1, 2)


def answers(tutor: Tutor) -> Iterator[Reply]:
    """With everything that can stand around one: a caveat, near answers, the awarding body's question, the two last buttons."""
    words, library = tutor.asking.words, tutor.asking.library
    for answerable in library.answerables:
        near = [library.answerables[0], library.answerables[1]]
        yield words.answer(answerable)
        full = words.answer(answerable, caveat=True, near=near)
        check = tutor.quiz.check_button(answerable.topic.id, 0)
        buttons = (*tutor.unhelpful.offered(full), *((check,) if check else ()), *words.bodies())
        yield Reply("answer", f"{full.text}\n\n{words.plain('body_question').text}", buttons)
    topics = list(library.topics.values())
    yield from (words.compared(first, second) for first, second in pairwise(topics))
    yield words.plain("unclear", words.choices(library.answerables[:6]))


def questions(tutor: Tutor) -> Iterator[Reply]:
    """Every item as it is asked in a quiz and in a test, and what is said to answers to it, right and wrong."""
    words = tutor.quiz._words
    for item in tutor.quiz.bank.items.values():
        for seed in SEEDS:
            for mode in (Mode.QUIZ, Mode.MOCK):
                session = Session("0123456789abcdef", mode, (item.id,) * 10, seed, 0.0, 0.0)
                shown = show(item, seed)
                yield words.question(session, shown)
            for marked in _marks(shown, tutor):
                buttons = (
                    *words.choices(session, shown),
                    words.on_item("hint", session, "hint"),
                    words.on_item("appeal", session, "appeal"),
                )
                if marked.verdict is not Verdict.RIGHT:
                    yield Reply("quiz_wrong", f"{words.marked_wrong(marked)}\n\n{words.say('try_again')}", buttons)
                    yield Reply("quiz_wrong", f"{words.marked_wrong(marked)}\n\n{words.answer(shown)}", buttons[-1:])
            yield Reply("quiz_right", "\n\n".join((words.say("right", explain=item.explain), words.source(item))))
            yield Reply("quiz_revealed", f"{words.answer(shown)}\n\n{words.say('revealed')}")


def _marks(shown: Shown, tutor: Tutor) -> Iterator[Mark]:
    item, count = shown.item, len(shown.order)
    if isinstance(item, (Single, TrueFalse)):
        given: list[Any] = [Places((place,)) for place in range(count)]
    elif isinstance(item, Numeric):
        given = [Amount(shown.sum_of(item.result) + 1)]
    elif isinstance(item, Multiple):
        given = [Places((place,)) for place in range(count)] + [Places(tuple(range(count)))]
    elif count:
        given = [Places(tuple(reversed(range(count))))]
    else:
        given = [OwnWords("something that is quite wrong")]
    yield from (made for one in given if (made := mark(shown, one, tutor.quiz._answering.shorts)))


def customers(tutor: Tutor) -> Iterator[Reply]:
    """Briefs, and every line that any customer can say."""
    words = PracticeWords.load(ROOT / "knowledge")
    lead = tuple(words.button(name, name) for name in ("hint", "pause", "feedback", "hide"))
    for scenario in scenarios():
        yield words.brief(scenario)
        lines = [*scenario.opening, *all_said(scenario.says), *(line for lines in scenario.endings.values() for line in lines)]
        for line in lines:
            yield words.customer(scenario, Spoken(line, "furious and close to tears", 90, 10, None, ()), hidden=False, buttons=lead)
    shared = practice().tables.lines
    for line in chain.from_iterable(map(all_said, (shared.lines, shared.spoken, shared.face_to_face, *shared.tempers.values()))):
        yield words.customer(scenarios()[0], Spoken(line, "furious", 90, 10, None, ()), hidden=False, buttons=lead)
    titles = [Button(scenario.title, f"practice:start.{scenario.id}") for scenario in scenarios()]
    for at in range(0, len(titles), 3):
        yield words.reply("offer", (*titles[at : at + 3], words.button("any", "any")))


def debriefs(tutor: Tutor) -> Iterator[Reply]:
    reflect = PracticeWords.load(ROOT / "knowledge").button("reflect", "reflect")
    for scenario in scenarios():
        good, bad = of_script(scenario.id, "model", "biiab"), of_script(scenario.id, "defensive")
        for told in (good, bad):
            *before, last = teller().spoken(told)
            yield from (*before, Reply(last.kind, last.text, (*last.buttons, reflect), last.picture), *teller().more(told))
        yield teller().compared(bad, good)


def words() -> Iterator[Reply]:
    """Every text of a file of words, with its placeholders as they are."""
    for path in sorted((ROOT / "knowledge").glob("*.yml")):
        yield from (
            Reply(path.stem, text, (Button("Start again", "do:start_again"),))
            for text in _texts(yaml.load(path.read_text(), Loader=yaml.CSafeLoader))
        )


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


KINDS = {"answers": answers, "questions": questions, "customers": customers, "debriefs": debriefs, "words": lambda _: words()}
