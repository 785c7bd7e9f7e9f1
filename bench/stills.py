"""Rows about single creatives: layout, paint, encode and check in one process, against a plain encode of the same pixels."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import cv2
import numpy as np

from affiche.compose.encode import chroma_of
from affiche.imagine.prepare import Prepared
from affiche.values.frame import Frame, TextItem
from affiche.values.geometry import Rect, Size
from bench import material
from bench.measure import ROUNDS, Row, alternate, median_ms, spent_ms
from bench.studio import QUALITY, Studio, plain_encode


def warm(rounds: int = ROUNDS) -> Row:
    """50 locales x 5 sizes: layout, paint, encode; bases warm, words new in every round."""
    studio = Studio(material.packshot(0), template="stage")
    pixels, share, count = _pixels(studio)

    def subject(edition: int) -> None:
        studio.make_all(studio.requests(material.STILLS, edition))

    pair = alternate(subject, lambda _: [plain_encode(p) for p in pixels], creatives=count, rounds=rounds)
    same = _bytes_equal(studio)
    return Row(
        name="stills-warm", what="50 locales x 5 sizes, warm: layout + paint + encode", unit="ms", value=pair.value_ms,
        floor=pair.floor_ms, ratio=pair.ratio, budget=1.0, budget_is="ratio", ok=pair.ratio <= 1.0 and same and share >= 0.4,
        note=f"overlay on {share:.0%} of the rows; spliced files {'equal' if same else 'DIFFER FROM'} full encodes",
    )  # fmt: skip


def checked(rounds: int = ROUNDS) -> Row:
    """The same with every rule of the default profile; a planted creative must fail in it."""
    studio = Studio(material.packshot(0), template="stage")
    pixels, _, count = _pixels(studio)
    caught: list[bool] = []

    def subject(edition: int) -> None:
        for placement, request, made in studio.made_all(studio.requests(material.STILLS, edition)):
            studio.check(placement, request, made)
        findings = studio.findings_of_low_contrast(placement, request)
        caught.append(any(f.rule == "text.contrast" and f.status == "fail" for f in findings))

    pair = alternate(subject, lambda _: [plain_encode(p) for p in pixels], creatives=count, rounds=rounds)
    return Row(
        name="stills-checked", what="the same with all default checks", unit="ms", value=pair.value_ms, floor=pair.floor_ms,
        ratio=pair.ratio, budget=2.0, budget_is="ratio", ok=pair.ratio <= 2.0 and all(caught),
        note=f"{len(studio.rules)} rules; planted low contrast {'failed each time' if all(caught) else 'WAS MISSED'}",
    )  # fmt: skip


def banners(rounds: int = ROUNDS) -> Row:
    """IAB banners, 50 locales x 6 sizes, warm."""
    studio = Studio(material.packshot(1), template="stage")

    def subject(edition: int) -> None:
        studio.make_all(studio.requests(material.BANNERS, edition))

    value = median_ms(subject, creatives=50 * len(material.BANNERS), rounds=rounds)
    return Row(name="iab-banners", what="IAB banners, warm", unit="ms", value=value, budget=3.0, ok=value <= 3.0)


def cold_photo(rounds: int = ROUNDS) -> Row:
    """One locale, a photograph that was never seen: decode, resize, layout, paint, encode; the floor decodes, resizes, encodes."""
    photo = material.photograph(3840, 2160)
    source = cv2.imencode(".jpg", cv2.cvtColor(photo, cv2.COLOR_RGBA2BGR), [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1].tobytes()
    studio = Studio(photo[:540, :960].copy(), template="hero")
    sizes = [studio.placements[size].size for size in material.STILLS]

    def subject(edition: int) -> None:
        studio.sheets.clear()
        for asked in studio.requests(material.STILLS, edition, locales=1):
            studio.prepared = _with_pixels(studio, source)
            studio.make_all([asked])

    def floor(_: int) -> None:
        for size in sizes:
            pixels = cv2.cvtColor(cv2.imdecode(np.frombuffer(source, np.uint8), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGBA)
            plain_encode(cv2.resize(pixels, (size.width, size.height), interpolation=cv2.INTER_AREA))

    pair = alternate(subject, floor, creatives=len(sizes), rounds=rounds)
    return Row(
        name="photo-cold", what="photograph of 3840x2160, cold, one locale", unit="ms", value=pair.value_ms, floor=pair.floor_ms,
        ratio=pair.ratio, budget=1.5, budget_is="ratio", ok=pair.ratio <= 1.5, note="decoded for every creative, as by a floor",
    )  # fmt: skip


@cache
def floor_pixels() -> list[np.ndarray]:
    """Finished creatives of the stills rows, for encoding."""
    return _pixels(Studio(material.packshot(0), template="stage"))[0]


def plain_encodes_ms() -> float:
    """CPU ms of a plain encode, mean over the sizes of the stills rows."""
    pixels = floor_pixels()
    return spent_ms(lambda _: [plain_encode(p) for p in pixels], 0, len(pixels))


def _with_pixels(studio: Studio, source: bytes) -> Prepared:
    """The prepared picture decoded anew; what was learnt about it (focal point, tones) is kept, as the ledger keeps it."""
    pixels = studio.codec.decode(source)
    height, width = pixels.shape[:2]
    info = replace(studio.prepared.info, size=Size(width=width, height=height), bounds=Rect(0, 0, width, height))
    return replace(studio.prepared, info=info, pixels=pixels)


def _pixels(studio: Studio) -> tuple[list[np.ndarray], float, int]:
    """The finished pixels of edition 0, the mean share of rows under the overlay, the number of creatives."""
    kept, shares = [], []
    for number, (_, _, made) in enumerate(studio.made_all(studio.requests(material.STILLS, 0))):
        shares.append(_covered(made.frame))
        if number % 5 == 0:
            kept.append(made.painted.pixels.copy())
    return kept * 5, float(np.mean(shares)), len(shares)


def _covered(frame: Frame) -> float:
    """The share of rows on which something of the overlay lies."""
    rows = np.zeros(frame.size.height, bool)
    for item in frame.overlay:
        rect = item.box if isinstance(item, TextItem) else item.rect
        rows[max(0, int(rect.y)) : int(rect.bottom) + 1] = True
    return float(rows.mean())


def _bytes_equal(studio: Studio) -> bool:
    """Whether spliced files equal full encodes, on ten locales of each size."""
    equal = []
    for _, _, made in studio.made_all(studio.requests(material.STILLS, 9, locales=10)):
        whole = studio.rows.rows(made.painted.pixels, quality=QUALITY, chroma=chroma_of(made.frame))
        equal.append(made.data == whole)
    return all(equal)
