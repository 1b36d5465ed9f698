#!/usr/bin/python

DOCUMENTATION = r"""
---
module: day23_status
short_description: Tell what every service of the stack is doing
description:
  - Joins what was converged with what the engine sees now and what each service answers.
author: Day 23 maintainers
extends_documentation_fragment: day23_stack
attributes:
  check_mode:
    support: full
    description: Reads only.
  diff_mode:
    support: none
    description: Nothing is changed.
  idempotent:
    support: full
    description: Changes nothing.
"""

EXAMPLES = r"""
- name: Look at the stack
  day23_status: {}
  register: status_report
"""

RETURN = r"""
services:
  description:
    - One row per service that was ever converged, by name. C(ready) is null for a skipped service;
      C(reason) says why a service is skipped or not ready.
  returned: success
  type: list
  elements: dict
  sample:
    - service: loki
      state: running
      ready: true
      endpoint: 127.0.0.1:3100
      version: 3.7.8
      pid: 4711
      uptime_seconds: 61.3
      memory_bytes: 126877696
      reason: ""
exit_code:
  description: Exit code of the toolkit for this failure.
  returned: failure
  type: int
  sample: 1
"""

from ansible.module_utils.basic import AnsibleModule

from day23.presentation.ansible_module import STACK_ARGUMENT, run
from day23.presentation.modules.status import handle


def main() -> None:
    run(AnsibleModule(argument_spec={"stack": STACK_ARGUMENT}, supports_check_mode=True), handle)


if __name__ == "__main__":
    main()
