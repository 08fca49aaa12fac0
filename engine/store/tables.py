"""The tables of the store. What is here and what the migrations make is the same in either database; a test compares.

Synced records, their changes and the runs that brought them get tables of their own; they will refer to `accounts`.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

__all__ = ["accounts", "api_key_accounts", "api_keys", "audit", "leases", "metadata", "secrets", "waiting"]

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """A time with its zone; SQLite has none, and keeps UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return what the database takes."""
        del dialect
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return a time in UTC."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


accounts = Table(
    "accounts",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("provider", String(100), nullable=False),
    Column("name", Text, nullable=False),
    Column("status", String(20), nullable=False),
    Column("status_reason", Text),
    Column("public", JSON, nullable=False),
    Column("overrides", JSON(none_as_null=True)),
    # Counts how often a person replaced the credentials: what belongs to earlier ones is not kept.
    Column("version", Integer, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("checked_at", Moment),
    Index(None, "provider", "id"),
    Index(None, "name"),
)

#: Encrypted each for itself, bound to account, kind and field. Kinds: a field of the `connection`, or `held` tokens.
secrets = Table(
    "secrets",
    metadata,
    Column("account_id", ForeignKey(accounts.c.id, ondelete="CASCADE"), primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("field", String(200), primary_key=True),
    Column("key_id", String(32), nullable=False),
    Column("sealed", Text, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Index(None, "key_id"),
)

#: Of a key only a hash is kept; one for some accounts has them in `api_key_accounts`, even if there are none any more.
api_keys = Table(
    "api_keys",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("name", Text, nullable=False),
    Column("scope", String(10), nullable=False),
    Column("every_account", Boolean, nullable=False),
    Column("rate", Integer),
    Column("hash", LargeBinary(32), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("revoked_at", Moment),
)

api_key_accounts = Table(
    "api_key_accounts",
    metadata,
    Column("key_id", ForeignKey(api_keys.c.id, ondelete="CASCADE"), primary_key=True),
    Column("account_id", ForeignKey(accounts.c.id, ondelete="CASCADE"), primary_key=True),
    Index(None, "account_id"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", String(50), nullable=False),
    Column("subject", Text, nullable=False),
    Column("details", JSON, nullable=False),
    Index(None, "subject", "id"),
    sqlite_autoincrement=True,
)

#: Locks in SQLite, where a process that dies leaves its row behind until `until`, in seconds since 1970.
leases = Table(
    "leases",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("owner", String(100), nullable=False),
    Column("until", Float, nullable=False),
)

#: What waits for somebody to come back, such as a browser that was sent to a provider; encrypted, and used once.
waiting = Table(
    "waiting",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("sealed", Text, nullable=False),
    Column("until", Moment, nullable=False),
    Index(None, "until"),
)
