"""SVG, cleaned before it is drawn: no scripts, no references to the outside, no entities, no expansion bombs.

Refused rather than repaired: a logo that silently loses a part is worse than an error that says what to export.
resvg runs no scripts and fetches nothing itself; what is refused here also keeps other viewers of the stored file safe.
"""

from __future__ import annotations

import base64
import binascii
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence

import defusedxml
import numpy as np
import resvg_py
from defusedxml.ElementTree import fromstring

from affiche.adapters.codec import decode, limits, sniff
from affiche.errors import AssetError
from affiche.ports import FileFacts, Pixels
from affiche.values.geometry import Size

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
ET.register_namespace("", _SVG)
ET.register_namespace("xlink", _XLINK)

MAX_ELEMENTS = 40_000
MAX_DEPTH = 128
#: Elements after every `use` is followed; beyond it a small file can keep a renderer busy for hours.
MAX_EXPANDED = 200_000
#: Longest side when nobody says how large (px).
NATURAL_SIDE = 1600

_ACTIVE = {"script", "foreignobject", "iframe", "audio", "video", "object", "embed", "handler", "listener"}
_REMOTE_CSS = re.compile(r"@import|url\(\s*['\"]?\s*(?!['\"]?\s*#)[^)]*\)|expression\s*\(|javascript:", re.IGNORECASE)
_INLINE_PICTURE = re.compile(r"\s*data:image/(?:png|jpe?g|gif|webp);base64,", re.IGNORECASE)
_LENGTH = re.compile(r"\s*([0-9.eE+-]+)\s*(px|pt|pc|mm|cm|in|%|)\s*")
_UNITS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
#: What generic and unknown families in live text become.
_SANS = "Inter"
_HINT = "Export it as plain SVG with outlines only, or as PNG with transparency."


def facts(data: bytes) -> FileFacts:
    """Format and natural size. Raises AssetError when the file is not clean."""
    return FileFacts(format="svg", size=_natural_size(_cleaned(data)), vector=True)


def rasterise(data: bytes, size: Size | None, font_files: Sequence[str] = ()) -> Pixels:
    """Drawn as large as fits into `size` (None: natural proportions, longest side NATURAL_SIDE px); transparent ground."""
    root = _cleaned(data)
    natural = _natural_size(root)
    if _has_text(root) and not font_files:
        raise AssetError("The SVG contains live text, whose font we do not have.", hint="Convert the text to outlines.")
    _name_fallbacks(root)
    target = _fitted(natural, size or Size(width=NATURAL_SIDE, height=NATURAL_SIDE))
    root.set("width", str(natural.width))
    root.set("height", str(natural.height))
    try:
        png = resvg_py.svg_to_bytes(
            svg_string=ET.tostring(root, encoding="unicode"),
            width=target.width,
            height=target.height,
            skip_system_fonts=True,
            font_files=list(font_files) or None,
            sans_serif_family=_SANS,
        )
    except (ValueError, RuntimeError) as wrong:
        raise AssetError(f"The SVG cannot be drawn ({wrong}).", hint=_HINT) from wrong
    pixels = decode.pixels(bytes(png), "png")
    if not pixels[..., 3].any():
        raise AssetError("The SVG draws nothing.", hint=_HINT)
    return np.ascontiguousarray(pixels)


def _fitted(natural: Size, box: Size) -> Size:
    limits.refuse_size(box)
    factor = min(box.width / natural.width, box.height / natural.height)
    return Size(width=max(1, round(natural.width * factor)), height=max(1, round(natural.height * factor)))


def _cleaned(data: bytes) -> ET.Element:
    """The parsed file, or AssetError naming what must not be in it."""
    if len(data) > limits.MAX_SVG_BYTES:
        most = f"{limits.MAX_SVG_BYTES / 1e6:.0f} MB"
        raise AssetError(f"The SVG has {len(data) / 1e6:.1f} MB; at most {most} are read.", hint=_HINT)
    root = _parsed(data)
    if _local(root) != "svg":
        raise AssetError("The file is XML but not SVG.", hint=_HINT)
    _refuse_size(root)
    for element in root.iter():
        _refuse_element(element)
    _refuse_expansion(root)
    return root


def _parsed(data: bytes) -> ET.Element:
    try:
        root: ET.Element = fromstring(data, forbid_dtd=False, forbid_entities=True, forbid_external=True)
    except defusedxml.EntitiesForbidden as wrong:
        raise AssetError("The SVG declares XML entities, which are not read.", hint=_HINT) from wrong
    except defusedxml.DefusedXmlException as wrong:
        raise AssetError("The SVG refers to an outside definition, which is not read.", hint=_HINT) from wrong
    except (ET.ParseError, ValueError, LookupError) as wrong:
        raise AssetError(f"The SVG is not well-formed XML ({wrong}).", hint=_HINT) from wrong
    return root


def _refuse_size(root: ET.Element) -> None:
    count, deepest = 0, 0
    level = [root]
    while level:
        count, deepest = count + len(level), deepest + 1
        if count > MAX_ELEMENTS or deepest > MAX_DEPTH:
            raise AssetError(f"The SVG is too complex (over {MAX_ELEMENTS} elements or {MAX_DEPTH} levels).", hint=_HINT)
        level = [child for element in level for child in element]


