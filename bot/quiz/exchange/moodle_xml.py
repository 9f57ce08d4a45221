"""Items as Moodle XML, which carries hints, tags and id numbers as well."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from bot.content.questions import Item, TrueFalse, wordings
from bot.content.schema import Topic
from bot.quiz.exchange.converted import converted
from bot.quiz.exchange.exported import Exported, NoteBook
from bot.quiz.exchange.question import FULL, NONE, Choices, Essay, Pairs, Question, Sum, Verdict, Wording, decimal_text, percent_text

HINTS_UNUSED = "true-false: the hints are in the file, but Moodle gives one try at such a question and does not show them"
NOT_XML = "characters that XML does not allow are left out"
PENALTY: Final = "0.3333333"  # of the mark, for each further try
_BEFORE_NUMBER: Final = ("£", "€", "$")
_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def moodle_xml_of(items: Sequence[Item], topics: Mapping[str, Topic]) -> Exported:
    """The whole bank as one Moodle XML file."""
    notes = NoteBook()
    questions = list(converted(items, topics, notes))
    for item in items:
        if isinstance(item, TrueFalse):
            notes.add(HINTS_UNUSED, item.id)
        if any(_NOT_XML.search(text) for text in wordings(item)):
            notes.add(NOT_XML, item.id)
    return Exported(moodle_xml_text(questions), notes.notes())


def moodle_xml_text(questions: Iterable[Question]) -> str:
    """Questions as Moodle XML, each category named once before its questions."""
    quiz = Element("quiz")
    category = ""
    for question in questions:
        if question.category != category:
            category = question.category
            _text(SubElement(SubElement(quiz, "question", type="category"), "category"), category)
        _question(quiz, question)
    indent(quiz)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(quiz, encoding="unicode")}\n'


def _question(quiz: Element, question: Question) -> None:
    node = SubElement(quiz, "question", type=_type(question))
    _text(SubElement(node, "name"), question.name)
    _plain(node, "questiontext", question.stem)
    _plain(node, "generalfeedback", question.feedback)
    _leaf(node, "defaultgrade", "1")
    _leaf(node, "penalty", "1" if isinstance(question, Verdict) else PENALTY)
    _leaf(node, "hidden", "0")
    _leaf(node, "idnumber", question.label)
    if isinstance(question, Choices):
        _choices(node, question)
    elif isinstance(question, Verdict):
        _verdict(node, question)
    elif isinstance(question, Wording):
        _leaf(node, "usecase", "0")
        for answer in question.answers:
            _answer(node, percent_text(answer.percent), answer.text, answer.feedback)
    elif isinstance(question, Sum):
        _sum(node, question)
    elif isinstance(question, Pairs):
        _pairs(node, question)
    for hint in question.hints:
        _plain(node, "hint", hint)
    tags = SubElement(node, "tags")
    for tag in question.tags:
        _text(SubElement(tags, "tag"), tag)


def _type(question: Question) -> str:
    types = {Choices: "multichoice", Verdict: "truefalse", Wording: "shortanswer", Sum: "numerical", Pairs: "matching", Essay: "essay"}
    return types.get(type(question), "description")


def _choices(node: Element, question: Choices) -> None:
    _leaf(node, "single", "true" if question.single else "false")
    _leaf(node, "shuffleanswers", "true")
    _leaf(node, "answernumbering", "abc")
    for answer in question.answers:
        _plain_answer(node, percent_text(answer.percent), answer.text, answer.feedback)


def _verdict(node: Element, question: Verdict) -> None:
    for verdict in (True, False):
        right = verdict == question.true
        feedback = question.if_right if right else question.if_wrong
        _answer(node, percent_text(FULL if right else NONE), str(verdict).lower(), feedback)


def _sum(node: Element, question: Sum) -> None:
    for answer in question.answers:
        written = _answer(node, percent_text(answer.percent), decimal_text(answer.centre), answer.feedback)
        _leaf(written, "tolerance", decimal_text(answer.tolerance))
    if question.otherwise:
        _leaf(_answer(node, percent_text(NONE), "*", question.otherwise), "tolerance", "0")
    if question.unit:
        unit = SubElement(SubElement(node, "units"), "unit")
        _leaf(unit, "multiplier", "1")
        _leaf(unit, "unit_name", question.unit)
    _leaf(node, "unitgradingtype", "0")
    _leaf(node, "showunits", "0" if question.unit else "3")  # 0: a unit may be typed; 3: there is none
    _leaf(node, "unitsleft", "1" if question.unit in _BEFORE_NUMBER else "0")


def _pairs(node: Element, question: Pairs) -> None:
    _leaf(node, "shuffleanswers", "true")
    for left, right in question.pairs:
        _text(SubElement(_plain(node, "subquestion", left), "answer"), right)


def _plain_answer(node: Element, percent: str, text: str, feedback: str) -> None:
    _answer(node, percent, text, feedback).set("format", "plain_text")


def _answer(node: Element, percent: str, text: str, feedback: str) -> Element:
    answer = SubElement(node, "answer", fraction=percent)
    _text(answer, text)
    _plain(answer, "feedback", feedback)
    return answer


def _plain(node: Element, name: str, text: str) -> Element:
    part = SubElement(node, name, format="plain_text")
    _text(part, text)
    return part


def _text(node: Element, text: str) -> None:
    _leaf(node, "text", text)


def _leaf(node: Element, name: str, text: str) -> None:
    SubElement(node, name).text = _NOT_XML.sub("", text)
