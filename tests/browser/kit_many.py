"""A campaign of 2,000 real creatives (10 products, 50 locales, 4 small placements), built by the service itself."""

from __future__ import annotations

from typing import Any

import yaml

from tests.flow.kit_service import Service

_LOCALES = {
    "US": ["en-US", "es-US"], "GB": ["en-GB"], "DE": ["de-DE"], "AT": ["de-AT"], "CH": ["de-CH", "fr-CH", "it-CH"], "FR": ["fr-FR"],
    "ES": ["es-ES"], "IT": ["it-IT"], "PT": ["pt-PT"], "BR": ["pt-BR"], "NL": ["nl-NL"], "BE": ["nl-BE", "fr-BE"], "SE": ["sv-SE"],
    "NO": ["nb-NO"], "DK": ["da-DK"], "FI": ["fi-FI"], "PL": ["pl-PL"], "CZ": ["cs-CZ"], "SK": ["sk-SK"], "HU": ["hu-HU"],
    "RO": ["ro-RO"], "BG": ["bg-BG"], "GR": ["el-GR"], "TR": ["tr-TR"], "UA": ["uk-UA"], "SA": ["ar-SA"], "AE": ["ar-AE"],
    "EG": ["ar-EG"], "IL": ["he-IL"], "IN": ["hi-IN", "en-IN"], "TH": ["th-TH"], "VN": ["vi-VN"], "ID": ["id-ID"], "MY": ["ms-MY"],
    "JP": ["ja-JP"], "KR": ["ko-KR"], "CN": ["zh-CN"], "TW": ["zh-TW"], "MX": ["es-MX"], "AR": ["es-AR"], "CL": ["es-CL"],
    "CO": ["es-CO"], "CA": ["en-CA", "fr-CA"], "AU": ["en-AU"],
}  # fmt: skip
PLACEMENTS = ("iab-medium-rectangle", "iab-half-page", "iab-leaderboard", "iab-mobile-banner")


def brief(products: int = 10, locales: int = 50, placements: int = 4) -> dict[str, Any]:
    """Products, locales and placements as many as wanted; every locale has words of its own."""
    markets, copy, left = [], {}, locales
    for region, tags in _LOCALES.items():
        taken = tags[:left]
        if taken:
            markets.append({"region": region, "locales": taken})
            copy |= {tag: {"headline": f"Wake up {tag}", "cta": "Find a can"} for tag in taken}
        left -= len(taken)
    assert left == 0, "not so many locales are known here"
    return {
        "affiche": 1, "campaign": "many", "name": "Two thousand", "brand": {"name": "Aurora", "colors": ["#0B3D2E", "#F4C430"]},
        "message": {"locale": "en-US", "headline": "Wake up the afternoon", "cta": "Find a can"}, "markets": markets, "copy": copy,
        "products": [{"id": f"drink-{n}", "name": f"Drink {n}"} for n in range(1, products + 1)],
        "placements": list(PLACEMENTS[:placements]),
    }  # fmt: skip


def built(service: Service, made: dict[str, Any], timeout_s: float = 900) -> str:
    """The id of the campaign, once it is built."""
    saved = service.http.post(
        "/v1/campaigns", content=yaml.safe_dump(made).encode(), headers={"Content-Type": "application/yaml"}
    )
    assert saved.status_code == 202, saved.text[:500]
    service.wait(saved.json()["run"]["id"], timeout_s)
    return str(saved.json()["campaign"]["id"])
