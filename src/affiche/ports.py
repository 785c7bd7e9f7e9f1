"""Ports: the outside world as Affiche needs it, on one page. Adapters implement them, `wire.py` joins the two.

A function takes only the port it needs. Every port has one contract suite in `tests/contract/`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Literal, Protocol, TypeVar

from affiche.values.digest import Digest
from affiche.values.fetch import Fetched, FetchRequest
from affiche.values.frame import Frame
from affiche.values.geometry import Area, Rect, Size
from affiche.values.imagery import ImageRequest, ImageResult, Offer
from affiche.values.money import Money
from affiche.values.spending import Call, CallState, Cap, Intent
from affiche.values.vector import Vector
from affiche.values.writing import WriteRequest, Written

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    #: uint8, shape (height, width, 4), RGBA, not premultiplied unless a name says so, sRGB, C-contiguous.
    Pixels = npt.NDArray[np.uint8]
else:
    # Only a type: planning and an unchanged build must not pay for loading numpy.
    Pixels = Any

#: Cells per side of the tone raster of a picture.
TONE_GRID = 16

FileFormat = Literal["png", "jpeg", "webp", "avif"]

#: Colour resolution of a lossy file: `444` full (small saturated type stays crisp), `420` quarter.
Chroma = Literal["420", "444"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFacts:
    """What the header of a picture file says: `format` (`png jpeg webp avif gif tiff svg`), `size` as shown (upright)."""

    format: str
    size: Size
    vector: bool
    frames: int = 1
    #: Description of the embedded colour profile, `""` when there is none.
    profile: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Painted:
    """A finished creative, with what lies behind its type.

    `grounds`: index of the line in `frame.texts` -> the pixels of its ink box (rounded outwards, clipped to the canvas) just
    before the run of lines it belongs to was drawn; parts of the base where nothing else lies there, so not to be written
    to. `touched`: areas outside of which `pixels` equals the base (inside it may); they may overlap.
    """

    pixels: Pixels
    grounds: Mapping[int, Pixels]
    touched: tuple[Area, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureInfo:
    """What is known of a prepared picture (sRGB, oriented, 8 bit, RGBA), `digest` being the digest of its source bytes.

    `kind`: `cutout` (has a real alpha: packshot), `photo` (opaque), `logo`. `bounds` is the box of visible pixels;
    `focal` the point to keep, fractions 0..1; `luminance` the mean 0..1; `palette` the main colours (hex) by weight.
    """

    digest: Digest
    kind: Literal["cutout", "photo", "logo"]
    size: Size
    bounds: Rect
    focal: tuple[float, float] | None = None
    focal_origin: Literal["given", "face", "subject", "centre"] = "centre"
    luminance: float = 0.5
    palette: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    vector: bool = False
    #: Tones of the visible box on a TONE_GRID x TONE_GRID raster, row by row: 5th and 95th percentile of the sRGB-coded
    #: luma 0..255 in each cell. Empty when unknown.
    darks: tuple[int, ...] = ()
    lights: tuple[int, ...] = ()
    #: Photographs, px of the picture: the box of what it is about (heads, a product), None when nobody knows, and the same
    #: with the air that a crop should leave it (room above a head, on the side it looks to). `confidence` 0..1 of both.
    subject: Rect | None = None
    keep: Rect | None = None
    confidence: float = 0.0


class Pictures(Protocol):
    """Decoded prepared pictures by digest."""

    def load(self, picture: Digest) -> Pixels:
        """The pixels of a prepared picture. Raises AssetError."""

    def load_vector(self, picture: Digest, size: Size) -> Pixels:
        """A vector picture as `load` gives it, but at least `size` large; any other as `load`. Raises AssetError."""


class Painter(Protocol):
    """Draws frames; decides nothing."""

    def base(self, frame: Frame, pictures: Pictures) -> Pixels:
        """The base layer, opaque."""

    def overlay(self, frame: Frame, base: Pixels, pictures: Pictures) -> Pixels:
        """The finished creative: overlay drawn on a copy of `base`."""

    def painted(self, frame: Frame, base: Pixels, pictures: Pictures, canvas: Pixels | None = None, standing: int = 0) -> Painted:
        """As `overlay`, with the pixels behind each line of text for the contrast rule.

        `canvas` must equal `base` and is drawn on instead of a copy of it: who draws many creatives on one base mends the
        touched areas, which costs less than a copy. The first `standing` items are on both already: left out of the answer.
        """


class Codec(Protocol):
    """Pixels to files and back."""

    def encode(self, pixels: Pixels, *, format: FileFormat, quality: int, chroma: Chroma = "420") -> bytes:
        """`quality` 1..100 (for PNG below 100: palette reduction). Same input, same bytes."""

    def decode(self, data: bytes) -> Pixels:
        """Raises AssetError with what is wrong (type, size, truncation)."""

    def inspect(self, data: bytes) -> FileFacts:
        """Format and size from the header alone, nothing decoded. Raises AssetError."""

    def rasterise(self, data: bytes, size: Size) -> Pixels:
        """A vector file as large as fits into `size`, proportions kept. Raises AssetError."""


class RowCodec(Protocol):
    """JPEG with restart markers along rows of blocks, so that changed areas can be spliced into an encoded base."""

    def rows(self, pixels: Pixels, *, quality: int, chroma: Chroma) -> bytes:
        """A whole JPEG with restart markers."""

    def splice(self, base: bytes, pixels: Pixels, areas: Iterable[Area], *, quality: int, chroma: Chroma) -> bytes:
        """`base` (from `rows`) with the `areas` taken from `pixels`; byte-identical to `rows(pixels)` when `pixels`
        differs from the base inside the areas only."""


class Blobs(Protocol):
    """Bytes stored under the digest of their content."""

    def put(self, data: bytes) -> Digest:
        """Stores `data` (atomic: never half visible) and returns its digest. Raises StorageError."""

    def get(self, blob: Digest) -> bytes:
        """Raises StorageError when it is missing or altered."""

    def has(self, blob: Digest) -> bool: ...

    def path(self, blob: Digest) -> Path:
        """Where the blob lies on this machine, for linking into an output tree. Raises StorageError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredBlob:
    """A blob as a store lists it: `size` in bytes, `modified` in seconds since 1970."""

    digest: Digest
    size: int
    modified: float


