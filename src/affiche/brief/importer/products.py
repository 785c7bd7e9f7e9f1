"""Products of foreign briefs: lists of maps or names, maps by id, one product at the top; with pictures, copy and markets."""

from __future__ import annotations

import re

from affiche.brief.importer.colors import colors_of
from affiche.brief.importer.fields import Fields, Found, fields_of
from affiche.brief.importer.item import Item
from affiche.brief.importer.language import detect_language
from affiche.brief.importer.notes import Notes
from affiche.brief.importer.pictures import picture_of, shared_pictures
from affiche.brief.importer.regions import places_of, tags_of
from affiche.brief.importer.synonyms import fold_key, synonyms
from affiche.brief.importer.words import copy_of, locale_keys, texts_of
from affiche.brief.model import PictureRef, Product
from affiche.notation.node import Node
from affiche.values.locale import Locale
from affiche.values.slug import slug

_MONEY = re.compile(r"[$€£¥₹₩₽₺₪฿₫]|\b[A-Z]{3}\b|\bkr\b|zł|Kč|CHF", re.IGNORECASE)
_SPLIT = re.compile(r"\s*(?:[,;\n|]|\s&\s|\band\b|\bund\b|\bet\b)\s*")
_AMOUNTS = ("amount", "value", "price", "saleprice", "current", "regular")
_MAX_NAME = 200


def items_of(fields: Fields, notes: Notes) -> list[Item]:
    """Every product of a brief; none means that an error was added."""
    found = fields.all("products")
    items: list[Item] = []
    for product in found:
        items += _read(product, product.node, notes)
    if not items:
        items = _alone(fields, notes)
    if not items:
        _complain(fields, notes)
        return []
    name_ids(items, notes)
    shared = shared_pictures(fields, items, notes)
    for item in items:
        item.picture = item.picture or shared.get(item.id)
    return items


def _read(found: Found, node: Node, notes: Notes) -> list[Item]:
    if node.is_list:
        return [item for child in node for item in _read(found, child, notes)]
    if node.is_map:
        return _read_map(found, node, notes)
    if node.is_text and node.value.strip():
        return _read_text(found, node, notes)
    if isinstance(node.value, int | float) and not isinstance(node.value, bool):
        return [Item(id="", name=node.text, node=node)]
    return []


def _read_text(found: Found, node: Node, notes: Notes) -> list[Item]:
    """One name; or several with commas, when they stand where a list is meant."""
    text = node.value.strip()
    parts = [part for part in _SPLIT.split(text) if part]
    listed = (
        node is found.node
        and fold_key(found.key).endswith("s")
        and len(parts) > 1
        and max(map(len, parts)) < 60
    )
    if not listed:
        return [Item(id="", name=text[:_MAX_NAME], node=node)]
    notes.note(
        "products",
        node,
        f"one text read as {len(parts)} products: {', '.join(parts)}",
        "write them as a list to be exact",
    )
    return [Item(id="", name=part[:_MAX_NAME], node=node) for part in parts]


def _read_map(found: Found, node: Node, notes: Notes) -> list[Item]:
    fields = fields_of(node, synonyms().product)
    if _name(fields) or fields.text("id") or fields.text("description"):
        return [read_product(fields, notes)]
    inner = [child for _, child in node.items() if child.is_map or child.is_list]
    if inner and len(inner) == len(node.value):
        items = []
        for key, child in node.items():
            fresh = _read(found, child, notes)
            if child.is_map and len(fresh) == 1:
                fresh[0].id = fresh[0].id or key
                if not fields_of(child, synonyms().product).text("name"):
                    fresh[0].name = key
            items += fresh
        return items
    names = [(key, child) for key, child in node.items() if child.is_text or child.is_empty]
    if names and len(names) == len(node.value):
        notes.note("products", node, "a map of texts: its keys are read as product names")
        return [Item(id="", name=key[:_MAX_NAME], node=child, description=child.text) for key, child in names]
    if not node.is_empty:
        notes.add("warning", "product", node, "a product without a name is left out", "give it a `name`")
    return []


def _names(fields: Fields, role: str = "name") -> dict[str, str]:
    """Texts by locale (`name: {en: Telescope, de: Teleskop}`); the one without a locale under an empty tag."""
    for found in fields.all(role):
        if found.node.is_map and (tags := locale_keys(found.node)):
            return {
                tags.get(key, ""): child.text.strip() for key, child in found.node.items() if child.is_text
            }
    return {}


def _name(fields: Fields, role: str = "name") -> str:
    """The text of a role: as it stands, else of its map by locale the default, the English or the first one."""
    names = _names(fields, role)
    english = next((name for tag, name in names.items() if tag.split("-")[0] == "en"), "")
    return fields.text(role) or names.get("", "") or english or next(iter(names.values()), "")


