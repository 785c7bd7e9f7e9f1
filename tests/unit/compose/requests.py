"""Compose requests for tests: one brand, one packshot, copy in hard locales; nothing is decoded or drawn."""

from __future__ import annotations

from affiche.brand.model import Brand, TypeFace
from affiche.compose.request import ComposeRequest
from affiche.compose.template.shipped import shipped_template
from affiche.ports import TONE_GRID, PictureInfo
from affiche.values.color import Color
from affiche.values.digest import Digest
from affiche.values.geometry import Insets, Rect, Size
from affiche.values.locale import Locale
from affiche.values.text import Text

COLORS = {
    "primary": "#0F5C4E", "secondary": "#F6C667", "accent": "#F27B50", "surface": "#F6C667", "surface-2": "#F3E9D2",
    "ink": "#0B2E27", "paper": "#FBF3DF",
}  # fmt: skip
BRAND = Brand(
    name="Verde",
    colors={role: Color.parse(text) for role, text in COLORS.items()},
    display=TypeFace(family="Bricolage Grotesque", weight=700),
    text=TypeFace(family="Manrope", weight=500),
)
CAN = PictureInfo(
    digest=Digest("c" * 64), kind="cutout", size=Size(width=600, height=1500), bounds=Rect(20, 20, 560, 1460)
)
PHOTO = PictureInfo(
    digest=Digest("f" * 64), kind="photo", size=Size(width=1600, height=1200), bounds=Rect(0, 0, 1600, 1200), focal=(0.7, 0.3),
    darks=(40,) * TONE_GRID**2, lights=(190,) * TONE_GRID**2,
)  # fmt: skip

JAR = PictureInfo(
    digest=Digest("a" * 64), kind="cutout", size=Size(width=900, height=800), bounds=Rect(0, 0, 900, 800)
)

#: One size per aspect class and a few hard ones.
SIZES = ((160, 600), (1080, 1920), (1080, 1350), (1080, 1080), (1200, 628), (728, 90), (970, 250), (320, 50), (300, 250))

COPY = {
    "en-US": {"headline": "Wake up the afternoon", "body": "Sparkling yuzu. Nothing added.", "cta": "Find a can",
              "legal": "Contains natural flavouring."},
    "de-DE": {"headline": "Feuchtigkeitsversorgung für den Nachmittag", "body": "Prickelnde Yuzu ohne Zuckerzusatz.",
              "cta": "Händler finden", "legal": "Enthält eine Phenylalaninquelle."},
    "ar-SA": {"headline": "أيقظ ما بعد الظهيرة", "body": "يوزو فوّار من Verde. لا شيء مضاف.", "cta": "ابحث عن علبة",
              "legal": "بدون سكر مضاف."},
    "th-TH": {"headline": "ปลุกยามบ่ายให้สดชื่น", "body": "ยูซุซ่า ไม่เติมอะไรเลย", "cta": "ค้นหาร้านใกล้คุณ", "legal": "ไม่เติมน้ำตาล"},
    "ja-JP": {"headline": "午後を、目覚めさせよう。", "body": "スパークリング柚子。何も足さない。", "cta": "お店を探す",
              "legal": "果汁1%未満"},
}  # fmt: skip


#: What only some templates ask for: offers, quotations, dates, steps.
TOLD = {
    "en-US": {"price": "$2.49", "old_price": "$3.29", "offer": "−25%", "quote": "Now it is my four o’clock.", "author": "Maya",
              "date": "14 June", "subhead": "Rooftop, Austin", "step1": "Chill it", "step2": "Crack it open", "step3": "Enjoy"},
    "de-DE": {"price": "2,49 €", "old_price": "3,29 €", "offer": "−25 %", "quote": "Mein Feierabend vor dem Feierabend.",
              "author": "Maja, Leipzig", "date": "14. Juni", "subhead": "Dachterrasse, Berlin", "step1": "Kalt stellen",
              "step2": "Knackend öffnen", "step3": "Genießen"},
    "ar-SA": {"price": "12.50 ر.س", "old_price": "16.00 ر.س", "offer": "خصم 25%", "quote": "صارت موعدي عند الرابعة.",
              "author": "ليلى", "date": "14 يونيو", "subhead": "الرياض", "step1": "برّدها", "step2": "افتحها", "step3": "استمتع"},
    "th-TH": {"price": "฿39", "old_price": "฿52", "offer": "ลด 25%", "quote": "ฉันก็ไม่คิดถึงกาแฟอีกเลย", "author": "มายา",
              "date": "14 มิถุนายน", "subhead": "สยาม", "step1": "แช่เย็น", "step2": "เปิดกระป๋อง", "step3": "สดชื่น"},
    "ja-JP": {"price": "¥248", "old_price": "¥328", "offer": "25%オフ", "quote": "四時の楽しみです。", "author": "まや",
              "date": "6月14日", "subhead": "渋谷・屋上", "step1": "冷やす", "step2": "開ける", "step3": "ひと息つく"},
}  # fmt: skip


def told(locale: str) -> dict[str, str]:
    """The words of `TOLD`, for `request(**told(locale))`."""
    return TOLD[locale]


def request(
    template: str = "stage", size: tuple[int, int] = (1080, 1080), locale: str = "en-US", *, picture: PictureInfo | None = CAN,
    safe: Insets = Insets(), **words: str,
) -> ComposeRequest:  # fmt: skip
    """A request with the copy of `locale`, `words` replacing or adding roles (an empty text removes one)."""
    copy = {**COPY.get(locale, COPY["en-US"]), **words}
    return ComposeRequest(
        size=Size(width=size[0], height=size[1]), safe=safe, locale=Locale.parse(locale), brand=BRAND, wordmark="VERDE",
        words={role: Text(value=text, locale=locale) for role, text in copy.items() if text}, picture=picture,
        template=shipped_template(template), placement="ratio.test",
    )  # fmt: skip
