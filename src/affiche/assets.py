"""Assets: files that a brief and a brand name, as they are when a plan is made: digests, and sizes where a plan needs them.

May live here: looking at files. What is wrong with one is kept with it and told where it is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

from affiche.brief.model import Brief
from affiche.errors import AssetError
from affiche.plan.expand import Asset
from affiche.ports import Codec
from affiche.values.digest import Digest, digest_bytes
from affiche.values.rights import SUFFIX, Rights, read_record, standing_of


def asset_of(path: Path | None, base: Path, today: date | None = None) -> Asset | None:
    """A file with the digest of what is in it now, and with how its rights stand `today`, when somebody has recorded them."""
    if path is None:
        return None
    name = str(path.relative_to(base)) if path.is_relative_to(base) else path.name
    try:
        source = digest_bytes(path.read_bytes())
        return Asset(name=name, file=str(path.absolute()), digest=source, rights=_rights(path, name, source, today))
    except OSError as error:
        return Asset(name=name, file=str(path.absolute()), problem=f"cannot be read: {error.strerror}")


def _rights(path: Path, name: str, source: Digest, today: date | None) -> Rights | None:
    """From the record beside a picture; None without one, or when nobody asks."""
    record = path.with_name(path.name + SUFFIX)
    if today is None or not record.is_file():
        return None
    try:
        return standing_of(name, read_record(record.read_text(encoding="utf-8")), source, today)
    except (OSError, ValueError) as error:
        return Rights(name=name, standing="unreadable", says=str(error)[:200])


def assets_of(files: Mapping[str, Path | None], base: Path, today: date | None = None) -> dict[str, Asset]:
    """Those that are named, by product."""
    found = {product: asset_of(path, base, today) for product, path in files.items()}
    return {product: asset for product, asset in found.items() if asset is not None}


def measured(brief: Brief, assets: dict[str, Asset], codec: Callable[[], Codec]) -> dict[str, Asset]:
    """The same, with what a plan must know of pictures that a model may extend, free or enlarge.

    Only briefs that say so pay for looking at files.
    """
    found = dict(assets)
    for product in brief.products:
        picture, asset = product.picture, assets.get(product.id)
        if picture is None or asset is None or asset.problem or not (picture.extend or picture.cut_out or picture.upscale):
            continue
        with suppress(AssetError):  # told when it is prepared
            data = Path(asset.file).read_bytes()
            facts = codec().inspect(data)
            if facts.vector:
                continue
            stuck = _stuck(data, codec()) if picture.cut_out and not picture.imagine else ""
            found[product.id] = replace(asset, size=facts.size, stuck=stuck)
    return found


def _stuck(data: bytes, codec: Codec) -> str:
    """Why a product cannot be freed from its ground by the classical matte; empty when it can, or is free."""
    from affiche.imagine.matte import cut_out

    pixels = codec.decode(data)
    if pixels[..., 3].min() < 255:
        return ""
    cut = cut_out(pixels)
    return "" if cut.pixels is not None else cut.note or "its ground is not plain and light"
