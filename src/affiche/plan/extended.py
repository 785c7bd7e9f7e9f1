"""Extended: photographs that a brief lets a model extend, where the crop for a placement would lose too much. Pure.

Only the size of the photograph and the shape of the placement decide, so that the plan knows what it will pay for. Placements of
one shape share one extension.
"""

from __future__ import annotations

from affiche.brand.model import Brand
from affiche.brief.model import Brief, Product
from affiche.imagine.able import able
from affiche.imagine.canvas import Canvas, canvas_for
from affiche.imagine.prompt import Scene, continued
from affiche.plan.imagined import Makers, price_range, priced_on
from affiche.plan.model import Wish
from affiche.values.digest import Digest, digest
from affiche.values.geometry import Rect, Size
from affiche.values.imagery import ImageRequest, Reference
from affiche.values.problem import Problem, Where

#: Raised when request keys themselves mean something else.
FORMAT = 1
#: Added canvas of this height (fraction) is where words will be set.
_ROOM = 0.15


def extension_of(
    product: Product, photo: tuple[str, Digest, Size], shape: Size, brand: Brand, makers: Makers
) -> Wish | None:
    """What is to be bought so that `photo` (file, digest, size px) gets `shape`; None when a crop will do, or nobody can."""
    if product.picture is None or not product.picture.extend or not makers.budget or product.id in makers.refused:
        return None
    file, source, size = photo
    canvas = canvas_for(size, shape)
    if canvas is None:
        return None
    request = _request(product, brand.tone, canvas, source)
    fit, _ = able(request, makers.offers, makers.policy, makers.today)
    if not fit:
        return None
    least, most = price_range(fit)
    calm = (Rect(0.0, 0.0, 1.0, canvas.place.y),) if canvas.place.y > _ROOM else ()
    return Wish(
        request=request, purpose="extension", product=product.id, calm=calm, as_of=priced_on(fit), least=least, most=most,
        canvas=canvas, photo=file,
        photo_digest=source, letters=product.picture.letters,
    )  # fmt: skip


def unmet_extensions(brief: Brief, makers: Makers) -> tuple[Problem, ...]:
    """Why photographs that may be extended are cropped: no provider, no budget, nobody who can."""
    problems = []
    for number, product in enumerate(brief.products):
        picture = product.picture
        if picture is None or not picture.extend or product.id in makers.refused:
            continue
        reason, hint = _why_not(product, makers)
        if reason:
            where = brief.places.get(f"products[{number}].picture", picture.where or Where())
            message = f"the picture of {product.name} is cropped, not extended: {reason}"
            problems.append(Problem(severity="warning", code="picture.not-extended", where=where, message=message, hint=hint))
    return tuple(problems)


def _why_not(product: Product, makers: Makers) -> tuple[str, str]:
    if product.picture is not None and product.picture.imagine:
        return "it is a packshot on a backdrop", "say either `imagine: true` or `extend: true`"
    if not makers.offers:
        return "no provider has a key", "`affiche providers` lists them"
    if not makers.budget:
        return "there is no budget", "give the brief a `budget`, or set `spend_month`: nothing is bought without a limit"
    canvas = canvas_for(Size(width=1600, height=900), Size(width=1080, height=1920))
    assert canvas is not None
    request = _request(product, (), canvas, Digest(""))
    fit, why_not = able(request, makers.offers, makers.policy, makers.today)
    said = "; ".join(f"{offer} {reason}" for offer, reason in why_not.items() if not reason.startswith("does "))
    return ("", "") if fit else (f"nobody adds canvas ({said or 'no offer does'})", "allow more providers")


def _request(product: Product, tone: tuple[str, ...], canvas: Canvas, source: Digest) -> ImageRequest:
    scene = Scene(
        purpose="hero", product=product.name, description=product.description, mood=tone,
        calm="top" if canvas.place.y > _ROOM else "none", letters=product.picture is not None and product.picture.letters,
    )  # fmt: skip
    prompt, take = continued(scene), product.picture.take if product.picture else 1
    key = digest("picture extended by a model", FORMAT, prompt, canvas.size, canvas.source, canvas.margins, source, take)
    # The photograph's bytes are read when they are sent; the key already says which photograph it is.
    photo = Reference(data=b"", media_type="image/png", role="source")
    return ImageRequest(
        key=key, operation="expand", prompt=prompt, size=canvas.size, references=(photo,), margins=canvas.margins
    )  # fmt: skip
