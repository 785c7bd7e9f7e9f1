"""Settings: the only reader of the environment. `AFFICHE_*` beats `affiche.toml` beats the defaults.

`affiche.toml` is looked for in the current folder and its parents. An unknown name is refused, with the nearest known one:
a setting that is silently ignored is worse than none.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from affiche.errors import UsageError

FILE = "affiche.toml"
_PREFIX = "AFFICHE_"
_LISTS = (
    "fetch_allow", "ingest", "providers", "provider_order", "provider_regions", "provider_licences", "oidc_roles", "oidc_scopes",
    "cors_origins",
)  # fmt: skip
_TEXTS = (
    "blob_store", "database_url", "engine_url", "smtp", "smtp_sender", "spend_month", "spend_brand", "spend_uncertain",
    "traces", "writer", "writer_url", "writer_region", "public_url", "oidc_issuer", "oidc_client", "oidc_claim", "oidc_name",
)  # fmt: skip
_SWITCHES = ("debug", "blob_store_plain_http")
#: Names that are not settings of the command: the checkout's environment, and switches of tests.
_OTHERS = ("AFFICHE_VENV", "AFFICHE_TEST_")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What can be set. `home` holds ledger, blobs and caches; `out` is where builds go without `--out`."""

    home: Path
    out: Path = Path("out")
    #: Render processes; 0 = one per core.
    jobs: int = 0
    #: Most data memory of a render process, MB; 0 = no limit.
    render_memory_mb: int = 2000
    #: How long a build waits for another one that uses the same home, seconds.
    ledger_wait_s: int = 10
    #: Registry, ledger and engine of the service: `postgresql://user:password@host/name`; empty = SQLite files in `home`.
    database_url: str = field(default="", repr=False)
    #: An object store for blobs, with the folder in `home` in front: `s3://bucket/prefix`, `az://`, `gs://`, `file:///`.
    blob_store: str = ""
    #: The object store may be spoken to without encryption (a store of one's own on the same network, and tests).
    blob_store_plain_http: bool = False
    #: Own hosts that URLs from outside may lead to although their addresses are private: `dam.corp.example`, `10.0.0.7:9000`.
    fetch_allow: tuple[str, ...] = ()
    #: Where files come in by themselves while somebody works, `[BRAND=]PLACE`: a folder, `s3://bucket/prefix`,
    #: `QUEUE_URL#s3://bucket/prefix`.
    ingest: tuple[str, ...] = ()
    #: The operator's file about providers of pictures: addresses, options, prices of a contract, own gateways.
    provider_file: Path = Path()
    #: A folder with encoders of pictures and phrases: with it the library is searched by meaning (docs/meaning.md).
    embedding_model: Path = Path()
    #: Keys that seal briefs, brand files and secrets; without it `home/keyring.toml`, made when needed, for secrets alone.
    key_ring: Path = Path()
    #: An OpenTelemetry collector that is told where time goes: `http://collector:4318/v1/traces`; without it
    #: `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` or `OTEL_EXPORTER_OTLP_ENDPOINT`.
    traces: str = ""
    #: Requests of one key per minute, over all API processes; 0 = no limit.
    rate_per_minute: int = 12_000
    #: Where people reach the service: `https://affiche.example.com`. Needed behind a proxy and for the login provider.
    public_url: str = ""
    #: A session ends when it rests for so long, minutes; and when it is so old, days.
    session_idle_minutes: int = 480
    session_days: int = 7
    #: The login provider (OpenID Connect): its issuer, our client id there; the secret is in the variable OIDC_CLIENT_SECRET.
    oidc_issuer: str = ""
    oidc_client: str = ""
    #: What is asked of the provider, and what its button says.
    oidc_scopes: tuple[str, ...] = ("openid", "email", "profile")
    oidc_name: str = ""
    #: The claim that holds groups, and which role each gives: `marketing=creator:aurora`, `it=admin`.
    oidc_claim: str = "groups"
    oidc_roles: tuple[str, ...] = ()
    #: Origins of other sites whose pages may call the API with a key: `https://intranet.example.com`. Empty: none.
    cors_origins: tuple[str, ...] = ()
    #: Who writes words that nobody gave, `provider:model`, and after commas who stands in; empty: nobody.
    writer: str = ""
    #: Where a writer `compatible:model` is (Ollama, vLLM, a gateway), or another address of a known provider; of several
    #: writers one for each, parted by commas.
    writer_url: str = ""
    #: Region of a writer on Bedrock.
    writer_region: str = ""
    #: Questions to a writer at once, and how long each may take, seconds.
    writer_calls: int = 4
    writer_timeout_s: int = 60
    #: Who may be asked for pictures, ids of `affiche providers`; empty: everybody with a key. `simulated`: drawings, for nothing.
    providers: tuple[str, ...] = ()
    #: Providers or offers to ask in this order, instead of by what was learnt of price and success.
    provider_order: tuple[str, ...] = ()
    #: Regions in which pictures may be made (`eu`, `us`); empty: anywhere.
    provider_regions: tuple[str, ...] = ()
    #: Most that all campaigns may spend on models in a calendar month, and one brand in all, USD; empty: no limit of its own.
    spend_month: str = ""
    spend_brand: str = ""
    #: Licences of results that are allowed, as the catalog states them; empty: any.
    provider_licences: tuple[str, ...] = ()
    #: After so many seconds without a picture a second provider is asked as well, and whoever is quicker is taken; 0: never.
    #: Who is overtaken counts in full.
    hedge_after_s: int = 0
    #: What becomes of a paid call whose end nobody knows: `ask` a person, or pay `again`.
    spend_uncertain: str = "ask"
    #: How long simulated providers take for a picture, seconds; 0: as their catalog says.
    simulated_latency_s: int = 0
    #: The mail server for notices, `host:port`; empty = none.
    smtp: str = ""
    #: Who writes these mails.
    smtp_sender: str = "affiche@localhost"
    #: Another database for the engine alone. Empty = that of `database_url`, else a SQLite file in `home`.
    engine_url: str = field(default="", repr=False)
    #: A worker that has not been heard of for so long is dead: others continue its work. Seconds.
    lease_s: int = 6
    #: How long a worker that is told to end may finish what it has begun, seconds.
    drain_s: int = 60
    #: Show tracebacks.
    debug: bool = False

    @property
    def processes(self) -> int:
        """Render processes to start."""
        return self.jobs or _cores()


