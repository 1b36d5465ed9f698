#!/usr/bin/python

DOCUMENTATION = r"""
---
module: day23_dump
short_description: Write the stack's database to a folder, or load it from there
description:
  - Carries all documents from one MongoDB to another whose version or engine differs. Users, indexes and
    rules are not part of it, because M(day23_mongodb) makes them.
  - A dump is one file C(<collection>.bson) each, and C(manifest.json). It grows in C(<folder>.unfinished) and
    gets its name when it is complete, so an interrupted one cannot be taken for a dump.
  - Loading first compares every checksum, inserts what is missing, and reads every document back. Documents
    that are there with other content are kept and told.
author: Day 23 maintainers
extends_documentation_fragment: day23_stack
options:
  folder:
    description: Folder of the dump on the host; relative ones start at the checkout.
    type: path
    required: true
  state:
    description: Whether the folder shall hold the database, or the database what the folder holds.
    type: str
    choices: [dumped, loaded]
    default: dumped
attributes:
  check_mode:
    support: partial
    description: Reports a change without looking.
  diff_mode:
    support: none
    description: Documents are too many to show.
  idempotent:
    support: partial
    description: Loading the same dump again changes nothing; a finished dump is never overwritten.
"""

EXAMPLES = r"""
- name: Dump the database
  day23_dump:
    stack: "{{ stack_context }}"
    folder: /srv/butler-dump

- name: Load it into another stack
  day23_dump:
    stack: "{{ stack_context }}"
    folder: /srv/butler-dump
    state: loaded
"""

RETURN = r"""
folder:
  description: The folder, absolute.
  returned: success
  type: str
  sample: /srv/butler-dump
summary:
  description: The manifest of the dump, or how many documents of each collection were inserted.
  returned: success, not in check mode
  type: dict
  sample: {inserted: {digests: 150}, already_there: {digests: 0}}
exit_code:
  description: Exit code of the toolkit for this failure; 75 when a seed is at work.
  returned: failure
  type: int
  sample: 1
"""

from ansible.module_utils.basic import AnsibleModule

from day23.presentation.ansible_module import STACK_ARGUMENT, run
from day23.presentation.modules.dump import handle


def main() -> None:
    arguments = {
        "stack": STACK_ARGUMENT,
        "folder": {"type": "path", "required": True},
        "state": {"type": "str", "choices": ["dumped", "loaded"], "default": "dumped"},
    }
    run(AnsibleModule(argument_spec=arguments, supports_check_mode=True), handle)


if __name__ == "__main__":
    main()
