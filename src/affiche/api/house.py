"""What the API stands on: settings, registry, stored files, the gate, and a process beside the server for heavy work."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import cast
from urllib.parse import urlsplit

from fastapi import Request

from affiche import wire
from affiche.access.limits import Limits
from affiche.access.oidc import Client, Provider
from affiche.access.sessions import Rules
from affiche.access.signing_in import ClaimRules, claim_rules
from affiche.api.gate import Gate
from affiche.api.metrics import Metrics
from affiche.errors import UsageError
from affiche.ingest.aside import Aside
from affiche.ingest.embed import Meanings
from affiche.ports import Depot, Sealer
from affiche.registry.open import Registry
from affiche.runs.golden import Golden
from affiche.settings import Settings, secret
from affiche.values.breaker import KEPT, resting
from affiche.values.secret import Secret

#: No plan takes longer, s: ten thousand creatives take about three.
_PLAN_S = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Shared by all requests of one process."""

    settings: Settings
    registry: Registry
    blobs: Depot
    sealer: Sealer
    gate: Gate
    today: Callable[[], date]
    golden: Golden
    metrics: Metrics
    #: Sessions, and the login provider when there is one.
    rules: Rules
    limits: Limits
    claim_rules: ClaimRules = field(default_factory=ClaimRules)
    provider: Provider | None = None
    #: Where plans are made, and where files of strangers are looked at: one that hangs holds up no plan.
    aside: Aside = field(default_factory=partial(Aside, longest_s=_PLAN_S, memory_bytes=0))
    #: Draws what somebody types, and waits for no plan.
    previews: Aside = field(default_factory=partial(Aside, longest_s=_PLAN_S, memory_bytes=0))
    #: Draws proofs, which take seconds: no preview waits behind one.
    proofs: Aside = field(default_factory=partial(Aside, longest_s=_PLAN_S, memory_bytes=0))
    examining: Aside = field(default_factory=Aside)
    #: Says what pictures and phrases mean, where the operator has brought a model.
    meanings: Meanings

    def close(self) -> None:
        """Ends the processes beside this one."""
        self.aside.close()
        self.previews.close()
        self.proofs.close()
        self.examining.close()
        self.meanings.close()

    @property
    def provider_name(self) -> str:
        """What the button of the login provider says."""
        return self.settings.oidc_name or urlsplit(self.settings.oidc_issuer).hostname or ""


def session_rules(settings: Settings) -> Rules:
    """How long sessions last, and where people see the service. Raises UsageError."""
    url = urlsplit(settings.public_url)
    if settings.public_url and (url.scheme not in ("https", "http") or not url.netloc or url.path.strip("/") or url.query):
        raise UsageError("AFFICHE_PUBLIC_URL is an address without a path", hint="https://affiche.example.com")
    idle, life = timedelta(minutes=settings.session_idle_minutes), timedelta(days=settings.session_days)
    return Rules(idle=idle, life=life, public_url=settings.public_url.rstrip("/"))


def _provider(settings: Settings) -> Provider | None:
    """The login provider of the settings. Raises UsageError when half of it is set."""
    if not settings.oidc_issuer and not settings.oidc_client:
        return None
    if not settings.oidc_issuer or not settings.oidc_client:
        raise UsageError("a login provider needs AFFICHE_OIDC_ISSUER and AFFICHE_OIDC_CLIENT")
    scopes = tuple(dict.fromkeys(("openid", *settings.oidc_scopes)))
    kept = Secret(secret("OIDC_CLIENT_SECRET"))
    client = Client(issuer=settings.oidc_issuer, id=settings.oidc_client, secret=kept, scopes=scopes)
    return Provider(client, partial(wire.fetcher, settings))


def open_house(settings: Settings, registry: Registry, gate: Gate, today: Callable[[], date]) -> House:
    """A house with what the settings say."""
    return House(
        settings=settings, registry=registry, blobs=wire.blobs(settings), sealer=wire.sealer(settings), gate=gate, today=today,
        golden=Golden(settings, today), metrics=Metrics(registry, partial(resting_of, settings)),
        rules=session_rules(settings), limits=Limits(registry),
        claim_rules=claim_rules(settings.oidc_claim, settings.oidc_roles), provider=_provider(settings),
        meanings=Meanings(settings),
    )  # fmt: skip


def resting_of(settings: Settings) -> dict[str, str]:
    """Providers that are left alone at the moment, and why; not those whose rest is over. Raises StorageError."""
    with wire.journal(settings) as book:
        kept, moment = book.load(KEPT), time.time()
        return {name: said for name, said in resting(kept, moment).items() if kept[name]["until"] > moment}


def house_of(request: Request) -> House:
    """The house of the application that serves `request`."""
    return cast(House, request.app.state.house)
