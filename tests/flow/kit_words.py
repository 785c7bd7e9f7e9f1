"""A model on a local socket that knows a little German, French and Japanese, and a small campaign that needs it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.contract.kit_writers import KINDS, Reply, Seen

OPENAI = next(kind for kind in KINDS if kind.provider == "compatible")

KNOWN: dict[tuple[str, str], str] = {
    ("de", "Wake up the afternoon"): "Weck den Nachmittag",
    ("de", "Only {price, number, currency} a can."): "Nur {price, number, currency} pro Dose.",
    ("fr", "Wake up the afternoon"): "Réveillez l’après-midi",
    ("fr", "Only {price, number, currency} a can."): "Seulement {price, number, currency} la canette.",
    ("ja", "Wake up the afternoon"): "午後を、目覚めさせよう。",
    ("ja", "Only {price, number, currency} a can."): "1缶わずか{price, number, currency}。",
}

BRIEF = """
affiche: 1
campaign: summer
brand: {name: Verde, colors: ["#0f5c4e"], forbidden_by: {de: [Wunder]}}
message: {locale: en-US, headline: Wake up the afternoon, body: "Only {price, number, currency} a can.", cta: Shop now}
values: {price: 1.99 EUR}
markets:
  - {region: US, locales: [en-US]}
  - {region: DE, locales: [de-DE]}
  - {region: FR, locales: [fr-FR]}
products: [{id: yuzu, name: Yuzu}]
ratios: ["1:1"]
"""


def material(seen: Seen) -> dict[str, Any]:
    """What a request holds of the brief."""
    text = OPENAI.told(seen.body)[1]
    return json.loads(text.strip().removeprefix("<material>").removesuffix("</material>"))


def knowing(seen: Seen) -> Reply:
    """The model: answers each task from what it knows."""
    data = material(seen)
    properties = seen.body["response_format"]["json_schema"]["schema"]["properties"]
    return Reply(body=OPENAI.good(_answer(data, properties)))


def _answer(data: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
    if "alt" in properties:
        return {"alt": f"Eine Anzeige für {data['product']['name']}: {data['words']['headline']}"}
    if "caption" in properties:
        return {"caption": f"{data['words']['headline']} {data['words']['cta']}", "hashtags": ["#Verde", "#Yuzu"]}
    if "score" in json.dumps(properties):
        return {"texts": {id: {"score": 62, "reason": "a little stiff"} for id in data["texts"]}}
    language, back = data["target_locale"][:2], {v: k[1] for k, v in KNOWN.items()}
    texts = {id: row["text"] for id, row in data["texts"].items()}
    return {"texts": {id: KNOWN.get((language, text)) or back.get(text) or f"[{text}]" for id, text in texts.items()}}


def campaign(folder: Path, text: str = BRIEF) -> Path:
    """The campaign as a file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "brief.yaml"
    path.write_text(text, encoding="utf-8")
    return path
