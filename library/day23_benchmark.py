#!/usr/bin/python

DOCUMENTATION = r"""
---
module: day23_benchmark
short_description: Judge a verified export by the thresholds of a scenario
description:
  - A dry run judges the scores and latencies that are stored with the samples.
  - A live run sends every sample to the LLM API, streamed, and measures latency, time to first token and
    quality against the source.
  - The verdict is data; the task fails on it only with O(gate=true).
author: Day 23 maintainers
extends_documentation_fragment: day23_stack
options:
  scenario:
    description: Name of a file below C(config/scenarios), such as C(channel_digest_ru).
    type: str
    required: true
  mode:
    description: Whether stored values are judged or the model is asked again.
    type: str
    choices: [dry, live]
    default: dry
  dataset:
    description:
      - An exported JSONL file with its manifest; relative paths start at O(stack.repository).
      - The default is C(latest.jsonl) of the scenario's dataset below O(dataset_dir).
    type: path
  dataset_dir:
    description: Folder of snapshots, exports and benchmarks; relative paths start at O(stack.repository).
    type: path
    default: data/benchmarks
  limit:
    description: Newest samples only; C(0) takes all.
    type: int
    default: 0
  llm_url:
    description:
      - Address of the LLM API, as all who ask it see it, such as C(http://192.168.1.10:8000).
      - The default is that of the stack.
    type: str
  llm_api_key:
    description: Key that the LLM API asks its callers for; the variable C(LLM_API_KEY) is not read here.
    type: str
  max_concurrency:
    description:
      - Requests in flight at once. The default is that of C(BENCHMARK_MAX_CONCURRENCY), else 4.
      - With O(rate) it is a safety limit, 256 unless given.
    type: int
  rate:
    description: Send by the clock, so many requests per second, however slow the answers.
    type: float
  arrival:
    description: Gaps between requests with O(rate).
    type: str
    choices: [constant, poisson]
    default: constant
  seed:
    description: Makes the gaps of a Poisson process the same again.
    type: int
    default: 23
  workers:
    description:
      - Client processes of a live run that the load is dealt to. The default is one.
      - With O(scheduler) it is how many of its workers ask, all unless given.
    type: int
  scheduler:
    description: Address of the Dask scheduler whose workers ask, such as C(tcp://host:8786).
    type: str
  credentials:
    description: With O(scheduler), what M(day23_benchmark_client) made for it.
    type: str
  warm_up:
    description: Requests before the first that counts.
    type: int
    default: 3
  baseline:
    description: The JSON file of an earlier run, or C(last); RV(comparison) tells what changed since.
    type: str
  beside:
    description:
      - Address of another server that a live run asks in turns with the one that is measured.
      - What changed from that one to this one is C(beside) of RV(summary). It changes no verdict.
    type: str
  beside_model:
    description: With O(beside), the name of its model. The default is the measured model's.
    type: str
  beside_api_key:
    description:
      - Key that this server asks its callers for.
      - The default is that of C(BESIDE_API_KEY), else O(llm_api_key) where it is the measured server.
    type: str
  judge:
    description:
      - Have a model compare each answer of a live run with the recorded summary, in both orders.
      - It is asked once before the run, which is refused when no judgement comes. It changes no verdict.
    type: str
    choices: [llm]
  judge_url:
    description:
      - Address of the judge, such as C(http://127.0.0.1:8000).
      - The default is that of C(JUDGE_URL), else the LLM API that is measured.
    type: str
  judge_model:
    description: Name of the judge's model. The default is that of C(JUDGE_MODEL), else the measured model.
    type: str
  judge_api_key:
    description:
      - Key that the judge asks its callers for.
      - The default is that of C(JUDGE_API_KEY), else O(llm_api_key) where the measured server judges.
    type: str
  judge_repeats:
    description: With O(judge), votes on each pair in each order; at least 3.
    type: int
    default: 3
  output:
    description: Another file that gets the result.
    type: path
  evidence_dir:
    description: Folder that gets the result as C(benchmark.<scenario>.<mode>.json).
    type: path
  gate:
    description: Fail the task when the verdict is C(fail) or C(void).
    type: bool
    default: false
  fail_on_warn:
    description: With O(gate=true), fail on C(warn), too.
    type: bool
    default: false
attributes:
  check_mode:
    support: full
    description: Returns the plan; asks nobody and writes nothing.
  diff_mode:
    support: none
    description: A run adds a result and changes nothing.
  idempotent:
    support: none
    description: Every run is a measurement of its own.
"""

