#!/usr/bin/python

DOCUMENTATION = r"""
---
module: day23_validation
short_description: Prove that a stack comes back after a disruption
description:
  - Runs one phase of a restart validation. C(record) starts a process outside the stack that polls every
    service and sends log lines and writes, and asks the stack everything that must come back.
    C(disrupt) notes what could be read to the last moment and does what no playbook does.
    C(verify) waits until everything is back, asks again and judges ten points.
    Asked again after that, it tells the same verdict.
  - C(look) says where the evidence of the last validation is, and whether it was judged.
  - C(abandon) ends what a validation that was broken off left running, and takes its marks back.
  - Evidence goes to O(evidence_dir).
  - Fails with exit code 1 when a point does not hold, and with 4 when nothing can be said.
author: Day 23 maintainers
extends_documentation_fragment: day23_stack
options:
  phase:
    description: Which part to run.
    type: str
    required: true
    choices: [record, disrupt, look, verify, abandon]
  disruption:
    description: >-
      What will happen between record and verdict: V(stack), V(service:<name>), V(kill), V(kill:<name>),
      V(engine), V(reload_bad_config) or V(host).
    type: str
    default: stack
  run_id:
    description: Name of the run; needed to record.
    type: str
  evidence_dir:
    description: Folder of the run's evidence; relative paths start at O(stack.repository).
    type: path
    required: true
  engine_command:
    description: Command that restarts the engine itself; without one the supervisor of the stack is ended.
    type: list
    elements: str
    default: []
  patience:
    description: Seconds to wait for samples and the Watchdog after everything is ready.
    type: float
    default: 180
attributes:
  check_mode:
    support: full
    description: Tells that it would run and does nothing.
  diff_mode:
    support: none
    description: Nothing of the stack is to change in the end.
  idempotent:
    support: none
    description: Every run disrupts.
"""

EXAMPLES = r"""
- name: Record the stack under load
  day23_validation:
    stack: "{{ stack_context }}"
    phase: record
    disruption: kill
    run_id: "{{ stack_run_id }}"
    evidence_dir: "{{ stack_evidence_dir }}"
"""

RETURN = r"""
folder:
  description: Where the evidence is.
  returned: success and not in check mode
  type: path
  sample: /srv/day23/evidence/20251120T101500Z-9f2c41
needs_up:
  description: Whether the stack has to be brought up after the disruption.
  returned: after C(disrupt)
  type: bool
  sample: true
lines:
  description: The verdict on one screen.
  returned: after C(verify)
  type: list
  elements: str
  sample: ["restart validation stack: passed"]
report:
  description: The verdict with every number.
  returned: after C(verify)
  type: dict
  sample: {verdict: passed}
stopped:
  description: The services that do not run.
  returned: after C(abandon)
  type: list
  elements: str
  sample: [loki]
judged:
  description: Whether the last validation has its verdict.
  returned: after C(look)
  type: bool
  sample: false
kept:
  description: Whether what was recorded before a boot can still be verified.
  returned: after C(abandon)
  type: bool
  sample: false
exit_code:
  description: Exit code of the toolkit for this failure.
  returned: failure
  type: int
  sample: 1
"""

from ansible.module_utils.basic import AnsibleModule

from day23.presentation.ansible_module import STACK_ARGUMENT, run
from day23.presentation.modules.validation import handle


def main() -> None:
    phases = ["record", "disrupt", "look", "verify", "abandon"]
    arguments = {
        "stack": STACK_ARGUMENT,
        "phase": {"type": "str", "required": True, "choices": phases},
        "disruption": {"type": "str", "default": "stack"},
        "run_id": {"type": "str"},
        "evidence_dir": {"type": "path", "required": True},
        "engine_command": {"type": "list", "elements": "str", "default": []},
        "patience": {"type": "float", "default": 180},
    }
    run(AnsibleModule(argument_spec=arguments, supports_check_mode=True), handle)


if __name__ == "__main__":
    main()
