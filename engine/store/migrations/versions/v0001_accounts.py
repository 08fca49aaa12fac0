"""Accounts with their secrets, API keys, the audit, and locks."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _moment(name: str, *, needed: bool = True) -> "sa.Column[Any]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=not needed)


def upgrade() -> None:
    """Make all tables."""
    op.create_table(
        "accounts",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("provider", sa.String(100), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("status_reason", sa.Text),
        sa.Column("public", sa.JSON, nullable=False),
        sa.Column("overrides", sa.JSON),
        sa.Column("version", sa.Integer, nullable=False),
        _moment("created_at"),
        _moment("updated_at"),
        _moment("checked_at", needed=False),
        sa.PrimaryKeyConstraint("id", name="pk_accounts"),
    )
    op.create_index("ix_accounts_provider_id", "accounts", ["provider", "id"])
    op.create_index("ix_accounts_name", "accounts", ["name"])
    op.create_table(
        "secrets",
        sa.Column("account_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("field", sa.String(200), nullable=False),
        sa.Column("key_id", sa.String(32), nullable=False),
        sa.Column("sealed", sa.Text, nullable=False),
        _moment("updated_at"),
        sa.PrimaryKeyConstraint("account_id", "kind", "field", name="pk_secrets"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], "fk_secrets_account_id", ondelete="CASCADE"),
    )
    op.create_index("ix_secrets_key_id", "secrets", ["key_id"])
    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("scope", sa.String(10), nullable=False),
        sa.Column("every_account", sa.Boolean, nullable=False),
        sa.Column("rate", sa.Integer),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        _moment("created_at"),
        _moment("revoked_at", needed=False),
        sa.PrimaryKeyConstraint("id", name="pk_api_keys"),
    )
    op.create_table(
        "api_key_accounts",
        sa.Column("key_id", sa.String(16), nullable=False),
        sa.Column("account_id", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("key_id", "account_id", name="pk_api_key_accounts"),
        sa.ForeignKeyConstraint(["key_id"], ["api_keys.id"], "fk_api_key_accounts_key_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], "fk_api_key_accounts_account_id", ondelete="CASCADE"),
    )
    op.create_index("ix_api_key_accounts_account_id", "api_key_accounts", ["account_id"])
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        _moment("at"),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("action", sa.String(50), nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("details", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_subject_id", "audit", ["subject", "id"])
    op.create_table(
        "leases",
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("owner", sa.String(100), nullable=False),
        sa.Column("until", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_leases"),
    )


def downgrade() -> None:
    """Take all tables away."""
    for name in ("leases", "audit", "api_key_accounts", "api_keys", "secrets", "accounts"):
        op.drop_table(name)
