"""Ready: a photograph that was looked at when it came is ready to be drawn, so that no run looks at it again.

Only where that costs no room: a JPEG whose file is what is drawn. Whatever else a campaign shows is made ready by its first run.
"""

from __future__ import annotations

import logging

from affiche import outfit
from affiche.errors import StorageError
from affiche.ingest.take import Looked
from affiche.plan.keys import picture_key
from affiche.ports import Outcome
from affiche.settings import Settings
from affiche.values.digest import digest
from affiche.versions import versions

log = logging.getLogger("affiche.ingest")


def remember(looked: Looked, settings: Settings) -> None:
    """Writes what was seen into the ledger, as a run would. A ledger that is away is no reason to refuse a file."""
    if not looked.prepared:
        return
    key = picture_key(looked.blob, "picture", None, digest("toolchain", versions()))
    made = Outcome(key=key, kind="imagine", blobs={"pixels": looked.blob}, data=looked.prepared)
    try:
        ledger = outfit.shared_ledger(settings)
        try:
            if key not in ledger.known([key]):
                ledger.record([made])
        finally:
            ledger.close()
    except StorageError as error:
        log.warning("a picture that came is not remembered as ready: %s", error.public)
