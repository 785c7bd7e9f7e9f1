"""Photos: the photographs that a trade has extended. Read when they are sent, and once more looked at when an answer came."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from affiche.errors import AssetError
from affiche.imagine.accept import UNREST_MOST, measure
from affiche.imagine.canvas import Canvas
from affiche.imagine.extend import DRIFT_MOST, SEAM_MOST, measured, sent
from affiche.imagine.prepare import prepare
from affiche.imagine.route import Judged
from affiche.plan.model import Wish
from affiche.ports import Codec, Pixels
from affiche.values.digest import digest_bytes
from affiche.values.imagery import ImageRequest, Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Photos:
    """Photographs of wishes, decoded by `codec`."""

    codec: Codec

    def whole(self, wish: Wish) -> ImageRequest:
        """The request with the photograph in it. Raises AssetError: it cannot be used, was changed, or is no photograph."""
        if wish.canvas is None:
            return wish.request
        picture = self.codec.encode(sent(self._read(wish), wish.canvas), format="png", quality=100)
        photo = Reference(data=picture, media_type="image/png", role="source")
        return replace(wish.request, references=(photo,))

    def judged(self, wish: Wish, canvas: Canvas, answer: Pixels) -> Judged:
        """Whether `answer` continues the photograph, and leaves the calm that words need."""
        fit = measured(self._read(wish), answer, canvas)
        unrest = measure(answer, calm=wish.calm).unrest
        noise = (f"no calm for words: unrest {unrest:.2f}, at most {UNREST_MOST}",) if unrest > UNREST_MOST else ()
        reasons = (*fit.reasons, *noise)
        quality = 1 - (min(1.0, fit.drift / DRIFT_MOST) + min(1.0, fit.seam / SEAM_MOST)) / 2
        return Judged(usable=not reasons, quality=quality, reasons=reasons)

    def _read(self, wish: Wish) -> Pixels:
        """The photograph, upright, sRGB."""
        try:
            source = Path(wish.photo).read_bytes()
        except OSError as error:
            raise AssetError(f"{Path(wish.photo).name} cannot be read: {error.strerror}") from error
        if digest_bytes(source) != wish.photo_digest:
            raise AssetError(f"{Path(wish.photo).name} was changed while it was being built", hint="Build again.")
        made = prepare(source, codec=self.codec)
        if made.info.kind != "photo":
            hint = "A packshot is never extended: say `imagine: true` for a backdrop instead."
            raise AssetError(f"{Path(wish.photo).name} is a cut-out product, no photograph", hint=hint)
        return made.pixels
