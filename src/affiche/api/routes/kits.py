"""Brand kits: a brand file looked at before it is saved, and what two revisions say differently. Stores nothing."""

from __future__ import annotations

from itertools import permutations
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.concurrency import run_in_threadpool

from affiche.api.body import file_body, file_openapi
from affiche.api.caller import Asked, Caller, InHouse
from affiche.api.house import House
from affiche.api.schema.kit import BrandChanges, Examined, Marks, Specimens
from affiche.brand.changes import changes
from affiche.brand.model import Brand, TypeFace
from affiche.brand.read import read_brand
from affiche.registry import brands, ids
from affiche.runs import kit
from affiche.runs.folder import Material, files_of
from affiche.runs.intake import check_assets, take_brand
from affiche.runs.names import named_in
from affiche.values.color import contrast

router = APIRouter(prefix="/v1/brands", tags=["brands"])

Id = Annotated[str, Path(pattern=ids.pattern("brd"))]
Number = Annotated[int, Query(ge=1, le=1_000_000)]
_BODY = file_openapi("A brand file; nothing of it is stored.")
#: WCAG 2.2, 1.4.3: text, and large text.
_SMALL, _LARGE = 4.5, 3.0
#: What a file is called that belongs to no stored brand.
_UNSAVED = "brand-file"


@router.post("/examine", operation_id="brands.examine", response_model=Examined, openapi_extra=_BODY)
async def examine(request: Request, asked: Asked) -> dict[str, Any]:  # noqa: ARG001 - who asks must be somebody
    """What a brand file says: its palette completed, the contrast of every pair, its type, and what is wrong with it."""
    data, _ = await file_body(request)
    brand, problems = await run_in_threadpool(read_brand, data, file="brand")
    return {"problems": [problem.as_dict() for problem in problems], "kit": _look(brand) if brand else None}


@router.post("/specimens", operation_id="brands.specimens", response_model=Specimens, openapi_extra=_BODY)
async def specimens(
    request: Request, asked: Asked, house: InHouse,
    scripts: Annotated[
        str,
        Query(max_length=300, pattern=r"^([A-Z][a-z]{3}(,[A-Z][a-z]{3})*)?$", description="ISO 15924, with commas; none = all."),
    ] = "",
) -> dict[str, Any]:  # fmt: skip
    """The type of a brand file in these scripts, drawn as its ads would set it."""
    data, media_type = await file_body(request)
    material = await run_in_threadpool(unsaved, house, asked, data, media_type)
    wanted = scripts.split(",") if scripts else []
    return await run_in_threadpool(house.aside.run, kit.specimens, material, house.settings, house.today(), wanted)


@router.post("/marks", operation_id="brands.marks", response_model=Marks, openapi_extra=_BODY)
async def marks(request: Request, asked: Asked, house: InHouse) -> dict[str, Any]:
    """The logo of a brand file on each of its colours, with its clear space."""
    data, media_type = await file_body(request)
    material = await run_in_threadpool(unsaved, house, asked, data, media_type)
    return await run_in_threadpool(house.aside.run, kit.marks, material, house.settings, house.today())


@router.get("/{id}/changes", operation_id="brands.changes", response_model=BrandChanges)
def changed(id: Id, since: Number, until: Number, asked: Asked, house: InHouse) -> dict[str, Any]:
    """What one revision of a brand file says otherwise than another one."""
    with house.registry.read() as c:
        before, after = (brands.revision(c, asked.scope, id, number)["document"] for number in (since, until))
    found = [{"field": one.field, "before": one.before, "after": one.after} for one in changes(before, after)]
    return {"since": since, "until": until, "changes": found}


def unsaved(house: House, asked: Caller, data: bytes, media_type: str) -> Material:
    """A brand file that is not stored, with the assets that it names. Raises BadBrief."""
    _, _, references = take_brand(data, media_type)
    with house.registry.read() as c:
        check_assets(c, asked.scope, references)
        files = files_of(c, asked.scope.tenant, tuple(named_in(data)))
    return Material(brief=kit.BRIEF, media_type="", brand_name=_UNSAVED, brand=data, files=files)


def _look(brand: Brand) -> dict[str, Any]:
    pairs = [(ground, ink, contrast(brand.colors[ink], brand.colors[ground])) for ground, ink in permutations(brand.colors, 2)]
    own = {font.family.casefold() for font in brand.fonts}
    return {
        "name": brand.name,
        "colors": [{"role": r, "hex": c.hex, "derived": f"colors.{r}" in brand.derived} for r, c in brand.colors.items()],
        "contrasts": [
            {"ground": ground, "ink": ink, "ratio": round(ratio, 2), "small": ratio >= _SMALL, "large": ratio >= _LARGE}
            for ground, ink, ratio in pairs
        ],
        "display": _face(brand.display, own), "text": _face(brand.text, own),
    }  # fmt: skip


def _face(face: TypeFace, own: set[str]) -> dict[str, Any]:
    return {"family": face.family, "weight": face.weight, "own": face.family.casefold() in own}
