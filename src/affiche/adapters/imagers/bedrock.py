"""Amazon Bedrock: Stability's models by `invoke_model`, in threads (boto3 is synchronous), one attempt (`total_max_attempts` 1).

A filtered picture comes with status 200 and a word in `finish_reasons`. Nova Canvas and Titan are gone and not here.
Credentials are those of the usual AWS chain, or `AWS_BEARER_TOKEN_BEDROCK`. boto3 goes to the hosts of AWS by itself, not
through the guarded fetcher: the region is the operator's, nothing else of the address. Shapes: Stability on Bedrock, read
2026-11.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from threading import Lock
from typing import Any

from affiche.adapters.imagers.body import b64
from affiche.adapters.imagers.exchange import MAX_ANSWER_BYTES, Access
from affiche.adapters.imagers.outcome import decoded, picture, refuse_misfit
from affiche.adapters.imagers.pixels import refuse_other_size
from affiche.adapters.imagers.refusal import Stage, blocked
from affiche.adapters.imagers.stability import fields_of
from affiche.errors import (
    AccessRefused,
    BadOutput,
    ModelRetired,
    ProviderError,
    ProviderTimeout,
    ProviderUnavailable,
    QuotaExhausted,
    RateLimited,
    RequestRefused,
)
from affiche.ports import Fetcher
from affiche.values.imagery import ImageRequest, ImageResult, Offer

_STRENGTH = 0.6
_BLOCKED = ("content filter", "blocked by", "content polic")
_CODES: dict[str, type[ProviderError]] = {
    "AccessDeniedException": AccessRefused, "UnrecognizedClientException": AccessRefused, "ExpiredTokenException": AccessRefused,
    "ResourceNotFoundException": ModelRetired, "ThrottlingException": RateLimited, "ModelNotReadyException": RateLimited,
    "ModelTimeoutException": ProviderTimeout, "InternalServerException": ProviderUnavailable,
    "ServiceUnavailableException": ProviderUnavailable, "ValidationException": RequestRefused,
    "ServiceQuotaExceededException": QuotaExhausted, "ModelErrorException": BadOutput,
}  # fmt: skip
_STATUS: dict[int, type[ProviderError]] = {
    401: AccessRefused, 402: QuotaExhausted, 403: AccessRefused, 408: ProviderTimeout, 429: RateLimited, 502: ProviderTimeout,
    504: ProviderTimeout,
}  # fmt: skip
_TEXT = frozenset({"prompt", "negative_prompt", "seed", "aspect_ratio"})
#: Part of the model id -> fields of its body.
_TAKES: dict[str, frozenset[str]] = {
    "stable-image-core": _TEXT, "stable-image-ultra": _TEXT, "sd3-5": _TEXT | {"image"},
    "remove-background": frozenset({"image"}), "inpaint": frozenset({"prompt", "negative_prompt", "seed", "image", "mask"}),
    "outpaint": frozenset({"prompt", "seed", "image", "margins"}), "fast-upscale": frozenset({"image"}),
    "conservative-upscale": frozenset({"prompt", "negative_prompt", "seed", "image"}),
    "style-guide": _TEXT | {"image"}, "control-structure": frozenset({"prompt", "negative_prompt", "seed", "image"}),
}  # fmt: skip


class Bedrock:
    """Pictures by Stability's models on Amazon Bedrock. Options: `region`, `endpoint_url`. Secrets: `id`, `secret`, `token`."""

    provider = "bedrock"

    def __init__(self, access: Access, _: Fetcher | None = None) -> None:
        self._access = access
        self._clients: dict[str, Any] = {}
        self._making = Lock()

    async def make(
        self, request: ImageRequest, offer: Offer, *, on_job: Callable[[str], Awaitable[None]], job: str = ""  # noqa: ARG002
    ) -> ImageResult:
        refuse_misfit(request, offer)
        body = json.dumps(_body(request, offer))
        try:
            # The time limit of botocore is for each read: a slow drip would never end.
            async with asyncio.timeout(self._access.timeout_s):
                data, request_id = await asyncio.to_thread(self._invoke, offer.model, body)
        except TimeoutError:
            raise ProviderTimeout(f"bedrock did not answer within {self._access.timeout_s:g} s", provider=self.provider) from None
        told = self._json(data)
        reasons = [str(reason) for reason in told.get("finish_reasons") or () if reason]
        if reasons:
            return self._refuse(reasons[0], request_id)
        images, seeds = told.get("images"), told.get("seeds")
        seed = seeds[0] if isinstance(seeds, list) and seeds and isinstance(seeds[0], int) else None
        first = images[0] if isinstance(images, list) and images else None
        return picture(decoded(first, provider=self.provider), request, offer, seed=seed, request_id=request_id)

    async def health(self) -> str:
        """Whether the credentials may list models: free."""
        try:
            await asyncio.to_thread(lambda: self._client("bedrock").list_foundation_models(byOutputModality="IMAGE"))
        except Exception as error:  # noqa: BLE001 (whatever is wrong is what was asked for)
            return str(self._error(error))[:200]
        return "ok"

    async def close(self) -> None:
        for client in self._clients.values():
            client.close()

    # -- inside -----------------------------------------------------------------------------------------------------------

    def _invoke(self, model: str, body: str) -> tuple[bytes, str]:
        """Runs in a thread. Raises ProviderError."""
        try:
            answer = self._client("bedrock-runtime").invoke_model(
                modelId=model, body=body, contentType="application/json", accept="application/json"
            )
        except Exception as error:  # noqa: BLE001 (of botocore or urllib3, whose trees are their own)
            raise self._error(error) from None
        request_id = str(answer["ResponseMetadata"].get("RequestId") or "")
        try:
            data = answer["body"].read(MAX_ANSWER_BYTES + 1)
        except Exception as error:  # noqa: BLE001
            raise BadOutput(f"bedrock answered and broke off: {type(error).__name__}", provider=self.provider) from None
        if len(data) > MAX_ANSWER_BYTES:
            raise BadOutput("bedrock answered with more than we read", provider=self.provider, request_id=request_id)
        return data, request_id

    def _client(self, name: str) -> Any:
        import boto3
        from botocore.config import Config

        with self._making:  # creating clients is not thread-safe
            if name not in self._clients:
                access = self._access
                given = {n: access.secret(s) or None for n, s in _CREDENTIALS.items()}
                self._clients[name] = boto3.client(
                    name, region_name=access.options.get("region") or None, endpoint_url=access.options.get("endpoint_url"),
                    config=Config(read_timeout=access.timeout_s, connect_timeout=15, retries={"total_max_attempts": 1}), **given,
                )  # fmt: skip
            return self._clients[name]

    def _json(self, data: bytes) -> dict[str, Any]:
        try:
            told = json.loads(data)
        except ValueError:
            told = None
        if not isinstance(told, dict):
            raise BadOutput("bedrock answered with something that is no JSON object", provider=self.provider)
        return told

    def _refuse(self, reason: str, request_id: str) -> ImageResult:
        words = reason.lower()
        if "filter" not in words:
            raise BadOutput(f"bedrock made no picture: {reason[:100]}", provider=self.provider, request_id=request_id)
        stage: Stage = "output" if "output" in words else "input"
        raise blocked(self.provider, f"bedrock: {reason[:100]}", stage=stage, request_id=request_id)

    def _error(self, error: Exception) -> ProviderError:
        """`error` of botocore as one of ours."""
        from botocore import exceptions
        from botocore.parsers import ResponseParserError

        if isinstance(error, exceptions.ClientError):
            return self._told(error)
        surely = (exceptions.EndpointConnectionError, exceptions.ConnectTimeoutError, exceptions.ProxyConnectionError)
        keys = (exceptions.NoCredentialsError, exceptions.PartialCredentialsError, exceptions.NoRegionError)
        kind: type[ProviderError] = ProviderTimeout
        if isinstance(error, surely):
            kind = ProviderUnavailable
        elif isinstance(error, keys):
            kind = AccessRefused
        elif isinstance(error, exceptions.ParamValidationError):
            kind = RequestRefused
        elif isinstance(error, ResponseParserError):
            kind = BadOutput
        return kind(f"bedrock: {type(error).__name__}: {str(error)[:200]}", provider=self.provider)

    def _told(self, error: Any) -> ProviderError:
        """A typed answer: by its code, else by its status."""
        told, meta = error.response.get("Error", {}), error.response.get("ResponseMetadata", {})
        status, code = int(meta.get("HTTPStatusCode") or 0), str(told.get("Code") or "")
        message, id = f"bedrock: {code}: {str(told.get('Message') or '')[:200]}", str(meta.get("RequestId") or "")
        kind = _CODES.get(code) or _STATUS.get(status) or (ProviderUnavailable if status >= 500 else RequestRefused)
        if code == "ValidationException" and any(word in message.lower() for word in _BLOCKED):
            return blocked(self.provider, message, words=message.lower(), request_id=id)
        if kind is ModelRetired and "not found" in message.lower() and status != 404:
            kind = RequestRefused
        if kind is RateLimited:
            after = str((meta.get("HTTPHeaders") or {}).get("retry-after") or "")
            seconds = float(after) if after.isdigit() else None
            return RateLimited(message, retry_after_s=seconds, provider=self.provider, request_id=id)
        return kind(message, provider=self.provider, request_id=id)


_CREDENTIALS = {"aws_access_key_id": "id", "aws_secret_access_key": "secret", "aws_session_token": "token"}


def _body(request: ImageRequest, offer: Offer) -> dict[str, Any]:
    model = offer.model
    takes = next(takes for part, takes in _TAKES.items() if part in model)
    body = {**fields_of(request, offer, takes), "output_format": "png"}
    shown = request.source or next(iter(request.references), None)
    if shown is not None and "image" in takes:
        body["image"] = b64(shown.data)
        if request.mask is not None:
            refuse_other_size(request.mask, shown.data)
            body["mask"] = b64(request.mask)
    if "sd3-5" in model:
        body["mode"] = "text-to-image" if shown is None else "image-to-image"
        if shown is not None:
            body["strength"] = _STRENGTH
            body.pop("aspect_ratio", None)
    return body
