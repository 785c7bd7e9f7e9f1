"""Opens the object store that a URL names: `s3://bucket/prefix`, `az://container/prefix`, `gs://bucket/prefix`, `file:///folder`.

Credentials come from where each cloud's own tools look for them (environment, files, roles of the machine), never from a URL.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from obstore.store import AzureStore, GCSStore, LocalStore, S3Store

from affiche.adapters.blobs.local import LocalBlobs
from affiche.adapters.blobs.objects import ObjectBlobs
from affiche.adapters.blobs.prefix import PrefixInbox
from affiche.errors import StorageAway, UsageError

_CLOUDS: dict[str, Any] = {"s3": S3Store, "az": AzureStore, "gs": GCSStore}
#: A store that does not answer must not hold a run for minutes: three tries, at most half a minute.
_RETRY: Any = {"max_retries": 3, "retry_timeout": timedelta(seconds=30)}
_CLIENT: Mapping[str, Any] = {"connect_timeout": "5s", "timeout": "60s"}


def open_store(url: str, cache: Path, *, options: Mapping[str, Any] | None = None, plain_http: bool = False) -> ObjectBlobs:
    """Blobs at `url`, with the folder `cache` in front.

    `options` go to the store as it calls them (`endpoint`, `region`, ...); `plain_http` allows an endpoint without encryption.
    Raises UsageError, StorageAway.
    """
    folder = LocalBlobs(cache)
    if urlsplit(url).scheme == "file":
        return ObjectBlobs(LocalStore(prefix=_folder(urlsplit(url).path), mkdir=True), folder, signs=False, attributes=False)
    return ObjectBlobs(_cloud(url, options or {}, plain_http=plain_http), folder, signs=True)


def open_prefix(url: str, *, options: Mapping[str, Any] | None = None, plain_http: bool = False) -> PrefixInbox:
    """The inbox at `url` (`s3://`, `az://`, `gs://`, `file:///`); arguments as above. Raises UsageError."""
    if urlsplit(url).scheme == "file":
        return PrefixInbox(LocalStore(prefix=_folder(urlsplit(url).path)), url)
    return PrefixInbox(_cloud(url, options or {}, plain_http=plain_http), url)


def _cloud(url: str, options: Mapping[str, Any], *, plain_http: bool) -> Any:
    parts = urlsplit(url)
    if parts.scheme not in _CLOUDS or not parts.hostname or "@" in parts.netloc:
        raise UsageError(f"{parts.scheme or 'this'} is not an object store: s3://, az://, gs:// or file:///")
    client = {**_CLIENT, "allow_http": plain_http}
    prefix = parts.path.strip("/") or None
    try:
        return _CLOUDS[parts.scheme](parts.netloc, prefix=prefix, client_options=client, retry_config=_RETRY, **options)
    except Exception as error:
        raise UsageError(f"the object store {parts.scheme}://{parts.netloc} cannot be opened: {type(error).__name__}") from error


def _folder(path: str) -> Path:
    folder = Path(unquote(path))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageAway(f"the shared folder cannot be opened: {error.strerror}", hint="Is it mounted?") from error
    return folder
