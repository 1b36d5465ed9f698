#!/usr/bin/python

DOCUMENTATION = r"""
---
module: day23_grafana
short_description: Let a running Grafana take the password of its secret
description:
  - Grafana reads the password of C(admin) on its first start only. After the secret C(grafana_password) of
    the stack root was edited, this module gives the new password to the running Grafana.
  - The password that Grafana took last is kept in the secret C(grafana_password_taken), to log in with.
  - A run that was killed anywhere is finished by the next one.
author: Day 23 maintainers
extends_documentation_fragment: day23_stack
options:
  port:
    description: Port of Grafana at O(stack.bind).
    type: int
    required: true
  within:
    description: Seconds that Grafana may take to answer.
    type: float
    default: 60
attributes:
  check_mode:
    support: full
    description: A Grafana that does not run is taken as settled.
  diff_mode:
    support: full
    description: Says that the password changes, without passwords.
  idempotent:
    support: full
    description: Changes nothing where the password of the secret is the one in use.
"""

EXAMPLES = r"""
- name: Let the password of the secret be the one that Grafana takes
  day23_grafana:
    stack: "{{ stack_context }}"
    port: 3000
"""

RETURN = r"""
exit_code:
  description: Exit code of the toolkit for this failure.
  returned: failure
  type: int
  sample: 1
"""

from ansible.module_utils.basic import AnsibleModule

from day23.presentation.ansible_module import STACK_ARGUMENT, run
from day23.presentation.modules.grafana import handle


def main() -> None:
    arguments = {
        "stack": STACK_ARGUMENT,
        "port": {"type": "int", "required": True},
        "within": {"type": "float", "default": 60},
    }
    run(AnsibleModule(argument_spec=arguments, supports_check_mode=True), handle)


if __name__ == "__main__":
    main()
