"""Puts words on questions, marks and results."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.content import Library
from bot.content.questions import Item, Matching, Multiple, Numeric, Ordering, Short, Single, TrueFalse
from bot.quiz.bank import Bank
from bot.quiz.mark import Mark, Verdict, right_answer
from bot.quiz.session import Session
from bot.quiz.shown import LETTERS, Shown
from bot.reply import Button, Reply

_LISTS = (Multiple, Ordering, Matching)


class QuizWords:
    """The only place where quizzes become text. Every method gives text, or buttons, for the reply of that name in knowledge/quiz.yml."""

    def __init__(self, bank: Bank, library: Library) -> None:
        self._bank = bank
        self._file = bank.file
        self._library = library

    def say(self, name: str, /, **values: object) -> str:
        return self._file.replies[name].format(**values)

    def reply(self, name: str, buttons: Sequence[Button] = (), **values: object) -> Reply:
        return Reply(f"quiz_{name}", self.say(name, **values), tuple(buttons))

    def button(self, label: str, token: str) -> Button:
        return Button(self._file.labels[label], f"quiz:{token}")

    def on_item(self, label: str, session: Session, what: str) -> Button:
        """A button that belongs to the current item and is refused on any other."""
        return self.button(label, f"{session.id}.{session.at}.{what}")

    def question(self, session: Session, shown: Shown, lead: str = "") -> Reply:
        """The item with its options, as it is shown; `lead` stands before it."""
        area = self._bank.area_title(shown.item)
        count = len(session.items)
        head = self.say("question", number=session.at + 1, count=count, area=area) if count > 1 else self.say("question_one", area=area)
        parts = [lead, f"**{head}**", shown.story, shown.ask, self._options(shown), self.how(shown)]
        return Reply("quiz_question", "\n\n".join(filter(None, parts)), self._answer_buttons(session, shown))

    def how(self, shown: Shown) -> str:
        """How this kind of item is answered."""
        return self.say(f"how_{shown.item.kind}")

    def marked_wrong(self, mark: Mark) -> str:
        """What was wrong with this very answer."""
        why = "\n".join(f"- {line}" for line in mark.why) if len(mark.why) > 1 else "".join(mark.why)
        why = f"\n{why}" if len(mark.why) > 1 else why
        name = "partly" if mark.verdict is Verdict.PARTLY else "wrong"
        if mark.left > 0 and not mark.why:
            return f"{self.say('partly_plain')} {self.say('partly_left', left=mark.left)}"
        return self.say(name, why=why) if why else self.say(f"{name}_plain")

    def answer(self, shown: Shown) -> str:
        """The right answer, why it is right, and where that stands."""
        listed = isinstance(shown.item, _LISTS)
        told = self.say("answer_list" if listed else "answer", answer=right_answer(shown))
        return "\n\n".join((told, shown.item.explain, self.source(shown.item)))

    def source(self, item: Item) -> str:
        title = self._library.sources[item.source].title
        if item.checked_on is None:
            return self.say("source", source=title)
        return self.say("law_source", source=title, date=f"{item.checked_on.day} {item.checked_on:%B %Y}")

    def given(self, shown: Shown, chosen: str, said: str) -> str:
        """A recorded answer in the item's words."""
        item = shown.item
        if isinstance(item, Short) or not chosen:
            return said or self.say("given_nothing")
        if isinstance(item, Numeric):
            return chosen
        places = [int(letter) for letter in chosen]
        if isinstance(item, (Single, Multiple)):
            return "; ".join(item.choices[place].text for place in places)
        if isinstance(item, TrueFalse):
            return ("True", "False")[places[0]]
        if isinstance(item, Ordering):
            return ", ".join(item.steps[place].text for place in places)
        return "; ".join(f"{pair.left}: {item.pairs[place].right}" for pair, place in zip(item.pairs, places, strict=True))

    def why_wrong(self, shown: Shown, chosen: str) -> str:
        """Why a recorded choice was wrong, as a paragraph of its own; nothing for other kinds."""
        item = shown.item
        if isinstance(item, TrueFalse) and chosen:
            return f"{item.why_wrong}\n\n"
        if not isinstance(item, (Single, Multiple)):
            return ""
        wrong = [item.choices[int(place)] for place in chosen if not item.choices[int(place)].right]
        return "".join(f"{choice.why}\n\n" for choice in wrong)

    def body(self, key: str) -> str:
        """How the criteria of an awarding body are called; those of no named body are the unit's."""
        return self._library.bodies[key].title if key != "other" else self._file.names["unit"]

    def says_review(self, text: str) -> bool:
        return bool(re.fullmatch(self._file.names["review"], " ".join(text.lower().split()).strip(" .!")))

    def _options(self, shown: Shown) -> str:
        item = shown.item
        if isinstance(item, TrueFalse):
            return ""
        lettered = "\n".join(f"{LETTERS[place].upper()}. {text}" for place, text in enumerate(shown.options))
        if isinstance(item, Matching):
            numbered = "\n".join(f"{number}. {pair.left}" for number, pair in enumerate(item.pairs, 1))
            return f"{numbered}\n\n{lettered}"
        return lettered

    def _answer_buttons(self, session: Session, shown: Shown) -> tuple[Button, ...]:
        """To answer with where one press can, and to ask for help where help is allowed."""
        hint = () if session.mode.is_test else (self.on_item("hint", session, "hint"),)
        return (*self.choices(session, shown), *hint, self.on_item("skip", session, "skip"), self.on_item("stop", session, "stop"))

    def choices(self, session: Session, shown: Shown) -> tuple[Button, ...]:
        """The buttons that answer; none where an answer is more than one press."""
        titles: list[tuple[str, str]] = []
        if isinstance(shown.item, Single):
            titles = [(LETTERS[place].upper(), LETTERS[place]) for place in range(len(shown.order))]
        elif isinstance(shown.item, TrueFalse):
            titles = [("True", "a"), ("False", "b")]
        return tuple(Button(title, f"quiz:{session.id}.{session.at}.{letter}") for title, letter in titles)
