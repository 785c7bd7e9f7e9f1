"""Everything that rules, briefs and providers say is known in every language: the tables against the code that speaks."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterable, Iterator

import pytest
import yaml

from affiche.brand.read import read_brand
from affiche.brief.model import TEXT_ROLES
from affiche.brief.read import read_brief
from affiche.check.profile import RuleInForce
from affiche.check.rules.copy_limits import _FIELDS, _LONGER
from affiche.check.run import check
from affiche.check.table import RULES
from affiche.portal.rules import _TITLES
from affiche.portal.sentences import catalog, known, plain, rows, shown
from affiche.portal.words import LANGUAGES
from affiche.values.finding import Finding
from tests.unit.portal.spoken import SOURCE, Spoken, raised, spoken

OTHERS = sorted(set(LANGUAGES) - {"en"})
MARK = re.compile(r"⟦\d+⟧")
#: Copy of the rules' examples, and pieces that are known as a part of the sentence they end up in.
NOT_SAID = frozenset(
    {
        "Wake up the afternoon", "Wake up the afternoon with a yuzu!", "Weck den Nachmittag", "a model", "Web, Europe", "Studio Nord",
        "Bricolage Grotesque 700", "Manrope 700", "Offer ends 31 May. Terms apply.", "eco friendly", "Drink responsibly",
    }
)  # fmt: skip
PIECES = frozenset({", ⟦1⟧ of the subject", "the set ⟦1⟧"})


def silent(said: Iterable[tuple[str, Spoken]]) -> list[str]:
    """What some language cannot say, or says without one of its names and numbers."""
    found = []
    for about, one in said:
        text = re.sub(r"\{(\w+)(!r)?\}", "⟦0⟧", one.filled()) if "validate.py" in one.where else one.filled()
        if text in NOT_SAID | PIECES or not any(c.isalpha() for c in re.sub(r"px|kB|MB", "", MARK.sub("", text))):
            continue
        for language in OTHERS:
            told = known(text, language, about)
            if told is None or sorted(MARK.findall(told)) != sorted(MARK.findall(text)):
                found.append(f"{one.where} {language}: {text} -> {told}")
    return found


def of_rules() -> Iterator[tuple[str, Spoken]]:
    for rule in RULES:
        module = rule.check.__module__.removeprefix("affiche.").replace(".", "/")
        yield from ((rule.id, one) for one in spoken(f"{module}.py"))


def test_every_sentence_of_every_rule_is_known_in_every_language() -> None:
    said = list(of_rules())
    assert len(said) > 200
    assert silent(said) == []
    assert silent(("check", one) for one in spoken("check/run.py")) == []


def findings() -> Iterator[Finding]:
    """What rules really say, of their examples."""
    for rule in RULES:
        for one in rule.examples:
            yield from check(one.make(), [RuleInForce(rule=rule, limits=rule.limits)])


@pytest.mark.parametrize("language", OTHERS)
def test_what_rules_say_of_their_examples_is_known_with_the_names_in_it(language: str) -> None:
    every = list(findings())
    assert len(every) > 90
    names = [sentence.english for group, sentence in rows() if group == "name" and not sentence.holes and len(sentence.english) > 4]
    for finding in every:
        for text in filter(None, (finding.message, finding.hint)):
            told = known(text, language, finding.code)
            assert told, text
            kept = re.sub(r"[“„«「].*?[”“»」]|`.*?`|U\+.*", "", told)
            assert not [name for name in names if re.search(rf"\b{name}\b", kept)], (text, told)


def test_every_part_of_an_ad_has_a_name() -> None:
    parts = {*TEXT_ROLES, *_FIELDS, *_LONGER.values(), *(field for fields in _FIELDS.values() for field in fields)}
    parts |= {"logo", "product", "picture", "before", "cta", "legal", *(f"{role}_short" for role in ("headline", "subhead", "body", "cta"))}
    named = {sentence.english for group, sentence in rows() if group == "name"}
    assert parts - named == set()


def test_every_rule_has_a_title_in_every_language() -> None:
    assert {rule.id for rule in RULES} <= _TITLES.keys()
    titles = {sentence.english for group, sentence in rows() if group == "rule"}
    assert titles == set(_TITLES.values())


def test_every_sentence_stands_in_every_language_once_with_its_holes() -> None:
    seen: set[tuple[str, str]] = set()
    for group, sentence in rows():
        assert sentence.said.keys() == set(LANGUAGES), sentence.english
        assert (group, sentence.english) not in seen, sentence.english
        seen.add((group, sentence.english))
        for language in OTHERS:
            said = sentence.said[language]
            assert said.strip() and sorted(set(re.findall(r"\{(\w+)\}", said))) == sorted(set(sentence.holes)), sentence.english
            codes, kept = (sorted(re.findall(r"`[^` ]+`", text)) for text in (sentence.english, said))
            assert codes == kept, "code stays as it is"


def test_sentences_without_holes_mean_one_thing() -> None:
    said: dict[str, object] = {}
    for _, sentence in rows():
        if not sentence.holes:
            assert said.setdefault(sentence.english, sentence.said) == sentence.said, sentence.english


def test_names_numbers_and_quotations_stay_as_they_are() -> None:
    told = known("headline: “Wach auf” has too little contrast with what is behind it", "de", "text.contrast.low")
    assert told == "Überschrift: „Wach auf“ hebt sich zu wenig vom Hintergrund ab"
    assert known("headline and cta lie over each other", "ja", "layout.collision.overlap") == "見出しとボタンが重なっています。"
    both = known("needs 12 px, min 14; about 8 of 42 characters too many", "de", "text.fit.overflow")
    assert both == "passt erst mit 12 px, mindestens nötig sind 14 px; etwa 8 von 42 Zeichen zu viel"


def test_what_runs_the_other_way_is_isolated() -> None:
    arabic = known("headline: “Wach auf” has too little contrast with what is behind it", "ar", "text.contrast.low")
    assert arabic and "\u2068Wach auf\u2069" in arabic
    assert known("7.0 px as shown", "ar", "text.size.too-small") == "\u20687.0 px\u2069 كما يظهر"
    german = known("“خصم” must be said and is not", "de", "words.required.absent")
    assert german == "„\u2068خصم\u2069“ ist vorgeschrieben und fehlt"
    code = known("the logo for dark grounds (`on_dark`), or another place", "ar")
    assert code and "\u2068`on_dark`\u2069" in code


def test_what_is_not_known_stays_and_is_marked_as_english() -> None:
    assert known("nobody ever said this", "ar") is None
    assert plain("nobody ever said <this>", "ar") == "nobody ever said <this>"
    assert shown("nobody ever said <this>", "ar") == '<span lang="en" dir="ltr">nobody ever said &lt;this&gt;</span>'
    assert shown("nobody ever said <this>", "en") == "nobody ever said &lt;this&gt;"
    assert shown("headline: “<b>” has too little contrast with what is behind it", "de").count("&lt;b&gt;") == 1


def test_what_others_wrote_is_no_instruction_and_takes_no_time() -> None:
    hostile = "headline: “" + "{role} ” has too little contrast with what is behind it; " * 400
    assert known(hostile, "de", "text.contrast") is None
    odd = known("headline: “{why} {0} {role!r}” has too little contrast with what is behind it", "de", "text.contrast")
    assert odd == "Überschrift: „{why} {0} {role!r}“ hebt sich zu wenig vom Hintergrund ab"


def test_a_code_narrows_what_is_looked_at() -> None:
    assert known("40 frames", "de", "file.format.animated") == "40 Einzelbilder"
    assert known("40 frames", "de") is None, "it says too little to be known anywhere"
    assert len(catalog().about["file.format"]) < 10


#: Where problems of briefs, brand files, feeds and pictures are made, and the family of their codes.
OF_PROBLEMS = {
    "notation/[dgpv]*.py": "file", "notation/from_*.py": "file", "brief/feed.py": "feed", "brief/read.py": "brief", "brief/strict.py": "brief",
    "brief/importer/[b-k]*.py": "brief", "brief/importer/limits.py": "brief", "brief/importer/[m-z]*.py": "brief", "brand/read.py": "brand",
    "plan/claims.py": "words", "plan/extended.py": "picture", "plan/imagined.py": "picture", "plan/mended.py": "picture",
    "plan/wishes.py": "template", "inputs.py": "input", "placement/catalog.py": "placement", "runs/intake.py": "asset",
    "runs/references.py": "brief", "market/resolve.py": "brief", "portal/dropped.py": "form", "values/color.py": "brief",
    "values/locale.py": "brief", "imagine/matte.py": "picture", "render/typefaces.py": "font",
}  # fmt: skip
#: Signs of a library's words, names, notes of manifests: no page shows them.
NO_PROBLEM = frozenset(
    {
        "Value error, ", "mapping values are not allowed", "could not find expected ':'", "did not find expected key",
        "did not find expected ',' or ']'", "did not find expected ',' or '}'", "found unexpected end of stream",
        "cannot start any token", "undefined alias", "found unknown escape", "⟦1⟧ localized", "cmyk ⟦1⟧", "picture extended by a model",
        "picture from a model", "picture mended by a model", "Georgia (US state)",
    }
)  # fmt: skip
#: What is made of two texts of the code: as it comes out.
COMPOSED = {
    "the file has ⟦1⟧": "the file has 12 MB; at most 10 MB can be read", "⟦1⟧ MB; at most ⟦2⟧ MB can be read": "",
    "⟦1⟧ more": "this file holds 3 campaigns; only the first is read here, not: 2 more",
    "without its ⟦1⟧: ⟦2⟧": "",
    "the picture of ⟦1⟧ is used as it is (⟦2⟧), ⟦3⟧": (
        "the picture of Yuzu is used as it is (it has 120x90 px), without its enlargement: no provider has a key"
    ),
    "there is no ⟦1⟧ ⟦2⟧": "there is no template 'spiral'", "`affiche ⟦1⟧s` lists them": "`affiche sets` lists them",
}  # fmt: skip


def test_every_problem_of_a_brief_is_known_in_every_language() -> None:
    said = [(about, one) for glob, about in OF_PROBLEMS.items() for one in spoken(glob) if not re.search(r"\(\?|\\[dsbwA$]|^\^", one.filled())]
    texts = {one.filled() for _, one in said}
    assert len(texts) > 200 and texts >= NO_PROBLEM | COMPOSED.keys(), "the lists of what is left out are of today"
    assert silent((about, one) for about, one in said if one.filled() not in NO_PROBLEM | COMPOSED.keys()) == []


@pytest.mark.parametrize("text", [text for text in COMPOSED.values() if text])
def test_what_is_made_of_two_texts_is_known(text: str) -> None:
    for language in OTHERS:
        told = known(text, language, "brief")
        assert told and not re.search(r"\b(the|is|no|without|provider)\b", told), told


def test_what_pydantic_finds_is_known_in_every_language() -> None:
    """Problems of a brief and a brand file that are wrong in every way that their shapes can be."""
    wrong = yaml.safe_dump(
        {
            "affiche": 1, "campaign": "Hä ?", "odd": 1, "message": {"locale": "xx", "headline": ["a"], "body": ""}, "markets": "DE",
            "products": [{"id": 3, "name": "", "picture": {"file": "a.png", "focal": [2, "x", 3], "kind": "drawing", "take": 0}}, "x"],
            "budget": {"max": -1, "currency": 5}, "placements": {}, "variants": [{"id": "b"}] * 30, "design": {"format": "gif"},
            "writing": {"alt": "perhaps", "take": "two"},
        }
    )  # fmt: skip
    brand = yaml.safe_dump(
        {
            "brand": 1, "name": "", "colors": {"primary": "green", "odd": "#fff"}, "radius": "round", "grade": "loud",
            "fonts": [{"family": "A", "weight": 7}], "logo": {"clear_space": -3},
        }
    )  # fmt: skip
    problems = [*read_brief(wrong.encode(), file="brief.yaml")[1], *read_brand(brand.encode(), file="brand.yaml")[1]]
    assert len(problems) > 15
    for language in OTHERS:
        for problem in problems:
            for text in filter(None, (problem.message, problem.hint)):
                assert known(text, language, problem.code), f"{problem.code}: {text}"


#: Where errors are raised that people meet in the portal: what they do there, what a run says, what a creative says.
OF_REASONS = (
    "access/gate.py", "access/keys.py", "access/passwords.py", "access/people.py", "access/sessions.py", "access/table.py",
    "adapters/blobs/local.py", "adapters/blobs/prefix.py", "adapters/codec/[c-l]*.py", "adapters/codec/sniff.py", "adapters/codec/svg.py",
    "adapters/fetch/guarded.py", "adapters/fetch/network.py", "adapters/imagers/outcome.py", "adapters/imagers/refusal.py",
    "adapters/imagers/jobs.py", "adapters/journal/owner.py", "adapters/journal/postgres.py", "adapters/pool/slots.py",
    "adapters/writers/chat.py", "adapters/writers/errors.py", "adapters/ledger/postgres.py", "api/body.py", "api/files.py", "api/gate.py",
    "api/meant.py", "api/paging.py", "api/preconditions.py", "api/signed.py", "api/routes/*.py", "compose/typeset/ingest.py",
    "engine/durable.py", "imagine/look.py", "imagine/prepare.py", "imagine/route.py", "imagine/store.py", "ingest/a*.py",
    "ingest/[bfet]*.py", "photos.py", "plan/request.py", "portal/*.py", "portal/pages/*.py", "registry/[abclopruw]*.py",
    "registry/scope.py", "render/*.py", "runs/deliver.py", "runs/folder.py", "runs/p*.py", "runs/r*.py", "write/ask.py", "write/paid.py",
)  # fmt: skip
#: Words that the errors get from elsewhere in those modules: all their texts are looked at.
OF_ROUTERS = ("values/breaker.py", "values/demand.py", "imagine/able.py", "imagine/mend.py", "imagine/extend.py", "imagine/accept.py", "trade.py")
#: For those who run a service or its tools, and pieces of the above.
NOT_MET = frozenset(
    {
        "this ledger was opened for reading", "the ledger was made by a newer Affiche", "Update Affiche or set another database.",
        "the journal was made by a newer Affiche", "nothing was uploaded as ⟦1⟧: a folder takes no direct uploads", "Embed the picture. ⟦1⟧",
        "picture offers", "nothing more", "⟦1⟧ of ⟦2⟧", " and ⟦1⟧ more", "the inbox does not answer (⟦1⟧)", "no picture is proposed⟦1⟧",
        "Is it up, and may we read it?", "AFFICHE_OIDC_ISSUER, AFFICHE_OIDC_CLIENT",
    }
)  # fmt: skip


def errors() -> frozenset[str]:
    tree = ast.parse((SOURCE / "errors.py").read_text("utf-8"))
    return frozenset({node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)} | {"HTTPException", "Refused"})


def test_every_reason_that_people_meet_is_known_in_every_language() -> None:
    said = [("reason", one) for one in raised(*OF_REASONS, errors=errors())]
    said += [("picture.bought", one) for one in spoken(*OF_ROUTERS)]
    assert len(said) > 250
    assert silent((about, one) for about, one in said if one.filled() not in NOT_MET) == []


WHOLE = {
    "yuzu.png: was changed while it was being built": "yuzu.png: wurde während des Erstellens geändert",
    "given up after 3 tries: the object store does not answer (ClientError)": (
        "Nach 3 Versuchen aufgegeben: Der Objektspeicher antwortet nicht (ClientError)"
    ),
    "the backdrop that the brief wishes was not had (the cap of 5 USD leaves 1 USD; flux may cost 2 USD); type alone is shown instead": (
        "Hintergrund: vom Briefing gewünscht, aber nicht bekommen (Von der Grenze 5 USD bleiben 1 USD; flux kann 2 USD kosten). "
        "Gezeigt wird stattdessen: nur Schrift"
    ),
    "Raise the budget. Tried: chosen bfl/flux; bfl/flux is left out: wants a pause of 20 s.": (
        "Erhöhen Sie das Budget. Versucht: gewählt: bfl/flux; bfl/flux entfällt: verlangt eine Pause von 20 s."
    ),
    "nobody can make this picture: a/b does expand, not generate; c/d it takes no mask; it takes no seed": (
        "Kein Anbieter kann dieses Bild machen: a/b: macht expand, nicht generate; c/d: nimmt keine Maske; nimmt keinen Startwert"
    ),
    "runs.create needs one of the roles admin, creator": "runs.create braucht eine dieser Rollen: Administration, Gestaltung",
    "bfl answered 422: Request Moderated": "bfl antwortete 422: Request Moderated",
    "no picture is proposed for yuzu": "Für yuzu wird kein Bild vorgeschlagen",
}


@pytest.mark.parametrize("text", WHOLE)
def test_reasons_that_hold_others_are_known_whole(text: str) -> None:
    assert known(text, "de", "picture.bought.budget") == WHOLE[text]


def test_what_says_hardly_anything_of_its_own_is_not_taken_for_known() -> None:
    assert known("yuzu.png: whatever happened here", "de", "build.asset") is None
    assert known("hello world", "de") is None


#: What frames, pictures and files say of themselves, as it stands whole in the notes of an ad.
OF_NOTES = ("compose/direct/choose.py", "compose/remedy.py", "render/draw.py", "render/prepare.py", "imagine/prepare.py")
NOTED = (
    "template stage: the usual one for a cut-out product; set arch: made for several products; arch is made for one", "template hero: the price was lowered",
    "template hero instead of split, which does not show a photograph", "set arch: the brand is bold and dry",
    "scrim 40 % of #0F5C4E from the bottom", "layout rectangle: an earlier one does not hold the copy",
    "150.3 kB at the lowest acceptable quality (jpeg 60); the limit is 150.0 kB", "written as jpeg: png does not fit into 150.0 kB",
    "the photograph is cropped around a face (50%, 20%)", "shorter wording of cta, headline: the full one does not fit",
    "the photograph is cropped around the centre: no point is given, no face and no sure subject was found (50%, 50%)",
)  # fmt: skip


def test_what_was_decided_of_an_ad_is_known_in_every_language() -> None:
    words = ("_BY_TONE", "_KINDS", "ROOMY")
    said = [("note", one) for one in spoken(*OF_NOTES, without=words)]
    assert len(said) > 20
    assert silent(said) == []
    for language, text in itertools.product(OTHERS, NOTED):
        told = known(text, language, "note")
        assert told and not re.search(r"\b(the|is|not|from|made|of|around)\b", told), told
