"""The contract of the Fetcher port, over real sockets: where it goes, what it says to whom, and when it stops."""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from affiche.adapters.fetch import GuardedFetcher
from affiche.errors import AddressRefused, AnswerRefused, FetchError
from affiche.values.fetch import Fetched, FetchRequest

Answer = Callable[[str, dict[str, str], bytes], bytes | list[bytes]]


class Site:
    """A server that answers by path and remembers what it was asked: (request line, headers, body)."""

    def __init__(self, answers: dict[str, bytes | list[bytes]], *, pause_s: float = 0.0) -> None:
        self.answers, self.pause_s = answers, pause_s
        self.seen: list[tuple[str, dict[str, str], bytes]] = []
        self.port = 0

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines[1:]) if k}
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            self.seen.append((lines[0], headers, body))
            answer = self.answers.get(lines[0].split()[1], reply(status="404 Not Found"))
            for part in [answer] if isinstance(answer, bytes) else answer:
                writer.write(part)
                await writer.drain()
                await asyncio.sleep(self.pause_s)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


def reply(body: bytes = b"", *, status: str = "200 OK", **headers: str) -> bytes:
    lines = {"content-length": str(len(body)), "connection": "close", **{k.replace("_", "-"): v for k, v in headers.items()}}
    return "\r\n".join([f"HTTP/1.1 {status}", *(f"{k}: {v}" for k, v in lines.items() if v), "", ""]).encode() + body


class Names:
    """A resolver of its own: each lookup of a name takes the next answer, the last one stays."""

    def __init__(self, **table: list[list[str]]) -> None:
        self.table = {name.replace("_", "."): answers for name, answers in table.items()}
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        answers = self.table.get(host)
        if answers is None:
            raise OSError("unknown")
        return answers.pop(0) if len(answers) > 1 else answers[0]


HERE = [["127.0.0.1"]]


def talk(site: Site, act: Callable[[GuardedFetcher, str], Awaitable[Fetched]], *, names: Names | None = None, allow: tuple[str, ...] = ("good.test",)) -> Fetched:
    """Serves `site` on loopback and lets a fetcher act; `good.test` leads there and is the operator's own."""

    async def run() -> Fetched:
        server = await asyncio.start_server(site, "127.0.0.1", 0)
        site.port = server.sockets[0].getsockname()[1]
        for path, answer in list(site.answers.items()):
            if isinstance(answer, bytes):
                site.answers[path] = answer.replace(b"PORT", str(site.port).encode())
        fetcher = GuardedFetcher(allow=allow, look_up=names or Names(good_test=HERE, other_test=HERE, evil_test=HERE))
        try:
            return await act(fetcher, f"http://good.test:{site.port}")
        finally:
            await fetcher.close()
            server.close()

    return asyncio.run(run())


def get(path: str = "/", **asked: object) -> Callable[[GuardedFetcher, str], Awaitable[Fetched]]:
    return lambda fetcher, root: fetcher.fetch(FetchRequest(url=root + path, **asked))  # type: ignore[arg-type]


def test_an_answer_comes_back_whole() -> None:
    got = talk(Site({"/a": reply(b"x" * 70_000, content_type="Image/PNG; a=b", x_more="1")}), get("/a"))
    assert (got.status, got.media_type, got.body, got.headers["x-more"], got.ok) == (200, "image/png", b"x" * 70_000, "1", True)


def test_a_status_is_an_answer_not_an_error() -> None:
    got = talk(Site({}), get("/nowhere", accept=("image/png",)))
    assert (got.status, got.ok) == (404, False)


@pytest.mark.parametrize("address", ["127.0.0.1", "::ffff:127.0.0.1", "10.1.2.3", "169.254.169.254", "fe80::1", "::1"])
def test_a_name_that_leads_inside_is_refused_and_nothing_is_sent(address: str) -> None:
    site = Site({"/": reply(b"secret")})
    with pytest.raises(AddressRefused, match=r"inner\.test") as refused:
        talk(site, lambda f, root: f.fetch(FetchRequest(url=root.replace("good", "inner"))), names=Names(inner_test=[[address]]))
    assert site.seen == []
    assert address not in str(refused.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "127.1", "0"])
def test_every_way_to_write_this_machine_is_refused(host: str) -> None:
    async def real() -> None:
        fetcher = GuardedFetcher()
        with pytest.raises((AddressRefused, FetchError)) as refused:
            await fetcher.fetch(FetchRequest(url=f"http://{host}:8080/"))
        # A resolver may not know the notation at all; what it knows must have been refused for what it is.
        assert isinstance(refused.value, AddressRefused) or "cannot be reached" in str(refused.value)
        await fetcher.close()

    asyncio.run(real())


