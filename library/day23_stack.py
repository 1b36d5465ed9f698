#!/usr/bin/python

DOCUMENTATION = r"""
---
module: day23_stack
short_description: Prepare the stack root
description:
  - Makes the folders of a stack root, the secrets that are missing and C(.env.infra), and records which
    engine made it.
  - Holds the stack lock for as long as the playbook runs, however it ends.
  - Refuses a stack root that another engine or a newer toolkit made.
author: Day 23 maintainers
extends_documentation_fragment: day23_stack
options:
  ports:
    description: Port by name; at least C(mongodb), C(llm_api) and C(prometheus).
    type: dict
    required: true
  env_file:
    description:
      - File with the addresses and credentials for people and scripts.
      - A file that the toolkit did not write is never replaced.
      - The default is C(.env.infra) in O(stack.repository).
    type: path
  dataset_dir:
    description: Folder of exports, told to people as C(BENCHMARK_DATASET_DIR).
    type: path
    default: data/benchmarks
  llm_model:
    description: Model that the LLM API serves, told to people as C(LLM_MODEL).
    type: str
    default: extractive-lexrank-ru-v1
  database:
    description: Database of the dataset.
    type: str
    default: butler
  secrets:
    description: Names of the secrets that must exist afterwards.
    type: list
    elements: str
    default:
      - mongodb_keyfile
      - mongodb_admin
      - mongodb_seeder
      - mongodb_exporter
      - mongodb_benchmark
      - mongodb_tracer
      - mongodb_butler
      - mongodb_mcp
      - mcp_token
      - grafana_password
  lock:
    description:
      - What the playbook does while it holds the stack lock, in one or two words; null takes no lock.
      - In check mode the lock is looked at and not taken.
    type: str
  brought_up_with:
    description:
      - With what the playbook that brings the stack up was called; commands in messages about it say so.
      - Playbooks that do not bring it up leave it out. They do not write O(env_file) either, because they
        need not know the ports.
    type: dict
    suboptions:
      inventory:
        description: Folder below C(inventories), or a path.
        type: str
        required: true
      port_offset:
        description: Added to every default port.
        type: int
        required: true
  run_id:
    description: Name of this run. The default is the time in UTC and six random digits.
    type: str
attributes:
  check_mode:
    support: full
    description: Predicts on a virgin host and writes nothing.
  diff_mode:
    support: full
    description: Lists what is made, without contents.
  idempotent:
    support: full
    description: Changes nothing when the stack root is ready.
"""

EXAMPLES = r"""
- name: Prepare the stack root and keep others out while the stack comes up
  day23_stack:
    stack: "{{ stack_context }}"
    ports: "{{ stack_ports }}"
    lock: up
"""

RETURN = r"""
trace_id:
  description: 32 hex digits that join everything this run does.
  returned: success
  type: str
  sample: 4bf92f3577b34da6a3ce929d0e0e4736
run_id:
  description: Name of this run.
  returned: success
  type: str
  sample: 20251120T101500Z-9f2c41
changes:
  description: What was changed, or in check mode would be.
  returned: success
  type: list
  elements: str
  sample: [make secret mongodb_admin]
exit_code:
  description: Exit code of the toolkit for this failure; 75 when another run holds the lock.
  returned: failure
  type: int
  sample: 75
"""

from ansible.module_utils.basic import AnsibleModule

from day23.presentation.ansible_module import STACK_ARGUMENT, run
from day23.presentation.modules.stack import handle

SECRETS = [
    "mongodb_keyfile",
    "mongodb_admin",
    "mongodb_seeder",
    "mongodb_exporter",
    "mongodb_benchmark",
    "mongodb_tracer",
    "mongodb_butler",
    "mongodb_mcp",
    "mcp_token",
    "grafana_password",
]


def main() -> None:
    arguments = {
        "stack": STACK_ARGUMENT,
        "ports": {"type": "dict", "required": True},
        "env_file": {"type": "path"},
        "dataset_dir": {"type": "path", "default": "data/benchmarks"},
        "llm_model": {"type": "str", "default": "extractive-lexrank-ru-v1"},
        "database": {"type": "str", "default": "butler"},
        "secrets": {"type": "list", "elements": "str", "default": SECRETS, "no_log": False},
        "lock": {"type": "str"},
        "brought_up_with": {
            "type": "dict",
            "options": {
                "inventory": {"type": "str", "required": True},
                "port_offset": {"type": "int", "required": True},
            },
        },
        "run_id": {"type": "str"},
    }
    run(AnsibleModule(argument_spec=arguments, supports_check_mode=True), handle)


if __name__ == "__main__":
    main()
