"""Files: what the browser runs and is dressed in, from the package; fonts are the shipped faces, packed once a process."""

from __future__ import annotations

import io
import re
from functools import cache
from importlib.resources import files

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_FOREVER = "public, max-age=31536000, immutable"
#: Faces that pages use. No others are given away: the route is no way into the package.
_FACES = ("Inter400", "Inter500", "Inter600", "NotoSansArabic400", "NotoSansArabic700")


async def static_file(request: Request) -> Response:
    """A file of `static/`."""
    name = request.path_params["name"]
    known = {one.name for one in files("affiche.portal").joinpath("static").iterdir()}
    if name not in known:
        raise HTTPException(404)
    data = files("affiche.portal").joinpath("static", name).read_bytes()
    kept = _FOREVER if request.query_params.get("v") else "no-cache"
    return Response(data, media_type=_TYPES[name.rpartition(".")[2]], headers={"Cache-Control": kept})


async def font_file(request: Request) -> Response:
    """A face as WOFF2."""
    name = request.path_params["name"]
    if name not in _FACES:
        raise HTTPException(404)
    return Response(_woff2(name), media_type="font/woff2", headers={"Cache-Control": _FOREVER})


@cache
def _woff2(face: str) -> bytes:
    from fontTools.ttLib import TTFont

    from affiche_fonts import path

    font = TTFont(path(re.sub(r"(?<=[a-z])(?=[A-Z0-9])", " ", face)))
    font.flavor = "woff2"
    packed = io.BytesIO()
    font.save(packed)
    return packed.getvalue()


async def worker(_: Request) -> Response:
    """The service worker, from the root, so that it may serve every page."""
    data = files("affiche.portal").joinpath("static", "worker.js").read_bytes()
    return Response(
        data,
        media_type="text/javascript",
        headers={"Cache-Control": "no-cache", "Service-Worker-Allowed": "/"},
    )


async def icon(_: Request) -> Response:
    """The icon, where browsers look for one beside a picture that is opened by itself."""
    data = files("affiche.portal").joinpath("static", "icon.svg").read_bytes()
    return Response(data, media_type=_TYPES["svg"], headers={"Cache-Control": "max-age=86400"})


async def manifest(_: Request) -> Response:
    """What makes the portal installable."""
    icon = {"src": "/static/icon.svg", "sizes": "any", "type": "image/svg+xml", "purpose": "any"}
    app = {
        "name": "Affiche",
        "short_name": "Affiche",
        "start_url": "/review",
        "scope": "/",
        "display": "standalone",
        "background_color": "#0a1122",
        "theme_color": "#0c1730",
        "icons": [icon],
    }
    return JSONResponse(app, media_type="application/manifest+json")
