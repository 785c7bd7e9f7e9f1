"""The login provider: OpenID Connect's authorization code flow with PKCE, as a client that trusts nothing it did not check.

What is checked, and against what:

- discovery: `issuer` in the document is the one that was configured, endpoints are of the web (OpenID Connect Discovery 1.0, 4.3)
- the way back: `state` is ours, of this browser, once (`signing_in.py`); `iss` is the issuer (RFC 9207: mix-up)
- the code: exchanged with the PKCE verifier (RFC 7636, S256), so a stolen one is worth nothing
- the ID token: signed with an asymmetric algorithm by a key of the provider's; `iss`, `aud`, `azp`, `exp`, `nbf`,
  `iat`, `nonce`, `sub` (OpenID Connect Core 1.0, 3.1.3.7)
- userinfo, when the token does not hold the address: its `sub` is the token's (Core 5.3.2)

Keys rotate: an unknown `kid`, or a signature that does not fit, asks for the keys once more, at most every few seconds.
Every request goes through the guarded fetcher; redirects are not followed.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from joserfc import jwk, jwt
from joserfc.errors import JoseError

from affiche.errors import AfficheError, FetchError, Unauthorised
from affiche.ports import Fetcher
from affiche.values.fetch import FetchRequest
from affiche.values.secret import Secret

#: Signatures that only the provider can make. `none` and those with a shared secret are not among them.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
#: How far clocks may differ, s.
LEEWAY_S = 60
#: How long discovery and keys are used without asking again, and how soon keys may be asked for once more, s.
_FRESH_S, _AGAIN_S = 3600, 5
_MAX_BYTES, _TIMEOUT_S = 500_000, 15.0
_KINDS = {"RSA": ("RS", "PS"), "EC": ("ES",), "OKP": ("Ed",)}


class ProviderRefused(Unauthorised):
    """The login provider's answer cannot be trusted. Nobody was signed in."""

    code = "login-refused"


