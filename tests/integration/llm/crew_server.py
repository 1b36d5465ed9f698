"""A model that answers after a set time and remembers who asked what, for tests of crews."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Self

from aiohttp import web


@dataclass
class CrewServer:
    """Serves on a free port."""

    seconds: float = 0.0
    prompts: list[str] = field(default_factory=list)
    most_in_flight: int = 0
    _in_flight: int = 0
    url: str = ""

    async def __aenter__(self) -> Self:
        application = web.Application()
        application.router.add_post("/v1/chat/completions", self._answer)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        self.prompts.append((await request.json())["messages"][1]["content"])
        self._in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self._in_flight)
        await asyncio.sleep(self.seconds)
        self._in_flight -= 1
        event = {"model": "m", "choices": [{"delta": {"content": f"- {self.prompts[-1]}"}}]}
        text = f"data: {json.dumps(event)}\n\ndata: [DONE]\n\n"
        return web.Response(text=text, content_type="text/event-stream")