class Depot(Blobs, Protocol):
    """Where a service keeps its blobs: they can be listed, removed, and given away or taken in by signed URL.

    A URL is empty where the store cannot sign: then the API signs its own.
    """

    def stored(self) -> Iterator[StoredBlob]:
        """All blobs, in any order, read in batches. Raises StorageError."""

    def read(self, blob: Digest) -> bytes:
        """As `get`, but from the store itself, whatever this machine keeps in front of it."""

    def remove(self, blob: Digest, *, unless_since: float | None = None) -> bool:
        """Removes it, unless it was stored (or stored again) since that moment; whether it is gone. Raises StorageError."""

    def download_url(self, blob: Digest, *, seconds: int) -> str: ...

    def upload_url(self, upload: str, *, seconds: int) -> str:
        """Where a client may PUT the bytes of `upload` (its id)."""

    def uploaded(self, upload: str, *, max_bytes: int) -> bytes:
        """What a client has put there. Raises StorageError when there is nothing, or more than `max_bytes`."""

    def discard(self, upload: str) -> None: ...

    def probe(self) -> None:
        """Raises StorageError when the store cannot be used now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxFile:
    """A file that lies in an inbox. `name`: its path there, with `/`; `tag`: another one when its bytes are others."""

    name: str
    size: int
    tag: str


class Inbox(Protocol):
    """A place where others put files for us: a folder, a prefix of an object store. It is only read."""

    @property
    def place(self) -> str:
        """How it is called, without secrets."""

    def listed(self) -> Iterator[InboxFile]:
        """What lies there, in any order; what is still being written is left out where that can be seen. Raises StorageError."""

    def find(self, name: str) -> InboxFile | None:
        """The file of this name; None when there is none. Raises StorageError."""

    def read(self, name: str, *, max_bytes: int) -> bytes:
        """Its bytes. Raises NotFound, TooLarge, StorageError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message of a queue. `handle` ends it; `tries`: how often it was handed out, this time included."""

    body: str
    handle: str
    tries: int


class Queue(Protocol):
    """A queue that hands a message out again unless it is ended in time, and puts it aside after some tries."""

    def receive(self, *, wait_s: int) -> list[Message]:
        """Up to ten messages. Raises StorageError."""

    def done(self, message: Message) -> None: ...

    def redrive(self) -> int:
        """Brings back what was put aside; how many there were. Raises UsageError when the queue puts nothing aside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a key produced: named blobs and plain JSON data (sizes, findings, cost, origin, duration)."""

    key: Digest
    kind: str
    blobs: Mapping[str, Digest]
    data: Mapping[str, Any]


class Ledger(Protocol):
    """Key -> outcome. Written by the parent process only; readers may be many."""

    def known(self, keys: Iterable[Digest]) -> dict[Digest, Mapping[str, Digest]]:
        """The blobs of the outcomes that exist among `keys`; quicker than `find`, which also reads the data."""

    def find(self, keys: Iterable[Digest]) -> dict[Digest, Outcome]:
        """The outcomes that exist among `keys`."""

    def record(self, outcomes: Sequence[Outcome], made_from: Mapping[str, Mapping[str, str]] | None = None) -> None:
        """Stores outcomes in one commit, and with them what subjects were last made from (name of an input -> digest).

        A key that is there already takes the new outcome. Raises LedgerBusy, StorageError.
        """

    def blobs(self) -> Iterator[Digest]:
        """Every blob that an outcome names, read in batches; some may come twice."""

    def last_made_from(self, subjects: Iterable[str]) -> dict[str, Mapping[str, str]]:
        """What `subjects` (identities of creatives) were last made from: so a plan can say why one is made again."""

    def close(self) -> None: ...


Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Done(Generic[Item, Result]):
    """A batch that a pool is done with. Without `result` the work on its only item broke, and `crash` says how."""

    batch: Sequence[Item]
    result: Result | None
    crash: str = ""


class Pool(Protocol):
    """Other processes, limited in memory, that work on batches."""

    def run(
        self, work: Callable[[Sequence[Item]], Result], batches: Iterable[Sequence[Item]],
        kin: Callable[[Sequence[Item]], Hashable] | None = None,
    ) -> Iterator[Done[Item, Result]]:  # fmt: skip
        """Batches as they are done, in any order; a batch whose process died comes back in parts, down to the culprit.

        Batches of equal `kin` go to the same process where that leaves none idle: it remembers what it worked out for the last.

        `work` and items cross a process border. AfficheErrors of kind StorageError are raised: they stop everything.
        """

    def close(self) -> None: ...


class Slots(Protocol):
    """Render processes of a worker, each doing one task at a time for whoever asks, from any thread."""

    @property
    def closed(self) -> bool:
        """Whether the worker is ending."""

    def run(self, affinity: str, timeout_s: float, work: Callable[..., Result], *args: Any) -> Result:
        """What `work` returns in a process, if possible in the one that did the last task of this `affinity`.

        Raises what it raises, and RenderCrash when its process died or took longer than `timeout_s`.
        """

    def kill(self) -> None:
        """Ends all processes at once."""


class Fonts(Protocol):
    """Font bytes by alias, for typesetting."""

    def data(self, alias: str) -> bytes: ...

    def aliases(self) -> Iterator[str]: ...


class Imager(Protocol):
    """A provider of pictures. One call of `make` is at most one paid picture: no hidden retries, no hidden second take."""

    @property
    def provider(self) -> str:
        """Its id, as in the catalog."""

    async def make(
        self, request: ImageRequest, offer: Offer, *, on_job: Callable[[str], Awaitable[None]], job: str = ""
    ) -> ImageResult:
        """The picture. Cancelling the task stops waiting.

        Providers with jobs call `on_job` with the job's id (all that is needed to ask for it again) as soon as it is known and
        before they wait; called with `job`, they pick that job up and submit nothing. Raises ProviderError, each of its kinds as
        it is described there.
        """

    async def health(self) -> str:
        """`ok`, or what is wrong in a few words; costs nothing. Raises nothing."""

    async def close(self) -> None: ...


class Writer(Protocol):
    """A model, or a translator, that answers questions about words. One call of `write` is one request on the wire."""

    async def write(self, request: WriteRequest) -> Written:
        """Raises ProviderError; never tries again by itself."""

    async def close(self) -> None: ...


class Embedder(Protocol):
    """Pictures and phrases as unit vectors of one space: the larger their product, the nearer. Raises CapabilityError."""

    @property
    def model(self) -> Digest:
        """Of all its files: vectors of two models are never compared."""

    def picture(self, pixels: Pixels) -> Vector: ...

    def phrase(self, text: str) -> Vector: ...


class Fetcher(Protocol):
    """The only way to an address that came from outside: assets, results and polls of providers, webhooks, OIDC discovery."""

    async def fetch(self, request: FetchRequest) -> Fetched:
        """The answer after redirects, whatever its status.

        Never from an address that is private, local or a metadata service; what is not harmless in the headers goes to the origin
        of the URL only. Raises AddressRefused, AnswerRefused (too long, wrong media type), FetchError (no answer).
        """

    async def close(self) -> None: ...


class Sealer(Protocol):
    """Encrypts what is stored of briefs, copy and secrets.

    `about` says which value it is (`campaign_revisions/cmp_1/2`): the same must be said when it is opened.
    """

    @property
    def key_id(self) -> str:
        """The key that seals now."""

    def seal(self, data: bytes, *, about: str) -> bytes: ...

    def open(self, sealed: bytes, *, about: str) -> bytes:
        """Raises SealBroken: altered, another value's, or its key is gone."""

    def rewrap(self, sealed: bytes) -> bytes:
        """The same value under the current key, without opening it. Raises SealBroken."""

    def derive(self, purpose: str) -> tuple[bytes, ...]:
        """Keys of 32 bytes for another purpose (signing URLs), the current one first: sign with it, accept all."""


