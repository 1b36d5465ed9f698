#!/usr/bin/python

DOCUMENTATION = r"""
---
module: day23_preflight
short_description: Refuse what cannot work before anything starts
description:
  - Looks at the interpreter, the stack root and who made it, the tools, the artefacts, free space, the
    versions that wrote the data folders, and the ports.
  - Names all problems in one message, each with what helps.
  - Changes nothing and needs no network.
author: Day 23 maintainers
extends_documentation_fragment: day23_stack
options:
  ports:
    description: Port by name. A port that a process of this very stack holds is fine.
    type: dict
    required: true
  artifacts:
    description: Artefacts as the roles declare them in C(<role>_artifact).
    type: list
    elements: dict
    required: true
  optional:
    description: Names of services without which the stack is complete.
    type: list
    elements: str
    default: []
  gpus:
    description: Number of NVIDIA cards by the service that wants them; 0 for none, -1 for at least one.
    type: dict
    default: {}
  min_free_gb:
    description: Room that the stack root, and the cache, must have, in GiB.
    type: float
    default: 2
attributes:
  check_mode:
    support: full
    description: Only ever looks.
  diff_mode:
    support: none
    description: Changes nothing.
  idempotent:
    support: full
    description: Changes nothing.
"""

EXAMPLES = r"""
- name: Refuse what cannot work before anything starts
  day23_preflight:
    stack: "{{ stack_context }}"
    ports: "{{ stack_ports }}"
    artifacts: ["{{ loki_artifact }}", "{{ grafana_artifact }}"]
    optional: [grafana]
"""

RETURN = r"""
checks:
  description: What each check came to, in order; also returned on failure.
  returned: always
  type: list
  elements: dict
  contains:
    check:
      description: What was looked at.
      type: str
      sample: port 9090 (prometheus)
    state:
      description: One of C(passed), C(will be fetched), C(skipped), C(failed).
      type: str
    detail:
      description: What was found.
      type: str
    next_step:
      description: What helps; empty when nothing is needed.
      type: str
"""

from ansible.module_utils.basic import AnsibleModule

from day23.presentation.ansible_module import STACK_ARGUMENT, run
from day23.presentation.modules.preflight import handle


def main() -> None:
    arguments = {
        "stack": STACK_ARGUMENT,
        "ports": {"type": "dict", "required": True},
        "artifacts": {"type": "list", "elements": "dict", "required": True},
        "optional": {"type": "list", "elements": "str", "default": []},
        "gpus": {"type": "dict", "default": {}},
        "min_free_gb": {"type": "float", "default": 2},
    }
    run(AnsibleModule(argument_spec=arguments, supports_check_mode=True), handle)


if __name__ == "__main__":
    main()
