"""The profiles that ship with Affiche: the one place of this package that touches the disk (its own data files)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from affiche.check.profile import Profile, read_profile

_DATA = Path(__file__).parent / "profiles"


@cache
def shipped_profile(channel: str = "") -> Profile:
    """The default profile, extended by that of `channel` when there is one."""
    default = _read("default")
    return default.extended(_read(channel)) if channel and (_DATA / f"{channel}.toml").is_file() else default


def channel_profiles() -> tuple[Profile, ...]:
    """What the shipped profiles of channels change, without the default."""
    return tuple(_read(file.stem) for file in sorted(_DATA.glob("*.toml")) if file.stem != "default")


def _read(name: str) -> Profile:
    return read_profile((_DATA / f"{name}.toml").read_text(encoding="utf-8"))
