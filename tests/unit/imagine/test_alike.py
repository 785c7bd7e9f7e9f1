"""Pictures that were bought for nearly the same words are found; flavours and shapes are told apart."""

from affiche.imagine.alike import Shelved, likeness, nearest, remembered, with_one
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
    assert found is not None and found[0] == shelved(SAME)
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
