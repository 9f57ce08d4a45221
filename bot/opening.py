"""The composition root: a tutor on the settings' content, put together once in a process."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from bot.answer import Answerer, Context
from bot.answer.evidence import Evidence
from bot.answer.kept import open_index
from bot.answer.lexicon import load_lexicon
from bot.answer.ranking import Ranker, Weights
from bot.answer.results import Found
from bot.answer.vectors import VectorStore
from bot.asking import Asking
from bot.assess import Assessor, ready
from bot.calculate import load_templates
from bot.content import load_kept
from bot.debrief import Debriefer, Teller
from bot.encoder import Encoder
from bot.groups.catalogue import Catalogue
from bot.groups.groups import Groups
from bot.groups.words import GroupWords
from bot.linking.linking import Linking
from bot.linking.words import LinkWords
from bot.links import data_path, evidence_path
from bot.outside import outside_messages
from bot.paperwork import Paperwork
from bot.practice import open_practice
from bot.practice.pick import Picker
from bot.practising import Practising
from bot.practising.afterwards import Afterwards
from bot.practising.closing import Closing
from bot.practising.words import PracticeWords
from bot.privacy.my_data import MyData
from bot.privacy.words import PrivacyWords
from bot.progress import Progress
from bot.quiz import Bank, Quiz, QuizWords, Requests
from bot.quiz.short_answer import ShortAnswers
from bot.reminding.reminding import Reminding
from bot.reminding.words import ReminderWords
from bot.reply import Words
from bot.safety import Safety
from bot.settings import Settings
from bot.tutor import Tutor
from bot.unhelpful import Unhelpful


def open_asking(settings: Settings, advance: Callable[[int, int], None] = lambda done, total: None) -> Asking:
    """The answering skill alone: all that a question in the terminal needs. Raises AftercareError with what to do."""
    library = load_kept(settings.knowledge, settings.var / "index" / "content.json")
    lexicon = load_lexicon(settings.knowledge)
    encoder = Encoder.load()
    index = open_index(library, lexicon, outside_messages(settings.root), VectorStore(encoder, settings.var / "index", advance))
    evidence = Evidence(index, lexicon, encoder)
    return Asking(
        library,
        Answerer(index, evidence, Ranker(evidence, Weights.load(), encoder)),
        Words.load(settings.knowledge, library),
        Safety.load(settings.knowledge),
        load_templates(settings.knowledge / "calculators.yml"),
        settings.message_characters,
    )


def open_tutor(settings: Settings, advance: Callable[[int, int], None] = lambda done, total: None) -> Tutor:
    """A tutor on the settings' content. Slow (seconds): a process does it once. Raises AftercareError with what to do."""
    asking = open_asking(settings, advance)
    bank = Bank.load(settings.knowledge)
    practising = _practising(settings, asking, bank)
    quiz, progress = _quiz(settings, asking, bank), Progress.load(settings.knowledge, bank, practising.debriefer)
    data = MyData(PrivacyWords.load(settings.knowledge), partial(data_path, settings.secret))
    unhelpful = Unhelpful.load(settings.knowledge, asking.answerer, asking.words)
    groups, linking = _groups(settings, asking, bank, practising), Linking(LinkWords.load(settings.knowledge))
    reminding = Reminding(ReminderWords.load(settings.knowledge))
    return Tutor(asking, quiz, practising, progress, groups, linking, reminding, unhelpful, data)


def _groups(settings: Settings, asking: Asking, bank: Bank, practising: Practising) -> Groups:
    catalogue = Catalogue.of(asking.library, bank, practising.practice.scenarios)
    return Groups(GroupWords.load(settings.knowledge, catalogue), catalogue)


def _practising(settings: Settings, asking: Asking, bank: Bank) -> Practising:
    practice = open_practice(settings.knowledge)
    names = {topic.id: (topic.title, *topic.aliases) for topic in asking.library.topics.values()}
    picker = Picker.load(settings.knowledge, practice.scenarios, names)
    debriefer = Debriefer.load(settings.knowledge, asking.library, practice, frozenset(bank.by_topic))
    closing = Closing(debriefer, Teller(debriefer.words), PracticeWords.load(settings.knowledge), bank.by_topic)
    assessor = Assessor.open(ready(settings), settings.knowledge, Encoder.load())
    link = partial(evidence_path, settings.secret)
    after = Afterwards(Paperwork.load(settings.knowledge), closing.words, practice.scenarios, link)
    return Practising(assessor, picker, closing, after, asking.answerer.named_topics)


def _quiz(settings: Settings, asking: Asking, bank: Bank) -> Quiz:
    def nearest(phrase: str) -> str | None:
        found = asking.answerer.answer(phrase, Context())
        return found.answerable.topic.id if isinstance(found, Found) and not found.caveat else None

    titles = {topic.id: topic.title for topic in asking.library.topics.values()}
    kept, lexicon = settings.var / "index" / "short-answers", load_lexicon(settings.knowledge)
    marker = ShortAnswers.open(Encoder.load(), kept, bank.items.values(), lexicon)
    requests = Requests(bank.file, titles, asking.answerer.named_topics, nearest)
    return Quiz(bank, QuizWords(bank, asking.library), requests, marker, settings.due_per_day)
