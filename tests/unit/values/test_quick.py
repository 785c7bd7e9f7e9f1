"""Values of `quick` classes are those of `dataclass` in everything but the time that they take."""

import pickle
from dataclasses import FrozenInstanceError, dataclass, field, replace

import pytest

from affiche.values.quick import quick


@dataclass(frozen=True, slots=True)
class Plain:
    x: float
    name: str = "none"
    far: int = field(default=3, kw_only=True)


@quick
@dataclass(frozen=True, slots=True)
class Quick:
    x: float
    name: str = "none"
    far: int = field(default=3, kw_only=True)


def test_same_values() -> None:
    for given, named in (((1.5,), {}), ((1.5, "a"), {"far": 4}), ((), {"x": 2, "name": "b"})):
        plain, value = Plain(*given, **named), Quick(*given, **named)
        assert repr(value) == repr(plain).replace("Plain", "Quick")
        assert hash(value) == hash(plain)
        assert value == Quick(*given, **named) != replace(value, far=9)
        assert replace(value, x=7).x == 7
        assert pickle.loads(pickle.dumps(value)) == value


def test_immutable() -> None:
    with pytest.raises(FrozenInstanceError):
        Quick(1).x = 2  # type: ignore[misc]


@pytest.mark.parametrize(("given", "named"), [((), {}), ((1, "a", 3), {}), ((1,), {"other": 2})])
def test_wrong_arguments(given: tuple[int, ...], named: dict[str, int]) -> None:
    for made in (Plain, Quick):
        with pytest.raises(TypeError, match=rf"{made.__name__}.__init__\(\)"):
            made(*given, **named)


def test_only_for_fields_that_are_set() -> None:
    with pytest.raises(TypeError, match=r"Kept\.seen is more than a field"):

        @quick
        @dataclass(frozen=True, slots=True)
        class Kept:
            seen: list[int] = field(default_factory=list)
