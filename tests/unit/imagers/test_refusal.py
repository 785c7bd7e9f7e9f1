"""What error answers mean: wherever a provider puts its code and its words, and whatever it says about waiting."""

from __future__ import annotations

import json
import pickle

import pytest

from affiche.adapters.imagers.refusal import Signs, refusal, retry_after, told
from affiche.errors import (
    AccessRefused,
    ContentBlocked,
    ModelRetired,
    ProviderTimeout,
    ProviderUnavailable,
    QuotaExhausted,
    RateLimited,
    RequestRefused,
)
from affiche.values.fetch import Fetched
from affiche.values.secret import Secret


def answer(status: int, body: object = b"", **headers: str) -> Fetched:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Fetched(url="", status=status, headers={k.replace("_", "-"): v for k, v in headers.items()}, media_type="", body=data)


@pytest.mark.parametrize(
    ("body", "message", "code"),
    [
        ({"error": {"message": "no", "code": "c", "type": "t"}}, "no", "c"),
        ({"error": "no"}, "no", None), ({"detail": "no"}, "no", None), ({"errors": ["a", "b"], "name": "n"}, "a; b", "n"),
        ({"detail": [{"msg": "no", "type": "t", "loc": ["x"]}]}, "no", "t"), ({"error_code": "c", "message": "no"}, "no", "c"),
        ({"title": "no", "status": 402}, "no", "402"), (b"<html>no</html>", "<html>no</html>", None), ([1], "[1]", None),
        ({"error": {"code": 404, "message": "no", "status": "NOT_FOUND"}}, "no", "NOT_FOUND"), (b"\xff\xfe", "\ufffd\ufffd", None),
        (None, "None", None), ({}, "", None),
    ],
)  # fmt: skip
def test_code_and_message_are_found_where_they_stand(body: object, message: str, code: str | None) -> None:
    said = told(answer(400, body))
    assert said.message == message and (code is None or code in said.codes)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, {}, RequestRefused), (401, {}, AccessRefused), (403, {}, AccessRefused), (402, {}, QuotaExhausted),
        (404, {}, RequestRefused), (408, {}, ProviderTimeout), (409, {}, RequestRefused), (410, {}, ModelRetired),
        (413, {}, RequestRefused), (422, {}, RequestRefused), (429, {}, RateLimited), (451, {}, ContentBlocked),
        (500, {}, ProviderUnavailable), (502, {}, ProviderTimeout), (503, {}, ProviderUnavailable), (504, {}, ProviderTimeout),
        (524, {}, ProviderTimeout), (529, {}, ProviderUnavailable), (307, {}, RequestRefused),
        (429, {"error": {"code": "insufficient_quota", "message": "x"}}, QuotaExhausted),
        (404, {"error": {"code": "model_not_found", "message": "x"}}, ModelRetired),
        (404, {"message": "models/x is no longer available"}, ModelRetired),
        (400, {"error": {"code": "Blocked", "message": "x"}}, ContentBlocked),
        (403, {"message": "A refused PICTURE"}, ContentBlocked),
    ],
)  # fmt: skip
def test_every_status_and_code_has_its_error(status: int, body: object, kind: type) -> None:
    signs = Signs(blocked_codes=frozenset({"blocked"}), blocked_words=("refused picture",))
    error = refusal(answer(status, body), signs, provider="p", clean=str)
    assert type(error) is kind and error.provider == "p" and str(status) in str(error)


@pytest.mark.parametrize(
    ("headers", "body", "seconds"),
    [
        ({"retry_after": "7"}, b"", 7.0), ({"retry_after": "0.5"}, b"", 0.5), ({}, b"", None), ({"retry_after": "soon"}, b"", None),
        ({"retry_after": "Wed, 25 Nov 2026 10:00:30 GMT", "date": "Wed, 25 Nov 2026 10:00:00 GMT"}, b"", 30.0),
        ({"retry_after": "Wed, 25 Nov 2026 10:00:30 GMT"}, b"", None),
        ({"retry_after": "Wed, 25 Nov 2026 09:00:00 GMT", "date": "Wed, 25 Nov 2026 10:00:00 GMT"}, b"", 0.0),
        ({}, b'{"error":{"details":[{"retryDelay":"12.5s"}]}}', 12.5),
    ],
)  # fmt: skip
def test_how_long_to_wait(headers: dict[str, str], body: bytes, seconds: float | None) -> None:
    assert retry_after(answer(429, body, **headers)) == seconds


@pytest.mark.parametrize(
    ("message", "stage", "billed"),
    [("the prompt is bad", "input", False), ("the generated image is bad", "output", None), ("bad", "unknown", None),
     ("the input or output is bad", "unknown", None)],
)  # fmt: skip
def test_the_stage_of_a_refusal_decides_about_the_bill(message: str, stage: str, billed: bool | None) -> None:
    error = refusal(answer(451, {"message": message}), Signs(), provider="p", clean=str)
    assert isinstance(error, ContentBlocked) and (error.stage, error.billed) == (stage, billed)


def test_a_secret_shows_nowhere() -> None:
    secret = Secret("sk-0123456789")
    assert "0123" not in f"{secret} {secret!r} {[secret]} {{'a': secret}}"
    assert secret and not Secret() and secret.reveal() == "sk-0123456789"
    with pytest.raises(TypeError):
        pickle.dumps(secret)
