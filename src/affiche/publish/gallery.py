"""gallery.html: one self-contained page to look at a campaign; works from disk and asks nobody for anything.

The page is a template (`page/gallery.html.j2`, autoescaped), one style sheet and one script; the data is a JSON
island, and the script writes text only as text. The Content-Security-Policy allows exactly that style and that
script by digest, so that a product called `<script>` stays a name. Full pictures are linked relatively;
thumbnails are embedded, one base64 line each, and become pictures only when they come near the screen. What the
page does is in `page/*.js`.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from markupsafe import Markup

from affiche.publish.model import PublishedCreative, PublishedFile, PublishedRun, status_counts
from affiche.values.digest import Digest, digest

NAME = "gallery.html"
#: In the order in which they are joined into the one script of the page.
_SCRIPTS = ("data.js", "filters.js", "grid.js", "viewer.js", "compare.js", "main.js")
#: Characters that could end a script element or a line of JavaScript early.
_HARMLESS = {c: f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


def render(run: PublishedRun, creatives: Sequence[PublishedCreative], load: Callable[[Digest], bytes]) -> bytes:
    """The page as UTF-8 HTML; `load` gives thumbnails by blob digest. Same input, same bytes."""
    thumbs = list(dict.fromkeys(c.thumbnail for c in creatives if c.thumbnail is not None))
    style, script = _resource("gallery.css"), _script()
    page: str = _template().render(
        run=run,
        creatives=creatives,
        counts=status_counts(creatives),
        policy=_policy(style, script),
        style=Markup(style),  # noqa: S704 - our own files
        script=Markup(script),  # noqa: S704
        data=_island(page_data(run, creatives, thumbs)),
        thumbs=Markup("\n".join(base64.b64encode(load(t)).decode() for t in thumbs)),  # noqa: S704 - base64 only
    )
    return page.encode("utf-8", "replace")


@cache
def _resource(name: str) -> str:
    return files("affiche.publish").joinpath("page", name).read_text("utf-8")


@cache
def _script() -> str:
    return "(() => {\n" + "".join(_resource(name) for name in _SCRIPTS) + "})();\n"


@cache
def fingerprint() -> str:
    """The digest of the page without its data: another page is another gallery."""
    return digest("gallery", _resource("gallery.html.j2"), _resource("gallery.css"), _script())


@cache
def _template() -> Any:
    # Here and not above: an unchanged run renders no page.
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(_resource("gallery.html.j2"))


def _policy(style: str, script: str) -> str:
    """Nothing but our style, our script, embedded pictures and the files beside the page."""
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "img-src 'self' file: data:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _island(data: Any) -> Markup:
    """`data` as JSON that cannot leave its script element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    # Not `translate`, which goes through Thai or Chinese character by character.
    for character, escaped in _HARMLESS.items():
        text = text.replace(character, escaped)
    return Markup(text)  # noqa: S704 - escaped just here


def page_data(run: PublishedRun, creatives: Sequence[PublishedCreative], thumbs: Sequence[Digest]) -> dict[str, Any]:
    """What the script reads. Thumbnails are line numbers; passed checks are [rule, measured, limit]."""
    lines = {digest: number for number, digest in enumerate(thumbs)}
    return {
        "campaign": run.campaign,
        "products": _named((c.product, {"name": c.product_name or c.product}) for c in creatives),
        "placements": _named((c.placement, _placement_data(c)) for c in creatives),
        "creatives": [_creative_data(c, lines) for c in creatives],
    }


def _placement_data(creative: PublishedCreative) -> dict[str, str]:
    name = creative.placement_name or creative.placement
    return {"name": name, "channel": creative.channel, "ratio": creative.ratio}


def _named(pairs: Iterable[tuple[str, dict[str, str]]]) -> list[dict[str, str]]:
    seen: dict[str, dict[str, str]] = {}
    for key, facts in pairs:
        seen.setdefault(key, {"id": key, **facts})
    return list(seen.values())


def _creative_data(creative: PublishedCreative, lines: dict[Digest, int]) -> dict[str, Any]:
    return {
        "product": creative.product,
        "locale": creative.locale,
        "placement": creative.placement,
        "variant": creative.variant,
        "status": creative.status,
        "dir": creative.direction,
        "thumb": None if creative.thumbnail is None else lines[creative.thumbnail],
        "files": [_file_data(f) for f in creative.files],
        "findings": [f.as_dict() for f in creative.findings if f.status != "pass"],
        "passes": [[f.rule, f.measured, f.limit] for f in creative.findings if f.status == "pass"],
        "words": dict(creative.words),
        "origins": dict(creative.origins),
        "inputs": dict(creative.inputs),
        "keys": dict(creative.keys),
        "template": creative.template,
        "set": creative.set,
        "cost": f"{creative.cost}" if creative.cost.amount else "",
    }


def _file_data(file: PublishedFile) -> dict[str, Any]:
    return {
        "path": file.path, "bytes": file.bytes, "width": file.width, "height": file.height,
        "format": file.format, "sha256": file.sha256,
    }  # fmt: skip
