"""What the bench works on: briefs of any size with words that no cache has seen, packshots, a photograph.

Nothing is random between runs: the same arguments give the same files. `edition` makes the words of a round new without making
them longer or shorter: a measured text that comes back would flatter the product.
"""

from __future__ import annotations

import tomllib
from functools import cache, lru_cache
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import yaml

HERE = Path(__file__).parent
#: The sizes of the stills rows (DESIGN 12).
STILLS = ("1080x1080", "1080x1350", "1080x1920", "1920x1080", "1200x628")
BANNERS = ("300x250", "728x90", "160x600", "320x50", "300x600", "970x250")
PLACEMENTS = (*STILLS, "1:1", "4:5", "9:16", "16:9", "2:1")
ROLES = ("headline", "body", "cta", "legal")

Rgba = npt.NDArray[np.uint8]


@cache
def words() -> dict[str, dict[str, str]]:
    """Locale -> role -> text, for 50 locales; distinct for each locale."""
    table = tomllib.loads((HERE / "copy.toml").read_text("utf-8"))
    return {tag: dict(zip(ROLES, row["words"], strict=True)) for row in table.values() for tag in row["locales"]}


@lru_cache(maxsize=256)
def words_of(tag: str, edition: int) -> dict[str, str]:
    """The words of a locale with letters swapped and a number added, so that no segment of them has been measured before."""
    number = f"{hash_of(tag) % 90 + 10}{edition:02d}"
    given = {role: " ".join(_stirred(word, edition) for word in text.split(" ")) for role, text in words()[tag].items()}
    return {**given, "body": f"{given['body']} {given['legal']} N° {number}", "legal": f"{given['legal']} {given['body']} {number}"}


def _stirred(word: str, edition: int) -> str:
    at = edition % max(1, len(word) - 1)
    pair = word[at : at + 2]
    if edition == 0 or len(pair) < 2 or not pair.isalpha():
        return word
    return word[:at] + pair[::-1] + word[at + 2 :]


def hash_of(text: str) -> int:
    """A small number that is the same in every process."""
    return sum((at + 1) * ord(letter) for at, letter in enumerate(text))


def write_campaign(folder: Path, *, locales: int, products: int, placements: tuple[str, ...], edition: int = 0) -> Path:
    """A campaign folder with brief, brand, logo and one packshot for each product; the path of the brief."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "brand.yaml").write_text(BRAND, encoding="utf-8")
    (folder / "logo.svg").write_text(LOGO, encoding="utf-8")
    for number in range(products):
        write_png(folder / f"can-{number}.png", packshot(number))
    brief = folder / "brief.yaml"
    document = campaign(locales=locales, products=products, placements=placements, edition=edition)
    brief.write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return brief


def campaign(*, locales: int, products: int, placements: tuple[str, ...], edition: int) -> dict[str, object]:
    """The brief as plain data. Words differ by locale; products share them, as campaigns do."""
    tags = list(words())[:locales]
    copy = {tag: words_of(tag, edition) for tag in tags}
    return {
        "affiche": 1,
        "campaign": f"bench-{edition}",
        "brand": "brand.yaml",
        "message": {"locale": tags[0], **copy[tags[0]]},
        "copy": {tag: copy[tag] for tag in tags[1:]},
        "markets": [{"region": tag[-2:], "locales": [tag]} for tag in tags],
        "products": [{"id": f"can-{n}", "name": f"Can {n}", "picture": f"can-{n}.png"} for n in range(products)],
        "placements": [p for p in placements if ":" not in p and "x" not in p],
        "ratios": [p for p in placements if ":" in p or "x" in p],
    }


def packshot(number: int, *, height: int = 1400) -> Rgba:
    """A can on transparency: a cylinder with bands of colour and an even light; 9:14."""
    width = height * 9 // 14
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    y = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    body = (np.abs(x) < 0.82) & (y > 0.03) & (y < 0.98)
    light = 0.55 + 0.45 * np.cos(2.2 * (x + 0.3)) ** 2
    hue = np.array([[40 + 23 * number % 200, 90 + 31 * number % 150, 70 + 17 * number % 170]], np.float32)
    bands = 1.0 + 0.25 * np.sign(np.sin(18 * y + number))
    color = np.clip(hue[None] * (light * bands)[..., None], 0, 255)
    alpha = np.where(body, 255, 0).astype(np.float32)[..., None]
    return np.concatenate([color, np.broadcast_to(alpha, (height, width, 1))], axis=2).astype(np.uint8)


def photograph(width: int, height: int) -> Rgba:
    """An opaque picture with the spectrum of a photograph (1/f noise in three colours), so that codecs work as on real ones."""
    rng = np.random.default_rng(7)
    freq = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None, :])
    freq[0, 0] = 1.0
    planes = []
    for _ in range(3):
        phase = rng.uniform(0, 2 * np.pi, freq.shape)
        plane = np.fft.irfft2(np.exp(1j * phase) / freq**1.2, s=(height, width))
        planes.append((plane - plane.min()) / (plane.max() - plane.min()))
    rgb = (np.stack(planes, axis=2) * np.array([235, 220, 205])).astype(np.uint8)
    return np.dstack([rgb, np.full((height, width), 255, np.uint8)])


def write_png(path: Path, pixels: Rgba) -> None:
    """Writes RGBA pixels as PNG."""
    cv2.imwrite(str(path), cv2.cvtColor(pixels, cv2.COLOR_RGBA2BGRA))


def write_jpeg(path: Path, pixels: Rgba) -> None:
    """Writes RGBA pixels as JPEG of quality 92."""
    cv2.imwrite(str(path), cv2.cvtColor(pixels, cv2.COLOR_RGBA2BGR), [cv2.IMWRITE_JPEG_QUALITY, 92])


BRAND = """\
brand: 1
name: Bench
colors: {primary: "#1F5D50", secondary: "#E9B949", accent: "#D9482B", surface: "#F4EFE6", ink: "#14211E", paper: "#FFFFFF"}
"""
LOGO = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 60"><path fill="#14211E" d="M0 0h60v60H0zM80 20h160v20H80z"/></svg>
"""
