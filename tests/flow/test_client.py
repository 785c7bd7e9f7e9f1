"""The typed client and the tools for assistants, against the real service."""

from __future__ import annotations

import asyncio
import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image, ImageDraw

from affiche.client import Affiche, Problem, shapes
from affiche.mcp.server import make_server
from tests.flow.kit_service import BRIEF, Service, service

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with service(tmp_path_factory.mktemp("home"), work=True) as it:
        yield it


def run(work: Any) -> Any:
    return asyncio.run(work)


def test_a_campaign_from_brief_to_delivery(at: Service) -> None:
    async def story() -> list[str]:
        async with Affiche(at.url) as affiche:
            assert (await affiche.plan(brief=BRIEF)).creatives == 1
            made = await affiche.submit(BRIEF)
            assert made.run
            heard = [made.run.state]
            async for event in affiche.events(run=made.run.id, after=0):
                heard.append(event.kind)
                if event.data.get("state") == "needs-review":
                    break
            assert (await affiche.wait(made.run.id)).totals["creatives"] == 1
            found = [creative async for creative in affiche.creatives(campaign=made.campaign.id)]
            assert (await affiche.file(found[0].id))[:3] in (b"\xff\xd8\xff", b"\x89PN")
            with pytest.raises(Problem) as refused:
                await affiche.pack(made.campaign.id, "delivery")
            assert (refused.value.status, refused.value.reason) == (409, "package-unapproved")
            await affiche.decide(found, "approved")
            _, data = await affiche.pack(made.campaign.id, "delivery")
            assert zipfile.ZipFile(io.BytesIO(data)).testzip() is None
            return heard

    assert "run.state" in run(story())


def test_a_campaign_is_revised_talked_about_repeated_and_found_again(at: Service) -> None:
    async def story() -> None:
        async with Affiche(at.url) as affiche:
            can = await affiche.upload(png(), name="can.png")
            brief = BRIEF.replace("name: Sparkling Yuzu}", f"name: Sparkling Yuzu, picture: {can.id}}}")
            made = await affiche.submit(brief)
            assert made.run
            await affiche.wait(made.run.id)
            first = [one async for one in affiche.creatives(campaign=made.campaign.id)][0]
            said = await affiche.comment(first.id, "more air", at=(0.25, 0.5))
            assert [(c.id, c.text, c.x, c.y) for c in await affiche.comments(first.id)] == [(said.id, "more air", 0.25, 0.5)]
            again = await affiche.revise(made.campaign, brief.replace("Sparkling Yuzu", "Quiet Yuzu"))
            assert again.run and again.campaign.revision == 2
            with pytest.raises(Problem) as late:
                await affiche.revise(made.campaign, brief)
            assert late.value.status == 412
            await affiche.wait(again.run.id)
            uses = await affiche.uses(can.id)
            assert [use.id for use in uses.campaigns] == [made.campaign.id]
            twin = await affiche.submit(brief.replace("campaign: ", "campaign: twin-"), run=False)
            assert twin.campaign.id in [c.id for c, _ in await affiche.campaigns_alike(made.campaign.id)]
            batch = await affiche.batch([made.campaign.id])
            assert (batch.runs, batch.done) == (1, False)
            planned = await affiche.schedule(made.campaign.id, cron="0 6 * * 1")
            assert planned.active and planned.next_at is not None
            assert [one async for one in affiche.arrivals()] == []

    run(story())


def png() -> bytes:
    out = io.BytesIO()
    picture = Image.new("RGBA", (400, 600), (0, 0, 0, 0))
    ImageDraw.Draw(picture).rounded_rectangle((100, 60, 300, 560), 40, (30, 120, 90, 255))
    picture.save(out, "PNG")
    return out.getvalue()


def test_problems_keep_their_places(at: Service) -> None:
    async def bad() -> None:
        async with Affiche(at.url) as affiche:
            await affiche.submit(BRIEF.replace("headline", "headlin"))

    with pytest.raises(Problem) as refused:
        run(bad())
    assert refused.value.problems[0].where.startswith("brief:")


def test_what_the_client_expects_is_what_the_service_promises(at: Service) -> None:
    promised = at.http.get("/v1/openapi.json").json()["components"]["schemas"]
    names = {"Note": "ProblemItem", "Submitted": "CampaignMade"}
    for name, shape in vars(shapes).items():
        if isinstance(shape, type) and issubclass(shape, shapes.Shape) and shape is not shapes.Shape:
            fields = promised[names.get(name, name)]["properties"]
            assert set(shape.model_fields) <= set(fields), name


def test_assistants_plan_build_look_and_explain(at: Service) -> None:
    async def story() -> None:
        async with Affiche(at.url) as affiche:
            server = make_server(affiche)
            tools = {tool.name: tool for tool in await server.list_tools()}
            assert set(tools) == {"plan", "build", "status", "creatives", "look", "explain", "catalog", "find_pictures"}
            assert set(tools["build"].input_schema["properties"]) == {"brief", "brand", "wait_s"}

            async def use(name: str, **given: Any) -> str:
                return str(await server.call_tool(name, given))

            assert "unknown-key" in await use("plan", brief=BRIEF.replace("headline", "headlin"))
            assert "needs-review" in await use("build", brief=BRIEF)
            campaign = [c async for c in affiche.campaigns()][0].id
            creative = [c async for c in affiche.creatives(campaign=campaign)][0].id
            assert creative in await use("creatives", campaign=campaign)
            assert "image/jpeg" in await use("look", creative=creative)
            assert "findings" in await use("explain", campaign=campaign)
            assert "refused" in await use("status", run="run_00000000000000000000000000")

    run(story())


def test_a_brand_is_looked_at_drawn_and_compared(at: Service) -> None:
    async def story() -> None:
        async with Affiche(at.url) as affiche:
            file = "brand: 1\nname: Boreal\ncolors: {primary: '#0B3D2E'}\n"
            kit, problems = await affiche.examine_brand(file)
            assert kit is not None and problems == [] and [one.derived for one in kit.colors].count(False) == 1
            assert [one.script for one in await affiche.specimens(file, scripts=["Latn", "Thai"])] == ["Latn", "Thai"]
            assert {one.variant for one in await affiche.marks(file)} == {"name"}
            cells = await affiche.proof("lockup")
            assert {cell.case for cell in cells} >= {"arabic", "thai"} and any(cell.texts for cell in cells)
            assert (await affiche.proof_sheet("lockup", case="thai", size="320x50")).startswith(b"\x89PNG")
            assert (await affiche.preview(BRIEF)).shots[0].texts[0].outcome == "fits"
            made = await affiche.add_brand("boreal", file)
            assert await affiche.brand_changes(made.id, since=1, until=1) == []

    run(story())
