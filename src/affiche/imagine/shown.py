"""Shown: which pictures of the brand's style an offer is shown, and what is said of them.

An offer that takes none, or whose prompt would become too long, is asked without; one that cannot work without is shown one in
any case. Pure: a crash does not change what is sent.
"""

from __future__ import annotations

from dataclasses import replace

from affiche.values.imagery import Capabilities, ImageRequest


def shown_to(request: ImageRequest, can: Capabilities) -> ImageRequest:
    """`request` with as many style pictures as an offer takes, the first ones, before their bytes are there or after."""
    given = [reference for reference in request.references if reference.role == "style"]
    most = min(can.references.get("style", 0), max(len(given), len(request.style)))
    if most:
        said = f"{request.prompt}\n{_said(most)}"
        fits = not can.max_prompt or len(said) <= can.max_prompt
        most = most if fits or "style" in can.needs else 0
        request = replace(request, prompt=said) if fits else request
    left = frozenset(map(id, given[most:]))
    kept = tuple(reference for reference in request.references if id(reference) not in left)
    return replace(request, references=kept, style=request.style[:most])


def styles_in(request: ImageRequest) -> int:
    """How many pictures of the style go along."""
    return sum(reference.role == "style" for reference in request.references)


def _said(count: int) -> str:
    one = count == 1
    return (
        f"The {'picture that goes' if one else f'{count} pictures that go'} along {'shows' if one else 'show'} the style of the "
        "brand: follow light, colours and mood, and copy nothing that is in them."
    )
