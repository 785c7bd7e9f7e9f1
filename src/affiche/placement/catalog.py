"""The catalog: finds placements by id, alias, ratio or size, and says what else could have been meant.

Channels are parsed when they are first needed, because most commands need two or three of them and the
command line must answer at once. The catalog is a value for its users: what it returns depends on the data
alone. Next: `read.py` for the data format, `custom.py` for `1200x630`, `shipped.py` for where the data lies.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from functools import cached_property
from typing import Literal

from affiche.errors import InputError
from affiche.placement.custom import canonical_shape, custom_placement
from affiche.placement.model import AspectClass, Placement
from affiche.placement.read import Channel, read_channel
from affiche.values.problem import Problem, Where

#: Files of `data/`, in the order in which placements are listed.
CHANNELS = (
    "meta", "tiktok", "google", "youtube", "linkedin", "x", "pinterest", "snapchat", "iab", "amazon", "dooh", "plain",
)  # fmt: skip
#: First part of an id -> its channel, where they differ.
_CHANNEL_OF = {"ratio": "plain", "size": "plain", "social": "plain"}


class UnknownPlacement(InputError):
    """There is no such placement."""

    code = "placement"


class Catalog:
    """All placements. `read_data(name)` gives the text of `data/<name>.toml`, asked at most once per file."""

    def __init__(self, read_data: Callable[[str], str]) -> None:
        self._read_data = read_data
        self._channels: dict[str, Channel] = {}
        self._known: dict[str, Placement] = {}

    def find(self, text: str) -> Placement:
        """The placement with this id, alias, ratio (`4:5`) or size (`1200x630`).

        Raises UnknownPlacement, with a hint, also for a row with several sizes (`iab.mobile_banner`).
        """
        found = self._known.get(text)
        if found is None:
            found = self._known[text] = self._find(text)
        return found

    def expand(self, text: str) -> tuple[Placement, ...]:
        """Like `find`, but a row with several sizes gives all of them."""
        channel = self._channel_of(_plain(text))
        if channel is not None:
            for row, ids in channel.groups.items():
                if _plain(row) == _plain(text):
                    return tuple(self.find(id) for id in ids)
        return (self.find(text),)

    def resolve(self, text: str, *, where: Where, stills: bool = True) -> tuple[Placement, ...] | Problem:
        """What `text` in a user's file stands for, or the problem to tell its author.

        With `stills`, rows that take video only are refused.
        """
        try:
            found = self.expand(text)
        except UnknownPlacement as error:
            return Problem(
                severity="error", code="placement.unknown", where=where, message=str(error), hint=error.hint
            )
        video = [placement for placement in found if stills and not placement.still]
        return self.refusal(video[0], where=where) if video else found

    def refusal(self, placement: Placement, *, where: Where) -> Problem:
        """The problem that a still cannot run in `placement`, naming the nearest placement where it can."""
        nearest = self.nearest_still(placement)
        return Problem(
            severity="error",
            code="placement.video-only",
            where=where,
            message=f"{placement.id} ({placement.name}) takes video only ({', '.join(placement.formats)})",
            hint=f"for a still picture of that shape use {' or '.join((*nearest.aliases[:1], nearest.id))}",
        )

    def nearest_still(self, placement: Placement) -> Placement:
        """The still placement closest to `placement`: shape first, then channel, then safe area."""
        homes = (placement.channel, "plain")

        def far(other: Placement) -> tuple[float, int, float]:
            shape = abs(other.size.ratio / placement.size.ratio - 1)
            home = homes.index(other.channel) if other.channel in homes else len(homes)
            return (round(shape, 1), home, abs(other.safe.bottom - placement.safe.bottom))

        return min((p for p in self.all() if p.still and not p.id.startswith("size.")), key=far)

    def all(self) -> tuple[Placement, ...]:
        """Every shipped placement, channel by channel."""
        return tuple(placement for name in CHANNELS for placement in self._channel(name).placements)

    def filter(
        self,
        *,
        channel: str = "",
        aspect_class: AspectClass | Literal[""] = "",
        media: Literal["image", "video", "both", ""] = "",
    ) -> tuple[Placement, ...]:
        """The shipped placements that meet every condition; `image` and `video` also find those that take both."""
        names = (channel.lower(),) if channel else CHANNELS
        return tuple(
            placement
            for name in names
            for placement in self._channel(name).placements
            if aspect_class in ("", placement.aspect_class)
            and (media in ("", placement.media) or placement.media == "both")
        )

    @property
    def aliases(self) -> dict[str, str]:
        """Alias -> placement id."""
        return dict(self._aliases)

    def channel_name(self, channel: str) -> str:
        """The name of a channel for people: `Meta`, `Google Ads`."""
        return self._channel(channel).name

    def _find(self, text: str) -> Placement:
        name = _plain(text)
        id = self._alias_index.get(name) or canonical_shape(text) or name
        channel = self._channel_of(_plain(id))
        if channel is not None:
            for placement in channel.placements:
                if _plain(placement.id) == _plain(id):
                    return placement
            for row, ids in channel.groups.items():
                if _plain(row) == _plain(id):
                    raise UnknownPlacement(
                        f"{row} comes in several sizes: {', '.join(ids)}", hint=f"write {ids[0]}"
                    )
        if canonical_shape(text):
            return self._custom(id)
        raise self._unknown(text)

    def _custom(self, shape: str) -> Placement:
        try:
            return custom_placement(shape)
        except ValueError as error:
            raise UnknownPlacement(str(error), hint="for example 1080x1080, 1200x630 or 4:5") from None

    def _unknown(self, text: str) -> UnknownPlacement:
        # Imported here: only a mistake pays for it.
        from difflib import get_close_matches

        for placement in self.all():
            if _plain(text) in (_plain(row) for row in placement.covers):
                message = (
                    f"{text} is not a placement of its own: it belongs to {placement.id} and comes with it"
                )
                return UnknownPlacement(message, hint=f"write {placement.id}")
        names = [
            *self._aliases,
            *(p.id for p in self.all()),
            *(row for c in self._channels.values() for row in c.groups),
        ]
        close = get_close_matches(_plain(text), [_plain(n) for n in names], n=3, cutoff=0.6)
        meant = [next(n for n in names if _plain(n) == match) for match in dict.fromkeys(close)]
        hint = (
            f"did you mean {' or '.join(meant)}?"
            if meant
            else "`affiche placements` lists them; 1080x1080 or 4:5 work too"
        )
        return UnknownPlacement(f"there is no placement {text!r}", hint=hint)

    def _channel_of(self, name: str) -> Channel | None:
        first = name.partition(".")[0]
        file = _CHANNEL_OF.get(first, first)
        return self._channel(file) if file in CHANNELS and "." in name else None

    def _channel(self, name: str) -> Channel:
        if name not in CHANNELS:
            raise UnknownPlacement(f"there is no channel {name!r}", hint=f"channels: {', '.join(CHANNELS)}")
        if name not in self._channels:
            self._channels[name] = read_channel(self._read_data(name), self._aliases_by_id)
        return self._channels[name]

    @cached_property
    def _aliases(self) -> dict[str, str]:
        return tomllib.loads(self._read_data("aliases"))

    @cached_property
    def _alias_index(self) -> dict[str, str]:
        return {_plain(alias): id for alias, id in self._aliases.items()}

    @cached_property
    def _aliases_by_id(self) -> dict[str, tuple[str, ...]]:
        by_id: dict[str, list[str]] = {}
        for alias, id in self._aliases.items():
            by_id.setdefault(id, []).append(alias)
        return {id: tuple(names) for id, names in by_id.items()}


def _plain(name: str) -> str:
    """How names are compared: capitals, `_`, `-` and blanks make no difference."""
    return name.strip().lower().replace("_", "-").replace(" ", "-")
