#!/usr/bin/python

DOCUMENTATION = r"""
---
module: day23_service
short_description: Make one service of the stack run as its role says
description:
  - Decides by hash what has to happen, checks a new configuration before it replaces the old one, then
    starts, reloads or restarts the service, or leaves it alone.
  - Does not wait until the service is ready; M(day23_ready) waits for all at once.
  - An optional service without an artefact is skipped and the reason is kept for M(day23_status).
  - Changes made by hand to the running process are not seen; changes to its configuration files are undone.
author: Day 23 maintainers
extends_documentation_fragment: day23_stack
options:
  spec:
    description:
      - The service as data. The schema is C(day23.domain.service_spec.ServiceSpec); an unknown or wrong key
        is refused by name.
      - With O(state=absent) only C(name) is read.
    type: dict
    required: true
  state:
    description: Whether the service belongs to the stack. Data stays when it is taken out.
    type: str
    choices: [present, absent]
    default: present
attributes:
  check_mode:
    support: full
    description: Returns the action; also where artefacts are still to be fetched.
  diff_mode:
    support: full
    description: Shows the configuration files and versions that change. Files never contain secrets.
  idempotent:
    support: full
    description: Changes nothing when the same specification already runs.
"""

EXAMPLES = r"""
- name: Run Loki
  day23_service:
    spec: "{{ loki_service }}"

- name: Take Loki out of the stack
  day23_service:
    spec: {name: loki}
    state: absent
"""

RETURN = r"""
service:
  description: Name of the service.
  returned: success
  type: str
  sample: loki
action:
  description: C(unchanged), C(reloaded), C(restarted), C(started), C(skipped) or C(removed).
  returned: success
  type: str
  sample: restarted
reasons:
  description: Why; empty when nothing changes.
  returned: success
  type: list
  elements: str
  sample: [loki.yml changed]
exit_code:
  description: Exit code of the toolkit for this failure.
  returned: failure
  type: int
  sample: 1
"""

from ansible.module_utils.basic import AnsibleModule

from day23.presentation.ansible_module import STACK_ARGUMENT, run
from day23.presentation.modules.service import handle


def main() -> None:
    arguments = {
        "stack": STACK_ARGUMENT,
        "spec": {"type": "dict", "required": True},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    }
    run(AnsibleModule(argument_spec=arguments, supports_check_mode=True), handle)


if __name__ == "__main__":
    main()
