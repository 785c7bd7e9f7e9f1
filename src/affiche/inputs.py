"""A brief on disk with everything it names: brand, feed, pictures, logo, fonts. The only place where their files are opened.

`load_campaign` is what entries call before `produce.plan`. Paths are relative to the brief. Our own briefs must name files that
exist; in foreign briefs a missing file is a warning and near folders are tried first (their paths were true on another machine).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from affiche.brand.derive import derive_brand
from affiche.brand.model import Brand, FontFile
from affiche.brand.read import read_brand
from affiche.brief.model import Brief, GivenBrand, PictureRef, Product
from affiche.brief.read import read_brief
from affiche.errors import InputError
from affiche.notation.node import MAX_BYTES
from affiche.values.digest import Digest
from affiche.values.problem import Problem, Severity, Where, has_errors
from affiche.write.entries import MEMORY, TranslationMemory

IMAGE_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".avif", ".svg", ".tif", ".tiff", ".gif")
#: Folders beside a foreign brief (or up to three levels above it) in which its pictures may lie.
_NEAR = (
    "",
    "assets",
    "input_assets",
    "input-assets",
    "inputs",
    "input",
    "images",
    "img",
    "pictures",
    "media",
    "products",
    "assets/products",
)
_LEVELS_UP = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """A readable brief with what it names. `pictures`: product id -> file, None when there is none.

    `brand` is complete; `given` is what it was derived from when the brief has no brand file (`rebrand` with the
    pictures' palette gives it better colours). `problems` holds no error.
    """

    brief: Brief
    brand: Brand
    given: GivenBrand | None
    brief_file: Path
    base_dir: Path
    problems: tuple[Problem, ...]
    pictures: Mapping[str, Path | None]
    befores: Mapping[str, Path | None]
    logo: Path | None = None
    logo_on_dark: Path | None = None
    #: The brand's own fonts, each with where its file lies.
    fonts: tuple[tuple[FontFile, Path], ...] = ()
    #: Approved words beside the brief.
    memory: TranslationMemory = field(default_factory=TranslationMemory)
    #: Pictures of the brand's world, for models that see pictures.
    style: tuple[Path, ...] = ()
    #: Wishes for which somebody took a picture that exists: request key -> the key of that picture.
    accepted: Mapping[Digest, Digest] = field(default_factory=dict)
    #: Other files that were read: a change in one of them changes the campaign.
    sources: tuple[Path, ...] = field(default=())


def load_campaign(
    path: Path, *, confined: bool = False, brand_file: str = ""
) -> tuple[Campaign | None, tuple[Problem, ...]]:
    """The campaign of a brief file, or None with at least one error. Raises InputError when the file cannot be opened.

    `confined`: nothing outside the brief's folder exists for it (briefs of strangers). `brand_file`: the brand of a brief
    that says nothing of one.
    """
    brief, problems = read_brief(open_input(path), file=path.name)
    if brief is None:
        return None, problems
    if brand_file and brief.brand == GivenBrand():
        brief = replace(brief, brand=GivenBrand(file=brand_file))
    found = _Finder(brief, path, confined=confined)
    brief = found.with_feed(brief)
    brand, given, brand_dir = found.brand(brief)
    pictures = {product.id: found.picture(product) for product in brief.products}
    logo = found.logo(brand, brand_dir) if brand else (None, None)
    fonts = found.fonts(brand, brand_dir) if brand else ()
    style = found.style(brand, brand_dir) if brand else ()
    memory = found.memory()
    problems = (*problems, *found.problems)
    if brand is None or has_errors(problems):
        return None, problems
    campaign = Campaign(
        brief=brief,
        brand=brand,
        given=given,
        brief_file=path,
        base_dir=path.parent,
        problems=problems,
        pictures=pictures,
        befores={product.id: found.before(product) for product in brief.products if product.before},
        logo=logo[0],
        logo_on_dark=logo[1],
        fonts=fonts,
        memory=memory,
        style=style,
        sources=tuple(found.sources),
    )
    return campaign, problems


def rebrand(campaign: Campaign, palette: tuple[str, ...]) -> Campaign:
    """The same campaign with a derived brand's colours from the pictures' palette (hex, main first).

    Unchanged when the brief gives colours or a brand file.
    """
    if campaign.given is None or campaign.given.colors or not palette:
        return campaign
    return replace(campaign, brand=replace(derive_brand(campaign.given, palette), logo=campaign.brand.logo))


def open_input(path: Path) -> bytes:
    """The file's bytes. Raises InputError with what is wrong, in words for people."""
    try:
        if path.is_dir():
            raise InputError(f"{path} is a folder, not a file", hint="name the brief file in it")
        if not path.exists():
            raise InputError(f"{path} does not exist", hint=_similar(path))
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from None


def _similar(path: Path) -> str:
    if not path.parent.is_dir():
        return f"the folder {path.parent} does not exist either"
    from affiche.notation.guess import did_you_mean

    return did_you_mean(path.name, [entry.name for entry in path.parent.iterdir()][:500])


class _Finder:
    """Finds the files that one brief names; collects problems."""

    def __init__(self, brief: Brief, path: Path, *, confined: bool = False) -> None:
        self._brief, self._path, self._base = brief, path, path.parent
        self._fence = Path(os.path.abspath(path.parent)) if confined else None
        self._foreign = brief.foreign
        self.problems: list[Problem] = []
        self.sources: list[Path] = []

    def _say(
        self, code: str, where: Where, message: str, hint: str = "", severity: Severity | None = None
    ) -> None:
        level: Severity = severity or ("warning" if self._foreign else "error")
        self.problems.append(Problem(severity=level, code=code, where=where, message=message, hint=hint))

    def _place(self, pointer: str) -> Where:
        return self._brief.places.get(pointer, Where(file=self._path.name, line=1, column=1))

    def with_feed(self, brief: Brief) -> Brief:
        """The brief with its feed's products after its own."""
        if not brief.feed:
            return brief
        file = self._existing(self._base / brief.feed) or self._near(brief.feed, ())
        if file is None:
            self._say(
                "feed.missing",
                self._place("feed"),
                f"the feed {brief.feed!r} does not exist",
                severity="error",
            )
            return brief
        # Most campaigns have none, and it brings the importer's tables along.
        from affiche.brief.feed import read_feed

        self.sources.append(file)
        products, problems = read_feed(open_input(file), file=file.name, source=brief.message.locale)
        self.problems += problems
        taken = {product.id for product in brief.products}
        for product in products:
            if product.id in taken:
                self._say(
                    "feed.duplicate-id",
                    Where(file=file.name),
                    f"product {product.id!r} is in the brief already; the feed's is left out",
                    severity="warning",
                )
        return replace(brief, products=(*brief.products, *(p for p in products if p.id not in taken)))

    def brand(self, brief: Brief) -> tuple[Brand | None, GivenBrand | None, Path]:
        """The brand, what it was derived from (None for a brand file of ours), and the folder its files are relative to."""
        given = brief.brand
        if not given.file:
            return derive_brand(given), given, self._base
        file = self._existing(self._base / given.file) or (self._near(given.file, ()) if self._foreign else None)
        if file is None:
            self._say(
                "brand.missing",
                self._place("brand"),
                f"the brand file {given.file!r} does not exist",
                "a neutral brand is derived" if self._foreign else "",
            )
            return derive_brand(given), given, self._base
        self.sources.append(file)
        data = open_input(file)
        brand, problems = read_brand(data, file=file.name)
        if brand is not None or not any(p.code == "brand.not-ours" for p in problems):
            self.problems += problems
            return brand, None, file.parent
        from affiche.brief.importer.brand_file import foreign_brand  # our own brand files never come here

        read = foreign_brand(data, file.name)
        merged = _merged(given, read)
        self._say(
            "brand.foreign",
            Where(file=file.name, line=1, column=1),
            "the brand file is not ours; what could be understood of it is used",
            severity="note",
        )
        return derive_brand(merged), merged, file.parent

    def picture(self, product: Product) -> Path | None:
        """The product's picture; None when it names none or it cannot be found (with a problem)."""
        ref = product.picture
        if ref is None or (ref.imagine and not ref.path):
            return self._by_id(product) if self._foreign else None
        return self._named(ref, product.name)

    def before(self, product: Product) -> Path | None:
        """The picture of how it was before; None when it cannot be found (with a problem) or is still to be imagined."""
        return self._named(product.before, product.name) if product.before and product.before.path else None

    def _named(self, ref: PictureRef, name: str) -> Path | None:
        """The file that `ref` names; None with a problem when it is no file that can be read."""
        if ref.path.startswith(("http://", "https://", "data:", "s3://", "gs://")):
            self._say(
                "asset.remote",
                ref.where,
                f"{ref.path[:120]!r} is a web address: nothing is fetched",
                "download it and name the file",
                "warning",
            )
            return None
        file = self._find(ref)
        if file is None:
            hint = "made as a typographic creative" if self._foreign else self._similar(self._base / ref.path)
            self._say(
                "asset.missing",
                ref.where,
                f"the picture {ref.path[:200]!r} of {name!r} does not exist",
                hint,
            )
        return file

    def _find(self, ref: PictureRef) -> Path | None:
        path = ref.path.replace("\\", "/") if self._foreign else ref.path
        exact = self._base / path
        if self._is_dir(exact) and (self._foreign or path.endswith("/")):
            return self._in_folder(exact, ref.where)
        return self._existing(exact) or (self._near(path, IMAGE_SUFFIXES, ref.where) if self._foreign else None)

    def _near(self, path: str, suffixes: tuple[str, ...], where: Where | None = None) -> Path | None:
        """A foreign path tried from the brief's folder upwards, whole and by its name alone, with and without a suffix."""
        path = path.replace("\\", "/")
        bare = path.rstrip("/").rsplit("/", 1)[-1]
        above = [] if self._fence else list(self._base.resolve().parents)[:_LEVELS_UP]
        roots = [self._base, *above]
        for root in roots:
            for folder in _NEAR:
                for name in dict.fromkeys((path.lstrip("/"), bare)):
                    found = self._existing(root / folder / name) or next(
                        (f for suffix in suffixes if (f := self._existing(root / folder / f"{name}{suffix}"))),
                        None,
                    )
                    if found is None and suffixes and self._is_dir(root / folder / name) and name:
                        found = self._in_folder(root / folder / name, where)
                    if found:
                        message = f"{path!r} is not beside the brief; {found.name!r} in {found.parent.name!r} is used"
                        self._say("asset.found", where or self._place("brand"), message, severity="note")
                        return found
        return None

    def _in_folder(self, folder: Path, where: Where | None) -> Path | None:
        files = sorted(
            entry for entry in folder.iterdir() if entry.suffix.lower() in IMAGE_SUFFIXES and entry.is_file()
        )
        if not files:
            return None
        best = next(
            (
                f
                for f in files
                if any(sign in f.stem.lower() for sign in ("hero", "main", "front", "packshot"))
            ),
            files[0],
        )
        self._say(
            "asset.folder",
            where or Where(file=self._path.name),
            f"of {len(files)} pictures in {folder.name!r}, {best.name!r} is used",
            severity="note",
        )
        return best

    def _by_id(self, product: Product) -> Path | None:
        """A file called like the product in a folder for assets: many pipelines expect that."""
        names = dict.fromkeys((str(product.extra.get("id", "")), product.id, product.name))
        for folder in _NEAR[1:]:
            for name in (n for n in names if n and "/" not in n and "\\" not in n):
                for suffix in IMAGE_SUFFIXES:
                    for file in (
                        self._base / folder / f"{name}{suffix}",
                        self._base / folder / name / f"hero{suffix}",
                    ):
                        found = self._existing(file)
                        if found:
                            where = self._place("products")
                            self._say(
                                "asset.found",
                                where,
                                f"{found.name!r} in {folder!r} is taken for {product.name!r}",
                                severity="note",
                            )
                            return found
        return None

    def logo(self, brand: Brand, folder: Path) -> tuple[Path | None, Path | None]:
        """(logo, logo for dark grounds)."""
        if brand.logo is None:
            return None, None
        return self._logo(brand.logo.file, folder), self._logo(brand.logo.on_dark, folder)

    def fonts(self, brand: Brand, folder: Path) -> tuple[tuple[FontFile, Path], ...]:
        """The brand's font files that exist."""
        found: list[tuple[FontFile, Path]] = []
        for number, font in enumerate(brand.fonts):
            file = self._existing(folder / font.file)
            if file is None:
                where = Where(file=self._brief.brand.file, pointer=f"fonts[{number}].file")
                message = f"the font {font.file[:200]!r} does not exist"
                self._say("font.missing", where, message, self._similar(folder / font.file), "error")
            else:
                found.append((font, file))
        self.sources += [file for _, file in found]
        return tuple(found)

    def style(self, brand: Brand, folder: Path) -> tuple[Path, ...]:
        """The brand's style pictures that exist."""
        found = {name: self._existing(folder / name) for name in brand.style}
        for name in (name for name, file in found.items() if file is None):
            where = Where(file=self._brief.brand.file, pointer="voice.style")
            self._say("style.missing", where, f"the style picture {name[:200]!r} does not exist", severity="error")
        return tuple(file for file in found.values() if file is not None)

    def memory(self) -> TranslationMemory:
        """The approved words beside the brief; none when there is no such file."""
        file = self._existing(self._base / MEMORY)
        if file is None:
            return TranslationMemory()
        from affiche.write.memory import read_memory  # most campaigns have none

        self.sources.append(file)
        memory, problems = read_memory(open_input(file), file=file.name)
        self.problems += problems
        return memory

    def _logo(self, path: str, folder: Path) -> Path | None:
        if not path:
            return None
        if path.startswith(("http://", "https://", "data:")):
            self._say(
                "asset.remote",
                self._place("brand"),
                f"the logo {path[:120]!r} is a web address: nothing is fetched",
                severity="warning",
            )
            return None
        file = self._existing(folder / path) or (self._near(path, ()) if self._foreign else None)
        if file is None:
            instead = "the brand's name, when the brief gives one, is set as type instead"
            hint = instead if self._foreign else self._similar(folder / path)
            self._say("asset.missing", self._place("brand"), f"the logo {path[:200]!r} does not exist", hint)
        return file

    def _existing(self, path: Path) -> Path | None:
        """The file, when there is one that this brief may see."""
        try:
            return path if self._inside(path) and path.is_file() else None
        except (OSError, ValueError):  # a name of 300 characters, a byte that no file system has
            return None

    def _is_dir(self, path: Path) -> bool:
        try:
            return self._inside(path) and path.is_dir()
        except (OSError, ValueError):
            return False

    def _similar(self, path: Path) -> str:
        """Names of a stranger's neighbours are not told."""
        return _similar(path) if self._fence is None else ""

    def _inside(self, path: Path) -> bool:
        return self._fence is None or Path(os.path.abspath(path)).is_relative_to(self._fence)


def _merged(given: GivenBrand, read: GivenBrand) -> GivenBrand:
    """What the brief says first, the brand file for the rest."""
    return GivenBrand(
        name=given.name or read.name,
        colors=given.colors or read.colors,
        logo=given.logo or read.logo,
        forbidden=tuple(dict.fromkeys((*given.forbidden, *read.forbidden))),
        forbidden_by={**read.forbidden_by, **given.forbidden_by},
        fonts=given.fonts or read.fonts,
        tone=given.tone or read.tone,
    )
