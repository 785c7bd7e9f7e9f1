"""The verbs of the client. Each is one request, or pages of them; all raise `Problem` when the service refuses."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Any, Literal, Self, TypeVar

import httpx2

from affiche.client.call import call
from affiche.client.shapes import (
    Accepted,
    Arrival,
    Asset,
    Batch,
    Brand,
    Campaign,
    Comment,
    Creative,
    Event,
    Finding,
    Kit,
    Mark,
    Package,
    Plan,
    Preview,
    ProofCell,
    Proposal,
    Proposals,
    Remedy,
    Run,
    Schedule,
    Shape,
    Specimen,
    Submitted,
    Uses,
    Worker,
)

Item = TypeVar("Item", bound=Shape)
_YAML = {"Content-Type": "application/yaml"}


class Affiche:
    """A service at `url`. `key`: an API key; none for a service that serves this machine alone."""

    def __init__(
        self, url: str, *, key: str = "", timeout_s: float = 60, transport: httpx2.AsyncBaseTransport | None = None
    ) -> None:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._http = httpx2.AsyncClient(base_url=url, headers=headers, timeout=timeout_s, transport=transport)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        await self._http.aclose()

    # -- material

    async def add_brand(self, slug: str, file: str) -> Brand:
        """A new brand from the text of a brand file."""
        answer = await call(self._http, "POST", "/v1/brands", params={"slug": slug}, content=file.encode(), headers=_YAML)
        return Brand(**answer.json())

    async def examine_brand(self, file: str) -> tuple[Kit | None, list[Any]]:
        """What a brand file says, which is not stored, and what is wrong with it."""
        told = (await call(self._http, "POST", "/v1/brands/examine", content=file.encode(), headers=_YAML)).json()
        return (Kit(**told["kit"]) if told["kit"] else None), told["problems"]

    async def specimens(self, file: str, *, scripts: Sequence[str] = ()) -> list[Specimen]:
        """The type of a brand file in these scripts (ISO 15924), or in all that are covered."""
        params = {"scripts": ",".join(scripts)}
        told = await call(self._http, "POST", "/v1/brands/specimens", params=params, content=file.encode(), headers=_YAML)
        return [Specimen(**one) for one in told.json()["specimens"]]

    async def marks(self, file: str) -> list[Mark]:
        """The logo of a brand file on each of its colours."""
        told = await call(self._http, "POST", "/v1/brands/marks", content=file.encode(), headers=_YAML)
        return [Mark(**one) for one in told.json()["marks"]]

    async def brand_changes(self, brand: str, *, since: int, until: int) -> list[tuple[str, str, str]]:
        """What one revision of a brand says otherwise than another: field, before, after."""
        told = await call(self._http, "GET", f"/v1/brands/{brand}/changes", params={"since": since, "until": until})
        return [(one["field"], one["before"], one["after"]) for one in told.json()["changes"]]

    async def upload(
        self, data: bytes, *, name: str, brand: str = "", reuse: bool = False, replaces: str = "", derived_from: str = ""
    ) -> Asset:
        """A picture, font or feed as an asset; name its id in briefs. `reuse`: the one that has these very bytes, if any."""
        params = {"name": name, "brand": brand, "reuse": reuse, "replaces": replaces, "derived_from": derived_from}
        return Asset(**(await call(self._http, "POST", "/v1/assets", params=params, content=data)).json())

    async def fetch(self, url: str, *, name: str = "", brand: str = "") -> Asset:
        """A file that the service fetches from an address of the web."""
        wanted = {"url": url, "name": name, "brand": brand}
        return Asset(**(await call(self._http, "POST", "/v1/assets/fetch", json=wanted)).json())

    def assets(self, **wanted: str) -> AsyncIterator[Asset]:
        """Assets, newest first. `wanted`: text, kind, tag, brand, rights (expired, soon, none, valid); nearest first: color,
        meaning (a phrase that they are about), like (another asset)."""
        return self._pages("/v1/assets", Asset, wanted)

    async def like_picture(self, data: bytes, *, brand: str = "") -> list[tuple[Asset, float]]:
        """Assets that mean nearly what a picture shows, nearest first, with the cosine. The picture is not kept."""
        found = (await call(self._http, "POST", "/v1/search/picture", params={"brand": brand}, content=data)).json()["items"]
        return [(Asset(**item["asset"]), item["likeness"]) for item in found]

    async def alike(self, asset: str) -> list[tuple[Asset, str, float]]:
        """What looks like an asset, nearest first: the asset, how (same, copy, alike), likeness 0..1."""
        found = (await call(self._http, "GET", f"/v1/assets/{asset}/alike")).json()["items"]
        return [(Asset(**item["asset"]), item["how"], item["likeness"]) for item in found]

    async def uses(self, asset: str) -> Uses:
        """Where an asset is used, and its versions."""
        return Uses(**(await call(self._http, "GET", f"/v1/assets/{asset}/uses")).json())

    def arrivals(self, **wanted: str) -> AsyncIterator[Arrival]:
        """What came in by folders, prefixes and queues, newest first. `wanted`: state (taken, known, refused, failed)."""
        return self._pages("/v1/arrivals", Arrival, wanted)

    async def search(self, text: str, *, kind: Literal["", "asset", "campaign"] = "") -> list[tuple[str, str, str]]:
        """Assets and campaigns by words, best first: id, kind, name."""
        found = (await call(self._http, "GET", "/v1/search", params={"text": text, "kind": kind})).json()["items"]
        return [(item["id"], item["kind"], item["name"]) for item in found]

    async def link(self, *, asset: str = "", creative: str = "", seconds: int = 3600) -> str:
        """An address of the file that works without a key for so long; a path is one of the service."""
        wanted = {"asset": asset, "creative": creative, "seconds": seconds}
        return str((await call(self._http, "POST", "/v1/links", json=wanted)).json()["url"])

    async def catalog(self, name: Literal["templates", "placements", "locales", "rules", "providers", "sets", "markets"]) -> Any:
        """What ships with Affiche, as plain data."""
        return (await call(self._http, "GET", f"/v1/{name}")).json()["items"]

    async def proof(self, template: str) -> list[ProofCell]:
        """A shipped template in every shape with hard copy, and what became of each text."""
        told = (await call(self._http, "GET", f"/v1/templates/{template}/proof")).json()
        return [ProofCell(**cell) for cell in told["cells"]]

    async def proof_sheet(self, template: str, *, case: str = "", size: str = "") -> bytes:
        """The proof as one PNG; with `case` and `size` (`300x250`) one place of it in its own size."""
        params = {"case": case, "size": size} if case or size else {}
        return (await call(self._http, "GET", f"/v1/templates/{template}/proof/sheet", params=params)).content

    async def preview(self, brief: str, *, brand: str = "") -> Preview:
        """A few creatives of a brief as they would be drawn, and how each text fits. Spends nothing, stores nothing."""
        wanted = {"brief": brief, "brand": brand}
        return Preview(**(await call(self._http, "POST", "/v1/plans/preview", json=wanted)).json())

    # -- campaigns

    async def remedies(self, creative: str) -> list[Remedy]:
        """Changes of the brief that make a creative better, each tried on it, the best first. Spends nothing."""
        return [Remedy(**one) for one in (await call(self._http, "GET", f"/v1/creatives/{creative}/remedies")).json()["items"]]

    async def plan(
        self, *, brief: str = "", campaign: str = "", brand: str = "", chosen: Mapping[str, Sequence[str]] | None = None
    ) -> Plan:
        """What a run would do and cost. Spends nothing."""
        wanted = {"brief": brief, "campaign": campaign, "brand": brand, "chosen": dict(chosen or {})}
        return Plan(**(await call(self._http, "POST", "/v1/plans", json=wanted)).json())

    async def proposals(self, campaign: str) -> Proposals:
        """Pictures that were bought before and might do for what a campaign would buy, and those that were taken for it."""
        return Proposals(**(await call(self._http, "GET", f"/v1/campaigns/{campaign}/proposals")).json())

    async def accept(self, campaign: str, proposals: Sequence[Proposal] = ()) -> list[Accepted]:
        """Takes proposals as you saw them, or all there are: the next run pays nothing for them. Refused when they changed."""
        wanted = {"products": [one.product for one in proposals], "pictures": [one.picture for one in proposals]}
        answer = await call(self._http, "POST", f"/v1/campaigns/{campaign}/proposals", json=wanted)
        return [Accepted(**item) for item in answer.json()["items"]]

    async def give_back(self, accepted: Accepted) -> Accepted:
        """Gives back a picture that was taken; refused once a run has begun since."""
        path = f"/v1/campaigns/{accepted.campaign}/proposals/{accepted.id}/withdraw"
        return Accepted(**(await call(self._http, "POST", path)).json())

    async def picture(self, picture: str) -> bytes:
        """A small JPEG of a picture that was bought."""
        return (await call(self._http, "GET", f"/v1/pictures/{picture}/thumbnail")).content

    async def submit(self, brief: str, *, brand: str = "", run: bool = True, priority: int = 5) -> Submitted:
        """Takes a brief; builds it unless `run` is false."""
        params = {"brand": brand, "run": run, "priority": priority}
        answer = await call(self._http, "POST", "/v1/campaigns", params=params, content=brief.encode(), headers=_YAML)
        return Submitted(**answer.json())

    def campaigns(self, **wanted: str) -> AsyncIterator[Campaign]:
        """Campaigns, newest first. `wanted`: state, text."""
        return self._pages("/v1/campaigns", Campaign, wanted)

    async def revise(self, campaign: Campaign, brief: str, *, run: bool = True) -> Submitted:
        """A new revision of the brief on top of the one that you know; it builds what changed. Refused on an older one."""
        headers = {**_YAML, "If-Match": f'"{campaign.revision}"'}
        path, params = f"/v1/campaigns/{campaign.id}/brief", {"run": run}
        return Submitted(**(await call(self._http, "PUT", path, params=params, content=brief.encode(), headers=headers)).json())

    async def campaigns_alike(self, campaign: str) -> list[tuple[Campaign, float]]:
        """Campaigns whose words are like this one's, nearest first, with likeness 0..1."""
        found = (await call(self._http, "GET", f"/v1/campaigns/{campaign}/alike")).json()["items"]
        return [(Campaign(**item["campaign"]), item["likeness"]) for item in found]

    async def batch(self, campaigns: Sequence[str], *, priority: int = 7) -> Batch:
        """A run of each campaign's newest brief, all or none of them."""
        wanted = {"campaigns": list(campaigns), "priority": priority}
        return Batch(**(await call(self._http, "POST", "/v1/batches", json=wanted)).json())

    async def schedule(self, campaign: str, *, cron: str = "", at: datetime | None = None) -> Schedule:
        """Runs to come: `cron`, or one moment."""
        wanted = {"campaign": campaign, **({"cron": cron} if cron else {}), **({"at": at.isoformat()} if at else {})}
        return Schedule(**(await call(self._http, "POST", "/v1/schedules", json=wanted)).json())

    async def run(self, id: str) -> Run:
        """How far a run is."""
        return Run(**(await call(self._http, "GET", f"/v1/runs/{id}")).json())

    async def start(self, campaign: str, *, chosen: Mapping[str, Sequence[str]] | None = None) -> Run:
        """Another run of a campaign."""
        answer = await call(self._http, "POST", "/v1/runs", json={"campaign": campaign, "chosen": dict(chosen or {})})
        return Run(**answer.json()["run"])

    async def cancel(self, id: str) -> Run:
        """Stops a run at its next step."""
        return Run(**(await call(self._http, "POST", f"/v1/runs/{id}/cancel")).json()["run"])

    async def wish(self, id: str, wish: Literal["pause", "resume", "retry"]) -> Run:
        """Pauses or resumes a run, or makes again what failed in it."""
        return Run(**(await call(self._http, "POST", f"/v1/runs/{id}/wish", json={"wish": wish})).json()["run"])

    async def wait(self, id: str, *, timeout_s: float = 600) -> Run:
        """The run when it rests. Raises TimeoutError."""
        import asyncio

        until, pause = time.monotonic() + timeout_s, 0.2
        while not (found := await self.run(id)).rests:
            if time.monotonic() > until:
                raise TimeoutError(f"run {id} is still {found.state}")
            await asyncio.sleep(pause)
            pause = min(2.0, pause * 1.3)
        return found

    async def events(self, *, run: str = "", campaign: str = "", after: int | None = None) -> AsyncIterator[Event]:
        """Events as they happen; `after`: the number of the last one that you know."""
        headers = {} if after is None else {"Last-Event-ID": str(after)}
        params = {"run": run, "campaign": campaign}
        async with self._http.stream("GET", "/v1/events/stream", params=params, headers=headers, timeout=None) as stream:
            async for line in stream.aiter_lines():
                if line.startswith("data:"):
                    yield Event(**json.loads(line[5:]))

    # -- operation

    async def workers(self) -> list[Worker]:
        """Who does the work, oldest first, with what each has in hand. For administrators."""
        return [Worker(**one) for one in (await call(self._http, "GET", "/v1/workers")).json()["items"]]

    # -- creatives

    def creatives(self, **wanted: str) -> AsyncIterator[Creative]:
        """Creatives. `wanted`: campaign, run, product, locale, placement, status."""
        return self._pages("/v1/creatives", Creative, wanted)

    async def creative(self, id: str) -> Creative:
        """One creative."""
        return Creative(**(await call(self._http, "GET", f"/v1/creatives/{id}")).json())

    async def file(self, creative: str) -> bytes:
        """The file of a creative."""
        return (await call(self._http, "GET", f"/v1/creatives/{creative}/file")).content

    async def thumbnail(self, creative: str) -> bytes:
        """A small JPEG of a creative."""
        return (await call(self._http, "GET", f"/v1/creatives/{creative}/thumbnail")).content

    async def findings(self, **wanted: str) -> list[Finding]:
        """What the rules say, worst first. `wanted`: campaign, run, creative, status, rule."""
        answer = await call(self._http, "GET", "/v1/findings", params=wanted)
        return [Finding(**item) for item in answer.json()["items"]]

    async def comments(self, creative: str) -> list[Comment]:
        """What people said of a creative, oldest first."""
        return [Comment(**item) for item in (await call(self._http, "GET", f"/v1/creatives/{creative}/comments")).json()["items"]]

    async def comment(self, creative: str, text: str, *, at: tuple[float, float] | None = None) -> Comment:
        """Says something of a creative; `at`: the point that it is pinned to, fractions from the top left."""
        wanted = {"text": text, **({"x": at[0], "y": at[1]} if at else {})}
        return Comment(**(await call(self._http, "POST", f"/v1/creatives/{creative}/comments", json=wanted)).json())

    async def decide(
        self, creatives: Sequence[Creative], decision: Literal["approved", "rejected", "changes"], *, reason: str = "",
        stage: Literal["creative", "legal"] = "creative",
    ) -> None:  # fmt: skip
        """Decides on creatives as you saw them; refused when one was built anew since."""
        seen = {creative.id: creative.file_digest for creative in creatives}
        wanted = {"creatives": list(seen), "decision": decision, "reason": reason, "stage": stage, "seen": seen}
        await call(self._http, "POST", "/v1/approvals", json=wanted)

    async def pack(
        self, campaign: str, kind: Literal["proof", "delivery"] = "proof", *, partial: bool = False
    ) -> tuple[Package, bytes]:
        """A package and its zip; a delivery holds what is approved only."""
        wanted = {"campaign": campaign, "kind": kind, "partial": partial}
        made = Package(**(await call(self._http, "POST", "/v1/packages", json=wanted)).json())
        return made, (await call(self._http, "GET", f"/v1/packages/{made.id}/file")).content

    async def _pages(self, path: str, shape: type[Item], wanted: Mapping[str, str]) -> AsyncIterator[Item]:
        cursor = ""
        while True:
            part = (await call(self._http, "GET", path, params={**wanted, "cursor": cursor})).json()
            for item in part["items"]:
                yield shape(**item)
            cursor = part["next"]
            if not cursor:
                return
