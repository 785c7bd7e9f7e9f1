"""Photos: the pictures that a trade has extended, freed or enlarged.

Read when they are sent, and once more looked at when an answer came. Also what pictures look like, for proposals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from affiche.errors import AssetError
from affiche.imagine.accept import UNREST_MOST, measure, written
from affiche.imagine.alike import Seen
from affiche.imagine.extend import DRIFT_MOST, SEAM_MOST, measured, scaled, sent
from affiche.imagine.fingerprint import fingerprint
from affiche.imagine.letters import rows_of_letters
from affiche.imagine.look import palette
from affiche.imagine.mend import cut_fit, grown_fit
from affiche.imagine.prepare import prepare
from affiche.imagine.route import Judged
from affiche.plan.model import Wish
from affiche.ports import Codec, Pixels
from affiche.values.digest import digest_bytes
from affiche.values.imagery import ImageRequest, Reference


def looks_of(files: Iterable[Path], codec: Codec) -> tuple[Seen, ...]:
    """What pictures look like; those that cannot be read are left out."""
    found = []
    for file in files:
        try:
            found.append(look_of(codec.decode(file.read_bytes())))
        except (AssetError, OSError):
            continue
    return tuple(found)


def look_of(pixels: Pixels) -> Seen:
    """Fingerprint and main colours."""
    return Seen(fingerprint=fingerprint(pixels), palette=palette(pixels))


@dataclass(frozen=True, slots=True, kw_only=True)
class Photos:
    """Photographs of wishes, decoded by `codec`, and what else goes along."""

    codec: Codec
    #: The brand's style pictures as a model is shown them, with their media types.
    style: Callable[[], tuple[tuple[bytes, str], ...]] = tuple

    def whole(self, wish: Wish) -> ImageRequest:
        """The request with the picture in it. Raises AssetError: it cannot be used, was changed, or is not fit for this."""
        if not wish.photo:
            styles = self.style() if wish.request.style else ()
            along = tuple(Reference(data=data, media_type=kind, role="style") for data, kind in styles)
            return replace(wish.request, references=along, style=())
        shown = sent(self._read(wish), wish.canvas) if wish.canvas is not None else self._shown(wish)
        picture = self.codec.encode(shown, format="png", quality=100)
        photo = Reference(data=picture, media_type="image/png", role="source")
        return replace(wish.request, references=(photo,))

    def judged(self, wish: Wish, answer: Pixels, *, foot: float = 0.0) -> Judged:
        """Whether `answer` continues the photograph and leaves the calm that words need, or is the picture and no other.

        The photograph may bear letters, what was added may not; `foot`: where the provider signs (`Offer.signed`).
        """
        if wish.canvas is None:
            mended = (cut_fit if wish.request.operation == "remove-background" else grown_fit)(self._opaque(wish), answer)
            return Judged(usable=not mended.reasons, quality=mended.quality, reasons=mended.reasons)
        fit = measured(self._read(wish), answer, wish.canvas)
        unrest = measure(answer, calm=wish.calm).unrest
        noise = (f"no calm for words: unrest {unrest:.2f}, at most {UNREST_MOST}",) if unrest > UNREST_MOST else ()
        added = () if wish.letters else rows_of_letters(answer, besides=wish.canvas.place, foot=foot)
        reasons = (*fit.reasons, *noise, *written(added))
        quality = 1 - (min(1.0, fit.drift / DRIFT_MOST) + min(1.0, fit.seam / SEAM_MOST)) / 2
        return Judged(usable=not reasons, quality=quality, reasons=reasons)

    def _shown(self, wish: Wish) -> Pixels:
        """As a provider sees it: whole to be enlarged, at most as large as asked to be freed."""
        pixels, size = self._opaque(wish), wish.request.size
        return scaled(pixels, size) if size.width < pixels.shape[1] else pixels

    def _opaque(self, wish: Wish) -> Pixels:
        """The picture as it was given, upright, sRGB. Raises AssetError when something in it is transparent."""
        pixels = self.codec.decode(self._bytes(wish))
        if pixels[..., 3].min() < 255:
            raise AssetError(f"{Path(wish.photo).name} is transparent in parts", hint="Give an opaque one.")
        return pixels

    def _read(self, wish: Wish) -> Pixels:
        """The photograph, upright, sRGB."""
        made = prepare(self._bytes(wish), codec=self.codec)
        if made.info.kind != "photo":
            hint = "A packshot is never extended: say `imagine: true` for a backdrop instead."
            raise AssetError(f"{Path(wish.photo).name} is a cut-out product, no photograph", hint=hint)
        return made.pixels

    def _bytes(self, wish: Wish) -> bytes:
        """The file, which must be the one that was planned."""
        try:
            source = Path(wish.photo).read_bytes()
        except OSError as error:
            raise AssetError(f"{Path(wish.photo).name} cannot be read: {error.strerror}") from error
        if digest_bytes(source) != wish.photo_digest:
            raise AssetError(f"{Path(wish.photo).name} was changed while it was being built", hint="Build again.")
        return source
