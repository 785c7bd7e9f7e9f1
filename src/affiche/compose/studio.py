"""Studio sets as plain values: a neutral light pass and material masks per aspect class (data: `sets/<id>/`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from affiche.values.digest import Digest
from affiche.values.geometry import Rect, Size


@dataclass(frozen=True, slots=True, kw_only=True)
class SetLight:
    """Where the key light comes from, for the shadow that the compositor casts for the product."""

    azimuth_deg: float
    elevation_deg: float
    shadow_softness: float
    shadow_strength: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SetView:
    """One render of a set. `hero` is where the product's base centre stands and how high it is (px of the render)."""

    size: Size
    canvas: Rect
    scale: float
    hero_x: float
    hero_y: float
    hero_height: float
    calm: tuple[Rect, ...]
    #: Where the wall (material 0) ends and the floor (material 1) begins, px of the render from its top.
    horizon: float
    light_file: str
    mask_files: tuple[str, ...]
    digest: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class StudioSet:
    """A relightable backdrop. `materials` in mask order (0 = remainder), `roles` their default brand colour roles.

    `mood`: adjectives of brands that it suits. `row`: products may stand on it side by side, however many.
    """

    id: str
    name: str
    mood: tuple[str, ...]
    row: bool = False
    materials: tuple[str, ...]
    roles: Mapping[str, str]
    light: SetLight
    views: Mapping[str, SetView]
