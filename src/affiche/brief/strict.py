"""Our own brief format: a located tree -> `Brief`. Shape is checked by `schema.py`; what a shape cannot say, here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from affiche.brief.model import (
    TEXT_ROLES,
    Brief,
    Budget,
    Design,
    GivenBrand,
    Market,
    Message,
    PictureRef,
    Product,
    Variant,
    Words,
    Writing,
)
from affiche.brief.placeholder import placeholders
from affiche.brief.places import places
from affiche.brief.ratios import plain_ratio
from affiche.brief.schema import BrandFacts, BriefFile, PictureFile, ProductFile, WordsFile, WritingFile
from affiche.market.resolve import is_known_locale, resolve_locale
from affiche.notation.node import Node
from affiche.notation.validate import validate
from affiche.values.color import Color
from affiche.values.locale import Locale
from affiche.values.problem import Problem, Severity, has_errors

#: What a brief gets that names no placement.
DEFAULT_RATIOS = ("1:1", "9:16", "16:9")


def read_strict(root: Node, *, file: str) -> tuple[Brief | None, tuple[Problem, ...]]:
    """The brief, or None when any problem is an error; every problem with its place, in file order."""
    version = root.get("affiche")
    if version is not None and version.text.strip() != "1":
        message = f"format version {version.text[:20]!r} is not known; this Affiche reads version 1"
        return None, (
            Problem(severity="error", code="brief.version", where=version.where(file), message=message),
        )
    parsed, shape = validate(BriefFile, root, file=file, kind="brief")
    check = _Check(root, file)
    check.locales()
    check.placeholders()
    check.ids()
    check.colors()
    check.substance()
    problems = tuple(sorted((*shape, *check.problems), key=lambda p: (p.where.line, p.where.column)))
    if parsed is None or has_errors(problems):
        return None, problems
    return _brief(parsed, root, file), problems


class _Check:
    """What the schema cannot say; collects problems."""

    def __init__(self, root: Node, file: str) -> None:
        self.root, self.file = root, file
        self.problems: list[Problem] = []

    def _say(
        self, severity: Severity, code: str, node: Node, message: str, hint: str = "", key: str = ""
    ) -> None:
        where = node.where_key(key, self.file) if key else node.where(self.file)
        self.problems.append(
            Problem(severity=severity, code=f"brief.{code}", where=where, message=message, hint=hint)
        )

    def locales(self) -> None:
        """Every locale tag, as value or as key."""
        message = self.root.get("message")
        for node in _present(message.get("locale") if message else None):
            self._tag(node, node.text)
        for owner in (*_children(self.root, "markets"), *_children(self.root, "products")):
            for node in owner.get("locales") or ():
                self._tag(node, node.text)
        for owner, keys in self._locale_maps():
            for key in keys:
                self._tag(owner, key, key=key)

    def _locale_maps(self) -> Iterable[tuple[Node, list[str]]]:
        owners = [self.root, *_children(self.root, "products"), *_children(self.root, "variants")]
        for owner in owners:
            for name in ("copy", "names", "prices", "legal"):
                node = owner.get(name)
                if node is not None and node.is_map:
                    yield node, list(node.value)

    def _tag(self, node: Node, tag: str, key: str = "") -> None:
        if not tag or is_known_locale(tag):
            return
        meant = resolve_locale(tag)
        hint = f"did you mean {meant!r}?" if meant else "a locale is a language and a region, such as de-DE"
        self._say("error", "bad-locale", node, f"{tag[:40]!r} is not a known locale", hint, key)

    def placeholders(self) -> None:
        """Texts that nobody filled in."""
        for node, found in placeholders(self.root):
            self._say(
                "error",
                "placeholder",
                node,
                f"the placeholder {found} was never filled in",
                "replace it by real text",
            )

    def ids(self) -> None:
        """Ids that two products, variants share (also when only their case differs: files would collide)."""
        for kind in ("products", "variants"):
            ids = [
                (node, node.text)
                for owner in _children(self.root, kind)
                for node in _present(owner.get("id"))
            ]
            seen = Counter(text.lower() for _, text in ids)
            first: set[str] = set()
            for node, text in ids:
                if seen[text.lower()] > 1 and text.lower() in first:
                    self._say(
                        "error",
                        "duplicate-id",
                        node,
                        f"id {text[:60]!r} is used twice in {kind}",
                        "ids must differ in more than case",
                    )
                first.add(text.lower())

    def colors(self) -> None:
        """Colours are hex here; words are for foreign briefs."""
        brand = self.root.get("brand")
        owners = [
            *_children(self.root, "products"),
            *_present(brand if brand is not None and brand.is_map else None),
        ]
        for owner in owners:
            for node in owner.get("colors") or ():
                try:
                    Color.parse(node.text)
                except ValueError as error:
                    self._say("error", "bad-color", node, str(error))

    def substance(self) -> None:
        """A brief needs products (or a feed), a message, and gets markets and ratios when it names none."""
        root = self.root
        products, feed = root.get("products"), root.get("feed")
        if (products is None or products.is_empty) and (feed is None or feed.is_empty):
            hint = "add `products:` with at least one `id` and `name`, or a `feed:`"
            self._say("error", "no-products", products or root, "the brief names no product", hint)
        for node in _children(root, "ratios"):
            if plain_ratio(node.text) is None:
                self._say(
                    "error",
                    "bad-ratio",
                    node,
                    f"{node.text[:40]!r} is no ratio",
                    "write 1:1, 9:16 or a pixel size such as 1200x628",
                )
        if (
            not any(not (n := root.get(key)) or not n.is_empty for key in ("markets",))
            or root.get("markets") is None
        ):
            self._say(
                "note", "no-markets", root, "no markets are named: made in the message's own locale only"
            )
        if not _children(root, "placements") and not _children(root, "ratios"):
            self._say(
                "note", "no-placements", root, f"no placements are named: made as {', '.join(DEFAULT_RATIOS)}"
            )
        message = root.get("message")
        if (
            message is not None
            and message.is_map
            and not any((n := message.get(role)) and not n.is_empty for role in TEXT_ROLES)
        ):
            self._say("warning", "no-message", message, "the message has no words", "add a headline")


def _children(owner: Node, key: str) -> list[Node]:
    node = owner.get(key)
    return list(node) if node is not None and node.is_list else []


def _present(node: Node | None) -> tuple[Node, ...]:
    return () if node is None else (node,)


def _brief(parsed: BriefFile, root: Node, file: str) -> Brief:
    source = _canonical(parsed.message.locale)
    words = _words(parsed.message) | _legal(parsed.legal.get(""))
    ratios = tuple(plain_ratio(text) or text for text in parsed.ratios)
    markets = tuple(
        Market(region=m.region, locales=_tags(m.locales), name=m.name, audience=m.audience)
        for m in parsed.markets
    ) or (Market(region=Locale.parse(source).region, locales=(source,)),)
    return Brief(
        campaign=parsed.campaign,
        name=parsed.name or parsed.campaign,
        message=Message(locale=source, words=words),
        markets=markets,
        products=tuple(_product(p, root.at(("products", i)), file) for i, p in enumerate(parsed.products)),
        placements=(*parsed.placements, *ratios) or DEFAULT_RATIOS,
        brand=_given_brand(parsed.brand),
        audience=parsed.audience,
        copy=_copy(parsed.words, {tag: text for tag, text in parsed.legal.items() if tag}, "legal"),
        variants=_variants(parsed),
        design=Design(template=parsed.design.template, set=parsed.design.set, format=parsed.design.format),
        budget=Budget(max=parsed.budget.max, currency=parsed.budget.currency) if parsed.budget else None,
        writing=_writing(parsed.writing),
        values={name: value if isinstance(value, str) else tuple(value) for name, value in parsed.values.items()},
        feed=parsed.feed,
        exclude=tuple(parsed.exclude),
        extra=_extra(root),
        places=places(root, file),
    )


def _writing(parsed: WritingFile) -> Writing:
    return Writing(
        writer=parsed.writer, formality=dict(parsed.formality), notes=dict(parsed.notes), keep=tuple(parsed.keep),
        glossary={term: dict(by_tag) for term, by_tag in parsed.glossary.items()}, alt=parsed.alt, captions=parsed.captions,
        judge=parsed.judge, back_translation=parsed.back_translation, take=parsed.take,
    )  # fmt: skip


def _variants(parsed: BriefFile) -> tuple[Variant, ...]:
    given = tuple(Variant(id=v.id, words=_copy(v.words), template=v.template) for v in parsed.variants)
    return given if any(v.id == "a" for v in given) else (Variant(), *given)


def _product(parsed: ProductFile, node: Node, file: str) -> Product:
    picture = node.get("picture")
    return Product(
        id=parsed.id,
        name=parsed.name,
        description=parsed.description,
        picture=_picture(parsed.picture, picture or node, file),
        before=_picture(parsed.before, node.get("before") or node, file),
        copy=_copy(parsed.words, parsed.prices, "price"),
        names={_canonical(tag): name for tag, name in parsed.names.items()},
        price=parsed.price,
        template=parsed.template,
        locales=_tags(parsed.locales),
        audience=parsed.audience,
        colors=tuple(Color.parse(text).hex for text in parsed.colors),
        extra=_extra(node),
    )


def _picture(parsed: PictureFile | None, node: Node, file: str) -> PictureRef | None:
    if parsed is None or not (parsed.file or parsed.imagine):
        return None
    focal = (parsed.focal[0], parsed.focal[1]) if parsed.focal else None
    return PictureRef(
        path=parsed.file, imagine=parsed.imagine, extend=parsed.extend, cut_out=parsed.cut_out, upscale=parsed.upscale,
        letters=parsed.letters, people=parsed.people, take=parsed.take, kind=parsed.kind, focal=focal, where=node.where(file),
    )  # fmt: skip


def _given_brand(parsed: BrandFacts) -> GivenBrand:
    return GivenBrand(
        file=parsed.file,
        name=parsed.name,
        colors=tuple(Color.parse(text).hex for text in parsed.colors),
        logo=parsed.logo,
        forbidden=tuple(parsed.forbidden),
        forbidden_by={tag: tuple(words) for tag, words in parsed.forbidden_by.items()},
        fonts=tuple(parsed.fonts),
        tone=tuple(parsed.tone),
    )


def _words(parsed: WordsFile) -> dict[str, str]:
    return {role: text for role in TEXT_ROLES if (text := getattr(parsed, role))}


def _legal(text: str | None) -> dict[str, str]:
    return {"legal": text} if text else {}


def _copy(
    given: Mapping[str, WordsFile], single: Mapping[str, str] | None = None, role: str = ""
) -> dict[str, Words]:
    """Words by canonical tag; `single` adds one role's texts where the words do not have it."""
    copy: dict[str, dict[str, str]] = {_canonical(tag): _words(words) for tag, words in given.items()}
    for tag, text in (single or {}).items():
        copy.setdefault(_canonical(tag), {}).setdefault(role, text)
    return {tag: words for tag, words in copy.items() if words}


def _canonical(tag: str) -> str:
    return Locale.parse(tag).tag


def _tags(tags: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_canonical(tag) for tag in tags))


def _extra(node: Node) -> dict[str, object]:
    extra = node.get("extra")
    return extra.plain() if extra is not None and extra.is_map else {}
