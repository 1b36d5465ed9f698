#!/usr/bin/python

DOCUMENTATION = r"""
---
module: day23_artifacts
short_description: Fetch the programs of the stack
description:
  - Brings every artefact that is not on the host into the cache, in parallel within its cores and memory.
  - Progress goes to C(run/events.jsonl) of the stack root.
  - What was fetched stays fetched when another artefact fails or the run is killed.
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
attributes:
  check_mode:
    support: full
    description: Says what would be fetched.
  diff_mode:
    support: full
    description: Lists the names of what is fetched.
  idempotent:
    support: full
    description: Fetches nothing that is on the host and intact.
"""

EXAMPLES = r"""
- name: Fetch what is missing
  day23_artifacts:
    stack: "{{ stack_context }}"
    artifacts: ["{{ loki_artifact }}", "{{ grafana_artifact }}"]
    optional: [grafana]
"""

RETURN = r"""
fetched:
  description: Names of the artefacts that were fetched, or in check mode would be.
  returned: success
  type: list
  elements: str
  sample: [loki]
artifacts:
  description: Where each artefact stands.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Name of the artefact.
      type: str
    version:
      description: Version on this host; null when it is not here.
      type: str
    source:
      description: The source it came from; null when it is not here.
      type: str
    digest:
      description: SHA-256 over what will run.
      type: str
    reason:
      description: Why it is not here.
      type: str
"""

from ansible.module_utils.basic import AnsibleModule

from day23.presentation.ansible_module import STACK_ARGUMENT, run
from day23.presentation.modules.artifacts import handle


def main() -> None:
    arguments = {
        "stack": STACK_ARGUMENT,
        "artifacts": {"type": "list", "elements": "dict", "required": True},
        "optional": {"type": "list", "elements": "str", "default": []},
    }
    run(AnsibleModule(argument_spec=arguments, supports_check_mode=True), handle)


if __name__ == "__main__":
    main()
