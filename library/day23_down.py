#!/usr/bin/python

DOCUMENTATION = r"""
---
module: day23_down
short_description: Stop the stack
description:
  - Stops all services at the same time, each within the time its role gives it, and returns when every
    process of the stack is gone.
  - Data stays unless O(purge) is set.
author: Day 23 maintainers
extends_documentation_fragment: day23_stack
options:
  purge:
    description: Whether to remove data, logs, configuration and secrets of the stack afterwards.
    type: bool
    default: false
attributes:
  check_mode:
    support: full
    description: Names the services that run and the folders that would go.
  diff_mode:
    support: none
    description: There is nothing to compare.
  idempotent:
    support: full
    description: Changes nothing when nothing runs.
"""

EXAMPLES = r"""
- name: Stop the stack
  day23_down: {}

- name: Stop the stack and remove its data
  day23_down:
    purge: true
"""

RETURN = r"""
stopped:
  description: Services that ran.
  returned: success
  type: list
  elements: str
  sample: [loki, prometheus]
purged:
  description: Folders that were removed.
  returned: success
  type: list
  elements: str
  sample: [/srv/stack/data]
exit_code:
  description: Exit code of the toolkit for this failure.
  returned: failure
  type: int
  sample: 1
"""

from ansible.module_utils.basic import AnsibleModule

from day23.presentation.ansible_module import STACK_ARGUMENT, run
from day23.presentation.modules.down import handle


def main() -> None:
    arguments = {"stack": STACK_ARGUMENT, "purge": {"type": "bool", "default": False}}
    run(AnsibleModule(argument_spec=arguments, supports_check_mode=True), handle)


if __name__ == "__main__":
    main()
