"""Passwords: what is kept, what is taken, and that guessing is slow for accounts that do not exist too."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from affiche.access import passwords
from affiche.errors import UsageError


def test_a_digest_says_how_it_was_made_and_fits_its_password_alone() -> None:
    kept = passwords.digest_of("four quiet words here")
    assert kept.startswith("scrypt$15$8$3$") and "quiet" not in kept and len(kept) < 300
    assert passwords.fits("four quiet words here", kept)
    assert not passwords.fits("four quiet words hers", kept)
    assert kept != passwords.digest_of("four quiet words here"), "salted"
    assert not passwords.is_old(kept) and passwords.is_old(kept.replace("$15$", "$14$"))


def test_who_does_not_exist_costs_as_much(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, Any]] = []
    real = hashlib.scrypt
    monkeypatch.setattr(hashlib, "scrypt", lambda *a, **k: asked.append(k) or real(b"x", salt=b"x", n=2, r=1, p=1, dklen=32))
    assert not passwords.fits("anything", "")
    assert [(k["n"], k["r"], k["p"]) for k in asked] == [(2**15, 8, 3)]


def test_the_same_letters_on_another_keyboard() -> None:
    assert passwords._plain("cafe\u0301 \uff21") == passwords._plain("caf\u00e9 A")


@pytest.mark.parametrize("weak", ["short", "a" * 30, "anaanaanaana", "ana.example ana.example", "x" * 201, "1212121212121212"])
def test_weak_passwords_are_not_taken(weak: str) -> None:
    with pytest.raises(UsageError):
        passwords.check(weak, about=("Ana", "ana.example@example.com"))


@pytest.mark.parametrize("good", ["four quiet words here", "correct-horse-battery", "Пароль из четырёх слов", "ana likes 4 lemons"])
def test_good_ones_are(good: str) -> None:
    passwords.check(good, about=("Ana", "ana@example.com"))