class Journal(Protocol):
    """Paid calls, written down before they are made. Several processes may use one journal; caps hold over all of them."""

    def begin(self, intent: Intent, caps: Sequence[Cap]) -> Call:
        """Reserves the estimate and commits the call as `sent`, in one step with a look at who else is buying.

        Raises BudgetExhausted naming the cap, CallUncertain while another owner's call for the same picture is under way,
        StorageError.
        """

    def job(self, call: int, job: str) -> None:
        """Remembers the provider's job id as soon as it is known."""

    def settle(self, call: int, state: CallState, paid: Money | None, note: str = "") -> None:
        """How it ended. `paid` None: the estimate counts (0 for `free`)."""

    def calls(self, *, key: Digest | None = None, states: Sequence[CallState] = (), campaign: str = "") -> tuple[Call, ...]:
        """The calls that match, oldest first."""

    def spent(self, cap: Cap) -> Money:
        """What counts against `cap` by now."""

    def living(self, owner: str) -> bool:
        """Whether the process that made a call is still there, as far as can be known."""

    def load(self, name: str) -> Mapping[str, Any]:
        """Small state that survives restarts (what the router has learnt), `{}` at first."""

    def update(self, name: str, change: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> None:
        """Changes such state in one transaction."""

    def close(self) -> None: ...
