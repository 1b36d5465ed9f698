#!/usr/bin/python

DOCUMENTATION = r"""
---
module: day23_load_bundle
short_description: Load what a bundle holds into the artefact cache
description:
  - Compares every checksum of the bundle first; nothing is loaded from one that is damaged.
  - Refuses a bundle for another processor or engine.
author: Day 23 maintainers
extends_documentation_fragment: day23_stack
options:
  bundle:
    description: The archive, or its unpacked folder; relative paths start at O(stack.repository).
    type: path
    required: true
attributes:
  check_mode:
    support: full
    description: Compares the checksums and loads nothing.
  diff_mode:
    support: none
    description: Nothing to compare.
  idempotent:
    support: full
    description: Loads nothing that the cache has.
"""

EXAMPLES = r"""
- name: Load the bundle
  day23_load_bundle:
    stack: "{{ stack_context }}"
    bundle: /media/usb/day23.tar
"""

RETURN = r"""
loaded:
  description: Names of the cache entries that were new.
  returned: success
  type: list
  elements: str
  sample: [loki-3.7.8-207ea65fd9568edc]
"""

from ansible.module_utils.basic import AnsibleModule

from day23.presentation.ansible_module import STACK_ARGUMENT, run
from day23.presentation.modules.load_bundle import handle


def main() -> None:
    arguments = {
        "stack": STACK_ARGUMENT,
        "bundle": {"type": "path", "required": True},
    }
    run(AnsibleModule(argument_spec=arguments, supports_check_mode=True), handle)


if __name__ == "__main__":
    main()
