"""Run by alembic: upgrades on the connection, and in the transaction, that `migrate` hands over."""

from alembic import context

import bot.records.desk_tables  # noqa: F401 - its tables join the others
from bot.records.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
context.run_migrations()