def test_one_private_address_among_public_ones_is_enough() -> None:
    with pytest.raises(AddressRefused):
        talk(Site({}), lambda f, root: f.fetch(FetchRequest(url="http://two.test")), names=Names(two_test=[["8.8.8.8", "10.0.0.1"]]))


def test_the_address_that_was_looked_at_is_the_one_that_is_used() -> None:
    names = Names(good_test=[["127.0.0.1"], ["10.9.9.9"]])
    got = talk(Site({"/": reply(b"first")}), get(), names=names)
    assert got.body == b"first"
    assert names.asked == ["good.test"]


def test_a_name_that_changes_its_mind_is_judged_again_for_a_new_connection() -> None:
    names = Names(change_test=[["127.0.0.1"]])
    with pytest.raises(AddressRefused):
        talk(Site({"/": reply()}), lambda f, root: f.fetch(FetchRequest(url=root.replace("good", "change"))), names=names)


def test_redirects_are_followed_and_each_is_looked_at() -> None:
    site = Site({"/": reply(status="302 Found", location="/b"), "/b": reply(b"there")})
    got = talk(site, get())
    assert (got.body, got.url.endswith("/b")) == (b"there", True)
    site = Site({"/": reply(status="302 Found", location="http://evil.test:PORT/b"), "/b": reply(b"secret")})
    with pytest.raises(AddressRefused, match=r"evil\.test"):
        talk(site, get())
    assert len(site.seen) == 1


@pytest.mark.parametrize("location", ["file:///etc/passwd", "gopher://good.test/", "http://name:word@good.test/", "http://169.254.169.254/latest", "//[::1]:1/"])
def test_redirects_out_of_the_web_or_inside_are_refused(location: str) -> None:
    async def look_up(host: str, port: int) -> list[str]:
        return ["127.0.0.1"] if host.endswith(".test") else [host]

    with pytest.raises(AddressRefused):
        talk(Site({"/": reply(status="307 Temporary Redirect", location=location)}), get(), names=look_up)  # type: ignore[arg-type]


def test_redirects_end() -> None:
    site = Site({"/": reply(status="301 Moved", location="/")})
    with pytest.raises(AnswerRefused, match="too often"):
        talk(site, get(redirects=3))
    assert len(site.seen) == 4


KEYS = {"Authorization": "Bearer s3cret", "X-Api-Key": "s3cret", "Cookie": "a=s3cret", "Accept-Language": "de"}


def test_keys_stay_with_the_origin_they_were_meant_for() -> None:
    site = Site({"/": reply(status="302 Found", location="/same"), "/same": reply(status="302 Found", location="http://other.test:PORT/x"), "/x": reply(b"ok")})
    got = talk(site, get(headers=KEYS), allow=("good.test", "other.test"))
    assert got.body == b"ok"
    assert [("authorization" in h, "x-api-key" in h, "cookie" in h, "accept-language" in h) for _, h, _ in site.seen] == [
        (True, True, True, True), (True, True, True, True), (False, False, False, True),
    ]  # fmt: skip


def test_a_body_is_not_handed_to_another_host() -> None:
    site = Site({"/": reply(status="307 Temporary Redirect", location="http://other.test:PORT/x"), "/x": reply()})
    with pytest.raises(AddressRefused, match="sent to it"):
        talk(site, get(method="POST", body=b"s3cret"), allow=("good.test", "other.test"))
    assert len(site.seen) == 1


def test_after_see_other_the_question_is_asked_without_its_body() -> None:
    site = Site({"/": reply(status="303 See Other", location="/x"), "/x": reply(b"done")})
    assert talk(site, get(method="POST", body=b"data")).body == b"done"
    assert [(line.split()[0], body) for line, _, body in site.seen] == [("POST", b"data"), ("GET", b"")]


def test_keys_are_not_sent_in_clear_to_strangers() -> None:
    async def public(host: str, port: int) -> list[str]:
        return ["8.8.8.8"]

    with pytest.raises(AddressRefused, match="without encryption: authorization"):
        talk(Site({}), lambda f, root: f.fetch(FetchRequest(url="http://far.test/", headers={"Authorization": "x"})), names=public)  # type: ignore[arg-type]


def test_the_caller_cannot_choose_another_host_by_header() -> None:
    site = Site({"/": reply()})
    talk(site, get(headers={"Host": "admin.internal", "Transfer-Encoding": "chunked"}))
    assert site.seen[0][1]["host"] == f"good.test:{site.port}"
    assert "transfer-encoding" not in site.seen[0][1]


