#!/usr/bin/python

DOCUMENTATION = r"""
---
module: day23_toolkit
short_description: Make the toolkit's packages ready to be pushed to a host
description:
  - Runs on the controller. Writes the locked Python packages and the project as two archives into the cache,
    once per content; names tell contents.
author: Day 23 maintainers
extends_documentation_fragment: day23_stack
attributes:
  check_mode:
    support: full
    description: Writes the same files; they are a cache.
  diff_mode:
    support: none
    description: Nothing to compare.
  idempotent:
    support: full
    description: Writes nothing that is there.
"""

EXAMPLES = r"""
- name: Pack the toolkit
  day23_toolkit:
    stack: "{{ stack_context }}"
  delegate_to: localhost
"""

RETURN = r"""
machine:
  description: Processor that the packages are for.
  returned: success
  type: str
  sample: x86_64
python:
  description: Version of Python that they are for.
  returned: success
  type: str
  sample: "3.11"
packages:
  description: The archives.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Kind and content of the package.
      type: str
    file:
      description: The archive on the controller.
      type: str
"""

from ansible.module_utils.basic import AnsibleModule

from day23.presentation.ansible_module import STACK_ARGUMENT, run
from day23.presentation.modules.toolkit import handle


def main() -> None:
    arguments = {
        "stack": STACK_ARGUMENT,
    }
    run(AnsibleModule(argument_spec=arguments, supports_check_mode=True), handle)


if __name__ == "__main__":
    main()
