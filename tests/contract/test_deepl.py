"""DeepL over a real socket, against a double that answers as its API does: words to keep come back untouched."""

from __future__ import annotations

import asyncio
import re

import pytest

from affiche import errors
from affiche.adapters.writers.access import Access
from affiche.adapters.writers.deepl import target_language
from affiche.adapters.writers.table import open_writer
from affiche.values.writing import WriteRequest, Written
from tests.contract.kit_writers import KEY, Double, Reply, Seen, serving

REQUEST = WriteRequest(
    task="transcreate", instructions="",
    data={
        "source_locale": "en-US", "target_locale": "pt-BR", "formality": "informal", "keep": ["Verde & Co"], "glossary": {"can": "lata"},
        "texts": {"headline": {"text": "Verde & Co: one can for {price}"}, "cta": {"text": "Find a can"}},
    },
    answer={},
)  # fmt: skip


def _shouting(seen: Seen) -> Reply:
    """Translates by shouting, and leaves alone what stands in `<k>`, as DeepL does."""
    def shout(text: str) -> str:
        return "".join(part if part.startswith("<k>") else part.upper().replace("&AMP;", "&amp;") for part in re.split(r"(<k>.*?</k>)", text))

    rows = [{"detected_source_language": "EN", "text": shout(text), "billed_characters": len(text)} for text in seen.body["text"]]
    return Reply(body={"translations": rows})


def ask(double: Double, request: WriteRequest = REQUEST, timeout_s: float = 5.0) -> Written:
    async def once() -> Written:
        writer = open_writer("deepl", "default", Access(key=KEY, base_url=double.url, timeout_s=timeout_s))
        try:
            return await writer.write(request)
        finally:
            await writer.close()

    return asyncio.run(once())


def test_names_terms_and_placeholders_survive() -> None:
    with serving(_shouting) as double:
        written = ask(double)
    assert written.answer == {"texts": {"headline": "Verde & Co: ONE lata FOR {price}", "cta": "FIND A lata"}}
    body = double.seen[0].body
    assert (body["source_lang"], body["target_lang"], body["formality"]) == ("EN", "PT-BR", "prefer_less")
    assert double.seen[0].headers["authorization"] == f"DeepL-Auth-Key {KEY}"
    assert written.characters == sum(len(text) for text in body["text"])


def test_other_tasks_are_refused_before_anything_is_sent() -> None:
    with serving(_shouting) as double, pytest.raises(errors.CapabilityError):
        ask(double, WriteRequest(task="shorten", instructions="", data={}, answer={}))
    assert not double.seen


@pytest.mark.parametrize(
    ("reply", "error", "billed"),
    [
        (Reply(429, {"message": "Too many requests"}, {"retry-after": "3"}), errors.RateLimited, False),
        (Reply(456, {"message": "Quota exceeded"}), errors.QuotaExhausted, False),
        (Reply(403, {"message": "Authorization failure"}), errors.AccessRefused, False),
        (Reply(400, {"message": "Value for 'target_lang' not supported."}), errors.RequestRefused, False),
        (Reply(503, {"message": "Resource currently unavailable"}), errors.ProviderUnavailable, False),
        (Reply(fault="text"), errors.BadOutput, True),
        (Reply(body={"translations": []}), errors.BadOutput, True),
        (Reply(body={"translations": []}, fault="half"), errors.ProviderTimeout, None),
        (Reply(body={}, fault="slow"), errors.ProviderTimeout, None),
    ],
)
def test_failures_are_typed(reply: Reply, error: type[errors.ProviderError], billed: bool | None) -> None:
    with serving(reply) as double, pytest.raises(error) as caught:
        ask(double, timeout_s=0.5)
    assert caught.value.billed is billed
    if isinstance(caught.value, errors.RateLimited):
        assert caught.value.retry_after_s == 3.0


@pytest.mark.parametrize(
    ("tag", "name"),
    [("de-AT", "DE"), ("en-GB", "EN-GB"), ("en-AU", "EN-US"), ("pt-PT", "PT-PT"), ("pt-BR", "PT-BR"), ("zh-TW", "ZH-HANT"),
     ("zh-Hant-HK", "ZH-HANT"), ("zh-CN", "ZH-HANS"), ("es-MX", "ES-419"), ("es-ES", "ES"), ("nb-NO", "NB")],
)  # fmt: skip
def test_target_languages(tag: str, name: str) -> None:
    assert target_language(tag) == name


