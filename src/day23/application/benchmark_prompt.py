"""What a live run asks the model about a sample."""

from day23.application.ports import ChatRequest
from day23.domain.benchmark_sample import BenchmarkSample
from day23.domain.digest_prompt import (
    PROMPT_VERSION,
    TEMPLATE_SHA256,
    build_digest_prompt,
    build_review_prompt,
    passes_of_source,
    posts_of_source,
)
from day23.domain.errors import ToolkitError
from day23.domain.scenario import Scenario


def chat_request(scenario: Scenario, sample: BenchmarkSample) -> ChatRequest:
    """Return the request that has the model summarise the sample's source as the seed would."""
    if scenario.exporter == "digests":
        prompt = build_digest_prompt(sample.channel, sample.day, posts_of_source(sample.source))
    else:
        prompt = build_review_prompt(sample.channel, sample.day, passes_of_source(sample.source))
    return ChatRequest(prompt.system, prompt.user, max_tokens=scenario.max_tokens)


def prompt_sha256(scenario: Scenario) -> str:
    """Return the hash of the prompts' wording.

    Raises:
        ToolkitError: The scenario names a version that the toolkit does not have.
    """
    if scenario.prompt_version != PROMPT_VERSION:
        raise ToolkitError(
            f"scenario {scenario.scenario_id} asks for prompts {scenario.prompt_version}, "
            f"the toolkit has {PROMPT_VERSION}",
            next_step="set prompt_version in config/scenarios to the version that is there",
        )
    return TEMPLATE_SHA256
