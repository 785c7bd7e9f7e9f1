"""`affiche read`, `schema`, `new`, `markets` as people call them; campaigns with the files they name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from affiche.brief.model import Brief
from affiche.brief.read import read_brief
from affiche.cli import markets, new, read, schema
from affiche.errors import InputError
from affiche.inputs import load_campaign, rebrand

FOREIGN = Path(__file__).parent.parent / "unit" / "brief" / "foreign"


def run(*arguments: str) -> tuple[int, str]:
    app = typer.Typer()
    for module in (read, schema, new, markets):
        module.register(app)
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.output


def test_read_json_keeps_the_contract() -> None:
    code, output = run("read", str(FOREIGN / "translations.json"), str(FOREIGN / "nothing.yaml"), str(FOREIGN / "list-of-briefs.json"), "--json")
    assert code == 2
    good, missing, first, second = json.loads(output)["files"]
    assert (good["ok"], missing["ok"], first["ok"], second["ok"]) == (True, False, True, True)
    assert second["path"].endswith("list-of-briefs.json#2")
    brief = good["brief"]
    assert brief["message"]["locale"] == "en-US"
    assert brief["message"]["headline"] == "Rest is a skill"
    assert brief["markets"][1] == {"region": "IL", "name": "", "locales": ["he-IL"], "audience": ""}
    assert brief["products"][0]["name"] == "Lull Pillow"
    assert isinstance(brief["brand"]["colors"], list)
    assert brief["placements"] == ["1:1", "9:16", "16:9"]
    assert {"severity", "code", "where", "message", "hint"} == set(missing["problems"][0])
    assert missing["brief"] is None


def test_read_yaml_is_our_format() -> None:
    code, output = run("read", str(FOREIGN / "german.yaml"), "--yaml")
    assert code == 0
    yaml = output.split("note:")[0]
    brief, problems = read_brief(yaml.encode(), file="kept.yaml")
    assert brief is not None, problems
    assert not brief.foreign
    assert brief.products[0].price == "0,89 €"


def test_read_for_people_shows_meaning_and_places() -> None:
    code, output = run("read", str(FOREIGN / "prose-regions.yaml"))
    assert code == 0
    assert "Cable Box" in output
    assert "note 3:16" in output


def test_schemas_are_json_and_unknown_kinds_are_refused() -> None:
    for kind in ("brief", "brand"):
        code, output = run("schema", kind)
        assert code == 0
        assert json.loads(output)["$schema"].startswith("https://json-schema.org/")
    assert {row["id"] for row in json.loads(run("schema", "--json")[1])} >= {"brief", "brand"}
    assert run("schema", "brieff")[0] != 0


def test_markets_are_listed_with_ids() -> None:
    rows = json.loads(run("markets", "--json")[1])
    assert {"DE", "DACH"} <= {row["id"] for row in rows}
    assert [row["id"] for row in json.loads(run("markets", "UAE / Saudi Arabia", "--json")[1])] == ["AE", "SA"]


def test_a_new_campaign_loads_without_a_single_problem(tmp_path: Path) -> None:
    folder = tmp_path / "Été 2026"
    assert run("new", str(folder))[0] == 0
    campaign, problems = load_campaign(folder / "brief.yaml")
    assert campaign is not None
    assert problems == ()
    assert campaign.brief.campaign == "ete-2026"
    assert campaign.brand.derived == ()
    assert campaign.logo == folder / "logo.svg"
    assert run("new", str(folder))[0] != 0, "a folder that is not empty is left alone"


def brief_in(folder: Path, text: str, name: str = "brief.yaml") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


STRICT = "affiche: 1\ncampaign: c\nmessage: {locale: en, headline: A}\n"


def test_our_briefs_must_name_files_that_exist(tmp_path: Path) -> None:
    path = brief_in(tmp_path, STRICT + "brand: brnd.yaml\nproducts: [{id: a, name: A, picture: a.png}]\n")
    campaign, problems = load_campaign(path)
    assert campaign is None
    assert {p.code for p in problems if p.severity == "error"} == {"brand.missing", "asset.missing"}
    assert {p.where.line for p in problems if p.severity == "error"} == {4, 5}


def test_foreign_assets_are_searched_near_the_brief(tmp_path: Path) -> None:
    text = "campaign_name: X\nmessage: Hello you\nregion: US\nlogo_path: 'out\\\\logo.png'\nproducts: [{name: A, image: old/place/a.png}, {name: B, asset_folder: B}, {name: C, image: gone.png}, {name: D, image_path: 'https://example.com/d.png'}, {product_id: e_1, name: E}]\n"
    path = brief_in(tmp_path / "briefs", text.replace("\\\\", "\\"))
    for name in ("assets/a.png", "assets/B/2.jpg", "assets/B/hero.jpg", "logo.png", "briefs/input_assets/e_1.jpeg"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    campaign, problems = load_campaign(path)
    assert campaign is not None, problems
    found = {name: file.name if file else None for name, file in campaign.pictures.items()}
    assert found == {"a": "a.png", "b": "hero.jpg", "c": None, "d": None, "e-1": "e_1.jpeg"}
    assert campaign.logo is not None
    assert {p.code for p in problems if p.severity == "warning"} == {"asset.missing", "asset.remote"}


def test_a_feed_adds_products_and_its_bad_rows_do_not_stop_it(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_bytes(b"id,name\na,Twice\nb,Feed B\n,\n")
    path = brief_in(tmp_path, STRICT + "feed: f.csv\nproducts: [{id: a, name: A}]\n")
    campaign, problems = load_campaign(path)
    assert campaign is not None, problems
    assert [p.name for p in campaign.brief.products] == ["A", "Feed B"]
    assert "feed.duplicate-id" in {p.code for p in problems}


def test_a_foreign_brand_file_is_understood(tmp_path: Path) -> None:
    (tmp_path / "brand.json").write_text('{"brand_name": "Nord", "colors": {"primary": "forest green"}, "prohibited_words": ["cure"]}')
    path = brief_in(tmp_path, "campaign_name: X\nmessage: Hello you\nbrand: brand.json\nproducts: [A]\n")
    campaign, _ = load_campaign(path)
    assert campaign is not None
    assert campaign.brand.name == "Nord"
    assert campaign.brand.colors["primary"].hex == "#1F5D3A"
    assert campaign.brand.forbidden == {"*": ("cure",)}
    assert rebrand(campaign, ("#FF0000",)) is campaign


def test_the_pictures_palette_colours_a_brand_without_colours(tmp_path: Path) -> None:
    campaign, _ = load_campaign(brief_in(tmp_path, "campaign_name: X\nmessage: Hello you\nproducts: [A]\n"))
    assert campaign is not None
    assert rebrand(campaign, ("#8C3B1F",)).brand.colors["primary"].hex == "#8C3B1F"


@pytest.mark.parametrize("name", ["missing.yaml", "", "x" * 400 + ".yaml"])
def test_what_cannot_be_opened_is_said(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError):
        load_campaign(tmp_path / name)


@pytest.mark.parametrize("path", ["x" * 5000, "a\u0000b.png", "../../../../../etc/passwd", "~/.ssh/id_rsa", "//server/share", "C:\\\\x.png"])
def test_hostile_picture_paths_are_problems_not_crashes(tmp_path: Path, path: str) -> None:
    data = json.dumps({"campaign_name": "X", "message": "Hello", "products": [{"name": "A", "image": path}]})
    campaign, _ = load_campaign(brief_in(tmp_path, data, "b.json"))
    assert campaign is not None
    brief: Brief = campaign.brief
    assert brief.products[0].id == "a"
