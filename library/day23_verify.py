#!/usr/bin/python

DOCUMENTATION = r"""
---
module: day23_verify
short_description: Verify the benchmark dataset
description:
  - Reads every document of the recorded window twice, counts distinct days per channel, checks every field,
    and compares the two reads.
  - Writes C(dataset_audit.json) to C(snapshots/<UTC date>) below O(dataset_dir), whatever the outcome.
  - Fails when a channel has too few days or a document breaks a rule; names channel and days.
author: Day 23 maintainers
extends_documentation_fragment: day23_stack
options:
  channels:
    description: Channels to verify, with or without C(@). The default is those that the seed recorded.
    type: list
    elements: str
    default: []
  days:
    description: Only the last days of the recorded window. The default is all of it.
    type: int
  minimum:
    description: Distinct days each channel must have.
    type: int
    default: 30
  dataset_dir:
    description: Folder of snapshots, exports and benchmarks; relative paths start at O(stack.repository).
    type: path
    default: data/benchmarks
  evidence_dir:
    description: Folder that gets C(verify.json).
    type: path
attributes:
  check_mode:
    support: partial
    description: Reads nothing, for the dataset may not exist yet.
  diff_mode:
    support: none
    description: Nothing is changed.
  idempotent:
    support: full
    description: Changes nothing but its own report.
"""

EXAMPLES = r"""
- name: Verify that every channel has 30 days
  day23_verify:
    stack: "{{ stack_context }}"
"""

RETURN = r"""
summary:
  description: The audit per channel, the path of its report and the trace id.
  returned: when not in check mode
  type: dict
  sample: {audit: {passed: true, channels: []}, report: /srv/day23/data/dataset_audit.json}
exit_code:
  description: Exit code of the toolkit for this failure.
  returned: failure
  type: int
  sample: 1
"""

from ansible.module_utils.basic import AnsibleModule

from day23.presentation.ansible_module import STACK_ARGUMENT, run
from day23.presentation.modules.verify import handle


def main() -> None:
    arguments = {
        "stack": STACK_ARGUMENT,
        "channels": {"type": "list", "elements": "str", "default": []},
        "days": {"type": "int"},
        "minimum": {"type": "int", "default": 30},
        "dataset_dir": {"type": "path", "default": "data/benchmarks"},
        "evidence_dir": {"type": "path"},
    }
    run(AnsibleModule(argument_spec=arguments, supports_check_mode=True), handle)


if __name__ == "__main__":
    main()
