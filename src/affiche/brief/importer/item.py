"""A product as it was read from a foreign brief, before locales are settled."""

from __future__ import annotations

from dataclasses import dataclass, field

from affiche.brief.importer.regions import Place
from affiche.brief.importer.words import Copy
from affiche.brief.model import PictureRef
from affiche.notation.node import Node


@dataclass(slots=True, kw_only=True)
class Item:
    """`copy`, `places` and `locales` are what the product says itself; the brief's own come on top."""

    id: str
    name: str
    node: Node
    description: str = ""
    picture: PictureRef | None = None
    price: str = ""
    audience: str = ""
    copy: Copy = field(default_factory=Copy)
    places: list[Place] = field(default_factory=list)
    locales: list[str] = field(default_factory=list)
    colors: tuple[str, ...] = ()
    extra: dict[str, object] = field(default_factory=dict)
