"""Length budgets:

how many characters of a locale's writing fit where a text will stand. Measured by the fit engine, never guessed. A sample of
the language, cut to length, takes the place of the text; the largest number that simply fits (no remedy) in every placement
that shows it is its budget. What has room for twice the source needs none. Different words of equal length differ in width,
so the budget is a good aim and no promise: the overflow report has the last word, and shortening follows it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache

from affiche.compose.compose import fit_report
from affiche.compose.request import ComposeRequest
from affiche.compose.typeset.locales import locales
from affiche.errors import PaintError
from affiche.plan.model import Plan
from affiche.plan.request import request_of
from affiche.ports import PictureInfo
from affiche.values.digest import Digest
from affiche.values.locale import Locale
from affiche.values.text import Text
from affiche.write.words import Want

#: The least that is asked for; below it, shorter words do not help.
_LEAST = 8
_ROOMY = 2.0


def budgets(plan: Plan, pictures: Mapping[Digest, PictureInfo], wants: Iterable[Want]) -> dict[Want, int]:
    """Want -> most characters; wants with room enough are left out."""
    found = {want: budget_of(plan, pictures, want) for want in wants}
    return {want: limit for want, limit in found.items() if limit}


def budget_of(plan: Plan, pictures: Mapping[Digest, PictureInfo], want: Want) -> int:
    """Most characters of `want` over all placements that show it; 0 when there is room enough, or nothing shows it."""
    enough = max(_LEAST, int(_ROOMY * len(want.source)))
    limit = enough
    for request in _requests(plan, pictures, want):
        if limit > _LEAST and not _fits(request, want.role, limit, want.locale):
            limit = _largest(request, want.role, limit, want.locale)
    return 0 if limit == enough else limit


def _requests(plan: Plan, pictures: Mapping[Digest, PictureInfo], want: Want) -> Iterator[ComposeRequest]:
    """One request for each placement and template that shows the text, in the first product that has it."""
    seen: set[tuple[str, str, str]] = set()
    for creative in plan.creatives:
        text = creative.words.words.get(want.role)
        shown = creative.id.locale == want.locale and (not want.product or creative.id.product == want.product)
        if text is None or not shown or not text.value:
            continue
        try:
            request = request_of(plan.part, creative, pictures)
        except PaintError:
            continue
        kind = (creative.id.placement, request.template.id, request.picture.kind if request.picture else "")
        if kind not in seen:
            seen.add(kind)
            yield request


def _largest(request: ComposeRequest, role: str, too_many: int, tag: str) -> int:
    """The largest number below `too_many` that fits, by halving; at least the least that makes sense."""
    low, high = _LEAST, too_many
    while high - low > 1:
        middle = (low + high) // 2
        if _fits(request, role, middle, tag):
            low = middle
        else:
            high = middle
    return low


def _fits(request: ComposeRequest, role: str, count: int, tag: str) -> bool:
    words = {name: text for name, text in request.words.items() if name != f"{role}_short"}
    words[role] = Text(value=_sample(tag, count), locale=tag)
    fits = [fit for fit in fit_report(replace(request, words=words)) if fit.slot == role]
    return all(fit.fits and not fit.remedy for fit in fits)


def _sample(tag: str, count: int) -> str:
    """`count` characters of what the language looks like."""
    text = _language_sample(tag)
    return (text * (count // len(text) + 1))[:count].rstrip().ljust(count, text[0])


@cache
def _language_sample(tag: str) -> str:
    wanted = Locale.parse(tag)
    same = [item for item in locales() if Locale.parse(item.tag).language == wanted.language]
    best = next((item for item in same if item.tag in wanted.fallbacks), same[0] if same else None)
    sample = best.sample if best is not None else "Lorem ipsum dolor sit amet"
    return sample if Locale.parse(tag).script in ("Jpan", "Hans", "Hant", "Thai", "Khmr", "Laoo", "Mymr") else f"{sample} "
