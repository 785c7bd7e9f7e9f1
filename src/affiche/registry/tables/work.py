"""Tables of campaigns: their briefs in revisions, runs, the creatives that runs made, packages, schedules."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, Table, UniqueConstraint

from affiche.registry.tables.columns import METADATA, id_column, json, moment, reference, tenant, text

#: `state` repeats that of the newest run (`draft` before there is one).
campaigns = Table(
    "campaigns", METADATA,
    id_column(), tenant(), reference("brand"), text("slug", 64), text("name", 300), text("state", 30, index=True),
    Column("revision", Integer, nullable=False, default=0), reference("run", index=False, nullable=True),
    Column("legal_hold", Boolean, nullable=False, default=False), text("search", 4000),
    text("created_by", 40), moment("created_at", nullable=False), moment("updated_at", nullable=False), moment("archived_at"),
)  # fmt: skip

#: Briefs as they were given; `brief` may be sealed (encrypted): `sealed` names the key. `assets`: ids that it names.
campaign_revisions = Table(
    "campaign_revisions", METADATA,
    reference("campaign", index=False), Column("number", Integer, nullable=False), tenant(),
    Column("brief", LargeBinary, nullable=False), text("sealed", 80), text("digest", 80), text("media_type", 80),
    Column("brand_revision", Integer, nullable=False, default=0), json("assets", default=list),
    json("problems", default=list), text("created_by", 40), moment("created_at", nullable=False),
    UniqueConstraint("campaign", "number"),
)  # fmt: skip

#: One execution of a campaign's revision. `state` moves by the table in `runs.py`; `fence` grows with every owner, and a
#: write with an old fence changes nothing. `wish`: what somebody asked of a run in progress (`cancel`, `pause`, `resume`).
runs = Table(
    "runs", METADATA,
    id_column(), tenant(), reference("brand"), reference("campaign"), Column("revision", Integer, nullable=False),
    text("state", 30, index=True), text("wish", 20), text("reason", 1000), text("trigger", 20),
    Column("priority", Integer, nullable=False, default=5),
    reference("batch", nullable=True), reference("parent", nullable=True),
    json("chosen"), json("totals"), json("cost"), json("progress"),
    Column("attempt", Integer, nullable=False, default=0), Column("fence", BigInteger, nullable=False, default=0),
    text("owner", 80), text("trace", 80),
    text("folder", 500), text("content", 80),
    text("created_by", 40), moment("created_at", nullable=False), moment("start_after"), moment("deadline"),
    moment("started_at"), moment("finished_at"), moment("updated_at", nullable=False, index=True),
)  # fmt: skip

#: The three digests are what an approval binds to. `document` is the creative as the manifest has it.
creatives = Table(
    "creatives", METADATA,
    id_column(), tenant(), reference("brand"), reference("campaign"), reference("run", index=False),
    text("product", 64), text("locale", 35), text("placement", 120), text("variant", 16), text("channel", 80),
    text("ratio", 20), text("status", 20, index=True),
    text("file_digest", 80), text("copy_digest", 80), text("rules_digest", 80),
    text("blob", 80), text("thumbnail", 80), text("format", 10), text("path", 500),
    Column("width", Integer, nullable=False, default=0), Column("height", Integer, nullable=False, default=0),
    Column("bytes", BigInteger, nullable=False, default=0),
    #: Of the newest run that made this creative of its campaign.
    Column("current", Boolean, nullable=False, default=True),
    json("document"), moment("created_at", nullable=False),
    #: Folded words to search in (`wall.searchable`), and what it looks like (`values/look.py`); empty = not worked out yet.
    text("search", 4000), text("look", 200),
    UniqueConstraint("run", "product", "locale", "placement", "variant"),
)  # fmt: skip

#: Pictures that exist and were taken for a wish of a campaign, instead of buying another. `wish`, `picture`: keys of the ledger;
#: `bought_for`, `bought_brand`: the product and brand that it was bought for. Withdrawn ones stay.
accepted_pictures = Table(
    "accepted_pictures", METADATA,
    id_column(), tenant(), reference("brand"), reference("campaign"), text("product", 64), text("purpose", 20),
    text("wish", 80), text("picture", 80, index=True), text("bought_for", 64), reference("bought_brand", index=False),
    text("person", 40), moment("created_at", nullable=False), moment("withdrawn_at"), text("withdrawn_by", 40),
)  # fmt: skip

#: `kind`: proof, delivery. `state`: ready, stale.
packages = Table(
    "packages", METADATA,
    id_column(), tenant(), reference("brand"), reference("campaign"), reference("run"),
    text("kind", 20), text("channel", 80), text("state", 20), text("blob", 80),
    Column("bytes", BigInteger, nullable=False, default=0),
    json("creatives", default=list), text("created_by", 40), moment("created_at", nullable=False),
)  # fmt: skip

#: Runs to come: at `next_at`, and again by `cron` (five fields, UTC) when there is one.
schedules = Table(
    "schedules", METADATA,
    id_column(), tenant(), reference("brand"), reference("campaign"), text("cron", 120),
    moment("next_at", index=True), moment("last_at"), Column("active", Boolean, nullable=False, default=True),
    json("run"), text("created_by", 40), moment("created_at", nullable=False),
)  # fmt: skip

Index("ix_runs_tenant_id", runs.c.tenant, runs.c.id)
Index("ix_campaigns_tenant_id", campaigns.c.tenant, campaigns.c.id)
Index("ix_creatives_campaign_current", creatives.c.campaign, creatives.c.current, creatives.c.id)
Index(
    "ix_creatives_days", creatives.c.tenant, creatives.c.current, creatives.c.created_at, creatives.c.status, creatives.c.brand
)
Index(
    "ix_creatives_wall", creatives.c.campaign, creatives.c.current, creatives.c.product, creatives.c.placement,
    creatives.c.locale, creatives.c.variant, creatives.c.status, creatives.c.tenant, creatives.c.brand,
    creatives.c.width, creatives.c.height,
)  # fmt: skip