@pytest.mark.parametrize("value", ["a\r\nHost: evil", "a\nX: 1", "ü€"])
def test_headers_cannot_be_broken_out_of(value: str) -> None:
    site = Site({"/": reply()})
    with pytest.raises((AddressRefused, FetchError)):
        talk(site, get(headers={"X-Name": value}))
    assert site.seen == []


def test_too_much_is_refused_before_and_while_reading() -> None:
    with pytest.raises(AnswerRefused, match="at most 1,000"):
        talk(Site({"/": reply(b"x" * 1001)}), get(max_bytes=1000))
    endless = [b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n", *[b"y" * 1000] * 50]
    with pytest.raises(AnswerRefused, match="more than 9,000"):
        talk(Site({"/": endless}), get(max_bytes=9000))
    assert talk(Site({"/": reply(b"x" * 1000)}), get(max_bytes=1000)).body == b"x" * 1000


def test_compressed_answers_are_refused() -> None:
    with pytest.raises(AnswerRefused, match="gzip"):
        talk(Site({"/": reply(b"\x1f\x8b", content_encoding="gzip")}), get())


def test_a_drip_is_stopped_by_the_whole_time() -> None:
    slow = [b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n", *[b"z"] * 100]
    with pytest.raises(FetchError, match=r"more than 0\.3 s") as stopped:
        talk(Site({"/": slow}, pause_s=0.05), get(timeout_s=0.3))
    assert stopped.value.sent


def test_what_breaks_off_is_an_error_that_says_it_was_sent() -> None:
    with pytest.raises(FetchError, match="broke off") as broken:
        talk(Site({"/": b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nxx"}), get())
    assert broken.value.sent
    with pytest.raises(FetchError, match="broke off"):
        talk(Site({"/": b"SSH-2.0-nothing of the web\r\n\r\n"}), get())


def test_what_cannot_be_reached_was_not_sent() -> None:
    async def act(fetcher: GuardedFetcher, root: str) -> Fetched:
        return await fetcher.fetch(FetchRequest(url="http://good.test:9/"))

    with pytest.raises(FetchError, match="cannot be reached") as failed:
        talk(Site({}), act)
    assert not failed.value.sent


def test_only_wanted_kinds_are_read() -> None:
    site = Site({"/": reply(b"<html>", content_type="text/html"), "/p": reply(b"p", content_type="image/webp")})
    with pytest.raises(AnswerRefused, match="text/html was sent"):
        talk(site, get(accept=("image/*",)))
    assert talk(site, get("/p", accept=("application/json", "image/*"))).body == b"p"


@pytest.mark.parametrize("url", ["", "good.test/x", "ftp://good.test/", "http://", "http://a b/", "http://u:p@good.test/", "http://[::1", "\x00"])
def test_what_is_no_address_of_the_web_is_refused(url: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        talk(Site({}), lambda f, _: f.fetch(FetchRequest(url=url)))
    assert "u:p" not in str(refused.value)


def test_secrets_are_not_in_the_repr() -> None:
    assert "s3cret" not in repr(FetchRequest(url="http://a.test", headers=KEYS, body=b"s3cret"))


# -- TLS ----------------------------------------------------------------------------------------------------------------


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """A self-signed certificate for `name` and its key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(key, hashes.SHA256())
    )  # fmt: skip
    crt, pem = folder / "crt.pem", folder / "key.pem"
    crt.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    pem.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return crt, pem


@pytest.mark.parametrize(("name", "trusted"), [("good.test", True), ("else.test", False)])
def test_tls_is_spoken_with_the_name_of_the_url_although_the_connection_goes_to_an_address(tmp_path: Path, name: str, trusted: bool) -> None:
    crt, pem = certificate(tmp_path, name)
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(crt, pem)
    asked: list[str | None] = []
    serving.sni_callback = lambda _socket, host, _context: asked.append(host)
    site = Site({"/": reply(b"over tls")})

    async def run() -> Fetched:
        server = await asyncio.start_server(site, "127.0.0.1", 0, ssl=serving)
        port = server.sockets[0].getsockname()[1]
        fetcher = GuardedFetcher(allow=("good.test",), look_up=Names(good_test=HERE), ssl_context=ssl.create_default_context(cafile=str(crt)))
        try:
            return await fetcher.fetch(FetchRequest(url=f"https://good.test:{port}/", headers=KEYS))
        finally:
            await fetcher.close()
            server.close()

    if trusted:
        assert asyncio.run(run()).body == b"over tls"
    else:
        with pytest.raises(FetchError, match="cannot be reached"):
            asyncio.run(run())
        assert site.seen == []
    assert asked == ["good.test"]
    assert ipaddress.ip_address(HERE[0][0]).is_loopback
