"""What is kept, in SQLite or PostgreSQL: conversations, deliveries, codes, what learners answered. Only this package knows tables."""

from bot.records.deliveries import Deliveries, Delivery, Status, Stored
from bot.records.engine import open_engine, short_reason
from bot.records.migrate import migrate
from bot.records.postbox import Postbox, Sending
from bot.records.practices import Practices
from bot.records.resume_codes import ResumeCodes
from bot.records.study import Decision, Study, decide
from bot.records.unit import Unit, keep, record, with_the_turn

__all__ = [
    "Decision",
    "Deliveries",
    "Delivery",
    "Postbox",
    "Practices",
    "ResumeCodes",
    "Sending",
    "Status",
    "Stored",
    "Study",
    "Unit",
    "decide",
    "keep",
    "migrate",
    "open_engine",
    "record",
    "short_reason",
    "with_the_turn",
]
