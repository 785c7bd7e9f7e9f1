"""A login provider on a socket: strict about what it is asked, and able to lie in every way that a client must notice.

It refuses what OpenID Connect Core and RFC 7636 let a provider refuse: an unknown client or redirect, a missing nonce or PKCE
challenge, a code that was used before, a verifier that does not fit, a wrong client secret.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote, urlencode, urlsplit

from joserfc import jwk, jwt

Claims = dict[str, Any]


def _unsigned(claims: Claims) -> str:
    part = lambda data: base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")  # noqa: E731
    return f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(claims)}."


@dataclass
class Provider:
    """`user`: the claims of who signs in. `twist`: what is done to the claims before they are signed; `sign`: instead of signing."""

    client: str = "affiche"
    secret: str = "s3cret/with:signs"
    redirects: set[str] = field(default_factory=set)
    user: Claims = field(default_factory=lambda: {"sub": "u1", "email": "ana@example.com", "email_verified": True, "name": "Ana", "groups": []})
    twist: Callable[[Claims], Claims] = lambda claims: claims
    sign: Callable[[Claims], str] | None = None
    document_twist: Callable[[Claims], Claims] = lambda document: document
    answer_iss: str | None = None
    claims_in_token: bool = True
    keys: list[jwk.RSAKey] = field(default_factory=lambda: [jwk.RSAKey.generate_key(2048, {"kid": "k1", "use": "sig"})])
    asked: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    url: str = ""
    _codes: dict[str, Claims] = field(default_factory=dict)
    _tokens: dict[str, Claims] = field(default_factory=dict)

    def rotate(self) -> None:
        """A new key signs, and is the only one that is shown."""
        self.keys = [jwk.RSAKey.generate_key(2048, {"kid": f"k{secrets.token_hex(3)}", "use": "sig"})]

    def id_token(self, claims: Claims) -> str:
        claims = self.twist(dict(claims))
        if self.sign is not None:
            return self.sign(claims)
        return jwt.encode({"alg": "RS256", "kid": self.keys[0].kid}, claims, self.keys[0])

    def answer(self, method: str, target: str, headers: Any, body: bytes) -> tuple[int, dict[str, str], bytes]:
        url = urlsplit(target)
        self.asked.append(url.path)
        asked = dict(parse_qsl(url.query))
        if url.path == "/.well-known/openid-configuration":
            return self._json(self.document_twist(self._document()))
        if url.path == "/jwks":
            return self._json({"keys": [key.as_dict(private=False) for key in self.keys]})
        if url.path == "/authorize":
            return self._authorize(asked)
        if url.path == "/token" and method == "POST":
            return self._token(headers, {k: v[0] for k, v in parse_qs(body.decode(), strict_parsing=True).items()})
        if url.path == "/userinfo":
            known = self._tokens.get(headers.get("authorization", "").removeprefix("Bearer "))
            return self._json(known) if known else self._json({"error": "invalid_token"}, 401)
        return self._json({"error": "nothing is here"}, 404)

    def _document(self) -> Claims:
        return {
            "issuer": self.url, "authorization_endpoint": f"{self.url}/authorize", "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/jwks", "userinfo_endpoint": f"{self.url}/userinfo", "response_types_supported": ["code"],
            "authorization_response_iss_parameter_supported": True, "code_challenge_methods_supported": ["S256"],
        }  # fmt: skip

    def _authorize(self, asked: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        wrong = [name for name, good in {
            "client_id": asked.get("client_id") == self.client, "redirect_uri": asked.get("redirect_uri") in self.redirects,
            "response_type": asked.get("response_type") == "code", "scope": "openid" in asked.get("scope", "").split(),
            "state": len(asked.get("state", "")) >= 32, "nonce": len(asked.get("nonce", "")) >= 32,
            "code_challenge_method": asked.get("code_challenge_method") == "S256", "code_challenge": len(asked.get("code_challenge", "")) == 43,
        }.items() if not good]  # fmt: skip
        if wrong:
            return self._no(400, f"authorize: {wrong}")
        code = secrets.token_urlsafe(16)
        self._codes[code] = {**asked}
        back = {"code": code, "state": asked["state"], "iss": self.answer_iss if self.answer_iss is not None else self.url}
        return 302, {"Location": asked["redirect_uri"] + "?" + urlencode({k: v for k, v in back.items() if v})}, b""

    def _token(self, headers: Any, form: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        kind, _, pair = headers.get("authorization", "").partition(" ")
        known = kind == "Basic" and [unquote(p) for p in base64.b64decode(pair).decode().split(":", 1)] == [self.client, self.secret]
        if not known:
            return self._no(401, "invalid_client")
        asked = self._codes.pop(form.get("code", ""), None)
        if asked is None or form.get("grant_type") != "authorization_code" or form.get("redirect_uri") != asked["redirect_uri"]:
            return self._no(400, "invalid_grant")
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest()).decode().rstrip("=")
        if challenge != asked["code_challenge"]:
            return self._no(400, "invalid_grant: verifier")
        now = int(time.time())
        standard = {"iss": self.url, "aud": self.client, "exp": now + 300, "iat": now, "nonce": asked["nonce"], "sub": self.user["sub"]}
        access = secrets.token_urlsafe(16)
        self._tokens[access] = dict(self.user)
        claims = {**self.user, **standard} if self.claims_in_token else standard
        return self._json({"access_token": access, "token_type": "Bearer", "id_token": self.id_token(claims)})

    def _no(self, status: int, why: str) -> tuple[int, dict[str, str], bytes]:
        self.refused.append(why)
        return self._json({"error": why.partition(":")[0]}, status)

    @staticmethod
    def _json(data: Claims, status: int = 200) -> tuple[int, dict[str, str], bytes]:
        return status, {"Content-Type": "application/json"}, json.dumps(data).encode()


def other_key(claims: Claims, kid: str = "k1") -> str:
    """Signed by somebody else under the provider's key id."""
    return jwt.encode({"alg": "RS256", "kid": kid}, claims, jwk.RSAKey.generate_key(2048))


def shared_secret(public: jwk.RSAKey) -> Callable[[Claims], str]:
    """The old confusion: the public key taken as the secret of an HMAC."""
    import hmac

    def sign(claims: Claims) -> str:
        part = lambda data: base64.urlsafe_b64encode(data).decode().rstrip("=")  # noqa: E731
        text = f"{part(json.dumps({'alg': 'HS256', 'kid': public.kid}).encode())}.{part(json.dumps(claims).encode())}"
        return f"{text}.{part(hmac.new(public.as_pem(private=False), text.encode(), 'sha256').digest())}"

    return sign


unsigned = _unsigned


@contextmanager
def running(provider: Provider) -> Iterator[Provider]:
    """The provider on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            status, headers, data = provider.answer(self.command, self.path, self.headers, body)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = _serve

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
