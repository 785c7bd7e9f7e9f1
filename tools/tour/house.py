"""The house that is shown: both example brands and campaigns, built, with some decisions; through the API like anybody's."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.browser.kit_portal import Portal

_YAML = {"Content-Type": "application/yaml"}
#: Two banners in a template with a pale ground; the third product's backdrop is bought with play money.
_BANNERS: dict[str, Any] = {
    "placements": ["iab-medium-rectangle", "iab-half-page"], "budget": {"max": "2.00", "currency": "USD"},
    "products": {"yuzu": {"template": "grid"}, "elder": {"imagine": True}},
    "markets": [{"region": "US", "locales": ["en-US"]}, {"region": "JP", "locales": ["ja-JP"]}],
}  # fmt: skip
_EVERYWHERE = (
    "instagram-square", "instagram-portrait", "instagram-story", "linkedin-wide", "google-leaderboard", "google-skyscraper",
    "iab-medium-rectangle", "iab-half-page", "iab-billboard", "iab-leaderboard", "1:1", "4:5", "9:16", "16:9", "2:1",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Ids of what the stops look at."""

    at: Portal
    brand: str
    verde: str
    lumen: str
    #: An ad with a finding that another template mends.
    pale: str
    #: The brief of a large campaign that nobody has built yet.
    large: str
    creatives: dict[str, dict[str, Any]]
    under_way: list[str] = field(default_factory=list)

    def building(self) -> str:
        """The id of a campaign that is being built from now on, the same at every call."""
        if not self.under_way:
            made = self.at.campaign(self.large, brand=self.brand, build=False)
            self.at.http.post("/v1/runs", json={"campaign": made}).raise_for_status()
            self.under_way.append(made)
        return self.under_way[0]

    def ad(self, place: str) -> str:
        """The id of the ad `product/locale/size` of the first campaign."""
        return str(self.creatives[place]["id"])


def furnished(at: Portal, examples: Path) -> House:
    """Everything in its place, both campaigns built."""
    brand, brief = _moved_in(at, examples / "verde")
    other_brand, other = _moved_in(at, examples / "lumen")
    verde, lumen = at.campaign(brief, brand=brand), at.campaign(other, brand=other_brand)
    for campaign in (verde, lumen):
        if (state := at.built(campaign)) != "needs-review":
            raise SystemExit(f"the campaign {campaign} is {state}")
    found = {f"{c['product']}/{c['locale']}/{c['width']}x{c['height']}": c for c in _all(at, verde)}
    banners = at.campaign(_changed(brief, name="Verde, banners", **_BANNERS), brand=brand)
    at.built(banners)
    pale = next(c for c in _all(at, banners) if (c["product"], c["locale"], c["height"]) == ("yuzu", "en-US", 250))
    large = _changed(brief, name="Verde, everywhere", placements=list(_EVERYWHERE))
    house = House(at=at, brand=brand, verde=verde, lumen=lumen, pale=pale["id"], large=large, creatives=found)
    _decided(at, house)
    return house


def _changed(brief: str, *, name: str, **parts: Any) -> str:
    """Another campaign of the same brand."""
    made = {**yaml.safe_load(brief), "campaign": name.lower().replace(", ", "-"), "name": name, **parts}
    if "products" in parts:
        kept = {one["id"]: one for one in yaml.safe_load(brief)["products"]}
        made["products"] = [_with(kept[id], more) for id, more in parts["products"].items()]
    return str(yaml.safe_dump(made, allow_unicode=True, sort_keys=False))


def _with(product: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """`imagine` is a wish of its picture."""
    picture = {**product["picture"], "imagine": True} if more.get("imagine") else product["picture"]
    return {**product, **{name: value for name, value in more.items() if name != "imagine"}, "picture": picture}


def _moved_in(at: Portal, folder: Path) -> tuple[str, str]:
    """The brand's id, and the brief with ids of assets for names of files."""
    texts = {name: (folder / name).read_text("utf-8") for name in ("brand.yaml", "brief.yaml")}
    for file in sorted((folder / "assets").iterdir()):
        made = at.http.post("/v1/assets", params={"name": file.name, "reuse": "true"}, content=file.read_bytes())
        made.raise_for_status()
        texts = {name: text.replace(f"assets/{file.name}", made.json()["id"]) for name, text in texts.items()}
    slug = folder.name
    brand = at.http.post("/v1/brands", params={"slug": slug}, content=texts["brand.yaml"].encode(), headers=_YAML)
    brand.raise_for_status()
    id: str = brand.json()["id"]
    warmer = texts["brand.yaml"].replace("[bright, dry, short sentences]", "[bright, dry, warm, short sentences]")
    if warmer != texts["brand.yaml"]:
        at.http.put(f"/v1/brands/{id}/file", content=warmer.encode(), headers=_YAML).raise_for_status()
    return id, texts["brief.yaml"].replace("brand: brand.yaml", f"brand: {slug}")


def _all(at: Portal, campaign: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    wanted = {"campaign": campaign, "limit": "200"}
    while True:
        page = at.http.get("/v1/creatives", params=wanted).json()
        found += page["items"]
        if not page.get("next"):
            return found
        wanted["cursor"] = page["next"]


def _decided(at: Portal, house: House) -> None:
    """A few ads approved, one sent back with its reason, one with a question pinned to it."""
    approved = [c for place, c in house.creatives.items() if place.startswith("yuzu/") and place.endswith("/1200x628")][:6]
    _decide(at, approved, "approved")
    back = house.creatives["elder/de-DE/1080x1080"]
    _decide(at, [back], "changes", "The can should stand a little larger.")
    pinned = house.creatives["orange/ar-SA/1080x1920"]
    said = {"text": "Is this the wording that legal has cleared?", "x": 0.62, "y": 0.3}
    at.http.post(f"/v1/creatives/{pinned['id']}/comments", json=said).raise_for_status()


def _decide(at: Portal, creatives: list[dict[str, Any]], decision: str, reason: str = "") -> None:
    wanted = {
        "creatives": [c["id"] for c in creatives], "decision": decision, "seen": {c["id"]: c["file_digest"] for c in creatives},
        **({"reason": reason} if reason else {}),
    }  # fmt: skip
    answer = at.http.post("/v1/approvals", json=wanted)
    if answer.status_code != 201:
        raise SystemExit(answer.text + str(wanted)[:300])
