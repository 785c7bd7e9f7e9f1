"""Doubles of the providers of words: a local HTTP server that answers as each of them does, and misbehaves on request.

Shapes: OpenAI by its published description (requests are validated against it where it lies beside the checkout); the others as
their SDKs' types and recorded answers have them. No double knows whether an answer is good German.
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "k-secret-4711"


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server does: answers, or answers half, or slowly."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    fault: str = ""  # "half": closes inside the body; "slow": waits; "reset": closes at once; "text": not JSON


@dataclass(slots=True)
class Seen:
    path: str
    headers: dict[str, str]
    body: Any


@dataclass(slots=True)
class Double:
    """A running server: what it saw, and what it will say next (the last one again and again)."""

    url: str
    seen: list[Seen] = field(default_factory=list)
    script: list[Any] = field(default_factory=list)
    running: int = 0
    most: int = 0

    def say(self, *replies: Any) -> None:
        """`replies` are `Reply` values or functions of what was seen."""
        self.script[:] = replies


@contextmanager
def serving(*replies: Any) -> Iterator[Double]:
    """A double on a free local port."""
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            body = json.loads(self.rfile.read(length) or b"null")
            with lock:
                double.seen.append(Seen(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                reply = double.script[min(len(double.seen), len(double.script)) - 1]
                double.running += 1
                double.most = max(double.most, double.running)
            try:
                self._answer(reply(double.seen[-1]) if callable(reply) else reply)
            finally:
                with lock:
                    double.running -= 1

        def _answer(self, reply: Reply) -> None:
            data = b"<html>not what you think</html>" if reply.fault == "text" else json.dumps(reply.body).encode()
            if reply.fault == "slow":
                time.sleep(1.5)
            if reply.fault == "reset":
                self.close_connection = True
                self.connection.close()
                return
            self.send_response(reply.status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data[: len(data) // 2] if reply.fault == "half" else data)
            if reply.fault == "half":
                self.close_connection = True

        def handle(self) -> None:
            with contextlib.suppress(OSError):  # the client went away: that is what some tests want
                super().handle()

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    double = Double(f"http://127.0.0.1:{server.server_address[1]}", script=list(replies))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield double
    finally:
        server.shutdown()
        server.server_close()


@dataclass(frozen=True, slots=True)
class Kind:
    """A provider as the contract sees it: how it answers, refuses and fails, and what of a request says what."""

    provider: str
    model: str
    path: str
    good: Callable[[dict[str, Any]], Any]
    #: The request body -> (instructions, material).
    told: Callable[[Any], tuple[str, str]]
    refused: Reply
    limited: Any
    key: Callable[[dict[str, str]], str]
    suffix: str = ""


def _openai(answer: dict[str, Any]) -> Any:
    return _openai_message({"role": "assistant", "content": json.dumps(answer), "refusal": None}, "stop")


def _openai_message(message: dict[str, Any], reason: str) -> Any:
    choice = {"index": 0, "finish_reason": reason, "logprobs": None, "message": message}
    usage = {"prompt_tokens": 120, "completion_tokens": 30, "total_tokens": 150}
    return {"id": "chatcmpl-1", "object": "chat.completion", "created": 1764000000, "model": "m-1", "choices": [choice], "usage": usage}


def _anthropic(answer: dict[str, Any]) -> Any:
    block = {"type": "tool_use", "id": "toolu_1", "name": "answer", "input": answer}
    return _anthropic_message([block], "tool_use")


def _anthropic_message(content: list[Any], reason: str) -> Any:
    return {
        "id": "msg_1", "type": "message", "role": "assistant", "model": "m-1", "content": content, "stop_reason": reason,
        "stop_sequence": None, "usage": {"input_tokens": 120, "output_tokens": 30},
    }


def _google(answer: dict[str, Any]) -> Any:
    part = {"text": json.dumps(answer)}
    return {
        "candidates": [{"content": {"role": "model", "parts": [part]}, "finishReason": "STOP", "index": 0}],
        "usageMetadata": {"promptTokenCount": 120, "candidatesTokenCount": 30, "totalTokenCount": 150},
        "modelVersion": "m-1", "responseId": "resp-1",
    }


def _calls(answer: dict[str, Any]) -> list[Any]:
    return [{"id": "call00001", "type": "function", "function": {"name": "answer", "arguments": json.dumps(answer)}}]


def _mistral(answer: dict[str, Any]) -> Any:
    message = {"role": "assistant", "content": "", "tool_calls": _calls(answer)}
    return {
        "id": "cmpl-1", "object": "chat.completion", "created": 1764000000, "model": "m-1",
        "choices": [{"index": 0, "finish_reason": "tool_calls", "message": message}],
        "usage": {"prompt_tokens": 120, "completion_tokens": 30, "total_tokens": 150},
    }


def _cohere(answer: dict[str, Any]) -> Any:
    return {
        "id": "c-1", "finish_reason": "TOOL_CALL", "message": {"role": "assistant", "tool_calls": _calls(answer)},
        "usage": {"billed_units": {"input_tokens": 120, "output_tokens": 30}, "tokens": {"input_tokens": 120, "output_tokens": 30}},
    }


def _bedrock(answer: dict[str, Any]) -> Any:
    return _bedrock_message([{"toolUse": {"toolUseId": "t-1", "name": "answer", "input": answer}}], "tool_use")


def _bedrock_message(content: list[Any], reason: str) -> Any:
    return {
        "output": {"message": {"role": "assistant", "content": content}}, "stopReason": reason,
        "usage": {"inputTokens": 120, "outputTokens": 30, "totalTokens": 150}, "metrics": {"latencyMs": 5},
    }


def _text(content: Any) -> str:
    return content if isinstance(content, str) else "".join(part.get("text", "") for part in content)


def _chat_told(body: Any) -> tuple[str, str]:
    by_role = {message["role"]: _text(message["content"]) for message in body["messages"]}
    return by_role.get("system") or by_role.get("developer") or "", by_role["user"]


def _bearer(headers: dict[str, str]) -> str:
    return headers["authorization"].removeprefix("Bearer ")


def _http(status: int, body: Any, **headers: str) -> Callable[..., Reply]:
    def made(after: str = "") -> Reply:
        return Reply(status, body, {**headers, **({"retry-after": after} if after else {})})

    return made


KINDS: tuple[Kind, ...] = (
    Kind(
        "openai", "m-1", "/v1/chat/completions", _openai, _chat_told,
        Reply(400, {"error": {"message": "…", "type": "invalid_request_error", "param": "prompt", "code": "content_filter"}}),
        _http(429, {"error": {"message": "…", "type": "requests", "param": None, "code": "rate_limit_exceeded"}}), _bearer, "/v1",
    ),
    Kind(
        "compatible", "m-1", "/v1/chat/completions", _openai, _chat_told,
        Reply(200, _openai_message({"role": "assistant", "content": "", "refusal": None}, "content_filter")),
        _http(429, {"error": {"message": "…", "type": "requests", "param": None, "code": None}}), _bearer, "/v1",
    ),
    Kind(
        "anthropic", "m-1", "/v1/messages", _anthropic, lambda b: (_text(b["system"]), _text(b["messages"][0]["content"])),
        Reply(200, _anthropic_message([], "refusal")),
        _http(429, {"type": "error", "error": {"type": "rate_limit_error", "message": "…"}}), _bearer,
    ),
    Kind(
        "google", "m-1", "/v1beta/models/m-1:generateContent", _google,
        lambda b: (_text(b["systemInstruction"]["parts"]), _text(b["contents"][0]["parts"])),
        Reply(200, {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}, "usageMetadata": {"promptTokenCount": 120}, "modelVersion": "m-1"}),
        lambda after="": Reply(429, {"error": {"code": 429, "message": "…", "status": "RESOURCE_EXHAUSTED", "details": [
            {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": f"{after}s"}] if after else []}}),
        lambda h: h["x-goog-api-key"],
    ),
    Kind(
        "mistral", "m-1", "/v1/chat/completions", _mistral, _chat_told,
        Reply(403, {"object": "error", "message": "…", "type": "content_moderation", "code": "content_moderation"}),
        _http(429, {"object": "error", "message": "…", "type": "rate_limited", "code": "1300"}), _bearer,
    ),
    Kind(
        "cohere", "m-1", "/v2/chat", _cohere, _chat_told,
        Reply(200, {"id": "c-1", "finish_reason": "ERROR_TOXIC", "message": {"role": "assistant", "content": []}, "usage": {}}),
        _http(429, {"message": "…"}), _bearer,
    ),
    Kind(
        "bedrock", "m-1", "/model/m-1/converse", _bedrock, lambda b: (_text(b["system"]), _text(b["messages"][0]["content"])),
        Reply(200, _bedrock_message([{"text": "…"}], "guardrail_intervened")),
        _http(429, {"message": "…"}, **{"x-amzn-errortype": "ThrottlingException"}),
        lambda h: h["authorization"].partition("Credential=")[2].partition("/")[0],
    ),
)
