"""Which language a line of copy is in: by script where that decides, else by the little words that no sentence avoids.

Cheap and honest: returns nothing when it does not know (`Taste Perfection`).
"""

from __future__ import annotations

import re
import unicodedata

#: Script name prefix (Unicode character names) -> language, checked in order of certainty.
_SCRIPTS = (
    ("HIRAGANA", "ja"), ("KATAKANA", "ja"), ("HANGUL", "ko"), ("THAI", "th"), ("HEBREW", "he"), ("DEVANAGARI", "hi"),
    ("BENGALI", "bn"), ("TAMIL", "ta"), ("TELUGU", "te"), ("GUJARATI", "gu"), ("KANNADA", "kn"), ("MALAYALAM", "ml"),
    ("GURMUKHI", "pa"), ("SINHALA", "si"), ("GREEK", "el"), ("ARMENIAN", "hy"), ("GEORGIAN", "ka"), ("ETHIOPIC", "am"),
    ("KHMER", "km"), ("LAO", "lo"), ("MYANMAR", "my"),
)  # fmt: skip
_WORDS = {
    "en": (
        "the your you and for with of to this our is in on that we my it's it are from by get up more every "
        "where be not has will all now new best better who free just have can how what don't never at stay "
        "feel make take love life its made when shop buy discover enjoy meet day summer winter spring time "
        "good"
    ),
    "de": (
        "der die das und mit für ein eine dein deine deinen ihr ihre wir sie ist im zum zur den dem des nicht "
        "auf mehr jetzt neu neue ganz von aus wie was für sich dich mach jeden jeder alles nur noch entdecke "
        "erlebe dein dir bei über schmeck"
    ),
    "fr": (
        "le la les et avec pour une des du de votre vos notre nos est dans en sur plus au aux chaque qui que "
        "vous nous tout toute sans ce cette ces pas découvrez l'été goûtez vivez maintenant nouveau nouvelle "
        "chez conçu"
    ),
    "es": (
        "el la los las y con para una un de del tu tus su nuestro nuestra en por más al que este esta es lo "
        "nosotros verano cada sin ahora nuevo nueva descubre disfruta vive siempre donde mejor como muy hecho "
        "día"
    ),
    "pt": (
        "o os as e com para uma um de do da dos das seu sua nosso nossa em por mais ao que este esta é não "
        "você verão cada sem agora novo nova descubra viva sempre onde melhor prove renove seus dia"
    ),
    "it": (
        "il lo gli le e con per una un di del della dei delle tuo tua nostro nostra in più al che questo "
        "questa è non ogni senza ora nuovo nuova scopri vivi sempre dove meglio estate nella sei"
    ),
    "nl": (
        "de het een en met voor jouw je van op in meer nu nieuw nieuwe elke uw ons onze is dat niet alles "
        "ontdek geniet zomer jij bij naar"
    ),
    "sv": (
        "och med för din ditt en ett det som är på av i mer nu nya ny varje vår våra upptäck sommar alla inte "
        "till"
    ),
    "da": (
        "og med for din dit en et det som er på af i mere nu nye ny hver vores opdag sommer alle ikke til"
    ),
    "nb": (
        "og med for din ditt en et det som er på av i mer nå nye ny hver vår våre oppdag sommer alle ikke til"
    ),
    "fi": ("ja on sinun uusi nyt kesä koe löydä kaikki enemmän joka se ei"),
    "pl": ("i z dla twój twoja w na to jest nie się więcej teraz nowy nowa każdy odkryj lato do od jak"),
    "cs": ("a s pro váš vaše v na je to se více nyní nový nová každý objevte léto do od jak"),
    "tr": ("ve ile için bir bu senin yeni şimdi daha her yaz keşfet en çok"),
    "ro": ("și cu pentru un o de la este mai acum nou nouă fiecare descoperă vara nu din tău ta"),
    "hu": ("és a az egy új most minden több nyár fedezd fel nem hogy"),
    "id": ("dan dengan untuk yang di ini itu anda kamu dari lebih baru sekarang setiap nikmati temukan"),
    "vi": ("và của cho với là một trong không bạn mới hơn mỗi khám phá mùa hè"),
}
_VOCABULARY = {language: frozenset(words.split()) for language, words in _WORDS.items()}
_LETTERS = {
    "ß": "de", "ñ": "es", "¿": "es", "¡": "es", "ã": "pt", "õ": "pt", "œ": "fr", "ł": "pl", "ż": "pl", "ś": "pl",
    "ř": "cs", "ě": "cs", "ů": "cs", "ğ": "tr", "ı": "tr", "ş": "tr", "ț": "ro", "ș": "ro", "ő": "hu", "ű": "hu",
    "đ": "vi", "ơ": "vi", "ư": "vi", "ạ": "vi", "ế": "vi",
}  # fmt: skip
_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def detect_language(text: str) -> str:
    """The language's ISO 639 code, or nothing when it is not certain enough."""
    letters = [c for c in text[:2000] if c.isalpha()]
    if not letters:
        return ""
    return _by_script(letters) or _by_words(text[:2000])


def _by_script(letters: list[str]) -> str:
    names = [unicodedata.name(c, "") for c in letters if ord(c) > 0x2FF]
    if len(names) * 3 < len(letters):
        return ""
    for prefix, language in _SCRIPTS:
        if sum(name.startswith(prefix) for name in names) * 8 >= len(names):
            return language
    if any(name.startswith("CJK") for name in names):
        return "zh"
    if any(name.startswith("ARABIC") for name in names):
        kept = set(letters)
        return "ur" if kept & set("ٹڈڑںے") else "fa" if kept & set("پچژگ") else "ar"
    if any(name.startswith("CYRILLIC") for name in names):
        kept = {c.lower() for c in letters}
        return "uk" if kept & set("іїєґ") else "ru" if kept & set("ыэё") or "ъ" not in kept else "bg"
    return ""


def _by_words(text: str) -> str:
    tokens = [token.lower().replace("’", "'") for token in _TOKEN.findall(unicodedata.normalize("NFC", text))]
    scores = {language: sum(token in words for token in tokens) for language, words in _VOCABULARY.items()}
    for letter, language in _LETTERS.items():
        scores[language] += 2 * (letter in text.lower())
    ranked = sorted(scores.items(), key=lambda item: -item[1])
    (best, score), (_, second) = ranked[0], ranked[1]
    return best if score > second and score > 0 else ""
