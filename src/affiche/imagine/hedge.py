"""Hedge: a second provider is asked when the first is slow, and whoever is quicker is taken. Only where an operator wants it.

It costs: who is overtaken may have made its picture already, so its call counts in full.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def quicker(
    first: Coroutine[Any, Any, T | None],
    pause: Callable[[], Awaitable[None]],
    another: Callable[[], Coroutine[Any, Any, T | None] | None],
    bearable: type[Exception],
) -> T | None:
    """What `first` gives, or, when it has given nothing after `pause`, what the quicker of it and `another` gives.

    None when both give nothing. A `bearable` error is raised when the other one has nothing better, any other error at once.
    Whoever is still at work when there is an end, or when this is cancelled, is cancelled and waited for.
    """
    tasks = [asyncio.ensure_future(first)]
    try:
        if not await _slow(tasks[0], pause):
            return tasks[0].result()
        other = another()
        tasks += [asyncio.ensure_future(other)] if other is not None else []
        return await _best(tasks, bearable)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _slow(task: asyncio.Future[T | None], pause: Callable[[], Awaitable[None]]) -> bool:
    """Whether `task` is still at work after the pause."""
    timer = asyncio.ensure_future(pause())
    try:
        both: set[asyncio.Future[Any]] = {task, timer}
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
    finally:
        timer.cancel()
    return not task.done()


async def _best(tasks: list[asyncio.Task[T | None]], bearable: type[Exception]) -> T | None:
    """The first that is something; else the bearable error of one; else None."""
    borne = None
    for ended in asyncio.as_completed(tasks):
        try:
            found = await ended
        except bearable as error:
            borne = error
            continue
        if found is not None:
            return found
    if borne is not None:
        raise borne
    return None


__all__ = ["quicker"]
