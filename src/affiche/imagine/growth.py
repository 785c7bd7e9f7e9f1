"""Growth: how large a given picture is sent to a provider, and how many times larger it must come back. Pure, and light to load.

The plan asks here whether a picture must be enlarged; `mend.py` does it, with libraries that a plan need not load.
"""

from __future__ import annotations

from affiche.values.geometry import Size

#: Longest side, px, of what is sent to be freed: alpha needs no more.
SENT_MOST = 2048
#: An enlarged picture has at most this side, px.
_LONGEST = 3840


def shown_to(photo: Size) -> Size:
    """How large a picture is sent to be freed."""
    scale = min(1.0, SENT_MOST / max(photo.width, photo.height))
    return Size(width=max(1, round(photo.width * scale)), height=max(1, round(photo.height * scale)))


def growth(photo: Size, shown: Size, limit: float) -> int:
    """How many times larger, a side, `photo` must be so that `shown` enlarges it at most `limit` times: 1, 2 or 4."""
    need = max(shown.width / photo.width, shown.height / photo.height) / limit
    if need <= 1:
        return 1
    room = _LONGEST / max(photo.width, photo.height)
    return next((times for times in (2, 4) if need <= times <= room), 2 if room >= 2 else 1)
