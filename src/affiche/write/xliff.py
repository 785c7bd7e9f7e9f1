"""XLIFF 2.1: texts out to translators and back. Own writer and reader; entities and document types are refused.

One document holds one target language. Placeholders are `<ph>` with their original data, names that stay are `<mrk
translate="no">`, the length that fits is a size restriction in code points, and notes tell the slot, the placements and where
to look at a picture. Source: https://docs.oasis-open.org/xliff/xliff-core/v2.1/ (OASIS Standard, 2018-02-13; read from memory
and checked by round trips). What comes back is held against the brief in `exchange.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

from affiche.errors import InputError
from affiche.write.message import Argument, MessageError, parse

CORE = "urn:oasis:names:tc:xliff:document:2.0"
_CORES = (CORE, "urn:oasis:names:tc:xliff:document:2.2")
_SIZES = "urn:oasis:names:tc:xliff:sizerestriction:2.0"
_MAX_BYTES = 20_000_000
#: Characters that XML 1.0 cannot hold.
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

State = Literal["initial", "translated", "reviewed", "final"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One text. `notes`: (category, text); `max_characters` 0 = no limit."""

    id: str
    source: str
    target: str = ""
    state: State = "initial"
    max_characters: int = 0
    notes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Texts of one campaign for one target language."""

    campaign: str
    source_locale: str
    target_locale: str
    units: tuple[Unit, ...]
    keep: tuple[str, ...] = field(default=())


def render(document: Document) -> bytes:
    """The document as UTF-8 XML, one element per line, so that it diffs well."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<xliff xmlns="{CORE}" xmlns:slr="{_SIZES}" version="2.1" {_languages(document)}>',
        f' <file id="f1" original={quoteattr(document.campaign)}>',
        '  <slr:profiles generalProfile="xliff:codepoints"/>',
        *(line for unit in document.units for line in _unit(unit, document.keep)),
        " </file>",
        "</xliff>",
    ]
    return ("\n".join(lines) + "\n").encode()


def _languages(document: Document) -> str:
    return f"srcLang={quoteattr(document.source_locale)} trgLang={quoteattr(document.target_locale)}"


