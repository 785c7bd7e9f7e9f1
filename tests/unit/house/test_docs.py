"""The docs name what exists, and what they show works.

Rules, placements, settings, commands, brief keys and template properties are read from the code; a new one that no page
names is a failure. Commands that the pages show are run in `tests/acceptance/test_docs_commands.py`.
"""

from __future__ import annotations

import re
from dataclasses import fields
from functools import cache
from pathlib import Path

import pytest

from affiche.brief.schema import BriefFile, PictureFile, ProductFile, WordsFile
from affiche.compose.template import model
from affiche.compose.template.read import read_template
from affiche.compose.template.when import FACTS
from affiche.placement.model import ASPECT_CLASSES
from affiche.values.problem import has_errors

DOCS = Path(__file__).resolve().parents[3] / "docs"


@cache
def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def keys_of(schema: type) -> list[str]:
    return [field.alias or name for name, field in schema.model_fields.items()]


@pytest.mark.parametrize("schema", [BriefFile, ProductFile, PictureFile, WordsFile])
def test_every_key_of_a_brief_is_explained(schema: type) -> None:
    text = page("writing-briefs.md")
    missing = [key for key in keys_of(schema) if not re.search(rf"`{key}`|\b{key}:", text)]
    assert not missing


@pytest.mark.parametrize(
    ("box", "skip"),
    [(model.TextSlot, {"role"}), (model.CtaSlot, set()), (model.LogoSlot, set()), (model.ProductSlot, set()),
     (model.PhotoSlot, set()), (model.Shape, set()), (model.Stack, {"direction"}), (model.Overlay, set()), (model.Space, set())],
)
def test_every_property_of_a_box_is_explained(box: type, skip: set[str]) -> None:
    names = {f.name for f in fields(box)} - {"place"} - skip
    assert not [name for name in names if f"`{name}`" not in page("templates.md")]


def test_every_fact_of_a_condition_and_every_class_is_named() -> None:
    assert not [name for name in (*FACTS, *ASPECT_CLASSES) if f"`{name}`" not in page("templates.md")]


def test_the_template_that_the_docs_show_can_be_read() -> None:
    shown = [block for block in blocks(page("templates.md"), "yaml") if block.startswith("template:")]
    assert shown
    for block in shown:
        template, problems = read_template(block.encode(), file="templates.md")
        assert template is not None and not problems, problems


def test_the_brief_that_the_docs_show_can_be_read() -> None:
    from affiche.brief.read import read_brief

    shown = [block for block in blocks(page("writing-briefs.md"), "yaml") if block.startswith("affiche:")]
    assert shown
    for block in shown:
        brief, problems = read_brief(block.encode(), file="brief.yaml")
        assert brief is not None and not has_errors(problems), problems


def test_every_word_of_the_glossary_stands_once_and_in_order() -> None:
    words = re.findall(r"^\| ([^|]+?) \|", page("glossary.md"), re.MULTILINE)[2:]
    assert words == sorted(words, key=str.lower)
    assert len(words) == len(set(words))


def test_every_module_that_the_glossary_and_the_architecture_name_exists() -> None:
    source = DOCS.parent / "src" / "affiche"
    for name in ("glossary.md", "architecture.md"):
        for path in re.findall(r"`((?:[a-z_]+/)+[a-z_]*(?:\.py)?)`", page(name)):
            exists = (source / path).exists() or (DOCS.parent / path).exists()
            assert exists, f"{name} names {path}"


def test_architecture_stays_short() -> None:
    assert page("architecture.md").count("\n") <= 200


def test_links_between_pages_lead_somewhere() -> None:
    for file in [*DOCS.rglob("*.md"), DOCS.parent / "README.md"]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", file.read_text(encoding="utf-8")):
            assert (file.parent / target).exists(), f"{file.name} links to {target}"


def test_decisions_are_numbered_and_short() -> None:
    files = sorted((DOCS / "decisions").glob("*.md"))
    assert [int(f.name[:4]) for f in files] == list(range(1, len(files) + 1))
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert text.startswith(f"# {file.name[:4]} ")
        assert text.count("\n") <= 60, f"{file.name} is longer than a page"
        assert all(f"**{part}.**" in text for part in ("Context", "Choice", "Consequences")), file.name


def test_every_setting_is_explained() -> None:
    from affiche.settings import Settings

    missing = [f.name for f in fields(Settings) if f"`AFFICHE_{f.name.upper()}` | `{f.name}`" not in page("settings.md")]
    assert not missing


def test_every_rule_is_explained() -> None:
    from affiche.check.table import RULES

    assert not [rule.id for rule in RULES if f"`{rule.id}`" not in page("rules.md")]


def test_the_reference_is_what_the_code_says() -> None:
    from house.reference import text

    assert page("reference.md") == text(), "run './run reference'"


def test_every_command_and_placement_alias_is_in_the_reference() -> None:
    from affiche.cli.main import COMMANDS
    from affiche.placement.shipped import shipped_catalog

    aliases = shipped_catalog().aliases
    assert len(aliases) > 20
    assert not [alias for alias in aliases if f"`{alias}`" not in page("reference.md")]
    assert not [name for name in COMMANDS if f"`affiche {name}`" not in page("reference.md")]


def test_every_shipped_template_is_named() -> None:
    from affiche.compose.template.shipped import shipped_ids

    assert not [name for name in shipped_ids() if f"`{name}`" not in page("templates.md")]
