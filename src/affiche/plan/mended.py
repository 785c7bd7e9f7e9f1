"""Mended: given pictures that a brief lets a model free from their ground, or enlarge, where it is needed. Pure.

What is needed was measured before the plan: whether the classical matte failed, how large the file is. So the plan knows what it
will pay for. One mended picture serves all placements of a product.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from affiche.brief.model import Brief, PictureRef, Product
from affiche.imagine.able import able
from affiche.imagine.growth import growth, shown_to
from affiche.plan.imagined import Makers, price_range, priced_on
from affiche.plan.model import Wish
from affiche.values.digest import Digest, digest
from affiche.values.geometry import Size
from affiche.values.imagery import ImageRequest, Operation, Reference
from affiche.values.problem import Problem, Where

#: Raised when request keys themselves mean something else.
FORMAT = 1
#: Enlarged more than this, a picture looks soft: the limit `fail` of the rule `picture.resolution`.
ENLARGED_MOST = 2.0

#: Operation -> what it is called in plans, journals and findings.
PURPOSES: Mapping[Operation, str] = {"remove-background": "cut-out", "upscale": "enlargement"}


class Photo(NamedTuple):
    """A given picture as it was measured. `stuck`: why the classical matte could not free it, empty when it need not or could."""

    file: str
    digest: Digest
    size: Size
    stuck: str


def mending_of(product: Product, photo: Photo, shapes: Iterable[Size], makers: Makers) -> Wish | None:
    """What is to be bought so that `photo` can be used in `shapes`; None when it can be, must not be touched, or nobody can."""
    request = _wanted(product.picture, photo, tuple(shapes))
    if request is None or not makers.budget or product.id in makers.refused:
        return None
    fit, _ = able(request, makers.offers, makers.policy, makers.today)
    if not fit:
        return None
    least, most = price_range(fit)
    return Wish(
        request=request, purpose=PURPOSES[request.operation], product=product.id, calm=(), as_of=priced_on(fit), least=least,
        most=most,
        photo=photo.file, photo_digest=photo.digest,
    )  # fmt: skip


def unmet_mendings(brief: Brief, photos: Mapping[str, Photo], shapes: Iterable[Size], makers: Makers) -> tuple[Problem, ...]:
    """Why pictures that need mending are used as they are: no provider, no budget, nobody who can."""
    problems, sizes = [], tuple(shapes)
    for number, product in enumerate(brief.products):
        picture, photo = product.picture, photos.get(product.id)
        if picture is None or photo is None or product.id in makers.refused:
            continue
        request = _wanted(picture, photo, sizes)
        reason, hint = _why_not(request, makers) if request is not None else ("", "")
        if request is not None and reason:
            where = brief.places.get(f"products[{number}].picture", picture.where or Where())
            need = photo.stuck if request.operation == "remove-background" else f"it has {photo.size} px"
            missing = f"without its {PURPOSES[request.operation]}: {reason}"
            message = f"the picture of {product.name} is used as it is ({need}), {missing}"
            problems.append(Problem(severity="warning", code="picture.not-mended", where=where, message=message, hint=hint))
    return tuple(problems)


def _why_not(request: ImageRequest, makers: Makers) -> tuple[str, str]:
    if not makers.offers:
        return "no provider has a key", "`affiche providers` lists them"
    if not makers.budget:
        return "there is no budget", "give the brief a `budget`, or set `spend_month`: nothing is bought without a limit"
    fit, why_not = able(request, makers.offers, makers.policy, makers.today)
    said = "; ".join(f"{offer} {reason}" for offer, reason in why_not.items() if not reason.startswith("does "))
    return ("", "") if fit else (f"nobody can ({said or 'no offer does'})", "allow more providers, or give a better picture")


def _wanted(picture: PictureRef | None, photo: Photo, shapes: tuple[Size, ...]) -> ImageRequest | None:
    """What is asked for: an outline first; a picture is enlarged only where that is all it needs."""
    if picture is None or picture.imagine:
        return None
    if picture.cut_out and photo.stuck:
        return _request("remove-background", shown_to(photo.size), photo, picture.take)
    times = max((growth(photo.size, shape, ENLARGED_MOST) for shape in shapes), default=1) if picture.upscale else 1
    if times == 1:
        return None
    size = Size(width=photo.size.width * times, height=photo.size.height * times)
    return _request("upscale", size, photo, picture.take)


def _request(operation: Operation, size: Size, photo: Photo, take: int) -> ImageRequest:
    key = digest("picture mended by a model", FORMAT, operation, size, photo.digest, take)
    # The picture's bytes are read when they are sent; the key already says which picture it is.
    source = Reference(data=b"", media_type="image/png", role="source")
    return ImageRequest(key=key, operation=operation, prompt="", size=size, references=(source,))
