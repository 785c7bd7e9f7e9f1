"""Tables of what campaigns are made from: brands with their revisions, assets, uploads in progress."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    Table,
    UniqueConstraint,
)

from affiche.registry.tables.columns import METADATA, Json, id_column, json, moment, reference, tenant, text

brands = Table(
    "brands", METADATA,
    id_column(), tenant(), text("slug", 64), text("name"),
    Column("revision", Integer, nullable=False, default=0),
    text("created_by", 40), moment("created_at", nullable=False), moment("updated_at", nullable=False), moment("archived_at"),
    UniqueConstraint("tenant", "slug"),
)  # fmt: skip

#: Brand files as they were given. `document` may be sealed (encrypted): `sealed` names the key.
brand_revisions = Table(
    "brand_revisions", METADATA,
    reference("brand", index=False), Column("number", Integer, nullable=False), tenant(),
    Column("document", LargeBinary, nullable=False), text("sealed", 80), text("digest", 80), text("media_type", 80),
    json("problems", default=list), text("created_by", 40), moment("created_at", nullable=False),
    UniqueConstraint("brand", "number"),
)  # fmt: skip

#: `state`: uploading, checking, ready, rejected, deleted. `blob`: digest of the bytes as they came.
assets = Table(
    "assets", METADATA,
    id_column(), tenant(), reference("brand"),
    text("name", 255), text("kind", 20), text("state", 20, index=True), text("reason", 500),
    text("media_type", 80), text("blob", 80, index=True), text("thumbnail", 80),
    Column("bytes", BigInteger, nullable=False, default=0),
    Column("width", Integer, nullable=False, default=0), Column("height", Integer, nullable=False, default=0),
    #: Perceptual hash, 16 hex digits; equal or near = looks the same.
    text("phash", 16, index=True),
    Column("focal_x", Float), Column("focal_y", Float),
    json("palette", default=list), json("metadata"), json("tags", default=list),
    #: Who may use it where and until when. `rights_expire_at` repeats the date for queries: expired blocks delivery.
    json("rights"), moment("rights_expire_at", index=True),
    Column("version", Integer, nullable=False, default=1), reference("previous", index=False, nullable=True),
    Column("legal_hold", Boolean, nullable=False, default=False),
    text("source", 1000), text("created_by", 40),
    moment("created_at", nullable=False), moment("updated_at", nullable=False), moment("deleted_at"),
)  # fmt: skip

#: `asset` is `relation` (`derived-from`, `used-in`, `version-of`, `duplicate-of`) of `other` (an asset or campaign id).
asset_relations = Table(
    "asset_relations", METADATA,
    id_column(), tenant(), reference("asset"), text("relation", 20), reference("other"), moment("created_at", nullable=False),
    UniqueConstraint("asset", "relation", "other"),
)  # fmt: skip

#: Vectors for search by likeness: float32, little-endian, `model` says whose.
asset_vectors = Table(
    "asset_vectors", METADATA,
    reference("asset", index=False), text("model", 80), tenant(), Column("vector", LargeBinary, nullable=False),
    UniqueConstraint("asset", "model"),
)  # fmt: skip

#: A resumable upload: `received` bytes of `bytes` are there.
uploads = Table(
    "uploads", METADATA,
    id_column(), tenant(), reference("brand"), reference("asset", nullable=True),
    text("name", 255), text("media_type", 80), Column("bytes", BigInteger, nullable=False),
    Column("received", BigInteger, nullable=False, default=0), text("sha256", 80), text("state", 20),
    Column("parts", Json, nullable=False, default=list), text("created_by", 40),
    moment("created_at", nullable=False), moment("expires_at", nullable=False, index=True),
)  # fmt: skip

Index("ix_assets_tenant_id", assets.c.tenant, assets.c.id)
