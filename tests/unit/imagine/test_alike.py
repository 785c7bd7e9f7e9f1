"""Pictures that were bought for nearly the same words are found; flavours and shapes are told apart."""

from dataclasses import replace

from affiche.imagine.alike import Seen, Shelved, last_shown, likeness, nearest, remembered, with_one
from affiche.imagine.prompt import Scene, prompt_of
from affiche.values.digest import digest
from affiche.values.geometry import Size

SQUARE, TALL = Size(width=1264, height=1264), Size(width=960, height=1696)


def prompt(product: str, description: str) -> str:
    return prompt_of(Scene(purpose="hero", product=product, description=description, mood=("bright",), colors=("#0F5C4E",)))


YUZU = prompt("Yuzu", "sparkling water with yuzu in a slim green can on a wooden table at the sea")
SAME = prompt("Yuzu", "sparkling water with yuzu in a slim green can on a wooden table by the sea")
ORANGE = prompt("Orange", "sparkling water with blood orange in a red bottle on ice")


def shelved(text: str, size: Size = SQUARE, name: str = "yuzu") -> Shelved:
    return Shelved(key=digest(text, size), product=name, purpose="hero", prompt=text, width=size.width, height=size.height)


def test_only_what_the_brief_says_is_compared() -> None:
    assert likeness(YUZU, SAME) > 0.8
    assert likeness(YUZU, ORANGE) < 0.6


def test_the_most_alike_of_the_same_shape_and_purpose_is_found() -> None:
    shelf = (shelved(ORANGE, name="orange"), shelved(SAME, TALL), shelved(SAME))
    found = nearest(YUZU, "hero", SQUARE, shelf)
    assert found is not None and found.shelved == shelved(SAME)
    assert found.words > 0.8 and found.picture is None
    assert nearest(YUZU, "backdrop", SQUARE, shelf) is None
    assert nearest(YUZU, "hero", Size(width=1696, height=960), shelf) is None
    assert nearest(YUZU, "hero", SQUARE, shelf[:1]) is None


def test_the_memory_is_plain_data_and_bounded() -> None:
    data: dict = {}
    for number in range(310):
        data = with_one(data, shelved(f"{YUZU} {number}"))
    data = with_one(data, shelved(f"{YUZU} 309"))
    kept = remembered(data)
    assert len(kept) == 300
    assert kept[-1] == shelved(f"{YUZU} 309") != kept[-2]


OTHER_WORDS = prompt("Yuzu", "a slim green can with yuzu on a wooden table in the garden, early morning")
SHOWN = Seen(fingerprint="ff00ff00ff00ff00", palette=("#0F5C4E", "#F6C667"))
LIKE_IT, UNLIKE = ("ff00ff00ff00ff01", ("#0F5C4E", "#F6C667")), ("00ff00ff00ff00ff", ("#0F5C4E", "#F6C667"))


def seen(one: Shelved, look: tuple[str, tuple[str, ...]]) -> Shelved:
    return replace(one, fingerprint=look[0], palette=look[1])


def test_fewer_common_words_are_enough_for_a_picture_that_looks_like_the_reference() -> None:
    assert 0.45 <= likeness(YUZU, OTHER_WORDS) < 0.75
    like, unlike = seen(shelved(OTHER_WORDS), LIKE_IT), seen(shelved(OTHER_WORDS, name="bar"), UNLIKE)
    assert nearest(YUZU, "hero", SQUARE, [like]) is None, "without a reference words decide"
    found = nearest(YUZU, "hero", SQUARE, [unlike, like], references=[SHOWN])
    assert found is not None and found.shelved == like and (found.picture or 0) > 0.9
    assert nearest(YUZU, "hero", SQUARE, [unlike], references=[SHOWN]) is None, "the same colours alone are no likeness"
    stranger = seen(shelved(ORANGE), LIKE_IT)
    assert likeness(YUZU, ORANGE) < 0.45 and nearest(YUZU, "hero", SQUARE, [stranger], references=[SHOWN]) is None


def test_of_two_with_the_same_words_the_one_that_looks_like_the_reference_is_proposed() -> None:
    like, unlike = seen(shelved(SAME), LIKE_IT), seen(shelved(SAME, name="bar"), UNLIKE)
    for shelf in ([like, unlike], [unlike, like]):
        found = nearest(YUZU, "hero", SQUARE, shelf, references=[SHOWN])
        assert found is not None and found.shelved == like


def test_what_a_product_showed_last_is_its_reference() -> None:
    first, second = seen(shelved(YUZU), UNLIKE), seen(shelved(SAME), LIKE_IT)
    assert last_shown("yuzu", "hero", [first, second, seen(shelved(ORANGE, name="orange"), UNLIKE)]) == (second.seen,)
    assert last_shown("yuzu", "backdrop", [first]) == last_shown("yuzu", "hero", [shelved(YUZU)]) == ()


def test_memories_of_before_pictures_were_compared_are_read() -> None:
    data = with_one({}, seen(shelved(YUZU), LIKE_IT))
    assert remembered(data) == (seen(shelved(YUZU), LIKE_IT),)
    old = {"pictures": [{k: v for k, v in data["pictures"][0].items() if k not in ("fingerprint", "palette")}]}
    assert remembered(old) == (shelved(YUZU),)