def secret(name: str, environment: Mapping[str, str] | None = None) -> str:
    """The key of a provider from the variable `name`, empty when it is not set. Keys are never settings: no file holds them."""
    return (os.environ if environment is None else environment).get(name, "") if name else ""


def one_thread_each() -> None:
    """Tells libraries that are loaded later, in this process and in those it starts, to leave their algebra one thread.

    A render process runs on each core: threads that spin while they wait would only take from them.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def load(environment: Mapping[str, str] | None = None, folder: Path | None = None) -> Settings:
    """The settings in force for a command in `folder`. Raises UsageError naming file or variable."""
    given = os.environ if environment is None else environment
    values = {**_from_file(folder or Path.cwd()), **_from_environment(given)}
    return Settings(**{"home": _default_home(given), "traces": _collector(given), **values})


def _collector(environment: Mapping[str, str]) -> str:
    """The collector that the variables of OpenTelemetry name."""
    if environment.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return ""
    base = environment.get("OTEL_EXPORTER_OTLP_ENDPOINT", "")
    return environment.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "") or (f"{base.rstrip('/')}/v1/traces" if base else "")


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    values = {}
    for name, text in environment.items():
        if not name.startswith(_PREFIX) or name.startswith(_OTHERS):
            continue
        values[_known(name.removeprefix(_PREFIX).lower(), f"the variable {name}", prefix=_PREFIX)] = text
    return {name: _value(name, text, f"{_PREFIX}{name.upper()}", Path()) for name, text in values.items()}


def _from_file(folder: Path) -> dict[str, Any]:
    path = next((place / FILE for place in (folder, *folder.parents) if (place / FILE).is_file()), None)
    if path is None:
        return {}
    import tomllib  # most commands have no such file

    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be read: {error}") from error
    named = {_known(name, f"{name!r} in {path}"): value for name, value in data.items()}
    return {name: _value(name, value, f"{name} in {path}", path.parent) for name, value in named.items()}


def _known(name: str, what: str, *, prefix: str = "") -> str:
    names = [one.name for one in fields(Settings)]
    if name in names:
        return name
    from difflib import get_close_matches

    shown = {n: f"{prefix}{n.upper()}" if prefix else n for n in names}
    close = get_close_matches(name, names, n=1)
    hint = f"did you mean {shown[close[0]]}?" if close else f"there are {', '.join(shown.values())}"
    raise UsageError(f"{what} is not a setting", hint=hint)


def _value(name: str, value: Any, what: str, folder: Path) -> Any:
    """`value` in the type of the setting; paths in a file are relative to it."""
    if name in ("home", "out", "key_ring", "provider_file", "embedding_model"):
        if not isinstance(value, str) or not value:
            raise UsageError(f"{what} must be a folder or a file, not {value!r}")
        return folder / Path(value).expanduser()
    if name in _LISTS:
        items = value.split(",") if isinstance(value, str) else value
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            raise UsageError(f"{what} must be a list of words, not {value!r}")
        return tuple(item.strip() for item in items if item.strip())
    if name in _TEXTS:
        if not isinstance(value, str):
            raise UsageError(f"{what} must be text, not {value!r}")
        return value.strip()
    if name in _SWITCHES:
        return str(value).lower() not in ("", "0", "false", "no")
    try:
        number = int(value)
    except (TypeError, ValueError):
        number = -1
    if number < 0 or isinstance(value, float | bool):
        raise UsageError(f"{what} must be a whole number from 0, not {value!r}")
    return number


def _default_home(environment: Mapping[str, str]) -> Path:
    """The data folder of this user, as the system wants it."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "affiche"
    if sys.platform == "win32":
        return Path(environment.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "affiche"
    return Path(environment.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "affiche"


def _cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
