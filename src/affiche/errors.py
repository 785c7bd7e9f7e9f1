"""The exception tree: what "cannot go on" means. (What is merely wrong with an input is a `Problem`, not an exception.)

    AfficheError            1   internal
    ├── InputError          2   bad input, nothing was built
    │   ├── AssetError      2   one asset cannot be used (its creatives fail, the rest is built)
    │   └── UsageError      2   wrong command line or settings
    ├── LedgerBusy          1   another process holds the ledger (retry later)
    ├── StorageError        1   disk full, not writable, blob missing or altered
    │   └── StorageAway     1   a database or store does not answer, a disk is full: it passes, so wait
    ├── Superseded          1   the work is no longer this worker's: cancelled, or taken over by another
    ├── RenderCrash         1   a render process died, or took too long
    ├── RegistryUnavailable 1   the service's database does not answer (retry later)
    ├── NotFound            1   no such thing, or not yours to see
    ├── Unauthorised        1   nobody knows who asks
    ├── Refused             1   you may not
    ├── TooLarge            1   more was sent than is taken
    ├── Conflict            1   not in a state for this
    │   └── Changed         1   somebody else was quicker
    ├── SealBroken          1   an encrypted value does not open
    ├── PaintError          1   a creative cannot be drawn
    ├── CapabilityError     2   something was asked that a part cannot do
    ├── FetchError          1   an address from outside did not answer (`sent`: whether the request may have arrived)
    │   ├── AddressRefused  2   the address is not one that may be asked
    │   └── AnswerRefused   2   the answer is too long or of another kind than asked
    ├── BudgetExhausted     1   a cap on spending would be passed; nothing was bought
    ├── CallUncertain       1   an earlier paid call may have been billed; a person decides
    └── ProviderError       1   a provider of pictures or words did not deliver
        ├── ContentBlocked      the provider refuses the content: never sent again unchanged, never elsewhere by itself
        ├── RequestRefused      the provider does not understand the request, or refuses it for another reason than content
        ├── ModelRetired        the model is gone
        ├── AccessRefused       the key is wrong or may not do this
        ├── QuotaExhausted      nothing left to spend at the provider
        ├── RateLimited         too many requests; `retry_after_s` when it said so
        ├── ProviderUnavailable 5xx, connection refused or lost before the request was sent: surely not billed
        ├── ProviderTimeout     no answer to a request that was sent: may have been billed
        └── BadOutput           it answered with something that is not what was asked (billed)

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


class StorageAway(StorageError):
    """The place where files or results lie does not answer, or is full. It comes back: wait, and nothing is lost."""

    code = "storage-away"
    http_status = 503


class Superseded(AfficheError):
    """This work was cancelled, or another worker has taken it over."""

    code = "superseded"
    http_status = 409


class RenderCrash(AfficheError):
    """A render process died, or did not end in time. `killed`: somebody outside ended it, which says nothing of its work."""

    code = "render-crash"
    retry = "later"

    def __init__(self, message: str = "", *, hint: str = "", killed: bool = False) -> None:
        super().__init__(message, hint=hint)
        self.killed = killed


class RegistryUnavailable(AfficheError):
    """The database of the service does not answer."""

    code = "registry-unavailable"
    http_status = 503
    retry = "later"


class NotFound(AfficheError):
    """There is no such thing, or it is not yours to see."""

    code = "not-found"
    http_status = 404


class Unauthorised(AfficheError):
    """Say who you are: with an API key, or by logging in."""

    code = "unauthorised"
    http_status = 401


class TooLarge(AfficheError):
    """More was sent than is taken."""

    code = "too-large"
    http_status = 413


class Refused(AfficheError):
    """You may not do this."""

    code = "forbidden"
    http_status = 403


class Conflict(AfficheError):
    """It has changed, or is in a state in which this cannot be done."""

    code = "conflict"
    http_status = 409


class SealBroken(AfficheError):
    """A sealed value cannot be opened."""

    code = "seal-broken"


class Changed(Conflict):
    """It was changed by somebody else meanwhile: look at the newest version first."""

    code = "precondition-failed"
    http_status = 412


class PaintError(AfficheError):
    """A creative could not be drawn."""

    code = "paint"


class FetchError(AfficheError):
    """An address from outside did not answer. `sent`: whether the request may have arrived there.

    `status` of the answer when one began and was not taken: it broke off, was too long, of another kind, or led elsewhere.
    """

    code = "fetch"
    http_status = 502
    retry: ClassVar[Retry] = "later"

    def __init__(self, message: str = "", *, hint: str = "", sent: bool = False, status: int = 0) -> None:
        super().__init__(message, hint=hint)
        self.sent, self.status = sent or status > 0, status


class AddressRefused(FetchError):
    """The address is not one that may be asked."""

    code = "address-refused"
    exit_code = 2
    http_status = 422
    retry = "never"


class AnswerRefused(FetchError):
    """The answer is too long, or of another kind than was asked for."""

    code = "answer-refused"
    exit_code = 2
    http_status = 422
    retry = "never"


class BudgetExhausted(AfficheError):
    """A cap on spending would be passed. Nothing was bought."""

    code = "budget"
    http_status = 402


class CallUncertain(AfficheError):
    """An earlier call to a provider may have been billed and its result is lost. It is not paid again unasked."""

    code = "uncertain"
    http_status = 409


class UnderWay(CallUncertain):
    """Another build is asking for the very same at this moment: wait for it."""


class ProviderError(AfficheError):
    """A provider of pictures or words did not deliver.

    `billed`: whether the call may have cost money (`None` = nobody knows). `provider` and `request_id` as far as known.
    """

    code = "provider"
    http_status = 502
    retry: ClassVar[Retry] = "elsewhere"
    billed: bool | None = False

    def __init__(self, message: str = "", *, hint: str = "", provider: str = "", request_id: str = "") -> None:
        super().__init__(message, hint=hint)
        self.provider = provider
        self.request_id = request_id


class ContentBlocked(ProviderError):
    """The provider refuses this content. Change the brief or ask another provider on purpose."""

    code = "content-blocked"
    http_status = 422
    retry = "never"

    def __init__(
        self, message: str = "", *, stage: Literal["input", "output", "unknown"] = "unknown", categories: tuple[str, ...] = (),
        billed: bool | None = False, hint: str = "", provider: str = "", request_id: str = "",
    ) -> None:  # fmt: skip
        super().__init__(message, hint=hint, provider=provider, request_id=request_id)
        self.stage = stage
        self.categories = categories
        self.billed = billed


class RequestRefused(ProviderError):
    """The provider refused the request as it was sent."""

    code = "request-refused"


class ModelRetired(ProviderError):
    """The provider no longer has this model."""

    code = "model-retired"


class AccessRefused(ProviderError):
    """The provider refused the key, or the key may not do this."""

    code = "access-refused"


class QuotaExhausted(ProviderError):
    """Nothing is left to spend at the provider."""

    code = "quota-exhausted"


class RateLimited(ProviderError):
    """The provider wants fewer requests."""

    code = "rate-limited"
    http_status = 429
    retry = "later"

    def __init__(
        self, message: str = "", *, retry_after_s: float | None = None, hint: str = "", provider: str = "", request_id: str = ""
    ) -> None:
        super().__init__(message, hint=hint, provider=provider, request_id=request_id)
        self.retry_after_s = retry_after_s


class ProviderUnavailable(ProviderError):
    """The provider did not take the request."""

    code = "provider-unavailable"
    http_status = 503
    retry = "later"


class ProviderTimeout(ProviderError):
    """The request was sent and no answer came; it may have been billed."""

    code = "provider-timeout"
    http_status = 504
    retry = "never"
    billed = None


class BadOutput(ProviderError):
    """The provider answered with something that cannot be used."""

    code = "bad-output"
    billed = True
