"""The client measured against its stub, and the server asked what it is."""

from threading import Thread

import uvloop
from aiohttp import web

from day23.application.ports import ChatRequest
from day23.infrastructure.llm.calibration import calibrate
from day23.infrastructure.llm.server_facts import read_server_facts

REQUEST = ChatRequest("Кратко.", "Рубль укрепился. " * 300)


def test_calibration_tells_overhead_and_greatest_rate_in_any_thread() -> None:
    found = []
    thread = Thread(target=lambda: found.append(uvloop.run(calibrate(REQUEST, 4))))
    thread.start()
    thread.join(60)
    assert 0 < found[0].overhead_seconds < 0.1
    assert found[0].overhead_interval.holds(found[0].overhead_seconds)
    assert found[0].maximum_rate > 50


async def served(models: dict[str, object]) -> tuple[web.AppRunner, str]:
    async def listed(_request: web.Request) -> web.Response:
        return web.json_response(models)

    application = web.Application()
    application.router.add_get("/v1/models", listed)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, f"http://127.0.0.1:{runner.addresses[0][1]}"


async def test_a_server_is_known_by_its_model_and_not_by_its_clock() -> None:
    entry = {"id": "Qwen3-8B-AWQ", "owned_by": "vllm", "created": 1}
    digests = []
    for change in ({}, {"created": 2}, {"max_model_len": 4096}):
        runner, url = await served({"data": [{"id": "other"}, entry | change]})
        facts = await read_server_facts(url, "Qwen3-8B-AWQ")
        await runner.cleanup()
        digests.append(facts.digest)
        assert (facts.engine, facts.model, facts.quantisation) == ("vllm", "Qwen3-8B-AWQ", "awq")
    assert digests[0] == digests[1] != digests[2]


async def test_a_server_that_tells_nothing_has_a_digest_too() -> None:
    facts = await read_server_facts("http://127.0.0.1:1", "m")
    assert (facts.engine, facts.model, len(facts.digest)) == ("unknown", "m", 64)
