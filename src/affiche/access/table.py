"""The permission table: every action of the API (a route's operation id) and the roles that may do it. There is no other place.

An action that is not here is refused to everyone. `tenant`: a thing of the whole tenant, so the role must hold for every brand.
"""

from __future__ import annotations

from dataclasses import dataclass

from affiche.errors import Refused
from affiche.values.principal import EVERY_BRAND, ROLES, Grant, Principal, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """Which roles may do an action. `open`: everyone may, known or not (the route itself asks nobody).

    `own`: who is known may, without any role too, for what is their own: their session, account, keys.
    """

    roles: frozenset[Role]
    tenant: bool = False
    open: bool = False
    own: bool = False


def _may(*roles: Role, tenant: bool = False) -> Permission:
    return Permission(roles=frozenset((*roles, "admin")), tenant=tenant)


_READ = _may(*ROLES)
_MAKE = _may("creator")
_DECIDE = _may("reviewer", "legal")
_TALK = _may("creator", "reviewer", "legal")
_OPEN = Permission(roles=frozenset(ROLES), open=True)
_OWN = Permission(roles=frozenset(ROLES), own=True)

TABLE: dict[str, Permission] = {
    "health.alive": _OPEN, "health.ready": _OPEN,
    # The signature of the address is the key.
    "files.signed": _OPEN, "files.put": _OPEN,
    # Ways in. Each limits how often it is tried.
    **dict.fromkeys((
        "session.options", "session.create", "session.start", "session.callback", "account.first", "account.invitation",
        "account.join",
    ), _OPEN),
    **dict.fromkeys((
        "session.get", "session.delete", "sessions.list", "sessions.delete", "account.password", "account.export",
        "keys.list", "keys.get", "keys.create", "keys.rotate", "keys.revoke",
    ), _OWN),
    **dict.fromkeys((
        "people.list", "people.get", "people.create", "people.change", "people.invite", "people.sessions", "people.export",
        "people.erase",
    ), _may(tenant=True)),
    # Not a route: asked in addition for keys of others.
    "keys.others": _may(tenant=True),
    **dict.fromkeys((
        "approvals.list", "assets.alike", "assets.file", "assets.get", "assets.list", "assets.thumbnail", "assets.uses",
        "search.meaning", "search.picture",
        "campaigns.alike", "search.list", "arrivals.list", "links.create", "brands.get", "brands.list", "brands.revision",
        "brands.changes", "brands.examine", "brands.marks", "brands.specimens",
        "campaigns.get", "campaigns.list", "campaigns.revision", "comments.list", "creatives.file", "creatives.get",
        "creatives.beside", "creatives.remedies", "creatives.clusters", "creatives.counts", "creatives.waiting",
        "creatives.overview", "creatives.tally", "insight.get",
        "creatives.list", "creatives.thumbnail", "events.list", "events.stream", "findings.list", "packages.file",
        "packages.get", "packages.list", "providers.list", "rules.list", "templates.list",
        "templates.proof", "templates.sheet", "templates.sample", "placements.list", "locales.list",
        "markets.list", "sets.list", "pictures.thumbnail", "runs.changes", "runs.get", "runs.list",
        "batches.get", "schedules.get", "schedules.list", "names.list",
    ), _READ),
    **dict.fromkeys((
        "assets.change", "assets.create", "assets.delete", "assets.fetch", "assets.relate",
        "brands.create", "brands.revise", "campaigns.create",
        "campaigns.revise", "packages.create", "plans.create", "plans.preview", "proposals.accept", "proposals.list",
        "proposals.withdraw", "runs.cancel", "runs.create", "runs.wish",
        "uploads.complete", "uploads.create", "uploads.get", "uploads.send",
        "batches.create", "batches.wish", "schedules.change", "schedules.create", "schedules.delete",
    ), _MAKE),
    **dict.fromkeys((
        "webhooks.list", "webhooks.get", "webhooks.create", "webhooks.change", "webhooks.delete", "webhooks.test",
        "deliveries.list",
        "deliveries.replay",
        "letters.list", "letters.replay", "workers.list", "spend.get", "audit.list",
    ), _may(tenant=True)),
    "health.metrics": _may(*ROLES, tenant=True),
    # Not a route: asked in addition for decisions of the legal stage.
    "approvals.legal": _may("legal"),
    "approvals.create": _DECIDE, "approvals.withdraw": _DECIDE,
    "comments.create": _TALK, "comments.resolve": _TALK,
}  # fmt: skip


def brands_for(principal: Principal, action: str) -> frozenset[str] | None:
    """The brands for which `principal` may do `action`; None = all. Raises Refused."""
    permission = TABLE.get(action)
    if permission is None:
        raise Refused(f"{action} is in no table: nobody may")
    brands = principal.brands_for(permission.roles)
    if permission.own:
        return brands
    if brands is not None and (permission.tenant or not brands):
        raise Refused(f"{action} needs one of the roles {', '.join(sorted(permission.roles))}")
    return brands


def narrowed(wanted: tuple[Grant, ...], holder: tuple[Grant, ...]) -> tuple[Grant, ...]:
    """Of `wanted`, what somebody with the grants `holder` can give away or still has: never more than that."""
    has = {(grant.role, grant.brand) for grant in holder}
    every = {grant.brand for grant in holder if grant.role == "admin"}

    def covered(grant: Grant) -> bool:
        return bool({(grant.role, grant.brand), (grant.role, EVERY_BRAND)} & has or {grant.brand, EVERY_BRAND} & every)

    return tuple(grant for grant in wanted if covered(grant))
