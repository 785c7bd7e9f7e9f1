"""Awaited: a picture that another build is buying at this moment is waited for, and then it is there for nothing.

Who begins a call first buys; the journal sees to that. The others look every half second whether it has ended, for as long as
`PATIENCE_S`. Then the picture is there, or it could not be used and the next one tries, or nobody knows and nobody pays again.
"""

from __future__ import annotations

from collections.abc import Callable

from affiche.errors import UnderWay
from affiche.imagine.route import Desk, Obtained, Order, obtain
from affiche.values.imagery import ImageRequest

#: How long another build is waited for: as long as the most patient provider, with three takes of the usual length.
PATIENCE_S, _LOOK_S = 300.0, 0.5


async def obtained(request: ImageRequest, order: Order, desk: Desk, there: Callable[[], bool]) -> Obtained | None:
    """The picture; None when another build bought it meanwhile and it is `there`. Raises what `obtain` raises.

    UnderWay when another build is not done within `PATIENCE_S`.
    """
    until = desk.clock() + PATIENCE_S
    while True:
        while _others(request, order, desk) and desk.clock() < until:
            await desk.limits.sleep(_LOOK_S)
        if there():
            return None
        try:
            return await obtain(request, order, desk)
        except UnderWay:
            if desk.clock() >= until:
                raise


def _others(request: ImageRequest, order: Order, desk: Desk) -> bool:
    """Whether another build that is at work has asked for this picture and has no answer yet."""
    calls = desk.journal.calls(key=request.key, states=("sent",))
    return any(call.intent.owner != order.owner and desk.journal.living(call.intent.owner) for call in calls)