class ProviderAway(AfficheError):
    """The login provider does not answer as it should. Try again in a moment."""

    code = "login-provider"
    http_status = 502
    retry = "later"


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """What the operator agreed with the provider."""

    issuer: str
    id: str
    secret: Secret
    scopes: tuple[str, ...] = ("openid", "email", "profile")


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A sign-in on its way: where to send the browser, and what must be known when it comes back."""

    url: str
    nonce: str
    verifier: str


@dataclass(slots=True)
class _Kept:
    document: Mapping[str, Any]
    until: float
    keys: list[jwk.Key]
    keys_at: float = 0.0


class Provider:
    """One provider. `fetcher` is opened at the first use, in the loop of the server. `clock`: seconds since 1970."""

    def __init__(self, client: Client, fetcher: Callable[[], Fetcher], *, clock: Callable[[], float] = time.time) -> None:
        self.client, self._open, self._clock = client, fetcher, clock
        self._fetcher: Fetcher | None = None
        self._kept: _Kept | None = None

    async def begin(self, *, redirect: str, state: str) -> Begun:
        """Where the browser goes to sign in. Raises ProviderAway."""
        document = await self._document()
        nonce, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
        asked = {
            "response_type": "code", "client_id": self.client.id, "redirect_uri": redirect, "scope": " ".join(self.client.scopes),
            "state": state, "nonce": nonce, "code_challenge": challenge, "code_challenge_method": "S256",
        }  # fmt: skip
        place = str(document["authorization_endpoint"])
        return Begun(url=f"{place}{'&' if '?' in place else '?'}{urlencode(asked)}", nonce=nonce, verifier=verifier)

    async def finish(self, *, code: str, redirect: str, nonce: str, verifier: str, iss: str | None) -> Mapping[str, Any]:
        """The claims of who signed in. Raises ProviderRefused, ProviderAway."""
        document = await self._document()
        self._check_way_back(document, iss)
        tokens = await self._exchange(document, code=code, redirect=redirect, verifier=verifier)
        claims = await self._verified(str(tokens.get("id_token") or ""))
        self._check(claims, nonce)
        place = document.get("userinfo_endpoint")
        if place and "email" not in claims and tokens.get("access_token"):
            more = await self._userinfo(str(place), str(tokens["access_token"]))
            if more.get("sub") != claims["sub"]:
                raise ProviderRefused("userinfo is about somebody else")
            claims = {**more, **claims}
        return claims

    def _check_way_back(self, document: Mapping[str, Any], iss: str | None) -> None:
        promised = document.get("authorization_response_iss_parameter_supported") is True
        if (iss is None and promised) or (iss is not None and iss != self.client.issuer):
            raise ProviderRefused("the answer comes from another provider")

    async def _exchange(self, document: Mapping[str, Any], *, code: str, redirect: str, verifier: str) -> Mapping[str, Any]:
        fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect, "code_verifier": verifier}
        headers = {"content-type": "application/x-www-form-urlencoded"}
        ways = document.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        secret = self.client.secret.reveal()
        if not secret:
            fields["client_id"] = self.client.id
        elif "client_secret_basic" in ways:
            pair = f"{quote(self.client.id, safe='')}:{quote(secret, safe='')}"
            headers["authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        else:
            fields |= {"client_id": self.client.id, "client_secret": secret}
        request = FetchRequest(
            url=str(document["token_endpoint"]), method="POST", headers=headers, body=urlencode(fields).encode(),
            accept=("application/json",), max_bytes=_MAX_BYTES, timeout_s=_TIMEOUT_S, redirects=0,
        )  # fmt: skip
        status, answer = await self._asked(request)
        if status != 200:
            raise ProviderRefused(f"the provider does not take the code: {str(answer.get('error', status))[:60]}")
        return answer

    async def _userinfo(self, place: str, token: str) -> Mapping[str, Any]:
        headers = {"authorization": f"Bearer {token}"}
        status, answer = await self._asked(self._get(place, headers))
        if status != 200:
            raise ProviderRefused("the provider does not say who signed in")
        return answer

    async def _verified(self, token: str) -> Mapping[str, Any]:
        """The claims of `token`, when a key of the provider's signed it."""
        for fresh in (False, True):
            for key in await self._fitting(token, fresh=fresh):
                try:
                    return dict(jwt.decode(token, key, algorithms=list(ALGORITHMS)).claims)
                except (JoseError, ValueError):
                    continue
        raise ProviderRefused("the ID token is not signed by the provider")

    async def _fitting(self, token: str, *, fresh: bool) -> list[jwk.Key]:
        """Keys that may have signed `token`: by its `kid`, and of the kind that its algorithm wants."""
        head = _head(token)
        algorithm, kid = str(head.get("alg", "")), head.get("kid")
        if algorithm not in ALGORITHMS:
            raise ProviderRefused(f"the ID token is signed with {algorithm[:20] or 'nothing'}")
        keys = await self._keys(fresh=fresh)
        fitting = [key for key in keys if algorithm.startswith(_KINDS.get(key.key_type, ()))]
        return [key for key in fitting if kid is None or key.get("kid") == kid]

    def _check(self, claims: Mapping[str, Any], nonce: str) -> None:
        now, aud, subject = self._clock(), claims.get("aud"), claims.get("sub")
        audience = [aud] if isinstance(aud, str) else aud if isinstance(aud, list) else []
        moments = {name: claims.get(name) for name in ("exp", "iat", "nbf")}
        timed = all(isinstance(at, int | float) and not isinstance(at, bool) for at in moments.values() if at is not None)
        wrong = {
            "of another issuer": claims.get("iss") != self.client.issuer,
            "for somebody else": self.client.id not in audience,
            "for another party": claims.get("azp", self.client.id if len(audience) < 2 else "") != self.client.id,
            "without times": not timed or moments["exp"] is None or moments["iat"] is None,
            "of another sign-in": not secrets.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()),
            "about nobody": not isinstance(subject, str) or not 0 < len(subject) <= 255,
        }
        for reason, is_so in wrong.items():
            if is_so:
                raise ProviderRefused(f"the ID token is {reason}")
        if moments["exp"] <= now - LEEWAY_S:  # type: ignore[operator]
            raise ProviderRefused("the ID token has expired")
        if max(moments["iat"], moments["nbf"] or 0) > now + LEEWAY_S:  # type: ignore[operator, type-var]
            raise ProviderRefused("the ID token is from the future")

    async def _document(self) -> Mapping[str, Any]:
        """What the provider says of itself; remembered for an hour. Raises ProviderAway."""
        if self._kept is not None and self._clock() < self._kept.until:
            return self._kept.document
        place = self.client.issuer.rstrip("/") + "/.well-known/openid-configuration"
        status, document = await self._asked(self._get(place))
        if status != 200 or document.get("issuer") != self.client.issuer:
            raise ProviderAway("what the login provider says of itself is not about the issuer that is set")
        scheme = urlsplit(self.client.issuer).scheme
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if urlsplit(str(document.get(name, ""))).scheme not in {"https", scheme}:
                raise ProviderAway(f"the login provider's {name} is missing or not encrypted")
        old = self._kept
        keys, at = (old.keys, old.keys_at) if old and old.document["jwks_uri"] == document["jwks_uri"] else ([], 0.0)
        self._kept = _Kept(document=document, until=self._clock() + _FRESH_S, keys=keys, keys_at=at)
        return document

    async def _keys(self, *, fresh: bool) -> list[jwk.Key]:
        document, kept = await self._document(), self._kept
        assert kept is not None
        old = self._clock() - kept.keys_at
        if old < (_AGAIN_S if fresh else _FRESH_S):
            return kept.keys
        status, answer = await self._asked(self._get(str(document["jwks_uri"])))
        listed = answer.get("keys")
        if status != 200 or not isinstance(listed, list):
            raise ProviderAway("the login provider does not show its keys")
        kept.keys, kept.keys_at = [key for data in listed[:100] if (key := _key(data)) is not None], self._clock()
        return kept.keys

    def _get(self, url: str, headers: Mapping[str, str] | None = None) -> FetchRequest:
        kinds = ("application/json", "application/jwk-set+json")
        return FetchRequest(
            url=url, headers=headers or {}, accept=kinds, max_bytes=_MAX_BYTES, timeout_s=_TIMEOUT_S, redirects=0
        )

    async def _asked(self, request: FetchRequest) -> tuple[int, Mapping[str, Any]]:
        """Status and JSON object. Raises ProviderAway."""
        if self._fetcher is None:
            self._fetcher = self._open()
        try:
            answer = await self._fetcher.fetch(request)
            data = json.loads(answer.body)
        except (FetchError, ValueError) as error:
            raise ProviderAway("the login provider cannot be asked", hint=str(error)[:200]) from error
        return answer.status, data if isinstance(data, dict) else {}


def _head(token: str) -> Mapping[str, Any]:
    """The header of a signed token, unverified: only good for choosing a key."""
    part = token.partition(".")[0]
    try:
        head = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except ValueError:
        head = None
    if not isinstance(head, dict) or token.count(".") != 2:
        raise ProviderRefused("the answer holds no ID token")
    return head


def _key(data: object) -> jwk.Key | None:
    """A public key that signs; None for others, and for those that we do not understand."""
    if not isinstance(data, dict) or data.get("kty") not in _KINDS or data.get("use", "sig") != "sig":
        return None
    try:
        return jwk.import_key({name: value for name, value in data.items() if name != "d"})
    except (JoseError, ValueError, TypeError):
        return None
