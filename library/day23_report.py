#!/usr/bin/python

DOCUMENTATION = r"""
---
module: day23_report
short_description: Write the evidence page of a run
description:
  - Reads what the steps of the run left in O(evidence_dir), asks Prometheus, Loki and MongoDB about the
    run, and writes C(run.json) and the self-contained page C(index.html) beside it.
  - Waits up to O(patience) seconds for Prometheus and Loki to have what the run wrote last.
  - A value that cannot be read is shown as not reachable, never as zero, and never fails the task.
author: Day 23 maintainers
extends_documentation_fragment: day23_stack
options:
  run_id:
    description: Name of the run; the time it starts with is taken as the run's beginning.
    type: str
    required: true
  evidence_dir:
    description: Folder of the run's evidence; relative paths start at O(stack.repository).
    type: path
    required: true
  patience:
    description: Seconds to wait for values that are on their way.
    type: float
    default: 25
attributes:
  check_mode:
    support: full
    description: Tells where the page would go and asks nothing.
  diff_mode:
    support: none
    description: The page is new each time.
  idempotent:
    support: none
    description: The page says when it was made and what the stack answered then.
"""

EXAMPLES = r"""
- name: Gather live values and write the page
  day23_report:
    stack: "{{ stack_context }}"
    run_id: "{{ stack_run_id }}"
    evidence_dir: "{{ stack_evidence_dir }}"
"""

RETURN = r"""
page:
  description: The page.
  returned: success
  type: path
  sample: /srv/day23/evidence/20251120T101500Z-9f2c41/index.html
data:
  description: The same as data.
  returned: success and not in check mode
  type: path
  sample: /srv/day23/evidence/20251120T101500Z-9f2c41/run.json
lines:
  description: The run on one screen.
  returned: success and not in check mode
  type: list
  elements: str
  sample: [Run 20251120T101500Z-9f2c41 in 1 min 23 s]
gaps:
  description: Why sections are empty, by section.
  returned: success and not in check mode
  type: dict
  sample: {}
exit_code:
  description: Exit code of the toolkit for this failure.
  returned: failure
  type: int
  sample: 1
"""

from ansible.module_utils.basic import AnsibleModule

from day23.presentation.ansible_module import STACK_ARGUMENT, run
from day23.presentation.modules.report import handle


def main() -> None:
    arguments = {
        "stack": STACK_ARGUMENT,
        "run_id": {"type": "str", "required": True},
        "evidence_dir": {"type": "path", "required": True},
        "patience": {"type": "float", "default": 25},
    }
    run(AnsibleModule(argument_spec=arguments, supports_check_mode=True), handle)


if __name__ == "__main__":
    main()