def _refuse_element(element: ET.Element) -> None:
    name = _local(element)
    if name.lower() in _ACTIVE:
        raise AssetError(f"The SVG contains <{name}>, which is not allowed in a picture.", hint=_HINT)
    if name == "style" and _REMOTE_CSS.search(element.text or ""):
        raise AssetError("The style sheet of the SVG refers to something outside the file.", hint=_HINT)
    for key, value in element.attrib.items():
        _refuse_attribute(name, key.rpartition("}")[2], value)


def _refuse_attribute(element: str, key: str, value: str) -> None:
    if key.lower().startswith("on"):
        raise AssetError(f"The SVG contains the script {key}=… on <{element}>.", hint=_HINT)
    if key == "href" and element != "a" and not value.strip().startswith("#"):
        _refuse_reference(element, value)
    elif key != "href" and _REMOTE_CSS.search(value):
        raise AssetError(f"The SVG refers to something outside the file ({key} on <{element}>).", hint=_HINT)


def _refuse_reference(element: str, value: str) -> None:
    if not _INLINE_PICTURE.match(value):
        shown = value.strip()[:60]
        raise AssetError(f"<{element}> of the SVG refers to {shown!r}, outside the file.", hint="Embed the picture. " + _HINT)
    try:
        data = base64.b64decode(value.partition(",")[2], validate=False)
    except (binascii.Error, ValueError) as wrong:
        raise AssetError("A picture embedded in the SVG is damaged.", hint=_HINT) from wrong
    decode.facts(data, sniff.format_of(data))


def _refuse_expansion(root: ET.Element) -> None:
    """Counts the elements that `use` (and pattern, mask, marker..) chains unfold to; a loop is refused too."""
    named = {element.get("id"): element for element in root.iter() if element.get("id")}
    costs: dict[str, int] = {}

    def cost(element: ET.Element, trail: tuple[str, ...]) -> int:
        total = 0
        for part in element.iter():
            total += 1
            for target in _targets(part):
                total += named_cost(target, trail)
        return min(total, MAX_EXPANDED + 1)

    def named_cost(target: str, trail: tuple[str, ...]) -> int:
        if target not in named:
            return 0
        if target in trail or len(trail) > MAX_DEPTH:
            raise AssetError(f"The SVG refers to itself in a circle (#{target[:40]}).", hint=_HINT)
        if target not in costs:
            costs[target] = cost(named[target], (*trail, target))
        return costs[target]

    if cost(root, ()) > MAX_EXPANDED:
        raise AssetError("The SVG unfolds to more than a renderer can draw (nested <use>).", hint=_HINT)


def _targets(element: ET.Element) -> Iterator[str]:
    if _local(element) != "use":
        return
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == "href" and value.strip().startswith("#"):
            yield value.strip()[1:]


def _has_text(root: ET.Element) -> bool:
    return any(_local(element) == "text" and "".join(element.itertext()).strip() for element in root.iter())


_FAMILY = re.compile(r"(font-family\s*:\s*)([^;}]*)")


def _name_fallbacks(root: ET.Element) -> None:
    """Every family that is asked for may be replaced by ours: a logo in a strange face shows what it says at least."""
    root.set("font-family", root.get("font-family", "sans-serif"))
    for element in root.iter():
        if family := element.get("font-family"):
            element.set("font-family", f"{family}, sans-serif")
        if style := element.get("style"):
            element.set("style", _FAMILY.sub(r"\1\2, sans-serif", style))
        if _local(element) == "style" and element.text:
            element.text = _FAMILY.sub(r"\1\2, sans-serif", element.text)


def _natural_size(root: ET.Element) -> Size:
    box = [float(v) for v in re.findall(r"[-+0-9.eE]+", root.get("viewBox", "")) if _is_number(v)]
    view = (box[2], box[3]) if len(box) == 4 and box[2] > 0 and box[3] > 0 else None
    width, height = _length(root.get("width")), _length(root.get("height"))
    if width and height and view is None:
        root.set("viewBox", f"0 0 {width:g} {height:g}")
    if not (width and height):
        width, height = view or (width or 300.0, height or 150.0)
    if not max(width, height) < 1e7 or min(width, height) < 1e-3 or max(width, height) / min(width, height) > 1000:
        raise AssetError(f"The SVG says it is {width:g} x {height:g} units.", hint=_HINT)
    # Small drawings (24 x 24 icons) keep their proportions exactly only when scaled to whole px first.
    factor = max(1.0, 256 / max(width, height))
    factor = min(factor, 8192 / max(width, height))
    return Size(width=max(1, round(width * factor)), height=max(1, round(height * factor)))


def _length(text: str | None) -> float:
    match = _LENGTH.fullmatch(text or "")
    if match is None or not _is_number(match.group(1)) or match.group(2) == "%":
        return 0.0
    return max(0.0, float(match.group(1))) * _UNITS[match.group(2)]


def _is_number(text: str) -> bool:
    try:
        return abs(float(text)) < 1e12
    except ValueError:
        return False


def _local(element: ET.Element) -> str:
    # Comments and processing instructions have a function as tag.
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
