"""Make the font data package from upstream packages: `python tools/fonts/build.py --deb DIR --npm DIR`.

Reads sources.toml, writes src/affiche_fonts/data/* and src/affiche_fonts/catalog.toml (with the sha256 of
what was read and of what was written). Pure of network: README.md says how the two folders are filled.
Deterministic: the same upstream files give the same bytes, because timestamps are not recalculated.

What is done to a face, and why:
- Hints are dropped: the painter asks for light hinting, which ignores TrueType programs, and they are a third
  of the bytes.
- `keep = "text"` drops stylistic sets and small capitals, which nothing can switch on.
- `keep = "cjk"` keeps the national character standards and the locl feature, so one file serves ja, zh and
  ko.
- unicode slices are pinned to static instances and merged, because the text engine cannot read slices or
  WOFF2.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

from cjk import national_standards, rebuild_cmap
from fontTools import subset
from fontTools.merge import Merger
from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

HERE = Path(__file__).parent
PACKAGE = HERE.parent.parent / "src" / "affiche_fonts"

# Features an ad can show without asking: shaping, kerning, marks, localized forms. The rest is dropped for
# keep = "text".
TEXT_FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "liga", "clig", "calt", "rlig", "case", "frac", "sups", "tnum"]
TEXT_RANGES = [(0x20, 0x24F), (0x259, 0x259), (0x2B0, 0x36F), (0x370, 0x3FF), (0x400, 0x52F), (0x1E00, 0x1EFF),
               (0x1F00, 0x1FFF), (0x2000, 0x206F), (0x2070, 0x209F), (0x20A0, 0x20CF), (0x2100, 0x218F),
               (0x2190, 0x2199), (0x2200, 0x22FF), (0xFB00, 0xFB06), (0xFEFF, 0xFEFF)]
SYMBOL_RANGES = [(0x20, 0x20), (0x2010, 0x2027), (0x2030, 0x205E), (0x20D0, 0x20F0), (0x2100, 0x214F), (0x2150, 0x21FF),
                 (0x2200, 0x22FF), (0x2300, 0x23FF), (0x2460, 0x24FF), (0x2500, 0x27BF), (0x2900, 0x297F),
                 (0x2B00, 0x2BFF)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One face to make. `files` are upstream paths (several when slices are merged)."""

    family: str
    weight: int
    feel: str
    scripts: tuple[str, ...]
    package: str
    keep: str
    files: tuple[Path, ...]
    axes: dict[str, float]

    @property
    def alias(self) -> str:
        """Name the engine registers the face under."""
        return f"{self.family} {self.weight}"


def main() -> None:
    """Build every face, then the catalog and the licence texts."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--deb", type=Path, required=True, help="folder the .deb files were extracted to")
    options.add_argument("--npm", type=Path, required=True, help="node_modules folder")
    options.add_argument("--only", default="", help="rebuild only families whose name contains this")
    args = options.parse_args()
    table = tomllib.loads((HERE / "sources.toml").read_text("utf-8"))
    sources = read_sources(table, args.deb, args.npm)
    (PACKAGE / "data").mkdir(parents=True, exist_ok=True)
    for source in (s for s in sources if args.only in s.family):
        target = PACKAGE / "data" / file_name(source)
        target.write_bytes(make_face(source))
        print(f"{target.stat().st_size:>9} {source.alias}", file=sys.stderr)
    write_catalog(sources, args.deb, args.npm)


def read_sources(table: dict, deb: Path, npm: Path) -> list[Source]:
    """Expand sources.toml into one Source per face, in file order."""
    families = list(table["family"])
    noto = table["noto"]
    for row in noto["families"]:
        name, scripts, feel, stem = row.split("|")
        files = {w: f"{stem}-{style}.ttf" for w, style in noto["weights"].items()}
        families.append({"name": name, "feel": feel, "scripts": scripts.split(","), "package": noto["package"],
                         "keep": "all", "files": files})
    return [to_source(f, int(w), path, deb, npm) for f in families for w, path in f["files"].items()]


def to_source(family: dict, weight: int, path: str, deb: Path, npm: Path) -> Source:
    """Resolve one face's upstream files inside the extracted packages."""
    slices = family.get("merge") or [""]
    relative = [path.replace("{slice}", s) for s in slices]
    root = npm / family["package"] if (npm / family["package"]).is_dir() else None
    files = [root / r if root else next(deb.rglob(r)) for r in relative]
    return Source(family=family["name"], weight=weight, feel=family["feel"], scripts=tuple(family["scripts"]),
                  package=family["package"], keep=family["keep"], files=tuple(files), axes=family.get("axes", {}))


