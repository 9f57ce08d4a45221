"""What is kept: conversations, deliveries and resume codes, in SQLite or PostgreSQL. The only package that knows tables."""

from bot.records.deliveries import Deliveries, Delivery, Status, Stored
from bot.records.engine import open_engine, short_reason
from bot.records.migrate import migrate
from bot.records.resume_codes import ResumeCodes

__all__ = ["Deliveries", "Delivery", "ResumeCodes", "Status", "Stored", "migrate", "open_engine", "short_reason"]