def read_product(fields: Fields, notes: Notes) -> Item:
    """One product from its fields; `fields` must have a name, id or description."""
    name = _name(fields) or fields.text("id") or fields.text("description")
    if not _name(fields):
        notes.note("product", fields.node, f"the product has no name; {name[:60]!r} is used")
    copy = copy_of(fields, notes)
    copy.names.update(_names(fields))
    copy.names.pop("", None)
    price, extra = _price(fields, notes)
    for role in ("price", "old_price"):
        if role == "price" or not _MONEY.search(copy.words.get(role, "")):
            copy.words.pop(role, None)
    return Item(
        id=fields.text("id"),
        name=" ".join(name.split())[:_MAX_NAME],
        node=fields.node,
        description=" ".join(_name(fields, "description").split()),
        picture=picture_of(fields, notes),
        price=price,
        audience=_prose(fields, "audience"),
        copy=copy,
        places=places_of(fields, notes),
        locales=[tag for found in fields.all("locales") for tag in tags_of(found.node, notes)],
        colors=tuple(
            dict.fromkeys(c for found in fields.all("colors") for c in colors_of(found.node, notes))
        ),
        extra={**fields.extra(), **extra},
    )


def _prose(fields: Fields, role: str) -> str:
    node = fields.first(role)
    return "" if node is None else fields.text(role) or ", ".join(texts_of(node))


def _price(fields: Fields, notes: Notes) -> tuple[str, dict[str, object]]:
    """A price that can be printed; a bare number is kept but not shown, since it has no currency."""
    found = fields.all("price")
    text = fields.text("price") or next((_amount(item.node) for item in found if item.node.is_map), "")
    if not text or _MONEY.search(text):
        return text, {}
    notes.note("price", found[0].parent, f"price {text} has no currency: kept, not shown", key=found[0].key)
    return "", {"price": found[0].node.plain()}


def _amount(node: Node) -> str:
    """`{amount: 24.90, currency: EUR}` -> `24.90 EUR`."""
    by_key = {fold_key(key): child for key, child in node.items()}
    value = next((by_key[key].text for key in _AMOUNTS if key in by_key), "")
    return f"{value} {by_key['currency'].text if 'currency' in by_key else ''}".strip()


def _alone(fields: Fields, notes: Notes) -> list[Item]:
    """A brief about one product that is described at the top level."""
    name = fields.text("product_name")
    if not name:
        return []
    found = fields.all("product_name")[0]
    notes.note("products", found.parent, f"no list of products: the brief is about {name!r}", key=found.key)
    item = Item(id="", name=name[:_MAX_NAME], node=found.node, description=fields.text("product_description"))
    picture = fields.first("product_picture")
    if picture is not None and picture.is_text:
        item.picture = PictureRef(path=picture.value.strip(), where=picture.where(notes.file))
    return [item]


def _complain(fields: Fields, notes: Notes) -> None:
    hint = "add `products:` with at least one product name"
    found = fields.roles.get("products")
    if found:
        notes.add(
            "error",
            "no-products",
            found[0].parent,
            f"{found[0].key!r} is empty: there is nothing to advertise",
            hint,
            key=found[0].key,
        )
    elif fields.roles:
        notes.add(
            "error",
            "no-products",
            fields.node,
            "the brief names no product: there is nothing to advertise",
            hint,
        )
    else:
        notes.add(
            "error",
            "not-a-brief",
            fields.node,
            "this does not look like a campaign brief: no products, message or region in it",
            hint,
        )


def name_ids(items: list[Item], notes: Notes) -> None:
    """Safe unique ids from the authors' own ids and names."""
    taken: set[str] = set()
    for number, item in enumerate(items, 1):
        wanted = slug(item.id or item.name, fallback="product") or f"product-{number}"
        given, count = wanted, 2
        while given in taken:
            given, count = f"{wanted[:44]}-{count}", count + 1
        if item.id and given.lower() != item.id.lower():
            notes.note("id", item.node, f"product id {item.id[:60]!r} becomes {given!r} in file names")
            item.extra.setdefault("id", item.id)
        taken.add(given)
        item.id = given


def product_of(item: Item, source: str) -> Product:
    """The product; its own words without a locale are in `source`, unless they show another language."""
    copy: dict[str, dict[str, str]] = {
        Locale.parse(tag).tag: dict(words) for tag, words in item.copy.by_locale.items() if words
    }
    if item.copy.words:
        detected = detect_language(item.copy.words.get("headline", ""))
        tag = source if not detected or detected == source.split("-", maxsplit=1)[0] else detected
        copy.setdefault(tag, {})
        copy[tag] = {**item.copy.words, **copy[tag]}
    names = {
        Locale.parse(tag).tag: name for tag, name in item.copy.names.items() if tag and name != item.name
    }
    own = (
        tuple(dict.fromkeys(Locale.parse(tag).tag for place in item.places for tag in place.locales))
        if item.places
        else ()
    )
    return Product(
        id=item.id,
        name=item.name,
        description=item.description,
        picture=item.picture,
        copy=copy,
        names=names,
        price=item.price,
        locales=own or tuple(Locale.parse(tag).tag for tag in item.locales),
        audience=item.audience,
        colors=item.colors,
        extra=item.extra,
    )
