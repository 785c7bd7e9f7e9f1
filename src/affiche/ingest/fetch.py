"""A file from an address of the web, by the guarded fetcher: its bytes, and a name for people."""

from __future__ import annotations

from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from affiche.errors import AddressRefused, AnswerRefused, FetchError
from affiche.ports import Fetcher
from affiche.values.fetch import FetchRequest

#: Whoever asked waits for it.
_TIMEOUT_S = 45.0


async def fetched(fetcher: Fetcher, url: str, *, max_bytes: int) -> tuple[bytes, str]:
    """The bytes and the name that the address ends with. Raises AddressRefused, AnswerRefused.

    What the server says the file is does not count: it is looked at like any other.
    """
    try:
        answer = await fetcher.fetch(FetchRequest(url=url, max_bytes=max_bytes, timeout_s=_TIMEOUT_S))
    except (AddressRefused, AnswerRefused):
        raise
    except FetchError as error:  # it is the address that is no good, not the service
        raise AnswerRefused(str(error), hint="Is the address right, and open to the world? Else upload the file.") from error
    if not answer.ok:
        raise AnswerRefused(f"{urlsplit(url).hostname} answers {answer.status}", status=answer.status)
    if not answer.body:
        raise AnswerRefused(f"{urlsplit(url).hostname} sends an empty file", status=answer.status)
    return answer.body, name_of(answer.url)


def name_of(url: str) -> str:
    """The last part of the path, `file` when there is none."""
    path = PurePosixPath(unquote(urlsplit(url).path))
    return "".join(c for c in path.name if c.isprintable())[:255] or "file"
