"""The row about studio sets: one locale, nothing warm, so that tint, shadows and resize are paid in full."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

import affiche.compose
from affiche.adapters.paint import SetFiles, SkiaPainter
from affiche.compose.studio import StudioSet
from affiche.compose.studio_read import read_set
from affiche.compose.typeset.shape import draw_line, line_box
from affiche.values.frame import SetItem
from bench import material
from bench.measure import ROUNDS, Row, alternate
from bench.studio import Studio, plain_encode

SETS = Path(affiche.compose.__path__[0]) / "sets"


def cold_set(rounds: int = ROUNDS) -> Row:
    """One locale on a studio set in five sizes; the floor decodes the light pass, resizes and encodes."""
    folder = min(path.parent for path in SETS.glob("*/set.yaml"))
    studio_set, _ = read_set((folder / "set.yaml").read_bytes(), file="set.yaml", load=lambda name: (folder / name).read_bytes())
    assert studio_set is not None
    studio = Studio(material.packshot(2), template="stage")
    lights = [(studio.placements[size], _light(folder, studio_set, studio, size)) for size in material.STILLS]

    def subject(edition: int) -> None:
        studio.sheets.clear()
        studio.painter = SkiaPainter(draw_line=draw_line, line_box=line_box, load_set=lambda item: _files(folder, studio_set, item))
        requests = studio.requests(material.STILLS, edition, locales=1)
        studio.make_all((placement, replace(request, set=studio_set)) for placement, request in requests)

    def floor(_: int) -> None:
        for placement, light in lights:
            pixels = cv2.cvtColor(cv2.imdecode(np.frombuffer(light, np.uint8), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGBA)
            plain_encode(cv2.resize(pixels, (placement.size.width, placement.size.height), interpolation=cv2.INTER_AREA))

    pair = alternate(subject, floor, creatives=len(material.STILLS), rounds=rounds)
    return Row(
        name="set-cold", what="studio set, cold, one locale", unit="ms", value=pair.value_ms, floor=pair.floor_ms,
        ratio=pair.ratio, budget=4.0, budget_is="ratio", ok=pair.ratio <= 4.0, note=f"set {studio_set.id}; bases painted anew",
    )  # fmt: skip


def _files(folder: Path, studio_set: StudioSet, item: SetItem) -> SetFiles:
    view = studio_set.views[item.aspect_class]
    masks = tuple((folder / name).read_bytes() for name in view.mask_files)
    return SetFiles(digest=view.digest, light=(folder / view.light_file).read_bytes(), masks=masks, scale=view.scale)


def _light(folder: Path, studio_set: StudioSet, studio: Studio, size: str) -> bytes:
    return (folder / studio_set.views[studio.placements[size].aspect_class].light_file).read_bytes()
