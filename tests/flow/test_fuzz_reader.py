"""The reader never raises: mutated briefs, deep nesting, huge numbers, binary files. AFFICHE_FUZZ=10000 for the long run."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from affiche.brand.read import read_brand
from affiche.brief.feed import read_feed
from affiche.brief.json import to_json
from affiche.brief.normal import to_yaml
from affiche.brief.read import read_brief, read_briefs
from affiche.values.problem import has_errors

ROUNDS = int(os.environ.get("AFFICHE_FUZZ", "1000"))
FIXTURES = Path(__file__).parent.parent / "unit" / "brief" / "foreign"
CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "briefs"
STRICT = b"""affiche: 1
campaign: yuzu
brand: {name: Verde, colors: ["#0F5C4E"], forbidden: miracle}
message: {locale: en-US, headline: Wake up, cta: Shop now}
markets: [{region: US, locales: [en-US, es-US]}, {region: JP, locales: [ja-JP]}]
products: [{id: yuzu, name: Yuzu, picture: {file: a.png, focal: [0.5, 0.4]}, copy: {ja-JP: {headline: X}}, price: 1.50}]
ratios: ["1:1", 9:16]
variants: [{id: b, copy: {en-US: {headline: Other}}}]
legal: {en-US: Drink cold}
"""
BRAND = b"""brand: 1
name: Verde
colors: {primary: "#0F5C4E", surface-2: "#eee"}
type: {display: {family: Fraunces, weight: 600}}
logo: logo.svg
words: {forbidden: {"*": [x]}}
"""
WEIRD = ["{{X}}", "&a", "*a", "<<: *a", "!!python/object:os.system", "\x00", "\u202e", "🍋", "1e999", "9" * 5000, "-", "? ", ": ", "[", "}", "|", ">", "%YAML",
         "null", "true", "no", "\ud7ff", "'", '"', "\t", "\r", "#", "---", "...", "@", "`", "\\u0000", "\\ud800", "en_US", "DE", "rgb(1,2,3)", "#12"]  # fmt: skip


def seeds() -> list[bytes]:
    folders = [folder for folder in (FIXTURES, CORPUS) if folder.is_dir()]
    return [STRICT, *(file.read_bytes() for folder in folders for file in sorted(folder.iterdir()) if file.is_file())]


def mutated(data: bytes, rng: random.Random) -> bytes:
    for _ in range(rng.randint(1, 6)):
        kind = rng.randrange(8)
        lines = data.split(b"\n")
        at = rng.randrange(len(data) + 1)
        if kind == 0 and data:
            data = data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :]
        elif kind == 1:
            lines.pop(rng.randrange(len(lines)))
            data = b"\n".join(lines)
        elif kind == 2:
            lines.insert(rng.randrange(len(lines) + 1), rng.choice(lines))
            data = b"\n".join(lines)
        elif kind == 3:
            data = data[:at] + rng.choice(WEIRD).encode("utf-8", "surrogatepass") + data[at:]
        elif kind == 4:
            data = data[:at]
        elif kind == 5:
            index = rng.randrange(len(lines))
            head, sep, _ = lines[index].partition(b":")
            lines[index] = head + sep + b" " + rng.choice([b"[1, {a: b}]", b"{}", b"[]", b"true", b"12.5", b"~", b"[[[]]]", b'"x"', b"{a: {b: {c: d}}}"])
            data = b"\n".join(lines)
        elif kind == 6:
            data = data[:at] + (b"[" * rng.choice([3, 60, 3000])) + data[at:]
        else:
            rng.shuffle(lines)
            data = b"\n".join(lines)
    return data


def test_no_mutated_brief_raises() -> None:
    rng = random.Random(20)
    pool = seeds()
    understood = 0
    for number in range(ROUNDS):
        data = mutated(rng.choice(pool), rng)
        file = f"m{number}." + rng.choice(["yaml", "json", "md"])
        brief, problems = read_brief(data, file=file)
        assert (brief is None) == has_errors(problems), (file, data[:400], problems)
        for problem in problems:
            assert problem.message and str(problem.where)
        if brief is not None:
            understood += 1
            to_json(brief)
            again, left = read_brief(to_yaml(brief).encode(), file="normal.yaml")
            assert again == brief, (data, to_yaml(brief), left)
    assert understood > ROUNDS // 20, "mutations break everything: they test the parser only"


def test_no_mutated_brand_or_feed_raises() -> None:
    rng = random.Random(21)
    feed = 'id,name,headline.de-DE,price\n1,Yuzu,Hallo,1 €\n2,"a\nb",,\n'.encode()
    for _ in range(ROUNDS // 2):
        brand, problems = read_brand(mutated(BRAND, rng), file="brand.yaml")
        assert (brand is None) == has_errors(problems)
        read_feed(mutated(feed, rng), file=rng.choice(["f.csv", "f.jsonl", "f.xlsx"]), source="en")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00" * 100,
        b"\xff\xfe",
        b"%PDF-1.7\n",
        b"PK\x03\x04rest",
        b"\x89PNG\r\n",
        b"[" * 100_000,
        b"{" * 100_000,
        b"a: " * 10_000,
        b"- " * 50_000,
        b'{"a":' * 20_000,
        b"a: &a [*a]",
        b"x" * 1_000_000,
        b"9" * 1_000_000,
        b"products: !!python/object/apply:os.system [ls]",
        b"? [a, b]\n: c",
        "affiche: 1\ncampaign: \U0001f34b\n".encode(),
        b"affiche: [1]\n",
        b"affiche: 2\n",
        b"just a sentence",
        b"42",
        b"null",
        b"[1, 2, 3]",
        b'"text"',
    ],
)
def test_hostile_files_are_refused_with_a_reason(data: bytes) -> None:
    for file in ("x.yaml", "x.json", "x.md", "x"):
        for brief, problems in read_briefs(data, file=file):
            assert brief is None
            assert has_errors(problems)


def test_billion_laughs_are_refused_quickly() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    brief, problems = read_brief("\n".join(lines).encode(), file="bomb.yaml")
    assert brief is None
    assert problems[0].code == "file.too-large"
    assert problems[0].where.line > 1
