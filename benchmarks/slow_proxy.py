"""A proxy that hands an answer on later, by a share of the time that the server took for it.

As a program, `slow_proxy.py TARGET SHARE`, it prints its URL and serves until it is ended.
"""

import asyncio
import sys
import time

import aiohttp
import uvloop
from aiohttp import web


class SlowProxy:
    """Stands before a chat endpoint.

    Args:
        target: Base URL of the server.
        share: 0.2 makes every answer a fifth slower; 0 only hands it on, at the same cost.
    """

    def __init__(self, target: str, share: float = 0.0) -> None:
        self.share = share
        self._target = target

    async def __aenter__(self) -> str:
        """Start; return the proxy's URL."""
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        application = web.Application(client_max_size=1 << 24)
        application.router.add_route("*", "/{path:.*}", self._handle)
        self._runner = web.AppRunner(application, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def __aexit__(self, *_: object) -> None:
        """Stop."""
        await self._runner.cleanup()
        await self._session.close()

    async def _handle(self, request: web.Request) -> web.Response:
        started = time.perf_counter()
        async with self._session.request(
            request.method, f"{self._target}{request.path_qs}", data=await request.read()
        ) as answer:
            body = await answer.read()
        if request.method == "POST":
            await asyncio.sleep(self.share * (time.perf_counter() - started))
        headers = {"Content-Type": answer.headers.get("Content-Type", "application/json")}
        return web.Response(body=body, status=answer.status, headers=headers)


async def _serve(target: str, share: float) -> None:
    async with SlowProxy(target, share) as url:
        print(url, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(_serve(sys.argv[1], float(sys.argv[2])))
