#!/usr/bin/python

DOCUMENTATION = r"""
---
module: day23_restart
short_description: Restart services as they are
description:
  - Stops services in order and starts the very same again, with whatever their configuration folders hold.
    Nothing is rendered and no artefact is looked for; M(day23_service) does that.
author: Day 23 maintainers
extends_documentation_fragment: day23_stack
options:
  services:
    description: Names of the services; empty means all that are not skipped.
    type: list
    elements: str
    default: []
attributes:
  check_mode:
    support: full
    description: Tells which services it would restart.
  diff_mode:
    support: none
    description: No file is changed.
  idempotent:
    support: none
    description: Restarts each time.
"""

EXAMPLES = r"""
- name: Restart Loki
  day23_restart:
    stack: "{{ stack_context }}"
    services: [loki]
"""

RETURN = r"""
services:
  description: What was restarted.
  returned: success
  type: list
  elements: str
  sample: [loki]
exit_code:
  description: Exit code of the toolkit for this failure.
  returned: failure
  type: int
  sample: 1
"""

from ansible.module_utils.basic import AnsibleModule

from day23.presentation.ansible_module import STACK_ARGUMENT, run
from day23.presentation.modules.restart import handle


def main() -> None:
    arguments = {
        "stack": STACK_ARGUMENT,
        "services": {"type": "list", "elements": "str", "default": []},
    }
    run(AnsibleModule(argument_spec=arguments, supports_check_mode=True), handle)


if __name__ == "__main__":
    main()
