"""Imagers: settings -> the catalog of picture providers in force, who of them is ready, and their opened adapters.

Beside `wire.py`, because it knows adapters too. Keys come from the variables that the catalog names; addresses and options from
the operator's file (`provider_file`). Each provider has a guarded fetcher of its own, which may reach the host that the operator
gave for it, private or not, and no other private one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from affiche.errors import UsageError
from affiche.imagine.catalog.own import FILES, Own, with_own
from affiche.imagine.catalog.read import Catalog, Provider, shipped_catalog, simulated_catalog
from affiche.ports import Imager
from affiche.settings import Settings, secret
from affiche.values.secret import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """The catalog as the operator's file changes it, and what that file sets (`folder`: where its paths start)."""

    catalog: Catalog
    own: Mapping[str, Own] = field(default_factory=dict)
    folder: Path = Path()

    def missing(self, provider: Provider) -> tuple[str, ...]:
        """What has to be set before `provider` can be asked: variables, then options; empty when it is ready."""
        variables = [name for key, name in provider.secrets.items() if key not in provider.optional and not secret(name)]
        return (*variables, *provider.needs)

    @property
    def ready(self) -> tuple[str, ...]:
        """Ids of the providers that can be asked. Local ones count when the operator set them up."""
        return tuple(p.id for p in self.catalog.providers if not self.missing(p) and (p.secrets or p.id in self.own or _drawn(p)))


def market(settings: Settings, *, simulated: bool = False) -> Market:
    """Who there is for `settings`; `simulated`: those that only draw. Raises CatalogError, UsageError."""
    if simulated:
        return Market(catalog=simulated_catalog())
    path = settings.provider_file
    if path == Path():
        return Market(catalog=shipped_catalog())
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"provider_file {str(path)!r} cannot be read: {error.strerror}") from None
    catalog, own = with_own(shipped_catalog(), text, file=path.name)
    return Market(catalog=catalog, own=own, folder=path.absolute().parent)


def open_imager(provider: Provider, there: Market, settings: Settings) -> Imager:
    """The adapter of `provider` with its keys, address and options. Raises UsageError, CapabilityError."""
    from affiche.adapters.fetch import GuardedFetcher
    from affiche.adapters.imagers.exchange import Access
    from affiche.adapters.imagers.table import open_imager

    if provider.adapter == "simulated":
        return _simulated(provider, settings)
    own = there.own.get(provider.id, Own())
    options = {name: str(there.folder / value) if name in FILES else value for name, value in own.options.items()}
    access = Access(
        base=provider.base, provider=provider.id, options=options, timeout_s=provider.timeout_s, poll_s=provider.poll_s,
        secrets={key: Secret(secret(name)) for key, name in provider.secrets.items()},
    )  # fmt: skip
    hosts = [url for url in (own.base_url, provider.base if provider.base.startswith("http://") else "") if url]
    allow = (*settings.fetch_allow, *(urlsplit(url).netloc for url in hosts))
    return open_imager(provider.adapter, access, GuardedFetcher(allow=allow))


def _simulated(provider: Provider, settings: Settings) -> Imager:
    """A provider that draws: its server is started with its adapter, and ends with it. Its account lies in `home`."""
    from affiche.adapters.fetch import GuardedFetcher
    from affiche.adapters.imagers.double import Double
    from affiche.adapters.imagers.exchange import Access
    from affiche.adapters.imagers.simulated import Simulated

    latency_s = float(settings.simulated_latency_s) if settings.simulated_latency_s else None
    double = Double(provider.id, settings.home / "simulated", latency_s)
    access = Access(provider=provider.id, timeout_s=provider.timeout_s, poll_s=provider.poll_s)
    return Simulated(access, GuardedFetcher(allow=(double.address,)), double)


async def health(provider: Provider, there: Market, settings: Settings) -> str:
    """`ok`, or what is wrong with `provider`; free."""
    missing = there.missing(provider)
    if missing:
        return f"not set up: {', '.join(missing)}"
    try:
        imager = open_imager(provider, there, settings)
    except UsageError as error:
        return str(error)
    try:
        return await imager.health()
    finally:
        await imager.close()


def _drawn(provider: Provider) -> bool:
    return provider.adapter == "simulated"
