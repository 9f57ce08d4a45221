"""Puts a debrief into replies: the heart of it first, the rest one press away, and two runs side by side."""

from __future__ import annotations

from collections.abc import Sequence

from bot.content.scenarios import Scenario
from bot.debrief.played import Played
from bot.debrief.result import Debrief, Model, Step, Strength
from bot.debrief.words import DebriefFile, large
from bot.reply import Bar, Bars, Button, Reply

LONGEST = 2400  # characters of a reply
LONGEST_MORE = 3300  # of what `more` says altogether
MORE = "practice:debrief.more"
_SIZES = ((3, 4), (2, 4), (2, 3), (1, 3), (1, 2), (1, 1))  # strengths and criticisms of the first reply, as many as fit
_COMPARED = 4  # faults of a comparison
_UNWANTED = ("disclosed_data", "defensive")


class Teller:
    """Every method is a function of its arguments."""

    def __init__(self, words: DebriefFile) -> None:
        self._words = words

    def spoken(self, debrief: Debrief) -> tuple[Reply, ...]:
        """Outcome, what went well, the model's steps, the main criticisms, score, law and what to do next: one reply."""
        strengths, criticisms = self._fitting(debrief)
        return (Reply("debrief", self._first(debrief, strengths, criticisms)[:LONGEST], self._buttons(debrief), debrief.curve),)

    def more(self, debrief: Debrief) -> tuple[Reply, ...]:
        """What `spoken` left out: further criticisms; then what a tutor changed, strengths, quotes, criteria, and what lay behind it.

        At most LONGEST_MORE characters together; the least important criticisms are left out when it would be more.
        """
        strengths, criticisms = self._fitting(debrief)
        texts = [criticism.text for criticism in debrief.criticisms[criticisms:]]
        rest = self._rest(debrief, debrief.strengths[strengths:])
        title = self._words.say["more_criticisms"]
        while texts and (len(_block(title, texts)) > LONGEST or len(rest) + len(_block(title, texts)) > LONGEST_MORE):
            texts.pop()
        told = Reply("debrief_more", rest, debrief.further)
        return (Reply("debrief_more", _block(title, texts)), told) if texts else (told,)

    def compared(self, before: Debrief, after: Debrief) -> Reply:
        """Two runs of one scenario, the earlier first: endings, steps, band, what came, went and was mended."""
        say = self._words.say
        gained, lost = _new(before, after), _new(after, before)
        mended, fresh = self._faults(before, after), self._faults(after, before)
        lines = [
            say["compared"].format(name=after.name),
            "",
            say["before"].format(result=self._result(before)),
            say["after"].format(result=self._result(after)),
            "",
            *(say[key].format(steps=", ".join(steps)) for key, steps in (("gained", gained), ("lost", lost)) if steps),
            *([] if gained or lost else [say["same"]]),
            *(say[key].format(faults="; ".join(faults)) for key, faults in (("mended", mended), ("fresh", fresh)) if faults),
            *([] if mended or fresh else [say["rest_same"]]),
        ]
        return Reply("debrief_compared", "\n".join(lines), self._buttons(after), self._chart((before, after)))

    def short(self, played: Played, scenario: Scenario) -> Reply:
        """One sentence for a run that was left before there was enough to mark."""
        say = self._words.say
        turns = say["one_turn"] if played.turns == 1 else say["turns"].format(count=played.turns)
        text = say["short" if played.turns else "unbegun"].format(turns=turns, name=scenario.customer.name)
        return Reply("debrief_short", text, (Button(self._words.buttons["again"], "practice:retry.1"),))

    def _buttons(self, debrief: Debrief) -> tuple[Button, ...]:
        return (debrief.advice.button, Button(self._words.buttons["more"], MORE))

    def _fitting(self, debrief: Debrief) -> tuple[int, int]:
        """How many strengths and criticisms fit into the first reply; a strength is left out before a criticism is."""
        return next((size for size in _SIZES if len(self._first(debrief, *size)) <= LONGEST), _SIZES[-1])

    def _first(self, debrief: Debrief, strengths: int, criticisms: int) -> str:
        say = self._words.say
        told = [criticism.text for criticism in debrief.criticisms[:criticisms]]
        left = len(debrief.criticisms) - len(told)
        note = [say["left_one"] if left == 1 else say["left"].format(count=left)] if left else []
        parts = [
            debrief.outcome,
            _block(say["strengths"], [self._strength(debrief, strength) for strength in debrief.strengths[:strengths]]),
            self._steps(debrief),
            _block(say["criticisms"], told, note) if told else say["nothing"],
            debrief.personal_note,
            f"{debrief.score} {say['formative']}",
            f"{say['law']}: {debrief.law.text}",
            f"{say['next']}: {debrief.advice.text}",
        ]
        return "\n\n".join(part for part in parts if part)

    def _rest(self, debrief: Debrief, strengths: Sequence[Strength]) -> str:
        """At most LONGEST characters: strengths are left out, the least first, until it fits."""
        say = self._words.say
        made = [self._step(debrief, step, quoted=True) for step in debrief.model.steps if step.is_met]
        parts = [
            "\n".join([*debrief.reviewed, debrief.score]) if debrief.reviewed else "",
            _block(say["more_strengths"], [self._strength(debrief, strength) for strength in strengths]) if strengths else "",
            _block(self._title(debrief.model), made) if made else "",
            self._criteria(debrief),
            debrief.wants,
            debrief.root,
        ]
        text = "\n\n".join(part for part in parts if part)
        return self._rest(debrief, strengths[:-1]) if strengths and len(text) > LONGEST else text[:LONGEST]

    def _strength(self, debrief: Debrief, strength: Strength) -> str:
        if not strength.quote:
            return strength.text
        place = large(self._words.place(strength.quote.place, debrief.writing))
        return self._words.say["quoted"].format(place=place, quote=strength.quote.shown, text=strength.text)

    def _steps(self, debrief: Debrief) -> str:
        """The model's steps, what is particular to the body, and its other model's letters."""
        models = [model for model in (debrief.model, debrief.also) if model]
        told = [f"{self._title(model)}. {self._told(debrief, model)}." for model in models]
        return " ".join([told[0], debrief.model_note, *told[1:]])

    def _told(self, debrief: Debrief, model: Model) -> str:
        """Each step with where it was made; in one word when none was."""
        if not model.met:
            return self._words.say["all_absent"].format(labels=", ".join(step.label for step in model.steps))
        return "; ".join(self._step(debrief, step) for step in model.steps)

    def _title(self, model: Model) -> str:
        return self._words.say["steps"].format(model=model.title, met=model.met, of=len(model.steps))

    def _step(self, debrief: Debrief, step: Step, quoted: bool = False) -> str:
        say = self._words.say
        if not step.quote:
            return say["step_by_tutor" if step.by_tutor else "step_absent"].format(label=step.label)
        form = say["step_quoted"] if quoted else say["step_met"]
        return form.format(label=step.label, place=self._words.place(step.quote.place, debrief.writing), quote=step.quote.shown)

    def _criteria(self, debrief: Debrief) -> str:
        """Criteria met and not met; those of what must not happen are told when it did."""
        say = self._words.say
        advisory = {name: say["advisory_mark"].format(criterion=self._words.criteria[name]) for name in debrief.advisory}
        names = {**self._words.criteria, **advisory}
        wanted = {name: value for name, value in debrief.criteria.items() if name not in _UNWANTED}
        told = {
            "criteria_met": [names[name] for name, value in wanted.items() if value],
            "criteria_open": [names[name] for name, value in wanted.items() if value is False],
            "criteria_against": [names[name] for name in _UNWANTED if debrief.criteria[name]],
        }
        parts = [say[key].format(criteria=", ".join(of)) for key, of in told.items() if of]
        return " ".join([*parts, *([say["advisory"]] if advisory else [])])

    def _result(self, debrief: Debrief) -> str:
        words, model = self._words, debrief.model
        ending = words.endings[debrief.ending or "abandoned"]
        return words.say["result"].format(ending=ending, met=model.met, of=len(model.steps), band=words.bands[debrief.band])

    def _faults(self, one: Debrief, other: Debrief) -> list[str]:
        """What is criticised in the one and not in the other, the most important first."""
        names = {name for criticism in other.criticisms for name in criticism.names}
        own = [name for criticism in one.criticisms for name in criticism.names]
        return [self._words.faults[name].title for name in own if name not in names][:_COMPARED]

    def _chart(self, runs: tuple[Debrief, Debrief]) -> Bars:
        say = self._words.say
        names = (say["run_before"], say["run_after"])
        steps = [(run.model.met, len(run.model.steps)) for run in runs]
        calm = [round(1 - run.curve.points[-1].value, 2) for run in runs]
        rows = (
            *(
                Bar(say["chart_steps"].format(run=name), round(met / of, 2), say["of"].format(met=met, of=of))
                for name, (met, of) in zip(names, steps, strict=True)
            ),
            *(
                Bar(say["chart_calm"].format(run=name), value, say["hundred"].format(value=round(100 * value)))
                for name, value in zip(names, calm, strict=True)
            ),
        )
        return Bars(say["chart"], rows)


def _new(before: Debrief, after: Debrief) -> list[str]:
    """Steps of the model that only the later run has."""
    had = {step.name for step in before.model.steps if step.is_met}
    return [step.label for step in after.model.steps if step.is_met and step.name not in had]


def _block(title: str, points: Sequence[str], notes: Sequence[str] = ()) -> str:
    return "\n".join([title, *(f"- {point}" for point in points), *notes])
