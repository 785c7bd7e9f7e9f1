"""XLIFF 2 out and back: nothing is lost, entities are refused, changed placeholders are rejected."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from affiche.errors import InputError
from affiche.values.text import Evidence, Text
from affiche.write.exchange import Open, documents, entries, unit_id
from affiche.write.voice import Voice
from affiche.write.words import Want
from affiche.write.xliff import Document, Unit, read, render

VOICE = Voice(locale="de-DE", brand="Verde", keep=("Verde",))
PRICE = Want(role="body", source="Verde: only {price, number, currency} & <cold>", source_locale="en-US", locale="de-DE")
HEAD = Want(role="headline", source="Wake up the afternoon", source_locale="en-US", locale="de-DE", audience="Office workers")
DRAFT = Text(value="Weck den Nachmittag", locale="de-DE", origin="model", evidence=Evidence(model="some model", flags=("it is long",)))


def document() -> Document:
    rows = [Open(want=PRICE, text=None, max_characters=44, placements=("instagram-square", "linkedin-wide"), screenshot="c/a.jpg"),
            Open(want=HEAD, text=DRAFT)]
    return documents("summer", rows, {"de-DE": VOICE})["de-DE"]


def back(target: str, unit: Unit, state: str = "final") -> tuple[tuple[str, ...], list[str]]:
    """What of a document with one translated unit is taken, and the codes of what is told."""
    done = Document(campaign="summer", source_locale="en-US", target_locale="de-DE",
                    units=(Unit(id=unit.id, source=unit.source, target=target, state=state),), keep=VOICE.keep)  # type: ignore[arg-type]
    taken, told = entries(read(render(done)), (PRICE, HEAD), lambda _: VOICE, file="x.xlf", on="2026-11-25")
    return tuple(entry.text for entry in taken), [problem.code for problem in told]


def test_what_translators_see() -> None:
    text = render(document()).decode()
    assert '<unit id="' + unit_id(PRICE) + '" slr:sizeRestriction="44">' in text
    assert '<data id="d1">{price, number, currency}</data>' in text
    assert '<mrk id="m1" type="term" translate="no">Verde</mrk>: only <ph id="p2" dataRef="d1" equiv="price"' in text
    assert "&amp; &lt;cold&gt;</source>" in text
    assert '<note category="placements">instagram-square, linkedin-wide</note>' in text
    assert '<note category="screenshot">c/a.jpg</note>' in text and '<note category="audience">Office workers</note>' in text
    assert '<segment id="s1" state="translated">' in text and "<target>Weck den Nachmittag</target>" in text
    assert '<note category="flaw">it is long</note>' in text


def test_reading_gives_back_what_was_written() -> None:
    again = read(render(document()))
    assert (again.source_locale, again.target_locale, again.campaign) == ("en-US", "de-DE", "summer")
    assert [(unit.id, unit.source, unit.target, unit.state) for unit in again.units] == [
        (unit_id(PRICE), PRICE.source, "", "initial"), (unit_id(HEAD), HEAD.source, "Weck den Nachmittag", "translated"),
    ]


_TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="<>&\"'{},n number"), min_size=1, max_size=60)


@given(_TEXTS, _TEXTS, st.lists(_TEXTS, max_size=2))
def test_any_text_survives(source: str, target: str, keep: list[str]) -> None:
    unit = Unit(id="u", source=source, target=target, state="final", notes=(("slot", source),))
    written = Document(campaign="c", source_locale="en", target_locale="de", units=(unit,), keep=tuple(keep))
    found = read(render(written)).units[0]
    clean = {ord(c): None for c in "\ufffe\uffff"}
    assert (found.source, found.target) == (source.translate(clean), target.translate(clean))


def test_a_good_translation_is_taken() -> None:
    assert back("Verde: nur {price, number, currency} & <kalt>", document().units[0]) == (("Verde: nur {price, number, currency} & <kalt>",), [])


@pytest.mark.parametrize("target", ["Verde: nur 1,99 € & kalt", "Verde: nur {preis, number, currency}", "Grün: nur {price, number, currency}", "Verde: nur {price}"])
def test_changed_placeholders_and_names_are_rejected(target: str) -> None:
    assert back(target, document().units[0]) == ((), ["words.rejected"])


def test_a_stale_source_and_an_unknown_text_are_told() -> None:
    unit = document().units[1]
    assert back("Weck ihn", Unit(id=unit.id, source="Wake up the morning")) == ((), ["words.stale"])
    assert back("Weck ihn", Unit(id="headline-00000000", source="x")) == ((), ["words.unknown"])
    assert back("Weck ihn auf", unit, state="initial") == ((), [])


@pytest.mark.parametrize(
    "data",
    [
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.1">&a;</xliff>',
        b'<!DOCTYPE xliff SYSTEM "http://127.0.0.1/x.dtd"><xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.1"/>',
        b'<xliff xmlns="urn:oasis:names:tc:xliff:document:1.2" version="1.2"/>',
        b"<html/>", b"not xml", b"", b"\xff\xfe\x00",
    ],
)  # fmt: skip
def test_what_is_no_xliff_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(InputError):
        read(data)
