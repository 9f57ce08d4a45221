"""Puts words on the paperwork: what is asked, offered, shown and told."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz, process

from bot.paperwork.days import in_working_days
from bot.paperwork.marking import Marked, Marker
from bot.paperwork.session import Session
from bot.paperwork.turn import Turn
from bot.paperwork.words import Field, Form, PaperworkFile, dated
from bot.reply import Button, Reply

PREFIX = "practice:form."
_ALIKE = 88


class Asking:
    """The only place where the paperwork becomes text."""

    def __init__(self, file: PaperworkFile, marker: Marker) -> None:
        self._file, self._marker = file, marker

    def say(self, name: str, /, **values: object) -> str:
        return self._file.say[name].format(**values)

    def reply(self, name: str, text: str, buttons: Sequence[Button] = ()) -> Reply:
        return Reply(f"paperwork_{name}", text, tuple(buttons))

    def hidden(self, titles: Sequence[str]) -> str:
        """What is said when data was hidden."""
        return self.say("masked", kinds=self._file.listed(titles))

    def form(self, session: Session) -> Form:
        return self._file.forms[session.form]  # type: ignore[index]

    def box(self, session: Session) -> Field:
        """The box that is open."""
        return self.form(session).fields[session.todo[0]]

    def reflection(self, session: Session, lead: str = "") -> Reply:
        """The reflection that is open; `lead` stands before it."""
        buttons = self._buttons(session.stage, ("skip", "stop"))
        return self.reply("reflect", "\n\n".join(filter(None, (lead, self.say(f"{session.stage}_ask")))), buttons)

    def ask(self, turn: Turn, lead: str = "") -> Reply:
        """The box that is open."""
        session, field = turn.session, self.box(turn.session)
        before = session.answers.get(turn.place)
        number, count = len(session.done) + 1, len(session.done) + len(session.todo)
        asked = (
            self.say("ask_again", title=field.title, before=before, ask=field.ask)
            if before
            else self.say("ask", number=number, count=count, title=field.title, ask=field.ask)
        )
        choices = [Button(title, f"{PREFIX}{turn.place}.{at}") for at, title in enumerate(self._choices(turn))]
        leads = (*(("back",) if session.done else ()), *(() if choices else ("example",)), "skip", "stop")
        return self.reply("box", "\n\n".join(filter(None, (lead, asked))), (*choices, *self._buttons(turn.place, leads)))

    def again(self, turn: Turn) -> Reply:
        """What is open, once more."""
        if turn.session.stage == "form":
            return self.ask(turn)
        return self.to_mend(self._marker.mark(turn)) if turn.session.stage == "marked" else self.reflection(turn.session)

    def old_button(self, turn: Turn) -> Reply:
        """What is open, after a button of something else."""
        again = self.again(turn)
        return Reply(again.kind, f"{self.say('old_button')}\n\n{again.text}", again.buttons)

    def choice_at(self, turn: Turn, what: str) -> str | None:
        """What the choice of that number puts into the open box."""
        choices = list(self._choices(turn).values()) if turn.session.box else []
        return choices[int(what)] if what.isdecimal() and len(what) < 3 and int(what) < len(choices) else None

    def choice_named(self, turn: Turn, text: str) -> str | None:
        """What the choice puts into the open box that the whole message names, small slips allowed."""
        choices = self._choices(turn)
        found = process.extractOne(text, choices.keys(), scorer=fuzz.ratio, processor=str.lower, score_cutoff=_ALIKE)
        return choices[found[0]] if found else None

    def shown(self, marked: Marked) -> Reply:
        """The form whole."""
        lines = [self.say("line", title=title, text=text or self.say("empty")) for title, text in marked.lines]
        return self.reply("filled", "\n".join((self.say("filled", form=marked.title), "", *lines)))

    def marked(self, marked: Marked, last: str = "") -> Reply:
        """The marks, and a last word."""
        return self.reply("marked", "\n\n".join(filter(None, (self._marks(marked), last))))

    def to_mend(self, marked: Marked) -> Reply:
        """The marks, with the offer to put it right."""
        return self.reply("marked", self._marks(marked), self._buttons("marked", ("mend", "done")))

    def _marks(self, marked: Marked) -> str:
        titles = {key: title for key, title, _ in marked.fields}
        parts = tuple(dict.fromkeys(gap.part for gap in marked.gaps))
        told = [
            self.say("missing", parts=self._file.listed(parts)) if parts else self.say("complete"),
            self.say("followed", date=dated(marked.due)) if marked.due else self.say("no_follow_up"),
            "" if marked.surplus else self.say("minimal"),
        ]
        better = self.say("better", title=titles[marked.better.box], text=marked.better.text) if marked.better else ""
        return "\n\n".join(filter(None, (" ".join(filter(None, told)), self._surplus(marked, titles), better)))

    def _surplus(self, marked: Marked, titles: dict[str, str]) -> str:
        """What should not be there: one line for each box and kind."""
        found: dict[tuple[str, str], list[str]] = {}
        for surplus in marked.surplus:
            found.setdefault((surplus.box, surplus.kind), []).append(f"“{surplus.quote}”")
        lines = [self._surplus_line(titles[box], kind, quotes) for (box, kind), quotes in found.items()]
        return "\n".join((self.say("surplus"), *lines)) if lines else ""

    def _surplus_line(self, title: str, kind: str, quotes: Sequence[str]) -> str:
        surplus = self._file.surplus[kind]
        return self.say("surplus_line", title=title, quotes=self._file.listed(quotes), kind=surplus.title, why=surplus.why)

    def _choices(self, turn: Turn) -> dict[str, str]:
        """Labels of the open box's choices, and what each puts into it."""
        field = self.box(turn.session)
        if field.is_ahead:
            days = [in_working_days(turn.today, count) for count in self._file.followed_in]
            return {f"{day:%a} {day.day} {day:%b}": dated(day) for day in days}
        titles = field.choices
        if field.has_day:
            titles = (self._file.buttons["today_by"].format(channel=self._file.channels[turn.scenario.channel]),)
        return {title: title for title in titles}

    def _buttons(self, place: str, names: Sequence[str]) -> tuple[Button, ...]:
        return tuple(Button(self._file.buttons[name], f"{PREFIX}{place}.{name}") for name in names)
