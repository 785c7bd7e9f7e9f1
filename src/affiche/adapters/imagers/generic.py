"""Generic: any HTTP provider that a TOML file describes: its request by templates, its answer by JSON pointers (RFC 6901).

For private gateways and for providers nobody wrote an adapter for. A value that is one word in braces (`"{width}"`) becomes the
value itself, a number stays a number; what has no value is left out. Words: prompt, negative, width, height, size, seed, quality,
model, operation, key (of the request, for idempotency), source, product, style, mask (base64), source_url ... (data URLs), left,
top, right, bottom (canvas to add), secret. Next: `description.py` for the file.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from affiche.adapters.imagers.body import Body, File, as_json, as_multipart, b64, data_url
from affiche.adapters.imagers.description import Description, pointed, read_description
from affiche.adapters.imagers.exchange import Access, Exchange
from affiche.adapters.imagers.jobs import finished
from affiche.adapters.imagers.outcome import decoded, picture, refuse_misfit
from affiche.adapters.imagers.provider import HttpImager
from affiche.adapters.imagers.refusal import Signs, blocked
from affiche.errors import CapabilityError, UsageError
from affiche.ports import Fetcher
from affiche.values.fetch import Fetched
from affiche.values.imagery import ImageRequest, ImageResult, Offer
from affiche.values.money import Money

_WORD = re.compile(r"\{([a-z_]+)\}")
_ABSENT = object()


class Generic(HttpImager):
    """Pictures by the provider that the option `description` (a file) describes."""

    def __init__(self, access: Access, fetcher: Fetcher) -> None:
        self._is = _described(Path(str(access.options.get("description") or "")))
        told = self._is
        headers = {name: value.replace("{secret}", access.secret("key")) for name, value in told.keys.items()}
        signs = Signs(
            blocked_codes=frozenset(code.lower() for code in told.blocked_codes), blocked_words=told.blocked_words,
            blocked_statuses=frozenset({451, *told.blocked_statuses}),
        )  # fmt: skip
        http = Exchange(access, fetcher, provider=access.provider or "generic", headers=headers, signs=signs)
        super().__init__(http, probe=told.health)

    async def make(
        self, request: ImageRequest, offer: Offer, *, on_job: Callable[[str], Awaitable[None]], job: str = ""
    ) -> ImageResult:
        refuse_misfit(request, offer)
        self._refuse_unused(request, offer)
        told, words = self._is, _words(request, offer)
        if not job:
            headers = {name: str(value) for name, value in _filled(told.headers, words).items()}
            path = str(_filled(told.path, words))
            answer = await self._http.pay(path, self._body(request, words), headers=headers, method=told.method)
            if not told.job_status:
                return await self._result(answer, request, offer)
            job = self._job(self._http.json(answer))
            await on_job(job)
        answer = await finished(self._http, lambda: self._ask(job))
        return await self._result(answer, request, offer)

    def _refuse_unused(self, request: ImageRequest, offer: Offer) -> None:
        """Raises CapabilityError when the description has no place for something that the request holds."""
        told = self._is
        places = {word.removesuffix("_url") for word in _WORD.findall(str([told.path, told.headers, told.body]))}
        places |= set(told.files.values())
        given: dict[str, object] = {
            "negative": request.negative, "seed": request.seed is not None, "mask": request.mask, "colors": request.colors,
            "transparent": request.transparent, "left": request.margins is not None,
        }  # fmt: skip
        given.update({reference.role: True for reference in request.references})
        missing = [word for word, value in given.items() if value and word not in places]
        if missing:
            raise CapabilityError(f"{offer.id}: its description has no place for {missing[0]}", hint="put {word} into its body")

    def _body(self, request: ImageRequest, words: Mapping[str, Any]) -> Body:
        fields = _filled(self._is.body, words)
        if self._is.kind == "json":
            return as_json(fields)
        files = []
        for field, role in self._is.files.items():
            found = next((r for r in request.references if r.role == role), None)
            if role == "mask" and request.mask is not None:
                files.append(File(field=field, name="mask.png", media_type="image/png", data=request.mask))
            elif found is not None:
                files.append(File(field=field, name=role, media_type=found.media_type, data=found.data))
        return as_multipart(fields, files)

    def _job(self, told: dict[str, Any]) -> str:
        """The address of the job: as told, or made from its id."""
        description = self._is
        url = pointed(told, description.job_url) if description.job_url else None
        if description.job_path:
            id = pointed(told, description.job_id)
            url = description.job_path.replace("{job}", str(id)) if isinstance(id, str | int) and str(id) else None
        if not isinstance(url, str) or not url:
            raise self._http.bad("took the job and gave nothing to ask for it by")
        return url

    async def _ask(self, job: str) -> Fetched | None:
        answer = await self._http.look(job)
        told = self._http.json(answer)
        status = str(pointed(told, self._is.job_status))
        if status in self._is.job_blocked:
            raise blocked(self.provider, f"{self.provider} refused the content: {status}")
        if status in self._is.job_failed:
            raise self._http.bad(f"ended the job with {status!r}")
        return answer if status in self._is.job_done else None

    async def _result(self, answer: Fetched, request: ImageRequest, offer: Offer) -> ImageResult:
        description, known = self._is, {"request_id": self._http.request_id(answer)}
        if description.image == "body":
            return picture(answer.body, request, offer, **known)
        told = self._http.json(answer)
        flag = pointed(told, description.blocked_flag) if description.blocked_flag else None
        if flag is True:
            raise blocked(self.provider, f"{self.provider} refused the content", stage="output")
        found = pointed(told, description.image)
        if description.image_is == "url":
            data = await self._http.fetch(found if isinstance(found, str) else "")
        else:
            data = decoded(found, provider=self.provider)
        seed, cost = pointed(told, description.seed), pointed(told, description.cost)
        paid = Money(amount=Decimal(str(cost)), currency=offer.price.currency) if isinstance(cost, int | float) else None
        return picture(data, request, offer, seed=seed if isinstance(seed, int) else None, paid=paid, **known)


def _described(path: Path) -> Description:
    try:
        return read_description(path.read_text(encoding="utf-8"), file=str(path))
    except OSError as error:
        hint = "set `description` of the provider to its file"
        raise UsageError(f"the description {str(path)!r} cannot be read: {error.strerror}", hint=hint) from None


def _words(request: ImageRequest, offer: Offer) -> dict[str, Any]:
    pictures = {r.role: r for r in reversed(request.references)}
    words: dict[str, Any] = {
        "prompt": request.prompt, "negative": request.negative or None, "width": request.size.width,
        "height": request.size.height, "size": str(request.size), "seed": request.seed, "quality": request.quality,
        "model": offer.model, "key": request.key, "colors": list(request.colors) or None,
        "transparent": request.transparent or None, "operation": request.operation,
        "mask": b64(request.mask) if request.mask else None,
    }  # fmt: skip
    if request.margins is not None:
        sides = request.margins
        words |= {"left": sides.left, "top": sides.top, "right": sides.right, "bottom": sides.bottom}
    for role in ("source", "product", "style", "structure"):
        found = pictures.get(role)
        words[role] = b64(found.data) if found else None
        words[f"{role}_url"] = data_url(found.data, found.media_type) if found else None
    return words


def _filled(item: Any, words: Mapping[str, Any]) -> Any:
    """`item` with words for braces; members without a value are left out."""
    if isinstance(item, dict | Mapping):
        filled = {name: _filled(value, words) for name, value in item.items()}
        return {name: value for name, value in filled.items() if value is not _ABSENT}
    if isinstance(item, list):
        return [value for value in (_filled(value, words) for value in item) if value is not _ABSENT]
    if not isinstance(item, str):
        return item
    whole = _WORD.fullmatch(item)
    if whole:
        value = words.get(whole[1])
        return _ABSENT if value is None else value
    return _WORD.sub(lambda match: "" if words.get(match[1]) is None else str(words[match[1]]), item)
