#!/usr/bin/python

DOCUMENTATION = r"""
---
module: day23_bundle
short_description: Write one archive from which the stack comes up without a network
description:
  - Gathers the programs of the stack, the locked Python packages and the project, and writes them with their
    checksums and a bill of materials (CycloneDX). What is not on this host yet is fetched first.
  - The archive is the same for the same content.
author: Day 23 maintainers
extends_documentation_fragment: day23_stack
options:
  artifacts:
    description: Artefacts as the roles declare them in C(<role>_artifact).
    type: list
    elements: dict
    required: true
  optional:
    description: Names of artefacts that the stack can do without.
    type: list
    elements: str
    default: []
  output:
    description: The archive; relative paths start at O(stack.repository). Its checksum is written beside it.
    type: path
    required: true
  content:
    description: V(whole), or V(programs) alone for a host that has the toolkit.
    type: str
    choices: [whole, programs]
    default: whole
attributes:
  check_mode:
    support: full
    description: Says where it would go.
  diff_mode:
    support: none
    description: Nothing to compare.
  idempotent:
    support: none
    description: Writes the archive anew; the same content gives the same bytes.
"""

EXAMPLES = r"""
- name: Write the bundle
  day23_bundle:
    stack: "{{ stack_context }}"
    artifacts: "{{ preflight_artifacts }}"
    optional: [grafana]
    output: dist/day23.tar
"""

RETURN = r"""
bundle:
  description: Absolute path of the archive.
  returned: success
  type: str
sha256:
  description: Its checksum.
  returned: when written
  type: str
size:
  description: Its size in bytes.
  returned: when written
  type: int
manifest:
  description: What it says about itself, as C(bundle/manifest.json) in it.
  returned: when written
  type: dict
"""

from ansible.module_utils.basic import AnsibleModule

from day23.presentation.ansible_module import STACK_ARGUMENT, run
from day23.presentation.modules.bundle import handle


def main() -> None:
    arguments = {
        "stack": STACK_ARGUMENT,
        "artifacts": {"type": "list", "elements": "dict", "required": True},
        "optional": {"type": "list", "elements": "str", "default": []},
        "output": {"type": "path", "required": True},
        "content": {"type": "str", "choices": ["whole", "programs"], "default": "whole"},
    }
    run(AnsibleModule(argument_spec=arguments, supports_check_mode=True), handle)


if __name__ == "__main__":
    main()
