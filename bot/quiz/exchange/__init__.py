"""Items as files of other question banks: written as GIFT and Moodle XML, read from GIFT as drafts."""

from bot.quiz.exchange.draft import Draft, Imported, import_gift
from bot.quiz.exchange.draft_file import draft_text
from bot.quiz.exchange.exported import Exported, Note
from bot.quiz.exchange.gift_writer import gift_of
from bot.quiz.exchange.moodle_xml import moodle_xml_of

__all__ = ["Draft", "Exported", "Imported", "Note", "draft_text", "gift_of", "import_gift", "moodle_xml_of"]
