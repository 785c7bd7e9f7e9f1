"""Tables of work: first version."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Creates the tables."""
    _campaigns()
    _campaign_revisions()
    _runs()
    _creatives()
    _packages()
    _schedules()


def _campaigns() -> None:
    op.create_table(
        "campaigns",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("brand", sa.String(length=40), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("run", sa.String(length=40), nullable=True),
        sa.Column("legal_hold", sa.Boolean(), nullable=False),
        sa.Column("search", sa.String(length=4000), nullable=False),
        sa.Column("created_by", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("archived_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaigns")),
    )
    op.create_index(op.f("ix_campaigns_brand"), "campaigns", ["brand"], unique=False)
    op.create_index(op.f("ix_campaigns_state"), "campaigns", ["state"], unique=False)
    op.create_index(op.f("ix_campaigns_tenant"), "campaigns", ["tenant"], unique=False)
    op.create_index("ix_campaigns_tenant_id", "campaigns", ["tenant", "id"], unique=False)


def _campaign_revisions() -> None:
    op.create_table(
        "campaign_revisions",
        sa.Column("campaign", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("brief", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.String(length=80), nullable=False),
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("brand_revision", sa.Integer(), nullable=False),
        sa.Column("assets", _JSON, nullable=False),
        sa.Column("problems", _JSON, nullable=False),
        sa.Column("created_by", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint("campaign", "number", name=op.f("uq_campaign_revisions_campaign_number")),
    )
    op.create_index(op.f("ix_campaign_revisions_tenant"), "campaign_revisions", ["tenant"], unique=False)


def _runs() -> None:
    op.create_table(
        "runs",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("brand", sa.String(length=40), nullable=False),
        sa.Column("campaign", sa.String(length=40), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("wish", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("trigger", sa.String(length=20), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("batch", sa.String(length=40), nullable=True),
        sa.Column("parent", sa.String(length=40), nullable=True),
        sa.Column("chosen", _JSON, nullable=False),
        sa.Column("totals", _JSON, nullable=False),
        sa.Column("cost", _JSON, nullable=False),
        sa.Column("progress", _JSON, nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("owner", sa.String(length=80), nullable=False),
        sa.Column("trace", sa.String(length=80), nullable=False),
        sa.Column("folder", sa.String(length=500), nullable=False),
        sa.Column("content", sa.String(length=80), nullable=False),
        sa.Column("created_by", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("start_after", sa.BigInteger(), nullable=True),
        sa.Column("deadline", sa.BigInteger(), nullable=True),
        sa.Column("started_at", sa.BigInteger(), nullable=True),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
    )
    op.create_index(op.f("ix_runs_batch"), "runs", ["batch"], unique=False)
    op.create_index(op.f("ix_runs_brand"), "runs", ["brand"], unique=False)
    op.create_index(op.f("ix_runs_campaign"), "runs", ["campaign"], unique=False)
    op.create_index(op.f("ix_runs_parent"), "runs", ["parent"], unique=False)
    op.create_index(op.f("ix_runs_state"), "runs", ["state"], unique=False)
    op.create_index(op.f("ix_runs_tenant"), "runs", ["tenant"], unique=False)
    op.create_index("ix_runs_tenant_id", "runs", ["tenant", "id"], unique=False)
    op.create_index(op.f("ix_runs_updated_at"), "runs", ["updated_at"], unique=False)


def _creatives() -> None:
    op.create_table(
        "creatives",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("brand", sa.String(length=40), nullable=False),
        sa.Column("campaign", sa.String(length=40), nullable=False),
        sa.Column("run", sa.String(length=40), nullable=False),
        sa.Column("product", sa.String(length=64), nullable=False),
        sa.Column("locale", sa.String(length=35), nullable=False),
        sa.Column("placement", sa.String(length=120), nullable=False),
        sa.Column("variant", sa.String(length=16), nullable=False),
        sa.Column("channel", sa.String(length=80), nullable=False),
        sa.Column("ratio", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("file_digest", sa.String(length=80), nullable=False),
        sa.Column("copy_digest", sa.String(length=80), nullable=False),
        sa.Column("rules_digest", sa.String(length=80), nullable=False),
        sa.Column("blob", sa.String(length=80), nullable=False),
        sa.Column("thumbnail", sa.String(length=80), nullable=False),
        sa.Column("format", sa.String(length=10), nullable=False),
        sa.Column("path", sa.String(length=500), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("document", _JSON, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_creatives")),
        sa.UniqueConstraint(
            "run",
            "product",
            "locale",
            "placement",
            "variant",
            name=op.f("uq_creatives_run_product_locale_placement_variant"),
        ),
    )
    op.create_index(op.f("ix_creatives_brand"), "creatives", ["brand"], unique=False)
    op.create_index(op.f("ix_creatives_campaign"), "creatives", ["campaign"], unique=False)
    op.create_index("ix_creatives_campaign_current", "creatives", ["campaign", "current"], unique=False)
    op.create_index(op.f("ix_creatives_status"), "creatives", ["status"], unique=False)
    op.create_index(op.f("ix_creatives_tenant"), "creatives", ["tenant"], unique=False)


def _packages() -> None:
    op.create_table(
        "packages",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("brand", sa.String(length=40), nullable=False),
        sa.Column("campaign", sa.String(length=40), nullable=False),
        sa.Column("run", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("blob", sa.String(length=80), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("creatives", _JSON, nullable=False),
        sa.Column("created_by", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_packages")),
    )
    op.create_index(op.f("ix_packages_brand"), "packages", ["brand"], unique=False)
    op.create_index(op.f("ix_packages_campaign"), "packages", ["campaign"], unique=False)
    op.create_index(op.f("ix_packages_run"), "packages", ["run"], unique=False)
    op.create_index(op.f("ix_packages_tenant"), "packages", ["tenant"], unique=False)


def _schedules() -> None:
    op.create_table(
        "schedules",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("brand", sa.String(length=40), nullable=False),
        sa.Column("campaign", sa.String(length=40), nullable=False),
        sa.Column("cron", sa.String(length=120), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=True),
        sa.Column("last_at", sa.BigInteger(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("run", _JSON, nullable=False),
        sa.Column("created_by", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedules")),
    )
    op.create_index(op.f("ix_schedules_brand"), "schedules", ["brand"], unique=False)
    op.create_index(op.f("ix_schedules_campaign"), "schedules", ["campaign"], unique=False)
    op.create_index(op.f("ix_schedules_next_at"), "schedules", ["next_at"], unique=False)
    op.create_index(op.f("ix_schedules_tenant"), "schedules", ["tenant"], unique=False)
