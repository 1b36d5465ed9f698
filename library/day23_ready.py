#!/usr/bin/python

DOCUMENTATION = r"""
---
module: day23_ready
short_description: Wait until the services of the stack serve
description:
  - Asks all services at the same time over their real protocols.
  - When one is not ready in time, the message names it, its state, its last log lines and the next command.
author: Day 23 maintainers
extends_documentation_fragment: day23_stack
options:
  within:
    description: Seconds for every service; the default is what the role of each service says.
    type: float
  services:
    description: Names of the services to wait for; empty means all that are not skipped.
    type: list
    elements: str
    default: []
attributes:
  check_mode:
    support: full
    description: Waits for nothing.
  diff_mode:
    support: none
    description: Nothing is changed.
  idempotent:
    support: full
    description: Changes nothing.
"""

EXAMPLES = r"""
- name: Wait until all services are ready
  day23_ready: {}
"""

RETURN = r"""
services:
  description: Every service that was waited for, with the seconds it took.
  returned: success
  type: list
  elements: dict
  sample: [{service: loki, seconds: 0.41}]
exit_code:
  description: Exit code of the toolkit for this failure.
  returned: failure
  type: int
  sample: 1
"""

from ansible.module_utils.basic import AnsibleModule

from day23.presentation.ansible_module import STACK_ARGUMENT, run
from day23.presentation.modules.ready import handle


def main() -> None:
    arguments = {
        "stack": STACK_ARGUMENT,
        "within": {"type": "float"},
        "services": {"type": "list", "elements": "str", "default": []},
    }
    run(AnsibleModule(argument_spec=arguments, supports_check_mode=True), handle)


if __name__ == "__main__":
    main()
