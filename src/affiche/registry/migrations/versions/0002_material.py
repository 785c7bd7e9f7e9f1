"""Tables of material: first version."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Creates the tables."""
    _brands()
    _brand_revisions()
    _assets()
    _asset_relations()
    _asset_vectors()
    _uploads()


def _brands() -> None:
    op.create_table(
        "brands",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("archived_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brands")),
        sa.UniqueConstraint("tenant", "slug", name=op.f("uq_brands_tenant_slug")),
    )
    op.create_index(op.f("ix_brands_tenant"), "brands", ["tenant"], unique=False)


def _brand_revisions() -> None:
    op.create_table(
        "brand_revisions",
        sa.Column("brand", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.String(length=80), nullable=False),
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("problems", _JSON, nullable=False),
        sa.Column("created_by", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint("brand", "number", name=op.f("uq_brand_revisions_brand_number")),
    )
    op.create_index(op.f("ix_brand_revisions_tenant"), "brand_revisions", ["tenant"], unique=False)


def _assets() -> None:
    op.create_table(
        "assets",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("brand", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("blob", sa.String(length=80), nullable=False),
        sa.Column("thumbnail", sa.String(length=80), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("phash", sa.String(length=16), nullable=False),
        sa.Column("focal_x", sa.Float(), nullable=True),
        sa.Column("focal_y", sa.Float(), nullable=True),
        sa.Column("palette", _JSON, nullable=False),
        sa.Column("metadata", _JSON, nullable=False),
        sa.Column("tags", _JSON, nullable=False),
        sa.Column("rights", _JSON, nullable=False),
        sa.Column("rights_expire_at", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("previous", sa.String(length=40), nullable=True),
        sa.Column("legal_hold", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=1000), nullable=False),
        sa.Column("created_by", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assets")),
    )
    op.create_index(op.f("ix_assets_blob"), "assets", ["blob"], unique=False)
    op.create_index(op.f("ix_assets_brand"), "assets", ["brand"], unique=False)
    op.create_index(op.f("ix_assets_phash"), "assets", ["phash"], unique=False)
    op.create_index(op.f("ix_assets_rights_expire_at"), "assets", ["rights_expire_at"], unique=False)
    op.create_index(op.f("ix_assets_state"), "assets", ["state"], unique=False)
    op.create_index(op.f("ix_assets_tenant"), "assets", ["tenant"], unique=False)
    op.create_index("ix_assets_tenant_id", "assets", ["tenant", "id"], unique=False)


def _asset_relations() -> None:
    op.create_table(
        "asset_relations",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("asset", sa.String(length=40), nullable=False),
        sa.Column("relation", sa.String(length=20), nullable=False),
        sa.Column("other", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset_relations")),
        sa.UniqueConstraint("asset", "relation", "other", name=op.f("uq_asset_relations_asset_relation_other")),
    )
    op.create_index(op.f("ix_asset_relations_asset"), "asset_relations", ["asset"], unique=False)
    op.create_index(op.f("ix_asset_relations_other"), "asset_relations", ["other"], unique=False)
    op.create_index(op.f("ix_asset_relations_tenant"), "asset_relations", ["tenant"], unique=False)


def _asset_vectors() -> None:
    op.create_table(
        "asset_vectors",
        sa.Column("asset", sa.String(length=40), nullable=False),
        sa.Column("model", sa.String(length=80), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.UniqueConstraint("asset", "model", name=op.f("uq_asset_vectors_asset_model")),
    )
    op.create_index(op.f("ix_asset_vectors_tenant"), "asset_vectors", ["tenant"], unique=False)


def _uploads() -> None:
    op.create_table(
        "uploads",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("brand", sa.String(length=40), nullable=False),
        sa.Column("asset", sa.String(length=40), nullable=True),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("parts", _JSON, nullable=False),
        sa.Column("created_by", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
    )
    op.create_index(op.f("ix_uploads_asset"), "uploads", ["asset"], unique=False)
    op.create_index(op.f("ix_uploads_brand"), "uploads", ["brand"], unique=False)
    op.create_index(op.f("ix_uploads_expires_at"), "uploads", ["expires_at"], unique=False)
    op.create_index(op.f("ix_uploads_tenant"), "uploads", ["tenant"], unique=False)