def file_name(source: Source) -> str:
    """Alias as a file name; .ttf also for CFF faces, so that one glob finds them all."""
    return source.alias.replace(" ", "") + ".ttf"


def make_face(source: Source) -> bytes:
    """Bytes of the finished face."""
    if source.keep == "as-is":
        return source.files[0].read_bytes()
    if len(source.files) > 1 or source.axes:
        return merge_slices(source)
    font = TTFont(source.files[0], fontNumber=0, recalcTimestamp=False)
    trim(font, source.keep)
    return save(font)


def merge_slices(source: Source) -> bytes:
    """Pin the axes of each slice, then merge the static slices into one face."""
    instances = []
    for path in source.files:
        variable = TTFont(path, recalcTimestamp=False)
        location = {**source.axes, "wght": source.weight}
        static = instancer.instantiateVariableFont(variable, location, inplace=True)
        static.flavor = None
        for table in ("STAT", "DSIG", "vmtx", "vhea"):
            if table in static:
                del static[table]
        instances.append(io.BytesIO(save(static)))
    merged = Merger().merge(instances)
    merged.recalcTimestamp = False
    set_names(merged, source)
    trim(merged, "all")
    return save(merged)


def set_names(font: TTFont, source: Source) -> None:
    """Give an instance its own family, style and PostScript name (slices all say Regular)."""
    for record in list(font["name"].names):
        name = {1: source.alias, 2: "Regular", 4: source.alias, 6: source.alias.replace(" ", "-"),
                16: source.family, 17: str(source.weight)}.get(record.nameID)
        if name is not None:
            font["name"].setName(name, record.nameID, record.platformID, record.platEncID, record.langID)
    font["OS/2"].usWeightClass = source.weight


def trim(font: TTFont, keep: str) -> None:
    """Subset in place: hints out, and for some faces features and characters nobody can reach."""
    options = subset.Options(hinting=False, layout_features=["*"], glyph_names=False, notdef_outline=True,
                             name_IDs=["*"], name_languages=["*"], recalc_timestamp=False, drop_tables=["DSIG", "MVAR"],
                             legacy_cmap=False, symbol_cmap=False)
    every = {cp for table in font["cmap"].tables if table.isUnicode() and table.format != 14 for cp in table.cmap}
    wanted = every
    if keep == "text":
        options.layout_features = TEXT_FEATURES
        wanted = every & code_points(TEXT_RANGES)
    elif keep == "symbols":
        wanted = every & code_points(SYMBOL_RANGES)
    elif keep == "cjk":
        wanted = every & national_standards()
        options.layout_features = ["locl", "ccmp", "liga", "calt", "kern", "palt", "halt", "fwid",
                                   "ljmo", "vjmo", "tjmo"]
    worker = subset.Subsetter(options)
    worker.populate(unicodes=wanted)
    if keep == "cjk":
        font["cmap"].tables = [t for t in font["cmap"].tables if t.format == 12]
    worker.subset(font)
    if keep == "cjk":
        for table in ("vhea", "vmtx", "VORG", "BASE"):
            if table in font:
                del font[table]
        rebuild_cmap(font)


def code_points(ranges: list[tuple[int, int]]) -> set[int]:
    """Flatten inclusive ranges."""
    return {cp for first, last in ranges for cp in range(first, last + 1)}


def save(font: TTFont) -> bytes:
    """Serialise without touching timestamps."""
    out = io.BytesIO()
    font.save(out, reorderTables=True)
    return out.getvalue()


