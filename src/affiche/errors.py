"""The exception tree: what "cannot go on" means. (What is merely wrong with an input is a `Problem`, not an exception.)

    AfficheError            1   internal
    ├── InputError          2   bad input, nothing was built
    │   ├── AssetError      2   one asset cannot be used (its creatives fail, the rest is built)
    │   └── UsageError      2   wrong command line or settings
    ├── LedgerBusy          1   another process holds the ledger (retry later)
    ├── StorageError        1   disk full, not writable, blob missing or altered
    ├── PaintError          1   a creative cannot be drawn
    └── CapabilityError     2   something was asked that a part cannot do

Entries (cli, api, work) only map these attributes; they never look at message texts.
"""

from __future__ import annotations

from typing import ClassVar, Literal

Retry = Literal["never", "later", "elsewhere"]


class AfficheError(Exception):
    """Something in Affiche went wrong. Please report it with the command you ran."""

    code: ClassVar[str] = "internal"
    exit_code: ClassVar[int] = 1
    http_status: ClassVar[int] = 500
    retry: ClassVar[Retry] = "never"

    def __init__(self, message: str = "", *, hint: str = "") -> None:
        super().__init__(message or (self.__doc__ or ""))
        self.hint = hint

    @property
    def public(self) -> str:
        """Text that may be shown to anyone."""
        return str(self)


class InputError(AfficheError):
    """An input file cannot be used; nothing was built."""

    code = "input"
    exit_code = 2
    http_status = 422


class AssetError(InputError):
    """A picture, logo or font cannot be used."""

    code = "asset"


class UsageError(InputError):
    """The command line or the settings are wrong."""

    code = "usage"
    http_status = 400


class CapabilityError(InputError):
    """Something was asked for that the chosen part cannot do."""

    code = "capability"


class LedgerBusy(AfficheError):
    """Another process is writing to this ledger. Wait for it, or give this one its own AFFICHE_HOME."""

    code = "ledger-busy"
    http_status = 409
    retry = "later"


class StorageError(AfficheError):
    """A file could not be written or read back."""

    code = "storage"
    http_status = 507
    retry = "later"


class PaintError(AfficheError):
    """A creative could not be drawn."""

    code = "paint"
