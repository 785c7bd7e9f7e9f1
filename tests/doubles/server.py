"""A small HTTP/1.1 server that can also misbehave: what real servers, gateways and networks do to a paid request."""

from __future__ import annotations

import asyncio
import email.policy
import json
import socket
import struct
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from email.parser import BytesParser
from typing import Any, Literal
from urllib.parse import parse_qsl, urlsplit

#: What can go wrong. `unread` resets before the body was read, `reset` after it, `hang` never answers, `half` stops in the middle
#: of the body, `drip` sends a byte now and then, `html` is a web page with status 200, `huge` a picture that says it is enormous.
Fault = Literal["", "refuse", "unread", "reset", "hang", "half", "drip", "html", "huge", "flood", "429", "429-after", "500", "503", "504", "401", "402", "404"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes = field(repr=False)

    def json(self) -> Any:
        if self.headers.get("content-type", "").partition(";")[0] != "application/json":
            raise Refuse(415, f"content type {self.headers.get('content-type')!r}, not JSON")
        try:
            return json.loads(self.body)
        except ValueError:
            raise Refuse(400, "the body is no JSON") from None

    def form(self) -> tuple[dict[str, str], list[tuple[str, str, str, bytes]]]:
        """(fields, files as (field, file name, media type, bytes)) of a multipart body."""
        kind = self.headers.get("content-type", "")
        if not kind.startswith("multipart/form-data"):
            raise Refuse(415, f"content type {kind!r}, not multipart/form-data")
        raw = b"Content-Type: " + kind.encode() + b"\r\n\r\n" + self.body
        message = BytesParser(policy=email.policy.HTTP).parsebytes(raw)
        fields, files = {}, []
        for part in message.iter_parts():
            name = str(part.get_param("name", header="content-disposition"))
            data = part.get_payload(decode=True) or b""
            if part.get_filename() is None:
                if name in fields:
                    raise Refuse(400, f"the field {name} stands twice")
                fields[name] = data.decode()
            else:
                files.append((name, part.get_filename() or "", part.get_content_type(), data))
        return fields, files


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    status: int = 200
    body: bytes = b""
    media_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


class Refuse(Exception):
    """The double does not accept a request; the provider's own shape of the error is made by its double."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def reply_json(value: Any, status: int = 200, **headers: str) -> Reply:
    return Reply(status=status, body=json.dumps(value).encode(), headers={k.replace("_", "-"): v for k, v in headers.items()})


Respond = Callable[[Request], Awaitable[Reply] | Reply]


@dataclass(slots=True, kw_only=True)
class Server:
    """Serves `respond`. `fault(request)` says what happens to a request instead of, or to, its answer; it may change in flight."""

    respond: Respond
    fault: Callable[[Request], Fault] = lambda request: ""
    seen: list[Request] = field(default_factory=list)
    port: int = 0
    _open: set[asyncio.StreamWriter] = field(default_factory=set)
    _serving: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @asynccontextmanager
    async def running(self, port: int = 0) -> AsyncIterator[Server]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", port, limit=2**26)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            for writer in self._open:
                writer.transport.abort()
            for task in self._serving:
                task.cancel()
            await asyncio.gather(*self._serving, return_exceptions=True)

    @contextmanager
    def threaded(self) -> Iterator[Server]:
        """Serves from a thread of its own, for whoever runs more than one loop meanwhile."""
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever, name="double", daemon=True)
        thread.start()
        running = self.running()
        asyncio.run_coroutine_threadsafe(running.__aenter__(), loop).result(10)
        try:
            yield self
        finally:
            asyncio.run_coroutine_threadsafe(running.__aexit__(None, None, None), loop).result(10)
            loop.call_soon_threadsafe(loop.stop)
            thread.join(10)
            loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(writer)
        self._serving.add(task)
        try:
            await self._answer(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        except asyncio.CancelledError:
            pass
        finally:
            writer.close()
            self._open.discard(writer)
            self._serving.discard(task)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        method, target, headers = await _head(reader)
        url = urlsplit(target)
        early = Request(method=method, path=url.path, query=dict(parse_qsl(url.query)), headers=headers, body=b"")
        if self.fault(early) == "unread":
            _reset(writer)
            return
        if headers.get("expect", "").lower() == "100-continue":
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request = Request(method=method, path=url.path, query=early.query, headers=headers, body=await _body(reader, headers))
        self.seen.append(request)
        fault = self.fault(request)
        if fault in ("hang", "reset"):
            await self._reply(request)  # the provider does its work, and charges, all the same
            if fault == "hang":
                await asyncio.sleep(3600)
            _reset(writer)
            return
        reply = FAULTY[fault] if fault in FAULTY else await self._reply(request)
        await _send(writer, reply, fault)

    async def _reply(self, request: Request) -> Reply:
        made = self.respond(request)
        return made if isinstance(made, Reply) else await made


async def _head(reader: asyncio.StreamReader) -> tuple[str, str, dict[str, str]]:
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, target, _ = lines[0].split(" ")
    pairs = (line.partition(":") for line in lines[1:] if line)
    return method, target, {name.strip().lower(): value.strip() for name, _, value in pairs}


async def _body(reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
    if headers.get("transfer-encoding", "").lower() != "chunked":
        return await reader.readexactly(int(headers.get("content-length", "0")))
    data = b""
    while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
        data += await reader.readexactly(size)
        await reader.readexactly(2)
    await reader.readuntil(b"\r\n")
    return data


def _reset(writer: asyncio.StreamWriter) -> None:
    """RST instead of FIN: what a dying peer or a firewall does."""
    sock = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def _send(writer: asyncio.StreamWriter, reply: Reply, fault: Fault) -> None:
    headers = {"Content-Type": reply.media_type, "Content-Length": str(len(reply.body)), "Connection": "close", **reply.headers}
    head = f"HTTP/1.1 {reply.status} X\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers.items()) + "\r\n"
    writer.write(head.encode("latin-1"))
    if fault == "half":
        writer.write(reply.body[: max(1, len(reply.body) // 2)])
    elif fault == "drip":
        for at in range(len(reply.body)):
            writer.write(reply.body[at : at + 1])
            await writer.drain()
            await asyncio.sleep(0.05)
    else:
        writer.write(reply.body)
    await writer.drain()


def enormous_png() -> bytes:
    """A PNG of 60 kB that says it has 40,000 x 40,000 pixels: decoding it would take 6 GB."""
    import zlib

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 40_000, 40_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(60_000))) + chunk(b"IEND", b"")


#: Faults that are whole answers.
FAULTY: dict[str, Reply] = {
    "html": Reply(body=b"<!doctype html><title>Welcome to our proxy</title>", media_type="text/html"),
    "flood": Reply(body=bytes(100_000), media_type="application/octet-stream", headers={"Content-Length": "70000000"}),
    "429": reply_json({"error": {"message": "slow down"}}, 429),
    "429-after": reply_json({"error": {"message": "slow down"}}, 429, Retry_After="7"),
    "500": reply_json({"error": {"message": "oops"}}, 500),
    "503": Reply(status=503, body=b"upstream down", media_type="text/plain"),
    "504": Reply(status=504, body=b"<html>gateway time-out</html>", media_type="text/html"),
    "401": reply_json({"error": {"message": "invalid api key"}}, 401),
    "402": reply_json({"error": {"message": "payment required"}}, 402),
    "404": reply_json({"error": {"message": "not found"}}, 404),
}