def write_catalog(sources: list[Source], deb: Path, npm: Path) -> None:
    """Write catalog.toml and one licence text per upstream package."""
    versions = {s.package: package_version(s.package, deb, npm) for s in sources}
    rows = ["# Written by tools/fonts/build.py; do not edit. One [[face]] per file in data/.\n"]
    for source in sources:
        data = (PACKAGE / "data" / file_name(source)).read_bytes()
        upstream = hashlib.sha256(b"".join(p.read_bytes() for p in source.files)).hexdigest()
        licence = source.package.split("/")[-1] + ".OFL.txt"
        rows.append("\n".join([
            "[[face]]", f'alias = "{source.alias}"', f'file = "{file_name(source)}"', "index = 0",
            f'family = "{source.family}"', f"weight = {source.weight}", 'style = "normal"', f'feel = "{source.feel}"',
            f"scripts = {json.dumps(list(source.scripts))}", f"stem = {stem(data)}",
            f"axes = {toml_table(source.axes)}",
            f'upstream = "{source.package} {versions[source.package]}"', f'upstream_sha256 = "{upstream}"',
            f'sha256 = "{hashlib.sha256(data).hexdigest()}"', f"bytes = {len(data)}", f'licence = "{licence}"', ""]))
    (PACKAGE / "catalog.toml").write_text("\n".join(rows), "utf-8")
    for package in versions:
        write_licence(package, sources, npm)


def stem(data: bytes) -> int:
    """Width of l or I in 1/1000 em, whichever is plainer (some have a tail or serifs): blackness; 0 without
    Latin."""
    font = TTFont(io.BytesIO(data), lazy=True)
    names = [font.getBestCmap().get(ord(letter)) for letter in "Il"]
    if None in names or not {"glyf", "CFF "} & set(font.keys()):
        return 0
    return round(min(glyph_width(font, name) for name in names) * 1000 / font["head"].unitsPerEm)


def glyph_width(font: TTFont, name: str) -> float:
    """Width of a glyph's ink in font units."""
    pen = BoundsPen(font.getGlyphSet())
    font.getGlyphSet()[name].draw(pen)
    return pen.bounds[2] - pen.bounds[0]


def toml_table(axes: dict[str, float]) -> str:
    """Inline TOML table."""
    return "{ " + ", ".join(f"{k} = {v}" for k, v in axes.items()) + " }" if axes else "{}"


def package_version(package: str, deb: Path, npm: Path) -> str:
    """Version the package states about itself."""
    manifest = npm / package / "package.json"
    if manifest.exists():
        return str(json.loads(manifest.read_text("utf-8"))["version"])
    archive = next(deb.parent.glob(f"{package}_*.deb"))
    return archive.name.split("_")[1].replace("%3a", ":")


def write_licence(package: str, sources: list[Source], npm: Path) -> None:
    """Write the licence with its copyright line; refuse a reserved font name, as most faces are changed here.

    Debian packages mix the licence with that of their packaging, so there the line comes from the font itself.
    """
    given = [p for p in (npm / package / "LICENSE_FONT", npm / package / "LICENSE") if p.exists()]
    if given:
        text = given[0].read_text("utf-8")
    else:
        owner = TTFont(next(s for s in sources if s.package == package).files[0], fontNumber=0, lazy=True)
        text = f"{owner['name'].getDebugName(0)}\n\n{licence_body(npm)}"
    if "with Reserved Font Name" in text.split("-----", 1)[0]:
        raise SystemExit(f"{package} has a Reserved Font Name: rename the family before shipping it")
    (PACKAGE / "licences").mkdir(exist_ok=True)
    (PACKAGE / "licences" / (package.split("/")[-1] + ".OFL.txt")).write_text(text, "utf-8")


def licence_body(npm: Path) -> str:
    """The SIL Open Font License without anybody's copyright line."""
    text = (npm / "@expo-google-fonts/manrope/LICENSE_FONT").read_text("utf-8")
    return text[text.index("This Font Software is licensed") :]


if __name__ == "__main__":
    main()
