"""What every double of a provider has: a key it knows, the pictures it drew, the bills it wrote, and its ways to refuse content."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import jsonschema
from PIL import Image

from tests.doubles.server import Refuse, Reply, Request, reply_json

#: How content is refused: at once, as a finished picture that was filtered, or nothing of the kind.
REFUSALS = ("", "input", "output")


class Double:
    """A provider. `refusing`: what it says to the next picture. `bills`: one entry per picture that would be charged.

    `journal`: a file to which every bill is appended at once, for tests that kill the client.
    """

    name: ClassVar[str] = ""
    key: ClassVar[str] = "test-key-0123456789abcdef"
    #: Path below the server that is the base address of the provider.
    base: ClassVar[str] = "/"
    #: Options of the adapter besides.
    jobs: ClassVar[bool] = False

    def __init__(self, journal: Path | None = None) -> None:
        self.refusing = ""
        self.bills: list[str] = []
        self.asked = 0
        self.pending = 1
        self.url = ""
        self._journal = journal
        self._done: dict[str, Reply] = {}

    def respond(self, request: Request) -> Reply:
        try:
            return self.route(request)
        except Refuse as refused:
            return self.error(refused.status, str(refused))

    def route(self, request: Request) -> Reply:
        raise NotImplementedError

    def error(self, status: int, message: str) -> Reply:
        """The provider's own shape of an error."""
        return reply_json({"error": {"message": message}}, status)

    def pays(self, request: Request) -> bool:
        """Whether this is the request that may cost money."""
        return request.method == "POST"

    def fetches(self, request: Request) -> bool:
        """Whether this request asks for a finished picture."""
        return request.path.startswith("/files/")

    # -- for the doubles ------------------------------------------------------------------------------------------------

    def bill(self, what: str) -> None:
        self.bills.append(what)
        if self._journal is not None:
            with self._journal.open("a") as out:
                out.write(f"{self.name} {what}\n")

    def keep(self, data: bytes) -> str:
        """Address of a finished picture."""
        name = hashlib.sha256(data).hexdigest()[:16]
        self._done[name] = Reply(body=data, media_type="image/png")
        return f"{self.url}/files/{name}"

    def kept(self, request: Request) -> Reply:
        if any(name in request.headers for name in ("authorization", "x-key", "api-key", "x-api-key", "x-goog-api-key")):
            raise Refuse(400, "a key travelled to where finished pictures lie")
        return self._done.get(request.path.removeprefix("/files/"), Reply(status=404))


def need(condition: bool, message: str, status: int = 400) -> None:
    if not condition:
        raise Refuse(status, message)


def need_header(request: Request, name: str, value: str, status: int = 401) -> None:
    need(request.headers.get(name) == value, f"header {name} is missing or wrong", status)


def need_shape(value: Any, schema: dict[str, Any], status: int = 400) -> None:
    found = next(iter(jsonschema.Draft202012Validator(schema).iter_errors(value)), None)
    if found is not None:
        raise Refuse(status, f"{'/'.join(map(str, found.absolute_path)) or 'body'}: {found.message[:300]}")


def need_picture(data: bytes, *, alpha: bool | None = None) -> tuple[int, int]:
    try:
        with Image.open(io.BytesIO(data), formats=["PNG", "JPEG", "WEBP"]) as image:
            if alpha is not None:
                need(("A" in image.mode) == alpha, "a mask needs alpha" if alpha else "a mask has no alpha")
            return image.size
    except OSError:
        raise Refuse(400, "a file is no picture") from None


def drawn(width: int, height: int, text: str = "", *, alpha: bool = False) -> bytes:
    """A PNG whose colour depends on `text`."""
    digest = hashlib.sha256(text.encode()).digest()
    image = Image.new("RGBA" if alpha else "RGB", (width, height), (*digest[:3], 128)[: 4 if alpha else 3])
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=1)
    return out.getvalue()


def by_ratio(name: str, side: int = 1024) -> tuple[int, int]:
    """Width and height of a named ratio whose long side is `side`, on a grid of 16."""
    width, height = (int(part) for part in name.split(":"))
    scale = side / max(width, height)
    return max(16, round(width * scale / 16) * 16), max(16, round(height * scale / 16) * 16)


Picture = Callable[[Request], bytes]
