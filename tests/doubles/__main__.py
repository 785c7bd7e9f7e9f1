"""`python -m tests.doubles NAME --bills FILE`: one double as a process of its own; prints its address, serves until it is stopped."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from tests.doubles import others, queues
from tests.doubles.double import Double
from tests.doubles.firefly import Firefly
from tests.doubles.gemini import Gemini
from tests.doubles.openai import Azure, OpenAI
from tests.doubles.server import Request, Server
from tests.doubles.stability import Stability

DOUBLES: dict[str, type[Double]] = {
    double.name: double
    for double in (
        OpenAI, Azure, Stability, Gemini, Firefly, queues.Bfl, queues.Fal, queues.Replicate, others.HuggingFace, others.Recraft,
        others.Ideogram, others.ComfyUI, others.Gateway,
    )
}  # fmt: skip


async def serve(name: str, bills: Path | None, delay_s: float, polls: int) -> None:
    double = DOUBLES[name](bills)
    double.pending = polls

    async def respond(request: Request):
        reply = double.respond(request)  # what it charges for, it charges for at once
        await asyncio.sleep(delay_s)
        return reply

    server = Server(respond=respond)
    async with server.running():
        double.url = server.url
        print(server.url, flush=True)
        await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.doubles")
    parser.add_argument("name", choices=sorted(DOUBLES))
    parser.add_argument("--bills", type=Path, help="every picture that would be charged is appended here")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before every answer")
    parser.add_argument("--polls", type=int, default=1, help="how often a job says that it is not ready")
    given = parser.parse_args()
    asyncio.run(serve(given.name, given.bills, given.delay, given.polls))


main()
