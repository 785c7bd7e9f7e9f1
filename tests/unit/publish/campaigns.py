"""Small published runs for tests: real (tiny) files, in memory."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
from PIL import Image

from affiche.ports import Blobs, FileFormat
from affiche.publish.model import PublishedCreative, PublishedFile, PublishedRun
from affiche.publish.thumbnail import thumbnail
from affiche.publish.tree import OutputName, output_paths
from affiche.values.digest import digest_bytes
from affiche.values.finding import Finding, creative_status
from affiche.values.geometry import Rect

SIZES = {"square": (108, 108, "1x1"), "story": (108, 192, "9x16"), "iab.728x90": (182, 23, "728x90")}
CHANNELS = {"square": "Instagram", "story": "Instagram", "iab.728x90": "IAB"}
LOW = Finding(
    rule="text.contrast", code="text.contrast.low", status="warn", message="hard to read", measured="3.9:1",
    limit="4.5:1", rect=Rect(10, 12, 40, 8), hint="raise the scrim",
)  # fmt: skip
UNSAFE = Finding(rule="safe.area", code="safe.area.cta", status="fail", message="under the controls", measured="2 px", limit="4 px")
FINE = Finding(rule="logo.present", code="logo.present", status="pass", message="there", measured="1", limit="1")


def pixels(seed: str, width: int, height: int) -> np.ndarray:
    tone = np.frombuffer(bytes.fromhex(digest_bytes(seed.encode()))[:3], np.uint8)
    ramp = np.linspace(0, 1, width)[None, :, None] * np.linspace(1, 0.4, height)[:, None, None]
    color = (tone * ramp).astype(np.uint8)
    return np.dstack([color, np.full((height, width), 255, np.uint8)])


def encoded(image: np.ndarray, format: FileFormat) -> bytes:
    out = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(image[:, :, :3])).save(out, format.upper(), quality=80)
    return out.getvalue()


def creative(blobs: Blobs, product: str = "yuzu", locale: str = "en-US", placement: str = "square", **over: object) -> PublishedCreative:
    """One creative; `headline` and `findings` may be given, `seed` changes the picture."""
    width, height, ratio = SIZES[placement]
    image = pixels(f"{product}{locale}{placement}{over.pop('seed', '')}", width, height)
    data = encoded(image, "jpeg")
    name = OutputName(product=product, ratio=ratio, locale=locale, placement=placement, variant="a", format="jpeg")
    file = PublishedFile(
        path=output_paths("summer", [name])[0], blob=blobs.put(data), sha256=digest_bytes(data), bytes=len(data), width=width,
        height=height, format="jpeg",
    )  # fmt: skip
    findings = tuple(over.pop("findings", (FINE,)))
    made = PublishedCreative(
        product=product, product_name=str(over.pop("product_name", product.title())), locale=locale, placement=placement,
        placement_name=placement.title(), channel=CHANNELS[placement], ratio=ratio, variant="a", status=creative_status(findings),
        files=(file,), thumbnail=blobs.put(thumbnail(image)), reused=False, findings=findings,
        keys={"compose": digest_bytes(locale.encode())}, origins={"headline": "given", "picture": "given"},
        words={"headline": str(over.pop("headline", "Wake up"))}, inputs={"brand": digest_bytes(b"brand")}, template="stage",
    )  # fmt: skip
    return replace(made, **over)


def run_of(*creatives: PublishedCreative, **over: object) -> PublishedRun:
    facts = {"campaign": "summer", "name": "Summer", "brand": "Verde", "brief_file": "brief.yaml", **over}
    return PublishedRun(creatives=creatives, **facts)


def small_run(blobs: Blobs, **over: object) -> PublishedRun:
    """Six creatives: two locales, three placements; one flagged, one failed."""
    return run_of(
        creative(blobs), creative(blobs, locale="de-DE", findings=(FINE, LOW)),
        creative(blobs, placement="story"), creative(blobs, placement="story", locale="de-DE", findings=(UNSAFE,)),
        creative(blobs, placement="iab.728x90"), creative(blobs, placement="iab.728x90", locale="de-DE"), **over,
    )  # fmt: skip