def read(data: bytes) -> Document:
    """The document in `data`. Raises InputError saying what it is instead."""
    from defusedxml import ElementTree
    from defusedxml.common import DefusedXmlException

    if len(data) > _MAX_BYTES:
        raise InputError(f"the file has more than {_MAX_BYTES // 1_000_000} MB")
    try:
        root = ElementTree.fromstring(data, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except DefusedXmlException as error:
        raise InputError(
            "the file has a document type or entities, which are refused", hint="save it as plain XLIFF 2"
        ) from error
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise InputError(f"the file is no XML: {error}") from error
    core = root.tag.removeprefix("{").partition("}")[0]
    if core not in _CORES or not root.get("version", "").startswith("2."):
        raise InputError(
            "the file is no XLIFF 2 document", hint="`affiche words export` writes one; XLIFF 1.2 is not read"
        )
    files = root.findall(f"{{{core}}}file")
    units = tuple(_read_unit(unit, core) for file in files for unit in file.iter(f"{{{core}}}unit"))
    return Document(
        campaign=files[0].get("original", "") if files else "", source_locale=root.get("srcLang", ""),
        target_locale=root.get("trgLang", ""), units=units,
    )  # fmt: skip


# -- writing --------------------------------------------------------------------------------------------------------------


def _unit(unit: Unit, keep: Sequence[str]) -> Iterator[str]:
    limit = f' slr:sizeRestriction="{unit.max_characters}"' if unit.max_characters else ""
    originals = {shown: f"d{n}" for n, shown in enumerate(_placeholders(unit.source), 1)}
    yield f"  <unit id={quoteattr(unit.id)}{limit}>"
    if unit.notes:
        yield "   <notes>"
        yield from (f"    <note category={quoteattr(kind)}>{_escaped(text)}</note>" for kind, text in unit.notes)
        yield "   </notes>"
    if originals:
        yield "   <originalData>"
        yield from (f'    <data id="{id}">{_escaped(shown)}</data>' for shown, id in originals.items())
        yield "   </originalData>"
    yield f'   <segment id="s1" state="{unit.state}">'
    yield f"    <source>{_inline(unit.source, originals, keep)}</source>"
    if unit.target:
        yield f"    <target>{_inline(unit.target, originals, keep)}</target>"
    yield "   </segment>"
    yield "  </unit>"


def _placeholders(text: str) -> list[str]:
    """The simple placeholders of a text as written; choices (plural) are text, because translators write their cases."""
    try:
        parts = parse(text)
    except MessageError:
        return []
    return list(dict.fromkeys(_shown(part) for part in parts if isinstance(part, Argument) and not part.options))


def _shown(argument: Argument) -> str:
    return "{" + ", ".join(part for part in (argument.name, argument.kind, argument.style) if part) + "}"


def _inline(text: str, originals: Mapping[str, str], keep: Sequence[str]) -> str:
    """`text` as inline content: placeholders and kept names as elements."""
    spaced = {re.sub(r"\s+", "", shown): shown for shown in originals}
    names = sorted((word for word in keep if word), key=len, reverse=True)
    pattern = "|".join([r"\{[^{}]*\}", *(rf"(?<!\w){re.escape(word)}(?!\w)" for word in names)])
    made, at, number = [], 0, 0
    for match in re.finditer(pattern, text):
        shown = spaced.get(re.sub(r"\s+", "", match[0]))
        if match[0].startswith("{") and shown is None:
            continue
        number += 1
        made += [_escaped(text[at : match.start()]), _element(match[0], shown, originals, number)]
        at = match.end()
    return "".join([*made, _escaped(text[at:])])


def _element(text: str, shown: str | None, originals: Mapping[str, str], number: int) -> str:
    if shown is None:
        return f'<mrk id="m{number}" type="term" translate="no">{_escaped(text)}</mrk>'
    name = shown.strip("{}").partition(",")[0]
    refers = f'dataRef="{originals[shown]}" equiv={quoteattr(name)} disp={quoteattr(shown)}'
    return f'<ph id="p{number}" {refers} canCopy="no" canDelete="no"/>'


def _escaped(text: str) -> str:
    return escape(_UNFIT.sub("", text))


# -- reading --------------------------------------------------------------------------------------------------------------


def _read_unit(unit: object, core: str) -> Unit:
    """A unit with its segments joined. Raises InputError for content that we cannot give back."""
    find, get = unit.iter, unit.get  # type: ignore[attr-defined]
    data = {node.get("id", ""): node.text or "" for node in find(f"{{{core}}}data")}
    segments = [*find(f"{{{core}}}segment")]
    parts = [node for node in find() if node.tag in (f"{{{core}}}segment", f"{{{core}}}ignorable")]
    states = [segment.get("state", "initial") for segment in segments]
    worst = (
        min(states, key=("initial", "translated", "reviewed", "final").index, default="initial")
        if _known(states)
        else "initial"
    )
    return Unit(
        id=get("id", ""),
        source="".join(_flat(part.find(f"{{{core}}}source"), data, core) for part in parts),
        target="".join(_flat(part.find(f"{{{core}}}target"), data, core) for part in parts),
        state=worst,  # type: ignore[arg-type]
    )


def _known(states: Sequence[str]) -> bool:
    return all(state in ("initial", "translated", "reviewed", "final") for state in states)


def _flat(node: object | None, data: Mapping[str, str], core: str) -> str:
    """Inline content as text: placeholders as their original data, markers and pairs as what they hold."""
    if node is None:
        return ""
    made = [node.text or ""]  # type: ignore[attr-defined]
    for child in node:  # type: ignore[attr-defined]
        name = child.tag.removeprefix(f"{{{core}}}")
        if name == "ph":
            made.append(data.get(child.get("dataRef", ""), "") or child.get("disp", ""))
        elif name in ("mrk", "pc"):
            made.append(_flat(child, data, core))
        elif name not in ("sm", "em", "sc", "ec"):
            raise InputError(f"the file has inline content that is not understood: {name[:40]}")
        made.append(child.tail or "")
    return "".join(made)
