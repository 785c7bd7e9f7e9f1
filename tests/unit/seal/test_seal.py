"""Sealed values: nothing leaks, nothing altered or moved opens, keys rotate."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from affiche import wire
from affiche.adapters.seal import Ring, RingSealer, WatchedRing, add_key, open_ring
from affiche.errors import SealBroken, UsageError
from affiche.settings import Settings

RING = Ring(current="k1", keys={"k1": b"1" * 32})
SEALER = RingSealer(RING)


@given(st.binary(max_size=3000), st.text(max_size=30))
def test_what_is_sealed_opens_again_and_cannot_be_read(data: bytes, about: str) -> None:
    sealed = SEALER.seal(data, about=about)
    assert SEALER.open(sealed, about=about) == data
    assert len(data) < 8 or data not in sealed
    assert SEALER.seal(data, about=about) != sealed


@given(st.binary(min_size=1, max_size=50), st.data())
def test_no_changed_bit_is_accepted(data: bytes, draw: st.DataObject) -> None:
    sealed = bytearray(SEALER.seal(data, about="a"))
    sealed[draw.draw(st.integers(0, len(sealed) - 1))] ^= 1 << draw.draw(st.integers(0, 7))
    with pytest.raises(SealBroken):
        SEALER.open(bytes(sealed), about="a")


@given(st.binary(max_size=200))
def test_what_was_never_sealed_is_refused(data: bytes) -> None:
    for text in (data, b"AFS1" + data):
        with pytest.raises(SealBroken):
            SEALER.open(text, about="a")


def test_a_value_does_not_open_in_another_place() -> None:
    sealed = SEALER.seal(b"x", about="campaign_revisions/cmp_1/1")
    with pytest.raises(SealBroken, match="something else"):
        SEALER.open(sealed, about="campaign_revisions/cmp_2/1")


def test_keys_rotate_and_old_values_open_until_they_are_wrapped_anew() -> None:
    both = RingSealer(Ring(current="k2", keys={**RING.keys, "k2": b"2" * 32}))
    old = SEALER.seal(b"brief", about="a")
    assert both.open(old, about="a") == b"brief"
    anew = both.rewrap(old)
    only_new = RingSealer(Ring(current="k2", keys={"k2": b"2" * 32}))
    assert only_new.open(anew, about="a") == b"brief"
    assert both.rewrap(anew) == anew
    with pytest.raises(SealBroken, match="'k1' is not on the ring"):
        only_new.open(old, about="a")
    with pytest.raises(SealBroken):
        RingSealer(replace(RING, keys={"k1": b"9" * 32})).open(old, about="a")


def test_derived_keys_differ_by_purpose_and_keep_the_old_ones() -> None:
    both = RingSealer(Ring(current="k2", keys={**RING.keys, "k2": b"2" * 32}))
    assert both.derive("urls")[1] == SEALER.derive("urls")[0]
    assert len({*both.derive("urls"), *both.derive("cookies"), *RING.keys.values()}) == 5
    assert [len(key) for key in both.derive("urls")] == [32, 32]


# -- the ring's file ----------------------------------------------------------------------------------------------------


def test_a_ring_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    sealed = wire.sealer(settings).seal(b"x", about="a")
    assert wire.sealer(settings).open(sealed, about="a") == b"x"
    path = tmp_path / "home" / "keyring.toml"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [p.name for p in path.parent.iterdir()] == ["keyring.toml"]


def test_a_ring_that_is_set_is_never_made(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        wire.sealer(Settings(home=tmp_path, key_ring=tmp_path / "other.toml"))


def test_a_new_key_becomes_current_and_the_old_ones_stay(tmp_path: Path) -> None:
    first = add_key(tmp_path / "ring.toml")
    second = add_key(tmp_path / "ring.toml")
    assert second.current != first.current
    assert open_ring(tmp_path / "ring.toml") == second
    assert set(second.keys) == {first.current, second.current}
    assert not any(key.hex() in repr(second) for key in second.keys.values())


@pytest.mark.parametrize("text", ["", "current = 1", 'current = "a"\n[keys]\nb = "AA=="', 'current = "a"\n[keys]\na = "AA=="', 'current = "a"\n[keys]\na = "!"', "\x00"])
def test_a_wrong_ring_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "ring.toml"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(UsageError):
        open_ring(path)


@pytest.mark.parametrize("mode", [0o604, 0o666, 0o660])
def test_a_ring_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    add_key(tmp_path / "ring.toml")
    (tmp_path / "ring.toml").chmod(mode)
    with pytest.raises(UsageError, match="open to others"):
        open_ring(tmp_path / "ring.toml")


_MAKE = "import sys; from pathlib import Path; from affiche.adapters.seal import open_ring; print(open_ring(Path(sys.argv[1]), create=True).current)"


def test_processes_that_start_at_once_agree_on_one_ring(tmp_path: Path) -> None:
    started = [subprocess.Popen([sys.executable, "-c", _MAKE, str(tmp_path / "r.toml")], stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert len({process.communicate(timeout=60)[0] for process in started}) == 1


@pytest.mark.logs
def test_a_ring_that_changes_is_read_anew_and_a_wrong_one_changes_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "ring.toml"
    first = add_key(path).current
    running = RingSealer(open_ring(path), WatchedRing(path))
    old = running.seal(b"brief", about="a")
    second = add_key(path).current
    elsewhere = RingSealer(open_ring(path)).seal(b"newer", about="a")
    assert (running.open(elsewhere, about="a"), running.open(old, about="a")) == (b"newer", b"brief")
    assert running.key_id == second != first, "what is sealed from now on has the new key"
    good = path.read_text()
    path.write_text("no ring")
    assert running.open(elsewhere, about="a") == b"newer"
    assert "the key ring changed and is not used" in caplog.text
    path.unlink()
    assert running.open(elsewhere, about="a") == b"newer"
    path.write_text(good.replace(second, "k_other"))
    path.chmod(0o600)
    assert running.key_id == "k_other"
