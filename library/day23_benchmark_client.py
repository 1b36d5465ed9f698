#!/usr/bin/python

DOCUMENTATION = r"""
---
module: day23_benchmark_client
short_description: Start and end what asks the LLM API from several hosts
description:
  - Starts a Dask scheduler, or workers for one, on the host where it runs. All are of one benchmark.
  - They speak TLS and accept who holds the credentials of the run, which no file and no command line has.
  - A worker ends with its scheduler. A scheduler ends with the playbook of the same host, with a run that is
    interrupted, and when nobody has called for five minutes.
author: Day 23 maintainers
extends_documentation_fragment: day23_stack
options:
  state:
    description:
      - V(secured) makes credentials for a run and starts nothing.
      - V(started) starts a scheduler, or with O(scheduler) workers for it.
      - V(ended) ends O(processes).
    type: str
    choices: [secured, started, ended]
    required: true
  credentials:
    description: What V(secured) returned.
    type: str
  scheduler:
    description: Address of the scheduler that workers are started for.
    type: str
  host:
    description: Address that a scheduler listens at; the name of the host that workers are of.
    type: str
  port:
    description: Where a scheduler listens; C(0) takes a free one.
    type: int
    default: 0
  count:
    description: Workers to start.
    type: int
    default: 1
  processes:
    description: What V(started) returned.
    type: list
    elements: int
    default: []
attributes:
  check_mode:
    support: full
    description: Starts and ends nothing.
  diff_mode:
    support: none
    description: Nothing to compare.
  idempotent:
    support: partial
    description: Ends only what is there; every start is one more.
"""

EXAMPLES = r"""
- name: Start the scheduler
  day23_benchmark_client:
    stack: "{{ stack_context }}"
    state: started
    host: 192.168.1.10
    credentials: "{{ secured.credentials }}"
"""

RETURN = r"""
credentials:
  description: Private key and certificate; keep them out of logs with C(no_log).
  returned: with O(state=secured)
  type: str
addresses:
  description: Where the processes listen.
  returned: with O(state=started)
  type: list
  elements: str
  sample: ["tls://192.168.1.10:41873"]
processes:
  description: Their ids on the host.
  returned: with O(state=started)
  type: list
  elements: int
  sample: [4711]
"""

from ansible.module_utils.basic import AnsibleModule

from day23.presentation.ansible_module import STACK_ARGUMENT, run
from day23.presentation.modules.benchmark_client import handle


def main() -> None:
    arguments = {
        "stack": STACK_ARGUMENT,
        "state": {"type": "str", "choices": ["secured", "started", "ended"], "required": True},
        "credentials": {"type": "str", "no_log": True},
        "scheduler": {"type": "str"},
        "host": {"type": "str"},
        "port": {"type": "int", "default": 0},
        "count": {"type": "int", "default": 1},
        "processes": {"type": "list", "elements": "int", "default": []},
    }
    conditions = [("state", "started", ("credentials", "host"))]
    run(AnsibleModule(argument_spec=arguments, required_if=conditions, supports_check_mode=True), handle)


if __name__ == "__main__":
    main()
