"""The contract of the Depot port on Azure blob storage (Azurite). In `./run soak`: fetching the server takes most of a minute."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import obstore
import pytest
from obstore.store import AzureStore

from affiche.adapters.blobs.open import open_store
from affiche.values.digest import Digest
from tests.contract import kit_depots as contract
from tests.contract.kit_servers import AZURITE_ACCOUNT, AZURITE_KEY, azurite
from tests.contract.test_depots import CHECKS

pytestmark = pytest.mark.soak


@pytest.fixture(scope="module")
def options(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    with azurite(tmp_path_factory.mktemp("azurite")) as endpoint:
        made = {"endpoint": endpoint, "account_name": AZURITE_ACCOUNT, "account_key": AZURITE_KEY}
        _create_container(made)
        yield made


def _create_container(options: dict[str, str]) -> None:
    """The object library cannot make containers: by the REST API with a shared-key signature."""
    import base64
    import hashlib
    import hmac
    import urllib.request
    from email.utils import formatdate

    date = formatdate(usegmt=True)
    canonical = f"/{AZURITE_ACCOUNT}/{AZURITE_ACCOUNT}/affiche\nrestype:container"
    text = f"PUT\n\n\n\n\n\n\n\n\n\n\n\nx-ms-date:{date}\nx-ms-version:2021-08-06\n{canonical}"
    signature = base64.b64encode(hmac.new(base64.b64decode(AZURITE_KEY), text.encode(), hashlib.sha256).digest()).decode()
    headers = {"x-ms-date": date, "x-ms-version": "2021-08-06", "Authorization": f"SharedKey {AZURITE_ACCOUNT}:{signature}"}
    urllib.request.urlopen(urllib.request.Request(f"{options['endpoint']}/affiche?restype=container", method="PUT", headers=headers), timeout=10)


@pytest.mark.parametrize("check", [*CHECKS, contract.signed_urls], ids=lambda check: check.__name__)
def test_contract(options: dict[str, str], tmp_path: Path, check: object) -> None:
    check(lambda cache: open_store("az://affiche/pre", cache, options=options, plain_http=True), tmp_path)  # type: ignore[operator]


def test_an_altered_blob_is_noticed_and_mended(options: dict[str, str], tmp_path: Path) -> None:
    raw = AzureStore("affiche", prefix="pre", client_options={"allow_http": True}, **options)

    def alter(blob: Digest, data: bytes) -> None:
        obstore.put(raw, f"blobs/{blob[:2]}/{blob[2:]}", data)

    contract.an_altered_blob_is_noticed(lambda cache: open_store("az://affiche/pre", cache, options=options, plain_http=True), alter, tmp_path)
