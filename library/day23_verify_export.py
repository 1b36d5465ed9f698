#!/usr/bin/python

DOCUMENTATION = r"""
---
module: day23_verify_export
short_description: Accept a complete export of the benchmark dataset
description:
  - Reads every file of an export again and compares checksums, counts and bytes with C(manifest.json).
  - Validates every record against the committed JSON Schemas.
  - Fails when anything is missing or differs, and shows a schema that changed since the export as a diff.
author: Day 23 maintainers
extends_documentation_fragment: day23_stack
options:
  folder:
    description:
      - The export to read; relative paths start at O(stack.repository).
      - The default is the newest one in C(exports) below O(dataset_dir).
    type: path
  dataset_dir:
    description: Folder of snapshots, exports and benchmarks; relative paths start at O(stack.repository).
    type: path
    default: data/benchmarks
  evidence_dir:
    description: Folder that gets C(verify_export.json).
    type: path
attributes:
  check_mode:
    support: partial
    description: Reads nothing, for the export may not exist yet.
  diff_mode:
    support: none
    description: Nothing is changed.
  idempotent:
    support: full
    description: Changes nothing.
"""

EXAMPLES = r"""
- name: Accept only a complete export
  day23_verify_export:
    stack: "{{ stack_context }}"
"""

RETURN = r"""
folder:
  description: The export that was read.
  returned: when not in check mode
  type: str
  sample: /srv/day23/data/benchmarks/exports/2025-11-15
summary:
  description: The manifest, every line of which is true.
  returned: when not in check mode
  type: dict
  sample: {format: 1, tool: day23, files: [{name: digests.jsonl, documents: 150}]}
exit_code:
  description: Exit code of the toolkit for this failure.
  returned: failure
  type: int
  sample: 1
"""

from ansible.module_utils.basic import AnsibleModule

from day23.presentation.ansible_module import STACK_ARGUMENT, run
from day23.presentation.modules.verify_export import handle


def main() -> None:
    arguments = {
        "stack": STACK_ARGUMENT,
        "folder": {"type": "path"},
        "dataset_dir": {"type": "path", "default": "data/benchmarks"},
        "evidence_dir": {"type": "path"},
    }
    run(AnsibleModule(argument_spec=arguments, supports_check_mode=True), handle)


if __name__ == "__main__":
    main()
