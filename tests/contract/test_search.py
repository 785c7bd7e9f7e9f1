"""Finding by words, colours and likeness, and relations of assets: the same on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from affiche.registry import assets, campaigns, library, relations, search
from affiche.registry.brands import Document
from affiche.registry.library import Filter
from affiche.registry.open import Registry
from affiche.registry.scope import Row, Scope, now
from affiche.registry.tables import material
from tests.contract.kit_registry import emptied, fresh_database, postgresql, ready

ANN, BOB = Scope(tenant="ten_a", actor="per_ann"), Scope(tenant="ten_b")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    if request.param == "sqlite":
        registry = ready("", tmp_path_factory.mktemp("search"))
        yield registry
        registry.close()
        return
    with postgresql() as url:
        registry = ready(fresh_database(url, "search"), tmp_path_factory.mktemp("search"))
        yield registry
        registry.close()


@pytest.fixture
def registry(database: Registry) -> Registry:
    return emptied(database)


def asset(registry: Registry, name: str, *, scope: Scope = ANN, replaces: str = "", **facts: object) -> Row:
    whole = {"kind": "picture", "media_type": "image/png", "phash": "", "palette": [], "metadata": {}, **facts}
    with registry.write() as c:
        return assets.add(c, scope, brand="", name=name, blob=str(facts.get("blob", name)), facts={k: v for k, v in whole.items() if k != "blob"}, replaces=replaces)


def names(registry: Registry, text: str, scope: Scope = ANN) -> list[str]:
    with registry.read() as c:
        ids = [hit.subject for hit in search.found(c, scope, text)]
        return [c.execute(sa.select(material.assets.c.name).where(material.assets.c.id == id)).scalar() or id for id in ids]


@pytest.mark.parametrize(
    ("name", "found", "lost"),
    [
        ("Café_au-lait 500ml.png", ("cafe", "CAFÉ lait", "500", "500ml", "caf", "au-lait"), ("tea", "cafes", "500mg")),
        ("夏のゆず炭酸.png", ("ゆず", "炭酸", "夏", "ゆず炭酸"), ("ゆ酸", "冬")),
        ("عصير مُنعش.png", ("منعش", "عصير"), ("ماء",)),
        ("น้ำส้มคั้น.png", ("ส้ม", "น้ำ"), ("นม",)),
        ("गर्मी की छुट्टी.png", ("गर्मी", "छुट्टी"), ("सर्दी",)),
        ("O'Brien \"quoted\" & a|b (1).png", ("o'brien", '"quoted"', "a|b", "& (1)"), ("NOT quoted2", "brien OR tea")),
    ],
)
def test_words_of_every_script_are_found(registry: Registry, name: str, found: tuple[str, ...], lost: tuple[str, ...]) -> None:
    asset(registry, name)
    for text in found:
        assert names(registry, text) == [name], text
    for text in lost:
        assert names(registry, text) == [], text


def test_all_words_must_be_there_and_only_ones_own_are_seen(registry: Registry) -> None:
    asset(registry, "red can.png", tags=["summer"], metadata={"iptc": {"keywords": ["yuzu", "drink"]}, "xmp": {"credit": "Aurora"}})
    asset(registry, "red box.png")
    asset(registry, "red can.png", scope=BOB)
    assert names(registry, "red can") == ["red can.png"]
    assert names(registry, "yuzu aurora summer") == ["red can.png"]
    assert sorted(names(registry, "red")) == ["red box.png", "red can.png"]
    assert names(registry, " ") == [] == names(registry, "?!")
    with registry.read() as c:
        assert c.execute(sa.select(sa.func.count()).where(search.condition(c, material.assets.c.id, "?!"))).scalar() == 0


def test_what_changes_or_goes_is_found_accordingly(registry: Registry) -> None:
    row = asset(registry, "first.png")
    with registry.write() as c:
        assets.change(c, ANN, row["id"], {"name": "second.png"})
    assert (names(registry, "first"), names(registry, "second")) == ([], ["second.png"])
    with registry.write() as c:
        assets.remove(c, ANN, row["id"])
    assert names(registry, "second") == []


def test_what_holds_a_word_in_few_others_comes_first(registry: Registry) -> None:
    asset(registry, "long.png", tags=[f"word{n}" for n in range(300)] + ["lemon"])
    asset(registry, "lemon.png")
    assert names(registry, "lemon")[0] == "lemon.png" or not registry.is_sqlite  # PostgreSQL ranks without lengths


def test_campaigns_alike_share_rare_words(registry: Registry) -> None:
    made = {}
    texts = {"a": "summer yuzu sparkling drink", "b": "summer yuzu can", "c": "winter tyres", "d": "summer sale"}
    for slug, text in texts.items():
        with registry.write() as c:
            document = Document(data=b"x", digest=slug, media_type="application/yaml")
            made[slug] = campaigns.add(c, ANN, slug=slug, name=slug, brand="", brief=document, assets=[], search=text)["id"]
    with registry.read() as c:
        best, *_ = found = search.alike(c, ANN, made["a"])
    assert best[0] == made["b"]
    assert best[2][0] == "yuzu"
    assert made["c"] not in [id for id, *_ in found]


def test_pictures_are_found_by_colour_and_likeness(registry: Registry) -> None:
    red = asset(registry, "red", phash="ff00ff00ff00ff00", palette=["#C81E1E", "#FFFFFF"])
    copy = asset(registry, "red small", phash="ff00ff00ff00ff07", palette=["#C91F20", "#FEFEFE"])
    blue = asset(registry, "blue", phash="123456789abcdef0", palette=["#1E3CC8"])
    twin = asset(registry, "red again", blob="red", phash="ff00ff00ff00ff00", palette=["#C81E1E", "#FFFFFF"])
    with registry.read() as c:
        inside = library.where(c, ANN, Filter())
        assert {row["name"] for row in library.of_color(c, inside, "#CC2222", 9)} == {"red", "red small", "red again"}
        assert [row["id"] for row in library.of_color(c, inside, "#1133CC", 9)] == [blue["id"]]
        found = library.alike(c, ANN, red, 9)
        assert [(one.row["id"], one.how) for one in found] == [(twin["id"], "same"), (copy["id"], "copy")]
        assert library.near(c, ANN, red["phash"], "red") == [copy["id"]]
        assert library.alike(c, BOB, red, 9) == []


def test_filters_by_tag_kind_and_rights(registry: Registry) -> None:
    at = now()
    asset(registry, "old", tags=["zürich", "a"], rights_expire_at=at - timedelta(days=1), rights={"licence": "x"})
    asset(registry, "ending", rights_expire_at=at + timedelta(days=9))
    asset(registry, "open", kind="font")
    wanted = {"expired": ["old"], "soon": ["ending"], "none": ["open"], "valid": ["ending", "open"], "nonsense": []}
    with registry.read() as c:
        for state, expected in wanted.items():
            query = sa.select(material.assets.c.name).where(*library.where(c, ANN, Filter(rights=state, at=at)))
            assert sorted(c.execute(query).scalars()) == expected, state
        for tag, expected in (("zürich", ["old"]), ("z", []), ("a", ["old"])):
            query = sa.select(material.assets.c.name).where(*library.where(c, ANN, Filter(tag=tag)))
            assert list(c.execute(query).scalars()) == expected, tag
        query = sa.select(material.assets.c.name).where(*library.where(c, ANN, Filter(kind="font")))
        assert list(c.execute(query).scalars()) == ["open"]


def test_versions_follow_each_other_and_keep_what_was_said(registry: Registry) -> None:
    one = asset(registry, "can v1", tags=["hero"], rights={"licence": "bought"}, rights_expire_at=now() + timedelta(days=1))
    two = asset(registry, "can v2", replaces=one["id"])
    three = asset(registry, "can v3", replaces=two["id"])
    assert (three["version"], three["previous"], three["tags"], three["rights"]) == (3, two["id"], ["hero"], {"licence": "bought"})
    with registry.read() as c:
        for row in (one, two, three):
            assert [found["id"] for found in relations.versions(c, ANN, row)] == [one["id"], two["id"], three["id"]]


def test_where_an_asset_is_used(registry: Registry, tmp_path: Path) -> None:
    row = asset(registry, "can")
    document = Document(data=b"x", digest="x", media_type="application/yaml")
    with registry.write() as c:
        made = campaigns.add(c, ANN, slug="s", name="S", brand="", brief=document, assets=[row["id"], f"{row['id']}.csv"])
        campaigns.revise(c, ANN, made["id"], expected=1, name="", brief=document, assets=[row["id"]])
    with registry.read() as c:
        assert [found["id"] for found in relations.used_in(c, ANN, row["id"])] == [made["id"]]
        assert relations.used_in(c, BOB, row["id"]) == []
        assert len(relations.of(c, ANN, row["id"])) == 1