EXAMPLES = r"""
- name: Judge the stored digests
  day23_benchmark:
    stack: "{{ stack_context }}"
    scenario: channel_digest_ru

- name: Ask the model for fifty review summaries and stop the play on a bad verdict
  day23_benchmark:
    stack: "{{ stack_context }}"
    scenario: review_summary_ru
    mode: live
    limit: 50
    gate: true

- name: Tell whether a new server is as good as the one in use
  day23_benchmark:
    stack: "{{ stack_context }}"
    scenario: channel_digest_ru
    mode: live
    llm_url: http://192.168.1.11:8000
    beside: http://192.168.1.10:8000

- name: Ask the model, and have another one compare its digests with those that are recorded
  day23_benchmark:
    stack: "{{ stack_context }}"
    scenario: channel_digest_ru
    mode: live
    judge: llm
    judge_url: http://127.0.0.1:8001
    judge_model: qwen3-8b
"""

RETURN = r"""
outcome:
  description: The verdict; C(void) when too many samples failed for any.
  returned: when not in check mode
  type: str
  sample: warn
result:
  description: Path of the stored result.
  returned: when not in check mode
  type: str
  sample: data/benchmarks/results/channel_digest_ru/20251115T101500Z-dry-4bf92f35.json
bundle:
  description: Folder with page, pictures, samples and a manifest over them.
  returned: when not in check mode
  type: str
  sample: evidence/20251116T101500Z-1a2b/benchmark.channel_digest_ru.dry
comparison:
  description: Every metric against the baseline, with what keeps a verdict from being given.
  returned: when not in check mode
  type: dict
  sample: {baseline: 4bf92f3577b34da6a3ce929d0e0e4736, equal_runs: 3}
summary:
  description: The result without its samples.
  returned: when not in check mode
  type: dict
  sample: {scenario_id: channel_digest_ru, overall: warn}
plan:
  description: Samples, calls and thresholds of the run, or the obstacle to it.
  returned: in check mode
  type: dict
  sample: {scenario_id: channel_digest_ru, mode: live, samples: 150, calls: 150}
exit_code:
  description: Exit code of the toolkit for this failure; 2 fail, 3 warn, 4 void.
  returned: failure
  type: int
  sample: 2
"""

from ansible.module_utils.basic import AnsibleModule

from day23.presentation.ansible_module import STACK_ARGUMENT, run
from day23.presentation.modules.benchmark import handle


def main() -> None:
    arguments = {
        "stack": STACK_ARGUMENT,
        "scenario": {"type": "str", "required": True},
        "mode": {"type": "str", "choices": ["dry", "live"], "default": "dry"},
        "dataset": {"type": "path"},
        "dataset_dir": {"type": "path", "default": "data/benchmarks"},
        "limit": {"type": "int", "default": 0},
        "llm_url": {"type": "str"},
        "llm_api_key": {"type": "str", "no_log": True},
        "max_concurrency": {"type": "int"},
        "rate": {"type": "float"},
        "arrival": {"type": "str", "choices": ["constant", "poisson"], "default": "constant"},
        "seed": {"type": "int", "default": 23},
        "workers": {"type": "int"},
        "scheduler": {"type": "str"},
        "credentials": {"type": "str", "no_log": True},
        "warm_up": {"type": "int", "default": 3},
        "baseline": {"type": "str"},
        "beside": {"type": "str"},
        "beside_model": {"type": "str"},
        "beside_api_key": {"type": "str", "no_log": True},
        "judge": {"type": "str", "choices": ["llm"]},
        "judge_url": {"type": "str"},
        "judge_model": {"type": "str"},
        "judge_api_key": {"type": "str", "no_log": True},
        "judge_repeats": {"type": "int", "default": 3},
        "output": {"type": "path"},
        "evidence_dir": {"type": "path"},
        "gate": {"type": "bool", "default": False},
        "fail_on_warn": {"type": "bool", "default": False},
    }
    run(AnsibleModule(argument_spec=arguments, supports_check_mode=True), handle)


if __name__ == "__main__":
    main()
