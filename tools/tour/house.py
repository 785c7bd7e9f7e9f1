"""The house that is shown: both example brands and campaigns, built, with some decisions; through the API like anybody's."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.browser.kit_portal import Portal

_YAML = {"Content-Type": "application/yaml"}


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Ids of what the stops look at."""

    brand: str
    verde: str
    lumen: str
    creatives: dict[str, dict[str, Any]]

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
    house = House(brand=brand, verde=verde, lumen=lumen, creatives=found)
    _decided(at, house)
    return house


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
