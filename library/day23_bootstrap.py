#!/usr/bin/python

DOCUMENTATION = r"""
---
module: day23_bootstrap
short_description: Record what each step of the shared infrastructure's bootstrap came to
description:
  - Asks every service in its own protocol, MongoDB as a real user, all at the same time.
  - Writes the gauge C(shared_infra_bootstrap_status{step}), 1 or 0, to C(run/metrics/bootstrap.prom) of
    the stack root, where node exporter serves it.
  - A step that is down is reported and does not fail the task; M(day23_ready) is what waits and fails.
author: Day 23 maintainers
extends_documentation_fragment: day23_stack
attributes:
  check_mode:
    support: full
    description: Asks nothing and writes nothing.
  diff_mode:
    support: none
    description: Nothing is changed.
  idempotent:
    support: full
    description: Measures; never changes a service.
"""

EXAMPLES = r"""
- name: Record what each bootstrap step came to
  day23_bootstrap:
    stack: "{{ stack_context }}"
"""

RETURN = r"""
steps:
  description: One entry per step, in the order of the bootstrap.
  returned: success
  type: list
  elements: dict
  sample:
    - step: loki
      up: true
      detail: http://127.0.0.1:3100/ready
      next_step: ""
      seconds: 0.004
down:
  description: Names of the steps that failed.
  returned: success
  type: list
  elements: str
  sample: []
exit_code:
  description: Exit code of the toolkit for this failure.
  returned: failure
  type: int
  sample: 1
"""

from ansible.module_utils.basic import AnsibleModule

from day23.presentation.ansible_module import STACK_ARGUMENT, run
from day23.presentation.modules.bootstrap import handle


def main() -> None:
    run(AnsibleModule(argument_spec={"stack": STACK_ARGUMENT}, supports_check_mode=True), handle)


if __name__ == "__main__":
    main()
