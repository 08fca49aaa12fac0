"""What Alembic runs: the steps to a version, in the transaction it was given."""

from alembic import context

from engine.store.migrating import TABLE
from engine.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=TABLE,
    render_as_batch=True,  # SQLite changes a table by making it anew
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
